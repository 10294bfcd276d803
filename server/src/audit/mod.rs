//! Who looked at or changed whose record, or was refused: noted in one place, right after a capability was granted and its page
//! answered. And who entered an account, by what, or did not.
//!
//! A change, and entering, are acknowledged once their line is on disk. A look does not wait, nor does a refusal, which would
//! tell by how long it takes whether there is such an account: their lines are handed to the writer, which commits them with
//! whatever else is being written, while the page is on its way. A normal stop waits for these lines; a kill -9 loses those of
//! the commit under way.

mod entity;
mod layer;
pub mod pages;
pub mod routes;
pub mod store;

pub use layer::{Noting, Trace};
pub use store::{check, prune};

use crate::app::App;
use crate::crowd::{Counter, Crowd};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::identity;
use domain::audit::{Deed, Note, ONE_LOOK};
use domain::ids::PersonId;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use jiff::Timestamp;
use moka::sync::Cache;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use tokio::task::JoinSet;

/// Looks remembered, so that the same one is not noted again at once. One forgotten early is one line more.
const REMEMBERED: u64 = 20_000;

/// Refusals of one asker that are noted: so many at once, then one a minute. Whoever goes on all night fills no disk.
const REFUSALS: NonZeroU32 = NonZeroU32::new(100).unwrap();

/// Who looked, by which role or token, at whose data, and where.
type Look = (Option<PersonId>, String, Option<PersonId>, String);

/// Where notes are handed in.
#[derive(Debug)]
pub struct Audit {
    writing: Crowd<Note, ()>,
    looks: Cache<Look, Timestamp>,
    /// By asker: a person, or the token of another system.
    refusals: DefaultKeyedRateLimiter<(Option<PersonId>, String)>,
    /// Handed to the writer and not on disk yet.
    under_way: Mutex<JoinSet<()>>,
}

impl Default for Audit {
    fn default() -> Self {
        Self {
            writing: Crowd::default(),
            looks: Cache::new(REMEMBERED),
            refusals: RateLimiter::keyed(Quota::per_minute(NonZeroU32::MIN).allow_burst(REFUSALS)),
            under_way: Mutex::default(),
        }
    }
}

struct Writing(Db);

impl Counter<Note, ()> for Writing {
    async fn serve(&self, notes: Vec<Note>) -> Result<Vec<()>> {
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

    /// Notes what somebody does to their own account.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn by_holder(&self, app: &App, holder: PersonId, page: &str) -> Result<()> {
        let note = Note { actor: Some(holder), ..by_platform(app.clock.now(), holder, page) };
        self.write(&app.db, note).await
    }

    /// Notes that somebody entered their account, or showed a factor of it, by that (one of [`pages`]).
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn entered(&self, app: &App, person: PersonId, by: &str) -> Result<()> {
        let note = Note { actor: Some(person), deed: Deed::Entered, ..by_platform(app.clock.now(), person, by) };
        self.write(&app.db, note).await
    }

    /// Notes that whoever tried did not enter that account by that. Does not wait for the disk.
    pub(crate) fn kept_out(&self, app: &App, person: PersonId, by: &str) {
        let note = Note { deed: Deed::Refused, ..by_platform(app.clock.now(), person, by) };
        let app = app.clone();
        self.later(async move { app.audit.write(&app.db, note).await });
    }

    /// Notes that who asks was not let at a page, unless they were refused too often lately. Does not wait for the disk.
    fn refused(&self, app: &App, mut note: Note) {
        if self.refusals.check_key(&(note.actor, note.role.clone())).is_err() {
            return;
        }
        let app = app.clone();
        self.later(async move {
            // Whoever tries addresses one after the other also tries those of nobody.
            if let Some(person) = note.subject
                && identity::store::account(&app, person).await?.is_none()
            {
                note.subject = None;
            }
            app.audit.write(&app.db, note).await
        });
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
        self.later(async move {
            let written = app.audit.write(&app.db, note).await;
            if written.is_err() {
                app.audit.looks.invalidate(&look);
            }
            written
        });
    }

    /// Has a line written without waiting for it.
    fn later(&self, writing: impl Future<Output = Result<()>> + Send + 'static) {
        let mut under_way = self.under_way();
        while under_way.try_join_next().is_some() {}
        under_way.spawn(async move {
            if let Err(error) = writing.await {
                tracing::error!(%error, "A line of the log could not be written");
            }
        });
    }

    /// Waits until all that was handed over so far is on disk.
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
