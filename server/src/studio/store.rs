//! Drafts in the database: the sources of a course, file by file. Each save is kept; bytes are kept once, by digest.

use super::entity::{draft, draft_author, draft_file, draft_save};
use crate::access::CourseAuthor;
use crate::course::entity::blob;
use crate::course::publish::keep_blob;
use crate::error::{Error, Result};
use domain::course::parse::SourceFile;
use domain::ids::{CourseSlug, PersonId};
use domain::studio::folder;
use jiff::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, Set};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Files whose bytes are read together.
const TOGETHER: usize = 200;

/// A course being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    pub(crate) course: CourseSlug,
    /// The number of the published version that it was taken from, or made; none where nothing was published yet.
    pub(crate) base: Option<u32>,
}

/// A file of a draft, as it was saved once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    /// As in [`domain::studio::folder`]: `accueil/chapter.md`.
    pub(crate) path: String,
    /// Of this save, higher than those of earlier ones.
    pub(crate) revision: i64,
    /// None where the file was removed.
    pub(crate) digest: Option<String>,
    /// Bytes.
    pub(crate) size: u64,
    pub(crate) saved_at: Timestamp,
    pub(crate) saved_by: PersonId,
}

/// A file to save.
#[derive(Debug, Clone)]
pub(crate) struct Save {
    pub(crate) path: String,
    /// The revision that it was made from; none for a file that was not there.
    pub(crate) base: Option<i64>,
    /// None removes the file.
    pub(crate) bytes: Option<Vec<u8>>,
}

/// What came of a save.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Saved {
    /// Kept under this revision; again the same one where it was said twice.
    Kept(i64),
    /// Somebody saved since: the file as it is now, or none where it was removed. Nothing is written.
    Behind(Option<File>),
}

impl From<draft_save::Model> for File {
    fn from(row: draft_save::Model) -> Self {
        Self {
            path: row.path,
            revision: row.id,
            digest: row.digest,
            size: u64::try_from(row.size).unwrap_or(0),
            saved_at: Timestamp::from_millisecond(row.saved_at).unwrap_or_default(),
            saved_by: PersonId(row.saved_by),
        }
    }
}

/// The draft of a course.
///
/// # Errors
/// [`Error::NotFound`] where there is none; when the database fails.
pub(crate) async fn draft(db: &impl ConnectionTrait, course: &CourseSlug) -> Result<Draft> {
    let row = draft::Entity::find_by_id(course.to_string()).one(db).await?.ok_or(Error::NotFound)?;
    Ok(Draft { course: course.clone(), base: row.base.and_then(|number| u32::try_from(number).ok()) })
}

/// Every draft there is, in the order of slugs.
///
/// # Errors
/// When the database fails.
pub(crate) async fn drafts(db: &impl ConnectionTrait) -> Result<Vec<Draft>> {
    let rows = draft::Entity::find().order_by_asc(draft::Column::Course).all(db).await?;
    let read = |row: draft::Model| {
        Some(Draft { course: row.course.parse().ok()?, base: row.base.and_then(|number| u32::try_from(number).ok()) })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Makes a draft of these files, as a course's folder holds them; where there is one already, it stays as it is.
///
/// # Errors
/// When the database fails.
pub(crate) async fn create(
    db: &impl ConnectionTrait,
    (course, base): (&CourseSlug, Option<u32>),
    (by, now): (PersonId, Timestamp),
    request: Uuid,
    files: Vec<SourceFile>,
) -> Result<bool> {
    let row = draft::ActiveModel {
        course: Set(course.to_string()),
        base: Set(base.map(i64::from)),
        created_at: Set(now.as_millisecond()),
        created_by: Set(by.0),
    };
    let once = OnConflict::column(draft::Column::Course).do_nothing_on([draft::Column::Course]).to_owned();
    let made = draft::Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(db).await?;
    if !matches!(made, sea_orm::TryInsertResult::Inserted(1)) {
        return Ok(false);
    }
    for SourceFile { path, bytes } in folder::from_folder(files) {
        write(db, course, (by, now, request), Save { path, base: None, bytes: Some(bytes) }).await?;
    }
    Ok(true)
}

/// The people who write a course without being its trainers.
///
/// # Errors
/// When the database fails.
pub(crate) async fn authors(db: &impl ConnectionTrait, course: &CourseSlug) -> Result<Vec<PersonId>> {
    let rows = draft_author::Entity::find().filter(draft_author::Column::Course.eq(course.as_str())).all(db).await?;
    Ok(rows.into_iter().map(|row| PersonId(row.person_id)).collect())
}

/// The files of a draft as they are now, in the order of their paths, without their bytes.
///
/// # Errors
/// When the database fails.
pub(crate) async fn files(db: &impl ConnectionTrait, course: &CourseSlug) -> Result<Vec<File>> {
    let rows = draft_file::Entity::find()
        .filter(draft_file::Column::Course.eq(course.as_str()))
        .order_by_asc(draft_file::Column::Path)
        .find_also_related(draft_save::Entity)
        .all(db)
        .await?;
    Ok(rows.into_iter().filter_map(|(_, save)| save).map(File::from).filter(|file| file.digest.is_some()).collect())
}

/// The course's folder that a draft makes, as publishing and checking read it.
///
/// # Errors
/// When the database fails.
pub(crate) async fn sources(db: &impl ConnectionTrait, course: &CourseSlug) -> Result<Vec<SourceFile>> {
    Ok(folder::to_folder(draft_sources(db, course).await?))
}

/// The files of a draft with their bytes, under the draft's own names.
///
/// # Errors
/// When the database fails.
pub(crate) async fn draft_sources(db: &impl ConnectionTrait, course: &CourseSlug) -> Result<Vec<SourceFile>> {
    let files = files(db, course).await?;
    let digests: BTreeSet<&String> = files.iter().filter_map(|file| file.digest.as_ref()).collect();
    let mut known = BTreeMap::new();
    for some in digests.into_iter().collect::<Vec<_>>().chunks(TOGETHER) {
        let rows = blob::Entity::find().filter(blob::Column::Digest.is_in(some.iter().copied())).all(db).await?;
        known.extend(rows.into_iter().map(|row| (row.digest, row.bytes)));
    }
    let bytes = |file: &File| known.get(file.digest.as_ref()?).cloned();
    Ok(files.into_iter().filter_map(|file| Some(SourceFile { bytes: bytes(&file)?, path: file.path })).collect())
}

/// A file as it is now; none where there is none.
///
/// # Errors
/// When the database fails.
pub(crate) async fn file(db: &impl ConnectionTrait, course: &CourseSlug, path: &str) -> Result<Option<File>> {
    let row = draft_file::Entity::find_by_id((course.to_string(), path.to_owned()))
        .find_also_related(draft_save::Entity)
        .one(db)
        .await?;
    Ok(row.and_then(|(_, save)| save).map(File::from).filter(|file| file.digest.is_some()))
}

/// A file as it was saved at a revision; none where that revision is another file's.
///
/// # Errors
/// When the database fails.
pub(crate) async fn revision(
    db: &impl ConnectionTrait,
    course: &CourseSlug,
    path: &str,
    revision: i64,
) -> Result<Option<File>> {
    let row = draft_save::Entity::find_by_id(revision).one(db).await?;
    Ok(row.filter(|row| row.course == course.as_str() && row.path == path).map(File::from))
}

/// The bytes of a save; empty where it removed the file.
///
/// # Errors
/// When the database fails, or lacks them.
pub(crate) async fn bytes(db: &impl ConnectionTrait, file: &File) -> Result<Vec<u8>> {
    let Some(digest) = &file.digest else { return Ok(Vec::new()) };
    let row = blob::Entity::find_by_id(digest.clone()).one(db).await?;
    row.map(|row| row.bytes).ok_or_else(|| Error::Internal(format!("the bytes {digest} are missing")))
}

/// Whether that request was carried out already.
///
/// # Errors
/// When the database fails.
pub(crate) async fn is_done(db: &impl ConnectionTrait, course: &CourseSlug, request: Uuid) -> Result<bool> {
    let said = draft_save::Entity::find()
        .filter(draft_save::Column::Request.eq(request.to_string()))
        .filter(draft_save::Column::Course.eq(course.as_str()));
    Ok(said.one(db).await?.is_some())
}

/// Saves a file, unless somebody saved it since `base`. The same `request` said twice saves once.
///
/// # Errors
/// When the database fails.
pub(crate) async fn save(
    db: &impl ConnectionTrait,
    author: &CourseAuthor,
    (now, request): (Timestamp, Uuid),
    save: Save,
) -> Result<Saved> {
    write(db, &author.course, (author.person, now, request), save).await
}

async fn write(
    db: &impl ConnectionTrait,
    course: &CourseSlug,
    (by, now, request): (PersonId, Timestamp, Uuid),
    Save { path, base, bytes }: Save,
) -> Result<Saved> {
    use draft_save::Column;
    lock(db, course).await?;
    let said = draft_save::Entity::find()
        .filter(Column::Request.eq(request.to_string()))
        .filter(Column::Course.eq(course.as_str()))
        .filter(Column::Path.eq(&path));
    if let Some(done) = said.one(db).await? {
        return Ok(Saved::Kept(done.id));
    }
    let known = file(db, course, &path).await?;
    if known.as_ref().map(|file| file.revision) != base {
        return Ok(Saved::Behind(known));
    }
    let size = bytes.as_ref().map_or(0, |bytes| i64::try_from(bytes.len()).unwrap_or(i64::MAX));
    let digest = match bytes {
        Some(bytes) => Some(keep_blob(db, bytes).await?),
        None => None,
    };
    let row = draft_save::ActiveModel {
        request: Set(request.to_string()),
        course: Set(course.to_string()),
        path: Set(path.clone()),
        digest: Set(digest),
        size: Set(size),
        saved_at: Set(now.as_millisecond()),
        saved_by: Set(by.0),
        ..Default::default()
    };
    let revision = draft_save::Entity::insert(row).exec(db).await?.last_insert_id;
    let row = draft_file::ActiveModel { course: Set(course.to_string()), path: Set(path), save_id: Set(revision) };
    let key = [draft_file::Column::Course, draft_file::Column::Path];
    let newest = OnConflict::columns(key).update_column(draft_file::Column::SaveId).to_owned();
    draft_file::Entity::insert(row).on_conflict(newest).exec_without_returning(db).await?;
    Ok(Saved::Kept(revision))
}

/// One save of a draft at a time: two authors who save one file at once are seen by one another. On SQLite there is one
/// writer anyway.
async fn lock(db: &impl ConnectionTrait, course: &CourseSlug) -> Result<()> {
    use sea_orm::QuerySelect as _;
    draft::Entity::find_by_id(course.to_string()).lock_exclusive().one(db).await?;
    Ok(())
}
