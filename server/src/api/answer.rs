//! Answers: JSON with its validators, and pages of lists.

use super::asked::Asked;
use crate::app::App;
use crate::error::{Error, Result};
use axum::response::{IntoResponse as _, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LAST_MODIFIED, LINK};
use http::{HeaderMap, HeaderValue, StatusCode};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// Some items of a list.
#[derive(Debug, Serialize)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    /// Address of the next page; none on the last.
    pub(super) next: Option<String>,
}

/// Whether an answer tells of people, and so may be kept by nobody on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Privacy {
    Personal,
    Public,
}

/// A page of the list at `path`. `items` holds one more than the page where there are more; `cursor` says where that
/// of an item is.
pub(super) fn page<T>(
    app: &App,
    path: &str,
    asked: &Asked<'_>,
    mut items: Vec<T>,
    cursor: impl Fn(&T) -> String,
) -> Page<T> {
    let limit = usize::try_from(asked.limit()).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    let last = items.last().filter(|_| more);
    let next = last.map(|last| format!("{}{path}?{}", app.config.public_url, asked.next(&cursor(last))));
    Page { items, next }
}

/// A list's answer, with the link to its next page (RFC 8288).
///
/// # Errors
/// When it cannot be written.
pub(super) fn list<T: Serialize>(headers: &HeaderMap, privacy: Privacy, page: &Page<T>) -> Result<Response> {
    let mut response = one(headers, privacy, page, None)?;
    if let Some(next) = &page.next
        && let Ok(link) = HeaderValue::from_str(&format!("<{next}>; rel=\"next\""))
    {
        response.headers_mut().insert(LINK, link);
    }
    Ok(response)
}

/// The answer, or 304 where the system holds it already. Its tag is weak: the same answer travels compressed or not
/// (RFC 9110 §8.8.1).
///
/// # Errors
/// When it cannot be written.
pub(super) fn one(
    headers: &HeaderMap,
    privacy: Privacy,
    value: &impl Serialize,
    modified: Option<Timestamp>,
) -> Result<Response> {
    let body = serde_json::to_vec(value).map_err(|error| Error::Internal(error.to_string()))?;
    let digest = hex::encode(Sha256::digest(&body));
    let tag = format!("W/\"{}\"", digest.get(..32).unwrap_or_default());
    let mut response = if holds(headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(CONTENT_TYPE, "application/json")], body).into_response()
    };
    let keep = match privacy {
        Privacy::Personal => "private, no-store",
        Privacy::Public => "private, no-cache",
    };
    let answered = response.headers_mut();
    answered.insert(CACHE_CONTROL, HeaderValue::from_static(keep));
    let date = modified.map(|at| TimeZone::UTC.to_datetime(at).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
    for (name, value) in [(ETAG, Some(tag)), (LAST_MODIFIED, date)] {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            answered.insert(name, value);
        }
    }
    Ok(response)
}

/// Whether the system says that it holds what has that tag (RFC 9110 §13.1.2).
fn holds(headers: &HeaderMap, tag: &str) -> bool {
    let same = |held: &str| held == "*" || held.trim_start_matches("W/") == tag.trim_start_matches("W/");
    let held = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    held.flat_map(|value| value.split(',')).any(|held| same(held.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(held: Option<&'static str>) -> Response {
        let mut headers = HeaderMap::new();
        headers.extend(held.map(|held| (IF_NONE_MATCH, HeaderValue::from_static(held))));
        let modified = "2026-12-01T08:30:00Z".parse().unwrap();
        one(&headers, Privacy::Personal, &serde_json::json!({ "a": 1 }), Some(modified)).unwrap()
    }

    #[test]
    fn what_is_held_is_not_sent_again() {
        let first = asked(None);
        assert_eq!(first.status(), StatusCode::OK);
        assert_eq!(first.headers()[ETAG], "W/\"015abd7f5cc57a2dd94b7590f04ad808\"");
        assert_eq!(first.headers()[LAST_MODIFIED], "Tue, 01 Dec 2026 08:30:00 GMT");
        assert_eq!(first.headers()[CACHE_CONTROL], "private, no-store");
        for held in ["*", "\"x\", W/\"015abd7f5cc57a2dd94b7590f04ad808\"", "\"015abd7f5cc57a2dd94b7590f04ad808\""] {
            let again = asked(Some(held));
            assert_eq!(
                (again.status(), again.headers().get(ETAG)),
                (StatusCode::NOT_MODIFIED, first.headers().get(ETAG))
            );
        }
        assert_eq!(asked(Some("W/\"015abd7f\"")).status(), StatusCode::OK);
    }
}
