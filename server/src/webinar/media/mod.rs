//! Live media: the server is the SFU. It forwards what browsers send, and never decodes it.
//!
//! **One connection a tab, offered by the browser only.** A tab has one `RTCPeerConnection`. Its offer holds the
//! sections it receives in (up to eight of video and eight of audio: the seats of the stage) and, when it may
//! send, those it sends in. The server only ever answers, so two offers never cross. Sections go one way each.
//! Who sits on which seat is told beside the connection ([`Event::Stage`]): whoever comes to the stage costs a
//! viewer no negotiation at all, and a speaker one offer. A connection for each stream (Galène's way) would need
//! an exchange with every viewer whenever somebody takes the floor, and a DTLS handshake each.
//!
//! **Driven below the peer connection.** STUN, DTLS, SRTP and RTCP are those of `rtc`; its `RTCPeerConnection`
//! is not used, since its chain of interceptors keeps every packet once a viewer and costs more than all the
//! rest. Here a track's packets are kept once ([`ring`]), and a viewer is a place in that ring, some shifts of
//! numbers, and a key ([`view`], [`sender`]). Per packet and viewer there is one copy, one AES-GCM in place, and a share of a
//! `sendmsg` that carries a run of packets ([`outbox`]): no allocation, no lock, no task.
//!
//! **One thread, one UDP port, one TCP port.** [`engine`] owns the sockets and all rooms. The async side sends commands
//! and receives [`Event`]s through bounded channels; presence reads [`Evidence`] from atomics at any time. A datagram
//! belongs to whom its STUN user fragment names, then to whom its route has proved to be; anything else is
//! refused and counted. Routes are proved before any handshake, so a forged one costs one hash.
//!
//! **Firewalls.** Where no UDP goes out, the same datagrams go framed over TCP ([`stream`], ICE-TCP): to the media port,
//! or to the port of the pages, which hands over what begins as media does ([`Media::adopt`]). A route is either
//! ([`transport`]), and the browser chooses. A stream loses nothing and delays instead: pictures are written only as fast as
//! it takes them, sound overtakes them, and what waited too long is dropped.
//!
//! **Other nodes.** A room's viewers may be connected to other nodes, to which its stage is sent on ([`cascade`]): there they are
//! served from rings as if what is on stage had come from browsers, and keyframes are asked of the origin ([`Event::Wanted`]).
//!
//! **Weak lines.** Sound goes first and unpaced, twice where packets are lost and there is room ([`hearing`]). Pictures go as fast as the estimate of the line allows
//! ([`estimate`]); who is behind for too long goes on at the next keyframe, and does not make others pay for one
//! more often than every three seconds. Nobody waits for anybody. A line that carries little more than sound is sent no
//! picture ([`thin`]), and looked at from time to time ([`probe`]) until it does again.

pub mod allot;
pub mod answer;
mod cascade;
pub mod codec;
mod connection;
pub mod counts;
mod dtls;
mod engine;
pub mod estimate;
pub mod evidence;
pub mod extension;
mod hearing;
pub mod ice;
pub mod offer;
mod outbox;
mod pace;
pub mod picture;
pub mod probe;
mod receive;
pub mod redundancy;
pub mod ring;
mod room;
mod sender;
mod socket;
mod source;
mod srtp;
pub mod stage;
mod stream;
pub mod tap;
#[cfg(test)]
mod tests;
mod thin;
mod track;
mod transport;
mod twcc;
mod uplink;
mod view;

pub use answer::{Candidate, Protocol};
pub use cascade::feed::seats_after;
pub use cascade::wire;
pub use counts::{Refusal, Totals};
pub use engine::clock;
pub use evidence::{Beside, Evidence};
pub use offer::{BadOffer, Offer};
pub use room::{Gone, Refused, Wanted};
pub use stage::{Kind, PeerId, Role, RoomId, Seat, Seated, Sharpness};
pub use stream::framing;
pub use tap::{Frame, Heard, Origin};
pub use thin::{Pictures, Thin};

use crate::clock::Dice;
use answer::Answer;
use anyhow::Context as _;
use axum::body::Bytes;
use connection::Tools;
use counts::Counts;
use dtls::{Fingerprint, Identity};
use engine::{Command, Engine};
use evidence::Pulses;
use ice::Credentials;
use mio::{Interest, Poll, Token, Waker};
use room::Entry;
use socket::Socket;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc as commands};
use std::thread::JoinHandle;
use stream::Streams;
use tokio::sync::{mpsc, oneshot};
use transport::Transport;

/// Events that may wait to be taken. Beyond that they are lost and counted; [`Media::stage`] tells anew.
const EVENTS: usize = 4096;

/// Frames that may wait for a recorder: some ten seconds of a full stage.
const HEARD: usize = 2048;

/// Batches that may wait to go to other nodes: a second or two of a full stage.
const SENT_ON: usize = 512;
/// Messages of origins that may wait for the media thread.
const FED: usize = 4096;

/// How media is served.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the UDP port is bound.
    pub listen: SocketAddr,
    /// Where the TCP port is; none for none.
    pub listen_tcp: Option<SocketAddr>,
    /// The port of the pages under which browsers reach media too; none for none.
    pub shared: Option<u16>,
    /// The addresses under which browsers reach these ports; where there are none, the one that is bound.
    pub public: Vec<IpAddr>,
    /// Peers in one room at most.
    pub capacity: usize,
    /// Bits a second at which the estimate of a viewer's line begins.
    pub first_rate: f64,
}

impl Settings {
    /// Bound there, UDP and TCP, for rooms of a thousand and lines that are probably good.
    pub fn at(listen: SocketAddr) -> Self {
        Self {
            listen,
            listen_tcp: Some(listen),
            shared: None,
            public: Vec::new(),
            capacity: 1200,
            first_rate: 2_500_000.0,
        }
    }
}

/// What happens in rooms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A peer's media goes through from now on.
    Connected { room: RoomId, peer: PeerId },
    /// Who sits where has changed.
    Stage { room: RoomId, seats: Vec<Seated> },
    /// A peer is gone; this is the last evidence of it.
    Gone { room: RoomId, peer: PeerId, why: Gone, evidence: Evidence },
    /// A keyframe is to be asked of the origin of a room.
    Wanted { room: RoomId, wanted: Wanted },
}

impl Event {
    /// Where it happens.
    pub fn room(&self) -> RoomId {
        match self {
            Self::Connected { room, .. }
            | Self::Stage { room, .. }
            | Self::Gone { room, .. }
            | Self::Wanted { room, .. } => *room,
        }
    }
}

/// The handle. When the last one goes, media stops.
#[derive(Debug, Clone)]
pub struct Media(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    // Dropped before the waker wakes the thread, which then finds nobody there.
    commands: Option<commands::Sender<Command>>,
    waker: Waker,
    dice: Dice,
    counts: Arc<Counts>,
    pulses: Pulses,
    feeds: Arc<AtomicUsize>,
    fingerprint: Fingerprint,
    candidates: Vec<Candidate>,
    thread: JoinHandle<()>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.commands = None;
        let _ = self.waker.wake();
    }
}

/// Of the socket and of the waker, in the thread's poll; and of the listener.
const TOKENS: (Token, Token) = (Token(0), Token(1));
const LISTENER: Token = Token(2);

impl Media {
    /// Binds the ports and starts the media thread. Events must be taken from the receiver.
    ///
    /// # Errors
    /// Where a port cannot be bound, or there is no randomness for a certificate.
    pub fn start(settings: Settings, dice: Dice) -> anyhow::Result<(Self, mpsc::Receiver<Event>)> {
        let mut socket = Socket::bind(settings.listen).context("the UDP port of media")?;
        let bound = socket.inner.local_addr()?;
        let poll = Poll::new()?;
        poll.registry().register(&mut socket.inner, TOKENS.0, Interest::READABLE)?;
        let waker = Waker::new(poll.registry(), TOKENS.1)?;
        let streams = Streams::bind(settings.listen_tcp, poll.registry().try_clone()?, LISTENER);
        let streams = streams.context("the TCP port of media")?;
        let identity = Identity::new()?;
        let fingerprint = identity.fingerprint;
        let candidates = candidates(&settings, bound, streams.address());
        let (counts, pulses) = (Arc::new(Counts::default()), Pulses::default());
        let (sender, receiver) = commands::channel();
        let feeds = Arc::new(AtomicUsize::new(0));
        let (events, taken) = mpsc::channel(EVENTS);
        let (first_rate, began) = (settings.first_rate, clock());
        let transport = Transport::new(socket, streams, began);
        let engine = Engine {
            poll,
            tools: Tools { transport, identity, counts: Arc::clone(&counts), began, first_rate },
            settings,
            commands: receiver,
            feeds: Arc::clone(&feeds),
            events,
            pulses: pulses.clone(),
            rooms: BTreeMap::new(),
            taps: BTreeMap::new(),
            keepable: BTreeSet::new(),
            names: HashMap::new(),
            routes: HashMap::new(),
            outbox: outbox::Outbox::default(),
            unread: Vec::new(),
        };
        let thread = std::thread::Builder::new().name("media".to_owned()).spawn(move || engine.run())?;
        let commands = Some(sender);
        let inner = Inner { commands, waker, dice, counts, pulses, feeds, fingerprint, candidates, thread };
        Ok((Self(Arc::new(inner)), taken))
    }

    /// Answers the offer of a peer that joins, or that offers something else than before: sends more or less,
    /// restarts ICE, has another role. `sends` names, for each section it sends in (by its `mid`), what that is.
    /// The answer is an SDP for the browser's `setRemoteDescription`.
    ///
    /// # Errors
    /// Where the offer is malformed, the role does not allow it, or there is no room; then nothing has changed.
    pub async fn join(
        &self,
        room: RoomId,
        peer: PeerId,
        role: Role,
        offer: &str,
        sends: Vec<(String, Kind)>,
    ) -> Result<String, Refused> {
        let offer = Offer::read(offer)?;
        let credentials = Credentials::new(self.0.dice.secret());
        let entry = Entry { peer, role, offer: offer.clone(), sends, credentials };
        let (answer, admitted) = oneshot::channel();
        self.command(Command::Join { room, entry: Box::new(entry), answer });
        let admitted = admitted.await.map_err(|_| Refused::Stopped)??;
        let (credentials, fingerprint) = (&admitted.credentials, &self.0.fingerprint);
        let candidates = &self.0.candidates;
        Ok(Answer { credentials, fingerprint, candidates, taken: &admitted.taken }.write(&offer))
    }

    /// Takes over a connection that another port accepted: its first byte was no letter of HTTP and no record of TLS.
    pub fn adopt(&self, stream: TcpStream) {
        self.command(Command::Adopt { stream });
    }

    /// Where browsers reach media, the best way first.
    pub fn candidates(&self) -> &[Candidate] {
        &self.0.candidates
    }

    /// Whether anybody still serves its ports.
    pub fn runs(&self) -> bool {
        !self.0.thread.is_finished()
    }

    /// A peer leaves, or is made to.
    pub fn leave(&self, room: RoomId, peer: PeerId) {
        self.command(Command::Leave { room, peer });
    }

    /// How sharp a viewer wants the pictures of those seats at most.
    pub fn show(&self, room: RoomId, peer: PeerId, sharpness: Vec<(Seat, Sharpness)>) {
        self.command(Command::Show { room, peer, sharpness });
    }

    /// What a viewer wants to be shown at all.
    pub fn choose(&self, room: RoomId, peer: PeerId, pictures: Pictures) {
        self.command(Command::Choose { room, peer, pictures });
    }

    /// A peer's line, for what is sent over it by another way; nothing where no media goes over it.
    pub fn beside(&self, room: RoomId, peer: PeerId) -> Option<Beside> {
        self.0.pulses.beside(room, peer)
    }

    /// Stops forwarding something that a peer sends, or forwards it again.
    pub fn mute(&self, room: RoomId, peer: PeerId, kind: Kind, muted: bool) {
        self.command(Command::Mute { room, peer, kind, muted });
    }

    /// Who sits where.
    pub async fn stage(&self, room: RoomId) -> Vec<Seated> {
        let (answer, told) = oneshot::channel();
        self.command(Command::Stage { room, answer });
        told.await.unwrap_or_default()
    }

    /// Whether a room's pictures are to be sent in what a recording holds (VP8), where they can be.
    pub fn keepable(&self, room: RoomId, on: bool) {
        self.command(Command::Keepable { room, on });
    }

    /// Hands over what is to be recorded of a room, until the receiver goes. Whoever listened before no longer does.
    pub fn tap(&self, room: RoomId) -> mpsc::Receiver<Heard> {
        let (out, heard) = mpsc::channel(HEARD);
        self.command(Command::Tap { room, out });
        heard
    }

    /// Asks for keyframes of what is recorded of a room.
    pub fn refresh(&self, room: RoomId) {
        self.command(Command::Refresh { room });
    }

    /// Sends a room's stage on, in messages for [`Self::feed`], until the receiver goes.
    pub fn cascade(&self, room: RoomId) -> mpsc::Receiver<Vec<u8>> {
        let (out, batches) = mpsc::channel(SENT_ON);
        self.command(Command::Cascade { room, out });
        batches
    }

    /// A viewer of a room whose stage is sent on is connected to another node; its offer says what it understands.
    pub fn afar(&self, room: RoomId, peer: PeerId, offer: &Offer) {
        self.command(Command::Afar { room, peer, pictures: Some(offer.sees()) });
    }

    /// It is there no longer.
    pub fn not_afar(&self, room: RoomId, peer: PeerId) {
        self.command(Command::Afar { room, peer, pictures: None });
    }

    /// Notes what another node has proved of a viewer that is connected there.
    pub fn vouch(&self, room: RoomId, peer: PeerId, evidence: Evidence) {
        self.0.pulses.vouch(room, peer, evidence);
    }

    /// Takes what the origin of a room sends on. Where too much waits, it is lost, and counted.
    pub fn feed(&self, room: RoomId, message: Bytes) {
        if self.0.feeds.load(Ordering::Relaxed) >= FED {
            return self.0.counts.unfed();
        }
        self.0.feeds.fetch_add(1, Ordering::Relaxed);
        self.command(Command::Feed { room, message });
    }

    /// A relay of a room wants a keyframe.
    pub fn want(&self, room: RoomId, wanted: Wanted) {
        self.command(Command::Want { room, wanted });
    }

    /// Everybody in a room is made to leave.
    pub fn empty(&self, room: RoomId) {
        self.command(Command::Empty { room });
    }

    /// What is proved of everybody in a room, accurate to a tenth of a second. Asks nobody, waits for nobody.
    pub fn evidence(&self, room: RoomId) -> Vec<(PeerId, Evidence)> {
        self.0.pulses.read(room)
    }

    /// What was counted since the start.
    pub fn totals(&self) -> Totals {
        self.0.counts.read()
    }

    fn command(&self, command: Command) {
        // A thread that has stopped drops the command, and with it what waits for its answer.
        let _ = self.0.commands.as_ref().map(|commands| commands.send(command));
        let _ = self.0.waker.wake();
    }
}

/// Where browsers reach media: over UDP at each address, then over TCP, then over the port of the pages.
fn candidates(settings: &Settings, bound: SocketAddr, bound_tcp: Option<SocketAddr>) -> Vec<Candidate> {
    let here = [bound.ip()];
    let ips = if settings.public.is_empty() { here.as_slice() } else { settings.public.as_slice() };
    let at = |protocol, port| {
        ips.iter().map(move |ip| Candidate { protocol, address: SocketAddr::new(*ip, port) }).collect::<Vec<_>>()
    };
    let tcp = bound_tcp.map(|bound| bound.port());
    let shared = settings.shared.filter(|port| Some(*port) != tcp);
    let tcp = [tcp, shared].into_iter().flatten().flat_map(|port| at(Protocol::Tcp, port));
    at(Protocol::Udp, bound.port()).into_iter().chain(tcp).collect()
}
