//! From a folder of files to an immutable version in the database.

use super::entity::{blob, course_file, course_source, course_version};
use super::{library, search};
use crate::app::App;
use crate::error::Error;
use crate::follow_up::{catch_up, enrolment};
use anyhow::{Context as _, bail};
use domain::course::Course;
use domain::course::parse::{Problem, SourceFile, parse};
use jiff::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set,
};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// Rows written by one statement.
const TOGETHER: usize = 400;

/// A course's folder, read and checked.
#[derive(Debug)]
pub struct Checked {
    pub slug: String,
    pub files: Vec<SourceFile>,
    /// Present when there is no problem.
    pub course: Option<Course>,
    pub problems: Vec<Problem>,
}

/// What publishing did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Publication {
    /// The folder is what is already published.
    Unchanged {
        number: u32,
    },
    New {
        number: u32,
    },
}

/// Reads a course's folder and reports every problem in it.
///
/// # Errors
/// When the folder cannot be read.
pub fn check(folder: &Path) -> anyhow::Result<Checked> {
    let (slug, files) = read(folder)?;
    let (course, problems) = parse(&slug, &files);
    Ok(Checked { slug, files, course, problems })
}

/// The name of a folder and all its files.
pub(crate) fn read(folder: &Path) -> anyhow::Result<(String, Vec<SourceFile>)> {
    let folder =
        folder.canonicalize().with_context(|| format!("{} is not a folder that can be read", folder.display()))?;
    let slug = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
    let mut files = Vec::new();
    collect(&folder, &folder, &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok((slug, files))
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<SourceFile>) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_symlink() {
            bail!("{} is a link: a course holds plain files only", path.display());
        } else if kind.is_dir() {
            collect(root, &path, files)?;
        } else {
            let name: Vec<_> = path.strip_prefix(root)?.iter().map(|part| part.to_string_lossy()).collect();
            let bytes = std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            files.push(SourceFile { path: name.join("/"), bytes });
        }
    }
    Ok(())
}

/// A course without a problem, ready to become a version.
#[derive(Debug)]
pub(crate) struct Ready {
    course: Course,
    files: Vec<SourceFile>,
    digest: String,
    body: String,
}

impl Ready {
    /// # Errors
    /// When the course cannot be written as JSON.
    pub(crate) fn new(course: Course, files: Vec<SourceFile>) -> Result<Self, serde_json::Error> {
        let (digest, body) = (digest(&files), serde_json::to_string(&course)?);
        Ok(Self { course, files, digest, body })
    }
}

/// Publishes a checked course: a new version, its files and its search index, all or nothing.
/// A folder equal to the newest version publishes nothing.
///
/// # Errors
/// When the course has problems or the database fails.
pub async fn publish(app: &App, checked: Checked) -> anyhow::Result<Publication> {
    let Some(course) = checked.course else {
        bail!("{} has {} problem(s): nothing is published", checked.slug, checked.problems.len());
    };
    let (ready, now) = (Ready::new(course, checked.files)?, app.clock.now());
    let publication = app.db.write(move |db| Box::pin(async move { write(db, now, ready).await })).await?;
    app.library.refresh(&app.db).await?;
    catch_up(app).await?;
    Ok(publication)
}

/// Writes the version, within a transaction; the library takes it up once this is committed.
///
/// # Errors
/// When the database fails.
pub(crate) async fn write(db: &impl ConnectionTrait, now: Timestamp, ready: Ready) -> Result<Publication, Error> {
    let Ready { course, files, digest, body } = ready;
    let newest = library::newest(db, &course.slug).await?;
    if let Some(known) = newest.as_ref().filter(|known| known.digest == digest) {
        let kept = course_source::Entity::find().filter(course_source::Column::VersionId.eq(known.id));
        // A version older than that table has none.
        if kept.one(db).await?.is_none() {
            keep_sources(db, known.id, files).await?;
        }
        return Ok(Publication::Unchanged { number: u32::try_from(known.number).unwrap_or(0) });
    }
    let number = newest.map_or(1, |newest| newest.number + 1);
    let row = course_version::ActiveModel {
        course: Set(course.slug.to_string()),
        number: Set(number),
        title: Set(course.title.clone()),
        digest: Set(digest),
        body: Set(body),
        published_at: Set(now.as_millisecond()),
        ..Default::default()
    };
    let version_id = course_version::Entity::insert(row).exec(db).await?.last_insert_id;
    keep_sources(db, version_id, files).await?;
    search::index(db, &course).await?;
    enrolment::set_syllabus(db, &course).await?;
    Ok(Publication::New { number: u32::try_from(number).unwrap_or(0) })
}

/// Keeps the files of a version: all for the studio, apart; to be served, those that are shown as they are, since
/// Markdown and TOML have become the body and hold the right answers.
async fn keep_sources(db: &impl ConnectionTrait, version_id: i64, files: Vec<SourceFile>) -> Result<(), Error> {
    let (mut served, mut sources) = (Vec::new(), Vec::new());
    let mut bytes = BTreeMap::new();
    for file in files {
        let digest = hex::encode(Sha256::digest(&file.bytes));
        if !matches!(file.path.rsplit('.').next(), Some("md" | "toml")) {
            served.push(course_file::ActiveModel {
                version_id: Set(version_id),
                path: Set(file.path.clone()),
                digest: Set(digest.clone()),
                size: Set(i64::try_from(file.bytes.len()).unwrap_or(i64::MAX)),
            });
        }
        let row = course_source::ActiveModel {
            version_id: Set(version_id),
            path: Set(file.path),
            digest: Set(digest.clone()),
        };
        sources.push(row);
        bytes.insert(digest, file.bytes);
    }
    keep_missing(db, bytes).await?;
    for rows in served.chunks(TOGETHER) {
        let key = [course_file::Column::VersionId, course_file::Column::Path];
        let once = OnConflict::columns(key).do_nothing_on(key).to_owned();
        course_file::Entity::insert_many(rows.to_vec())
            .on_conflict(once)
            .try_insert()
            .exec_without_returning(db)
            .await?;
    }
    for rows in sources.chunks(TOGETHER) {
        let key = [course_source::Column::VersionId, course_source::Column::Path];
        let once = OnConflict::columns(key).do_nothing_on(key).to_owned();
        course_source::Entity::insert_many(rows.to_vec())
            .on_conflict(once)
            .try_insert()
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

/// Keeps the bytes that are not kept yet: most of a course is the same from one version to the next.
async fn keep_missing(db: &impl ConnectionTrait, mut bytes: BTreeMap<String, Vec<u8>>) -> Result<(), Error> {
    let digests: Vec<String> = bytes.keys().cloned().collect();
    for digests in digests.chunks(TOGETHER) {
        let known: Vec<String> = blob::Entity::find()
            .select_only()
            .column(blob::Column::Digest)
            .filter(blob::Column::Digest.is_in(digests))
            .into_tuple()
            .all(db)
            .await?;
        bytes.retain(|digest, _| !known.contains(digest));
    }
    for (digest, bytes) in bytes {
        keep_under(db, digest, bytes).await?;
    }
    Ok(())
}

/// Keeps bytes under their digest, once.
pub(crate) async fn keep_blob(db: &impl ConnectionTrait, bytes: Vec<u8>) -> Result<String, Error> {
    let digest = hex::encode(Sha256::digest(&bytes));
    keep_under(db, digest.clone(), bytes).await?;
    Ok(digest)
}

async fn keep_under(db: &impl ConnectionTrait, digest: String, bytes: Vec<u8>) -> Result<(), Error> {
    let row = blob::ActiveModel { digest: Set(digest), bytes: Set(bytes) };
    let once = OnConflict::column(blob::Column::Digest).do_nothing_on([blob::Column::Digest]).to_owned();
    blob::Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(db).await?;
    Ok(())
}

/// The sources of a published version, whole; none where it was published before they were kept.
pub(crate) async fn sources(db: &impl ConnectionTrait, version_id: i64) -> Result<Vec<SourceFile>, Error> {
    let rows = course_source::Entity::find()
        .filter(course_source::Column::VersionId.eq(version_id))
        .order_by_asc(course_source::Column::Path)
        .find_also_related(blob::Entity)
        .all(db)
        .await?;
    let file = |(source, blob): (course_source::Model, Option<blob::Model>)| {
        Some(SourceFile { path: source.path, bytes: blob?.bytes })
    };
    Ok(rows.into_iter().filter_map(file).collect())
}

/// What the folder holds, whatever the machine it was read on.
pub(crate) fn digest(files: &[SourceFile]) -> String {
    let mut digest = Sha256::new();
    for file in files {
        for part in [file.path.as_bytes(), &file.bytes] {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
    }
    hex::encode(digest.finalize())
}
