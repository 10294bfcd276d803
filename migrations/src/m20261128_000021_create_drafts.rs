//! Courses being written: their sources, every save of them, who writes; and the sources of what is published.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, big_pk_auto, text, text_null};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let person = |table: &'static str, column: &'static str| {
            ForeignKey::create().from(table, column).to("person", "id").to_owned()
        };
        let tables = [
            Table::create()
                .table("course_source")
                .col(big_integer("version_id"))
                .col(text("path"))
                .col(text("digest"))
                .primary_key(Index::create().col("version_id").col("path"))
                .foreign_key(ForeignKey::create().from("course_source", "version_id").to("course_version", "id"))
                .foreign_key(ForeignKey::create().from("course_source", "digest").to("blob", "digest"))
                .to_owned(),
            Table::create()
                .table("draft")
                .col(text("course").primary_key())
                .col(big_integer_null("base"))
                .col(big_integer("created_at"))
                .col(big_integer("created_by"))
                .foreign_key(&mut person("draft", "created_by"))
                .to_owned(),
            Table::create()
                .table("draft_author")
                .col(text("course"))
                .col(big_integer("person_id"))
                .col(big_integer("added_at"))
                .col(big_integer("added_by"))
                .primary_key(Index::create().col("course").col("person_id"))
                .foreign_key(ForeignKey::create().from("draft_author", "course").to("draft", "course"))
                .foreign_key(&mut person("draft_author", "person_id"))
                .to_owned(),
            Table::create()
                .table("draft_save")
                .col(big_pk_auto("id"))
                .col(text("request"))
                .col(text("course"))
                .col(text("path"))
                .col(text_null("digest"))
                .col(big_integer("size"))
                .col(big_integer("saved_at"))
                .col(big_integer("saved_by"))
                .foreign_key(ForeignKey::create().from("draft_save", "course").to("draft", "course"))
                .foreign_key(ForeignKey::create().from("draft_save", "digest").to("blob", "digest"))
                .foreign_key(&mut person("draft_save", "saved_by"))
                .to_owned(),
            Table::create()
                .table("draft_file")
                .col(text("course"))
                .col(text("path"))
                .col(big_integer("save_id"))
                .primary_key(Index::create().col("course").col("path"))
                .foreign_key(ForeignKey::create().from("draft_file", "save_id").to("draft_save", "id"))
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        let history = Index::create()
            .name("draft_save_by_file")
            .table("draft_save")
            .col("course")
            .col("path")
            .col("id")
            .to_owned();
        manager.create_index(history).await?;
        let once = Index::create()
            .name("draft_save_once")
            .table("draft_save")
            .col("request")
            .col("course")
            .col("path")
            .unique()
            .to_owned();
        manager.create_index(once).await
    }
}
