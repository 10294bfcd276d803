//! Who sits down beside whom.

use super::check::admitted;
use super::session::Command;
use super::store;
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::{self, password, throttle};
use axum::extract::{ConnectInfo, Path, State};
use axum::{Form, Json};
use domain::identity::Email;
use domain::ids::WebinarId;
use domain::webinar::Who;
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use tokio::sync::oneshot;

/// The second agent before one screen.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Companion {
    email: String,
    password: String,
}

/// What came of it.
#[derive(Debug, Serialize)]
pub struct Seated {
    /// Who is present now, beside whoever asked.
    name: String,
}

/// `POST /webinaires/{webinar}/a-deux`: the second of two agents before one screen signs in beside the first.
pub async fn sit_beside(
    State(app): State<App>,
    viewer: Viewer,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Path(id): Path<WebinarId>,
    Form(form): Form<Companion>,
) -> Result<Json<Seated>> {
    let (webinar, _) = admitted(&app, &viewer, id).await?;
    app.rooms.not_elsewhere(&app, id).await?;
    let address = throttle::client_address(&app.config, peer.ip(), &headers);
    app.throttle.try_account(&form.email.trim().to_lowercase(), address)?;
    let known = match form.email.parse::<Email>() {
        Ok(email) => identity::store::credentials(&app, &email).await?,
        Err(_) => None,
    };
    let (person, hash) = known.unzip();
    let right = password::verify(form.password, hash).await;
    let refused = |said: &str| Err(Error::Conflict(said.to_owned()));
    let Some(person) = person.filter(|_| right) else {
        return refused("Adresse électronique ou mot de passe incorrect.");
    };
    if person == viewer.person {
        return refused("C’est votre propre compte\u{a0}: la personne à côté de vous se connecte avec le sien.");
    }
    let status = store::status_of(app.db.reader(), id, person).await?;
    if status != Some(domain::webinar::registration::Status::Registered) {
        return refused(
            "Cette personne n’est pas inscrite à ce webinaire\u{a0}: elle peut s’inscrire depuis sa page, même pendant le direct.",
        );
    }
    let account = identity::store::account(&app, person).await?.ok_or(Error::NotFound)?;
    let name = format!("{} {}", account.first_name, account.last_name);
    let companion = Who { person, name: name.clone(), trainer: webinar.is_led_by(person) };
    let (done, answer) = oneshot::channel();
    app.rooms.tell(&app, id, Command::SitBeside { companion, host: viewer.person, done }).await?;
    match answer.await {
        Ok(Ok(())) => Ok(Json(Seated { name })),
        Ok(Err(why)) => refused(&why.to_string()),
        Err(_) => Err(Error::Internal("a room closed while somebody sat down".into())),
    }
}
