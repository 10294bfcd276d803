//! What is played of recorded webinars, where one stopped, what is answered then, and captions that are mended.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean, integer, text};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [boolean("replay_counts").default(true), boolean("replay_quiz").default(false)] {
            manager.alter_table(Table::alter().table("webinar").add_column(column).to_owned()).await?;
        }
        let watch = Table::create()
            .table("replay_watch")
            .col(text("id").primary_key())
            .col(text("webinar_id"))
            .col(big_integer("person_id"))
            .col(big_integer("opened_at"))
            .foreign_key(ForeignKey::create().from("replay_watch", "webinar_id").to("webinar", "id"))
            .foreign_key(ForeignKey::create().from("replay_watch", "person_id").to("person", "id"))
            .to_owned();
        let piece = Table::create()
            .table("replay_piece")
            .col(text("id").primary_key())
            .col(text("watch_id"))
            .col(text("webinar_id"))
            .col(big_integer("person_id"))
            .col(big_integer("from_ms"))
            .col(big_integer("to_ms"))
            .col(big_integer("began_at"))
            .col(big_integer("ended_at"))
            .col(integer("speed"))
            .col(boolean("followed"))
            .foreign_key(ForeignKey::create().from("replay_piece", "watch_id").to("replay_watch", "id"))
            .foreign_key(ForeignKey::create().from("replay_piece", "person_id").to("person", "id"))
            .to_owned();
        let by_person = Index::create()
            .name("replay_piece_by_person")
            .table("replay_piece")
            .col("webinar_id")
            .col("person_id")
            .to_owned();
        let position = Table::create()
            .table("replay_position")
            .col(text("webinar_id"))
            .col(big_integer("person_id"))
            .col(big_integer("at_ms"))
            .col(big_integer("said_at"))
            .primary_key(Index::create().col("webinar_id").col("person_id"))
            .foreign_key(ForeignKey::create().from("replay_position", "webinar_id").to("webinar", "id"))
            .foreign_key(ForeignKey::create().from("replay_position", "person_id").to("person", "id"))
            .to_owned();
        let answer = Table::create()
            .table("replay_answer")
            .col(text("webinar_id"))
            .col(big_integer("person_id"))
            .col(big_integer("quiz"))
            .col(text("body"))
            .col(big_integer("at"))
            .primary_key(Index::create().col("webinar_id").col("person_id").col("quiz"))
            .foreign_key(ForeignKey::create().from("replay_answer", "webinar_id").to("webinar", "id"))
            .foreign_key(ForeignKey::create().from("replay_answer", "person_id").to("person", "id"))
            .to_owned();
        let correction = Table::create()
            .table("caption_correction")
            .col(text("id").primary_key())
            .col(text("webinar_id"))
            .col(big_integer("line"))
            .col(text("text"))
            .col(big_integer("by_id"))
            .col(big_integer("at"))
            .foreign_key(ForeignKey::create().from("caption_correction", "webinar_id").to("webinar", "id"))
            .foreign_key(ForeignKey::create().from("caption_correction", "by_id").to("person", "id"))
            .to_owned();
        for table in [watch, piece, position, answer, correction] {
            manager.create_table(table).await?;
        }
        manager.create_index(by_person).await
    }
}
