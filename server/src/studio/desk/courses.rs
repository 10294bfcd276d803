//! Courses that one may write: which there are, how they begin, what of them is not published.

use super::{DESCRIPTION, store};
use crate::access::{CourseAuthor, CourseFounder, Viewer};
use crate::app::App;
use crate::course::entity::course_source;
use crate::course::{library, publish};
use crate::error::{Error, Result};
use crate::identity;
use crate::studio::entity::draft_author;
use domain::course::parse::SourceFile;
use domain::identity::{Grant, Role, Scope};
use domain::ids::CourseSlug;
use domain::studio::description::{self, Description};
use domain::studio::folder;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Names that the studio's own addresses have in the place of a course's.
const RESERVED: [&str; 3] = ["nouveau", "importer", "envois"];

/// The drafts that this person may write.
///
/// # Errors
/// When the database fails.
pub(super) async fn written_by(app: &App, viewer: &Viewer) -> Result<Vec<(store::Draft, CourseAuthor)>> {
    let db = app.db.reader();
    let rows = draft_author::Entity::find().filter(draft_author::Column::PersonId.eq(viewer.person.0)).all(db).await?;
    let named: BTreeSet<String> = rows.into_iter().map(|row| row.course).collect();
    let mut written = Vec::new();
    for draft in store::drafts(db).await? {
        let authors = if named.contains(draft.course.as_str()) { &[viewer.person][..] } else { &[] };
        if let Ok(author) = viewer.course_author(&draft.course, authors) {
            written.push((draft, author));
        }
    }
    Ok(written)
}

/// Whether the draft says something else than its newest published version; none where nothing is published.
///
/// # Errors
/// When the database fails.
pub(super) async fn has_changed(db: &impl ConnectionTrait, course: &CourseSlug) -> Result<Option<bool>> {
    let Some(newest) = library::newest(db, course).await? else { return Ok(None) };
    let rows = course_source::Entity::find().filter(course_source::Column::VersionId.eq(newest.id)).all(db).await?;
    let published: BTreeMap<String, String> = rows.into_iter().map(|row| (row.path, row.digest)).collect();
    let files = store::files(db, course).await?;
    let order = super::text_of(db, course, folder::ORDER).await?.unwrap_or_default().1;
    let folders = folder::folders(&folder::order(&order));
    let draft = files.into_iter().filter(|file| file.path != folder::ORDER);
    let draft = draft.filter_map(|file| Some((folder::path_in_folder(&file.path, &folders)?, file.digest?)));
    Ok(Some(draft.collect::<BTreeMap<_, _>>() != published))
}

/// What is wrong with the name that a new course would have.
///
/// # Errors
/// When the database fails.
pub(super) async fn refusal(app: &App, slug: &CourseSlug) -> Result<Option<String>> {
    let is_draft = match store::draft(app.db.reader(), slug).await {
        Ok(_) => true,
        Err(Error::NotFound) => false,
        Err(error) => return Err(error),
    };
    let is_published = library::newest(app.db.reader(), slug).await?.is_some();
    Ok(if RESERVED.contains(&slug.as_str()) {
        Some(format!("«\u{a0}{slug}\u{a0}» est le nom d’une page du studio\u{a0}: choisissez-en un autre."))
    } else if is_draft || is_published {
        Some(format!("Un cours s’appelle déjà «\u{a0}{slug}\u{a0}»\u{a0}: choisissez un autre identifiant."))
    } else {
        None
    })
}

/// Begins a course of these files; its founder becomes its trainer with it.
///
/// # Errors
/// [`Error::Conflict`] where somebody took that name meanwhile; when the database fails.
pub(super) async fn begin(
    app: &App,
    founder: CourseFounder,
    course: &CourseSlug,
    request: Uuid,
    files: Vec<SourceFile>,
) -> Result<()> {
    let (now, course) = (app.clock.now(), course.clone());
    let grant =
        Grant::new(Role::Trainer, Scope::Course(course.clone())).map_err(|error| Error::Internal(error.to_string()))?;
    app.db
        .write(move |db| {
            Box::pin(async move {
                if store::is_done(db, &course, request).await? {
                    return Ok(());
                }
                if !store::create(db, (&course, None), (founder.person, now), request, files).await? {
                    return Err(Error::Conflict(format!(
                        "Un cours s’appelle déjà «\u{a0}{course}\u{a0}»\u{a0}: choisissez un autre identifiant."
                    )));
                }
                identity::store::give(db, founder.person, &grant).await
            })
        })
        .await?;
    app.sessions.forget(founder.person);
    Ok(())
}

/// The files of a new course: what it says of itself, and nothing else yet.
pub(super) fn founded(description: &Description) -> Vec<SourceFile> {
    vec![SourceFile { path: DESCRIPTION.to_owned(), bytes: description::write("", description).into_bytes() }]
}

/// The files of a copy of a course, as it is being written, else as it is published.
///
/// # Errors
/// When the database fails.
pub(super) async fn copied(app: &App, from: &CourseSlug, description: &Description) -> Result<Vec<SourceFile>> {
    let db = app.db.reader();
    let mut files = match store::draft(db, from).await {
        Ok(_) => store::sources(db, from).await?,
        Err(Error::NotFound) => {
            let newest = library::newest(db, from).await?.ok_or(Error::NotFound)?;
            publish::sources(db, newest.id).await?
        }
        Err(error) => return Err(error),
    };
    for file in files.iter_mut().filter(|file| file.path == DESCRIPTION) {
        let text = super::text(std::mem::take(&mut file.bytes))?;
        file.bytes = description::write(&text, description).into_bytes();
    }
    Ok(files)
}
