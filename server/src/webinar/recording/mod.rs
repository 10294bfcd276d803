//! Webinars are recorded as they come, so that nothing is lost of what was said: what media hears of a room (`reel`) is
//! written as it comes (`tape`, `file`), completed once the webinar is over ([`finish()`]) and put on a shelf, where
//! those who may see the webinar's page watch it ([`routes`]). The same, in small pieces, is what [`watch`] gives.

pub(crate) mod entity;
mod file;
mod finish;
mod live;
mod reel;
pub mod routes;
mod shelf;
pub mod store;
mod tape;

pub use finish::{catch_up, finish, remove, remove_past};
pub use live::{Edition, Piece, Watching};
pub(crate) use store::whole_of;
pub use store::{Recording, State, of};

use crate::app::App;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::webinar::lease::Lease;
use crate::webinar::store::Webinar;
use domain::ids::WebinarId;
use domain::text::{date_time, paris};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use shelf::{Film, Shelf};
use std::collections::HashMap;
use tape::Order;
use tokio::sync::{Mutex, mpsc, oneshot};

/// A recording that began no longer ago may have no file yet.
const AT_ONCE: SignedDuration = SignedDuration::from_secs(5);

/// The recordings that run, and where those that are whole stand.
#[derive(Debug)]
pub struct Recordings {
    shelf: Shelf,
    tapes: Mutex<HashMap<WebinarId, mpsc::Sender<Order>>>,
    /// Held by who completes one: one at a time.
    finishing: Mutex<()>,
}

impl Recordings {
    /// Opens the shelf that the settings name.
    ///
    /// # Errors
    /// Where it cannot be used.
    pub fn open(config: &Config) -> anyhow::Result<Self> {
        let shelf = Shelf::open(&config.recordings, &config.data)?;
        Ok(Self { shelf, tapes: Mutex::default(), finishing: Mutex::default() })
    }

    /// Tells what runs in that room; it is started if it does not.
    async fn order(&self, app: &App, webinar: WebinarId, order: Order) -> Result<()> {
        let mut order = order;
        for _ in 0..3 {
            let tape = {
                let mut tapes = self.tapes.lock().await;
                tapes.retain(|_, tape| !tape.is_closed());
                if let Some(tape) = tapes.get(&webinar) {
                    tape.clone()
                } else {
                    let tape = tape::start(app, webinar).await.map_err(internal)?;
                    tapes.insert(webinar, tape.clone());
                    tape
                }
            };
            match tape.send(order).await {
                Ok(()) => return Ok(()),
                Err(unsent) => order = unsent.0,
            }
        }
        Err(Error::Internal(format!("the recorder of webinar {webinar} cannot be kept running")))
    }

    /// Tells what runs in that room, if anything does.
    async fn tell(&self, webinar: WebinarId, order: Order) {
        let tape = self.tapes.lock().await.get(&webinar).cloned();
        if let Some(tape) = tape {
            let _ = tape.send(order).await;
        }
    }

    /// Whether the file of that webinar is being written.
    async fn writes(&self, webinar: WebinarId) -> bool {
        let (answer, told) = oneshot::channel();
        self.tell(webinar, Order::Writes { answer }).await;
        told.await.unwrap_or(false)
    }
}

/// Records a room from now on, or goes on with what was recorded of it before the server stopped, or by the node that had
/// the room before; for as long as this one has it.
///
/// # Errors
/// When media cannot be started, or the database fails.
pub async fn record(app: &App, webinar: WebinarId, lease: Option<Lease>, paused: bool) -> Result<()> {
    let running = of(app.db.reader(), webinar).await?.filter(|known| known.state == State::Running);
    let Some(recording) = running else { return Ok(()) };
    let part = app.recordings.shelf.part(webinar, Film::Stage);
    let began = recording.started_at;
    let now = app.clock.now();
    if lease.is_some()
        && now.duration_since(began) > AT_ONCE
        && !tokio::fs::try_exists(&part).await.map_err(internal)?
    {
        // The folder is not shared, or what was there was removed.
        tracing::error!(%webinar, part = %part.display(), "What was recorded of a webinar by another node is not here");
        let why = format!(
            "Ce qui a été enregistré avant le {} est sur le disque d’un autre serveur\u{a0}: demandez-le à qui l’exploite.",
            date_time(now)
        );
        note_failure(app, webinar, why).await?;
    }
    app.recordings.order(app, webinar, Order::Record { part, began, lease, paused }).await
}

/// Suspends it, or takes it up again.
pub async fn pause(app: &App, webinar: WebinarId, paused: bool) {
    app.recordings.tell(webinar, Order::Pause(paused)).await;
}

/// Writes down something that happens in the room.
pub async fn note(app: &App, webinar: WebinarId, at: Timestamp, text: String) {
    app.recordings.tell(webinar, Order::Note { at, text }).await;
}

/// Writes nothing more, not even what came: another node goes on with the file.
pub async fn leave(app: &App, webinar: WebinarId) {
    app.recordings.tell(webinar, Order::Leave).await;
}

/// Writes no more; what came is on disk when this returns.
pub async fn stop(app: &App, webinar: WebinarId) {
    let (done, stopped) = oneshot::channel();
    app.recordings.tell(webinar, Order::Stop { done }).await;
    let _ = stopped.await;
}

/// What a room shows, as it comes, from the last keyframe on; whether it is recorded or not.
///
/// # Errors
/// When media cannot be started.
pub async fn watch(app: &App, webinar: WebinarId, edition: Edition) -> Result<Watching> {
    let (answer, told) = oneshot::channel();
    app.recordings.order(app, webinar, Order::Watch { edition, answer }).await?;
    told.await.map_err(|_| Error::Internal(format!("the recorder of webinar {webinar} stopped")))
}

/// The last day on which the recording of a webinar that began then is kept, in Paris.
#[must_use]
pub fn kept_until(webinar: &Webinar, began: Timestamp) -> Date {
    let day = paris(began).date();
    day.checked_add(i64::from(webinar.recording_days).days()).unwrap_or(day)
}

fn internal(error: impl Into<anyhow::Error>) -> Error {
    Error::Internal(format!("{:#}", error.into()))
}

async fn note_failure(app: &App, webinar: WebinarId, why: String) -> Result<()> {
    app.db
        .write(move |db| {
            Box::pin(async move {
                match of(db, webinar).await? {
                    Some(recording) => store::save(db, Recording { why: Some(why), ..recording }).await,
                    None => Ok(()),
                }
            })
        })
        .await
}
