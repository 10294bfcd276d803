//! `/second-facteur`: one's own second factor, set up and kept; and taken away by an administrator from whoever lost it.

use super::passkey::pages::line;
use super::passkey::store as passkeys;
use super::proving::{self, CODE, WRONG, count, show_codes};
use super::recovery;
use super::routes::before;
use super::second_factor::{self, Factor, SetUp};
use super::session;
use crate::access::Viewer;
use crate::app::App;
use crate::audit::pages;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::qr;
use axum::Form;
use axum::extract::{ConnectInfo, Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::identity::TotpKey;
use domain::ids::PersonId;
use domain::text::date_long;
use frontend::identity::{FactorPage, SetUp as SetUpPage, Where, factor_page, set_up_page};
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;
use std::net::SocketAddr;

/// Where it is kept.
const PAGE: &str = "/second-facteur";

/// What was just done, as the address of the page says it.
#[derive(Debug, Default, Deserialize)]
pub struct Told {
    #[serde(default)]
    fait: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Of the generator, or a recovery code; none where a passkey is shown instead.
    code: Option<String>,
    #[serde(rename = "do")]
    what: What,
}

/// What is done with one's second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    SetUp,
    RenewCodes,
    /// Takes the generator away.
    Remove,
}

/// A key to set up, as the page shows it.
pub(super) async fn set_up(app: &App, person: PersonId, key: &TotpKey, problem: Option<String>) -> Result<SetUpPage> {
    let account = super::store::account(app, person).await?.ok_or(Error::NotFound)?;
    let uri = key.uri(&format!("Socle {}", app.config.public_host()), &account.email);
    let code = qr::code(&uri)?.svg("la clé à faire lire à votre téléphone");
    Ok(SetUpPage { code, key: key.base32(), uri, problem })
}

/// `GET /second-facteur`
pub async fn own(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Query(Told { fait }): Query<Told>,
) -> Result<Response> {
    let said = match fait.as_str() {
        "cle-ajoutee" => Some("Clé d’accès ajoutée."),
        "cle-renommee" => Some("Clé d’accès renommée."),
        "cle-retiree" => Some(
            "Clé d’accès retirée, et votre compte fermé partout ailleurs. Supprimez-la aussi de l’appareil qui la gardait.",
        ),
        "application-ajoutee" => Some("Application de codes ajoutée."),
        "application-retiree" => Some("Application de codes retirée, et votre compte fermé partout ailleurs."),
        _ => None,
    };
    show(&app, around, StatusCode::OK, (viewer.person, None, said)).await
}

/// The page; where there is no factor yet, the one where it is set up.
pub(super) async fn show(
    app: &App,
    around: Surroundings,
    status: StatusCode,
    (person, problem, said): (PersonId, Option<String>, Option<&'static str>),
) -> Result<Response> {
    let db = app.db.reader();
    let generator = match second_factor::factor(db, person).await? {
        Factor::Set { since, .. } => Some(date_long(Timestamp::from_millisecond(since).unwrap_or_default())),
        Factor::None | Factor::Begun(_) => None,
    };
    let passkeys: Vec<_> = passkeys::list(db, person).await?.into_iter().map(line).collect();
    if generator.is_none() && passkeys.is_empty() {
        return show_set_up(app, around, status, (person, Where::First, problem)).await;
    }
    let page = FactorPage {
        generator,
        passkeys,
        no_passkeys: app.passkeys.why_not(),
        codes_left: recovery::left(db, person).await?,
        required: session::must_have_one(app, person).await?,
        said,
        problem,
    };
    Ok(around.page_as(status, "Second facteur", factor_page(page)))
}

async fn show_set_up(
    app: &App,
    around: Surroundings,
    status: StatusCode,
    (person, at, problem): (PersonId, Where, Option<String>),
) -> Result<Response> {
    let key = second_factor::begin(app, person).await?.ok_or(Error::NotFound)?;
    let page = set_up_page(set_up(app, person, &key, problem).await?, at, app.passkeys.why_not(), None);
    Ok(around.page_as(status, "Second facteur", page))
}

/// `GET /second-facteur/application`: the page where a generator is set up, beside passkeys.
pub async fn application(State(app): State<App>, viewer: Viewer, around: Surroundings) -> Result<Response> {
    let person = viewer.person;
    if second_factor::has_generator(app.db.reader(), person).await? {
        return Ok(Redirect::to(PAGE).into_response());
    }
    show_set_up(&app, around, StatusCode::OK, (person, Where::Beside, None)).await
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
    let code = code.unwrap_or_default();
    if what == What::SetUp {
        let beside = second_factor::is_set(app.db.reader(), person).await?;
        let lately = proving::lately(&app, &viewer);
        return match second_factor::confirm(&app, person, code, lately).await? {
            Some(SetUp::First(codes)) => {
                show_codes(&app, around, (person, codes, PAGE.to_owned()), (&headers, id_token)).await
            }
            Some(SetUp::More) => Ok(Redirect::to("/second-facteur?fait=application-ajoutee").into_response()),
            None if beside && !lately => Ok(again()),
            None => {
                let at = if beside { Where::Beside } else { Where::First };
                let wrong = (person, at, Some(WRONG.to_owned()));
                show_set_up(&app, around, StatusCode::UNPROCESSABLE_ENTITY, wrong).await
            }
        };
    }
    let db = app.db.reader();
    let generator = second_factor::has_generator(db, person).await?;
    let alone = second_factor::passkeys(db, person).await? == 0;
    if what == What::Remove && alone && session::must_have_one(&app, person).await? {
        let said = "Votre rôle demande un second facteur\u{a0}: le dernier ne peut pas être retiré. Ajoutez-en un autre d’abord.";
        return Err(Error::Conflict(said.to_owned()));
    }
    // Whoever has no code at hand shows a passkey: lately, or now.
    let by_code = alone || (generator && !code.trim().is_empty());
    if !by_code && !proving::lately(&app, &viewer) {
        return Ok(again());
    }
    if by_code && !second_factor::prove(&app, person, code).await? {
        app.audit.kept_out(&app, person, pages::BY_SOME_CODE);
        return show(&app, around, StatusCode::UNPROCESSABLE_ENTITY, (person, Some(WRONG.to_owned()), None)).await;
    }
    match what {
        What::Remove => {
            let this = session::hash_in(&headers).unwrap_or_default();
            let last = second_factor::remove_generator(&app, person, this).await?;
            let on = || Redirect::to("/second-facteur?fait=application-retiree").into_response();
            Ok(if last { shut_out() } else { on() })
        }
        What::SetUp | What::RenewCodes => {
            let codes = second_factor::renew_codes(&app, person).await?;
            show_codes(&app, around, (person, codes, PAGE.to_owned()), (&headers, id_token)).await
        }
    }
}

/// To the page that asks for the second factor again, and back.
fn again() -> Response {
    Redirect::to(&before(CODE, PAGE)).into_response()
}

/// To the sign-in page: the last factor went, and every session with it.
pub(super) fn shut_out() -> Response {
    ([(SET_COOKIE, session::spent_cookie())], Redirect::to("/connexion")).into_response()
}

/// `POST /administration/comptes/{person}/second-facteur`: takes away all that of whoever lost it, with their codes.
pub async fn take_away(State(app): State<App>, viewer: Viewer, Path(person): Path<PersonId>) -> Result<Redirect> {
    viewer.administrator()?;
    if person == viewer.person {
        return Err(Error::Conflict("C’est le vôtre\u{a0}: gérez-le depuis «\u{a0}Second facteur\u{a0}».".to_owned()));
    }
    super::store::account(&app, person).await?.ok_or(Error::NotFound)?;
    second_factor::remove(&app, person).await?;
    Ok(Redirect::to(&format!("/administration/comptes/{person}")))
}
