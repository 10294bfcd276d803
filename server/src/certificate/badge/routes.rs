//! Badges over HTTP: for their holder, as files; for whoever verifies one, who issued it, for what, and whether it stands.

use super::super::keys::PublicKey;
use super::super::routes::{download, readable};
use super::super::store;
use super::{baked, signed};
use crate::access::Viewer;
use crate::app::App;
use crate::document;
use crate::error::{Error, Result};
use crate::identity::{self, throttle};
use axum::Json;
use axum::extract::{ConnectInfo, Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use domain::certificate::Number;
use domain::certificate::badge::{self, Action, Address};
use domain::ids::{AwardSlug, PathwaySlug};
use domain::pathway::Pathway;
use http::HeaderMap;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL};
use serde::Deserialize;
use serde_json::Value;
use std::net::SocketAddr;

/// What its holder wants in it.
#[derive(Debug, Deserialize)]
pub struct Wishes {
    /// A digest of their address, where it is « oui ».
    adresse: Option<String>,
}

/// `GET /dossier/certificats/{number}/badge.json`
pub async fn file(
    State(app): State<App>,
    viewer: Viewer,
    Path(number): Path<String>,
    Query(wishes): Query<Wishes>,
) -> Result<Response> {
    let (number, badge) = made(&app, &viewer, &number, &wishes).await?;
    Ok(download("application/vc+ld+json", &format!("badge-{number}.json"), badge.to_string().into_bytes()))
}

/// `GET /dossier/certificats/{number}/badge.svg`: the same, inside a picture.
pub async fn picture(
    State(app): State<App>,
    viewer: Viewer,
    Path(number): Path<String>,
    Query(wishes): Query<Wishes>,
) -> Result<Response> {
    let (number, badge) = made(&app, &viewer, &number, &wishes).await?;
    Ok(download("image/svg+xml", &format!("badge-{number}.svg"), baked(&badge).into_bytes()))
}

/// The badge of a certificate that stands. Its holder alone has a say in what more it tells.
async fn made(app: &App, viewer: &Viewer, number: &str, wishes: &Wishes) -> Result<(Number, Value)> {
    let kept = readable(app, viewer, number).await?;
    if kept.withdrawn_at.is_some() {
        return Err(Error::NotFound);
    }
    let agent = kept.certificate.agent;
    let wanted = wishes.adresse.as_deref() == Some("oui") && agent == viewer.person;
    let account = if wanted { identity::store::account(app, agent).await? } else { None };
    let salt = || app.dice.uuid().simple().to_string();
    let address = account.map(|account| Address::digest_of(&account.email, salt()));
    let key = app.keys.current()?;
    let now = app.clock.now();
    let badge = signed(&app.config.public_url, &kept.certificate, address.as_ref(), &key, now)?;
    Ok((kept.certificate.number, badge))
}

/// `GET /certificats/emetteur.json`: who issues badges, and the keys that verify them.
pub async fn issuer(State(app): State<App>) -> Result<Response> {
    let keys: Vec<String> = app.keys.published()?.iter().filter_map(PublicKey::multikey).collect();
    Ok(public(badge::issuer_document(&app.config.public_url, &app.config.provider.name, &keys), "max-age=300"))
}

/// `GET /certificats/actions/{pathway}/{edition}/{award}`: what a badge is given for.
pub async fn action(
    State(app): State<App>,
    Path((slug, version, award)): Path<(PathwaySlug, u32, AwardSlug)>,
) -> Result<Response> {
    let known = document::version::<Pathway>(app.db.reader(), slug.as_str(), version).await?;
    let pathway = known.ok_or(Error::NotFound)?.document;
    let award = pathway.award(&award).ok_or(Error::NotFound)?;
    let action = Action::in_pathway(&slug, version, &pathway, award);
    Ok(public(action.document(&app.config.public_url), "max-age=86400"))
}

/// `GET /certificats/{number}/statut.json`: whether a badge is withdrawn, for whoever holds it.
pub async fn status(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Path(number): Path<String>,
) -> Result<Response> {
    app.throttle.try_certificate(throttle::client_address(&app.config, peer.ip(), &headers))?;
    let number: Number = number.parse().map_err(|_| Error::NotFound)?;
    let kept = store::find(app.db.reader(), number).await?.ok_or(Error::NotFound)?;
    Ok(public(badge::status(&app.config.public_url, number, kept.withdrawn_at.is_some()), "no-cache"))
}

/// A document that verifiers read, those that run in browsers too.
fn public(document: Value, kept: &'static str) -> Response {
    ([(CACHE_CONTROL, kept), (ACCESS_CONTROL_ALLOW_ORIGIN, "*")], Json(document)).into_response()
}
