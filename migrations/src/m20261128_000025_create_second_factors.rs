//! A second factor: the key of a code generator, codes for the day it is lost, and which sessions have shown one.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, boolean, text};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("second_factor")
                    .col(big_integer("person_id").primary_key())
                    .col(text("secret"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("confirmed_at"))
                    .col(big_integer("last_step"))
                    .foreign_key(ForeignKey::create().from("second_factor", "person_id").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("recovery_code")
                    .col(big_integer("person_id"))
                    .col(text("code_hash"))
                    .col(big_integer_null("used_at"))
                    .primary_key(Index::create().col("person_id").col("code_hash"))
                    .foreign_key(ForeignKey::create().from("recovery_code", "person_id").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        // SQLite adds one column at a time.
        let pending = Table::alter().table("session").add_column(boolean("pending").default(false)).to_owned();
        manager.alter_table(pending).await?;
        let proved = Table::alter().table("session").add_column(big_integer_null("proved_at")).to_owned();
        manager.alter_table(proved).await
    }
}
