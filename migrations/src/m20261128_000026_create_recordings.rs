//! Recordings of webinars: whether one is made, for how long it is kept, and what became of it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, boolean, integer, text, text_null};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [boolean("recorded").default(false), integer("recording_days").default(365)] {
            manager.alter_table(Table::alter().table("webinar").add_column(column).to_owned()).await?;
        }
        let recording = Table::create()
            .table("recording")
            .col(text("webinar").primary_key())
            .col(text("state"))
            .col(big_integer("started_at"))
            .col(big_integer("length"))
            .col(big_integer("bytes"))
            .col(boolean("has_camera"))
            .col(text("kept_until"))
            .col(text_null("why"))
            .col(big_integer_null("removed_at"))
            .foreign_key(ForeignKey::create().from("recording", "webinar").to("webinar", "id"))
            .to_owned();
        manager.create_table(recording).await
    }
}
