//! `GET /webinaires/{webinar}/enregistrement.webm` and `…/enregistrement-camera.webm`, whole or by range; a still of a
//! moment; and what removes them.

use super::file::CLUSTER;
use super::shelf::Film;
use super::{State as Stands, finish, internal, of};
use crate::access::Viewer;
use crate::app::App;
use crate::course::media::range;
use crate::error::{Error, Result, explained};
use crate::webinar::routes::{back_to, known};
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::ids::WebinarId;
use domain::webinar::recording::read::{Step, cluster};
use domain::webinar::recording::{HEAD_ROOM, Track, key_at, webp};
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, IF_RANGE, RANGE,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Deserialize;

/// What is read of a cluster at first, which holds nearly every one whole.
const FIRST: u64 = 128 * 1024;

/// The stage, with its sound.
pub async fn stage(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    file(&app, &viewer, &id, Film::Stage, &headers).await
}

/// The camera beside the screen.
pub async fn camera(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    file(&app, &viewer, &id, Film::Camera, &headers).await
}

/// The moment of which a still is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// In seconds.
    a: u32,
}

/// `GET /webinaires/{webinar}/enregistrement/image?a=SECONDS`: the stage's last keyframe at or before that moment, as it
/// was sent. It weighs little, and is seen while the film from there to the moment is still on its way.
pub async fn still(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(moment): Query<Moment>,
    asked: HeaderMap,
) -> Result<Response> {
    let (webinar, size) = whole(&app, &viewer, &id, Film::Stage).await?;
    let read = async |from: u64, length: u64| {
        let range = from..from.saturating_add(length).min(size);
        app.recordings.shelf.part_of(webinar, Film::Stage, range).await.map_err(internal)
    };
    let head = read(0, HEAD_ROOM as u64).await?;
    let place = key_at(&head, u64::from(moment.a) * 1000).filter(|place| *place < size).ok_or(Error::NotFound)?;
    // What is at a place of a file that never changes never changes either.
    let tag = format!("\"{webinar}-{size}-{place}\"");
    let head = [(ETAG, tag.clone()), (CACHE_CONTROL, "private, no-cache".to_owned())];
    if is_known(&asked, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, head).into_response());
    }
    let mut bytes = read(place, FIRST).await?;
    let Step::Cluster(length) = Step::read(&bytes) else { return Err(Error::NotFound) };
    if length > bytes.len() as u64 {
        bytes = read(place, length.min(CLUSTER)).await?;
    }
    let blocks = cluster(&bytes).unwrap_or_default();
    let stage = u64::from(Track::Stage.number());
    let keyframe = blocks.into_iter().find(|block| block.keyframe && block.track == stage);
    let picture = keyframe.and_then(|block| webp(block.data)).ok_or(Error::NotFound)?;
    Ok((head, [(CONTENT_TYPE, "image/webp")], picture).into_response())
}

/// A webinar that they may see and whose recording is whole, and how long that file of it is.
async fn whole(app: &App, viewer: &Viewer, id: &str, film: Film) -> Result<(WebinarId, u64)> {
    let (webinar, _) = known(app, viewer, id).await?;
    let recording = of(app.db.reader(), webinar.id).await?.filter(|known| known.state == Stands::Whole);
    recording.ok_or(Error::NotFound)?;
    let size = app.recordings.shelf.size(webinar.id, film).await.map_err(internal)?.ok_or(Error::NotFound)?;
    Ok((webinar.id, size))
}

fn said(asked: &HeaderMap, name: HeaderName) -> Option<&str> {
    asked.get(name).and_then(|value| value.to_str().ok())
}

/// Whether the browser has what that tag names.
fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    said(asked, IF_NONE_MATCH).is_some_and(|tags| tags.split(',').any(|known| known.trim() == tag))
}

async fn file(app: &App, viewer: &Viewer, id: &str, film: Film, asked: &HeaderMap) -> Result<Response> {
    let (webinar, size) = whole(app, viewer, id, film).await?;
    // A file is made once and never changed: its name and its size say which.
    let tag = format!("\"{webinar}-{size}\"");
    let head =
        [(ETAG, tag.clone()), (CACHE_CONTROL, "private, no-cache".to_owned()), (ACCEPT_RANGES, "bytes".to_owned())];
    if is_known(asked, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, head).into_response());
    }
    let wanted = said(asked, RANGE).filter(|_| said(asked, IF_RANGE).is_none_or(|known| known == tag));
    let (status, part) = match wanted.map(|wanted| range(wanted, size)) {
        Some(Some(part)) => (StatusCode::PARTIAL_CONTENT, part),
        Some(None) => {
            let mut refused = explained(
                StatusCode::RANGE_NOT_SATISFIABLE,
                "Morceau de fichier introuvable",
                "Rechargez la page, puis relancez la lecture.".into(),
            );
            refused.headers_mut().insert(CONTENT_RANGE, star(size));
            return Ok(refused);
        }
        None => (StatusCode::OK, 0..size),
    };
    let told = format!("bytes {}-{}/{size}", part.start, part.end.saturating_sub(1));
    let length = part.end - part.start;
    let body = Body::from_stream(app.recordings.shelf.read(webinar, film, part).await.map_err(internal)?);
    let mut response = (status, head, body).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("video/webm"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("inline; filename=\"webinaire.webm\""));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    if status == StatusCode::PARTIAL_CONTENT
        && let Ok(told) = HeaderValue::from_str(&told)
    {
        headers.insert(CONTENT_RANGE, told);
    }
    Ok(response)
}

/// How long the file is of which no such range is to be had (RFC 9110, section 14.4).
fn star(size: u64) -> HeaderValue {
    HeaderValue::from_str(&format!("bytes */{size}")).unwrap_or_else(|_| HeaderValue::from(size))
}

/// `POST /webinaires/{webinar}/enregistrement/supprimer`: those who manage the webinar.
pub async fn remove(State(app): State<App>, viewer: Viewer, Path(id): Path<String>) -> Result<Redirect> {
    let (webinar, _) = known(&app, &viewer, &id).await?;
    let manager = viewer.manager_of(&webinar)?;
    finish::remove(&app, manager.webinar, "Une personne qui anime l’a supprimé.".to_owned()).await?;
    Ok(back_to(manager.webinar))
}
