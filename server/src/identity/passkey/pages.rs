//! What is shown where a passkey is made, or was refused.

use crate::app::App;
use crate::error::Result;
use crate::identity::entity::passkey;
use crate::identity::{own_factor, proving, routes};
use crate::page::Surroundings;
use axum::response::Response;
use domain::ids::PersonId;
use domain::text::{date_long, date_time};
use frontend::identity::{PasskeyLine, SignIn, add_passkey_page, sign_in_page};
use http::StatusCode;
use jiff::Timestamp;

/// Whatever was wrong with it: whoever tries learns no more.
pub(super) const REFUSED: &str = "Cette clé d’accès n’a pas été acceptée, ou la demande a plus de cinq minutes. Recommencez\u{a0}; si cela revient, tapez un code.";
const NOT_ENTERED: &str = "Cette clé d’accès n’ouvre aucun compte ici, ou la demande a plus de cinq minutes. Recommencez\u{a0}; si cela revient, connectez-vous avec votre mot de passe.";
const NOT_ADDED: &str = "La clé d’accès n’a pas été enregistrée\u{a0}: la demande a plus de cinq minutes, ou l’appareil ne vérifie pas que c’est bien vous (doigt, visage ou code). Recommencez, ou prenez un autre appareil.";

/// The sign-in page, again.
pub(super) fn sign_in_refused(app: &App, around: Surroundings, back: Option<&str>) -> Response {
    let page = SignIn { problem: Some(NOT_ENTERED.to_owned()), ..routes::sign_in_form(app, back) };
    around.page_as(StatusCode::UNPROCESSABLE_ENTITY, "Connexion", sign_in_page(page))
}

/// The page where one more is made.
pub(super) fn add_page(app: &App, around: Surroundings, status: StatusCode, problem: Option<String>) -> Response {
    around.page_as(status, "Ajouter une clé d’accès", add_passkey_page(problem, app.passkeys.why_not()))
}

/// The page that the form was on, again: where a first factor is set up, or one more.
pub(super) async fn refused_page(
    app: &App,
    around: Surroundings,
    (person, signed_in): (PersonId, bool),
    back: Option<String>,
) -> Result<Response> {
    let (status, problem) = (StatusCode::UNPROCESSABLE_ENTITY, Some(NOT_ADDED.to_owned()));
    if !signed_in {
        return proving::show(app, around, status, (person, problem, back)).await;
    }
    if crate::identity::session::has_factor(app, person).await? {
        return Ok(add_page(app, around, status, problem));
    }
    own_factor::show(app, around, status, (person, problem, None)).await
}

/// One, in words.
pub(in crate::identity) fn line(row: passkey::Model) -> PasskeyLine {
    let at = |millis: i64| Timestamp::from_millisecond(millis).unwrap_or_default();
    PasskeyLine {
        id: row.id,
        name: row.name,
        since: date_long(at(row.created_at)),
        used: row.used_at.map(|used| date_time(at(used))),
    }
}
