//! Showing a second factor at sign-in, setting one up, keeping it; and being asked for it again before what weighs most.

use super::routes::{before, local};
use super::second_factor::{self, Factor};
use super::{proconnect, session, throttle};
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::qr;
use axum::Form;
use axum::extract::{ConnectInfo, MatchedPath, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::identity::TotpKey;
use domain::ids::PersonId;
use domain::text::date_long;
use frontend::identity::{CodePage, FactorPage, SetUp, code_page, codes_page, factor_page, set_up_page};
use http::header::{REFERER, SET_COOKIE};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderMap, Method, StatusCode, Uri};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use std::net::SocketAddr;

/// What is asked for again before it is shown or sent: files about many people, corrections of records, what cannot be
/// undone, and what opens the platform to other systems.
const WEIGHTY: &[&str] = &[
    "/suivi/agents/fichier/{format}",
    "/suivi/territoires/fichier/{format}",
    "/suivi/{person}/preuve.zip",
    "/suivi/{person}/parcours/{pathway}/{component}",
    "/suivi/{person}/faits/{seq}",
    "/webinaires/{webinar}/enregistrement/supprimer",
    "/webinaires/{webinar}/presences.csv",
    "/webinaires/{webinar}/presences/{person}",
    "/administration/comptes/{person}/effacer",
    "/administration/comptes/{person}/reunion",
    "/administration/comptes/{person}/second-facteur",
    "/administration/jetons",
    "/administration/webhooks",
    "/administration/journal.csv",
];

/// The page that asks for a code.
pub(super) const CODE: &str = "/connexion/code";

/// How long after a code these pages open without another; and how long their forms may then take to be filled in.
const LASTS: SignedDuration = SignedDuration::from_mins(15);
const FILLED_IN: SignedDuration = SignedDuration::from_mins(60);

/// Where to go on.
#[derive(Debug, Deserialize)]
pub struct Back {
    back: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    code: String,
    back: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    code: String,
    #[serde(rename = "do")]
    what: What,
}

/// What is done with one's second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    SetUp,
    RenewCodes,
    Remove,
}

/// Who is asked: whoever knew the password lately, else whoever is signed in.
async fn asked(app: &App, viewer: Option<&Viewer>, headers: &HeaderMap) -> Result<PersonId> {
    match session::waiting(app, headers).await? {
        Some(person) => Ok(person),
        None => viewer.map(|viewer| viewer.person).ok_or(Error::SignedOut),
    }
}

/// `GET /connexion/code`
pub async fn page(
    State(app): State<App>,
    viewer: Option<Viewer>,
    around: Surroundings,
    headers: HeaderMap,
    Query(Back { back }): Query<Back>,
) -> Result<Response> {
    let person = asked(&app, viewer.as_ref(), &headers).await?;
    show(&app, around, StatusCode::OK, (person, None, back)).await
}

async fn show(
    app: &App,
    around: Surroundings,
    status: StatusCode,
    (person, problem, back): (PersonId, Option<String>, Option<String>),
) -> Result<Response> {
    let back = back.as_deref().map(local).filter(|path| *path != "/").map(str::to_owned);
    Ok(match second_factor::begin(app, person).await? {
        None => around.page_as(status, "Code de connexion", code_page(CodePage { problem, back })),
        Some(key) => {
            let set_up = set_up(app, person, &key, problem).await?;
            around.page_as(status, "Protéger votre compte", set_up_page(set_up, CODE, back))
        }
    })
}

async fn set_up(app: &App, person: PersonId, key: &TotpKey, problem: Option<String>) -> Result<SetUp> {
    let account = super::store::account(app, person).await?.ok_or(Error::NotFound)?;
    let uri = key.uri(&format!("Socle {}", app.config.public_host()), &account.email);
    let code = qr::code(&uri)?.svg("la clé à faire lire à votre téléphone");
    Ok(SetUp { code, key: key.base32(), uri, problem })
}

const WRONG: &str = "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant et vérifiez que l’heure de votre téléphone se règle toute seule.";

/// `POST /connexion/code`
pub async fn show_code(
    State(app): State<App>,
    viewer: Option<Viewer>,
    around: Surroundings,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(Shown { code, back }): Form<Shown>,
) -> Result<Response> {
    let person = asked(&app, viewer.as_ref(), &headers).await?;
    count(&app, person, peer, &headers)?;
    let to = back.as_deref().map_or("/", local).to_owned();
    // Before a factor that is set up ends every session.
    let id_token = session::id_token(&app, &headers).await?;
    if second_factor::prove(&app, person, code.clone()).await? {
        let cookie = proved(&app, person, &headers, id_token).await?;
        return Ok(([(SET_COOKIE, cookie)], Redirect::to(&to)).into_response());
    }
    match second_factor::confirm(&app, person, code).await? {
        Some(codes) => {
            let cookie = proved(&app, person, &headers, id_token).await?;
            Ok(([(SET_COOKIE, cookie)], around.page("Codes de secours", codes_page(codes, to))).into_response())
        }
        None => show(&app, around, StatusCode::UNPROCESSABLE_ENTITY, (person, Some(WRONG.to_owned()), back)).await,
    }
}

/// Codes are guessed at, too: few tries for each person from each address.
fn count(app: &App, person: PersonId, peer: SocketAddr, headers: &HeaderMap) -> Result<()> {
    app.throttle.try_account(&format!("code {person}"), throttle::client_address(&app.config, peer.ip(), headers))
}

/// A new session in the place of the one that was waiting, or that showed a code longer ago.
async fn proved(app: &App, person: PersonId, headers: &HeaderMap, id_token: Option<String>) -> Result<String> {
    session::close(app, headers).await?;
    Ok(session::cookie(app, &session::open_proved(app, person, id_token).await?))
}

/// `GET /second-facteur`
pub async fn own(State(app): State<App>, viewer: Viewer, around: Surroundings) -> Result<Response> {
    show_own(&app, around, StatusCode::OK, (viewer.person, None)).await
}

async fn show_own(
    app: &App,
    around: Surroundings,
    status: StatusCode,
    (person, problem): (PersonId, Option<String>),
) -> Result<Response> {
    let db = app.db.reader();
    let Factor::Set { since, .. } = second_factor::factor(db, person).await? else {
        let key = second_factor::begin(app, person).await?.ok_or(Error::NotFound)?;
        let set_up = set_up(app, person, &key, problem).await?;
        return Ok(around.page_as(status, "Second facteur", set_up_page(set_up, "/second-facteur", None)));
    };
    let page = FactorPage {
        since: date_long(Timestamp::from_millisecond(since).unwrap_or_default()),
        codes_left: second_factor::codes_left(db, person).await?,
        required: session::must_have_one(app, person).await?,
        problem,
    };
    Ok(around.page_as(status, "Second facteur", factor_page(page)))
}

/// `POST /second-facteur`
pub async fn keep(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(Kept { code, what }): Form<Kept>,
) -> Result<Response> {
    let person = viewer.person;
    count(&app, person, peer, &headers)?;
    let id_token = session::id_token(&app, &headers).await?;
    let codes = match what {
        What::SetUp => second_factor::confirm(&app, person, code).await?,
        What::Remove if session::must_have_one(&app, person).await? => {
            return Err(Error::Conflict(
                "Votre rôle demande un second facteur\u{a0}: il ne peut pas être retiré.".to_owned(),
            ));
        }
        _ if !second_factor::prove(&app, person, code).await? => None,
        What::RenewCodes => Some(second_factor::renew_codes(&app, person).await?),
        What::Remove => {
            second_factor::remove(&app, person).await?;
            return Ok(([(SET_COOKIE, session::spent_cookie())], Redirect::to("/connexion")).into_response());
        }
    };
    match codes {
        Some(codes) => {
            let cookie = proved(&app, person, &headers, id_token).await?;
            let page = around.page("Codes de secours", codes_page(codes, "/second-facteur".to_owned()));
            Ok(([(SET_COOKIE, cookie)], page).into_response())
        }
        None => show_own(&app, around, StatusCode::UNPROCESSABLE_ENTITY, (person, Some(WRONG.to_owned()))).await,
    }
}

/// `POST /administration/comptes/{person}/second-facteur`: takes away that of whoever lost their generator and their codes.
pub async fn take_away(
    State(app): State<App>,
    viewer: Viewer,
    axum::extract::Path(person): axum::extract::Path<PersonId>,
) -> Result<Redirect> {
    viewer.administrator()?;
    if person == viewer.person {
        return Err(Error::Conflict(
            "C’est le vôtre\u{a0}: gérez-le depuis «\u{a0}Second facteur\u{a0}», avec un code.".to_owned(),
        ));
    }
    super::store::account(&app, person).await?.ok_or(Error::NotFound)?;
    second_factor::remove(&app, person).await?;
    Ok(Redirect::to(&format!("/administration/comptes/{person}")))
}

/// Where those who have a second factor are led to for another code, before what weighs most, where the last is some time
/// ago.
///
/// # Errors
/// When the database fails.
pub async fn asked_again(app: &App, request: &Parts) -> Result<Option<Response>> {
    let weighty = request.extensions.get::<MatchedPath>().is_some_and(|path| WEIGHTY.contains(&path.as_str()));
    if !weighty {
        return Ok(None);
    }
    let Some(viewer) = session::viewer(app, &request.headers).await? else { return Ok(None) };
    let reads = matches!(request.method, Method::GET | Method::HEAD);
    let lasts = if reads { LASTS } else { FILLED_IN };
    if viewer.proved_at.is_none_or(|at| app.clock.now().duration_since(at) <= lasts) {
        return Ok(None);
    }
    let back = if reads { path_of(&request.uri) } else { page_of(app, &request.headers) };
    // Who never set one up here showed it at ProConnect, and shows it there again.
    let there = app.proconnect.is_some() && !session::has_factor(app, viewer.person).await?;
    let to = if there { proconnect::prove_again(&back) } else { before(CODE, &back) };
    Ok(Some(Redirect::to(&to).into_response()))
}

fn path_of(uri: &Uri) -> String {
    uri.path_and_query().map_or("/", PathAndQuery::as_str).to_owned()
}

/// The page of this site that a form was sent from.
fn page_of(app: &App, headers: &HeaderMap) -> String {
    let from = headers.get(REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    from.strip_prefix(&app.config.public_url).map_or("/", local).to_owned()
}

#[cfg(test)]
mod tests {
    use super::WEIGHTY;
    use crate::router::ROUTES;

    #[test]
    fn what_weighs_most_is_there() {
        for path in WEIGHTY {
            assert!(ROUTES.iter().any(|(known, _)| known == path), "{path}");
        }
    }
}
