//! What an agent has read, where they stopped, and their attempts at quizzes.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, text};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("section_read")
                    .col(big_integer("person_id"))
                    .col(text("course"))
                    .col(text("chapter"))
                    .col(text("section"))
                    .col(big_integer("read_at"))
                    .primary_key(Index::create().col("person_id").col("course").col("chapter").col("section"))
                    .foreign_key(ForeignKey::create().from("section_read", "person_id").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("reading_position")
                    .col(big_integer("person_id"))
                    .col(text("course"))
                    .col(text("chapter"))
                    .col(text("anchor"))
                    .col(big_integer("saved_at"))
                    .primary_key(Index::create().col("person_id").col("course"))
                    .foreign_key(ForeignKey::create().from("reading_position", "person_id").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("attempt")
                    .col(text("id").primary_key())
                    .col(big_integer("person_id"))
                    .col(big_integer("version_id"))
                    .col(text("course"))
                    .col(text("chapter"))
                    .col(big_integer("number"))
                    .col(big_integer("seed"))
                    .col(text("questions"))
                    .col(big_integer("started_at"))
                    .col(big_integer_null("deadline_at"))
                    .col(big_integer_null("handed_in_at"))
                    .col(big_integer_null("earned"))
                    .col(big_integer_null("max"))
                    .foreign_key(ForeignKey::create().from("attempt", "person_id").to("person", "id"))
                    .foreign_key(ForeignKey::create().from("attempt", "version_id").to("course_version", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("attempt_by_number")
                    .table("attempt")
                    .col("person_id")
                    .col("course")
                    .col("chapter")
                    .col("number")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("answer")
                    .col(text("attempt_id"))
                    .col(text("question"))
                    .col(text("saying_id"))
                    .col(big_integer("revision"))
                    .col(text("body"))
                    .col(big_integer("received_at"))
                    .primary_key(Index::create().col("attempt_id").col("question"))
                    .foreign_key(ForeignKey::create().from("answer", "attempt_id").to("attempt", "id"))
                    .to_owned(),
            )
            .await
    }
}
