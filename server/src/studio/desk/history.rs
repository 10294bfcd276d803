//! `/studio/{course}/historique`: every save of a file, any of which can be put back.

use super::{opened, store};
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::studio::entity::draft_save;
use crate::studio::store::{File, Save, Saved};
use crate::webinar::presence::{by, names};
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::ids::{CourseSlug, PersonId};
use domain::studio::words::{self, Change};
use domain::text::date_time;
use frontend::studio::desk::{FileLine, FilesPage, HistoryPage, Opened, SaveLine, files_page, history_page};
use http::StatusCode;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use serde::Deserialize;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Saves that are looked at for one page, and lines that it shows.
const MOST_SAVES: u64 = 2_000;
const MOST_LINES: usize = 30;

/// Saves of one author within one of these are told as one, in milliseconds.
const QUARTER: i64 = 15 * 60 * 1000;

#[derive(Debug, Deserialize)]
pub struct Asked {
    fichier: Option<String>,
    /// The revision that is opened.
    version: Option<i64>,
    /// Only what was saved before that revision.
    avant: Option<i64>,
}

/// `GET /studio/{course}/historique`
pub async fn page(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(course): Path<CourseSlug>,
    Query(Asked { fichier, version, avant }): Query<Asked>,
) -> Result<Response> {
    let (_, _, framed) = opened(&app, &viewer, &course).await?;
    let Some(path) = fichier else {
        let files = store::files(app.db.reader(), &course).await?;
        let authors = names(app.db.reader(), files.iter().map(|file| file.saved_by)).await?;
        let line = |file: File| FileLine {
            said: format!("{}, par {}", date_time(file.saved_at), by(Some(file.saved_by), &authors)),
            path: file.path,
        };
        let view = files_page(FilesPage { framed, files: files.into_iter().map(line).collect() });
        return Ok(around.studio_page(StatusCode::OK, "Historique", view));
    };
    let groups = groups(&app, &course, &path, avant).await?;
    if groups.is_empty() {
        return Err(Error::NotFound);
    }
    let now = store::file(app.db.reader(), &course, &path).await?.map(|file| file.revision);
    let (lines, older) = lines(&app, &groups).await?;
    let opened = match version {
        Some(version) => Some(shown(&app, &course, &path, version).await?),
        None => None,
    };
    let view = history_page(HistoryPage {
        framed,
        base: now.unwrap_or(0),
        request: app.dice.uuid().to_string(),
        older,
        lines,
        opened,
        path: path.clone(),
    });
    Ok(around.studio_page(StatusCode::OK, &format!("Historique de {path}"), view))
}

/// Saves of one author that follow one another within a quarter of an hour.
struct Group {
    last: File,
    /// The save before the first of them, with what it said.
    before: Option<File>,
    count: u64,
}

/// The groups of a file, the newest first, and one more than a page shows.
async fn groups(app: &App, course: &CourseSlug, path: &str, before: Option<i64>) -> Result<Vec<Group>> {
    use draft_save::Column;
    let mut saves = draft_save::Entity::find()
        .filter(Column::Course.eq(course.as_str()))
        .filter(Column::Path.eq(path))
        .order_by_desc(Column::Id)
        .limit(MOST_SAVES);
    if let Some(before) = before {
        saves = saves.filter(Column::Id.lt(before));
    }
    let mut groups: Vec<Group> = Vec::new();
    for save in saves.all(app.db.reader()).await?.into_iter().map(File::from) {
        let quarter = |file: &File| (file.saved_by, file.saved_at.as_millisecond().div_euclid(QUARTER));
        match groups.last_mut() {
            Some(group) if quarter(&group.last) == quarter(&save) => {
                group.count += 1;
            }
            last => {
                if let Some(group) = last {
                    group.before = Some(save.clone());
                }
                if groups.len() > MOST_LINES {
                    break;
                }
                groups.push(Group { last: save, before: None, count: 1 });
            }
        }
    }
    Ok(groups)
}

/// What the page says of them, and the revision before which older ones are.
async fn lines(app: &App, groups: &[Group]) -> Result<(Vec<SaveLine>, Option<i64>)> {
    let authors: Vec<PersonId> = groups.iter().map(|group| group.last.saved_by).collect();
    let authors = names(app.db.reader(), authors).await?;
    let befores = groups.iter().filter_map(|group| group.before.as_ref());
    let files: BTreeMap<i64, &File> =
        groups.iter().map(|group| &group.last).chain(befores).map(|file| (file.revision, file)).collect();
    let mut texts: BTreeMap<i64, Option<String>> = BTreeMap::new();
    for (revision, file) in files {
        texts.insert(revision, text_of(app, file).await?);
    }
    let text = |file: &File| texts.get(&file.revision).cloned().flatten();
    let line = |group: &Group| SaveLine {
        revision: group.last.revision,
        at: date_time(group.last.saved_at),
        author: by(Some(group.last.saved_by), &authors),
        count: group.count,
        removed: group.last.digest.is_none(),
        words: text(&group.last)
            .map(|after| words::counted(&group.before.as_ref().and_then(text).unwrap_or_default(), &after)),
    };
    let shown: Vec<SaveLine> = groups.iter().take(MOST_LINES).map(line).collect();
    let older = groups.get(MOST_LINES).map(|group| group.last.revision + 1);
    Ok((shown, older))
}

/// The words of a save; none for what is no text.
async fn text_of(app: &App, file: &File) -> Result<Option<String>> {
    Ok(String::from_utf8(store::bytes(app.db.reader(), file).await?).ok())
}

/// A save, opened: what it changed, line by line.
async fn shown(app: &App, course: &CourseSlug, path: &str, revision: i64) -> Result<Opened> {
    let file = store::revision(app.db.reader(), course, path, revision).await?.ok_or(Error::NotFound)?;
    let before = groups(app, course, path, Some(revision)).await?.into_iter().next().map(|group| group.last);
    let authors = names(app.db.reader(), [file.saved_by]).await?;
    let after = text_of(app, &file).await?;
    let before = match before {
        Some(before) => text_of(app, &before).await?.unwrap_or_default(),
        None => String::new(),
    };
    let changes = after.map(|after| {
        let lines = words::lines(&before, &after).into_iter();
        lines.map(|(change, line)| (change, line.to_owned())).collect::<Vec<(Change, String)>>()
    });
    Ok(Opened {
        revision,
        said: format!("{}, par {}", date_time(file.saved_at), by(Some(file.saved_by), &authors)),
        removed: file.digest.is_none(),
        changes,
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restored {
    request: Uuid,
    fichier: String,
    version: i64,
    /// The revision that is there now; 0 where the file is removed.
    base: i64,
}

/// `POST /studio/{course}/historique`: a former save becomes the newest.
pub async fn restore(
    State(app): State<App>,
    viewer: Viewer,
    Path(course): Path<CourseSlug>,
    Form(Restored { request, fichier, version, base }): Form<Restored>,
) -> Result<Response> {
    let (_, author) = super::super::authored(&app, &viewer, &course).await?;
    let former = store::revision(app.db.reader(), &course, &fichier, version).await?.ok_or(Error::NotFound)?;
    let bytes = match former.digest {
        Some(_) => Some(store::bytes(app.db.reader(), &former).await?),
        None => None,
    };
    let (now, save) = (app.clock.now(), Save { path: fichier.clone(), base: (base > 0).then_some(base), bytes });
    let saved =
        app.db.write(move |db| Box::pin(async move { store::save(db, &author, (now, request), save).await })).await?;
    match saved {
        Saved::Kept(_) => {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("fichier", &fichier).finish();
            Ok(Redirect::to(&format!("/studio/{course}/historique?{query}")).into_response())
        }
        Saved::Behind(_) => Err(Error::Conflict(
            "Quelqu’un a enregistré ce fichier entre-temps\u{a0}: revenez à l’historique, regardez ce qui a changé, puis recommencez.".into(),
        )),
    }
}
