//! Accounts of one person made one: which was folded into which, by whom.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, text_uniq};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("merge")
                    .col(big_integer("person_id").primary_key())
                    .col(big_integer("into_id"))
                    .col(text_uniq("key"))
                    .col(big_integer("by_id"))
                    .col(big_integer("at"))
                    .col(big_integer("facts"))
                    .foreign_key(ForeignKey::create().from("merge", "person_id").to("person", "id"))
                    .foreign_key(ForeignKey::create().from("merge", "into_id").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(Index::create().name("merge_by_into").table("merge").col("into_id").to_owned()).await
    }
}
