//! Saving a chapter: what two authors write at once is put together, and told to both.

use super::{store, text};
use crate::access::CourseAuthor;
use crate::app::App;
use crate::error::{Error, Result};
use crate::studio::store::{Save, Saved};
use domain::ids::ChapterSlug;
use domain::studio::chapter;
use domain::studio::written::{Written, merge_written};
use jiff::Timestamp;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// What is to be saved.
#[derive(Debug, Clone)]
pub(super) struct Saving {
    /// Made in the browser or with the form: said twice, it is saved once.
    pub(super) request: Uuid,
    /// The revision that it was made from.
    pub(super) base: i64,
    pub(super) written: Written,
}

/// The chapter as it is once saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) revision: i64,
    pub(super) written: Written,
    /// Places where both versions are kept side by side.
    pub(super) conflicts: u32,
    pub(super) saved_at: Timestamp,
}

/// The file of a chapter in the draft.
pub(super) fn path(chapter: &ChapterSlug) -> String {
    format!("{chapter}/chapter.md")
}

/// The chapter as it is now.
///
/// # Errors
/// [`Error::NotFound`] where there is none.
pub(super) async fn now(db: &impl ConnectionTrait, author: &CourseAuthor, chapter: &ChapterSlug) -> Result<Kept> {
    let file = store::file(db, &author.course, &path(chapter)).await?.ok_or(Error::NotFound)?;
    let written = chapter::read(&text(store::bytes(db, &file).await?)?);
    Ok(Kept { revision: file.revision, written, conflicts: 0, saved_at: file.saved_at })
}

/// Saves it; what was saved by others since its base is put together with it.
///
/// # Errors
/// [`Error::NotFound`] where the chapter is not there, or was never at that base.
pub(super) async fn save(app: &App, author: &CourseAuthor, chapter: &ChapterSlug, saving: Saving) -> Result<Kept> {
    let (author, chapter, now) = (author.clone(), chapter.clone(), app.clock.now());
    app.db.write(move |db| Box::pin(async move { save_in(db, &author, &chapter, now, saving).await })).await
}

async fn save_in(
    db: &impl ConnectionTrait,
    author: &CourseAuthor,
    chapter: &ChapterSlug,
    at: Timestamp,
    saving: Saving,
) -> Result<Kept> {
    let (course, path) = (&author.course, path(chapter));
    if store::is_done(db, course, saving.request).await? {
        return now(db, author, chapter).await;
    }
    loop {
        let known = store::file(db, course, &path).await?.ok_or(Error::NotFound)?;
        let file = text(store::bytes(db, &known).await?)?;
        let saved = chapter::read(&file);
        let (written, conflicts) = if known.revision == saving.base {
            let minutes = saving.written.minutes.or(saved.minutes);
            (Written { minutes, ..saving.written.clone().canonical() }, 0)
        } else {
            let base = store::revision(db, course, &path, saving.base).await?.ok_or(Error::NotFound)?;
            let base = chapter::read(&text(store::bytes(db, &base).await?)?);
            merge_written(&base, &saved, &saving.written.clone().canonical())
        };
        let new = chapter::write(&file, &written);
        if new == file {
            return Ok(Kept { revision: known.revision, written, conflicts, saved_at: known.saved_at });
        }
        let save = Save { path: path.clone(), base: Some(known.revision), bytes: Some(new.clone().into_bytes()) };
        // Somebody saved in between: it is put together with that too.
        if let Saved::Kept(revision) = store::save(db, author, (at, saving.request), save).await? {
            return Ok(Kept { revision, written: chapter::read(&new), conflicts, saved_at: at });
        }
    }
}
