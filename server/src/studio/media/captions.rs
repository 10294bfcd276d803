//! `/studio/{course}/medias/sous-titres/{*medium}`: the captions of a sound or a video, written beside its player.

use super::list::{captions_of, is_medium};
use super::receive::save_one;
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::studio::bound;
use crate::studio::questions::Reading;
use crate::studio::store::{self, Save};
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::course::parse::captions;
use domain::ids::CourseSlug;
use domain::studio::medium::{Kind, transcript};
use frontend::studio::Tab;
use frontend::studio::media::{CaptionsPage, captions_page};
use http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;

/// The longest file of captions, in bytes; as for every text of a course.
const MOST: usize = 100 * 1024;

/// What a new file begins with.
const BEGINNING: &str = "WEBVTT\n\n00:00.000 --> 00:03.000\n";

#[derive(Debug, Default, Deserialize)]
pub struct Told {
    #[serde(default)]
    fait: String,
}

/// What the form sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    request: Uuid,
    /// Empty for a new file.
    base: String,
    text: String,
    #[serde(rename = "do")]
    what: String,
}

struct Place {
    reading: Reading,
    medium: String,
    path: String,
}

impl Place {
    async fn of(app: &App, viewer: &Viewer, (course, medium): (CourseSlug, String)) -> Result<Self> {
        let reading = Reading::of(app, viewer, &course).await?;
        let plays = matches!(Kind::of(&medium), Kind::Sound | Kind::Video);
        if !plays || !is_medium(&medium) || !reading.files.contains_key(&medium) {
            return Err(Error::NotFound);
        }
        let path = captions_of(&medium);
        Ok(Self { reading, medium, path })
    }

    fn base(&self) -> Option<i64> {
        self.reading.files.get(&self.path).map(|file| file.revision)
    }

    async fn text(&self, app: &App) -> Result<String> {
        let Some(file) = self.reading.files.get(&self.path) else { return Ok(BEGINNING.to_owned()) };
        Ok(String::from_utf8_lossy(&store::bytes(app.db.reader(), file).await?).into_owned())
    }

    fn href(&self) -> String {
        format!("/studio/{}/medias/sous-titres/{}", self.reading.course, self.medium)
    }
}

/// `GET /studio/{course}/medias/sous-titres/{*medium}`
pub async fn page(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(address): Path<(CourseSlug, String)>,
    Query(Told { fait }): Query<Told>,
) -> Result<Response> {
    let place = Place::of(&app, &viewer, address).await?;
    let text = place.text(&app).await?;
    let said = match fait.as_str() {
        "enregistres" => Some("Sous-titres enregistrés."),
        "transcription" => {
            Some("Transcription écrite à côté des sous-titres\u{a0}: relisez-la avant de vous en servir.")
        }
        _ => None,
    };
    Ok(show(&app, around, StatusCode::OK, &place, text, said, None))
}

/// `POST /studio/{course}/medias/sous-titres/{*medium}`
pub async fn save(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(address): Path<(CourseSlug, String)>,
    Form(sent): Form<Sent>,
) -> Result<Response> {
    let place = Place::of(&app, &viewer, address).await?;
    let text = sent.text.replace("\r\n", "\n").trim_end().to_owned() + "\n";
    if text.len() > MOST {
        return Err(Error::TooLarge);
    }
    let (cues, problems) = captions(&text);
    if !problems.is_empty() {
        return Ok(show(&app, around, StatusCode::UNPROCESSABLE_ENTITY, &place, text, None, None));
    }
    let base: Option<i64> = sent.base.parse().ok();
    let request = bound(sent.request, text.as_bytes());
    let known = place.text(&app).await?;
    if known != text || base.is_none() {
        let save = Save { path: place.path.clone(), base, bytes: Some(text.clone().into_bytes()) };
        if !save_one(&app, &place.reading.author, request, save).await? {
            // Both are shown; the next save is made over theirs.
            return Ok(show(&app, around, StatusCode::CONFLICT, &place, text, None, Some(known)));
        }
    }
    if sent.what == "transcript" {
        let path = format!("{}.md", place.path.trim_end_matches(".vtt"));
        let base = place.reading.files.get(&path).map(|file| file.revision);
        let save = Save { path, base, bytes: Some(transcript(&cues).into_bytes()) };
        if !save_one(&app, &place.reading.author, request, save).await? {
            return Err(Error::Conflict("La transcription a changé entre-temps\u{a0}: recommencez.".to_owned()));
        }
        return Ok(Redirect::to(&format!("{}?fait=transcription", place.href())).into_response());
    }
    Ok(Redirect::to(&format!("{}?fait=enregistres", place.href())).into_response())
}

fn show(
    app: &App,
    around: Surroundings,
    status: StatusCode,
    place: &Place,
    text: String,
    said: Option<&'static str>,
    theirs: Option<String>,
) -> Response {
    let (course, _) = place.reading.glimpse();
    let is_new = place.base().is_none() && status == StatusCode::OK;
    let problems = captions(&text).1.into_iter().map(|problem| (problem.line, problem.said));
    let problems = if is_new { Vec::new() } else { problems.collect() };
    let base = format!("/studio/{}/fichiers", place.reading.course);
    let page = CaptionsPage {
        framed: place.reading.framed(course.as_ref(), Tab::Media),
        href: place.href(),
        medium: place.medium.clone(),
        source: format!("{base}/{}", place.medium),
        is_video: Kind::of(&place.medium) == Kind::Video,
        captions: place.base().map(|_| format!("{base}/{}", place.path)),
        text,
        base: place.base().map(|base| base.to_string()).unwrap_or_default(),
        request: app.dice.uuid().to_string(),
        problems,
        said,
        theirs,
    };
    around.studio_page(status, "Sous-titres", captions_page(page))
}
