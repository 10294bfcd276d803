//! Migrations run from nothing, twice without harm, and give the same tables on both databases.

use sea_orm::{ConnectionTrait as _, DatabaseBackend, Statement};
use sea_orm_migration::MigratorTrait as _;
use std::collections::BTreeSet;
use support::{Database, Product};

pub(crate) async fn columns(product: &Product) -> BTreeSet<(String, String)> {
    let backend = product.app.db.backend();
    let sql = match backend {
        DatabaseBackend::Postgres => {
            "SELECT table_name AS t, column_name AS c FROM information_schema.columns WHERE table_schema = 'public'"
        }
        _ => {
            "SELECT m.name AS t, c.name AS c FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
        }
    };
    let rows = product.app.db.reader().query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
    let rows =
        rows.iter().map(|row| (row.try_get::<String>("", "t").unwrap(), row.try_get::<String>("", "c").unwrap()));
    // Each engine keeps its full-text index its own way.
    rows.filter(|(table, _)| !table.starts_with("passage") && !table.starts_with("sqlite_")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn both_databases_have_the_same_tables() {
    let (sqlite, postgres) = (Product::start(Database::Sqlite).await, Product::start(Database::Postgres).await);
    let (sqlite, postgres) = (columns(&sqlite).await, columns(&postgres).await);
    assert!(sqlite.len() > 40);
    assert_eq!(sqlite, postgres);
}

#[tokio::test(flavor = "multi_thread")]
async fn migrating_twice_changes_nothing() {
    for database in [Database::Sqlite, Database::Postgres] {
        let product = Product::start(database).await;
        let pending = migrations::Migrator::get_pending_migrations(product.app.db.reader()).await.unwrap();
        assert_eq!(pending.len(), 0);
        product.restarted().await;
    }
}
