//! Sessions face to face: who leads them, their half days, their roster, and what stands on each half day's sheet.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, boolean_null, text};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("classroom")
                    .col(text("id").primary_key())
                    .col(text("pathway"))
                    .col(text("component"))
                    .col(text("course"))
                    .col(text("place"))
                    .col(big_integer("created_by"))
                    .col(big_integer("created_at"))
                    .foreign_key(ForeignKey::create().from("classroom", "created_by").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("classroom_half_day")
                    .col(text("classroom_id"))
                    .col(text("half_day"))
                    .col(text("secret"))
                    .col(big_integer_null("closed_at"))
                    .col(big_integer_null("closed_by"))
                    .primary_key(Index::create().col("classroom_id").col("half_day"))
                    .foreign_key(ForeignKey::create().from("classroom_half_day", "classroom_id").to("classroom", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("classroom_roster")
                    .col(text("classroom_id"))
                    .col(big_integer("person_id"))
                    .col(big_integer("added_at"))
                    .primary_key(Index::create().col("classroom_id").col("person_id"))
                    .foreign_key(ForeignKey::create().from("classroom_roster", "classroom_id").to("classroom", "id"))
                    .foreign_key(ForeignKey::create().from("classroom_roster", "person_id").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("classroom_mark")
                    .col(text("classroom_id"))
                    .col(text("half_day"))
                    .col(big_integer("person_id"))
                    .col(big_integer_null("signed_at"))
                    .col(boolean_null("said"))
                    .col(big_integer_null("said_by"))
                    .primary_key(Index::create().col("classroom_id").col("half_day").col("person_id"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("classroom_mark", ("classroom_id", "person_id"))
                            .to("classroom_roster", ("classroom_id", "person_id")),
                    )
                    .to_owned(),
            )
            .await?;
        let by_person = "CREATE INDEX classroom_roster_by_person ON classroom_roster (person_id)";
        manager.get_connection().execute_unprepared(by_person).await.map(drop)
    }
}
