//! `/studio/envois`: uploads that go on after a dropped line. tus 1.0.0 (<https://tus.io/protocols/resumable-upload>): core,
//! creation, termination, checksum, expiration.

use super::uploads::{self, MOST, Upload};
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result, explained};
use crate::studio::authored;
use axum::body::{Body, BodyDataStream};
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use domain::ids::CourseSlug;
use domain::studio::medium;
use futures_util::StreamExt as _;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use jiff::Timestamp;
use rustix::fs::FlockOperation;
use sha1::Digest as _;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};
use uuid::Uuid;

const VERSION: &str = "1.0.0";
const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
const METADATA: &str = "upload-metadata";

/// So much is written before it is noted as received.
const NOTED: u64 = 8 * 1024 * 1024;

/// A line that says nothing for so long is gone: what came is kept, and the upload is free for the next try.
const SILENCE: Duration = Duration::from_secs(30);

/// Bytes of a refused piece that are still read.
const DRAINED: usize = 16 * 1024 * 1024;

/// What the checksum of a piece does not fit (tus, checksum).
const MISMATCH: u16 = 460;

/// What every answer under `/studio/envois` bears, refusals too.
pub fn mark(path: &str, response: &mut Response) {
    if !path.starts_with("/studio/envois") {
        return;
    }
    let other = response.status() == StatusCode::PRECONDITION_FAILED;
    let headers = response.headers_mut();
    headers.insert(RESUMABLE, HeaderValue::from_static(VERSION));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if other {
        headers.insert("tus-version", HeaderValue::from_static(VERSION));
    }
}

/// `OPTIONS /studio/envois`: what is spoken here.
pub async fn options(_viewer: Viewer) -> Response {
    let headers = [
        ("tus-version", VERSION.to_owned()),
        ("tus-extension", "creation,termination,checksum,expiration".to_owned()),
        ("tus-max-size", MOST.to_string()),
        ("tus-checksum-algorithm", "sha1,sha256".to_owned()),
    ];
    let mut response = StatusCode::NO_CONTENT.into_response();
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Refuses who speaks another version.
fn spoken(headers: &HeaderMap) -> Result<()> {
    if headers.get(RESUMABLE).map(HeaderValue::as_bytes) == Some(VERSION.as_bytes()) {
        return Ok(());
    }
    Err(Error::Otherwise("Cet envoi suit une autre version du protocole tus que la 1.0.0.".to_owned()))
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

/// The pairs of a header of metadata: keys, and values in base 64.
fn metadata(headers: &HeaderMap) -> BTreeMap<String, String> {
    let text = headers.get(METADATA).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let pair = |pair: &str| {
        let (key, value) = pair.trim().split_once(' ').unwrap_or((pair.trim(), ""));
        let value = String::from_utf8(BASE64_STANDARD.decode(value.trim()).ok()?).ok()?;
        Some((key.to_owned(), value))
    };
    text.split(',').filter_map(pair).collect()
}

/// `POST /studio/envois`: announces a file of a course, with its name. An `id` made in the browser announces it once.
pub async fn create(State(app): State<App>, viewer: Viewer, headers: HeaderMap) -> Result<Response> {
    spoken(&headers)?;
    let about = metadata(&headers);
    let text = |key: &str| about.get(key).map(String::as_str).unwrap_or_default();
    let course: CourseSlug = text("course").parse().map_err(|_| Error::NotFound)?;
    let (_, author) = authored(&app, &viewer, &course).await?;
    let size = number(&headers, &LENGTH)
        .ok_or_else(|| Error::BadRequest("L’en-tête Upload-Length ne donne pas la taille du fichier.".to_owned()))?;
    if size > MOST {
        return Err(Error::TooLarge);
    }
    let name = text("filename").to_owned();
    if medium::name(&name, "bin").is_none() {
        return Err(Error::BadRequest(wrong_name(&name)));
    }
    let id = text("id").parse::<Uuid>().unwrap_or_else(|_| app.dice.uuid());
    let upload = match uploads::create(&app, (author.person, &course), id, (name, size)).await? {
        Ok(upload) => upload,
        Err(refusal) => return Ok(refusal),
    };
    let mut response = StatusCode::CREATED.into_response();
    tell(&mut response, &upload);
    let location = HeaderValue::from_str(&format!("/studio/envois/{}", upload.id));
    response.headers_mut().extend(location.ok().map(|location| (LOCATION, location)));
    Ok(response)
}

/// Why a name is refused.
pub(super) fn wrong_name(name: &str) -> String {
    let shown: String = name.chars().filter(|sign| !sign.is_control()).take(60).collect();
    format!(
        "Le nom «\u{a0}{shown}\u{a0}» est refusé\u{a0}: renommez le fichier avec des lettres et des chiffres, sans barre ni point au début."
    )
}

fn tell(response: &mut Response, upload: &Upload) {
    let headers = response.headers_mut();
    headers.insert(OFFSET, HeaderValue::from(upload.received));
    headers.insert(LENGTH, HeaderValue::from(upload.size));
    until(headers, upload.expires_at);
}

/// Until when it is waited for (RFC 9110 §5.6.7).
fn until(headers: &mut HeaderMap, at: Timestamp) {
    let at = at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    headers.extend(HeaderValue::from_str(&at).ok().map(|at| (EXPIRES, at)));
}

/// `HEAD /studio/envois/{upload}`: how much of it is on disk.
pub async fn head(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Result<Response> {
    spoken(&headers)?;
    let upload = uploads::own(&app, viewer.person, id).await?;
    let mut response = StatusCode::OK.into_response();
    tell(&mut response, &upload);
    Ok(response)
}

/// `DELETE /studio/envois/{upload}`: gives it up.
pub async fn terminate(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Result<Response> {
    spoken(&headers)?;
    let upload = uploads::own(&app, viewer.person, id).await?;
    let Some(_held) = app.uploads.hold(upload.id) else { return Ok(busy()) };
    uploads::forget(&app, upload.id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn busy() -> Response {
    explained(
        StatusCode::LOCKED,
        "Envoi occupé",
        "Le morceau précédent arrive encore\u{a0}: recommencez dans un instant.".into(),
    )
}

/// `PATCH /studio/envois/{upload}`: a piece, from where the last one ended.
pub async fn add(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response> {
    let mut chunks = body.into_data_stream();
    let answer = taken(&app, &viewer, id, &headers, &mut chunks).await;
    drained(chunks).await;
    answer
}

/// Reads what is left of a refused piece, within reason: whoever is still sending when the line closes gets no answer,
/// and knows nothing of the reason.
async fn drained(mut chunks: BodyDataStream) {
    let mut left = DRAINED;
    let reading = async {
        while let Some(Ok(chunk)) = chunks.next().await {
            let Some(rest) = left.checked_sub(chunk.len()) else { break };
            left = rest;
        }
    };
    // Too slow: it is told on a closed line.
    let _ = tokio::time::timeout(SILENCE, reading).await;
}

async fn taken(
    app: &App,
    viewer: &Viewer,
    id: Uuid,
    headers: &HeaderMap,
    chunks: &mut BodyDataStream,
) -> Result<Response> {
    spoken(headers)?;
    if headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes) != Some(b"application/offset+octet-stream") {
        let said = "Un morceau s’envoie en application/offset+octet-stream.".to_owned();
        return Ok(explained(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Envoi mal formé", said));
    }
    let from = number(headers, &OFFSET)
        .ok_or_else(|| Error::BadRequest("L’en-tête Upload-Offset ne dit pas où commence ce morceau.".to_owned()))?;
    let sum = Checksum::asked(headers)?;
    let Some(_held) = app.uploads.hold(id) else { return Ok(busy()) };
    let upload = uploads::own(app, viewer.person, id).await?;
    if from != upload.received {
        return Err(Error::Conflict("Ce morceau ne commence pas où le précédent finit.".to_owned()));
    }
    let (received, outcome) = receive(app, &upload, chunks, sum).await?;
    let mut response = match outcome {
        Outcome::Whole => StatusCode::NO_CONTENT.into_response(),
        Outcome::Mismatch => explained(
            StatusCode::from_u16(MISMATCH).unwrap_or(StatusCode::BAD_REQUEST),
            "Morceau abîmé",
            "Ce morceau est arrivé abîmé\u{a0}: renvoyez-le.".into(),
        ),
        Outcome::Busy => return Ok(busy()),
        Outcome::TooLong => return Err(Error::TooLarge),
        Outcome::Cut => return Err(Error::BadRequest("La ligne a été coupée\u{a0}: reprenez l’envoi.".to_owned())),
    };
    response.headers_mut().insert(OFFSET, HeaderValue::from(received));
    until(response.headers_mut(), uploads::own(app, viewer.person, id).await?.expires_at);
    Ok(response)
}

/// How a piece came.
enum Outcome {
    Whole,
    /// The piece before it still arrives, elsewhere.
    Busy,
    /// The line was cut: what came before is kept.
    Cut,
    /// It goes on after the end that was announced: nothing of it beyond that end is kept.
    TooLong,
    /// It is not what its checksum says: nothing of it is kept.
    Mismatch,
}

/// Writes a piece as it comes, never holding more of it than a chunk.
async fn receive(
    app: &App,
    upload: &Upload,
    chunks: &mut BodyDataStream,
    sum: Option<Checksum>,
) -> Result<(u64, Outcome)> {
    let failed = |error: std::io::Error| Error::Internal(format!("an upload cannot be written: {error}"));
    let path = uploads::path(app, upload.id);
    let mut file = tokio::fs::OpenOptions::new().write(true).open(path).await.map_err(failed)?;
    // The former piece may still arrive on another node. The lock goes with the file, however this process ends.
    if rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
        return Ok((upload.received, Outcome::Busy));
    }
    if uploads::own(app, upload.person, upload.id).await?.received != upload.received {
        return Ok((upload.received, Outcome::Busy));
    }
    // What was written and never noted is written anew.
    file.set_len(upload.received).await.map_err(failed)?;
    file.seek(std::io::SeekFrom::Start(upload.received)).await.map_err(failed)?;
    let (mut at, mut noted, mut sum) = (upload.received, upload.received, sum);
    let outcome = loop {
        let chunk = match tokio::time::timeout(SILENCE, chunks.next()).await {
            Ok(Some(Ok(chunk))) => chunk,
            Ok(None) => break Outcome::Whole,
            Ok(Some(Err(_))) | Err(_) => break Outcome::Cut,
        };
        if at + chunk.len() as u64 > upload.size {
            break Outcome::TooLong;
        }
        file.write_all(&chunk).await.map_err(failed)?;
        at += chunk.len() as u64;
        if let Some(sum) = &mut sum {
            sum.take(&chunk);
        } else if at - noted >= NOTED {
            file.flush().await.map_err(failed)?;
            file.sync_data().await.map_err(failed)?;
            uploads::note(app, upload.id, at).await?;
            noted = at;
        }
    };
    if let Some(sum) = sum {
        // Of a piece that has a checksum all is kept or nothing.
        match outcome {
            Outcome::Whole if sum.fits() => {}
            Outcome::Whole => return Ok((upload.received, Outcome::Mismatch)),
            cut => return Ok((upload.received, cut)),
        }
    }
    file.flush().await.map_err(failed)?;
    file.sync_data().await.map_err(failed)?;
    uploads::note(app, upload.id, at).await?;
    Ok((at, outcome))
}

/// What a piece is checked against.
enum Checksum {
    Sha1(sha1::Sha1, Vec<u8>),
    Sha256(sha2::Sha256, Vec<u8>),
}

impl Checksum {
    fn asked(headers: &HeaderMap) -> Result<Option<Self>> {
        let Some(asked) = headers.get("upload-checksum") else { return Ok(None) };
        let wrong = || {
            Error::BadRequest("L’en-tête Upload-Checksum donne «\u{a0}sha1\u{a0}» ou «\u{a0}sha256\u{a0}», puis la somme en base\u{a0}64.".to_owned())
        };
        let (algorithm, sum) = asked.to_str().ok().and_then(|asked| asked.split_once(' ')).ok_or_else(wrong)?;
        let sum = BASE64_STANDARD.decode(sum.trim()).map_err(|_| wrong())?;
        match algorithm {
            "sha1" => Ok(Some(Self::Sha1(sha1::Sha1::new(), sum))),
            "sha256" => Ok(Some(Self::Sha256(sha2::Sha256::new(), sum))),
            _ => Err(wrong()),
        }
    }

    fn take(&mut self, chunk: &[u8]) {
        match self {
            Self::Sha1(digest, _) => digest.update(chunk),
            Self::Sha256(digest, _) => digest.update(chunk),
        }
    }

    fn fits(self) -> bool {
        match self {
            Self::Sha1(digest, sum) => digest.finalize().as_slice() == sum,
            Self::Sha256(digest, sum) => digest.finalize().as_slice() == sum,
        }
    }
}
