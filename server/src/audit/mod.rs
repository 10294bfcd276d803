//! Who looked at or changed whose record: noted in one place, right after a capability was granted and its page answered.
//!
//! A change is acknowledged once its line is on disk. A look does not wait: its line is handed to the writer, which commits
//! it with whatever else is being written, while the page is on its way. A normal stop waits for these lines; a kill -9
//! loses those of the commit under way.

mod entity;
mod layer;
pub mod pages;
pub mod routes;
pub mod store;

pub use layer::{Noting, Trace};
pub use store::{check, prune};

use crate::app::App;
use crate::crowd::{AsyncWrite, Crowd};
use crate::db::Db;
use crate::error::{Error, Result};
use domain::audit::{Deed, Note, ONE_LOOK};
use domain::ids::PersonId;
use jiff::Timestamp;
use moka::sync::Cache;
use std::sync::{Mutex, PoisonError};
use tokio::task::JoinSet;

/// Looks remembered, so that the same one is not noted again at once. One forgotten early is one line more.
const REMEMBERED: u64 = 20_000;

/// Who looked, by which role or token, at whose data, and where.
type Look = (Option<PersonId>, String, Option<PersonId>, String);

/// Where notes are handed in.
#[derive(Debug)]
pub struct Audit {
    writing: Crowd<Note, ()>,
    looks: Cache<Look, Timestamp>,
    /// Looks handed to the writer and not on disk yet.
    under_way: Mutex<JoinSet<()>>,
}

impl Default for Audit {
    fn default() -> Self {
        Self { writing: Crowd::default(), looks: Cache::new(REMEMBERED), under_way: Mutex::default() }
    }
}

struct Writing(Db);

impl AsyncWrite<Note, ()> for Writing {
    async fn write(&self, notes: Vec<Note>) -> Result<Vec<()>> {
        self.0.write(move |db| Box::pin(async move { store::append(db, notes).await })).await
    }
}

impl Audit {
    /// Notes a deed; returns once it is on disk.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn write(&self, db: &Db, note: Note) -> Result<()> {
        self.writing.join(note, Writing(db.clone())).await
    }

    /// Notes what the platform itself does to somebody's data, or who commands it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn by_platform(&self, app: &App, subject: PersonId, page: &str) -> Result<()> {
        self.write(&app.db, by_platform(app.clock.now(), subject, page)).await
    }

    /// Notes a look, unless the same one was noted some minutes ago. Does not wait for the disk.
    fn look(&self, app: &App, note: Note) {
        let look = (note.actor, note.role.clone(), note.subject, note.path.clone());
        let again = self.looks.get(&look).is_some_and(|at| note.at.duration_since(at) < ONE_LOOK);
        if again {
            return;
        }
        self.looks.insert(look.clone(), note.at);
        let app = app.clone();
        let mut under_way = self.under_way();
        while under_way.try_join_next().is_some() {}
        under_way.spawn(async move {
            if let Err(error) = app.audit.write(&app.db, note).await {
                tracing::error!(%error, "A look could not be noted");
                app.audit.looks.invalidate(&look);
            }
        });
    }

    /// Waits until every look so far is on disk.
    pub async fn settle(&self) {
        let under_way = std::mem::take(&mut *self.under_way());
        under_way.join_all().await;
    }

    fn under_way(&self) -> std::sync::MutexGuard<'_, JoinSet<()>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is noted of what the platform itself does.
pub(crate) fn by_platform(at: Timestamp, subject: PersonId, page: &str) -> Note {
    Note {
        at,
        actor: None,
        role: String::new(),
        subject: Some(subject),
        deed: Deed::Changed,
        page: page.to_owned(),
        path: String::new(),
    }
}

fn unreadable(what: &str) -> Error {
    Error::Internal(format!("the audit log has an unreadable {what}"))
}
