//! Cohorts: their days, who trains them, who is in them, the webinars and sessions that are theirs; by when their members
//! are to be done.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, integer, text, text_null};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("cohort")
                    .col(text("id").primary_key())
                    .col(text("course"))
                    .col(text("name"))
                    .col(text("from_on"))
                    .col(text("to_on"))
                    .col(integer("capacity"))
                    .col(big_integer("created_by"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("called_off_at"))
                    .col(text_null("called_off_why"))
                    .foreign_key(ForeignKey::create().from("cohort", "created_by").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("cohort_member")
                    .col(text("cohort_id"))
                    .col(big_integer("person_id"))
                    .col(text("course"))
                    .col(big_integer("added_by"))
                    .col(big_integer("added_at"))
                    .col(big_integer_null("left_at"))
                    .primary_key(Index::create().col("cohort_id").col("person_id"))
                    .foreign_key(ForeignKey::create().from("cohort_member", "cohort_id").to("cohort", "id"))
                    .foreign_key(ForeignKey::create().from("cohort_member", "person_id").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        for (table, column, of) in [
            ("cohort_webinar", text("webinar_id"), "webinar"),
            ("cohort_classroom", text("classroom_id"), "classroom"),
            ("cohort_trainer", big_integer("person_id"), "person"),
        ] {
            let theirs = format!("{of}_id");
            manager
                .create_table(
                    Table::create()
                        .table(table)
                        .col(text("cohort_id"))
                        .col(column)
                        .primary_key(Index::create().col("cohort_id").col(theirs.clone()))
                        .foreign_key(ForeignKey::create().from(table, "cohort_id").to("cohort", "id"))
                        .foreign_key(ForeignKey::create().from(table, theirs).to(of, "id"))
                        .to_owned(),
                )
                .await?;
        }
        for column in [text_null("cohort_id"), big_integer_null("due_at")] {
            let table = Table::alter().table("enrolment").add_column(column).to_owned();
            manager.alter_table(table).await?;
        }
        let about = Table::alter().table("import").add_column(text_null("cohort_id")).to_owned();
        manager.alter_table(about).await?;
        for index in [
            // An agent is in one cohort of a course at a time.
            "CREATE UNIQUE INDEX cohort_member_at_a_time ON cohort_member (course, person_id) WHERE left_at IS NULL",
            "CREATE INDEX cohort_member_by_person ON cohort_member (person_id)",
            "CREATE INDEX cohort_by_course ON cohort (course, to_on)",
            "CREATE INDEX enrolment_by_cohort ON enrolment (cohort_id, name, person_id)",
        ] {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}
