//! Picture and sound over HTTPS, for those whose network lets nothing else through: the room's live `WebM` over a WebSocket.
//! The words are those of [`domain::webinar::direct`].
//!
//! Nobody's slowness is anybody else's: pieces are shared, few are on their way to each, and whoever is behind begins anew at
//! the last keyframe. Presence takes what the browser says it received as a proof only where it was sent.

use super::check::admitted;
use super::recording::{self, Piece, Watching};
use super::session::Command;
use super::socket::{FIRST_WORD, STUCK, close};
use super::{media, rooms::Rooms};
use crate::access::Viewer;
use crate::app::App;
use crate::around::is_same_site;
use crate::error::{Error, Result};
use axum::body::Bytes;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::{PersonId, WebinarId};
use domain::webinar::direct::{Delivery, FromServer, FromViewer, LONGEST, codecs};
use http::HeaderMap;
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{oneshot, watch};
use tokio::time::{sleep, timeout};

/// Pieces that somebody may be behind before they begin anew: two seconds.
const BEHIND: usize = 4;
/// Words that are not believed before the line is closed.
const FORGIVEN: u32 = 20;
/// Who finds no place comes back after so many seconds.
const FULL: u64 = 30;

/// `GET /webinaires/{webinar}/direct`
pub async fn direct(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(id): Path<WebinarId>,
    upgrade: WebSocketUpgrade,
) -> Result<Response> {
    if !is_same_site(&app.config.public_url, &headers) {
        return Err(Error::CrossSite);
    }
    admitted(&app, &viewer, id).await?;
    let place = app.rooms.line().ok_or(Error::TooMany { retry_after_seconds: FULL })?;
    let upgrade = upgrade.max_message_size(LONGEST).max_frame_size(LONGEST);
    Ok(upgrade.on_upgrade(async move |mut socket| {
        metrics::gauge!("socle_direct_lines").increment(1.0);
        if let Some(proofs) = enter(&app.rooms, id, viewer.person, &mut socket).await
            && let Err(error) = show(&app, id, &proofs, &mut socket).await
        {
            tracing::error!(webinar = %id, %error, "A room cannot be shown over HTTPS");
        }
        // What the browser does not take of the closing it does without.
        let _ = timeout(STUCK, close(socket)).await;
        metrics::gauge!("socle_direct_lines").decrement(1.0);
        drop(place);
    }))
}

/// The first word: which tab it is, of those that this person has in the room.
async fn enter(
    rooms: &Rooms,
    webinar: WebinarId,
    person: PersonId,
    socket: &mut WebSocket,
) -> Option<watch::Sender<Option<Instant>>> {
    let Ok(Some(Ok(Message::Text(text)))) = timeout(FIRST_WORD, socket.recv()).await else { return None };
    let Ok(FromViewer::Tab(tab)) = serde_json::from_str(&text) else {
        metrics::counter!("socle_direct_refused_total").increment(1);
        return None;
    };
    let (told, proofs) = oneshot::channel();
    rooms.tell_open(webinar, Command::Direct { tab, person, told }).await;
    proofs.await.ok()
}

/// One line, and where it is in what is told.
struct Line<'s> {
    socket: &'s mut WebSocket,
    delivery: Delivery,
    /// What is to be sent before what comes.
    first: VecDeque<Message>,
    recent: VecDeque<Piece>,
    watching: Watching,
    refused: u32,
}

/// Why a line has nothing more to send for now.
enum Next {
    Piece(Piece),
    /// It is to begin anew.
    Anew,
}

/// From the first piece to the last.
async fn show(app: &App, id: WebinarId, proofs: &watch::Sender<Option<Instant>>, socket: &mut WebSocket) -> Result<()> {
    let watching = recording::watch(app, id).await?;
    let mut line = Line {
        socket,
        delivery: Delivery::default(),
        first: VecDeque::new(),
        recent: VecDeque::new(),
        watching,
        refused: 0,
    };
    line.begin();
    loop {
        if line.is_behind() {
            // Only where the last keyframe is nearer to now than what is to be sent next.
            let anew = recording::watch(app, id).await?;
            if anew.recent.len() < line.left() {
                line.anew(anew);
            }
        }
        if let Some(said) = line.first.pop_front() {
            if !line.send(said).await {
                return Ok(());
            }
            continue;
        }
        let (has_room, waits) = (line.delivery.has_room(), line.delivery.waits());
        tokio::select! {
            biased;
            // The tab is gone, or has another line.
            () = proofs.closed() => return Ok(()),
            said = line.socket.recv() => match said {
                Some(Ok(Message::Text(text))) => if !line.hear(&text, proofs) { return Ok(()) },
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Binary(_) | Message::Close(_)) | Err(_)) | None => return Ok(()),
            },
            // What is on its way is taken in time, or the line is dead.
            () = sleep(STUCK), if waits => return Ok(()),
            next = next(&mut line.recent, &mut line.watching), if has_room => match next {
                Next::Piece(piece) => {
                    line.delivery.send(piece.time);
                    if !line.send(Message::Binary(piece.bytes)).await {
                        return Ok(());
                    }
                }
                Next::Anew => {
                    let anew = recording::watch(app, id).await?;
                    line.anew(anew);
                }
            },
        }
    }
}

/// What is to be sent next, as soon as there is something.
async fn next(recent: &mut VecDeque<Piece>, watching: &mut Watching) -> Next {
    if let Some(piece) = recent.pop_front() {
        return Next::Piece(piece);
    }
    match watching.coming.recv().await {
        Ok(piece) => Next::Piece(piece),
        Err(RecvError::Lagged(_)) => Next::Anew,
        Err(RecvError::Closed) => {
            // The recorder may have stopped: it is not started again in haste.
            sleep(Duration::from_millis(50)).await;
            Next::Anew
        }
    }
}

impl Line<'_> {
    /// Says what comes, and its head.
    fn begin(&mut self) {
        let begin = FromServer::Begin { codecs: codecs(self.watching.shows).to_owned() };
        let begin = serde_json::to_string(&begin).unwrap_or_default();
        self.first = [Message::Text(begin.into()), Message::Binary(self.watching.head.clone())].into();
        self.recent = std::mem::take(&mut self.watching.recent).into();
    }

    fn anew(&mut self, watching: Watching) {
        metrics::counter!("socle_direct_restarts_total").increment(1);
        self.watching = watching;
        self.begin();
    }

    /// Pieces that are to be sent.
    fn left(&self) -> usize {
        self.recent.len() + self.watching.coming.len()
    }

    /// Whether more waits than may be on its way, and for too long.
    fn is_behind(&self) -> bool {
        !self.delivery.has_room() && self.first.is_empty() && self.watching.coming.len() > BEHIND
    }

    /// Takes what the browser says. Gives whether the line goes on.
    fn hear(&mut self, text: &str, proofs: &watch::Sender<Option<Instant>>) -> bool {
        let believed = match serde_json::from_str(text) {
            Ok(FromViewer::Took { piece, until }) => self.delivery.took(piece, until),
            Ok(FromViewer::Tab(_)) | Err(_) => false,
        };
        if believed {
            proofs.send_replace(Some(media::clock()));
            return true;
        }
        metrics::counter!("socle_direct_refused_total").increment(1);
        self.refused += 1;
        self.refused <= FORGIVEN
    }

    async fn send(&mut self, said: Message) -> bool {
        let bytes = match &said {
            Message::Binary(bytes) => Bytes::len(bytes),
            _ => 0,
        };
        metrics::counter!("socle_direct_bytes_total").increment(bytes as u64);
        matches!(timeout(STUCK, self.socket.send(said)).await, Ok(Ok(())))
    }
}
