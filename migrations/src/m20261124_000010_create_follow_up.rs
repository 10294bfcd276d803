//! Where each agent stands in each course, summed up with each fact; files to import; mails not to repeat.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, boolean, integer, text, text_null};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        summaries(manager).await?;
        manager
            .create_table(
                Table::create()
                    .table("import")
                    .col(text("id").primary_key())
                    .col(big_integer("author_id"))
                    .col(text("kind"))
                    .col(text("file_name"))
                    .col(text("body"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("applied_at"))
                    .col(text_null("outcome"))
                    .foreign_key(ForeignKey::create().from("import", "author_id").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("notice")
                    .col(big_integer("person_id"))
                    .col(text("kind"))
                    .col(big_integer("at"))
                    .primary_key(Index::create().col("person_id").col("kind"))
                    .foreign_key(ForeignKey::create().from("notice", "person_id").to("person", "id"))
                    .to_owned(),
            )
            .await
    }
}

async fn summaries(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // What it held is in the enrolment, made again from the records at the next start.
    manager.drop_table(Table::drop().table("course_standing").to_owned()).await?;
    manager
        .create_table(Table::create().table("syllabus").col(text("course").primary_key()).col(text("body")).to_owned())
        .await?;
    manager
        .create_table(
            Table::create()
                .table("enrolment")
                .col(text("course"))
                .col(big_integer("person_id"))
                .col(integer("active"))
                .col(big_integer_null("maison_id"))
                .col(text("departement"))
                .col(text("name"))
                .col(text("search"))
                .col(big_integer("enrolled_at"))
                .col(boolean("stale"))
                .col(integer("begun").default(0))
                .col(integer("chapters").default(0))
                .col(integer("minutes").default(0))
                .col(integer("minutes_live").default(0))
                .col(integer("webinars").default(0))
                .col(integer("webinars_met").default(0))
                .col(big_integer_null("mooc_at"))
                .col(big_integer_null("webinar_at"))
                .col(big_integer_null("done_at"))
                .col(text_null("done_on"))
                .col(big_integer("last_at").default(0))
                .primary_key(Index::create().col("course").col("person_id"))
                .foreign_key(ForeignKey::create().from("enrolment", "person_id").to("person", "id"))
                .to_owned(),
        )
        .await?;
    if manager.get_database_backend() == sea_orm::DatabaseBackend::Postgres {
        // The same order on both databases, whatever the server's language.
        let order = "ALTER TABLE enrolment ALTER COLUMN name TYPE text COLLATE \"C\"";
        manager.get_connection().execute_unprepared(order).await?;
    }
    manager
        .create_table(
            Table::create()
                .table("chapter_standing")
                .col(text("course"))
                .col(big_integer("person_id"))
                .col(text("chapter"))
                .col(integer("attempts"))
                .col(integer("passed"))
                .col(integer("best"))
                .primary_key(Index::create().col("course").col("person_id").col("chapter"))
                .foreign_key(ForeignKey::create().from("chapter_standing", "person_id").to("person", "id"))
                .to_owned(),
        )
        .await?;
    for (name, table, columns) in [
        ("enrolment_by_name", "enrolment", &["course", "name", "person_id"][..]),
        ("enrolment_by_departement", "enrolment", &["course", "departement", "name", "person_id"]),
        ("enrolment_by_maison", "enrolment", &["course", "maison_id", "name", "person_id"]),
        ("chapter_standing_whole", "chapter_standing", &["course", "chapter", "attempts", "passed", "best"]),
        ("person_by_maison", "person", &["maison_id"]),
        ("maison_by_departement", "maison", &["departement", "name"]),
    ] {
        let mut index = Index::create();
        index.name(name).table(table);
        for column in columns {
            index.col(*column);
        }
        manager.create_index(index.take()).await?;
    }
    Ok(())
}
