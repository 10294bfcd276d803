//! Courses as published: immutable versions and their files.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_pk_auto, blob, text};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("course_version")
                    .col(big_pk_auto("id"))
                    .col(text("course"))
                    .col(big_integer("number"))
                    .col(text("title"))
                    .col(text("digest"))
                    .col(text("body"))
                    .col(big_integer("published_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("course_version_by_number")
                    .table("course_version")
                    .col("course")
                    .col("number")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(Table::create().table("blob").col(text("digest").primary_key()).col(blob("bytes")).to_owned())
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("course_file")
                    .col(big_integer("version_id"))
                    .col(text("path"))
                    .col(text("digest"))
                    .col(big_integer("size"))
                    .primary_key(Index::create().col("version_id").col("path"))
                    .foreign_key(ForeignKey::create().from("course_file", "version_id").to("course_version", "id"))
                    .foreign_key(ForeignKey::create().from("course_file", "digest").to("blob", "digest"))
                    .to_owned(),
            )
            .await
    }
}
