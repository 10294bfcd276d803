//! `/compte`: one's own account. The password is changed by whoever knows it, sessions are seen and closed.

use super::entity::{credential, session};
use super::session::Ending;
use super::{password, proconnect, session as sessions, store, throttle};
use crate::access::Viewer;
use crate::app::App;
use crate::audit::{self, pages};
use crate::error::{Error, Result};
use crate::mail::{Letter, body};
use crate::page::Surroundings;
use crate::place::maison;
use axum::Form;
use axum::extract::{ConnectInfo, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::audit::{Deed, Line};
use domain::identity::Email;
use domain::ids::PersonId;
use domain::text::{date_long, date_time};
use frontend::identity::{EntryLine, OwnPage, SessionLine, own_page};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::Deserialize;
use std::net::SocketAddr;

/// Of a session's hash, what names it in a form: enough among one person's, and of no use to anybody else.
const KEY: usize = 16;

/// How many of the latest ways into an account its page shows.
const ENTRIES: u64 = 10;

/// What was just done, as the address of the page says it.
#[derive(Debug, Default, Deserialize)]
pub struct Told {
    #[serde(default)]
    fait: String,
}

/// What is asked.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Asked {
    Password {
        current: String,
        password: String,
        password_again: String,
    },
    /// Closes one session.
    End {
        session: String,
    },
    /// Closes all but the one that asks.
    EndOthers,
    /// ProConnect opens the account no more.
    UnlinkProconnect,
}

/// `GET /compte`
pub async fn own(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Query(Told { fait }): Query<Told>,
    headers: HeaderMap,
) -> Result<Response> {
    let said = match fait.as_str() {
        "mot-de-passe" => Some("Mot de passe changé. Votre compte est fermé partout ailleurs."),
        "ferme" => Some("C’est fermé."),
        "detache" => Some("Votre compte n’est plus relié à ProConnect."),
        _ => None,
    };
    let page = OwnPage { said, ..shown(&app, viewer.person, &headers).await? };
    Ok(around.page("Mon compte", own_page(page)))
}

async fn shown(app: &App, person: PersonId, headers: &HeaderMap) -> Result<OwnPage> {
    let db = app.db.reader();
    let account = store::account(app, person).await?.ok_or(Error::NotFound)?;
    let maison = match account.maison {
        Some(maison) => maison::Entity::find_by_id(maison).one(db).await?.map(|maison| maison.name),
        None => None,
    };
    let at = |millis: i64| Timestamp::from_millisecond(millis).unwrap_or_default();
    let known = credential::Entity::find_by_id(person.0).one(db).await?;
    let this = sessions::hash_in(headers);
    let mut lines = session::Entity::find()
        .filter(session::Column::PersonId.eq(person.0))
        .filter(session::Column::Pending.eq(false))
        .order_by_desc(session::Column::SeenAt)
        .all(db)
        .await?;
    lines.retain(|line| sessions::is_alive(app, line.created_at, line.seen_at));
    let line = |line: session::Model| SessionLine {
        key: line.token_hash.chars().take(KEY).collect(),
        since: date_time(at(line.created_at)),
        seen: date_time(at(line.seen_at)),
        is_this: Some(&line.token_hash) == this.as_ref(),
    };
    Ok(OwnPage {
        name: format!("{} {}", account.first_name, account.last_name),
        email: account.email,
        maison,
        password_since: known.map(|known| date_long(at(known.changed_at))),
        proconnect_since: proconnect::linked_since(db, person).await?.map(date_long),
        offers_proconnect: app.proconnect.is_some(),
        sessions: lines.into_iter().map(line).collect(),
        entries: audit::store::entries(db, person, ENTRIES).await?.into_iter().map(entry).collect(),
        said: None,
        problem: None,
    })
}

fn entry(Line { note, .. }: Line) -> EntryLine {
    EntryLine { at: date_time(note.at), by: pages::name(&note.page).to_owned(), refused: note.deed == Deed::Refused }
}

/// `POST /compte`
pub async fn change(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(asked): Form<Asked>,
) -> Result<Response> {
    let person = viewer.person;
    let this = sessions::hash_in(&headers).unwrap_or_default();
    let (current, new, again) = match asked {
        Asked::End { session } if session.len() < KEY || !session.bytes().all(|sign| sign.is_ascii_hexdigit()) => {
            return Err(Error::NotFound);
        }
        Asked::End { session } => return closed(&app, person, Ending::One(session)).await,
        Asked::EndOthers => return closed(&app, person, Ending::Others(this)).await,
        Asked::UnlinkProconnect => return unlinked(&app, person).await,
        Asked::Password { current, password, password_again } => (current, password, password_again),
    };
    let account = store::account(&app, person).await?.ok_or(Error::NotFound)?;
    let email: Email = account.email.parse().map_err(|_| Error::Internal(format!("person {person} has no address")))?;
    app.throttle.try_account(email.as_str(), throttle::client_address(&app.config, peer.ip(), &headers))?;
    let known = credential::Entity::find_by_id(person.0).one(app.db.reader()).await?;
    let hash = if password::verify(current, known.map(|known| known.password_hash)).await {
        password::chosen(&app, (new, again), &email).await?
    } else {
        Err("Le mot de passe actuel n’est pas celui-là\u{a0}: tapez celui avec lequel vous vous connectez.".to_owned())
    };
    match hash {
        Ok(hash) => {
            let letter = letter(&app, (&account.first_name, &account.last_name), &email);
            store::change_password(&app, (person, this), hash, letter).await?;
            app.sessions.forget(person);
            app.audit.by_holder(&app, person, pages::PASSWORD_CHANGED).await?;
            Ok(Redirect::to("/compte?fait=mot-de-passe").into_response())
        }
        Err(problem) => {
            let page = OwnPage { problem: Some(problem), ..shown(&app, person, &headers).await? };
            Ok(around.page_as(StatusCode::UNPROCESSABLE_ENTITY, "Mon compte", own_page(page)))
        }
    }
}

async fn closed(app: &App, person: PersonId, which: Ending) -> Result<Response> {
    sessions::end(app, person, which).await?;
    Ok(Redirect::to("/compte?fait=ferme").into_response())
}

/// Whoever has no password would be shut out.
async fn unlinked(app: &App, person: PersonId) -> Result<Response> {
    if !store::account(app, person).await?.is_some_and(|account| account.has_password) {
        let said = "Sans mot de passe, ProConnect est votre seul accès\u{a0}: choisissez-en un d’abord.";
        return Err(Error::Conflict(said.to_owned()));
    }
    proconnect::unlink(app, person).await?;
    Ok(Redirect::to("/compte?fait=detache").into_response())
}

/// Tells the holder of an account that its password is another: whoever did not do it hears of it.
fn letter(app: &App, (first, last): (&str, &str), to: &Email) -> Letter {
    let (now, url) = (app.clock.now(), &app.config.public_url);
    let text = format!(
        "Le mot de passe de votre compte Socle a été changé le {}. Votre compte a été fermé partout ailleurs.\n\nSi ce n’est \
         pas vous, choisissez-en un autre tout de suite\u{a0}:\n{url}/mot-de-passe-oublie\net prévenez votre administrateur.",
        date_time(now)
    );
    Letter {
        key: format!("password/{to}/{}", now.as_millisecond()),
        to_address: to.to_string(),
        to_name: format!("{first} {last}"),
        subject: "Votre mot de passe a été changé".to_owned(),
        body: body(first, &text, url),
        calendar: None,
        send_after: now,
        send_before: None,
    }
}
