//! Where a person was seen, in the order of time: what their proof file asks for.

use sea_orm_migration::prelude::*;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut seen = Index::create();
        seen.name("presence_interval_of_person").table("presence_interval").col("person_id").col("from_at");
        manager.create_index(seen).await
    }
}
