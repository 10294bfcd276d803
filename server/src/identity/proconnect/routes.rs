//! The way to ProConnect and back, and out again.

use super::super::routes::{before, before_unless_home, local};
use super::super::{proving, session, throttle};
use super::ProConnect;
use super::begun::{Begun, spent_cookie};
use super::provider::Trouble;
use super::store::{Recognised, recognise};
use crate::access::Viewer;
use crate::app::App;
use crate::audit::pages;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use axum::extract::{ConnectInfo, Query, State};
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use frontend::identity::{NotIn, not_in_page, signed_out_page};
use http::header::{REFRESH, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use std::net::SocketAddr;

const TITLE: &str = "Connexion par ProConnect";

/// How a sign-in begins.
#[derive(Debug, Deserialize)]
pub struct Begin {
    /// Where to go on.
    back: Option<String>,
    /// `oui` before what weighs most: ProConnect asks for everything again.
    preuve: Option<String>,
}

/// What ProConnect leads back with: a code, or why there is none (OpenID Connect Core 1.0, sections 3.1.2.5 and 3.1.2.6).
#[derive(Debug, Deserialize)]
pub struct Answer {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    /// Who answers (RFC 9207), where it says so.
    iss: Option<String>,
}

/// What ProConnect leads back with once its session is ended.
#[derive(Debug, Deserialize)]
pub struct Ended {
    state: Option<String>,
}

fn configured(app: &App) -> Result<&ProConnect> {
    app.proconnect.as_ref().ok_or(Error::NotFound)
}

/// `GET /connexion/proconnect`: a link leads here, not a form, whose redirections the security policy would hold to this site.
pub async fn begin(
    State(app): State<App>,
    around: Surroundings,
    Query(Begin { back, preuve }): Query<Begin>,
) -> Result<Response> {
    let now = app.clock.now();
    let begun = Begun::new(&app.dice, now, back.as_deref().map_or("/", local));
    let there = configured(&app)?.ask(now, &begun, preuve.as_deref() == Some("oui")).await;
    Ok(match there {
        Ok(there) => ([(SET_COOKIE, begun.cookie())], Redirect::to(&there)).into_response(),
        Err(trouble) => not_in(around, told(&trouble), &begun.back),
    })
}

/// `GET /connexion/proconnect/retour`
pub async fn come_back(
    State(app): State<App>,
    viewer: Option<Viewer>,
    around: Surroundings,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Query(answer): Query<Answer>,
) -> Result<Response> {
    let proconnect = configured(&app)?;
    app.throttle.try_address(throttle::client_address(&app.config, peer.ip(), &headers))?;
    let begun = Begun::read(&headers, app.clock.now());
    if begun.is_none() && viewer.is_some() {
        // The page was loaded again once signed in.
        return Ok(Redirect::to("/").into_response());
    }
    let Some(begun) = begun.filter(|begun| answer.state.as_deref().is_some_and(|state| begun.is_of(state))) else {
        metrics::counter!("socle_sign_ins_total", "outcome" => "refused").increment(1);
        return Ok(not_in(around, NotIn::Elsewhere, "/"));
    };
    match enter(&app, proconnect, &headers, (&begun, answer)).await? {
        Ok(cookie) => {
            metrics::counter!("socle_sign_ins_total", "outcome" => "accepted").increment(1);
            let cookies = AppendHeaders([(SET_COOKIE, cookie.0), (SET_COOKIE, spent_cookie())]);
            Ok((cookies, Redirect::to(&cookie.1)).into_response())
        }
        Err(why) => {
            metrics::counter!("socle_sign_ins_total", "outcome" => "refused").increment(1);
            let mut page = not_in(around, why, &begun.back);
            // It serves once, whatever came of it.
            if let Ok(spent) = HeaderValue::from_str(&spent_cookie()) {
                page.headers_mut().append(SET_COOKIE, spent);
            }
            Ok(page)
        }
    }
}

/// The cookie of the session that is opened, and where to go on; else why none is.
async fn enter(
    app: &App,
    proconnect: &ProConnect,
    headers: &HeaderMap,
    (begun, answer): (&Begun, Answer),
) -> Result<Result<(String, String), NotIn>> {
    if answer.iss.is_some_and(|issuer| issuer != proconnect.issuer()) {
        return Ok(Err(told(&Trouble::Unverified("another provider answers".to_owned()))));
    }
    if let Some(error) = answer.error {
        return Ok(Err(refused(&error)));
    }
    let Some(code) = answer.code else { return Ok(Err(NotIn::Elsewhere)) };
    let said = match proconnect.recognise(app.clock.now(), begun, code).await {
        Ok(said) => said,
        Err(trouble) => return Ok(Err(told(&trouble))),
    };
    let person = match recognise(app, proconnect.issuer(), &said).await? {
        Recognised::Is(person) => person,
        Recognised::Suspended => return Ok(Err(NotIn::Suspended)),
        Recognised::Unconfirmed => return Ok(Err(NotIn::Unconfirmed { email: said.email.unwrap_or_default() })),
        Recognised::Unknown { email, maison } => return Ok(Err(NotIn::Unknown { name: said.name, email, maison })),
    };
    // A new secret at each sign-in: one planted before is worth nothing.
    session::close(app, headers).await?;
    let opened = session::open_federated(app, person, said.id_token, said.proved).await?;
    let by = if opened.pending { pages::BY_PROCONNECT_FIRST } else { pages::BY_PROCONNECT };
    app.audit.entered(app, person, by).await?;
    let to = if opened.pending { before(proving::CODE, &begun.back) } else { begun.back.clone() };
    Ok(Ok((session::cookie(app, &opened.secret), to)))
}

/// What to tell of a trouble, which is logged.
fn told(trouble: &Trouble) -> NotIn {
    tracing::warn!(%trouble, "Nobody signed in by ProConnect");
    match trouble {
        Trouble::Unavailable(_) => NotIn::Unavailable,
        Trouble::Refused(_) | Trouble::Unverified(_) => NotIn::Unverified,
    }
}

/// What to tell where ProConnect says why it gives no code (RFC 6749, section 4.1.2.1; OpenID Connect Core 1.0, section 3.1.2.6).
fn refused(error: &str) -> NotIn {
    match error {
        "access_denied" | "login_required" | "interaction_required" | "consent_required" => NotIn::Declined,
        "temporarily_unavailable" | "server_error" => {
            tracing::warn!("ProConnect says that it cannot answer now");
            NotIn::Unavailable
        }
        _ => {
            let known = error.len() < 40 && error.bytes().all(|sign| sign.is_ascii_lowercase() || sign == b'_');
            tracing::warn!(error = if known { error } else { "other" }, "ProConnect refuses what this site asks");
            NotIn::Unverified
        }
    }
}

fn not_in(around: Surroundings, why: NotIn, back: &str) -> Response {
    let status = match why {
        NotIn::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        NotIn::Elsewhere => StatusCode::BAD_REQUEST,
        _ => StatusCode::FORBIDDEN,
    };
    around.page_as(status, TITLE, not_in_page(why, before_unless_home("/connexion", back), super::sign_in(back)))
}

/// The answer to whoever signed out here with a session that came by ProConnect: a page that goes on there by itself, for the
/// session there to end too. A page, for the security policy would hold the redirections of the form that led here to this
/// site, and ProConnect leads on to others.
pub(in crate::identity) async fn sign_out(app: &App, around: Surroundings, id_token: &str) -> Response {
    let Some(proconnect) = &app.proconnect else { return Redirect::to("/").into_response() };
    let now = app.clock.now();
    let begun = Begun::new(&app.dice, now, "/");
    let there = match proconnect.sign_out(now, id_token, begun.state.clone()).await {
        Ok(there) => Some(there),
        Err(trouble) => {
            tracing::warn!(%trouble, "A session goes on at ProConnect");
            None
        }
    };
    let refresh = there.as_ref().and_then(|there| HeaderValue::from_str(&format!("0; url={there}")).ok());
    let mut page = around.signed_out().page("Déconnexion", signed_out_page(there));
    let headers = page.headers_mut();
    if let (Some(refresh), Ok(cookie)) = (refresh, HeaderValue::from_str(&begun.cookie())) {
        headers.insert(REFRESH, refresh);
        headers.append(SET_COOKIE, cookie);
    }
    page
}

/// `GET /deconnexion/proconnect/retour`: the session here was ended before, and there is nothing to do but to say so to whoever
/// asked for it.
pub async fn signed_out(
    State(app): State<App>,
    headers: HeaderMap,
    Query(Ended { state }): Query<Ended>,
) -> Result<Response> {
    configured(&app)?;
    let asked =
        Begun::read(&headers, app.clock.now()).is_some_and(|begun| state.is_some_and(|state| begun.is_of(&state)));
    let to = if asked { "/connexion?fait=deconnecte" } else { "/" };
    Ok(([(SET_COOKIE, spent_cookie())], Redirect::to(to)).into_response())
}

#[cfg(test)]
mod tests {
    use super::super::{BEGIN, RETURN, SIGNED_OUT};
    use crate::router::ROUTES;

    #[test]
    fn the_addresses_that_proconnect_is_told_are_routes() {
        for path in [BEGIN, RETURN, SIGNED_OUT] {
            assert!(ROUTES.iter().any(|(known, methods)| *known == path && *methods == ["GET"]), "{path}");
        }
    }
}
