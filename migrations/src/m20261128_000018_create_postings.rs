//! Where people work, from which day on: moves, leaves and returns.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, boolean, text, text_null};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("posting")
                    .col(text("id").primary_key())
                    .col(big_integer("person_id"))
                    .col(text("from_on"))
                    .col(text("state"))
                    .col(big_integer_null("maison_id"))
                    .col(text("reason"))
                    .col(big_integer("by_id"))
                    .col(big_integer("at"))
                    .col(boolean("settled"))
                    .foreign_key(ForeignKey::create().from("posting", "person_id").to("person", "id"))
                    .foreign_key(ForeignKey::create().from("posting", "maison_id").to("maison", "id"))
                    .to_owned(),
            )
            .await?;
        for (name, columns) in
            [("posting_by_person", ["person_id", "at"]), ("posting_to_settle", ["settled", "from_on"])]
        {
            let [first, second] = columns;
            let index = Index::create().name(name).table("posting").col(first).col(second).to_owned();
            manager.create_index(index).await?;
        }
        let away = Table::alter().table("person").add_column(text_null("away")).to_owned();
        manager.alter_table(away).await
    }
}
