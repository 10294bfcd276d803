//! Which node the room of a webinar is on, where several serve one database: who holds its lease, for some seconds that are
//! renewed for as long as the room is open. What is said here of time is PostgreSQL's clock, and how long ago this process
//! asked: a node stops its rooms before the others may take them.

use crate::config::Config;
use crate::error::{Error, Result};
use crate::node;
use domain::ids::WebinarId;
use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseConnection, Statement, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until, timeout};

/// How long a lease lasts once it was asked for.
const LASTS: Duration = Duration::from_secs(6);
/// A room is stopped where its lease has no more than that left.
const MARGIN: Duration = Duration::from_secs(1);
/// All are renewed so often; and again so soon where that failed.
const RENEWED: Duration = Duration::from_secs(2);
const AGAIN: Duration = Duration::from_millis(500);
/// A database that does not answer for so long is asked anew.
const PATIENCE: Duration = Duration::from_millis(1500);
/// Times that a lease is asked for, which ends or is taken at the same moment.
const TRIES: usize = 3;

/// PostgreSQL's clock, in milliseconds.
const NOW: &str = "(extract(epoch from clock_timestamp()) * 1000)::bigint";

/// Those of node `$1` that `$2` lists with their epochs, as JSON.
const LISTED: &str =
    "node = $1 AND (webinar, epoch) IN (SELECT r->>0, (r->>1)::bigint FROM json_array_elements($2::json) AS r)";

/// The leases that this process holds; none are needed where it serves alone.
#[derive(Debug, Default)]
pub struct Leases(Option<Arc<Inner>>);

#[derive(Debug)]
struct Inner {
    node: String,
    /// A connection of its own: renewing waits for nobody's writes.
    db: DatabaseConnection,
    held: Mutex<BTreeMap<WebinarId, Held>>,
}

#[derive(Debug)]
struct Held {
    epoch: i64,
    until: Until,
    /// Rooms that hold it: one that closes, and the one that was opened meanwhile.
    rooms: u32,
}

/// That this node has the room, for now.
#[derive(Debug, Clone)]
pub struct Lease {
    webinar: WebinarId,
    node: Arc<str>,
    epoch: i64,
    until: Until,
}

/// When a lease is over, for who renews it and all who need it.
type Until = Arc<watch::Sender<Instant>>;

impl Lease {
    /// Whether it still lasts.
    #[must_use]
    pub fn lasts(&self) -> bool {
        Instant::now() < *self.until.borrow()
    }

    /// Returns once it is over.
    pub async fn over(self) {
        let mut told = self.until.subscribe();
        loop {
            let until = *told.borrow_and_update();
            if until <= Instant::now() {
                return;
            }
            tokio::select! {
                () = sleep_until(until) => {}
                // It never ends before this one does.
                _ = told.changed() => {}
            }
        }
    }

    /// Nobody else has the room until this transaction ends.
    ///
    /// # Errors
    /// [`Error::Conflict`] where somebody has; when the database fails.
    pub async fn hold(&self, db: &impl ConnectionTrait) -> Result<()> {
        let sql = "SELECT 1 AS one FROM webinar_lease WHERE webinar = $1 AND node = $2 AND epoch = $3 FOR SHARE";
        let values = [self.webinar.to_string().into(), self.node.to_string().into(), self.epoch.into()];
        let held = Statement::from_sql_and_values(DatabaseBackend::Postgres, sql, values);
        if db.query_one_raw(held).await?.is_some() {
            return Ok(());
        }
        self.until.send_replace(Instant::now());
        Err(Error::Conflict(format!("webinar {} is on another node", self.webinar)))
    }
}

/// Whether the room was this node's and is so no more; never where it serves alone.
pub(super) fn is_lost(lease: Option<&Lease>) -> bool {
    lease.is_some_and(|lease| !lease.lasts())
}

impl Leases {
    /// None yet. They are renewed for as long as this lives.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn open(config: &Config) -> anyhow::Result<Self> {
        let (Some(node), Some(url)) = (&config.node, &config.database_url) else { return Ok(Self(None)) };
        let db = node::connection(url).await?;
        let inner = Arc::new(Inner { node: node.clone(), db, held: Mutex::default() });
        tokio::spawn(renew_all(Arc::downgrade(&inner)));
        Ok(Self(Some(inner)))
    }

    /// Whether another node has that room.
    ///
    /// # Errors
    /// [`Error::Elsewhere`] where one has; when the database fails.
    pub async fn not_elsewhere(&self, db: &impl ConnectionTrait, webinar: WebinarId) -> Result<()> {
        let Some(inner) = &self.0 else { return Ok(()) };
        match holder(db, webinar).await? {
            Some(other) if other != inner.node => Err(Error::Elsewhere(other)),
            _ => Ok(()),
        }
    }

    /// The lease of that room; none where this process serves alone.
    ///
    /// # Errors
    /// [`Error::Elsewhere`] where another node has it; when the database fails.
    pub async fn take(&self, webinar: WebinarId) -> Result<Option<Lease>> {
        let Some(inner) = &self.0 else { return Ok(None) };
        for _ in 0..TRIES {
            if let Some(held) = inner.held().get_mut(&webinar)
                && Instant::now() < *held.until.borrow()
            {
                held.rooms += 1;
                return Ok(Some(inner.lease(webinar, held)));
            }
            let asked = Instant::now();
            if let Some(epoch) = inner.taken(webinar).await? {
                let held = Held { epoch, until: Arc::new(watch::Sender::new(asked + LASTS - MARGIN)), rooms: 1 };
                let lease = inner.lease(webinar, &held);
                inner.held().insert(webinar, held);
                return Ok(Some(lease));
            }
            match holder(&inner.db, webinar).await? {
                Some(other) if other != inner.node => return Err(Error::Elsewhere(other)),
                // This node's from before it was started again: it is soon over.
                Some(_) => return Err(Error::TooMany { retry_after_seconds: LASTS.as_secs() }),
                None => {}
            }
        }
        Err(Error::Internal(format!("the lease of webinar {webinar} can neither be taken nor found")))
    }

    /// The room is closed: any node may have it.
    pub async fn release(&self, lease: &Lease) {
        let Some(inner) = &self.0 else { return };
        {
            let mut held = inner.held();
            let Some(known) = held.get_mut(&lease.webinar).filter(|known| known.epoch == lease.epoch) else { return };
            known.rooms -= 1;
            if known.rooms > 0 {
                return;
            }
            held.remove(&lease.webinar);
        }
        inner.give_back(&[(lease.webinar, lease.epoch)]).await;
    }

    /// This process stops: any node may have its rooms.
    pub async fn release_all(&self) {
        let Some(inner) = &self.0 else { return };
        let held: Vec<_> =
            std::mem::take(&mut *inner.held()).into_iter().map(|(webinar, held)| (webinar, held.epoch)).collect();
        inner.give_back(&held).await;
    }
}

impl Inner {
    fn held(&self) -> MutexGuard<'_, BTreeMap<WebinarId, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lease(&self, webinar: WebinarId, held: &Held) -> Lease {
        Lease { webinar, node: self.node.as_str().into(), epoch: held.epoch, until: Arc::clone(&held.until) }
    }

    /// Takes the lease where nobody has it; gives how many times it was taken.
    async fn taken(&self, webinar: WebinarId) -> Result<Option<i64>> {
        let sql = format!(
            "INSERT INTO webinar_lease AS l (webinar, node, epoch, until_at) VALUES ($1, $2, 1, {NOW} + $3) \
             ON CONFLICT (webinar) DO UPDATE SET node = excluded.node, epoch = l.epoch + 1, until_at = excluded.until_at \
             WHERE l.until_at < {NOW} RETURNING epoch"
        );
        let row =
            self.db.query_one_raw(self.asked(&sql, [webinar.to_string().into(), self.node.clone().into(), lasts()]));
        row.await?.map(|row| Ok(row.try_get("", "epoch")?)).transpose()
    }

    /// Renews those; gives which were still this node's.
    async fn renewed(&self, held: &[(WebinarId, i64)]) -> Result<Vec<String>> {
        let sql = format!("UPDATE webinar_lease SET until_at = {NOW} + $3 WHERE {LISTED} RETURNING webinar");
        let rows = self.db.query_all_raw(self.asked(&sql, [self.node.clone().into(), listed(held), lasts()])).await?;
        Ok(rows.iter().map(|row| row.try_get("", "webinar")).collect::<Result<_, _>>()?)
    }

    async fn give_back(&self, held: &[(WebinarId, i64)]) {
        if held.is_empty() {
            return;
        }
        let sql = format!("UPDATE webinar_lease SET until_at = 0 WHERE {LISTED}");
        let told = self.db.execute_raw(self.asked(&sql, [self.node.clone().into(), listed(held)]));
        if !matches!(timeout(PATIENCE, told).await, Ok(Ok(_))) {
            tracing::warn!("Leases of rooms could not be given back: other nodes wait until they are over");
        }
    }

    fn asked(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
        Statement::from_sql_and_values(self.db.get_database_backend(), sql, values)
    }
}

/// Which node has that room.
async fn holder(db: &impl ConnectionTrait, webinar: WebinarId) -> Result<Option<String>> {
    let sql = format!("SELECT node FROM webinar_lease WHERE webinar = $1 AND until_at >= {NOW}");
    let asked = Statement::from_sql_and_values(db.get_database_backend(), sql, [webinar.to_string().into()]);
    db.query_one_raw(asked).await?.map(|row| Ok(row.try_get("", "node")?)).transpose()
}

fn lasts() -> Value {
    i64::try_from(LASTS.as_millis()).unwrap_or_default().into()
}

fn listed(held: &[(WebinarId, i64)]) -> Value {
    let held: Vec<_> = held.iter().map(|(webinar, epoch)| (webinar.to_string(), epoch)).collect();
    serde_json::to_string(&held).unwrap_or_default().into()
}

/// Renews what is held, all in one statement; what could not be is over by itself.
async fn renew_all(leases: Weak<Inner>) {
    loop {
        let Some(inner) = leases.upgrade() else { return };
        let wait = inner.renew().await;
        drop(inner);
        sleep(wait).await;
    }
}

impl Inner {
    /// Renews what is held; gives when to do so again.
    async fn renew(&self) -> Duration {
        let held: Vec<_> = self.held().iter().map(|(webinar, held)| (*webinar, held.epoch)).collect();
        if held.is_empty() {
            return RENEWED;
        }
        let asked = Instant::now();
        let renewed = match timeout(PATIENCE, self.renewed(&held)).await {
            Ok(Ok(renewed)) => renewed,
            Ok(Err(error)) => {
                tracing::warn!(%error, "Leases of rooms could not be renewed; they will be tried again");
                return AGAIN;
            }
            Err(_) => {
                tracing::warn!("Leases of rooms could not be renewed in time; they will be tried again");
                return AGAIN;
            }
        };
        let mut known = self.held();
        for (webinar, epoch) in held {
            let Some(held) = known.get(&webinar).filter(|held| held.epoch == epoch) else { continue };
            if renewed.contains(&webinar.to_string()) {
                held.until.send_replace(asked + LASTS - MARGIN);
            } else {
                tracing::error!(%webinar, "Another node has taken a room");
                held.until.send_replace(asked);
                known.remove(&webinar);
            }
        }
        RENEWED
    }
}
