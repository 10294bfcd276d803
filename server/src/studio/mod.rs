//! The studio: courses being written, by several authors, until they are published.

pub mod desk;
mod entity;
pub mod media;
pub mod publishing;
pub mod questions;
pub(crate) mod store;

use crate::access::{CourseAuthor, Viewer};
use crate::app::App;
use crate::course::{library, publish};
use crate::error::{Error, Result};
use domain::course::parse::SourceFile;
use domain::ids::{CourseSlug, PersonId};
use frontend::studio::{Framed, Tab};
use sha2::{Digest as _, Sha256};
use store::Draft;
use uuid::Uuid;

/// The draft of a course, for who writes it.
///
/// # Errors
/// [`Error::NotFound`] for anybody else, or where there is no draft; when the database fails.
pub(crate) async fn authored(app: &App, viewer: &Viewer, course: &CourseSlug) -> Result<(Draft, CourseAuthor)> {
    let draft = store::draft(app.db.reader(), course).await?;
    let authors = store::authors(app.db.reader(), course).await?;
    Ok((draft, viewer.course_author(course, &authors)?))
}

/// What surrounds a page about a course, under the title that it has there; under its slug where it has none yet.
fn framed(author: &CourseAuthor, title: &str, tab: Tab) -> Framed {
    let course = author.course.to_string();
    let title = if title.is_empty() { course.clone() } else { title.to_owned() };
    Framed { course, title, publishes: author.publishes, tab }
}

/// The request that saves this: the form's, and what was typed in it. Sent twice it is done once; typed anew in a page that
/// a browser went back to, it is another.
pub(crate) fn bound(request: Uuid, typed: &[u8]) -> Uuid {
    let digest = Sha256::new().chain_update(request).chain_update(typed).finalize();
    Uuid::from_bytes(std::array::from_fn(|place| digest.get(place).copied().unwrap_or_default()))
}

/// Makes the draft of a published course; where there is one already, it stays as it is.
///
/// # Errors
/// [`Error::NotFound`] where nothing is published; [`Error::Conflict`] where the sources of what is published were not
/// kept.
pub async fn begin(app: &App, course: &CourseSlug, by: PersonId, request: Uuid) -> Result<()> {
    let newest = library::newest(app.db.reader(), course).await?.ok_or(Error::NotFound)?;
    let files = publish::sources(app.db.reader(), newest.id).await?;
    if files.is_empty() {
        return Err(Error::Conflict(format!(
            "La version {} a été publiée avant que le studio ne garde les textes des cours. Publiez de nouveau le même dossier («\u{a0}socle content publish\u{a0}»)\u{a0}: rien ne changera pour les agents, et le cours s’ouvrira ici.",
            newest.number
        )));
    }
    let (course, now) = (course.clone(), app.clock.now());
    let base = u32::try_from(newest.number).ok();
    app.db
        .write(move |db| {
            Box::pin(async move { store::create(db, (&course, base), (by, now), request, files).await.map(|_| ()) })
        })
        .await
}

/// The course's folder that a draft makes, as publishing reads it.
///
/// # Errors
/// When the database fails.
pub async fn folder(app: &App, course: &CourseSlug) -> Result<Vec<SourceFile>> {
    store::sources(app.db.reader(), course).await
}
