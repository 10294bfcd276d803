//! From a draft to what agents follow: the gate, what changes for whom, publishing now or at a date, going back, withdrawing;
//! and what comes in from other platforms, or goes there.

pub(crate) mod act;
pub mod bringing;
mod entity;
pub mod exporting;
mod gate;
pub mod notices;
pub mod planned;
pub mod results;
pub mod routes;
pub mod versions;
mod words;
pub mod work;

use super::store::Draft;
use super::{authored, framed};
use crate::access::{CourseAuthor, Viewer};
use crate::app::App;
use crate::error::{Error, Result};
use domain::ids::CourseSlug;

/// The draft of a course, for who publishes it.
///
/// # Errors
/// As [`authored`].
async fn published_by(app: &App, viewer: &Viewer, course: &CourseSlug) -> Result<(Draft, CourseAuthor)> {
    let (draft, author) = authored(app, viewer, course).await?;
    if author.publishes { Ok((draft, author)) } else { Err(Error::NotFound) }
}

/// What a version makes true of the records and of the follow-up, for those who do nothing. Jobs do it too; saying it
/// twice changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn settle(app: &App) -> Result<()> {
    crate::follow_up::catch_up(app).await?;
    crate::certificate::catch_up(app).await
}
