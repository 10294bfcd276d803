//! The browser bundle: read once at start, served from memory, already compressed.

use anyhow::Context as _;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use frontend::Assets;
use frontend::app::Parts;
use http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use http::{HeaderMap, HeaderValue};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path as FilePath;

use crate::app::App;
use crate::error::{Error, Result};

/// Every file of the bundle, by the name it is asked by.
#[derive(Debug, Default)]
pub struct Site {
    files: BTreeMap<String, File>,
    assets: Assets,
}

#[derive(Debug)]
struct File {
    plain: axum::body::Bytes,
    brotli: Option<axum::body::Bytes>,
    gzip: Option<axum::body::Bytes>,
    kind: &'static str,
}

#[derive(Debug, Deserialize)]
struct Manifest {
    socle: Files,
    room: Files,
    trials: Files,
    studio: Files,
    replay: Files,
    #[serde(default)]
    files: BTreeMap<String, String>,
}

/// A bundle's.
#[derive(Debug, Deserialize)]
struct Files {
    css: String,
    js: Option<String>,
    wasm: Option<String>,
}

impl From<Files> for Parts {
    fn from(Files { css, js, wasm }: Files) -> Self {
        Self { css, js, wasm }
    }
}

impl Site {
    /// Reads the folder that the `bundle` tool made.
    ///
    /// # Errors
    /// When the folder or its manifest is missing or unreadable.
    pub fn load(folder: &FilePath) -> anyhow::Result<Self> {
        let place = folder.display();
        let manifest = std::fs::read(folder.join("manifest.json"))
            .with_context(|| format!("the browser bundle is not in {place}: make it with `make bundle`"))?;
        let manifest: Manifest =
            serde_json::from_slice(&manifest).with_context(|| format!("{place}/manifest.json is not understood"))?;
        let mut files = BTreeMap::new();
        let folder = folder.join("assets");
        for entry in std::fs::read_dir(&folder).with_context(|| format!("{place} has no assets: run `make bundle`"))? {
            let path = entry?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            let is_compressed = matches!(name.rsplit('.').next(), Some("br" | "gz"));
            if is_compressed || !path.is_file() {
                continue;
            }
            let beside =
                |extension: &str| std::fs::read(folder.join(format!("{name}.{extension}"))).ok().map(Into::into);
            let file = File {
                plain: std::fs::read(&path)?.into(),
                brotli: beside("br"),
                gzip: beside("gz"),
                kind: mime(name),
            };
            files.insert(name.to_owned(), file);
        }
        let assets = Assets {
            pages: manifest.socle.into(),
            room: manifest.room.into(),
            trials: manifest.trials.into(),
            studio: manifest.studio.into(),
            replay: manifest.replay.into(),
            files: manifest.files,
        };
        Ok(Self { files, assets })
    }

    /// Where pages find the bundle.
    #[must_use]
    pub fn assets(&self) -> &Assets {
        &self.assets
    }
}

/// `GET /assets/{name}`: names carry a hash of the content, so browsers keep them for good.
pub async fn asset(State(app): State<App>, Path(name): Path<String>, headers: HeaderMap) -> Result<Response> {
    let file = app.site.files.get(&name).ok_or(Error::NotFound)?;
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepts = |coding: &str| {
        accepted.split(',').any(|token| token.split(';').next().is_some_and(|name| name.trim() == coding))
    };
    let (body, coding) = match (&file.brotli, &file.gzip) {
        (Some(brotli), _) if accepts("br") => (brotli, Some("br")),
        (_, Some(gzip)) if accepts("gzip") => (gzip, Some("gzip")),
        _ => (&file.plain, None),
    };
    let mut response = body.clone().into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    Ok(response)
}

/// The type of a file, by its name. Unknown ones are never shown inline by a browser.
#[must_use]
pub fn mime(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "webm" => "video/webm",
        "mp4" => "video/mp4",
        "ogg" | "opus" => "audio/ogg",
        "mp3" => "audio/mpeg",
        "vtt" => "text/vtt; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
