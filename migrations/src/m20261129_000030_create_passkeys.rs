//! Passkeys, and what their authenticators are asked to sign.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, big_pk_auto, text};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("passkey")
                    .col(big_pk_auto("id"))
                    .col(big_integer("person_id"))
                    .col(text("handle"))
                    .col(text("credential_id").unique_key())
                    .col(text("credential"))
                    .col(text("name"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("used_at"))
                    .foreign_key(ForeignKey::create().from("passkey", "person_id").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        let by_person = Index::create().name("passkey_by_person").table("passkey").col("person_id").to_owned();
        manager.create_index(by_person).await?;
        manager
            .create_table(
                Table::create()
                    .table("passkey_challenge")
                    .col(text("id").primary_key())
                    .col(text("holder"))
                    .col(text("ceremony"))
                    .col(text("state"))
                    .col(big_integer("expires_at"))
                    .to_owned(),
            )
            .await?;
        let oldest = Index::create()
            .name("passkey_challenge_by_age")
            .table("passkey_challenge")
            .col("ceremony")
            .col("expires_at")
            .to_owned();
        manager.create_index(oldest).await
    }
}
