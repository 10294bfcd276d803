//! Before the room: its page, and that of checking one's devices.

use super::{recording, store};
use crate::access::{RoomMember, Viewer};
use crate::app::App;
use crate::document;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::WebinarId;
use domain::text::day_long;
use domain::webinar::Ballot;
use domain::webinar::kit::{Kit, Link, Poll, PollKind};
use frontend::webinar::check::{CheckPage, check_page};
use frontend::webinar::room::{Prepared, PreparedLink, RoomPage, room_page};
use http::HeaderMap;
use std::time::Duration;

use crate::around::is_same_site;

/// An echo lasts no longer, from the first word to the last, and is no larger.
const ECHO: (Duration, usize) = (Duration::from_secs(10), 1024);

/// `GET /webinaires/{webinar}/salle`
pub async fn room(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<WebinarId>,
) -> Result<Response> {
    let (webinar, member) = admitted(&app, &viewer, id).await?;
    let kit = match webinar.kit.as_ref().filter(|_| member.leads) {
        Some(slug) => document::newest::<Kit>(app.db.reader(), slug).await?,
        None => None,
    };
    let prepared = kit.map(|version| prepared(version.document)).unwrap_or_default();
    let title = format!("Salle\u{a0}: {}", webinar.title);
    let recorded = recorded(&webinar);
    let page = RoomPage {
        webinar: id,
        recorded,
        title: webinar.title,
        trainer: member.leads,
        prepared,
        help: app.config.facts.contact_email.clone(),
        light: around.light,
    };
    Ok(around.room_page(&title, room_page(page)))
}

/// `GET /webinaires/{webinar}/essai`: the page; asked for as a WebSocket, an echo.
pub async fn check(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    headers: HeaderMap,
    Path(id): Path<WebinarId>,
    upgrade: std::result::Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response> {
    let (webinar, _) = admitted(&app, &viewer, id).await?;
    let Ok(upgrade) = upgrade else {
        let recorded = recorded(&webinar);
        let help = app.config.facts.contact_email.clone();
        let page = CheckPage { webinar: id, title: webinar.title, recorded, help, light: around.light };
        return Ok(around.trials_page("Vérifier mon matériel", check_page(page)));
    };
    if !is_same_site(&app.config.public_url, &headers) {
        return Err(Error::CrossSite);
    }
    app.throttle.try_trial(viewer.person)?;
    let (patience, longest) = ECHO;
    Ok(upgrade.max_message_size(longest).max_frame_size(longest).on_upgrade(async move |socket| {
        // Whoever says nothing, or takes nothing, is left.
        let _ = tokio::time::timeout(patience, echo(socket)).await;
    }))
}

/// Says the first text again, then goodbye.
async fn echo(mut socket: WebSocket) {
    if let Some(Ok(Message::Text(text))) = socket.recv().await {
        let _ = socket.send(Message::Text(text)).await;
    }
    let _ = socket.send(Message::Close(None)).await;
    // Read on to the other side's own goodbye, so that the end is no reset; what else it says is not kept.
    while let Some(Ok(_)) = socket.recv().await {}
}

/// The webinar, for whoever may be in its room.
///
/// # Errors
/// [`Error::NotFound`] for anybody else; when the database fails.
pub(super) async fn admitted(app: &App, viewer: &Viewer, id: WebinarId) -> Result<(store::Webinar, RoomMember)> {
    let webinar = store::webinar(app.db.reader(), id).await?.ok_or(Error::NotFound)?;
    let status = store::status_of(app.db.reader(), id, viewer.person).await?;
    let member = viewer.member_of(&webinar, status)?;
    Ok((webinar, member))
}

/// What is said before one enters a webinar that is recorded; nothing where it is not.
fn recorded(webinar: &store::Webinar) -> String {
    if !webinar.recorded {
        return String::new();
    }
    let began = webinar.schedule.live_at.unwrap_or(webinar.schedule.starts_at);
    format!(
        "Sont gardés la voix de qui parle, l’image de qui anime et l’écran partagé, jusqu’au {}. Si vous préférez ne pas être \
         entendu, écrivez dans la discussion.",
        day_long(recording::kept_until(webinar, began))
    )
}

/// What trainers have at hand: nothing of the right answers.
fn prepared(kit: Kit) -> Prepared {
    let ballot = |Poll { kind, stem, choices, .. }: Poll| Ballot { stem, choices, many: kind == PollKind::Multiple };
    Prepared {
        polls: kit.polls.into_iter().map(ballot).collect(),
        quiz: kit.quiz.map(|quiz| quiz.title),
        links: kit.links.into_iter().map(|Link { title, url }| PreparedLink { title, url }).collect(),
    }
}
