//! How much a line carries: bytes to take, and bytes to send.

use crate::app::App;
use crate::error::Result;
use crate::identity::throttle;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, Query, State};
use axum::response::{IntoResponse as _, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use std::net::SocketAddr;
use std::sync::LazyLock;

/// Bytes that are given at most.
const MOST: usize = 2 << 20;
/// Bytes that are taken at most.
pub const BODY_LIMIT: usize = 1 << 20;

/// Bytes that no line makes smaller (xorshift, Marsaglia 2003): no secret, and the same for everybody.
static NOISE: LazyLock<Bytes> = LazyLock::new(|| {
    let mut dice = 0x9e37_79b9_7f4a_7c15_u64;
    let words = (0..MOST / 8).map(|_| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        dice.to_le_bytes()
    });
    words.flatten().collect::<Vec<u8>>().into()
});

/// How many bytes are wanted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    #[serde(default = "little")]
    octets: usize,
}

fn little() -> usize {
    65_536
}

/// `GET /diagnostic/debit?octets=65536`
pub async fn down(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Query(Wanted { octets }): Query<Wanted>,
) -> Result<Response> {
    app.throttle.try_diagnosis(throttle::client_address(&app.config, peer.ip(), &headers))?;
    let kind = [(CONTENT_TYPE, "application/octet-stream"), (CACHE_CONTROL, "no-store, no-transform")];
    Ok((kind, NOISE.slice(..octets.min(MOST))).into_response())
}

/// `POST /diagnostic/debit`: whatever is sent is taken, and not kept.
pub async fn up(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode> {
    app.throttle.try_diagnosis(throttle::client_address(&app.config, peer.ip(), &headers))?;
    drop(body);
    Ok(StatusCode::NO_CONTENT)
}
