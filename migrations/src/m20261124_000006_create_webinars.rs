//! Webinars, who leads them, who is registered, and the mails that tell of it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, integer, text, text_null, text_uniq};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("webinar")
                    .col(text("id").primary_key())
                    .col(text("course"))
                    .col(text_null("kit"))
                    .col(text("title"))
                    .col(text("description"))
                    .col(big_integer("starts_at"))
                    .col(integer("minutes"))
                    .col(integer("capacity"))
                    .col(integer("threshold"))
                    .col(text("audience"))
                    .col(big_integer("created_by"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("live_at"))
                    .col(big_integer_null("closed_at"))
                    .col(big_integer_null("cancelled_at"))
                    .col(text_null("cancelled_why"))
                    .col(integer("sequence").default(0))
                    .foreign_key(ForeignKey::create().from("webinar", "created_by").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(Index::create().name("webinar_by_start").table("webinar").col("starts_at").to_owned())
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("webinar_trainer")
                    .col(text("webinar_id"))
                    .col(big_integer("person_id"))
                    .primary_key(Index::create().col("webinar_id").col("person_id"))
                    .foreign_key(ForeignKey::create().from("webinar_trainer", "webinar_id").to("webinar", "id"))
                    .foreign_key(ForeignKey::create().from("webinar_trainer", "person_id").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("webinar_registration")
                    .col(text("webinar_id"))
                    .col(big_integer("person_id"))
                    .col(big_integer("at"))
                    .col(text("status"))
                    .primary_key(Index::create().col("webinar_id").col("person_id"))
                    .foreign_key(ForeignKey::create().from("webinar_registration", "webinar_id").to("webinar", "id"))
                    .foreign_key(ForeignKey::create().from("webinar_registration", "person_id").to("person", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("webinar_registration_by_person")
                    .table("webinar_registration")
                    .col("person_id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("mail")
                    .col(text("id").primary_key())
                    .col(text_uniq("key"))
                    .col(text("to_address"))
                    .col(text("to_name"))
                    .col(text("subject"))
                    .col(text("body"))
                    .col(text_null("calendar"))
                    .col(text_null("calendar_method"))
                    .col(big_integer("created_at"))
                    .col(big_integer("send_after"))
                    .col(big_integer_null("send_before"))
                    .col(big_integer_null("claimed_at"))
                    .col(big_integer_null("sent_at"))
                    .col(big_integer_null("given_up_at"))
                    .col(integer("attempts").default(0))
                    .col(text_null("failure"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("mail_to_send")
                    .table("mail")
                    .col("sent_at")
                    .col("given_up_at")
                    .col("send_after")
                    .to_owned(),
            )
            .await
    }
}
