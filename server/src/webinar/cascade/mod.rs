//! Viewers of a webinar spread over nodes: beyond as many as a room's node (its origin) serves itself, the picture and sound of
//! those who only watch come from other nodes (its relays). Nodes speak to each other over NATS.
//!
//! The room itself stays where it is: who is in it, what they say and do, and the evidence of their presence are the origin's,
//! over each participant's own WebSocket. A viewer's offer is handed to the relay that serves the fewest, and its answer goes
//! back by the WebSocket: no browser knows of it. What is on stage is sent on once, to all relays of the room together
//! ([`media`](super::media)); a relay tells the origin every second what is proved of each viewer, and asks it for keyframes.
//!
//! Nothing here is kept or repeated (core NATS, no `JetStream`), nor needs to be: each side says again and again how things
//! stand. An origin that hears nothing of a relay for some seconds has its viewers connect anew, there where somebody answers; a
//! relay that hears nothing of an origin lets its viewers go. Without NATS each node serves alone.

pub mod message;
mod nodes;
mod origin;
mod relay;

pub use message::{Answer, Join, Message, Pulse, Seen, Shown};
pub use origin::Stage;

use super::media::{Event, Media, Wanted};
use super::rooms::Rooms;
use super::session::Command;
use crate::clock::Dice;
use crate::config::{Config, Login, is_node};
use anyhow::Context as _;
use async_nats::connection::State;
use async_nats::{Client, ConnectOptions, Subject, Subscriber};
use domain::ids::WebinarId;
use domain::operation;
use futures_util::StreamExt as _;
use message::{PROTOCOL, Present, read, written};
use nodes::Nodes;
use relay::Relay;
use sha2::{Digest as _, Sha256};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, interval, timeout};
use uuid::Uuid;

/// A node says so often that it is there.
const SAID: Duration = Duration::from_secs(1);
/// A node answers an offer within this, or another one is asked.
const ANSWERED: Duration = Duration::from_secs(2);
/// A connection to NATS over which nothing came is asked so often whether it is one.
const ASKED: Duration = Duration::from_secs(3);
/// Last words leave within this, or are not said.
const LAST: Duration = Duration::from_secs(1);

/// What other nodes serve of this one's rooms, and this one of theirs; nothing where there is no NATS.
#[derive(Debug, Clone, Default)]
pub struct Cascade(Option<Arc<Inner>>);

#[derive(Debug)]
struct Inner {
    node: String,
    /// How many a room's node serves itself.
    from: usize,
    hosts: Vec<String>,
    line: Line,
    dice: Dice,
    nodes: Mutex<Nodes>,
    /// What this node serves for others, once media runs.
    relay: OnceLock<Relay>,
}

/// The connection to NATS, and the names that this house uses there.
#[derive(Debug, Clone)]
struct Line {
    client: Client,
    space: Arc<str>,
}

impl Line {
    fn is_up(&self) -> bool {
        self.client.connection_state() == State::Connected
    }

    /// Where all nodes say that they are there.
    fn nodes(&self) -> Subject {
        format!("{}.nodes", self.space).into()
    }

    /// Where that node is told something.
    fn node(&self, node: &str) -> Subject {
        format!("{}.node.{node}", self.space).into()
    }

    /// Where a room's stage is sent on.
    fn stage(&self, stage: Uuid) -> Subject {
        format!("{}.stage.{stage}", self.space).into()
    }

    /// Says something; nothing is kept for later where there is no connection.
    async fn say(&self, subject: Subject, said: Vec<u8>) -> bool {
        self.is_up() && self.client.publish(subject, said.into()).await.is_ok()
    }
}

impl Cascade {
    /// Begins to connect to NATS, where the settings name one; it is tried again until it is there.
    ///
    /// # Errors
    /// When what is said of it cannot be used.
    pub async fn open(config: &Config, dice: Dice) -> anyhow::Result<Self> {
        let (Some(nats), Some(node)) = (&config.nats, &config.node) else { return Ok(Self(None)) };
        let options = ConnectOptions::new()
            .name(format!("socle {node}"))
            .retry_on_initial_connect()
            .ping_interval(ASKED)
            .connection_timeout(ASKED)
            .reconnect_delay_callback(|tries| Duration::from_millis(100 * u64::try_from(tries.min(10)).unwrap_or(10)))
            .event_callback(|event| async move { tracing::info!(%event, "NATS") });
        let options = match nats.login.clone() {
            Login::None => options,
            Login::Token(token) => options.token(token),
            Login::Password(user, password) => options.user_and_password(user, password),
        };
        let client = options.connect(nats.servers.clone()).await.context("SOCLE_NATS")?;
        // Houses that share one NATS do not meet in it.
        let space = hex::encode(&Sha256::digest(&config.public_url)[..4]);
        let line = Line { client, space: format!("socle.{space}").into() };
        let inner = Inner {
            node: node.clone(),
            from: config.relay_from,
            hosts: nats.hosts(),
            line,
            dice,
            nodes: Mutex::default(),
            relay: OnceLock::new(),
        };
        Ok(Self(Some(Arc::new(inner))))
    }

    /// Says from now on that this node is there, and hears the others.
    pub(super) fn start(&self, media: &Media, rooms: &Rooms) {
        let Some(inner) = &self.0 else { return };
        let relay = Relay::new(inner.node.clone(), inner.line.clone(), media.clone());
        if inner.relay.set(relay).is_ok() {
            tokio::spawn(Arc::clone(inner).tell());
            tokio::spawn(Arc::clone(inner).hear_nodes());
            tokio::spawn(Arc::clone(inner).hear(media.clone(), rooms.clone()));
        }
    }

    /// Whether there is NATS.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Whether a room that serves so many itself has the next one served by another node.
    #[must_use]
    pub fn takes_over(&self, served: usize) -> bool {
        self.0.as_ref().is_some_and(|inner| served >= inner.from && !inner.living().is_empty())
    }

    /// Whether that node was heard of late.
    #[must_use]
    pub fn lives(&self, node: &str) -> bool {
        self.0.as_ref().is_some_and(|inner| inner.nodes().lives(node, Instant::now()))
    }

    /// Whether that node told of late of those that it serves of that stage.
    #[must_use]
    pub fn tells(&self, stage: Uuid, node: &str) -> bool {
        self.0.as_ref().is_some_and(|inner| inner.nodes().tells(stage, node, Instant::now()))
    }

    /// Has a node answer an offer: that one, or the one with the fewest browsers that does. Gives which.
    pub async fn join(&self, only: Option<&str>, join: &Join) -> Option<(String, Answer)> {
        let inner = self.0.as_ref()?;
        let nodes = match only {
            Some(node) => vec![node.to_owned()],
            None => inner.living(),
        };
        for node in nodes {
            if only.is_none() {
                inner.nodes().send(&node);
            }
            let asked = written(&Message::Join(join.clone()));
            let asked = inner.line.client.request(inner.line.node(&node), asked.into());
            match timeout(ANSWERED, asked).await.ok().and_then(Result::ok).and_then(|reply| read(&reply.payload)) {
                Some(Answer::Full) => {}
                Some(answer) => return Some((node, answer)),
                None => tracing::warn!(node, "A node did not answer an offer in time"),
            }
        }
        None
    }

    /// Tells a node something.
    pub async fn tell(&self, node: &str, message: &Message) {
        if let Some(inner) = &self.0 {
            inner.line.say(inner.line.node(node), written(message)).await;
        }
    }

    /// Something happened in media: whether it is of a room of another node, which is then told what matters to it.
    pub(super) async fn happened(&self, event: &Event) -> bool {
        let Some(relay) = self.0.as_ref().and_then(|inner| inner.relay.get()) else { return false };
        relay.happened(event).await
    }

    /// This node stops: those whom it serves are told to connect elsewhere.
    pub(super) async fn stop(&self) {
        let Some(inner) = &self.0 else { return };
        if inner.line.say(inner.line.nodes(), written(&inner.present(true))).await {
            let _ = timeout(LAST, inner.line.client.flush()).await;
        }
    }

    /// How it stands, for administrators.
    #[must_use]
    pub fn standing(&self) -> Option<operation::Cascade> {
        let inner = self.0.as_ref()?;
        let others = inner.nodes().living(Instant::now());
        Some(operation::Cascade {
            hosts: inner.hosts.clone(),
            connected: inner.line.is_up(),
            nodes: others.into_iter().map(|(node, peers)| (node, peers.into())).collect(),
        })
    }
}

impl Inner {
    fn nodes(&self) -> MutexGuard<'_, Nodes> {
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The other nodes, those with the fewest browsers first.
    fn living(&self) -> Vec<String> {
        self.nodes().living(Instant::now()).into_iter().map(|(node, _)| node).collect()
    }

    fn present(&self, leaving: bool) -> Present {
        let peers = self.relay.get().map_or(0, Relay::peers);
        Present { node: self.node.clone(), protocol: PROTOCOL, peers, leaving }
    }

    /// Says every second that this node is there.
    async fn tell(self: Arc<Self>) {
        let mut ticks = interval(SAID);
        loop {
            ticks.tick().await;
            let up = self.line.is_up();
            metrics::gauge!("socle_nats_connected").set(if up { 1.0 } else { 0.0 });
            let others = u32::try_from(self.living().len()).unwrap_or(u32::MAX);
            metrics::gauge!("socle_other_nodes").set(others);
            if let Some(relay) = self.relay.get() {
                relay.measure();
            }
            self.line.say(self.line.nodes(), written(&self.present(false))).await;
        }
    }

    async fn hear_nodes(self: Arc<Self>) {
        let Some(mut said) = self.subscribed(self.line.nodes()).await else { return };
        while let Some(said) = said.next().await {
            match read::<Present>(&said.payload) {
                Some(present) if present.node == self.node => {}
                Some(present) if is_node(&present.node) => self.nodes().hear(present, Instant::now()),
                _ => malformed(),
            }
        }
    }

    /// What is said to this node: as an origin, and as a relay.
    async fn hear(self: Arc<Self>, media: Media, rooms: Rooms) {
        let Some(mut said) = self.subscribed(self.line.node(&self.node)).await else { return };
        while let Some(said) = said.next().await {
            match message::message(&said.payload) {
                Some(Message::Seen(seen)) => {
                    let now = Instant::now();
                    // Noted here: a room that waits for the database must not take its relays for silent.
                    self.nodes().tell(seen.stage, &seen.node, now);
                    rooms.hint(WebinarId(seen.room), Command::Seen(seen, now)).await;
                }
                Some(Message::Wanted { room, seat, layer, turn, urgent }) => {
                    media.want(super::media::RoomId(room), Wanted { seat, layer, turn, urgent });
                }
                Some(asked) => {
                    if let Some(relay) = self.relay.get() {
                        relay.obey(asked, said.reply).await;
                    }
                }
                None => malformed(),
            }
        }
    }

    async fn subscribed(&self, subject: Subject) -> Option<Subscriber> {
        let heard = self.line.client.subscribe(subject).await;
        heard.inspect_err(|error| tracing::error!(%error, "NATS cannot be listened to: other nodes are not heard")).ok()
    }
}

fn malformed() {
    metrics::counter!("socle_nats_refused_total").increment(1);
}
