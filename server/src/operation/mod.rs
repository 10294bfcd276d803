//! How the product runs, as its administrators read it: each part is looked at by itself, so that one that cannot be
//! read hides none of the others. `domain::operation` says what needs attention.

mod health;
mod keys;
mod register;
pub mod routes;
mod storage;
mod versions;

pub use register::Register;
pub use storage::Measures;
pub(crate) use storage::kept;

use crate::app::App;
use crate::error::Result;
use crate::{mail, webhook};
use domain::operation::{Failure, Seen, State};
use std::fmt::Display;
use std::time::Duration;
use tokio::time::timeout;

/// Nothing is waited for longer: the page says so and shows the rest.
const PATIENCE: Duration = Duration::from_secs(2);

/// Looks at everything, all parts at once.
pub async fn look(app: &App) -> State {
    let (health, mails, webhooks, storage, versions, keys) = tokio::join!(
        health::look(app),
        seen(mail::outbox::standing(app)),
        seen(webhook::standing(app)),
        app.measures.of(app),
        versions::look(app),
        keys::look(app),
    );
    State { now: app.clock.now(), health, jobs: app.jobs.runs(), mails, webhooks, storage, versions, keys }
}

/// What was read in time, or why it was not.
async fn seen<T>(read: impl Future<Output = Result<T>>) -> Seen<T> {
    match timeout(PATIENCE, read).await {
        Ok(read) => read.map_err(failed),
        Err(_) => Err(Failure::Late),
    }
}

/// What blocks is read beside, and no longer waited for than the rest.
async fn beside<T: Send + 'static>(read: impl FnOnce() -> Seen<T> + Send + 'static) -> Seen<T> {
    match timeout(PATIENCE, tokio::task::spawn_blocking(read)).await {
        Ok(Ok(read)) => read,
        Ok(Err(_)) => Err(Failure::Defect),
        Err(_) => Err(Failure::Late),
    }
}

/// The kind of what went wrong; the log tells the rest.
fn failed(error: impl Display) -> Failure {
    let error = format!("{error:#}");
    tracing::warn!(error, "A part of the state of the service cannot be read");
    Failure::read(&error)
}
