//! What surrounds every answer, whatever its route. One layer: each of its own would cost every request a copy of all those
//! that it surrounds.

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderName, ORIGIN, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::app::App;
use crate::audit::Noting;
use crate::error::{Asked, Error, Result, is_for_machines};
use crate::identity::proving;
use crate::studio::media::tus;
use crate::telemetry::Stopwatch;
use crate::{studio, xapi};

/// Quizzes, which thousands start at once: as many requests about them as can be served together, enough to fill every
/// shared commit. The others wait their turn before their route begins, where waiting costs little memory. Whoever
/// has begun does not wait for those who begin: else everybody would be done last.
const BEGINNING: (&str, usize) = ("/cours/{course}/{chapter}/quiz", 32);
const BEGUN: ([&str; 2], usize) = (["/essais/{attempt}", "/essais/{attempt}/reponses"], 64);

/// What it works with.
#[derive(Debug, Clone)]
pub struct Around {
    app: App,
    beginning: Arc<Semaphore>,
    begun: Arc<Semaphore>,
}

impl Around {
    pub fn new(app: App) -> Self {
        let turns = |at_once| Arc::new(Semaphore::new(at_once));
        Self { app, beginning: turns(BEGINNING.1), begun: turns(BEGUN.1) }
    }

    /// Waits for a turn, where that request needs one; it lasts until it is dropped, once the route has answered.
    async fn turn(&self, request: &Parts) -> Option<SemaphorePermit<'_>> {
        let route = request.extensions.get::<MatchedPath>()?.as_str();
        // Nobody closes them, so that whoever waits gets a turn.
        match route {
            _ if route == BEGINNING.0 => self.beginning.acquire().await.ok(),
            _ if BEGUN.0.contains(&route) => self.begun.acquire().await.ok(),
            _ => None,
        }
    }
}

/// Refuses what no route is to see, has the route answer, and gives the answer what every answer has.
pub async fn around(State(around): State<Around>, request: Request, next: Next) -> Response {
    let app = &around.app;
    let stopwatch = Stopwatch::start(&request);
    let asked = Asked::of(&request);
    let path = request.uri().path().to_owned();
    // A panic in one request is that request's, not everybody's.
    let answered = AssertUnwindSafe(admitted(&around, request, next)).catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!("A request panicked");
        Ok(StatusCode::INTERNAL_SERVER_ERROR.into_response())
    });
    let mut response = asked.explained(app, answered.unwrap_or_else(Error::into_response)).await;
    xapi::routes::mark(app, &path, &mut response);
    tus::mark(&path, &mut response);
    harden(response.headers_mut());
    stopwatch.stop(response.status());
    response
}

/// The route's answer, where the request may come so far.
async fn admitted(around: &Around, request: Request, next: Next) -> Result<Response> {
    let app = &around.app;
    refuse_cross_site(app, &request)?;
    // Whoever sends a form slowly holds up nobody: it is read before its turn comes.
    let mut request = without_nul(request).await?;
    let noting = Noting::begin(&mut request);
    let (parts, body) = request.into_parts();
    let _turn = around.turn(&parts).await;
    let response = match proving::asked_again(app, &parts).await? {
        Some(elsewhere) => elsewhere,
        None => next.run(Request::from_parts(parts, body)).await,
    };
    noting.end(app, response.status()).await;
    Ok(response)
}

/// Refuses changes asked for by another site (OWASP: Fetch Metadata, else the origin).
fn refuse_cross_site(app: &App, request: &Request) -> Result<()> {
    let reading = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // What no cookie opens, no other site can abuse.
    if reading || is_for_machines(request.uri().path()) || is_same_site(&app.config.public_url, request.headers()) {
        Ok(())
    } else {
        Err(Error::CrossSite)
    }
}

/// Whether the browser says that this very site asks.
pub(crate) fn is_same_site(public_url: &str, headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match (headers.get("sec-fetch-site").map(HeaderValue::as_bytes), text(&ORIGIN)) {
        (Some(b"same-origin"), _) => true,
        (Some(_), _) | (None, None) => false,
        (None, Some(origin)) => {
            let host = origin.parse::<Uri>().ok().and_then(|origin| origin.authority().map(ToString::to_string));
            origin == public_url || (host.is_some() && host.as_deref() == text(&HOST))
        }
    }
}

/// Refuses addresses and forms with a NUL in them, which nobody types, PostgreSQL does not keep, and SQLite takes for an
/// end. Machines are told by who reads their parameters.
async fn without_nul(request: Request) -> Result<Request> {
    let holds_one = |text: &[u8]| text.windows(3).any(|sign| sign == b"%00") || text.contains(&0);
    let said = "Un signe invisible s’est glissé dans cette demande\u{a0}: retapez le texte.";
    if is_for_machines(request.uri().path()) {
        return Ok(request);
    }
    if holds_one(request.uri().to_string().as_bytes()) {
        return Err(Error::BadRequest(said.to_owned()));
    }
    let kind = request.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    if !kind.starts_with(b"application/x-www-form-urlencoded") {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    // No form is larger; each is held to its own limit by who reads it.
    let form = to_bytes(body, studio::desk::BODY_LIMIT).await.map_err(|_| Error::TooLarge)?;
    if holds_one(&form) {
        return Err(Error::BadRequest(said.to_owned()));
    }
    Ok(Request::from_parts(parts, Body::from(form)))
}

/// Headers that every answer carries.
fn harden(headers: &mut HeaderMap) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    // Pages say more; what is no page is shown in nobody's either.
    let unframed = HeaderValue::from_static("frame-ancestors 'none'; base-uri 'none'");
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(unframed);
    // The live room alone asks for more.
    let policy = HeaderValue::from_static("camera=(), microphone=(), geolocation=()");
    headers.entry("permissions-policy").or_insert(policy);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(headers: &[(&'static str, &'static str)]) -> bool {
        let headers =
            headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        is_same_site("https://socle.example", &headers.collect())
    }

    #[test]
    fn only_this_site_may_change_anything() {
        assert!(allowed(&[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        assert!(allowed(&[("origin", "https://socle.example"), ("host", "10.0.0.1")]));
        assert!(allowed(&[("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")]));
        assert!(!allowed(&[("sec-fetch-site", "cross-site"), ("origin", "https://socle.example")]));
        assert!(!allowed(&[("sec-fetch-site", "same-site")]));
        assert!(!allowed(&[("origin", "https://autre.example"), ("host", "socle.example")]));
        assert!(!allowed(&[("origin", "null"), ("host", "socle.example")]));
        assert!(!allowed(&[]));
    }
}
