//! Evidence that media really flows, for presence: written by the media thread, read by anybody at any time.

use super::stage::{PeerId, RoomId};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long ago what was last proved of a peer; nothing where it never was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Evidence {
    /// Its browser proved that it is there: a check or a packet under its keys.
    pub heard: Option<Duration>,
    /// Its browser reported that it received more than it had reported before (RTCP receiver reports).
    pub received: Option<Duration>,
    /// It sent picture or sound.
    pub sent: Option<Duration>,
    /// It is sent no picture, since its line carries too little.
    pub thin: bool,
    /// Bits a second that its line carries beside sound.
    pub left: u32,
}

/// A line over which nothing was heard for so long is not the one that anything goes over.
const SILENT: Duration = Duration::from_secs(8);

/// One peer's evidence, in milliseconds of the media clock plus one; 0 for never.
#[derive(Debug, Default)]
pub struct Pulse {
    heard: AtomicU64,
    received: AtomicU64,
    sent: AtomicU64,
    thin: AtomicBool,
    /// Bits a second that its line carries beside sound, for what does not go this way; and bytes of that which went.
    left: AtomicU32,
    beside: AtomicU32,
}

/// What is proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    Heard,
    Received,
    Sent,
}

impl Pulse {
    /// Notes a proof, that long after the media clock began.
    pub fn note(&self, proof: Proof, at: Duration) {
        let field = match proof {
            Proof::Heard => &self.heard,
            Proof::Received => &self.received,
            Proof::Sent => &self.sent,
        };
        field.store(millis(at) + 1, Ordering::Relaxed);
    }

    /// What is proved by now.
    pub fn read(&self, now: Duration) -> Evidence {
        let ago = |field: &AtomicU64| {
            let at = field.load(Ordering::Relaxed).checked_sub(1)?;
            Some(Duration::from_millis(millis(now).saturating_sub(at)))
        };
        let thin = self.thin.load(Ordering::Relaxed);
        let left = self.left.load(Ordering::Relaxed);
        Evidence { heard: ago(&self.heard), received: ago(&self.received), sent: ago(&self.sent), thin, left }
    }

    /// Notes what another node has proved of it.
    fn vouch(&self, evidence: Evidence, now: Duration) {
        let proofs = [(Proof::Heard, evidence.heard), (Proof::Received, evidence.received)];
        for (proof, ago) in proofs {
            if let Some(at) = ago.and_then(|ago| now.checked_sub(ago)) {
                self.note(proof, at);
            }
        }
        self.note_line(evidence.thin, f64::from(evidence.left));
    }

    /// Notes how its line does: whether it carries too little for pictures, and how much beside sound.
    pub fn note_line(&self, thin: bool, left: f64) {
        self.thin.store(thin, Ordering::Relaxed);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped first")]
        self.left.store(left.clamp(0.0, 1.0e9) as u32, Ordering::Relaxed);
    }

    /// Bytes that went over the same line by another way, since last asked.
    pub fn take_beside(&self) -> u32 {
        self.beside.swap(0, Ordering::Relaxed)
    }
}

/// A peer's line, for what is sent over it by another way than media's: as little as sound leaves.
#[derive(Debug, Clone)]
pub struct Beside(Arc<Pulse>);

impl Beside {
    /// Bits a second that may be sent.
    pub fn rate(&self) -> f64 {
        f64::from(self.0.left.load(Ordering::Relaxed))
    }

    /// So many bytes were.
    pub fn spend(&self, bytes: u32) {
        self.0.beside.fetch_add(bytes, Ordering::Relaxed);
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX - 1)
}

/// Everybody's pulse, by room.
#[derive(Debug, Clone, Default)]
pub struct Pulses {
    /// The media clock, as the media thread last read it, in milliseconds; it does so ten times a second.
    now: Arc<AtomicU64>,
    rooms: Arc<Mutex<ByRoom>>,
}

type ByRoom = BTreeMap<RoomId, BTreeMap<PeerId, Arc<Pulse>>>;

impl Pulses {
    /// The media clock goes on.
    pub fn tell(&self, now: Duration) {
        self.now.store(millis(now), Ordering::Relaxed);
    }

    /// A peer's, which it keeps when it comes back with another connection.
    pub fn add(&self, room: RoomId, peer: PeerId) -> Arc<Pulse> {
        self.with(|rooms| Arc::clone(rooms.entry(room).or_default().entry(peer).or_default()))
    }

    /// Notes what another node has proved of a peer that is connected there.
    pub fn vouch(&self, room: RoomId, peer: PeerId, evidence: Evidence) {
        let now = Duration::from_millis(self.now.load(Ordering::Relaxed));
        self.add(room, peer).vouch(evidence, now);
    }

    /// A peer's line, where it has one that lives.
    pub fn beside(&self, room: RoomId, peer: PeerId) -> Option<Beside> {
        let now = Duration::from_millis(self.now.load(Ordering::Relaxed));
        let pulse = self.with(|rooms| Some(Arc::clone(rooms.get(&room)?.get(&peer)?)))?;
        pulse.read(now).heard.filter(|ago| *ago < SILENT)?;
        Some(Beside(pulse))
    }

    /// A peer has left.
    pub fn remove(&self, room: RoomId, peer: PeerId) {
        self.with(|rooms| {
            if let Some(peers) = rooms.get_mut(&room) {
                peers.remove(&peer);
                if peers.is_empty() {
                    rooms.remove(&room);
                }
            }
        });
    }

    /// Everybody's evidence in a room.
    pub fn read(&self, room: RoomId) -> Vec<(PeerId, Evidence)> {
        let now = Duration::from_millis(self.now.load(Ordering::Relaxed));
        self.with(|rooms| {
            let peers = rooms.get(&room).into_iter().flatten();
            peers.map(|(peer, pulse)| (*peer, pulse.read(now))).collect()
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut ByRoom) -> T) -> T {
        act(&mut self.rooms.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
