//! The WebSocket of a participant ⇄ the messages of their room. No rule is here.

use super::rooms::Rooms;
use super::session::Command;
use super::session::tab::{Line, WAITING, json};
use super::store;
use crate::access::Viewer;
use crate::app::App;
use crate::around::is_same_site;
use crate::error::{Error, Result};
use crate::identity::session;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::WebinarId;
use domain::webinar::Who;
use domain::webinar::signal::{Bye, FromBrowser, FromServer, LONGEST, TabId};
use http::HeaderMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

/// A browser has so long to say its first word.
pub(super) const FIRST_WORD: Duration = Duration::from_secs(10);
/// A message that a line cannot take for so long means that the line is dead.
pub(super) const STUCK: Duration = Duration::from_secs(10);

/// Tells lines apart.
static LINES: AtomicU64 = AtomicU64::new(1);

/// Somebody at a line, before they are in.
struct Comer {
    who: Who,
    place: String,
    login: String,
}

/// `GET /webinaires/{webinar}/signal`
pub async fn signal(
    State(app): State<App>,
    viewer: Option<Viewer>,
    headers: HeaderMap,
    Path(id): Path<WebinarId>,
    upgrade: WebSocketUpgrade,
) -> Result<Response> {
    // A browser lets any page open a WebSocket anywhere, with cookies: only ours may (RFC 6455, section 10.2).
    if !is_same_site(&app.config.public_url, &headers) {
        return Err(Error::CrossSite);
    }
    let upgrade = upgrade.max_message_size(LONGEST).max_frame_size(LONGEST);
    let (Some(viewer), Some(login)) = (viewer, session::hash_in(&headers)) else {
        // A browser tells its page nothing of a refused upgrade: the reason has to be said inside.
        return Ok(upgrade.on_upgrade(async |mut socket| {
            send(&mut socket, json(&FromServer::Bye { why: Bye::SignedOut })).await;
        }));
    };
    let webinar = store::webinar(app.db.reader(), id).await?.ok_or(Error::NotFound)?;
    let status = store::status_of(app.db.reader(), id, viewer.person).await?;
    let member = viewer.member_of(&webinar, status)?;
    let who = Who { person: viewer.person, name: viewer.name(), trainer: member.leads };
    if let Err(error) = app.rooms.not_elsewhere(&app, id).await {
        let Error::Elsewhere(node) = error else { return Err(error) };
        return Ok(upgrade.on_upgrade(async move |mut socket| {
            lead(&mut socket, node).await;
            // What the browser does not take of the closing it does without.
            let _ = timeout(STUCK, close(socket)).await;
        }));
    }
    let place = crate::place::named(&app, viewer.person).await?;
    Ok(upgrade.on_upgrade(async move |socket| converse(app, id, Comer { who, place, login }, socket).await))
}

/// Says that the room is on another node. Said inside, since a browser tells its page nothing of a refused upgrade.
async fn lead(socket: &mut WebSocket, node: String) {
    metrics::counter!("socle_room_lines_led_total").increment(1);
    send(socket, json(&FromServer::Elsewhere { node })).await;
}

/// From the first word to the last.
async fn converse(app: App, webinar: WebinarId, comer: Comer, mut socket: WebSocket) {
    metrics::gauge!("socle_room_lines").increment(1.0);
    let first = timeout(FIRST_WORD, socket.recv()).await;
    if let Ok(Some(Ok(Message::Text(text)))) = first
        && let Ok(FromBrowser::Hello { tab }) = serde_json::from_str(&text)
    {
        stay(&app, webinar, comer, tab, &mut socket).await;
    } else {
        metrics::counter!("socle_room_messages_refused_total").increment(1);
        send(&mut socket, json(&FromServer::Bye { why: Bye::Misspoken })).await;
    }
    // What the browser does not take of the closing it does without.
    let _ = timeout(STUCK, close(socket)).await;
    metrics::gauge!("socle_room_lines").decrement(1.0);
}

/// Says goodbye and reads on to the other side's own: bytes left unread would turn the end of the connection into a
/// reset, which takes the last words with it (RFC 6455, section 7.1.1).
pub(super) async fn close(mut socket: WebSocket) {
    if socket.send(Message::Close(None)).await.is_ok() {
        while let Some(Ok(_)) = socket.recv().await {}
    }
}

async fn stay(app: &App, webinar: WebinarId, comer: Comer, tab: Option<TabId>, socket: &mut WebSocket) {
    let number = LINES.fetch_add(1, Ordering::Relaxed);
    let (out, mut queue) = mpsc::channel(WAITING);
    let (told, mine) = oneshot::channel();
    let Comer { who, place, login } = comer;
    let enter = Command::Enter { who, place, login, tab, line: Line { number, out }, told };
    if let Err(error) = app.rooms.tell(app, webinar, enter).await {
        if let Error::Elsewhere(node) = error {
            return lead(socket, node).await;
        }
        tracing::error!(%webinar, %error, "A room cannot be entered");
        return;
    }
    let Ok(tab) = mine.await else {
        // Not let in: the reason is in the queue.
        while let Some(text) = queue.recv().await {
            send(socket, text).await;
        }
        return;
    };
    let rooms: &Rooms = &app.rooms;
    loop {
        tokio::select! {
            text = queue.recv() => {
                let Some(text) = text else { return };
                if !send(socket, text).await {
                    break;
                }
            }
            came = socket.recv() => {
                let command = match came {
                    Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
                        Ok(said) => Command::Said { tab, line: number, said },
                        Err(_) => Command::Misspoke { tab, line: number },
                    },
                    Some(Ok(Message::Binary(_))) => Command::Misspoke { tab, line: number },
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                    Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                };
                if rooms.tell(app, webinar, command).await.is_err() {
                    break;
                }
            }
        }
    }
    rooms.tell_open(webinar, Command::Lost { tab, line: number }).await;
}

async fn send(socket: &mut WebSocket, text: Utf8Bytes) -> bool {
    matches!(timeout(STUCK, socket.send(Message::Text(text))).await, Ok(Ok(())))
}
