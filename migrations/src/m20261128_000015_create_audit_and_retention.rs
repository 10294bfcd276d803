//! Who looked at or changed whose record, what each night took away, and when an account was last used and was erased.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, text};

#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["seen_at", "warned_at", "erased_at", "proof_from"] {
            manager.alter_table(Table::alter().table("person").add_column(big_integer_null(column)).to_owned()).await?;
        }
        let (now, keep) = match manager.get_database_backend() {
            sea_orm::DatabaseBackend::Postgres => {
                ("CAST(EXTRACT(EPOCH FROM now()) * 1000 AS bigint)", &ON_POSTGRES[..])
            }
            _ => ("CAST(strftime('%s', 'now') AS integer) * 1000", &ON_SQLITE[..]),
        };
        let db = manager.get_connection();
        // Nobody knows when they were last used: the term begins now, and nobody is surprised.
        db.execute_unprepared(&format!("UPDATE person SET seen_at = {now}")).await?;
        manager
            .create_table(
                Table::create()
                    .table("audit")
                    .col(big_integer("seq").primary_key())
                    .col(big_integer("at"))
                    .col(big_integer_null("actor_id"))
                    .col(text("role"))
                    .col(big_integer_null("subject_id"))
                    .col(text("deed"))
                    .col(text("page"))
                    .col(text("path"))
                    .col(text("hash"))
                    .to_owned(),
            )
            .await?;
        for (name, column) in
            [("audit_by_subject", "subject_id"), ("audit_by_actor", "actor_id"), ("audit_by_day", "at")]
        {
            manager.create_index(Index::create().name(name).table("audit").col(column).col("seq").to_owned()).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("audit_chain")
                    .col(big_integer("id").primary_key())
                    .col(big_integer("origin_seq"))
                    .col(text("origin_hash"))
                    .col(big_integer("head_seq"))
                    .col(text("head_hash"))
                    .to_owned(),
            )
            .await?;
        let zero = "0".repeat(64);
        db.execute_unprepared(&format!("INSERT INTO audit_chain VALUES (1, 0, '{zero}', 0, '{zero}')")).await?;
        manager
            .create_table(
                Table::create()
                    .table("retention_night")
                    .col(text("night").primary_key())
                    .col(big_integer("begun_at"))
                    .col(big_integer_null("done_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("retention_line")
                    .col(text("night"))
                    .col(text("class"))
                    .col(big_integer("gone"))
                    .primary_key(Index::create().col("night").col("class"))
                    .to_owned(),
            )
            .await?;
        for statement in INDEXES.iter().chain(keep) {
            db.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

/// What finds somebody's rows among everybody's.
const INDEXES: [&str; 2] = [
    "CREATE INDEX fact_by_author ON fact (author_id) WHERE author_id IS NOT NULL",
    "CREATE INDEX mail_by_address ON mail (to_address)",
];

/// What the log refuses, whoever asks: any change of a line, and its removal unless the chain begins after it. The two
/// ends of the chain only go forward.
const ON_SQLITE: [&str; 5] = [
    "CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit \
     BEGIN SELECT RAISE(ABORT, 'a line of the audit log is never changed'); END",
    "CREATE TRIGGER audit_goes_by_its_oldest_end BEFORE DELETE ON audit \
     WHEN OLD.seq > (SELECT origin_seq FROM audit_chain WHERE id = 1) \
     BEGIN SELECT RAISE(ABORT, 'the audit log goes by its oldest end only'); END",
    "CREATE TRIGGER audit_chain_goes_forward BEFORE UPDATE ON audit_chain \
     WHEN NEW.id <> OLD.id OR NEW.origin_seq < OLD.origin_seq OR NEW.head_seq < OLD.head_seq \
     OR NEW.origin_seq > NEW.head_seq \
     BEGIN SELECT RAISE(ABORT, 'the audit log only goes forward'); END",
    "CREATE TRIGGER audit_chain_stays BEFORE DELETE ON audit_chain \
     BEGIN SELECT RAISE(ABORT, 'the ends of the audit log stay'); END",
    "CREATE TRIGGER audit_chain_is_one BEFORE INSERT ON audit_chain \
     BEGIN SELECT RAISE(ABORT, 'the audit log has two ends'); END",
];

const ON_POSTGRES: [&str; 7] = [
    "CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN RAISE EXCEPTION 'the audit log is never changed, and goes by its oldest end only'; END $$",
    "CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuses()",
    "CREATE FUNCTION audit_oldest() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
     IF OLD.seq > (SELECT origin_seq FROM audit_chain WHERE id = 1) THEN \
     RAISE EXCEPTION 'the audit log goes by its oldest end only'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER audit_goes_by_its_oldest_end BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_oldest()",
    "CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()",
    "CREATE TRIGGER audit_chain_goes_forward BEFORE UPDATE ON audit_chain FOR EACH ROW \
     WHEN (NEW.id <> OLD.id OR NEW.origin_seq < OLD.origin_seq OR NEW.head_seq < OLD.head_seq \
     OR NEW.origin_seq > NEW.head_seq) EXECUTE FUNCTION audit_refuses()",
    "CREATE TRIGGER audit_chain_stays BEFORE INSERT OR DELETE OR TRUNCATE ON audit_chain \
     FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()",
];
