//! Statements of xAPI, what they are found by, what is attached to them; documents kept for other systems.
//!
//! The statement of a fact is a line without a body: it is made from the fact when it is read. Facts from before are
//! in `statement_backlog`, for a job to go through. Identifiers are bytes here: there are millions of them.

use sea_orm::DatabaseBackend;
use sea_orm_migration::prelude::*;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DatabaseBackend::Postgres;
        // On SQLite every index ends with the place of the row, and a table without it is its own index.
        let (place, bytes, seq, alone) = if postgres {
            ("bigserial PRIMARY KEY", "bytea", ", seq", "")
        } else {
            ("integer PRIMARY KEY NOT NULL", "blob", "", " WITHOUT ROWID")
        };
        for statement in [
            format!(
                "CREATE TABLE statement (seq {place}, stored_at bigint NOT NULL, verb bigint NOT NULL, activity bigint, \
                 person_id bigint, fact_seq bigint, size bigint NOT NULL, voided boolean NOT NULL, \
                 voids boolean NOT NULL, id {bytes} NOT NULL UNIQUE, body text)"
            ),
            "CREATE INDEX statement_by_time ON statement (stored_at)".to_owned(),
            format!("CREATE INDEX statement_by_verb ON statement (verb{seq})"),
            format!("CREATE INDEX statement_by_activity ON statement (activity{seq})"),
            format!(
                "CREATE TABLE statement_trait (trait bigint NOT NULL, seq bigint NOT NULL, broad boolean NOT NULL, \
                 PRIMARY KEY (trait, seq)){alone}"
            ),
            format!(
                "CREATE TABLE statement_target (target {bytes} NOT NULL, referrer bigint NOT NULL, \
                 PRIMARY KEY (target, referrer)){alone}"
            ),
            format!(
                "CREATE TABLE statement_reach (referrer bigint NOT NULL, reached bigint NOT NULL, \
                 PRIMARY KEY (referrer, reached)){alone}"
            ),
            "CREATE INDEX statement_reach_back ON statement_reach (reached)".to_owned(),
            "CREATE TABLE statement_backlog (person_id bigint PRIMARY KEY NOT NULL, done bigint NOT NULL, \
             last bigint NOT NULL)"
                .to_owned(),
            "INSERT INTO statement_backlog (person_id, done, last) SELECT person_id, 0, seq FROM record WHERE seq > 0"
                .to_owned(),
            format!("CREATE TABLE attachment (sha2 text PRIMARY KEY NOT NULL, content {bytes} NOT NULL)"),
            "CREATE TABLE activity_definition (activity bigint PRIMARY KEY NOT NULL, body text NOT NULL)".to_owned(),
            format!(
                "CREATE TABLE document (id text PRIMARY KEY NOT NULL, place text NOT NULL, activity text, agent text, \
                 registration text, name text NOT NULL, content_type text NOT NULL, tag text NOT NULL, \
                 updated_at bigint NOT NULL, content {bytes} NOT NULL)"
            ),
            "CREATE INDEX document_by_place ON document (place)".to_owned(),
        ] {
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }
}
