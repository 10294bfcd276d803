//! Somebody whose network lets nothing but HTTPS through: the browser's side of the line that brings picture and sound.

use crate::Client;
use crate::guest::upgrade_at;
use domain::ids::WebinarId;
use domain::webinar::direct::{FromServer, FromViewer, Part};
use domain::webinar::recording::read;
use domain::webinar::signal::TabId;
use futures_util::{SinkExt as _, StreamExt as _};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::http::StatusCode;

/// What is waited for comes within this, or the scene fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// The line.
pub struct DirectViewer {
    socket: WebSocketStream<TcpStream>,
    /// Pieces that came, and their parts.
    pub pieces: u64,
    pub parts: u64,
    /// How long its network takes for a check.
    pub check_takes: Duration,
}

/// What came over it.
#[derive(Debug, Clone)]
pub enum Came {
    /// A film of those codecs begins.
    Begin(String),
    Head(Vec<u8>),
    Piece(Vec<u8>),
}

impl DirectViewer {
    /// Opens the line and says which tab it is.
    ///
    /// # Errors
    /// The status where it is refused.
    pub async fn open(client: &Client, webinar: WebinarId, tab: TabId) -> Result<Self, StatusCode> {
        let socket = upgrade_at(client, &format!("/webinaires/{webinar}/direct"), client.url()).await?;
        let mut viewer = Self { socket, pieces: 0, parts: 0, check_takes: Duration::ZERO };
        viewer.say(FromViewer::Tab(tab)).await;
        Ok(viewer)
    }

    /// Says something.
    pub async fn say(&mut self, said: FromViewer) {
        self.say_raw(Message::text(serde_json::to_string(&said).expect("JSON"))).await;
    }

    /// Says something that may not be of the protocol. A line that is closed hears nothing.
    pub async fn say_raw(&mut self, said: Message) {
        let _ = self.socket.send(said).await;
    }

    /// What comes next, checks apart, which are answered; nothing once the line is closed.
    pub async fn next(&mut self) -> Option<Came> {
        let mut piece = Vec::new();
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("something comes in time") {
                Some(Ok(Message::Text(text))) => match serde_json::from_str(&text).expect("of the protocol") {
                    FromServer::Begin { codecs, .. } => return Some(Came::Begin(codecs)),
                    FromServer::Check { number, .. } => {
                        sleep(self.check_takes).await;
                        self.say(FromViewer::Checked { number }).await;
                    }
                },
                Some(Ok(Message::Binary(bytes))) => match Part::of(bytes[0]).expect("of the protocol") {
                    Part::Head => return Some(Came::Head(bytes[1..].to_vec())),
                    Part::More => {
                        piece.extend_from_slice(&bytes[1..]);
                        self.parts += 1;
                        self.say(FromViewer::Came { part: self.parts }).await;
                    }
                    Part::Last => {
                        piece.extend_from_slice(&bytes[1..]);
                        (self.parts, self.pieces) = (self.parts + 1, self.pieces + 1);
                        return Some(Came::Piece(piece));
                    }
                },
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// Takes the piece that came last, as a player that holds it does.
    pub async fn took(&mut self, piece: &[u8]) {
        let blocks = read::cluster(piece).expect("in order");
        let until = blocks.last().expect("something").time + 20;
        self.say(FromViewer::Took { piece: self.pieces, until }).await;
    }

    /// Takes so many pieces, as a player does. Whether they came.
    pub async fn watch(&mut self, pieces: usize) -> bool {
        let mut taken = 0;
        while taken < pieces {
            match self.next().await {
                Some(Came::Piece(piece)) => {
                    self.took(&piece).await;
                    taken += 1;
                }
                Some(_) => {}
                None => return false,
            }
        }
        true
    }

    /// Reads on until the server closes the line.
    pub async fn until_closed(&mut self) {
        while self.next().await.is_some() {}
    }
}
