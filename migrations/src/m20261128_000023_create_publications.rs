//! Publications of courses: who published what and why, what was let stand, what is planned, what agents are told, what is
//! withdrawn; and the files brought in from elsewhere.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, boolean, text, text_null};

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
                .table("publication")
                .col(text("course"))
                .col(big_integer("number"))
                .col(text("request").unique_key())
                .col(text("note"))
                .col(big_integer_null("former"))
                .col(big_integer("by_id"))
                .col(big_integer("at"))
                .primary_key(Index::create().col("course").col("number"))
                .foreign_key(&mut person("publication", "by_id"))
                .to_owned(),
            Table::create()
                .table("waiver")
                .col(text("course"))
                .col(big_integer("number"))
                .col(text("key"))
                .col(text("said"))
                .col(text("reason"))
                .col(big_integer("by_id"))
                .col(big_integer("at"))
                .primary_key(Index::create().col("course").col("number").col("key"))
                .foreign_key(&mut person("waiver", "by_id"))
                .to_owned(),
            Table::create()
                .table("planned_publication")
                .col(text("course").primary_key())
                .col(text("request"))
                .col(big_integer("due_at"))
                .col(text("note"))
                .col(text("notice"))
                .col(boolean("by_mail"))
                .col(big_integer("by_id"))
                .col(big_integer("planned_at"))
                .col(big_integer_null("failed_at"))
                .col(text_null("failure"))
                .foreign_key(ForeignKey::create().from("planned_publication", "course").to("draft", "course"))
                .foreign_key(&mut person("planned_publication", "by_id"))
                .to_owned(),
            Table::create()
                .table("withdrawal")
                .col(text("course").primary_key())
                .col(text("reason"))
                .col(big_integer("by_id"))
                .col(big_integer("at"))
                .foreign_key(&mut person("withdrawal", "by_id"))
                .to_owned(),
            Table::create()
                .table("course_notice")
                .col(text("id").primary_key())
                .col(text("course"))
                .col(big_integer("number"))
                .col(text("body"))
                .col(big_integer("by_id"))
                .col(big_integer("at"))
                .foreign_key(&mut person("course_notice", "by_id"))
                .to_owned(),
            Table::create()
                .table("course_notice_reader")
                .col(big_integer("person_id"))
                .col(text("notice_id"))
                .col(text("chapters"))
                .col(big_integer_null("read_at"))
                .primary_key(Index::create().col("person_id").col("notice_id"))
                .foreign_key(&mut person("course_notice_reader", "person_id"))
                .foreign_key(ForeignKey::create().from("course_notice_reader", "notice_id").to("course_notice", "id"))
                .to_owned(),
            Table::create()
                .table("course_import")
                .col(text("id").primary_key())
                .col(text("file_name"))
                .col(text("course"))
                .col(text_null("path"))
                .col(text("section"))
                .col(text("skill"))
                .col(big_integer("author_id"))
                .col(big_integer("created_at"))
                .col(big_integer_null("applied_at"))
                .foreign_key(&mut person("course_import", "author_id"))
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        Ok(())
    }
}
