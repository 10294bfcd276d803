//! `/connexion/cle`, `/connexion/code/cle` and `/second-facteur/cles`: entering with a passkey, showing one, keeping them.

use super::answer::Signed;
use super::pages::{add_page, line, refused_page, sign_in_refused};
use super::{judging, making, store};
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::proving::{self, Asker};
use crate::identity::routes::{before, local};
use crate::identity::second_factor::{self, SetUp};
use crate::identity::{own_factor, session, throttle};
use crate::page::Surroundings;
use axum::extract::{ConnectInfo, Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::{Form, Json};
use frontend::identity::passkey_page;
use http::header::{CACHE_CONTROL, SET_COOKIE};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use std::net::SocketAddr;

/// What names a browser whose person is not known yet, while it asks; sent back here only.
const COOKIE_NAME: &str = "__Host-socle-cle";

/// What a form sends once an authenticator signed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    challenge: String,
    credential: String,
    back: Option<String>,
}

impl Answer {
    fn split(self) -> (Signed, Option<String>) {
        (Signed { challenge: self.challenge, credential: self.credential }, self.back)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct New {
    #[serde(default)]
    name: String,
    challenge: String,
    credential: String,
    back: Option<String>,
}

/// What is done with one.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Change {
    Rename { name: String },
    Remove,
}

/// `POST /connexion/cle/defi`: what to sign, for a browser whose person is not known.
pub async fn challenge_to_enter(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<Response> {
    app.throttle.try_challenge(throttle::client_address(&app.config, peer.ip(), &headers))?;
    // The same in each of its tabs.
    let secret = browser(&headers).map_or_else(|| hex::encode(app.dice.secret()), str::to_owned);
    let asked = judging::ask(&app, session::hashed(&secret), None).await?;
    let cookie = format!("{COOKIE_NAME}={secret}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=3600");
    Ok(([(SET_COOKIE, cookie)], asked_of_browser(asked)).into_response())
}

fn browser(headers: &HeaderMap) -> Option<&str> {
    let is_one = |secret: &&str| secret.len() == 64 && secret.bytes().all(|sign| sign.is_ascii_hexdigit());
    session::cookie_in(headers, COOKIE_NAME).filter(is_one)
}

fn asked_of_browser(asked: Value) -> Response {
    ([(CACHE_CONTROL, "no-store")], Json(asked)).into_response()
}

/// `POST /connexion/cle`: signs in without a password.
pub async fn enter(
    State(app): State<App>,
    around: Surroundings,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(answer): Form<Answer>,
) -> Result<Response> {
    app.throttle.try_address(throttle::client_address(&app.config, peer.ip(), &headers))?;
    let (signed, back) = answer.split();
    let holder = browser(&headers).map(session::hashed).unwrap_or_default();
    let Some(person) = judging::signed(&app, holder, None, signed).await? else {
        metrics::counter!("socle_sign_ins_total", "outcome" => "refused").increment(1);
        return Ok(sign_in_refused(&app, around, back.as_deref()));
    };
    metrics::counter!("socle_sign_ins_total", "outcome" => "accepted").increment(1);
    session::close(&app, &headers).await?;
    let secret = session::open_proved(&app, person, None).await?;
    let to = back.as_deref().map_or("/", local);
    Ok(([(SET_COOKIE, session::cookie(&app, &secret))], Redirect::to(to)).into_response())
}

/// `POST /connexion/code/cle/defi`: what to sign with one of theirs.
pub async fn challenge_to_prove(
    State(app): State<App>,
    viewer: Option<Viewer>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<Response> {
    let Asker { person, holder, .. } = proving::asked(&app, viewer.as_ref(), &headers).await?;
    app.throttle.try_challenge(throttle::client_address(&app.config, peer.ip(), &headers))?;
    Ok(asked_of_browser(judging::ask(&app, holder, Some(person)).await?))
}

/// `POST /connexion/code/cle`: shows one of theirs after the password, or again before what weighs most.
pub async fn prove(
    State(app): State<App>,
    viewer: Option<Viewer>,
    around: Surroundings,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(answer): Form<Answer>,
) -> Result<Response> {
    let Asker { person, holder, .. } = proving::asked(&app, viewer.as_ref(), &headers).await?;
    proving::count(&app, person, peer, &headers)?;
    let (signed, back) = answer.split();
    if judging::signed(&app, holder, Some(person), signed).await?.is_none() {
        let refused = (person, Some(super::pages::REFUSED.to_owned()), back);
        return proving::show(&app, around, StatusCode::UNPROCESSABLE_ENTITY, refused).await;
    }
    let id_token = session::id_token(&app, &headers).await?;
    proving::lead_on(&app, person, (&headers, id_token), back.as_deref().map_or("/", local)).await
}

/// `GET /second-facteur/cles`: the page where one more is made.
pub async fn page(State(app): State<App>, _viewer: Viewer, around: Surroundings) -> Response {
    add_page(&app, around, StatusCode::OK, None)
}

/// `POST /second-facteur/cles/defi`: what makes one of theirs. Of who has a second factor already it was asked lately.
pub async fn challenge_to_add(
    State(app): State<App>,
    viewer: Option<Viewer>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<Response> {
    let Asker { person, holder, lately } = proving::asked(&app, viewer.as_ref(), &headers).await?;
    app.throttle.try_challenge(throttle::client_address(&app.config, peer.ip(), &headers))?;
    if !lately && second_factor::is_set(app.db.reader(), person).await? {
        let said = "Votre second facteur est à redonner d’abord\u{a0}: rechargez la page, elle vous le demandera.";
        return Err(Error::Conflict(said.to_owned()));
    }
    Ok(asked_of_browser(making::ask_for_new(&app, holder, person).await?))
}

/// `POST /second-facteur/cles`: keeps it. The first factor brings recovery codes.
pub async fn add(
    State(app): State<App>,
    viewer: Option<Viewer>,
    around: Surroundings,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(New { name, challenge, credential, back }): Form<New>,
) -> Result<Response> {
    let Asker { person, holder, lately } = proving::asked(&app, viewer.as_ref(), &headers).await?;
    proving::count(&app, person, peer, &headers)?;
    let id_token = session::id_token(&app, &headers).await?;
    let signed = Signed { challenge, credential };
    match making::add(&app, (person, holder, lately), signed, &name).await? {
        Some(SetUp::First(codes)) => {
            let to = back.as_deref().map_or("/second-facteur", local).to_owned();
            proving::show_codes(&app, around, (person, codes, to), (&headers, id_token)).await
        }
        Some(SetUp::More) => Ok(Redirect::to("/second-facteur?fait=cle-ajoutee").into_response()),
        None => refused_page(&app, around, (person, viewer.is_some()), back).await,
    }
}

/// `GET /second-facteur/cles/{passkey}`
pub async fn one(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<i64>,
) -> Result<Response> {
    let row = store::theirs(app.db.reader(), viewer.person, id).await?;
    let last = second_factor::is_last_passkey(app.db.reader(), viewer.person).await?;
    let stays = last && session::must_have_one(&app, viewer.person).await?;
    Ok(around.page("Clé d’accès", passkey_page(line(row), stays)))
}

/// `POST /second-facteur/cles/{passkey}`: another name, or none any more.
pub async fn change(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(id): Path<i64>,
    Form(change): Form<Change>,
) -> Result<Response> {
    match change {
        Change::Rename { name } => {
            store::rename(&app, viewer.person, id, &name).await?;
            Ok(Redirect::to("/second-facteur?fait=cle-renommee").into_response())
        }
        Change::Remove if !proving::lately(&app, &viewer) => {
            let again = before(proving::CODE, &format!("/second-facteur/cles/{id}"));
            store::theirs(app.db.reader(), viewer.person, id).await?;
            Ok(Redirect::to(&again).into_response())
        }
        Change::Remove => {
            let this = session::hash_in(&headers).unwrap_or_default();
            if store::remove(&app, (viewer.person, this), id).await? {
                return Ok(own_factor::shut_out());
            }
            Ok(Redirect::to("/second-facteur?fait=cle-retiree").into_response())
        }
    }
}
