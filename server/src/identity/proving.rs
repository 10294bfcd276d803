//! Showing a second factor at sign-in, or setting one up there; and being asked for it again before what weighs most.

use super::routes::{before, local};
use super::second_factor::{self, SetUp};
use super::{own_factor, proconnect, session, throttle};
use crate::access::Viewer;
use crate::app::App;
use crate::audit::pages;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use axum::Form;
use axum::extract::{ConnectInfo, MatchedPath, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::ids::PersonId;
use frontend::identity::{CodePage, Where, code_page, codes_page, set_up_page};
use http::header::{REFERER, SET_COOKIE};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderMap, Method, StatusCode, Uri};
use jiff::SignedDuration;
use serde::Deserialize;
use std::net::SocketAddr;

/// What is asked for again before it is shown or sent: files about many people, corrections of records, what cannot be
/// undone, what opens the platform to other systems, and one's own factors.
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
    "/second-facteur/application",
    "/second-facteur/cles",
    "/second-facteur/cles/{passkey}",
];

/// The page that asks for a second factor.
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

/// Who is asked for a second factor, or sets one up.
#[derive(Debug)]
pub(super) struct Asker {
    pub(super) person: PersonId,
    /// What the session is known by: what is asked is answered in it.
    pub(super) holder: String,
    /// Whether they showed one lately in this session.
    pub(super) lately: bool,
}

/// Whoever knew the password lately, else whoever is signed in.
pub(super) async fn asked(app: &App, viewer: Option<&Viewer>, headers: &HeaderMap) -> Result<Asker> {
    let holder = session::hash_in(headers).ok_or(Error::SignedOut)?;
    if let Some(person) = session::waiting(app, headers).await? {
        return Ok(Asker { person, holder, lately: false });
    }
    let viewer = viewer.ok_or(Error::SignedOut)?;
    Ok(Asker { person: viewer.person, holder, lately: lately(app, viewer) })
}

/// Whether they showed a second factor so lately that none is asked for again.
pub(super) fn lately(app: &App, viewer: &Viewer) -> bool {
    viewer.proved_at.is_some_and(|at| app.clock.now().duration_since(at) <= LASTS)
}

/// `GET /connexion/code`
pub async fn page(
    State(app): State<App>,
    viewer: Option<Viewer>,
    around: Surroundings,
    headers: HeaderMap,
    Query(Back { back }): Query<Back>,
) -> Result<Response> {
    let Asker { person, .. } = asked(&app, viewer.as_ref(), &headers).await?;
    show(&app, around, StatusCode::OK, (person, None, back)).await
}

/// The page that asks for a second factor; where there is none, the one where it is set up.
pub(super) async fn show(
    app: &App,
    around: Surroundings,
    status: StatusCode,
    (person, problem, back): (PersonId, Option<String>, Option<String>),
) -> Result<Response> {
    let back = back.as_deref().map(local).filter(|path| *path != "/").map(str::to_owned);
    let db = app.db.reader();
    let generator = second_factor::has_generator(db, person).await?;
    let has_passkey = second_factor::passkeys(db, person).await? > 0;
    if generator || has_passkey {
        let passkey = has_passkey && app.passkeys.why_not().is_none();
        let page = CodePage { problem, back, passkey, generator };
        let title = if page.passkey { "Second facteur" } else { "Code de connexion" };
        return Ok(around.page_as(status, title, code_page(page)));
    }
    let key = second_factor::begin(app, person).await?.ok_or(Error::NotFound)?;
    let set_up = own_factor::set_up(app, person, &key, problem).await?;
    let page = set_up_page(set_up, Where::AtSignIn, app.passkeys.why_not(), back);
    Ok(around.page_as(status, "Protéger votre compte", page))
}

pub(super) const WRONG: &str = "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant et vérifiez que l’heure de votre téléphone se règle toute seule.";

/// `POST /connexion/code`
pub async fn show_code(
    State(app): State<App>,
    viewer: Option<Viewer>,
    around: Surroundings,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(Shown { code, back }): Form<Shown>,
) -> Result<Response> {
    let Asker { person, .. } = asked(&app, viewer.as_ref(), &headers).await?;
    count(&app, person, peer, &headers)?;
    let to = back.as_deref().map_or("/", local).to_owned();
    // Before a factor that is set up ends every session.
    let id_token = session::id_token(&app, &headers).await?;
    if second_factor::prove(&app, person, code.clone()).await? {
        return lead_on(&app, person, (&headers, id_token), &to).await;
    }
    match second_factor::confirm(&app, person, code, false).await? {
        Some(SetUp::First(codes)) => show_codes(&app, around, (person, codes, to), (&headers, id_token)).await,
        Some(SetUp::More) | None => {
            app.audit.kept_out(&app, person, pages::BY_SOME_CODE);
            show(&app, around, StatusCode::UNPROCESSABLE_ENTITY, (person, Some(WRONG.to_owned()), back)).await
        }
    }
}

/// Codes are guessed at, too: few tries for each person from each address.
pub(super) fn count(app: &App, person: PersonId, peer: SocketAddr, headers: &HeaderMap) -> Result<()> {
    app.throttle.try_account(&format!("code {person}"), throttle::client_address(&app.config, peer.ip(), headers))
}

/// Goes on, in a session that showed a factor just now.
pub(super) async fn lead_on(
    app: &App,
    person: PersonId,
    (headers, id_token): (&HeaderMap, Option<String>),
    to: &str,
) -> Result<Response> {
    let cookie = proved(app, person, headers, id_token).await?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to(to)).into_response())
}

/// Recovery codes and where to go on from them, in a session that showed a factor just now.
pub(super) async fn show_codes(
    app: &App,
    around: Surroundings,
    (person, codes, to): (PersonId, Vec<String>, String),
    (headers, id_token): (&HeaderMap, Option<String>),
) -> Result<Response> {
    let cookie = proved(app, person, headers, id_token).await?;
    Ok(([(SET_COOKIE, cookie)], around.page("Codes de secours", codes_page(codes, to))).into_response())
}

/// A new session in the place of the one that was waiting, or that showed a code longer ago.
async fn proved(app: &App, person: PersonId, headers: &HeaderMap, id_token: Option<String>) -> Result<String> {
    session::close(app, headers).await?;
    Ok(session::cookie(app, &session::open_proved(app, person, id_token).await?))
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
