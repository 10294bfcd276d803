//! From a file that was sent to a file of the course.

use super::judge::{self, HEAD, Judged, judge};
use super::list::show;
use super::uploads;
use crate::access::{CourseAuthor, Viewer};
use crate::app::App;
use crate::error::{Error, Result, explained};
use crate::page::Surroundings;
use crate::studio::questions::Reading;
use crate::studio::store::{self, Save, Saved};
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::{Form, Json};
use domain::ids::CourseSlug;
use domain::studio::medium::weight;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncReadExt as _;
use uuid::Uuid;

/// What a plain form sends: as much as the heaviest image.
const FORM_LIMIT: u64 = 40_000_000;

/// A little more is waited for, to be told why it is refused rather than cut off.
pub const BODY_LIMIT: usize = 48 * 1024 * 1024;

/// How often another name is tried where files of that name are there.
const NAMES: usize = 50;

/// `POST /studio/{course}/medias`: a file in a plain form.
pub async fn send(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(course): Path<CourseSlug>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response> {
    let reading = Reading::of(&app, &viewer, &course).await?;
    let form = form.map_err(|_| Error::BadRequest("Envoyez le fichier depuis la page des images et vidéos.".into()))?;
    let Sent { chapter, request, name, bytes, is_cut } = parts(form).await?;
    let kept = if is_cut {
        Err(format!(
            "Par ce formulaire, un fichier pèse au plus {}\u{a0}: choisissez-en un plus léger.",
            weight(FORM_LIMIT)
        ))
    } else if name.is_empty() {
        Err("Choisissez un fichier à envoyer.".to_owned())
    } else {
        keep(&app, &reading, (&chapter, request.unwrap_or_else(|| app.dice.uuid())), name, bytes).await?
    };
    match kept {
        Ok((path, _)) => Ok(Redirect::to(&address(&course, &path)).into_response()),
        Err(problem) => {
            show(&app, around, StatusCode::UNPROCESSABLE_ENTITY, &viewer, &reading, (None, Some(problem))).await
        }
    }
}

/// The page of the media, which says that this one arrived. Names of files are made of signs that addresses take.
fn address(course: &CourseSlug, path: &str) -> String {
    format!("/studio/{course}/medias?recu={path}")
}

#[derive(Default)]
struct Sent {
    chapter: String,
    request: Option<Uuid>,
    name: String,
    bytes: Vec<u8>,
    is_cut: bool,
}

async fn parts(mut form: Multipart) -> Result<Sent> {
    let unread = |error: axum::extract::multipart::MultipartError| {
        let large = error.status() == StatusCode::PAYLOAD_TOO_LARGE;
        if large {
            Error::TooLarge
        } else {
            Error::BadRequest("Le fichier n’est pas arrivé entier\u{a0}: envoyez-le de nouveau.".into())
        }
    };
    let mut sent = Sent::default();
    while let Some(mut part) = form.next_field().await.map_err(unread)? {
        match part.name() {
            Some("file") => {
                sent.name = part.file_name().unwrap_or_default().to_owned();
                while let Some(chunk) = part.chunk().await.map_err(unread)? {
                    sent.is_cut |= (sent.bytes.len() + chunk.len()) as u64 > FORM_LIMIT;
                    if !sent.is_cut {
                        sent.bytes.extend_from_slice(&chunk);
                    }
                }
            }
            Some("chapter") => sent.chapter = part.text().await.map_err(unread)?,
            Some("request") => sent.request = part.text().await.map_err(unread)?.parse().ok(),
            _ => {}
        }
    }
    Ok(sent)
}

/// Where the file goes: a chapter, or the whole course where empty.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    chapter: String,
}

/// `POST /studio/{course}/medias/envois/{upload}`: takes in what an upload brought, which ends it either way.
pub async fn take(
    State(app): State<App>,
    viewer: Viewer,
    Path((course, id)): Path<(CourseSlug, Uuid)>,
    headers: HeaderMap,
    Form(Wanted { chapter }): Form<Wanted>,
) -> Result<Response> {
    let reading = Reading::of(&app, &viewer, &course).await?;
    let upload = uploads::own(&app, viewer.person, id).await?;
    if upload.course != course {
        return Err(Error::NotFound);
    }
    if upload.received < upload.size {
        return Err(Error::Conflict(
            "Ce fichier n’est pas encore arrivé entier\u{a0}: attendez la fin de l’envoi.".to_owned(),
        ));
    }
    let Some(_held) = app.uploads.hold(id) else {
        return Err(Error::Conflict("Ce fichier est déjà en train d’être rangé.".to_owned()));
    };
    let kept = match whole(&app, &upload).await? {
        Ok(bytes) => keep(&app, &reading, (&chapter, id), upload.name.clone(), bytes).await?,
        Err(problem) => Err(problem),
    };
    uploads::forget(&app, id).await?;
    let wants_json = headers.get(http::header::ACCEPT).is_some_and(|accept| accept.as_bytes() == b"application/json");
    match kept {
        Ok((path, said)) if wants_json => {
            Ok(Json(serde_json::json!({ "path": path, "said": said, "page": address(&course, &path) })).into_response())
        }
        Ok((path, _)) => Ok(Redirect::to(&address(&course, &path)).into_response()),
        Err(problem) => Ok(explained(StatusCode::UNPROCESSABLE_ENTITY, "Fichier refusé", problem)),
    }
}

/// The bytes of an upload, read only once its beginning says that a course may take it.
async fn whole(app: &App, upload: &uploads::Upload) -> Result<Result<Vec<u8>, String>> {
    let failed = |error: std::io::Error| Error::Internal(format!("an upload cannot be read: {error}"));
    let file = tokio::fs::File::open(uploads::path(app, upload.id)).await.map_err(failed)?;
    let mut file = file.take(upload.size);
    let mut bytes = Vec::new();
    (&mut file).take(HEAD as u64).read_to_end(&mut bytes).await.map_err(failed)?;
    if let Err(problem) = judge::kind_of(&upload.name, &bytes, upload.size) {
        return Ok(Err(problem));
    }
    file.read_to_end(&mut bytes).await.map_err(failed)?;
    Ok(Ok(bytes))
}

/// Judges a file and keeps it in the draft under a name that no other file has; gives that name, and what was found.
async fn keep(
    app: &App,
    reading: &Reading,
    (chapter, request): (&str, Uuid),
    name: String,
    bytes: Vec<u8>,
) -> Result<Result<(String, String), String>> {
    if !chapter.is_empty() && !reading.chapters().iter().any(|known| known == chapter) {
        return Err(Error::NotFound);
    }
    // One at a time: a large image takes memory.
    let _turn = JUDGING.acquire().await.map_err(|error| Error::Internal(error.to_string()))?;
    let judged = tokio::task::spawn_blocking(move || judge(&name, bytes)).await;
    let Judged { name, bytes, said } = match judged.map_err(|error| Error::Internal(error.to_string()))? {
        Ok(judged) => judged,
        Err(problem) => return Ok(Err(problem)),
    };
    let folder = if chapter.is_empty() { "media".to_owned() } else { format!("{chapter}/media") };
    let digest = hex::encode(Sha256::digest(&bytes));
    let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
    let names = std::iter::once(name.clone()).chain((2..).map(|number| format!("{stem}-{number}.{extension}")));
    for name in names.take(NAMES) {
        let path = format!("{folder}/{name}");
        match reading.files.get(&path) {
            Some(known) if known.digest.as_ref() == Some(&digest) => return Ok(Ok((path, said))),
            Some(_) => continue,
            None => {}
        }
        let save = Save { path: path.clone(), base: None, bytes: Some(bytes.clone()) };
        if save_one(app, &reading.author, request, save).await? {
            return Ok(Ok((path, said)));
        }
    }
    Ok(Err(format!("Trop de fichiers s’appellent «\u{a0}{name}\u{a0}»\u{a0}: renommez celui-ci.")))
}

static JUDGING: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(1);

pub(super) async fn save_one(app: &App, author: &CourseAuthor, request: Uuid, save: Save) -> Result<bool> {
    let (author, now) = (author.clone(), app.clock.now());
    let saved =
        app.db.write(move |db| Box::pin(async move { store::save(db, &author, (now, request), save).await })).await?;
    Ok(matches!(saved, Saved::Kept(_)))
}
