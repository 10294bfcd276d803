//! `/studio/{course}/medias`: the files of a course beside its texts.

use super::judge::facts;
use super::receive::save_one;
use super::uploads;
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::studio::questions::Reading;
use crate::studio::store::{self, File, Save};
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::course::Course;
use domain::ids::CourseSlug;
use domain::studio::medium::{Facts, Kind, length, named_in, weight, written};
use frontend::studio::Tab;
use frontend::studio::media::{MediaPage, MediumLine, media_page};
use http::StatusCode;
use moka::sync::Cache;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use uuid::Uuid;

/// What was measured of bytes, by their digest: it never changes.
static MEASURED: LazyLock<Cache<String, Facts>> = LazyLock::new(|| Cache::new(10_000));

/// What was just done, as the address of the page says it.
#[derive(Debug, Default, Deserialize)]
pub struct Told {
    #[serde(default)]
    recu: String,
}

/// `GET /studio/{course}/medias`
pub async fn list(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(course): Path<CourseSlug>,
    Query(Told { recu }): Query<Told>,
) -> Result<Response> {
    let reading = Reading::of(&app, &viewer, &course).await?;
    let arrived = reading.files.contains_key(&recu).then_some(recu);
    show(&app, around, StatusCode::OK, &viewer, &reading, (arrived, None)).await
}

/// The page, with the file that just arrived or what is wrong with what was sent.
pub(super) async fn show(
    app: &App,
    around: Surroundings,
    status: StatusCode,
    viewer: &Viewer,
    reading: &Reading,
    (arrived, problem): (Option<String>, Option<String>),
) -> Result<Response> {
    let (course, _) = reading.glimpse();
    let uses = uses(reading, course.as_ref());
    let mut files = Vec::new();
    for file in reading.files.values().filter(|file| is_medium(&file.path)) {
        let facts = measured(app, file).await?;
        files.push(line(reading, file, &facts, uses.get(&file.path).cloned().unwrap_or_default()));
    }
    let unfinished = uploads::unfinished(app, viewer.person, &reading.course).await?;
    let title = |slug: &String| {
        let chapter = course.as_ref().and_then(|course| course.chapter(&slug.parse().ok()?));
        (slug.clone(), chapter.map_or_else(|| slug.clone(), |chapter| chapter.title.clone()))
    };
    let said = arrived.and_then(|path| {
        let file = files.iter().find(|file| file.path == path)?;
        Some(format!("Fichier rangé\u{a0}: {path} ({}).", file.about))
    });
    let page = MediaPage {
        framed: reading.framed(course.as_ref(), Tab::Media),
        files,
        chapters: reading.chapters().iter().map(title).collect(),
        request: app.dice.uuid().to_string(),
        unfinished: unfinished
            .iter()
            .map(|upload| (upload.name.clone(), weight(upload.received), weight(upload.size)))
            .collect(),
        said,
        problem,
    };
    Ok(around.studio_page(status, "Images et vidéos", media_page(page)))
}

/// Whether a file of the draft stands in a folder of media.
pub(super) fn is_medium(path: &str) -> bool {
    path.starts_with("media/") || path.split_once('/').is_some_and(|(_, rest)| rest.starts_with("media/"))
}

async fn measured(app: &App, file: &File) -> Result<Facts> {
    let kind = Kind::of(&file.path);
    let Some(digest) = file.digest.clone() else { return Ok(Facts::default()) };
    if !matches!(kind, Kind::Image | Kind::Sound | Kind::Video) {
        return Ok(Facts::default());
    }
    if let Some(known) = MEASURED.get(&digest) {
        return Ok(known);
    }
    let bytes = store::bytes(app.db.reader(), file).await?;
    let path = file.path.clone();
    let found = tokio::task::spawn_blocking(move || facts(&path, &bytes)).await;
    let found = found.map_err(|error| Error::Internal(error.to_string()))?;
    MEASURED.insert(digest, found.clone());
    Ok(found)
}

/// The files that texts name, by path: what names them, and where it is written.
fn uses(reading: &Reading, course: Option<&Course>) -> BTreeMap<String, Vec<(String, String)>> {
    let mut uses: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (path, text) in reading.texts() {
        let chapter = path.split_once('/').map(|(chapter, _)| chapter).filter(|chapter| *chapter != "media");
        for named in named_in(text) {
            let own = chapter.map(|chapter| format!("{chapter}/{named}"));
            let found = own.filter(|own| reading.files.contains_key(own)).unwrap_or_else(|| named.to_owned());
            let title = chapter.map(|slug| crate::studio::questions::list::title_of(course, slug));
            let place = match (chapter, title) {
                (Some(slug), Some(title)) => {
                    let page = if Kind::of(path) == Kind::Other { "questions" } else { "chapitres" };
                    let to = if page == "questions" { format!("#{slug}-quiz") } else { format!("/{slug}") };
                    (title, format!("/studio/{}/{page}{to}", reading.course))
                }
                _ => (path.to_owned(), format!("/studio/{}", reading.course)),
            };
            let known = uses.entry(found).or_default();
            if !known.contains(&place) {
                known.push(place);
            }
        }
    }
    uses
}

fn line(reading: &Reading, file: &File, facts: &Facts, used: Vec<(String, String)>) -> MediumLine {
    let kind = Kind::of(&file.path);
    let mut about = vec![kind.name().to_owned()];
    about.extend(facts.size.map(|(width, height)| format!("{width} × {height} points")));
    about.extend(facts.length_ms.map(length));
    about.push(weight(file.size));
    let studio = format!("/studio/{}", reading.course);
    let files = format!("{studio}/fichiers");
    let captions = matches!(kind, Kind::Sound | Kind::Video).then(|| captions_of(&file.path));
    let has_captions = captions.as_ref().is_some_and(|captions| reading.files.contains_key(captions));
    let transcript = file.path.rsplit_once('.').map(|(stem, _)| format!("{stem}.md"));
    let has_transcript = transcript.is_some_and(|transcript| reading.files.contains_key(&transcript));
    // As chapters name it, whether it is theirs or the course's.
    let named = file.path.find("media/").and_then(|start| file.path.get(start..)).unwrap_or(&file.path);
    let pieces = written(named, has_transcript);
    MediumLine {
        href: format!("{files}/{}", file.path),
        path: file.path.clone(),
        kind,
        about: about.join(" · "),
        used,
        captions: captions.filter(|_| has_captions).map(|captions| format!("{files}/{captions}")),
        edit: matches!(kind, Kind::Sound | Kind::Video).then(|| format!("{studio}/medias/sous-titres/{}", file.path)),
        written: pieces.map(|(before, words, after)| before + words + &after).unwrap_or_default(),
        revision: file.revision,
    }
}

/// Where the captions of a sound or a video are.
pub(super) fn captions_of(path: &str) -> String {
    format!("{}.vtt", path.rsplit_once('.').map_or(path, |(stem, _)| stem))
}

/// A file to be taken away.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Removed {
    request: Uuid,
    path: String,
    base: i64,
}

/// `POST /studio/{course}/medias/retirer`: takes away a file that nothing names.
pub async fn remove(
    State(app): State<App>,
    viewer: Viewer,
    Path(course): Path<CourseSlug>,
    Form(Removed { request, path, base }): Form<Removed>,
) -> Result<Response> {
    let reading = Reading::of(&app, &viewer, &course).await?;
    let to = format!("/studio/{course}/medias");
    if !is_medium(&path) || !reading.files.contains_key(&path) {
        return Ok(Redirect::to(&to).into_response()); // it is gone, as was asked for
    }
    if let Some(used) = uses(&reading, None).get(&path) {
        let places = used.iter().map(|(title, _)| title.as_str()).collect::<Vec<_>>().join(", ");
        return Err(Error::Conflict(format!("Ce fichier sert encore ({places})\u{a0}: retirez-l’en d’abord.")));
    }
    if save_one(&app, &reading.author, request, Save { path, base: Some(base), bytes: None }).await? {
        Ok(Redirect::to(&to).into_response())
    } else {
        Err(Error::Conflict("Ce fichier a changé entre-temps\u{a0}: rouvrez la page.".to_owned()))
    }
}
