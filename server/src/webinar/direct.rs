//! Picture and sound over HTTPS, for those whose network lets nothing else through: the room's live `WebM` over a WebSocket.
//! The words are those of [`domain::webinar::direct`].
//!
//! Nobody's slowness is anybody else's: pieces are shared, few of their parts are on their way to each, and whoever is behind
//! begins anew, with the sound alone until checks say that the line carries pictures again ([`media::probe`]). Presence
//! takes what the browser says it received as a proof only where it was sent.

use super::check::admitted;
use super::media::probe::{FILLING, Probe};
use super::media::{self, Thin};
use super::recording::{self, Edition, Piece, Watching};
use super::rooms::Rooms;
use super::session::Command;
use super::session::tab::Link;
use super::socket::{FIRST_WORD, STUCK, close};
use crate::access::Viewer;
use crate::app::App;
use crate::around::is_same_site;
use crate::error::{Error, Result};
use axum::body::Bytes;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::{PersonId, WebinarId};
use domain::webinar::direct::{Delivery, FromServer, FromViewer, LONGEST, PART, Part, codecs};
use http::HeaderMap;
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

/// Pieces that somebody may be behind before they begin anew: two seconds. Whoever may be sent no more is looked at so often.
const BEHIND: usize = 4;
const LOOK: Duration = Duration::from_millis(500);
/// Where nothing is taken for so long, the line is dead: longer than one that weakened needs for what is on its way.
const DEAD: Duration = Duration::from_secs(16);
/// Words that are not believed before the line is closed.
const FORGIVEN: u32 = 20;
/// Who finds no place comes back after so many seconds.
const FULL: u64 = 30;
/// Bits a second that a picture needs at least: one that stands still takes next to nothing until it changes.
const LEAST: f64 = 100_000.0;
/// A line of which checks say nothing for so long is taken for a thin one.
const SILENT: Duration = Duration::from_secs(3);

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
    app.rooms.not_elsewhere(&app, id).await?;
    let place = app.rooms.line().ok_or(Error::TooMany { retry_after_seconds: FULL })?;
    let upgrade = upgrade.max_message_size(LONGEST).max_frame_size(LONGEST);
    Ok(upgrade.on_upgrade(async move |mut socket| {
        metrics::gauge!("socle_direct_lines").increment(1.0);
        if let Some(link) = enter(&app.rooms, id, viewer.person, &mut socket).await
            && let Err(error) = show(&app, id, link, &mut socket).await
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
async fn enter(rooms: &Rooms, webinar: WebinarId, person: PersonId, socket: &mut WebSocket) -> Option<Link> {
    let Ok(Some(Ok(Message::Text(text)))) = timeout(FIRST_WORD, socket.recv()).await else { return None };
    let Ok(FromViewer::Tab(tab)) = serde_json::from_str(&text) else {
        metrics::counter!("socle_direct_refused_total").increment(1);
        return None;
    };
    let (told, link) = oneshot::channel();
    rooms.tell_open(webinar, Command::Direct { tab, person, told }).await;
    link.await.ok()
}

/// One line, and where it is in what is told.
struct Line<'s> {
    app: &'s App,
    webinar: WebinarId,
    socket: &'s mut WebSocket,
    link: Link,
    delivery: Delivery,
    /// When a part last came, or was sent while none was on its way.
    moved: Instant,
    /// What is to be sent before what comes.
    first: VecDeque<Message>,
    /// What is left to send of a piece.
    rest: Option<Piece>,
    recent: VecDeque<Piece>,
    watching: Watching,
    thin: Thin,
    probe: Probe,
    /// Since when checks go.
    looked: Option<Instant>,
    refused: u32,
}

/// Why a line has nothing more to send for now.
enum Next {
    Piece(Piece),
    /// It is to begin anew.
    Anew,
}

/// From the first piece to the last.
async fn show(app: &App, webinar: WebinarId, link: Link, socket: &mut WebSocket) -> Result<()> {
    let thin = Thin::unproved(*link.chosen.borrow());
    let watching = recording::watch(app, webinar, Edition::Sound).await?;
    let mut shown = Line {
        app,
        webinar,
        socket,
        link,
        delivery: Delivery::default(),
        moved: media::clock(),
        first: VecDeque::new(),
        rest: None,
        recent: VecDeque::new(),
        watching,
        thin,
        probe: Probe::of_messages(),
        looked: None,
        refused: 0,
    };
    shown.begin();
    while shown.goes_on().await? {}
    Ok(())
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
    /// One step. Gives whether there is another.
    async fn goes_on(&mut self) -> Result<bool> {
        if self.is_behind() {
            self.catch_up().await?;
        }
        if let Some(said) = self.first.pop_front() {
            return Ok(self.send(said).await);
        }
        self.look();
        if !self.first.is_empty() {
            return Ok(true);
        }
        let has_room = self.delivery.has_room();
        if has_room && let Some(part) = self.part() {
            return Ok(self.send(part).await);
        }
        tokio::select! {
            biased;
            // The tab is gone, or has another line.
            () = self.link.received.closed() => return Ok(false),
            said = self.socket.recv() => match said {
                Some(Ok(Message::Text(text))) => return self.hear(&text).await,
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Binary(_) | Message::Close(_)) | Err(_)) | None => return Ok(false),
            },
            Ok(()) = self.link.chosen.changed() => {
                self.thin = Thin::unproved(*self.link.chosen.borrow_and_update());
                self.anew().await?;
            }
            () = sleep(LOOK), if !has_room => {
                // What is on its way is taken in time, or the line is dead.
                return Ok(media::clock() < self.moved + DEAD);
            }
            next = next(&mut self.recent, &mut self.watching), if has_room => match next {
                Next::Piece(piece) => self.rest = Some(piece),
                Next::Anew => self.anew().await?,
            },
        }
        Ok(true)
    }

    /// Says what comes, and its head. What was under way of a piece is left.
    fn begin(&mut self) {
        let thin = self.link.received.borrow().thin == Some(true);
        let begin = FromServer::Begin { codecs: codecs(self.watching.shows).to_owned(), thin };
        self.first = [text(&begin), binary(Part::Head, &self.watching.head)].into();
        self.rest = None;
        self.recent = std::mem::take(&mut self.watching.recent).into();
    }

    /// The next part of the piece that is under way.
    fn part(&mut self) -> Option<Message> {
        let mut piece = self.rest.take()?;
        let bytes = piece.bytes.split_to(piece.bytes.len().min(PART));
        if !self.delivery.waits() {
            self.moved = media::clock();
        }
        let is_last = piece.bytes.is_empty();
        self.delivery.send(bytes.len(), is_last.then_some(piece.time));
        if !is_last {
            self.rest = Some(piece);
        }
        Some(binary(if is_last { Part::Last } else { Part::More }, &bytes))
    }

    /// Begins anew, with what the line carries.
    async fn anew(&mut self) -> Result<()> {
        let edition = if self.thin.is_blank() { Edition::Sound } else { Edition::Whole };
        let watching = recording::watch(self.app, self.webinar, edition).await?;
        self.go_to(watching);
        Ok(())
    }

    fn go_to(&mut self, watching: Watching) {
        metrics::counter!("socle_direct_restarts_total").increment(1);
        self.watching = watching;
        self.begin();
    }

    /// Whether more waits than may be on its way, and for too long.
    fn is_behind(&self) -> bool {
        !self.delivery.has_room() && self.first.is_empty() && self.watching.coming.len() > BEHIND
    }

    /// Goes on with the sound alone; or nearer to now, where that is all there was.
    async fn catch_up(&mut self) -> Result<()> {
        if self.watching.shows {
            self.probe.rest();
            self.thin.second(0.0, Some(LEAST), media::clock());
            self.note_thin(true);
            return self.anew().await;
        }
        // The same film, from where it is now.
        self.watching = recording::watch(self.app, self.webinar, Edition::Sound).await?;
        self.recent = std::mem::take(&mut self.watching.recent).into();
        Ok(())
    }

    /// Sends checks, where a picture might be shown and it is time to.
    fn look(&mut self) {
        let now = media::clock();
        if self.watching.picture.is_none() || !self.thin.is_blank() || !self.thin.is_free() {
            return;
        }
        let since = *self.looked.get_or_insert(now);
        if now > since + SILENT && self.link.received.borrow().thin.is_none() {
            self.note_thin(true);
        }
        let filling = || "0".repeat(FILLING);
        let checks = self.probe.due(now).into_iter().flatten();
        self.first.extend(checks.map(|number| text(&FromServer::Check { number, filling: filling() })));
    }

    /// A check came back.
    async fn checked(&mut self, number: u64) -> Result<()> {
        let now = media::clock();
        let Some((least, _)) = self.probe.answered(number, now) else { return Ok(()) };
        let whole = recording::watch(self.app, self.webinar, Edition::Whole).await?;
        self.thin.second(least, whole.picture.map(|rate| rate.max(LEAST)), now);
        self.note_thin(self.thin.is_blank());
        if !self.thin.is_blank() {
            self.probe.rest();
            self.go_to(whole);
        }
        Ok(())
    }

    /// Tells the room whether this line carries pictures.
    fn note_thin(&self, thin: bool) {
        self.link.received.send_modify(|received| received.thin = Some(thin));
    }

    /// Takes what the browser says. Gives whether the line goes on.
    async fn hear(&mut self, text: &str) -> Result<bool> {
        let believed = match serde_json::from_str(text) {
            Ok(FromViewer::Took { piece, until }) => {
                let believed = self.delivery.took(piece, until);
                if believed {
                    self.moved = media::clock();
                    self.link.received.send_modify(|received| received.at = Some(self.moved));
                }
                believed
            }
            Ok(FromViewer::Came { part }) => {
                let believed = self.delivery.came(part);
                if believed {
                    self.moved = media::clock();
                }
                believed
            }
            Ok(FromViewer::Checked { number }) if self.probe.knows(number) => {
                self.checked(number).await?;
                true
            }
            Ok(FromViewer::Checked { .. } | FromViewer::Tab(_)) | Err(_) => false,
        };
        if believed {
            return Ok(true);
        }
        metrics::counter!("socle_direct_refused_total").increment(1);
        self.refused += 1;
        Ok(self.refused <= FORGIVEN)
    }

    async fn send(&mut self, said: Message) -> bool {
        let bytes = match &said {
            Message::Binary(bytes) => Bytes::len(bytes),
            _ => 0,
        };
        metrics::counter!("socle_direct_bytes_total").increment(bytes as u64);
        matches!(timeout(DEAD, self.socket.send(said)).await, Ok(Ok(())))
    }
}

fn binary(part: Part, bytes: &[u8]) -> Message {
    Message::Binary(part.message(bytes).into())
}

fn text(said: &FromServer) -> Message {
    Message::Text(serde_json::to_string(said).unwrap_or_default().into())
}
