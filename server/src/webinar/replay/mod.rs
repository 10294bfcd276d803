//! A recorded webinar watched later: its page, what is played of it, its captions, its quiz.

pub mod captions;
mod crediting;
mod entity;
pub mod page;
pub mod playing;
pub mod quiz;
mod store;

use crate::error::Result;
use domain::ids::{PersonId, WebinarId};
use sea_orm::ConnectionTrait;

pub(crate) use page::list;

/// The parts of a recording that somebody played and that count, each once: from where to where, in milliseconds.
///
/// # Errors
/// When the database fails.
pub(crate) async fn played(db: &impl ConnectionTrait, webinar: WebinarId, person: PersonId) -> Result<Vec<(u64, u64)>> {
    let pieces = store::pieces(db, webinar, person).await?;
    Ok(domain::webinar::replay::parts(&pieces))
}
