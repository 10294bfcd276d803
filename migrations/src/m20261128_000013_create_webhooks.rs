//! Webhooks: where other systems are told of what happens, and each message to deliver there.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, integer, integer_null, text, text_null};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("webhook")
                    .col(text("id").primary_key())
                    .col(text("url"))
                    .col(text("kinds"))
                    .col(text("secret"))
                    .col(big_integer("created_by"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("disabled_at"))
                    .foreign_key(ForeignKey::create().from("webhook", "created_by").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("webhook_delivery")
                    .col(text("id").primary_key())
                    .col(text("webhook_id"))
                    .col(text("kind"))
                    .col(text("body"))
                    .col(big_integer("created_at"))
                    .col(big_integer("send_after"))
                    .col(integer("attempts"))
                    .col(big_integer_null("delivered_at"))
                    .col(big_integer_null("given_up_at"))
                    .col(integer_null("status"))
                    .col(text_null("failure"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("webhook_delivery", "webhook_id")
                            .to("webhook", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        let latest = Index::create()
            .name("webhook_delivery_latest")
            .table("webhook_delivery")
            .col("webhook_id")
            .col("created_at")
            .to_owned();
        manager.create_index(latest).await?;
        let due = "CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook_id, send_after, created_at) \
                   WHERE delivered_at IS NULL AND given_up_at IS NULL";
        manager.get_connection().execute_unprepared(due).await.map(drop)
    }
}
