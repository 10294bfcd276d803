//! Migrations run from nothing, twice without harm, and give the same tables on both databases.

use sea_orm::{ConnectionTrait as _, DatabaseBackend, Statement};
use sea_orm_migration::MigratorTrait as _;
use server::app::App;
use std::collections::BTreeSet;
use support::{Database, Product};

pub(crate) async fn columns(app: &App) -> BTreeSet<(String, String)> {
    let backend = app.db.backend();
    let sql = match backend {
        DatabaseBackend::Postgres => {
            "SELECT table_name AS t, column_name AS c FROM information_schema.columns WHERE table_schema = 'public'"
        }
        _ => {
            "SELECT m.name AS t, c.name AS c FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
        }
    };
    let rows = app.db.reader().query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
    let rows =
        rows.iter().map(|row| (row.try_get::<String>("", "t").unwrap(), row.try_get::<String>("", "c").unwrap()));
    // Each engine keeps its full-text index its own way.
    rows.filter(|(table, _)| !table.starts_with("passage") && !table.starts_with("sqlite_")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn both_databases_have_the_same_tables() {
    let (sqlite, postgres) = (Product::start(Database::Sqlite).await, Product::start(Database::Postgres).await);
    let (sqlite, postgres) = (columns(&sqlite.app).await, columns(&postgres.app).await);
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

/// A database left by any former version of Socle: its tables as its migrations made them, with a maison in it.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_any_former_version_opens_in_this_one() {
    let steps = u32::try_from(migrations::Migrator::migrations().len()).unwrap();
    let whole = Product::start(Database::Sqlite).await;
    let columns_now = columns(&whole.app).await;
    for step in 1..steps {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("socle.sqlite").display());
        let former = sea_orm::Database::connect(url).await.unwrap();
        migrations::Migrator::up(&former, Some(step)).await.unwrap();
        let maison = "INSERT INTO maison (name, commune, departement) VALUES ('Maison de Morlaix', 'Morlaix', '29')";
        former.execute_unprepared(maison).await.unwrap();
        former.close().await.unwrap();

        let mut config = whole.app.config.clone();
        config.data = folder.path().to_owned();
        let (app, _) = whole.served_from(config).await;
        assert_eq!(columns(&app).await, columns_now, "after {step} of {steps}");
        let known = "SELECT name FROM maison WHERE departement = '29'";
        let known = app.db.reader().query_all_raw(Statement::from_string(DatabaseBackend::Sqlite, known)).await;
        assert_eq!(known.unwrap().len(), 1, "after {step} of {steps}");
    }
}
