//! The tokens of other systems: what each opens, until when, and the hash of its secret; and what these systems list by.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, text};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("token")
                    .col(text("id").primary_key())
                    .col(text("name"))
                    .col(text("secret_hash"))
                    .col(text("scopes"))
                    .col(big_integer_null("created_by"))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .col(big_integer_null("revoked_at"))
                    .col(big_integer_null("used_at"))
                    .foreign_key(ForeignKey::create().from("token", "created_by").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        let updated = Table::alter().table("record").add_column(big_integer("updated_at").default(0)).to_owned();
        manager.alter_table(updated).await?;
        let known = "UPDATE record SET updated_at = COALESCE((SELECT at FROM fact WHERE fact.person_id = record.person_id \
                     AND fact.seq = record.seq), 0)";
        manager.get_connection().execute_unprepared(known).await?;
        for (name, table, columns) in [
            ("record_by_update", "record", ["updated_at", "person_id"]),
            ("enrolment_by_person", "enrolment", ["person_id", "course"]),
            ("certificate_by_issue", "certificate", ["issued_at", "number"]),
        ] {
            let [first, second] = columns;
            let index = Index::create().name(name).table(table).col(first).col(second).to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
