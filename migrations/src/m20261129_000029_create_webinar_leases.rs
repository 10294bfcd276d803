//! Which node the room of a webinar is on, and until when, where several serve one database.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, text};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let lease = Table::create()
            .table("webinar_lease")
            .col(text("webinar").primary_key())
            .col(text("node"))
            .col(big_integer("epoch"))
            .col(big_integer("until_at"))
            .foreign_key(ForeignKey::create().from("webinar_lease", "webinar").to("webinar", "id"))
            .to_owned();
        manager.create_table(lease).await
    }
}
