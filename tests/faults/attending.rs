//! Somebody in a webinar who says what they say until it is acknowledged.

use super::crowd::Around;
use domain::webinar::signal::{ActId, FromBrowser, FromServer, TabId};
use domain::webinar::{Act, Lead};
use futures_util::{SinkExt as _, StreamExt as _};
use std::net::SocketAddr;
use std::time::Duration;
use support::Client;
use support::dice::Rolls;
use support::guest::Guest;
use support::meeting::Meeting;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

/// Between two messages: nobody writes faster for long.
const WRITING: Duration = Duration::from_millis(250);
/// A word that does not come within this means that the line is dead.
const STUCK: Duration = Duration::from_secs(15);

/// Somebody in a webinar.
#[derive(Debug)]
pub struct Attending {
    path: String,
    cookies: String,
    rolls: Rolls,
    tab: Option<TabId>,
    /// What is being said, and was not acknowledged.
    pending: Option<(ActId, String)>,
    acknowledged: Vec<String>,
}

impl Attending {
    /// The webinar begins; the agent is about to come.
    pub async fn begin(meeting: &Meeting, address: SocketAddr, seed: u64) -> Self {
        let at = |client: &Client| client.at(&format!("http://{address}"));
        let mut trainer = Guest::enter(&at(&meeting.trainer), meeting.webinar).await.expect("comes in");
        trainer.act(Act::Lead(Lead::GoLive)).await.expect("begins");
        Self {
            path: format!("/webinaires/{}/signal", meeting.webinar),
            cookies: meeting.agents[0].cookies(),
            rolls: Rolls(seed),
            tab: None,
            pending: None,
            acknowledged: Vec::new(),
        }
    }

    /// Comes, and comes again wherever the line breaks, until it is over.
    pub async fn attend(mut self, around: Around, tell: watch::Sender<u64>) -> Self {
        while !around.is_over() {
            if let Err(Some((status, said))) = self.come(&around, &tell).await {
                around.refused("an attendee", status, &said);
            }
            around.pause().await;
        }
        self
    }

    /// One line, from its first word to its last. `Err` with status and words where it was refused.
    async fn come(&mut self, around: &Around, tell: &watch::Sender<u64>) -> Result<(), Option<(u16, String)>> {
        let mut request = format!("ws://{}{}", around.address, self.path).into_client_request().expect("a request");
        let headers = request.headers_mut();
        headers.insert("origin", format!("http://{}", around.address).parse().expect("an origin"));
        headers.insert("cookie", self.cookies.parse().expect("cookies"));
        let stream = TcpStream::connect(around.address).await.map_err(|_| None)?;
        let mut socket = match timeout(STUCK, client_async(request, stream)).await {
            Ok(Ok((socket, _))) => socket,
            Ok(Err(tungstenite::Error::Http(refused))) => {
                let said = refused.body().as_deref().map(String::from_utf8_lossy).unwrap_or_default();
                return Err(Some((refused.status().as_u16(), said.into_owned())));
            }
            Ok(Err(_)) | Err(_) => return Err(None),
        };
        send(&mut socket, &FromBrowser::Hello { tab: self.tab }).await?;
        match next(&mut socket).await? {
            FromServer::Welcome(welcome) => self.tab = Some(welcome.tab),
            _ => return Err(None),
        }
        while !around.is_over() && !around.cuts() {
            if self.pending.is_none() {
                let text = format!("message {} {}", self.acknowledged.len(), self.rolls.roll());
                self.pending = Some((ActId(self.rolls.uuid()), text));
            }
            let (id, text) = self.pending.clone().expect("just made");
            send(&mut socket, &FromBrowser::Act { id, act: Act::Say { text } }).await?;
            loop {
                match next(&mut socket).await? {
                    FromServer::Done { id: done } if done == id => {
                        let said = self.pending.take().expect("is pending");
                        self.acknowledged.push(said.1);
                        tell.send_modify(|count| *count += 1);
                        break;
                    }
                    // It is said again, later.
                    FromServer::Refused { id: refused, .. } if refused == id => break,
                    FromServer::Bye { .. } => return Err(None),
                    FromServer::Beat => send(&mut socket, &FromBrowser::Here).await?,
                    _ => {}
                }
            }
            tokio::time::sleep(WRITING).await;
        }
        Ok(())
    }

    /// What was acknowledged against what the room remembers.
    ///
    /// # Panics
    /// Where a message is gone, is there twice, or was never said.
    pub async fn compare(&self, meeting: &Meeting, address: SocketAddr) {
        let client = meeting.trainer.at(&format!("http://{address}"));
        let guest = Guest::enter(&client, meeting.webinar).await.expect("comes in");
        let mut kept: Vec<_> = guest.room.messages.values().map(|message| message.text.clone()).collect();
        if kept.len() == self.acknowledged.len() + 1 {
            // Said, kept, and the line broke before it was acknowledged.
            assert_eq!(kept.pop(), self.pending.as_ref().map(|(_, text)| text.clone()));
        }
        assert_eq!(kept, self.acknowledged, "what the room remembers");
        println!("{} messages acknowledged and kept", kept.len());
    }
}

async fn send(socket: &mut WebSocketStream<TcpStream>, said: &FromBrowser) -> Result<(), Option<(u16, String)>> {
    let text = serde_json::to_string(said).expect("JSON");
    socket.send(Message::text(text)).await.map_err(|_| None)
}

async fn next(socket: &mut WebSocketStream<TcpStream>) -> Result<FromServer, Option<(u16, String)>> {
    loop {
        match timeout(STUCK, socket.next()).await {
            Ok(Some(Ok(Message::Text(text)))) => return Ok(serde_json::from_str(&text).expect("of the protocol")),
            Ok(Some(Ok(Message::Close(_)) | Err(_)) | None) | Err(_) => return Err(None),
            Ok(Some(Ok(_))) => {}
        }
    }
}
