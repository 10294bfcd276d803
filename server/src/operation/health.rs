//! Whether it answers, and whom.

use super::seen;
use crate::app::App;
use crate::clock;
use crate::config::Mode;
use crate::error::{Error, Result};
use crate::identity::session;
use crate::telemetry;
use domain::operation::{Clock, Database, Health};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{ConnectionTrait as _, DatabaseBackend, Statement};

pub(super) async fn look(app: &App) -> Health {
    let (database, clock, rooms, sessions) = tokio::join!(
        seen(database(app)),
        seen(clock(app)),
        seen(async { Ok(app.rooms.census().await) }),
        seen(session::standing(app)),
    );
    Health {
        since: app.jobs.since(),
        production: app.config.mode == Mode::Production,
        public_url: app.config.public_url.clone(),
        database,
        clock,
        media: app.rooms.ports(),
        rooms,
        cascade: app.rooms.cascade().standing(),
        sessions,
    }
}

async fn database(app: &App) -> Result<Database> {
    let began = telemetry::instant();
    app.db.reader().execute_unprepared("SELECT 1").await?;
    let took = SignedDuration::try_from(began.elapsed()).unwrap_or(SignedDuration::MAX);
    let (name, sql) = match app.db.backend() {
        DatabaseBackend::Postgres => ("PostgreSQL", "SELECT current_setting('server_version') AS version"),
        _ => ("SQLite", "SELECT sqlite_version() AS version"),
    };
    let version: String = one(app, sql, "version").await?;
    // « 17.2 (Debian 17.2-1.pgdg120+1) »
    let version = version.split(' ').next().unwrap_or_default();
    Ok(Database { engine: format!("{name} {version}"), took })
}

async fn clock(app: &App) -> Result<Clock> {
    let last_seen = session::last_seen(app).await?;
    let ahead = last_seen.map(|last| last.duration_since(app.clock.now())).filter(SignedDuration::is_positive);
    let apart = match app.db.backend() {
        DatabaseBackend::Postgres => {
            let sql = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS now";
            let there: i64 = one(app, sql, "now").await?;
            let there = Timestamp::from_millisecond(there).map_err(|error| Error::Internal(error.to_string()))?;
            // Of machines, whatever clock the product was handed.
            Some(there.duration_since(clock::Clock::system().now()).abs())
        }
        _ => None,
    };
    Ok(Clock { ahead_of_it: ahead, apart })
}

/// The one value that a query gives.
pub(super) async fn one<T: sea_orm::TryGetable>(app: &App, sql: &str, column: &str) -> Result<T> {
    let row = app.db.reader().query_one_raw(Statement::from_string(app.db.backend(), sql)).await?;
    let row = row.ok_or_else(|| Error::Internal("a query gave nothing".to_owned()))?;
    Ok(row.try_get("", column)?)
}
