//! `GET /webinaires/{webinar}/enregistrement.webm` and `…/enregistrement-camera.webm`, whole or by range, and what removes
//! them.

use super::shelf::Film;
use super::{State as Stands, finish, internal, of};
use crate::access::Viewer;
use crate::app::App;
use crate::course::media::range;
use crate::error::{Error, Result, explained};
use crate::webinar::routes::{back_to, known};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, IF_RANGE, RANGE,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

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

async fn file(app: &App, viewer: &Viewer, id: &str, film: Film, asked: &HeaderMap) -> Result<Response> {
    let (webinar, _) = known(app, viewer, id).await?;
    let recording = of(app.db.reader(), webinar.id).await?.filter(|known| known.state == Stands::Whole);
    recording.ok_or(Error::NotFound)?;
    let size = app.recordings.shelf.size(webinar.id, film).await.map_err(internal)?.ok_or(Error::NotFound)?;
    // A file is made once and never changed: its name and its size say which.
    let tag = format!("\"{}-{size}\"", webinar.id);
    let said = |name: HeaderName| asked.get(name).and_then(|value| value.to_str().ok());
    let head =
        [(ETAG, tag.clone()), (CACHE_CONTROL, "private, no-cache".to_owned()), (ACCEPT_RANGES, "bytes".to_owned())];
    if said(IF_NONE_MATCH).is_some_and(|tags| tags.split(',').any(|known| known.trim() == tag)) {
        return Ok((StatusCode::NOT_MODIFIED, head).into_response());
    }
    let wanted = said(RANGE).filter(|_| said(IF_RANGE).is_none_or(|known| known == tag));
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
    let body = Body::from_stream(app.recordings.shelf.read(webinar.id, film, part).await.map_err(internal)?);
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
