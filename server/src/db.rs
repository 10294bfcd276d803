//! The database: reads go to a pool, writes are durable when they return.
//!
//! On SQLite one task holds the only writing connection. While a commit is being flushed to disk the
//! next writes queue up; the task takes them all, runs each in a savepoint, commits once and only then
//! answers. On PostgreSQL, which groups commits itself, each write is a transaction of its own.

use crate::backup;
use crate::config::Config;
use anyhow::Context as _;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use migrations::Migrator;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, Database, DatabaseBackend, DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait as _,
};
use sea_orm_migration::MigratorTrait as _;
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// The most writes that share one commit.
const GROUP: usize = 512;

/// Connections to SQLite for reading: each holds a page cache.
const READERS: u32 = 4;

/// Connections to PostgreSQL, for reading and for writing. Each keeps the statements that it was asked prepared, and those
/// that write for a crowd are long: few connections write.
const POSTGRES_READERS: u32 = 10;
const POSTGRES_WRITERS: u32 = 6;

/// What to do where PostgreSQL cannot be reached.
pub(crate) const UNREACHABLE: &str = "PostgreSQL cannot be reached: check DATABASE_URL and that the server runs";

/// A handle on the database, cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    reader: DatabaseConnection,
    writer: Writer,
}

#[derive(Debug, Clone)]
enum Writer {
    Grouped(mpsc::Sender<Job>),
    /// On PostgreSQL, which groups commits by itself.
    Direct(DatabaseConnection),
}

/// A write waiting for its group: runs in a savepoint, then is told how the commit went.
struct Job(BoxedWork);

type BoxedWork = Box<dyn for<'c> FnOnce(&'c DatabaseTransaction) -> BoxFuture<'c, Ran> + Send>;

/// What came of a job: whether to keep its work, and whom to tell once the commit is known.
struct Ran {
    keep: bool,
    tell: Tell,
}

type Tell = Box<dyn FnOnce(Result<(), &DbErr>) + Send>;

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Job")
    }
}

/// Work on a transaction, boxed: `Box::pin(async move { … })`.
pub type Work<'c, T, E> = BoxFuture<'c, Result<T, E>>;

impl Db {
    /// Opens the configured database and brings its schema up to date.
    ///
    /// # Errors
    /// When the database cannot be reached or a migration fails; the message says which.
    pub async fn open(config: &Config) -> anyhow::Result<Self> {
        match &config.database_url {
            Some(url) => Self::open_postgres(url).await,
            None => Self::open_sqlite(&config.data.join(backup::DATABASE)).await,
        }
    }

    async fn open_postgres(url: &str) -> anyhow::Result<Self> {
        let connect = |connections: u32| {
            let mut options = ConnectOptions::new(url);
            // All of them from the beginning: a crowd does not wait until they are opened.
            options.min_connections(connections).max_connections(connections);
            options.acquire_timeout(Duration::from_secs(10)).sqlx_logging(false);
            Database::connect(options)
        };
        let writer = connect(POSTGRES_WRITERS).await.context(UNREACHABLE)?;
        Migrator::up(&writer, None).await.context("a migration failed")?;
        Ok(Self { reader: connect(POSTGRES_READERS).await?, writer: Writer::Direct(writer) })
    }

    async fn open_sqlite(path: &std::path::Path) -> anyhow::Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("the data folder {} cannot be made", folder.display()))?;
        }
        let url = format!("sqlite://{}?mode=rwc", path.display());
        let options = |connections: u32, read_only: bool| {
            let mut options = ConnectOptions::new(url.clone());
            options
                .min_connections(1)
                .max_connections(connections)
                .acquire_timeout(Duration::from_secs(10))
                .idle_timeout(None)
                .sqlx_logging(false)
                .map_sqlx_sqlite_opts(move |sqlite| {
                    let sqlite = sqlite
                        .journal_mode(SqliteJournalMode::Wal)
                        .synchronous(SqliteSynchronous::Full)
                        .foreign_keys(true)
                        .busy_timeout(Duration::from_secs(10))
                        .pragma("cache_size", "-2000");
                    if read_only { sqlite.pragma("query_only", "ON") } else { sqlite }
                });
            options
        };
        let opened = Database::connect(options(1, false)).await;
        let writer = opened.with_context(|| format!("the database {} cannot be opened", path.display()))?;
        Migrator::up(&writer, None).await.context("a migration failed")?;
        let reader = Database::connect(options(READERS, true)).await?;
        let (jobs, queue) = mpsc::channel(4096);
        tokio::spawn(write_in_groups(writer, options(1, false), queue));
        Ok(Self { reader, writer: Writer::Grouped(jobs) })
    }

    /// Where to read from. Nothing may be written through it.
    #[must_use]
    pub fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Which of the two databases this is.
    #[must_use]
    pub fn backend(&self) -> DatabaseBackend {
        self.reader.get_database_backend()
    }

    /// Runs `work` in a transaction; when this returns `Ok`, what it wrote is on disk.
    /// Work that fails leaves nothing behind and disturbs no other write.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'c> FnOnce(&'c DatabaseTransaction) -> Work<'c, T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbErr> + Send + 'static,
    {
        match &self.writer {
            Writer::Direct(writer) => {
                let transaction = writer.begin().await?;
                let done = work(&transaction).await?;
                transaction.commit().await?;
                Ok(done)
            }
            Writer::Grouped(jobs) => {
                let (answer, told) = oneshot::channel();
                let job = Job(Box::new(move |transaction| {
                    Box::pin(async move {
                        let result = work(transaction).await;
                        Ran {
                            keep: result.is_ok(),
                            tell: Box::new(move |committed| {
                                let told = match committed {
                                    Ok(()) => result,
                                    Err(error) => Err(E::from(DbErr::Custom(error.to_string()))),
                                };
                                // Whoever asked may have gone: the write stands all the same.
                                let _ = answer.send(told);
                            }),
                        }
                    })
                }));
                let unmade = || E::from(DbErr::Custom("the write was not made".into()));
                jobs.send(job).await.map_err(|_| unmade())?;
                told.await.map_err(|_| unmade())?
            }
        }
    }
}

async fn write_in_groups(first: DatabaseConnection, options: ConnectOptions, mut queue: mpsc::Receiver<Job>) {
    let mut connection = Some(first);
    let mut group = Vec::with_capacity(GROUP);
    while queue.recv_many(&mut group, GROUP).await > 0 {
        metrics::histogram!("socle_commit_group_size").record(u32::try_from(group.len()).unwrap_or(u32::MAX));
        let (ran, committed) = match connected(&mut connection, &options).await {
            Ok(connection) => commit_group(connection, group.drain(..)).await,
            Err(error) => (Vec::new(), Err(error)),
        };
        // Whoever's write was not even tried is told so.
        group.clear();
        if let Err(error) = &committed {
            tracing::error!(%error, writes = ran.len(), "A group of writes could not be committed");
            // Where the disk fails, SQLite ends the transaction by itself (its manual, « Transactions », 3.1), and sqlx goes
            // on counting its savepoints: what it would call a commit later on would be none. Another connection has no past.
            if let Some(broken) = connection.take()
                && let Err(error) = broken.close().await
            {
                tracing::warn!(%error, "The writer's connection could not be closed");
            }
        }
        for ran in ran {
            (ran.tell)(committed.as_ref().copied());
        }
    }
}

/// The writer's connection, made anew where there is none.
async fn connected<'c>(
    connection: &'c mut Option<DatabaseConnection>,
    options: &ConnectOptions,
) -> Result<&'c DatabaseConnection, DbErr> {
    let made = match connection.take() {
        Some(known) => known,
        None => Database::connect(options.clone()).await?,
    };
    Ok(connection.insert(made))
}

async fn commit_group(
    connection: &DatabaseConnection,
    jobs: impl Iterator<Item = Job>,
) -> (Vec<Ran>, Result<(), DbErr>) {
    let mut ran = Vec::new();
    // Immediate: on a disk that could not be written, SQLite opened what it found to be read alone, and says so here.
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = match connection.begin_with_options(immediate).await {
        Ok(transaction) => transaction,
        Err(error) => return (ran, Err(error)),
    };
    for Job(job) in jobs {
        let savepoint = match transaction.begin().await {
            Ok(savepoint) => savepoint,
            Err(error) => return (ran, Err(error)),
        };
        // A panic in one write must not take the writer, and so everybody's writes, with it.
        let outcome = AssertUnwindSafe(job(&savepoint)).catch_unwind().await;
        let keep = outcome.as_ref().is_ok_and(|ran| ran.keep);
        let kept = if keep { savepoint.commit().await } else { savepoint.rollback().await };
        ran.extend(outcome.ok());
        if let Err(error) = kept {
            return (ran, Err(error));
        }
    }
    let committed = transaction.commit().await;
    (ran, committed)
}
