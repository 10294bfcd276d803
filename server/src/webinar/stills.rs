//! Stills of a shared screen: taken from who shares it, and given, as slowly as sound allows, to those who are shown no
//! picture. They are kept in the room's memory, the last one alone.

mod light;

use super::check::admitted;
use super::media::{Beside, PeerId, RoomId};
use super::session::Command;
use super::session::stills::Refused;
use crate::access::Viewer;
use crate::app::App;
use crate::course::picture::decoded;
use crate::error::{Error, Result};
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use domain::ids::WebinarId;
use domain::webinar::signal::TabId;
use futures_util::{Stream, stream};
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, StatusCode};
use image::{DynamicImage, ImageFormat, ImageReader};
use light::lightened;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::io::Cursor;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::sleep;

/// Bytes of a still at most, as it is sent: what a browser makes of a page of text without loss has some 60,000.
pub const LARGEST: usize = 1_000_000;
/// In what it is sent.
const FORMATS: [ImageFormat; 3] = [ImageFormat::WebP, ImageFormat::Png, ImageFormat::Jpeg];
/// Its width and its height at most, in points.
const WIDEST: u32 = 1280;
/// A piece of a still: sound does not wait for longer than it takes.
const PIECE: usize = 1000;
/// Around each piece: TLS, TCP, IP and the frame.
const AROUND: usize = 22 + 32 + 20 + 14;
/// Bits a second for who has no media, of whose line nothing is known; and at least.
const UNKNOWN: f64 = 24_000.0;
const SLOWEST: f64 = 8_000.0;
/// What is said where the room is not open, or no longer.
const NO_ROOM: &str = "La salle de ce webinaire n’est pas ouverte\u{a0}: aucune image fixe n’y est attendue.";

/// What came of it.
#[derive(Debug, Serialize)]
pub struct Kept {
    number: u64,
}

/// Whose line the still goes over.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Whose {
    onglet: TabId,
}

/// `POST /webinaires/{webinar}/images`: the screen that one shares, as it is now.
pub async fn draw(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<WebinarId>,
    body: Bytes,
) -> Result<Json<Kept>> {
    admitted(&app, &viewer, id).await?;
    app.rooms.not_elsewhere(&app, id).await?;
    let person = viewer.person;
    let (answer, told) = oneshot::channel();
    app.rooms.tell_open(id, Command::MayDraw { person, answer }).await;
    let last = told.await.map_err(|_| Error::Conflict(NO_ROOM.to_owned()))?.map_err(refused)?;
    let made = tokio::task::spawn_blocking(move || judged(&body).map(|image| lightened(&image, last))).await;
    let made = made.map_err(|error| Error::Internal(format!("a still could not be looked at: {error}")))?;
    let (image, rung) = made?;
    let (answer, told) = oneshot::channel();
    app.rooms.tell_open(id, Command::Draw { person, image: image.into(), rung, answer }).await;
    let number = told.await.map_err(|_| Error::Conflict(NO_ROOM.to_owned()))?.map_err(refused)?;
    Ok(Json(Kept { number }))
}

/// What it shows, where it is an image that is whole, and no larger than a page shows.
fn judged(image: &[u8]) -> Result<DynamicImage> {
    let refused = |said: &str| Err(Error::BadRequest(said.to_owned()));
    let Some(format) = image::guess_format(image).ok().filter(|format| FORMATS.contains(format)) else {
        return refused("Une image fixe est envoyée au format WebP, PNG ou JPEG.");
    };
    let damaged = "Cette image fixe est abîmée\u{a0}: elle ne se lit pas jusqu’au bout.";
    // Before any of its points is made.
    match ImageReader::with_format(Cursor::new(image), format).into_dimensions() {
        Ok((width, height)) if width.max(height) > WIDEST => {
            refused("Une image fixe a 1\u{202f}280\u{a0}points de côté au plus.")
        }
        Ok(_) => decoded(image, format).or_else(|_| refused(damaged)),
        Err(_) => refused(damaged),
    }
}

fn refused(why: Refused) -> Error {
    match why {
        Refused::NotShown => Error::Conflict(
            "Vous ne partagez pas d’écran dans cette salle\u{a0}: aucune image fixe n’est attendue de vous.".into(),
        ),
        Refused::TooSoon => Error::TooMany { retry_after_seconds: 3 },
    }
}

/// `GET /webinaires/{webinar}/images/{still}?onglet=…`: the last still, to who is in the room.
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, number)): Path<(WebinarId, u64)>,
    Query(Whose { onglet: tab }): Query<Whose>,
    headers: HeaderMap,
) -> Result<Response> {
    admitted(&app, &viewer, id).await?;
    app.rooms.not_elsewhere(&app, id).await?;
    let (answer, told) = oneshot::channel();
    app.rooms.tell_open(id, Command::Still { person: viewer.person, tab, number, answer }).await;
    let image = told.await.ok().flatten().ok_or(Error::NotFound)?;
    // A number is given once: what has it never changes.
    let tag = format!("\"{number}\"");
    let head = [(ETAG, tag.clone()), (CACHE_CONTROL, "private, max-age=3600, immutable".to_owned())];
    let known = headers.get(IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    if known.is_some_and(|tags| tags.split(',').any(|known| known.trim() == tag)) {
        return Ok((StatusCode::NOT_MODIFIED, head).into_response());
    }
    let line = match app.rooms.media(&app).await {
        Ok(media) => media.beside(RoomId(id.0), PeerId(tab.0)),
        Err(_) => None,
    };
    let length = image.len();
    let mut response = (head, Body::from_stream(slowly(image, line))).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("image/webp"));
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    Ok(response)
}

/// In pieces, as fast as sound leaves room on that line, which is asked before each.
fn slowly(image: Bytes, line: Option<Beside>) -> impl Stream<Item = Result<Bytes, Infallible>> {
    stream::unfold((image, line, Duration::ZERO), async |(mut rest, line, wait)| {
        if rest.is_empty() {
            return None;
        }
        sleep(wait).await;
        let piece = rest.split_to(rest.len().min(PIECE));
        let bytes = u32::try_from(piece.len() + AROUND).unwrap_or(u32::MAX);
        if let Some(line) = &line {
            line.spend(bytes);
        }
        let rate = line.as_ref().map_or(UNKNOWN, Beside::rate).max(SLOWEST);
        let wait = Duration::from_secs_f64(f64::from(bytes) * 8.0 / rate);
        Some((Ok(piece), (rest, line, wait)))
    })
}
