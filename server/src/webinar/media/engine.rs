//! The media thread: one UDP socket, one TCP listener, one clock, no lock and no `await` between a packet and its viewers.

mod afar;
mod streams;

use super::codec::Codecs;
use super::connection::Tools;
use super::counts::Refusal;
use super::evidence::{Proof, Pulses};
use super::ice::{Check, answered};
use super::outbox::Outbox;
use super::receive::Received;
use super::room::{Admitted, Entry, Gone, Refused, Room, TICKS, Wanted};
use super::socket::Batch;
use super::stage::{Kind, PeerId, RoomId, Seat, Sharpness};
use super::stream::{LONGEST, StreamId};
use super::tap::{Heard, Tap};
use super::thin::Pictures;
use super::transport::Route;
use super::{Event, Settings};
use axum::body::Bytes;
use mio::{Events, Poll};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// Between two looks at everybody.
const TICK: Duration = Duration::from_millis(1000 / TICKS);
/// Between two looks at those whose line had no room.
const WAIT: Duration = Duration::from_millis(4);
/// Batches of datagrams, and reads of one connection, before the forwarding has its turn.
pub const ROUNDS: usize = 8;
/// Routes to one browser that are remembered: it may have several networks, and change them.
const MOST_ROUTES: usize = 16;

/// What the async side asks for.
#[derive(Debug)]
pub enum Command {
    Join {
        room: RoomId,
        entry: Box<Entry>,
        answer: oneshot::Sender<Result<Admitted, Refused>>,
    },
    Leave {
        room: RoomId,
        peer: PeerId,
    },
    Show {
        room: RoomId,
        peer: PeerId,
        sharpness: Vec<(Seat, Sharpness)>,
    },
    Choose {
        room: RoomId,
        peer: PeerId,
        pictures: Pictures,
    },
    Mute {
        room: RoomId,
        peer: PeerId,
        kind: Kind,
        muted: bool,
    },
    Stage {
        room: RoomId,
        answer: oneshot::Sender<Vec<super::stage::Seated>>,
    },
    /// Whether pictures are to be sent in what a file holds.
    Keepable {
        room: RoomId,
        on: bool,
    },
    /// Hands over what comes; whoever listened before no longer does.
    Tap {
        room: RoomId,
        out: mpsc::Sender<Heard>,
    },
    /// Pictures are wanted from a keyframe on.
    Refresh {
        room: RoomId,
    },
    /// Sends a room's stage on, for viewers on other nodes.
    Cascade {
        room: RoomId,
        out: mpsc::Sender<Vec<u8>>,
    },
    /// A viewer is on another node, and understands so much; or is there no longer.
    Afar {
        room: RoomId,
        peer: PeerId,
        pictures: Option<Codecs>,
    },
    /// What comes of a room from its origin, which is another node.
    Feed {
        room: RoomId,
        message: Bytes,
    },
    /// A relay wants a keyframe.
    Want {
        room: RoomId,
        wanted: Wanted,
    },
    /// Everybody in a room leaves.
    Empty {
        room: RoomId,
    },
    /// A connection that another port accepted, and that begins as media does.
    Adopt {
        stream: TcpStream,
    },
}

/// Whom a route or a user fragment belongs to.
pub type Whom = (RoomId, PeerId);

/// The thread's own.
#[derive(Debug)]
pub struct Engine {
    pub poll: Poll,
    pub tools: Tools,
    pub settings: Settings,
    pub commands: Receiver<Command>,
    /// Messages of origins among them.
    pub feeds: Arc<AtomicUsize>,
    pub events: mpsc::Sender<Event>,
    pub pulses: Pulses,
    pub rooms: BTreeMap<RoomId, Room>,
    /// Who records which room. They outlive rooms, which go when nobody is in them.
    pub taps: BTreeMap<RoomId, Tap>,
    pub keepable: BTreeSet<RoomId>,
    pub names: HashMap<String, Whom>,
    pub routes: HashMap<Route, Whom>,
    pub outbox: Outbox,
    /// Connections over which more came than was read.
    pub unread: Vec<StreamId>,
}

impl Engine {
    /// Runs until nobody holds a handle any more.
    pub fn run(mut self) {
        let mut events = Events::with_capacity(64);
        let (mut ticks, mut next) = (0, self.tools.began + TICK);
        let mut batch = self.tools.transport.socket.batch();
        let mut more = false;
        loop {
            let patience = next.saturating_duration_since(clock());
            let patience = if self.rooms.values().any(|room| room.waits) { patience.min(WAIT) } else { patience };
            let patience = if more { Duration::ZERO } else { patience };
            if let Err(error) = self.poll.poll(&mut events, Some(patience))
                && error.kind() != std::io::ErrorKind::Interrupted
            {
                tracing::error!(%error, "the media socket cannot be waited for: media stops");
                return;
            }
            let now = clock();
            let age = now.saturating_duration_since(self.tools.began);
            self.pulses.tell(age);
            self.tools.transport.tell(now);
            self.outbox.clock = sent_at(age);
            more = self.receive(&mut batch, now);
            more |= self.stream(&events, now);
            if !self.obey(now) {
                return;
            }
            if now >= next {
                ticks += 1;
                next = (next + TICK).max(now);
                self.tick(ticks, now);
            }
            for (id, room) in self.rooms.iter_mut().filter(|(_, room)| room.fresh || room.waits) {
                room.pump(self.taps.get_mut(id), &mut self.outbox, &self.tools, now);
            }
            self.tell_wanted();
        }
    }

    /// Takes the datagrams that are there. Gives whether there may be more.
    fn receive(&mut self, batch: &mut Batch, now: Instant) -> bool {
        for _ in 0..ROUNDS {
            match batch.fill(&self.tools.transport.socket) {
                Ok(true) => {}
                Ok(false) => return false,
                Err(error) => {
                    tracing::warn!(%error, "the media socket could not be read");
                    return false;
                }
            }
            for (from, datagram) in batch.datagrams() {
                self.take(Route::datagrams(from), datagram, now);
            }
        }
        true
    }

    /// Takes a datagram, however it came.
    pub fn take(&mut self, from: Route, datagram: &[u8], now: Instant) {
        if datagram.len() > LONGEST {
            self.tools.counts.refuse(Refusal::Stranger);
        } else if matches!(datagram, [0..=3, ..]) {
            self.check(from, datagram, now);
        } else if let Some(&(id, peer)) = self.routes.get(&from) {
            let Some(room) = self.rooms.get_mut(&id) else { return };
            // Parsers of a library meet what strangers wrote: a fault of theirs ends one connection, not media.
            let took = || room.take(peer, datagram, &mut self.outbox, &self.tools, now);
            match catch_unwind(AssertUnwindSafe(took)) {
                Ok(Received::Nothing | Received::Media { began: false }) => {}
                Ok(Received::Media { began: true }) => self.tell_stage(id),
                Ok(Received::Connected) => self.tell(Event::Connected { room: id, peer }),
                Ok(Received::Closed) => self.leave(id, peer, Gone::Closed, now),
                Err(_) => {
                    self.tools.counts.fault();
                    self.outbox.clear();
                    self.leave(id, peer, Gone::Faulty, now);
                }
            }
        } else {
            self.tools.counts.refuse(Refusal::Stranger);
        }
    }

    /// A connectivity check: the only thing that lets a route be known.
    fn check(&mut self, from: Route, datagram: &[u8], now: Instant) {
        let checked = catch_unwind(AssertUnwindSafe(|| match datagram {
            [1, 1, ..] => self.learn(from, datagram, now),
            _ => self.answer(from, datagram, now),
        }));
        match checked {
            Ok(Some(())) => {}
            Ok(None) => self.tools.counts.refuse(Refusal::Check),
            Err(_) => self.tools.counts.fault(),
        }
    }

    /// A browser answers a check of ours.
    fn learn(&mut self, from: Route, datagram: &[u8], now: Instant) -> Option<()> {
        let (room, peer) = self.routes.get(&from)?;
        let connection = self.rooms.get_mut(room)?.connections.get_mut(peer)?;
        let number = answered(datagram, &connection.theirs, self.tools.identity.provider.as_ref()).ok()?;
        connection.note(Proof::Heard, &self.tools, now);
        connection.looked(number, now);
        Some(())
    }

    fn answer(&mut self, from: Route, datagram: &[u8], now: Instant) -> Option<()> {
        let mut check = Check::read(datagram).ok()?;
        let whom @ (room, peer) = *self.names.get(&check.name)?;
        let connection = self.rooms.get_mut(&room)?.connections.get_mut(&peer)?;
        if connection.ours.name != check.name {
            return None;
        }
        let answer = check.answer(from.address, &connection.ours, self.tools.identity.provider.as_ref()).ok()?;
        connection.note(Proof::Heard, &self.tools, now);
        // The browser decides over which route media goes, and may change its mind.
        if check.nominates() || connection.remote.is_none() {
            connection.remote = Some(from);
        }
        if self.routes.get(&from) != Some(&whom) {
            // Whoever knows the password may check from anywhere: only so many routes are remembered.
            let remote = connection.remote;
            if self.routes.values().filter(|known| **known == whom).count() >= MOST_ROUTES {
                self.forget(|route, known| known == whom && Some(route) != remote);
            }
            // A route has one owner: what went there to another goes nowhere until that one checks again.
            let before = self.routes.insert(from, whom).filter(|before| *before != whom);
            self.detach(before, from);
            if let Some(id) = from.stream {
                self.tools.transport.streams().proved(id);
            }
        }
        let _ = self.tools.transport.send(&answer, answer.len(), from);
        Some(())
    }

    /// Does what was asked. Gives whether anybody can still ask.
    fn obey(&mut self, now: Instant) -> bool {
        loop {
            match self.commands.try_recv() {
                Ok(command) => self.act(command, now),
                Err(TryRecvError::Empty) => return true,
                Err(TryRecvError::Disconnected) => return false,
            }
        }
    }

    fn act(&mut self, command: Command, now: Instant) {
        match command {
            Command::Join { room, entry, answer } => {
                let admitted = self.join(room, *entry, now);
                let _ = answer.send(admitted);
                self.tell_stage(room);
            }
            Command::Leave { room, peer } => self.leave(room, peer, Gone::Left, now),
            Command::Show { room, peer, sharpness } => {
                let connection = self.rooms.get_mut(&room).and_then(|room| room.connections.get_mut(&peer));
                let Some(connection) = connection else { return };
                for (seat, sharpness) in sharpness {
                    connection.sharpness[seat.number()] = sharpness;
                }
            }
            Command::Choose { room, peer, pictures } => {
                let connection = self.rooms.get_mut(&room).and_then(|room| room.connections.get_mut(&peer));
                if let Some(connection) = connection {
                    connection.thin.choose(pictures);
                }
            }
            Command::Mute { room, peer, kind, muted } => {
                if let Some(room) = self.rooms.get_mut(&room) {
                    room.mute(peer, kind, muted);
                }
                self.tell_stage(room);
            }
            Command::Cascade { .. } | Command::Afar { .. } | Command::Feed { .. } | Command::Want { .. } => {
                self.cascade(command, now);
            }
            Command::Empty { room } => self.empty(room, now),
            Command::Adopt { stream } => self.adopt(stream, now),
            Command::Stage { room, answer } => {
                let _ = answer.send(self.rooms.get(&room).map(Room::stage).unwrap_or_default());
            }
            Command::Keepable { room, on } => {
                if on {
                    self.keepable.insert(room)
                } else {
                    self.keepable.remove(&room)
                };
                self.keep(room);
            }
            Command::Tap { room, out } => {
                self.taps.insert(room, Tap::new(out));
                self.keep(room);
            }
            Command::Refresh { room } => {
                if let Some(tap) = self.taps.get_mut(&room) {
                    tap.refresh();
                }
            }
        }
    }

    /// Tells a room whether it is recorded; who sends what cannot be kept is then asked to offer it anew.
    fn keep(&mut self, id: RoomId) {
        let recorded = self.keepable.contains(&id) || self.taps.contains_key(&id);
        if let Some(room) = self.rooms.get_mut(&id).filter(|room| room.recorded != recorded) {
            room.recorded = recorded;
            self.tell_stage(id);
        }
    }

    fn join(&mut self, id: RoomId, entry: Entry, now: Instant) -> Result<Admitted, Refused> {
        let peer = entry.peer;
        let mut new = None;
        let room = self.rooms.get_mut(&id).unwrap_or_else(|| new.insert(Room::new()));
        room.recorded = self.keepable.contains(&id) || self.taps.contains_key(&id);
        let before = room.connections.get(&peer).map(|connection| connection.ours.name.clone());
        if before.is_none() && room.connections.len() >= self.settings.capacity {
            return Err(Refused::RoomFull);
        }
        let admitted = room.admit(entry, &self.tools, || self.pulses.add(id, peer), now)?;
        self.rooms.extend(new.map(|room| (id, room)));
        before.and_then(|name| self.names.remove(&name));
        self.names.insert(admitted.credentials.name.clone(), (id, peer));
        Ok(admitted)
    }

    fn leave(&mut self, id: RoomId, peer: PeerId, why: Gone, now: Instant) {
        let Some(room) = self.rooms.get_mut(&id) else { return };
        let Some(evidence) = room.leave(peer, &self.tools, now) else { return };
        if room.is_over() {
            self.rooms.remove(&id);
        }
        self.names.retain(|_, whom| *whom != (id, peer));
        self.forget(|_, whom| whom == (id, peer));
        self.pulses.remove(id, peer);
        self.tell(Event::Gone { room: id, peer, why, evidence });
        self.tell_stage(id);
    }

    fn tick(&mut self, number: u64, now: Instant) {
        self.taps.retain(|_, tap| tap.is_heard());
        self.tend_streams(now);
        let (rooms, taps) = (self.rooms.iter_mut(), &mut self.taps);
        let gone: Vec<_> = rooms
            .flat_map(|(id, room)| {
                room.tick(number, taps.get_mut(id), &self.tools, now).into_iter().map(|(peer, why)| (*id, peer, why))
            })
            .collect();
        for (room, peer, why) in gone {
            self.leave(room, peer, why, now);
        }
        self.rooms.retain(|_, room| !room.is_over());
        self.tools.counts.peers(self.rooms.values().map(|room| room.connections.len()).sum());
    }

    fn tell_stage(&self, id: RoomId) {
        if let Some(room) = self.rooms.get(&id) {
            self.tell(Event::Stage { room: id, seats: room.stage() });
        }
    }

    fn tell(&self, event: Event) {
        if self.events.try_send(event).is_err() {
            self.tools.counts.unheard();
        }
    }
}

/// The media clock. It is read here once a round; everything below is handed the instant.
#[expect(clippy::disallowed_methods, reason = "a thread that waits for packets has no other clock to ask")]
pub fn clock() -> Instant {
    Instant::now()
}

/// An age in 1/2^18 s, in the 24 bits of the extension `abs-send-time`.
fn sent_at(age: Duration) -> u32 {
    #[expect(clippy::cast_possible_truncation, reason = "24 bits that turn every 64 s")]
    let units = ((age.as_micros() << 18) / 1_000_000) as u32;
    units & 0xff_ffff
}
