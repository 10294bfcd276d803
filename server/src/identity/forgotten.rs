//! `/mot-de-passe-oublie`: a link by mail to whoever forgot their password. What is answered, and when, does not tell
//! whether there is such an account.

use super::entity::{invitation, person};
use super::store::{self, put_invitation};
use super::throttle;
use crate::app::App;
use crate::config::Mode;
use crate::error::{Error, Result};
use crate::mail::{Letter, body, outbox};
use crate::page::Surroundings;
use axum::Form;
use axum::extract::{ConnectInfo, State};
use axum::response::Response;
use domain::identity::Email;
use domain::ids::PersonId;
use domain::text::date_time;
use frontend::identity::{ForgottenPage, forgotten_page};
use http::{HeaderMap, StatusCode};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QuerySelect as _};
use serde::Deserialize;
use std::net::SocketAddr;
use std::time::Duration;

/// How long a link works.
const LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// Nobody is written to again before.
const QUIET: SignedDuration = SignedDuration::from_mins(10);

/// Every answer takes that long, whatever was done.
const ANSWER: Duration = Duration::from_millis(400);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    email: String,
}

/// `GET /mot-de-passe-oublie`
pub async fn page(State(app): State<App>, around: Surroundings) -> Response {
    let view = forgotten_page(ForgottenPage { writes: writes(&app), ..ForgottenPage::default() });
    around.page("Mot de passe oublié", view)
}

/// Whether mails can be read: they leave, or this is a demonstration, where the outbox shows them.
fn writes(app: &App) -> bool {
    app.config.smtp_url.is_some() || app.config.mode == Mode::Demonstration
}

/// `POST /mot-de-passe-oublie`
pub async fn ask(
    State(app): State<App>,
    around: Surroundings,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(Asked { email }): Form<Asked>,
) -> Result<Response> {
    let address = throttle::client_address(&app.config, peer.ip(), &headers);
    app.throttle.try_letter(&email.trim().to_lowercase(), address)?;
    let Ok(to) = email.parse::<Email>() else {
        let problem =
            Some("Cette adresse n’est pas complète\u{a0}: écrivez-la comme prenom.nom@commune.fr.".to_owned());
        let view = forgotten_page(ForgottenPage { email, problem, writes: writes(&app), asked: false });
        return Ok(around.page_as(StatusCode::UNPROCESSABLE_ENTITY, "Mot de passe oublié", view));
    };
    let answered = tokio::time::Instant::now() + ANSWER;
    if writes(&app) {
        write(&app, &to).await?;
    }
    tokio::time::sleep_until(answered).await;
    let view = forgotten_page(ForgottenPage { asked: true, ..ForgottenPage::default() });
    Ok(around.page("Regardez vos courriels", view))
}

/// Writes to the account of that address, if there is one that may sign in.
async fn write(app: &App, to: &Email) -> Result<()> {
    let Some(PersonId(id)) = store::find(app, to).await? else { return Ok(()) };
    let (own, secret) = (app.clone(), hex::encode(app.dice.secret()));
    app.db
        .write(move |db| {
            Box::pin(async move {
                let now = own.clock.now();
                let known = person::Entity::find_by_id(id).lock_exclusive().one(db).await?;
                let Some(person) = known.filter(|person| person.suspended_at.is_none()) else { return Ok(()) };
                let lately = now.saturating_sub(QUIET).unwrap_or(now).as_millisecond();
                let just_told = invitation::Entity::find()
                    .filter(invitation::Column::PersonId.eq(id))
                    .filter(invitation::Column::UsedAt.is_null())
                    .filter(invitation::Column::CreatedAt.gt(lately));
                if just_told.count(db).await? > 0 {
                    return Ok(());
                }
                let expires = put_invitation(db, &own, (id, LIFETIME), &secret).await?;
                outbox::post(db, &own, vec![letter(&own, &person, &secret, (now, expires))]).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

fn letter(app: &App, to: &person::Model, secret: &str, (now, expires): (Timestamp, Timestamp)) -> Letter {
    let url = &app.config.public_url;
    let text = format!(
        "Quelqu’un, vous sans doute, a demandé à choisir un nouveau mot de passe pour votre compte Socle\u{a0}:\n\
         {url}/invitation/{secret}\n\nCe lien est personnel, sert une seule fois et fonctionne jusqu’au {}. Si ce n’est pas \
         vous, ne faites rien\u{a0}: votre mot de passe reste le même.",
        date_time(expires)
    );
    Letter {
        key: format!("forgotten/{}/{}", to.id, now.as_millisecond()),
        to_address: to.email.clone(),
        to_name: format!("{} {}", to.first_name, to.last_name),
        subject: "Choisir un nouveau mot de passe".to_owned(),
        body: body(&to.first_name, &text, url),
        calendar: None,
        send_after: now,
        send_before: Some(expires),
    }
}
