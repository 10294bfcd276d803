//! Signing in, signing out, taking up an invitation.

use super::proving::CODE;
use super::session::Opened;
use super::{password, proconnect, session, store, throttle};
use crate::app::App;
use crate::audit::pages;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use axum::Form;
use axum::extract::{ConnectInfo, Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::identity::Email;
use domain::ids::PersonId;
use frontend::identity::{
    Invitation, SignIn, invitation_dead, invitation_page as invitation_view, sign_in_page as sign_in_view,
};
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use std::net::SocketAddr;

/// Where to go on after signing in.
#[derive(Debug, Deserialize)]
pub struct Back {
    back: Option<String>,
    /// What was just done.
    fait: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    email: String,
    password: String,
    back: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    password: String,
    password_again: String,
}

/// `GET /connexion`
pub async fn sign_in_page(
    State(app): State<App>,
    around: Surroundings,
    Query(Back { back, fait }): Query<Back>,
) -> Response {
    let said = (fait.as_deref() == Some("deconnecte")).then_some("Vous êtes déconnecté de Socle et de ProConnect.");
    around.page("Connexion", sign_in_view(SignIn { said, ..sign_in_form(&app, back.as_deref()) }))
}

/// The empty form, and the other ways in where there are some.
pub(super) fn sign_in_form(app: &App, back: Option<&str>) -> SignIn {
    let back = back.map(local).filter(|path| *path != "/").map(str::to_owned);
    let proconnect = app.proconnect.as_ref().map(|_| proconnect::sign_in(back.as_deref().unwrap_or("/")));
    SignIn { back, proconnect, passkey: app.passkeys.why_not().is_none(), ..SignIn::default() }
}

/// `POST /connexion`
pub async fn sign_in(
    State(app): State<App>,
    around: Surroundings,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(form): Form<Credentials>,
) -> Result<Response> {
    let address = throttle::client_address(&app.config, peer.ip(), &headers);
    app.throttle.try_account(&form.email.trim().to_lowercase(), address)?;
    let known = match form.email.parse::<Email>() {
        Ok(email) => store::credentials(&app, &email).await?,
        Err(_) => None,
    };
    let (known, hash) = known.unzip();
    let right = password::verify(form.password, hash).await;
    let Some(person) = known.filter(|_| right) else {
        if let Some(person) = known {
            app.audit.kept_out(&app, person, pages::BY_PASSWORD);
        }
        metrics::counter!("socle_sign_ins_total", "outcome" => "refused").increment(1);
        tracing::info!("Refused to sign in: wrong address or password");
        let problem =
            "Adresse électronique ou mot de passe incorrect. Vérifiez les deux\u{a0}; en cas d’oubli, recevez un lien \
             pour en choisir un autre."
                .to_owned();
        let empty = sign_in_form(&app, form.back.as_deref());
        let view = sign_in_view(SignIn { email: form.email, problem: Some(problem), ..empty });
        return Ok(around.page_as(StatusCode::UNPROCESSABLE_ENTITY, "Connexion", view));
    };
    metrics::counter!("socle_sign_ins_total", "outcome" => "accepted").increment(1);
    // A new secret at each sign-in: one planted before is worth nothing.
    session::close(&app, &headers).await?;
    enter(&app, person, form.back.as_deref().map_or("/", local)).await
}

/// Opens a session for whoever knew the password, and leads on: by way of the second factor where there is to be one.
async fn enter(app: &App, person: PersonId, back: &str) -> Result<Response> {
    let Opened { secret, pending } = session::open(app, person).await?;
    app.audit.entered(app, person, if pending { pages::BY_PASSWORD_FIRST } else { pages::BY_PASSWORD }).await?;
    let to = if pending { before(CODE, back) } else { back.to_owned() };
    Ok(([(SET_COOKIE, session::cookie(app, &secret))], Redirect::to(&to)).into_response())
}

/// `POST /deconnexion`: here, and at ProConnect where the session came from there.
pub async fn sign_out(State(app): State<App>, around: Surroundings, headers: HeaderMap) -> Result<Response> {
    let id_token = session::id_token(&app, &headers).await?;
    session::close(&app, &headers).await?;
    let mut answer = match id_token {
        Some(id_token) => proconnect::routes::sign_out(&app, around, &id_token).await,
        None => Redirect::to("/").into_response(),
    };
    if let Ok(spent) = HeaderValue::from_str(&session::spent_cookie()) {
        answer.headers_mut().append(SET_COOKIE, spent);
    }
    Ok(answer)
}

/// `GET /invitation/{secret}`
pub async fn invitation_page(
    State(app): State<App>,
    around: Surroundings,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Path(secret): Path<String>,
) -> Result<Response> {
    app.throttle.try_address(throttle::client_address(&app.config, peer.ip(), &headers))?;
    Ok(match store::invited(&app, &secret).await? {
        Some(account) => around.page("Choisir un mot de passe", invitation_view(invitation(&app, account, None))),
        None => around.page_as(StatusCode::NOT_FOUND, "Lien d’invitation", invitation_dead()),
    })
}

/// `POST /invitation/{secret}`
pub async fn accept(
    State(app): State<App>,
    around: Surroundings,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Path(secret): Path<String>,
    Form(form): Form<NewPassword>,
) -> Result<Response> {
    app.throttle.try_address(throttle::client_address(&app.config, peer.ip(), &headers))?;
    let Some(account) = store::invited(&app, &secret).await? else {
        return Ok(around.page_as(StatusCode::NOT_FOUND, "Lien d’invitation", invitation_dead()));
    };
    let email: Email =
        account.email.parse().map_err(|_| Error::Internal(format!("person {} has no address", account.person)))?;
    match password::chosen(&app, (form.password, form.password_again), &email).await? {
        Ok(hash) => {
            let person = store::accept(&app, &secret, hash).await?;
            session::close_all(&app, person).await?;
            app.audit.by_holder(&app, person, pages::PASSWORD_CHANGED).await?;
            enter(&app, person, "/").await
        }
        Err(problem) => {
            let view = invitation_view(invitation(&app, account, Some(problem)));
            Ok(around.page_as(StatusCode::UNPROCESSABLE_ENTITY, "Choisir un mot de passe", view))
        }
    }
}

fn invitation(app: &App, account: store::Account, problem: Option<String>) -> Invitation {
    Invitation {
        name: format!("{} {}", account.first_name, account.last_name),
        email: account.email,
        problem,
        proconnect: app.proconnect.as_ref().map(|_| proconnect::sign_in("/")),
    }
}

/// That page, which leads on to `back`.
pub(crate) fn before(page: &str, back: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("back", back).finish();
    format!("{page}?{query}")
}

/// The same, where to lead home is to say nothing.
pub(super) fn before_unless_home(page: &str, back: &str) -> String {
    if back == "/" { page.to_owned() } else { before(page, back) }
}

/// The path if it is one of this site, else the home page: no redirection leads elsewhere.
#[must_use]
pub fn local(path: &str) -> &str {
    let leads_here = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n', '\t']);
    if leads_here { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn signing_in_leads_to_no_other_site() {
        assert_eq!(local("/cours/mediation-numerique#p-1"), "/cours/mediation-numerique#p-1");
        for elsewhere in [
            "https://autre.example",
            "//autre.example",
            "/\\autre.example",
            "javascript:alert(1)",
            "",
            "/\t/autre.example",
        ] {
            assert_eq!(local(elsewhere), "/", "{elsewhere}");
        }
    }
}
