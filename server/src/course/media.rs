//! `GET /media/{course}/{version}/{path}`: a version's files, whole or by range (players seek).

use super::entity::{blob, course_file, course_version};
use super::picture::{self, Asked};
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result, explained};
use crate::site::mime;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use http::header::{ACCEPT_RANGES, CACHE_CONTROL, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, RANGE, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};
use image::ImageFormat;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::Deserialize;
use std::ops::Range;

/// A file of a published version, for anybody signed in.
pub async fn file(
    State(app): State<App>,
    _viewer: Viewer,
    Path((course, number, path)): Path<(String, i64, String)>,
    Query(Fitting { largeur }): Query<Fitting>,
    headers: HeaderMap,
) -> Result<Response> {
    let db = app.db.reader();
    let version = course_version::Entity::find()
        .filter(course_version::Column::Course.eq(course))
        .filter(course_version::Column::Number.eq(number))
        .one(db)
        .await?
        .ok_or(Error::NotFound)?;
    let kind = mime(&path);
    let file = course_file::Entity::find_by_id((version.id, path)).one(db).await?.ok_or(Error::NotFound)?;
    let digest = file.digest;
    let cached = "private, max-age=31536000, immutable";
    let Some(own) = ImageFormat::from_mime_type(kind) else {
        return Ok(served(stored(&app, digest).await?, kind, &headers, cached));
    };
    let asked = Asked::of(&headers, largeur.as_deref());
    let (bytes, kind) = picture::fitted(&app, digest, own, asked).await?;
    let mut response = served(bytes, kind, &headers, cached);
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
    Ok(response)
}

/// The bytes of that digest.
///
/// # Errors
/// There are none, or the database fails.
pub(super) async fn stored(app: &App, digest: String) -> Result<Bytes> {
    let kept = blob::Entity::find_by_id(digest).one(app.db.reader()).await?.ok_or(Error::NotFound)?;
    Ok(Bytes::from(kept.bytes))
}

/// How wide an image is asked for: one of [`domain::course::WIDTHS`].
#[derive(Debug, Deserialize)]
pub struct Fitting {
    largeur: Option<String>,
}

/// A file of authors as browsers get it: of the type that it is, whole or the range asked for, and never run.
pub(crate) fn served(bytes: Bytes, kind: &'static str, asked: &HeaderMap, cached: &'static str) -> Response {
    let length = bytes.len() as u64;
    let wanted = asked.get(RANGE).and_then(|value| value.to_str().ok());
    let mut response = match wanted.map(|wanted| range(wanted, length)) {
        Some(Some(range)) => {
            let told = format!("bytes {}-{}/{length}", range.start, range.end - 1);
            let [from, to] =
                [range.start, range.end].map(|at| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len()));
            (StatusCode::PARTIAL_CONTENT, [(CONTENT_RANGE, told)], bytes.slice(from..to)).into_response()
        }
        Some(None) => {
            let mut refused = explained(
                StatusCode::RANGE_NOT_SATISFIABLE,
                "Morceau de fichier introuvable",
                "Rechargez la page, puis relancez la lecture.".into(),
            );
            refused.headers_mut().insert(CONTENT_RANGE, HeaderValue::from(length));
            return refused;
        }
        None => bytes.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cached));
    // A drawing opened by itself runs nothing and loads nothing.
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"),
    );
    response
}

/// The one range asked for (RFC 9110 §14.1.2); none where it lies outside the file.
pub(crate) fn range(asked: &str, length: u64) -> Option<Range<u64>> {
    let (first, last) = asked.strip_prefix("bytes=")?.split_once('-')?;
    let range = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) => first..last.saturating_add(1).min(length),
        (Ok(first), Err(_)) if last.is_empty() => first..length,
        (Err(_), Ok(count)) if first.is_empty() => length.saturating_sub(count)..length,
        _ => return None,
    };
    (range.start < range.end).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn ranges_are_cut_to_the_file_and_refused_outside_it() {
        assert_eq!(range("bytes=0-99", 50), Some(0..50));
        assert_eq!(range("bytes=10-", 50), Some(10..50));
        assert_eq!(range("bytes=-10", 50), Some(40..50));
        for outside in ["bytes=50-", "bytes=9-3", "bytes=-0", "bytes=a-b", "lines=0-3", "bytes=0-1,3-4"] {
            assert_eq!(range(outside, 50), None, "{outside}");
        }
    }
}
