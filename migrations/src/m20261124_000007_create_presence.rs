//! Who was seen when at a webinar, what its closing goes by, and what webinars are led with.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, integer, text};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("presence_interval")
                    .col(text("id").primary_key())
                    .col(text("webinar_id"))
                    .col(big_integer("person_id"))
                    .col(text("tab"))
                    .col(big_integer("from_at"))
                    .col(big_integer("to_at"))
                    .col(big_integer_null("beside_id"))
                    .foreign_key(ForeignKey::create().from("presence_interval", "webinar_id").to("webinar", "id"))
                    .foreign_key(ForeignKey::create().from("presence_interval", "person_id").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("presence_interval_by_person")
                    .table("presence_interval")
                    .col("webinar_id")
                    .col("person_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("presence_closing")
                    .col(text("webinar_id").primary_key())
                    .col(text("live"))
                    .col(big_integer("closed_at"))
                    .col(big_integer_null("done_at"))
                    .foreign_key(ForeignKey::create().from("presence_closing", "webinar_id").to("webinar", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("webinar_kit")
                    .col(text("slug"))
                    .col(integer("version"))
                    .col(text("body"))
                    .col(big_integer("published_at"))
                    .primary_key(Index::create().col("slug").col("version"))
                    .to_owned(),
            )
            .await
    }
}
