//! Pathways as published, certificates, the keys that sign them, which rules were applied to everybody, and what agents
//! dispute of their records.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, integer, text, text_null};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("pathway")
                    .col(text("slug"))
                    .col(integer("version"))
                    .col(text("body"))
                    .col(big_integer("published_at"))
                    .primary_key(Index::create().col("slug").col("version"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("signing_key")
                    .col(big_integer("place").primary_key())
                    .col(text("name"))
                    .col(text("public"))
                    .col(text("secret"))
                    .col(big_integer("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("certificate")
                    .col(text("number").primary_key())
                    .col(big_integer("person_id"))
                    .col(text("pathway"))
                    .col(text("award"))
                    .col(text("body"))
                    .col(text("signature"))
                    .col(text("key"))
                    .col(big_integer("issued_at"))
                    .col(big_integer_null("withdrawn_at"))
                    .foreign_key(ForeignKey::create().from("certificate", "person_id").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("rules_applied")
                    .col(text("rules").primary_key())
                    .col(big_integer("done_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("dispute")
                    .col(big_integer("person_id"))
                    .col(big_integer("seq"))
                    .col(text("course"))
                    .col(text("said"))
                    .col(big_integer("at"))
                    .col(text_null("answer"))
                    .col(big_integer_null("answered_by"))
                    .col(big_integer_null("answered_at"))
                    .primary_key(Index::create().col("person_id").col("seq"))
                    .foreign_key(ForeignKey::create().from("dispute", "person_id").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("certificate_by_person")
                    .table("certificate")
                    .col("person_id")
                    .col("issued_at")
                    .to_owned(),
            )
            .await?;
        // One in force for a person and an award, whatever the code believes.
        let once = "CREATE UNIQUE INDEX certificate_in_force ON certificate (person_id, pathway, award) \
                    WHERE withdrawn_at IS NULL";
        manager.get_connection().execute_unprepared(once).await.map(drop)
    }
}
