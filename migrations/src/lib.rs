//! The ordered list of migrations. A file that has landed is never edited: add the next one.
//!
//! Conventions: instants are `*_at` columns holding milliseconds since 1970 (UTC) as big integers;
//! identifiers made outside the database (UUID, digests) are text; JSON is text.

use sea_orm_migration::prelude::*;

mod m20261124_000001_create_people_and_places;
mod m20261124_000002_create_courses;
mod m20261124_000003_create_reading_and_attempts;
mod m20261124_000004_create_ledger_and_record;
mod m20261124_000005_create_search;
mod m20261124_000006_create_webinars;
mod m20261124_000007_create_presence;
mod m20261124_000008_create_room;
mod m20261124_000009_create_pathways_and_certificates;
mod m20261124_000010_create_follow_up;
mod m20261124_000011_create_classrooms;
mod m20261128_000012_create_tokens;
mod m20261128_000013_create_webhooks;
mod m20261128_000014_create_statements;
mod m20261128_000015_create_audit_and_retention;
mod m20261128_000017_create_merges;
mod m20261128_000018_create_postings;
mod m20261128_000019_find_where_a_person_was_seen;
mod m20261128_000020_create_cohorts;
mod m20261128_000021_create_drafts;
mod m20261128_000023_create_publications;
mod m20261128_000024_create_uploads;
mod m20261128_000025_create_second_factors;
mod m20261128_000026_create_recordings;
mod m20261128_000027_create_replays;
mod m20261129_000028_create_federated_identities;
mod m20261129_000029_create_webinar_leases;
mod m20261129_000030_create_passkeys;

/// Runs what a database still lacks, in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261124_000001_create_people_and_places::Migration),
            Box::new(m20261124_000002_create_courses::Migration),
            Box::new(m20261124_000003_create_reading_and_attempts::Migration),
            Box::new(m20261124_000004_create_ledger_and_record::Migration),
            Box::new(m20261124_000005_create_search::Migration),
            Box::new(m20261124_000006_create_webinars::Migration),
            Box::new(m20261124_000007_create_presence::Migration),
            Box::new(m20261124_000008_create_room::Migration),
            Box::new(m20261124_000009_create_pathways_and_certificates::Migration),
            Box::new(m20261124_000010_create_follow_up::Migration),
            Box::new(m20261124_000011_create_classrooms::Migration),
            Box::new(m20261128_000012_create_tokens::Migration),
            Box::new(m20261128_000013_create_webhooks::Migration),
            Box::new(m20261128_000014_create_statements::Migration),
            Box::new(m20261128_000015_create_audit_and_retention::Migration),
            Box::new(m20261128_000017_create_merges::Migration),
            Box::new(m20261128_000018_create_postings::Migration),
            Box::new(m20261128_000019_find_where_a_person_was_seen::Migration),
            Box::new(m20261128_000020_create_cohorts::Migration),
            Box::new(m20261128_000021_create_drafts::Migration),
            Box::new(m20261128_000023_create_publications::Migration),
            Box::new(m20261128_000024_create_uploads::Migration),
            Box::new(m20261128_000025_create_second_factors::Migration),
            Box::new(m20261128_000026_create_recordings::Migration),
            Box::new(m20261128_000027_create_replays::Migration),
            Box::new(m20261129_000028_create_federated_identities::Migration),
            Box::new(m20261129_000029_create_webinar_leases::Migration),
            Box::new(m20261129_000030_create_passkeys::Migration),
        ]
    }
}
