//! What is remembered of courses being written: their texts as they were last read, and who is at which chapter.

use crate::app::App;
use crate::course::entity::blob;
use crate::error::{Error, Result};
use crate::studio::entity::draft_file;
use crate::studio::store;
use domain::course::Course;
use domain::course::parse::preview::look;
use domain::course::parse::{Problem, SourceFile};
use domain::ids::{ChapterSlug, CourseSlug, PersonId};
use domain::studio::folder;
use jiff::{SignedDuration, Timestamp};
use moka::sync::Cache;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use uuid::Uuid;

/// Courses whose texts are remembered: those that are being written these days.
const MOST_COURSES: u64 = 32;

/// A tab that says nothing for so long is no longer at the chapter.
const LEFT_AFTER: SignedDuration = SignedDuration::from_secs(25);

/// What is remembered.
#[derive(Debug)]
pub struct Tables {
    texts: Cache<CourseSlug, Arc<Texts>>,
    seats: Cache<Seat, (PersonId, String, Timestamp)>,
}

/// A tab at a chapter.
type Seat = (CourseSlug, ChapterSlug, Uuid);

impl Default for Tables {
    fn default() -> Self {
        Self {
            texts: Cache::new(MOST_COURSES),
            seats: Cache::builder().max_capacity(10_000).time_to_live(Duration::from_mins(2)).build(),
        }
    }
}

/// The texts of a draft as the course's folder holds them; its media are named, and empty.
#[derive(Debug)]
pub(super) struct Texts {
    /// The newest save among them.
    newest: i64,
    pub(super) files: Vec<SourceFile>,
    /// Slugs of the chapters, in order.
    pub(super) order: Vec<String>,
    /// Chapters that were removed from the course, and can be put back.
    pub(super) removed: Vec<String>,
    seen: OnceLock<Seen>,
}

/// What the parser makes of them.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) course: Option<Course>,
    /// By their files' names in the draft.
    pub(super) problems: Vec<Problem>,
}

impl Texts {
    /// The folder that a chapter has in the course.
    pub(super) fn folder(&self, chapter: &str) -> Option<String> {
        folder::folders(&self.order).remove(chapter)
    }

    /// The text of a file, by its name in the draft.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        let path = folder::path_in_folder(path, &folder::folders(&self.order))?;
        let file = self.files.iter().find(|file| file.path == path)?;
        std::str::from_utf8(&file.bytes).ok()
    }
}

/// The texts of a draft as they are now.
pub(super) async fn texts(app: &App, course: &CourseSlug) -> Result<Arc<Texts>> {
    let newest: Option<Option<i64>> = draft_file::Entity::find()
        .select_only()
        .column_as(draft_file::Column::SaveId.max(), "newest")
        .filter(draft_file::Column::Course.eq(course.as_str()))
        .into_tuple()
        .one(app.db.reader())
        .await?;
    let newest = newest.flatten().unwrap_or(0);
    if let Some(known) = app.tables.texts.get(course).filter(|known| known.newest == newest) {
        return Ok(known);
    }
    let texts = Arc::new(read(app, course, newest).await?);
    app.tables.texts.insert(course.clone(), Arc::clone(&texts));
    Ok(texts)
}

async fn read(app: &App, course: &CourseSlug, newest: i64) -> Result<Texts> {
    let files = store::files(app.db.reader(), course).await?;
    let is_text = |path: &str| path == folder::ORDER || [".md", ".toml", ".vtt"].iter().any(|end| path.ends_with(end));
    let digests: Vec<&String> =
        files.iter().filter(|file| is_text(&file.path)).filter_map(|file| file.digest.as_ref()).collect();
    let mut known = BTreeMap::new();
    for some in digests.chunks(200) {
        let rows = blob::Entity::find().filter(blob::Column::Digest.is_in(some.iter().copied())).all(app.db.reader());
        known.extend(rows.await?.into_iter().map(|row| (row.digest, row.bytes)));
    }
    let source = |file: store::File| {
        let digest = file.digest.as_ref().filter(|_| is_text(&file.path));
        let bytes = digest.and_then(|digest| known.get(digest)).cloned().unwrap_or_default();
        SourceFile { path: file.path, bytes }
    };
    let draft: Vec<SourceFile> = files.into_iter().map(source).collect();
    let order = draft.iter().find(|file| file.path == folder::ORDER);
    let order = folder::order(&order.map(|file| String::from_utf8_lossy(&file.bytes)).unwrap_or_default());
    let chapters = draft.iter().filter_map(|file| file.path.strip_suffix("/chapter.md"));
    let removed = chapters.filter(|slug| !order.iter().any(|known| known == slug)).map(str::to_owned).collect();
    Ok(Texts { newest, files: folder::to_folder(draft), order, removed, seen: OnceLock::new() })
}

/// What the parser makes of the texts; read once for each state that they are in.
pub(super) async fn seen<'t>(texts: &'t Arc<Texts>, course: &CourseSlug) -> Result<&'t Seen> {
    if texts.seen.get().is_none() {
        let (inside, slug) = (Arc::clone(texts), course.clone());
        let reading = move || {
            inside.seen.get_or_init(|| {
                let (course, mut problems) = look(slug.as_str(), &inside.files);
                for problem in &mut problems {
                    problem.file = folder::path_in_draft(&problem.file);
                }
                Seen { course, problems }
            });
        };
        tokio::task::spawn_blocking(reading).await.map_err(|error| Error::Internal(error.to_string()))?;
    }
    texts.seen.get().ok_or_else(|| Error::Internal("the course was not read".into()))
}

impl Tables {
    /// Notes that this tab is at the chapter; gives the names of the others who are.
    pub(super) fn sit(&self, seat: Seat, (person, name): (PersonId, String), now: Timestamp) -> Vec<String> {
        let (course, chapter, _) = (seat.0.clone(), seat.1.clone(), seat.2);
        self.seats.insert(seat, (person, name, now));
        let there =
            |key: &Seat, at: Timestamp| key.0 == course && key.1 == chapter && now.duration_since(at) < LEFT_AFTER;
        let others = self.seats.iter().filter(|(key, (who, _, at))| there(key, *at) && *who != person);
        let names: BTreeMap<PersonId, String> = others.map(|(_, (who, name, _))| (who, name)).collect();
        names.into_values().collect()
    }
}
