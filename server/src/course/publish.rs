//! From a folder of files to an immutable version in the database.

use super::entity::{blob, course_file, course_version};
use super::{library, search};
use crate::app::App;
use crate::error::Error;
use crate::follow_up::{catch_up, enrolment};
use anyhow::{Context as _, bail};
use domain::course::Course;
use domain::course::parse::{Problem, SourceFile, parse};
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait as _, Set};
use sha2::{Digest as _, Sha256};
use std::path::Path;

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

/// Publishes a checked course: a new version, its files and its search index, all or nothing.
/// A folder equal to the newest version publishes nothing.
///
/// # Errors
/// When the course has problems or the database fails.
pub async fn publish(app: &App, checked: Checked) -> anyhow::Result<Publication> {
    let Some(course) = checked.course else {
        bail!("{} has {} problem(s): nothing is published", checked.slug, checked.problems.len());
    };
    let digest = digest(&checked.files);
    let body = serde_json::to_string(&course)?;
    let now = app.clock.now().as_millisecond();
    let backend = app.db.backend();
    // Markdown and TOML have become the body; what is served as it is stays a file.
    let files: Vec<_> =
        checked.files.into_iter().filter(|file| !matches!(file.path.rsplit('.').next(), Some("md" | "toml"))).collect();
    let publication = app
        .db
        .write(move |db| {
            Box::pin(async move {
                let newest = library::newest(db, &course.slug).await?;
                if let Some((number, _)) = newest.as_ref().filter(|(_, known)| *known == digest) {
                    return Ok::<_, Error>(Publication::Unchanged { number: u32::try_from(*number).unwrap_or(0) });
                }
                let number = newest.map_or(1, |(number, _)| number + 1);
                let row = course_version::ActiveModel {
                    course: Set(course.slug.to_string()),
                    number: Set(number),
                    title: Set(course.title.clone()),
                    digest: Set(digest),
                    body: Set(body),
                    published_at: Set(now),
                    ..Default::default()
                };
                let version_id = course_version::Entity::insert(row).exec(db).await?.last_insert_id;
                for file in files {
                    store_file(db, version_id, file).await?;
                }
                search::index(db, backend, &course).await?;
                enrolment::set_syllabus(db, &course).await?;
                Ok(Publication::New { number: u32::try_from(number).unwrap_or(0) })
            })
        })
        .await?;
    app.library.refresh(&app.db).await?;
    catch_up(app).await?;
    Ok(publication)
}

async fn store_file(db: &impl sea_orm::ConnectionTrait, version_id: i64, file: SourceFile) -> Result<(), Error> {
    let digest = hex::encode(Sha256::digest(&file.bytes));
    let size = i64::try_from(file.bytes.len()).unwrap_or(i64::MAX);
    let row = blob::ActiveModel { digest: Set(digest.clone()), bytes: Set(file.bytes) };
    let once = OnConflict::column(blob::Column::Digest).do_nothing_on([blob::Column::Digest]).to_owned();
    blob::Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(db).await?;
    let row = course_file::ActiveModel {
        version_id: Set(version_id),
        path: Set(file.path),
        digest: Set(digest),
        size: Set(size),
    };
    course_file::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// What the folder holds, whatever the order or the machine it was read on.
fn digest(files: &[SourceFile]) -> String {
    let mut digest = Sha256::new();
    for file in files {
        for part in [file.path.as_bytes(), &file.bytes] {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
    }
    hex::encode(digest.finalize())
}
