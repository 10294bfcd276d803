//! What a provider of identity (ProConnect) calls people, and the token by which a session is ended there too.

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
                    .table("federated_identity")
                    .col(text("issuer"))
                    .col(text("subject"))
                    .col(big_integer("person_id"))
                    .col(text_null("siret"))
                    .col(big_integer("linked_at"))
                    .col(big_integer("used_at"))
                    .primary_key(Index::create().col("issuer").col("subject"))
                    .foreign_key(ForeignKey::create().from("federated_identity", "person_id").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        let by_person = Index::create()
            .name("federated_identity_by_person")
            .table("federated_identity")
            .col("person_id")
            .to_owned();
        manager.create_index(by_person).await?;
        let token = Table::alter().table("session").add_column(text_null("id_token")).to_owned();
        manager.alter_table(token).await
    }
}
