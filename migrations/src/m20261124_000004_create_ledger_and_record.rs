//! The append-only ledger of facts, and the record folded from it.

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
                    .table("fact")
                    .col(big_integer("person_id"))
                    .col(big_integer("seq"))
                    .col(big_integer("at"))
                    .col(big_integer_null("author_id"))
                    .col(text("body"))
                    .col(text("hash"))
                    .primary_key(Index::create().col("person_id").col("seq"))
                    .foreign_key(ForeignKey::create().from("fact", "person_id").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("record")
                    .col(big_integer("person_id").primary_key())
                    .col(big_integer("seq"))
                    .col(text("hash"))
                    .col(text("body"))
                    .foreign_key(ForeignKey::create().from("record", "person_id").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("course_standing")
                    .col(text("course"))
                    .col(big_integer("person_id"))
                    .col(big_integer("chapters"))
                    .col(big_integer("minutes"))
                    .col(big_integer("last_at"))
                    .primary_key(Index::create().col("course").col("person_id"))
                    .foreign_key(ForeignKey::create().from("course_standing", "person_id").to("person", "id"))
                    .to_owned(),
            )
            .await
    }
}
