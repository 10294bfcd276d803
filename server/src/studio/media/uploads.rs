//! Files on their way in: what is known of them in the database, their bytes in the data folder. What is said to be
//! received is on disk first, so that it is so after the machine was cut off too.

use super::entity::{self, Column, Entity};
use crate::app::App;
use crate::error::{Error, Result, explained};
use axum::response::Response;
use domain::ids::{CourseSlug, PersonId};
use domain::studio::medium::weight;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use std::collections::{BTreeSet, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// The largest file that is received. What a course takes is far less, and told once the file is known.
pub(crate) const MOST: u64 = 512 * 1024 * 1024;

/// Files that one person may have on their way at once.
const MOST_FILES: usize = 10;

/// Bytes that one person may have announced at once.
const MOST_BYTES: u64 = 2 * MOST;

/// An upload that nothing was added to for so long is given up.
const PATIENCE: SignedDuration = SignedDuration::from_hours(24);

/// A file on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Upload {
    pub(crate) id: Uuid,
    pub(crate) person: PersonId,
    pub(crate) course: CourseSlug,
    pub(crate) name: String,
    pub(crate) size: u64,
    pub(crate) received: u64,
    pub(crate) expires_at: Timestamp,
}

impl TryFrom<entity::Model> for Upload {
    type Error = Error;

    fn try_from(row: entity::Model) -> Result<Self> {
        let wrong = || Error::Internal(format!("the upload {} cannot be read", row.id));
        Ok(Self {
            id: row.id.parse().map_err(|_| wrong())?,
            person: PersonId(row.person_id),
            course: row.course.parse().map_err(|_| wrong())?,
            size: u64::try_from(row.size).map_err(|_| wrong())?,
            received: u64::try_from(row.received).map_err(|_| wrong())?,
            expires_at: Timestamp::from_millisecond(row.expires_at).map_err(|_| wrong())?,
            name: row.name.clone(),
        })
    }
}

/// Those that are being written to now: two at once would mix their bytes.
#[derive(Debug, Clone, Default)]
pub struct Uploads(Arc<Mutex<HashSet<Uuid>>>);

/// Holds an upload for as long as it lives.
#[derive(Debug)]
pub(crate) struct Held(Uploads, Uuid);

impl Uploads {
    /// None where somebody writes to it.
    pub(crate) fn hold(&self, id: Uuid) -> Option<Held> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.insert(id).then(|| Held(self.clone(), id))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}

/// Where they all are.
pub(crate) fn folder(app: &App) -> PathBuf {
    app.config.data.join("envois")
}

/// Where its bytes are.
pub(crate) fn path(app: &App, id: Uuid) -> PathBuf {
    folder(app).join(id.to_string())
}

fn failed(error: &std::io::Error) -> Error {
    Error::Internal(format!("an upload cannot be kept: {error}"))
}

/// Announces a file. The same `id` said twice by the same person announces it once.
///
/// # Errors
/// Where this person has too much on its way, with what to do; when the disk or the database fails.
pub(crate) async fn create(
    app: &App,
    (person, course): (PersonId, &CourseSlug),
    id: Uuid,
    (name, size): (String, u64),
) -> Result<Result<Upload, Response>> {
    let now = app.clock.now();
    let own = Entity::find().filter(Column::PersonId.eq(person.0)).all(app.db.reader()).await?;
    if let Some(known) = own.iter().find(|row| row.id == id.to_string()) {
        return Ok(Ok(known.clone().try_into()?));
    }
    let live = own.iter().filter(|row| row.expires_at > now.as_millisecond());
    let sizes: Vec<u64> = live.filter_map(|row| u64::try_from(row.size).ok()).collect();
    if sizes.len() >= MOST_FILES || sizes.iter().sum::<u64>() + size > MOST_BYTES {
        let said = format!(
            "Vous avez déjà {} en cours, et {MOST_FILES} fichiers ou {} au plus peuvent l’être\u{a0}: attendez qu’ils soient finis, ou abandonnez-les.",
            domain::text::counted(sizes.len() as u64, "envoi", "envois"),
            weight(MOST_BYTES)
        );
        return Ok(Err(explained(StatusCode::TOO_MANY_REQUESTS, "Trop d’envois en cours", said)));
    }
    let expires_at = now + PATIENCE;
    let row = entity::ActiveModel {
        id: Set(id.to_string()),
        person_id: Set(person.0),
        course: Set(course.to_string()),
        name: Set(name.clone()),
        size: Set(i64::try_from(size).unwrap_or(i64::MAX)),
        received: Set(0),
        expires_at: Set(expires_at.as_millisecond()),
    };
    let made = app
        .db
        .write(move |db| {
            Box::pin(async move {
                let once = OnConflict::column(Column::Id).do_nothing_on([Column::Id]).to_owned();
                let made = Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(db).await?;
                Ok::<_, Error>(matches!(made, sea_orm::TryInsertResult::Inserted(1)))
            })
        })
        .await?;
    if !made {
        return Err(Error::NotFound); // somebody else's, under an identifier that was guessed or made twice
    }
    tokio::fs::create_dir_all(folder(app)).await.map_err(|error| failed(&error))?;
    tokio::fs::File::create(path(app, id)).await.map_err(|error| failed(&error))?;
    Ok(Ok(Upload { id, person, course: course.clone(), name, size, received: 0, expires_at }))
}

/// An upload of that person.
///
/// # Errors
/// [`Error::NotFound`] for anybody else's, and for one that was given up.
pub(crate) async fn own(app: &App, person: PersonId, id: Uuid) -> Result<Upload> {
    let row = Entity::find_by_id(id.to_string()).one(app.db.reader()).await?.ok_or(Error::NotFound)?;
    let upload = Upload::try_from(row)?;
    let is_live = upload.expires_at > app.clock.now();
    (upload.person == person && is_live).then_some(upload).ok_or(Error::NotFound)
}

/// Those of that person that are not finished.
///
/// # Errors
/// When the database fails.
pub(crate) async fn unfinished(app: &App, person: PersonId, course: &CourseSlug) -> Result<Vec<Upload>> {
    let rows = Entity::find()
        .filter(Column::PersonId.eq(person.0))
        .filter(Column::Course.eq(course.as_str()))
        .filter(Column::ExpiresAt.gt(app.clock.now().as_millisecond()))
        .all(app.db.reader())
        .await?;
    rows.into_iter().map(Upload::try_from).collect()
}

/// Notes how much of it is on disk for good; it is waited for again from now on. Gives until when.
///
/// # Errors
/// When the database fails.
pub(super) async fn note(app: &App, id: Uuid, received: u64) -> Result<Timestamp> {
    let expires_at = app.clock.now() + PATIENCE;
    let received = i64::try_from(received).unwrap_or(i64::MAX);
    app.db
        .write(move |db| {
            Box::pin(async move {
                Entity::update_many()
                    .col_expr(Column::Received, Expr::value(received))
                    .col_expr(Column::ExpiresAt, Expr::value(expires_at.as_millisecond()))
                    .filter(Column::Id.eq(id.to_string()))
                    .exec(db)
                    .await?;
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(expires_at)
}

/// Forgets an upload, and takes its bytes away.
///
/// # Errors
/// When the disk or the database fails.
pub(crate) async fn forget(app: &App, id: Uuid) -> Result<()> {
    app.db
        .write(move |db| {
            Box::pin(async move {
                Entity::delete_by_id(id.to_string()).exec(db).await?;
                Ok::<_, Error>(())
            })
        })
        .await?;
    match tokio::fs::remove_file(path(app, id)).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(&error)),
        _ => Ok(()),
    }
}

/// Takes away what was given up, and bytes that nobody waits for.
///
/// # Errors
/// When the disk or the database fails.
pub async fn sweep(app: &App) -> Result<()> {
    let now = app.clock.now().as_millisecond();
    // Listed before the rows: a file whose row is not made yet does not look forsaken.
    let mut files = Vec::new();
    if let Ok(mut folder) = tokio::fs::read_dir(folder(app)).await {
        while let Ok(Some(file)) = folder.next_entry().await {
            files.extend(file.file_name().to_str().and_then(|name| name.parse::<Uuid>().ok()));
        }
    }
    let rows = Entity::find().all(app.db.reader()).await?;
    let live: BTreeSet<&str> = rows.iter().filter(|row| row.expires_at > now).map(|row| row.id.as_str()).collect();
    let dead = rows.iter().filter(|row| row.expires_at <= now).filter_map(|row| row.id.parse().ok());
    let forsaken = files.into_iter().filter(|id| !live.contains(id.to_string().as_str()));
    for id in dead.chain(forsaken).collect::<BTreeSet<Uuid>>() {
        forget(app, id).await?;
    }
    Ok(())
}
