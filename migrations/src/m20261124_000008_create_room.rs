//! The log of each webinar's room.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, text, text_null};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("webinar_change")
                    .col(text("webinar_id"))
                    .col(big_integer("seq"))
                    .col(big_integer("at"))
                    .col(text_null("act"))
                    .col(text("body"))
                    .primary_key(Index::create().col("webinar_id").col("seq"))
                    .foreign_key(ForeignKey::create().from("webinar_change", "webinar_id").to("webinar", "id"))
                    .to_owned(),
            )
            .await
    }
}
