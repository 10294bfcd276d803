//! Files on their way in, piece by piece: their bytes are in the data folder.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, text};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let upload = Table::create()
            .table("upload")
            .col(text("id").primary_key())
            .col(big_integer("person_id"))
            .col(text("course"))
            .col(text("name"))
            .col(big_integer("size"))
            .col(big_integer("received"))
            .col(big_integer("expires_at"))
            .foreign_key(ForeignKey::create().from("upload", "person_id").to("person", "id"))
            .to_owned();
        manager.create_table(upload).await?;
        let whose = Index::create().name("upload_by_person").table("upload").col("person_id").to_owned();
        manager.create_index(whose).await
    }
}
