//! Logs, metrics, health.

use axum::extract::{MatchedPath, Request, State};
use axum::response::{IntoResponse as _, Response};
use http::header::AUTHORIZATION;
use http::{HeaderMap, Method, StatusCode};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use sea_orm::ConnectionTrait as _;
use sha2::{Digest as _, Sha256};
use std::time::Instant;
use tracing_subscriber::EnvFilter;

use crate::acme::Acme;
use crate::app::App;
use crate::config::{Config, Mode};
use crate::error::{Error, Result};

/// Sends logs to standard error. No log line carries personal data.
///
/// # Errors
/// When `SOCLE_LOG` is not a filter.
pub fn start_logs(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log).map_err(|error| anyhow::anyhow!("SOCLE_LOG: {error}"))?;
    // Where a line cannot be written, as on a full disk, it is lost: telling so on the same way would be a panic.
    let logs =
        tracing_subscriber::fmt().with_env_filter(filter).log_internal_errors(false).with_writer(std::io::stderr);
    if config.log_json {
        logs.json().init();
    } else {
        logs.with_target(false).init();
    }
    Ok(())
}

/// Starts counting; once a process.
///
/// # Errors
/// When counting has started already.
pub fn start_metrics() -> anyhow::Result<PrometheusHandle> {
    const SECONDS: &[f64] = &[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
    Ok(PrometheusBuilder::new().set_buckets(SECONDS)?.install_recorder()?)
}

/// Where a stopwatch begins.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "not the time of day: nothing is decided by it")]
pub fn instant() -> Instant {
    Instant::now()
}

/// Times a request under the route it matched, never under the address it named.
#[derive(Debug)]
pub struct Stopwatch {
    start: Instant,
    method: String,
    route: String,
}

impl Stopwatch {
    pub fn start(request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
        Self { start: instant(), method: counted(request.method()).to_owned(), route }
    }

    /// It was answered so.
    pub fn stop(self, status: StatusCode) {
        let Self { start, method, route } = self;
        let duration = start.elapsed();
        let labels = [("method", method.clone()), ("route", route.clone()), ("status", status.as_str().to_owned())];
        metrics::counter!("socle_requests_total", &labels).increment(1);
        metrics::histogram!("socle_request_seconds", "route" => route.clone()).record(duration.as_secs_f64());
        tracing::debug!(method, route, status = status.as_u16(), duration_ms = duration.as_millis(), "Answered");
    }
}

/// The method as it is counted. Anybody may make one up, and each would be counted apart for ever.
fn counted(method: &Method) -> &str {
    match *method {
        Method::GET | Method::HEAD | Method::POST | Method::PUT | Method::DELETE | Method::PATCH | Method::OPTIONS => {
            method.as_str()
        }
        _ => "other",
    }
}

/// `GET /health/live`: the process answers.
pub async fn live() -> &'static str {
    "alive\n"
}

/// `GET /health/ready`: the database answers too, and there is a certificate where one is to come.
pub async fn ready(State(app): State<App>) -> Response {
    if let Some(waits) = app.acme.as_ref().and_then(Acme::waits) {
        return (StatusCode::SERVICE_UNAVAILABLE, format!("{waits}\n")).into_response();
    }
    match app.db.reader().execute_unprepared("SELECT 1").await {
        Ok(_) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "Not ready: the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

/// `GET /metrics`, in Prometheus' text format, for who holds the token.
pub async fn metrics(State(app): State<App>, headers: HeaderMap) -> Result<String> {
    let given = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let allowed = match (&app.config.metrics_token, given) {
        // Digests are compared, so that the time taken tells nothing of the token.
        (Some(token), Some(given)) => Sha256::digest(token) == Sha256::digest(given),
        (Some(_), None) => false,
        (None, _) => app.config.mode == Mode::Demonstration,
    };
    let handle = app.metrics.as_ref().filter(|_| allowed).ok_or(Error::NotFound)?;
    Ok(handle.render())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_that_are_made_up_are_counted_as_one() {
        let made_up = |name: &str| Method::from_bytes(name.as_bytes()).unwrap();
        assert_eq!([made_up("AAAA"), made_up("AAAB"), Method::TRACE].each_ref().map(counted), ["other"; 3]);
        assert_eq!(counted(&Method::POST), "POST");
    }
}
