//! The full-text index of what is published: FTS5 on SQLite, tsvector on PostgreSQL.
//!
//! `terms` holds text already normalised by `domain::search`, so both engines only match words.

use sea_orm_migration::prelude::*;

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let statements: &[&str] = match manager.get_database_backend() {
            sea_orm::DatabaseBackend::Postgres => &[
                "CREATE TABLE passage (course text NOT NULL, chapter text NOT NULL, chapter_title text NOT NULL, \
                 section_title text NOT NULL, anchor text NOT NULL, body text NOT NULL, terms text NOT NULL, \
                 index tsvector GENERATED ALWAYS AS (to_tsvector('simple', terms)) STORED)",
                "CREATE INDEX passage_index ON passage USING gin (index)",
                "CREATE INDEX passage_by_course ON passage (course)",
            ],
            _ => &["CREATE VIRTUAL TABLE passage USING fts5(course UNINDEXED, chapter UNINDEXED, \
                    chapter_title UNINDEXED, section_title UNINDEXED, anchor UNINDEXED, body UNINDEXED, terms)"],
        };
        for statement in statements {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}
