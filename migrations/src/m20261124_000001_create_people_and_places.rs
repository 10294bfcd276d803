//! People, the maisons they work in, what they may do, and how they sign in.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, big_pk_auto, boolean, text, text_null, text_uniq};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("maison")
                    .col(big_pk_auto("id"))
                    .col(text("name"))
                    .col(text("commune"))
                    .col(text("departement"))
                    .col(text_null("siret").unique_key())
                    .col(text_null("labelled_on"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("person")
                    .col(big_pk_auto("id"))
                    .col(text_uniq("email"))
                    .col(text("first_name"))
                    .col(text("last_name"))
                    .col(big_integer_null("maison_id"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("suspended_at"))
                    .col(boolean("demonstration").default(false))
                    .col(big_integer("extra_time").default(0))
                    .foreign_key(ForeignKey::create().from("person", "maison_id").to("maison", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("person_by_name").table("person").col("last_name").col("first_name").to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("role_grant")
                    .col(big_integer("person_id"))
                    .col(text("role"))
                    .col(text("scope"))
                    .primary_key(Index::create().col("person_id").col("role").col("scope"))
                    .foreign_key(ForeignKey::create().from("role_grant", "person_id").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("credential")
                    .col(big_integer("person_id").primary_key())
                    .col(text("password_hash"))
                    .col(big_integer("changed_at"))
                    .foreign_key(ForeignKey::create().from("credential", "person_id").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("invitation")
                    .col(text("token_hash").primary_key())
                    .col(big_integer("person_id"))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .col(big_integer_null("used_at"))
                    .foreign_key(ForeignKey::create().from("invitation", "person_id").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("session")
                    .col(text("token_hash").primary_key())
                    .col(big_integer("person_id"))
                    .col(big_integer("created_at"))
                    .col(big_integer("seen_at"))
                    .foreign_key(ForeignKey::create().from("session", "person_id").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("session_by_person").table("session").col("person_id").to_owned())
            .await
    }
}
