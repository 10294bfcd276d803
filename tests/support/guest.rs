//! Somebody in a room: the browser's side of the signalling, folding what is told as a page does.

use crate::Client;
use crate::dice::new_uuid;
use crate::peer::Peer;
use domain::ids::{PersonId, WebinarId};
use domain::webinar::signal::{ActId, Bye, FromBrowser, FromServer, MediaKind, Present, Seat, Sending, TabId};
use domain::webinar::{Act, Refusal, Room};
use futures_util::{SinkExt as _, StreamExt as _};
use server::webinar::media::Kind;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

/// What is waited for comes within this, or the scene fails.
const PATIENCE: Duration = Duration::from_secs(15);

/// Between two tries to come back.
const AGAIN: Duration = Duration::from_millis(200);

/// Somebody in a room.
#[derive(Debug)]
pub struct Guest {
    socket: WebSocketStream<TcpStream>,
    pub me: Present,
    pub tab: TabId,
    /// Whether the server still had the tab.
    pub kept: bool,
    pub room: Room,
    pub people: BTreeMap<PersonId, Present>,
    pub seats: Vec<Seat>,
    /// Everything that was said, as it came.
    pub said: Vec<FromServer>,
    /// The node that it was led to, by another.
    pub led: Option<String>,
    turn: u32,
}

/// Asks for the WebSocket of a room; gives the status where it is refused.
///
/// # Errors
/// That status.
pub async fn upgrade(
    client: &Client,
    webinar: WebinarId,
    origin: &str,
) -> Result<WebSocketStream<TcpStream>, tungstenite::http::StatusCode> {
    upgrade_at(client, &format!("/webinaires/{webinar}/signal"), origin).await
}

/// Asks for the WebSocket at that path; gives the status where it is refused.
///
/// # Errors
/// That status.
pub async fn upgrade_at(
    client: &Client,
    path: &str,
    origin: &str,
) -> Result<WebSocketStream<TcpStream>, tungstenite::http::StatusCode> {
    let host = client.url().strip_prefix("http://").expect("plain HTTP").to_owned();
    let mut request = format!("ws://{host}{path}").into_client_request().expect("a request");
    let headers = request.headers_mut();
    headers.insert("origin", origin.parse().expect("an origin"));
    if !client.cookies().is_empty() {
        headers.insert("cookie", client.cookies().parse().expect("cookies"));
    }
    let stream = client.connect().await.expect("the product listens");
    match client_async(request, stream).await {
        Ok((socket, _)) => Ok(socket),
        Err(tungstenite::Error::Http(refused)) => Err(refused.status()),
        Err(error) => panic!("{error}"),
    }
}

/// The WebSocket at that path; nothing where nobody answers, or it is refused.
async fn dial(client: &Client, path: &str) -> Option<WebSocketStream<TcpStream>> {
    let mut request = format!("ws://{}{path}", client.url().strip_prefix("http://")?).into_client_request().ok()?;
    let headers = request.headers_mut();
    headers.insert("origin", client.url().parse().ok()?);
    headers.insert("cookie", client.cookies().parse().ok()?);
    Some(client_async(request, client.connect().await.ok()?).await.ok()?.0)
}

impl Guest {
    /// Comes in.
    ///
    /// # Errors
    /// What the server says instead of a welcome.
    pub async fn enter(client: &Client, webinar: WebinarId) -> Result<Self, Bye> {
        Self::come(client, webinar, None).await
    }

    /// Comes back as the tab it was.
    ///
    /// # Errors
    /// What the server says instead of a welcome.
    pub async fn come(client: &Client, webinar: WebinarId, tab: Option<TabId>) -> Result<Self, Bye> {
        let socket = upgrade(client, webinar, client.url()).await.expect("may come in");
        Self::begin(client, webinar, tab, socket).await.expect("a first word")
    }

    /// Comes back as the tab it was, as browsers do: asks at the plain address, goes where it is led, and begins again there
    /// until somebody answers.
    ///
    /// # Errors
    /// What the server says instead of a welcome.
    pub async fn come_back(client: &Client, webinar: WebinarId, tab: TabId) -> Result<Self, Bye> {
        loop {
            if let Some(socket) = dial(client, &format!("/webinaires/{webinar}/signal")).await
                && let Some(come) = Self::begin(client, webinar, Some(tab), socket).await
            {
                return come;
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// The first words; nothing where the line breaks before.
    async fn begin(
        client: &Client,
        webinar: WebinarId,
        tab: Option<TabId>,
        mut socket: WebSocketStream<TcpStream>,
    ) -> Option<Result<Self, Bye>> {
        let mut led = None;
        loop {
            send(&mut socket, &FromBrowser::Hello { tab }).await;
            let welcome = match next(&mut socket).await? {
                FromServer::Welcome(welcome) => welcome,
                FromServer::Bye { why } => return Some(Err(why)),
                FromServer::Elsewhere { node } if led.is_none() => {
                    socket = dial(client, &format!("/noeud/{node}/webinaires/{webinar}/signal")).await?;
                    led = Some(node);
                    continue;
                }
                FromServer::Elsewhere { .. } => return None,
                other => panic!("not a first word: {other:?}"),
            };
            return Some(Ok(Self {
                socket,
                me: welcome.you,
                tab: welcome.tab,
                kept: welcome.kept,
                room: welcome.room,
                people: welcome.people.into_iter().map(|present| (present.person, present)).collect(),
                seats: welcome.seats,
                said: Vec::new(),
                led,
                turn: 0,
            }));
        }
    }

    /// Does something, and waits until it is acknowledged.
    ///
    /// # Errors
    /// Why it was refused.
    pub async fn act(&mut self, act: Act) -> Result<(), Refusal> {
        self.act_as(ActId(new_uuid()), act).await
    }

    /// Does something under that id.
    ///
    /// # Errors
    /// Why it was refused.
    pub async fn act_as(&mut self, id: ActId, act: Act) -> Result<(), Refusal> {
        self.try_act(id, act).await.expect("stays")
    }

    /// The same; nothing where the line breaks before it is known.
    pub async fn try_act(&mut self, id: ActId, act: Act) -> Option<Result<(), Refusal>> {
        self.say(&FromBrowser::Act { id, act }).await;
        loop {
            match self.hear().await? {
                FromServer::Done { id: done } if done == id => return Some(Ok(())),
                FromServer::Refused { id: refused, why } if refused == id => return Some(Err(why)),
                _ => {}
            }
        }
    }

    /// Says something, without waiting.
    pub async fn say(&mut self, said: &FromBrowser) {
        send(&mut self.socket, said).await;
    }

    /// Says something that may not be of the protocol.
    pub async fn say_raw(&mut self, message: Message) {
        let _ = self.socket.send(message).await;
    }

    /// Hears what comes until it is so.
    pub async fn until(&mut self, what: &str, so: impl Fn(&Self) -> bool) {
        let hearing = async {
            while !so(self) {
                assert!(self.hear().await.is_some(), "the line was closed before: {what}; heard {:?}", self.said);
            }
        };
        timeout(PATIENCE, hearing).await.unwrap_or_else(|_| panic!("waited in vain: {what}"));
    }

    /// Hears what comes until the last words.
    pub async fn until_bye(&mut self) -> Bye {
        loop {
            match self.hear().await {
                Some(FromServer::Bye { why }) => return why,
                Some(_) => {}
                None => panic!("closed without a word"),
            }
        }
    }

    /// Offers that browser's media, and connects it.
    pub async fn connect(&mut self, peer: &mut Peer) {
        self.try_connect(peer).await.unwrap_or_else(|why| panic!("no media: {why}"));
    }

    /// Offers that browser's media.
    ///
    /// # Errors
    /// The words of the refusal.
    pub async fn try_connect(&mut self, peer: &mut Peer) -> Result<(), String> {
        let (sdp, sends) = peer.offer().await;
        peer.take_answer(self.offer(sdp, &sends).await?).await;
        Ok(())
    }

    /// Offers media, and gives the server's answer (SDP both); `sends` says what the offer's sections carry.
    ///
    /// # Errors
    /// The words of the refusal.
    pub async fn offer(&mut self, sdp: String, sends: &[(String, Kind)]) -> Result<String, String> {
        self.try_offer(sdp, sends).await.expect("stays")
    }

    /// The same; nothing where the line breaks before, or a new connection is asked for.
    pub async fn try_offer(&mut self, sdp: String, sends: &[(String, Kind)]) -> Option<Result<String, String>> {
        self.turn += 1;
        let turn = self.turn;
        let sends = sends.iter().map(|(mid, kind)| Sending { mid: mid.clone(), kind: media_kind(*kind) }).collect();
        self.say(&FromBrowser::Offer { turn, sdp, sends }).await;
        loop {
            match self.hear().await? {
                FromServer::Answer { turn: answered, sdp } if answered == turn => return Some(Ok(sdp)),
                FromServer::NoMedia { turn: answered, why } if answered == turn => return Some(Err(why)),
                FromServer::ConnectAnew => return None,
                _ => {}
            }
        }
    }

    /// The next word, folded in; nothing once the line is closed.
    pub async fn hear(&mut self) -> Option<FromServer> {
        let said = next(&mut self.socket).await?;
        match &said {
            FromServer::Told { seq, entries } => {
                entries.iter().for_each(|entry| self.room.apply(entry));
                self.room.seq = *seq;
            }
            FromServer::People { came, left, .. } => {
                self.people.extend(came.iter().map(|present| (present.person, present.clone())));
                self.people.retain(|person, _| !left.contains(person));
            }
            FromServer::Stage { seats } => self.seats.clone_from(seats),
            FromServer::Beat => send(&mut self.socket, &FromBrowser::Here).await,
            _ => {}
        }
        self.said.push(said.clone());
        Some(said)
    }
}

async fn send(socket: &mut WebSocketStream<TcpStream>, said: &FromBrowser) {
    let text = serde_json::to_string(said).expect("JSON");
    // A server that has gone hears nothing.
    let _ = socket.send(Message::text(text)).await;
}

async fn next(socket: &mut WebSocketStream<TcpStream>) -> Option<FromServer> {
    loop {
        match timeout(PATIENCE, socket.next()).await.expect("something is said in time") {
            Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).expect("of the protocol")),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
            Some(Ok(_)) => {}
        }
    }
}

fn media_kind(kind: Kind) -> MediaKind {
    match kind {
        Kind::Camera => MediaKind::Camera,
        Kind::Microphone => MediaKind::Microphone,
        Kind::Screen => MediaKind::Screen,
        Kind::ScreenSound => MediaKind::ScreenSound,
    }
}
