//! The desk: where courses are begun, ordered and written.

mod authors;
pub mod chapter;
mod courses;
pub mod files;
pub mod glossary;
pub mod history;
pub mod list;
pub mod outline;
pub mod settings;
mod tables;
mod writing;

pub use tables::Tables;

use super::framed;
use super::store::{self, Draft};
use crate::access::{CourseAuthor, Viewer};
use crate::app::App;
use crate::error::{Error, Result};
use domain::ids::CourseSlug;
use domain::studio::description;
use frontend::studio::{Framed, Tab};
use sea_orm::ConnectionTrait;

/// The text of a chapter is of 512 KiB at most; a form makes of each sign up to nine bytes.
pub const BODY_LIMIT: usize = 5 * 1024 * 1024;

/// The text of a file of a draft, with its revision; none where there is no such file.
async fn text_of(db: &impl ConnectionTrait, course: &CourseSlug, path: &str) -> Result<Option<(i64, String)>> {
    let Some(file) = store::file(db, course, path).await? else { return Ok(None) };
    let text = text(store::bytes(db, &file).await?)?;
    Ok(Some((file.revision, text)))
}

fn text(bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes)
        .map_err(|_| Error::Conflict("Ce fichier n’est pas un texte\u{a0}: remplacez-le par un autre.".into()))
}

/// The file that describes a course, and that of its glossary.
const DESCRIPTION: &str = "course.toml";
const GLOSSARY: &str = "glossary.toml";

/// The draft, who looks at it, and what its pages have in common.
async fn opened(app: &App, viewer: &Viewer, course: &CourseSlug) -> Result<(Draft, CourseAuthor, Framed)> {
    let (draft, author) = super::authored(app, viewer, course).await?;
    let description = text_of(app.db.reader(), course, DESCRIPTION).await?.unwrap_or_default().1;
    let framed = framed(&author, &description::read(&description).title, Tab::Outline);
    Ok((draft, author, framed))
}
