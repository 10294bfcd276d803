//! One of several processes that serve one PostgreSQL together, behind a proxy: each has a name (`SOCLE_NODE`), and the proxy
//! leads `/noeud/{name}/…` to it. Without a name a process serves alone, and nothing of this is done.
//!
//! What must be done once, whichever node does it, is done by the one on duty: PostgreSQL gives a lock to one connection, and
//! takes it back with the connection, however its process ends.

use crate::config::Config;
use crate::db::UNREACHABLE;
use anyhow::{Context as _, bail};
use axum::extract::Request;
use http::Uri;
use http::uri::PathAndQuery;
use rustix::fs::FlockOperation;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseBackend, DatabaseConnection, DbErr, Statement};
use std::fs::File;
use std::path::Path;
use std::time::Duration;
use tokio::time::sleep;

/// What PostgreSQL's locks are known by: a process opens the database; is on duty; keeps statements of xAPI; serves.
const OPENING: i64 = 0x0053_4f43_4c45_0001;
const DUTY: i64 = 0x0053_4f43_4c45_0002;
const STATEMENTS: i64 = 0x0053_4f43_4c45_0003;
const SERVING: i64 = 0x0053_4f43_4c45_0004;
/// Names of nodes: PostgreSQL's locks of two numbers, of which this is the first.
const NAMES: i32 = 0x534f_434c;

/// A process that ends is waited for, so many times so long: it may have been told to stop, or be dead and not yet known to be.
const WAITS: u32 = 20;
const WAIT: Duration = Duration::from_millis(250);

/// The file in the data folder that whoever serves the embedded database locks.
const LOCK: &str = "socle.lock";

/// A database that does not answer for so long is not asked any more for now.
const PATIENCE: Duration = Duration::from_secs(3);

/// After so many seconds without a word, and so many questions, PostgreSQL gives up a connection whose machine is gone: its
/// locks with it.
const SILENT: [(&str, &str); 3] =
    [("tcp_keepalives_idle", "5"), ("tcp_keepalives_interval", "3"), ("tcp_keepalives_count", "3")];

/// This process, among those that serve the database.
#[derive(Debug)]
pub struct Node {
    name: Option<String>,
    /// What holds the lock of who is on duty: a connection of its own, for as long as it lives.
    duty: Option<DatabaseConnection>,
}

impl Node {
    /// This process as the settings name it.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn open(config: &Config) -> anyhow::Result<Self> {
        let duty = match (&config.node, &config.database_url) {
            (Some(_), Some(url)) => Some(connection(url).await?),
            _ => None,
        };
        Ok(Self { name: config.node.clone(), duty })
    }

    /// Its name; none where it serves alone.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Whether what is to be done once is this process's to do.
    pub async fn is_on_duty(&self) -> bool {
        let Some(duty) = &self.duty else { return true };
        // The same connection is given its own lock again; another one, made after that one broke, has to find it free.
        let asked = format!("SELECT pg_try_advisory_lock({DUTY}) AS mine");
        let asked = duty.query_one_raw(Statement::from_string(DatabaseBackend::Postgres, asked));
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Ok(Some(row))) => row.try_get("", "mine").unwrap_or(false),
            _ => false,
        }
    }
}

/// A connection of its own to PostgreSQL, for a lock or a lease.
///
/// # Errors
/// When the database cannot be reached.
pub(crate) async fn connection(url: &str) -> anyhow::Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options.min_connections(1).max_connections(1).acquire_timeout(PATIENCE).sqlx_logging(false);
    options.idle_timeout(None).max_lifetime(None).map_sqlx_postgres_opts(|postgres| postgres.options(SILENT));
    Database::connect(options).await.context(UNREACHABLE)
}

/// One process opens the database at a time, so that migrations run once; until what is given is dropped. None on SQLite.
///
/// # Errors
/// When the database cannot be reached.
pub(crate) async fn opening(config: &Config) -> anyhow::Result<Option<DatabaseConnection>> {
    let Some(url) = &config.database_url else { return Ok(None) };
    let held = connection(url).await?;
    held.execute_unprepared(&format!("SELECT pg_advisory_lock({OPENING})")).await?;
    Ok(Some(held))
}

/// That this process may serve, for as long as it is kept; the system takes it back with the process.
#[derive(Debug)]
pub struct Serving {
    _file: Option<File>,
    _connection: Option<DatabaseConnection>,
}

/// Makes sure that what is not made to be served by several is not. Commands beside a server do not ask.
///
/// # Errors
/// Where another process serves the embedded database; or the same PostgreSQL, and one of both has no name, or both the same.
pub async fn serving(config: &Config) -> anyhow::Result<Serving> {
    let Some(url) = &config.database_url else {
        return Ok(Serving { _file: Some(alone(&config.data).await?), _connection: None });
    };
    let held = connection(url).await?;
    let lock = match &config.node {
        Some(_) => format!("pg_try_advisory_lock_shared({SERVING})"),
        None => format!("pg_try_advisory_lock({SERVING})"),
    };
    if !is_given(&held, &lock).await? {
        match &config.node {
            Some(node) => bail!(
                "a Socle without a name serves this database: give it a SOCLE_NODE too before `{node}` serves it as well"
            ),
            None => bail!(
                "another Socle serves this database: several serve one PostgreSQL where each has a name (SOCLE_NODE)"
            ),
        }
    }
    // A name has signs of our own alone.
    if let Some(node) = &config.node
        && !is_given(&held, &format!("pg_try_advisory_lock({NAMES}, hashtext('{node}'))")).await?
    {
        bail!("SOCLE_NODE: another Socle that serves this database is called `{node}`");
    }
    Ok(Serving { _file: None, _connection: Some(held) })
}

async fn is_given(db: &DatabaseConnection, lock: &str) -> anyhow::Result<bool> {
    for _ in 0..WAITS {
        let asked = Statement::from_string(DatabaseBackend::Postgres, format!("SELECT {lock} AS given"));
        if db.query_one_raw(asked).await?.is_some_and(|row| row.try_get("", "given").unwrap_or(false)) {
            return Ok(true);
        }
        sleep(WAIT).await;
    }
    Ok(false)
}

async fn alone(data: &Path) -> anyhow::Result<File> {
    let named = || format!("the data folder {} cannot be used", data.display());
    std::fs::create_dir_all(data).with_context(named)?;
    let file = File::options().create(true).truncate(false).write(true).open(data.join(LOCK)).with_context(named)?;
    for _ in 0..WAITS {
        match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Err(rustix::io::Errno::WOULDBLOCK) => sleep(WAIT).await,
            given => {
                given.with_context(named)?;
                return Ok(file);
            }
        }
    }
    bail!(
        "another Socle serves {}: the embedded SQLite is served by one process; stop the other, or put both on one PostgreSQL \
         (DATABASE_URL, SOCLE_NODE)",
        data.display()
    )
}

/// Statements that point at others are kept alone (`alone`), on whichever node they arrive, until the transaction ends.
///
/// # Errors
/// When the database fails.
pub(crate) async fn order_statements(db: &impl ConnectionTrait, alone: bool) -> Result<(), DbErr> {
    if db.get_database_backend() == DatabaseBackend::Postgres {
        let lock = if alone { "pg_advisory_xact_lock" } else { "pg_advisory_xact_lock_shared" };
        db.execute_unprepared(&format!("SELECT {lock}({STATEMENTS})")).await?;
    }
    Ok(())
}

/// The address under which the proxy leads to that node.
#[must_use]
pub fn address(node: &str, path: &str) -> String {
    format!("/noeud/{node}{path}")
}

/// A request that was led to this very node, as it was asked.
pub(crate) fn led_here(node: &str, mut request: Request) -> Request {
    let asked = request.uri().path_and_query().map_or("/", PathAndQuery::as_str);
    let prefix = address(node, "");
    let Some(rest) = asked.strip_prefix(&prefix).filter(|rest| rest.is_empty() || rest.starts_with(['/', '?'])) else {
        return request;
    };
    let rest = if rest.starts_with('/') { rest.to_owned() } else { format!("/{rest}") };
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = rest.parse().ok();
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
    request
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn led(path: &str) -> String {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        led_here("a", request).uri().to_string()
    }

    #[test]
    fn only_its_own_prefix_is_taken_away() {
        assert_eq!(led("/noeud/a/webinaires/7/signal?x=1"), "/webinaires/7/signal?x=1");
        assert_eq!(led("/noeud/a"), "/");
        assert_eq!(led("/noeud/a?x"), "/?x");
        for other in ["/noeud/ab/connexion", "/noeud/b/connexion", "/connexion", "/", "/x/noeud/a/connexion"] {
            assert_eq!(led(other), other);
        }
        assert_eq!(led("/noeud/a/noeud/a/connexion"), "/noeud/a/connexion", "once");
    }
}
