//! What the media thread counts, for metrics and tests.

use std::sync::atomic::{AtomicU64, Ordering};

/// Why a datagram was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// From an address that has proved nothing, or of no protocol spoken here.
    Stranger,
    /// A connectivity check malformed, for nobody, or not proved.
    Check,
    /// A malformed or false handshake.
    Handshake,
    /// A media packet forged, malformed, or of no stream that was offered.
    Media,
    /// A control packet forged or malformed.
    Control,
    /// A TCP connection that proved nothing in time, wrote what is no frame, or was one too many.
    Stream,
}

/// Refusals have so many reasons.
const REASONS: usize = 6;

/// Totals since the start.
#[derive(Debug, Default)]
pub struct Counts {
    refused: [AtomicU64; REASONS],
    taken: AtomicU64,
    forwarded: AtomicU64,
    repaired: AtomicU64,
    unsent: AtomicU64,
    keyframes: AtomicU64,
    faults: AtomicU64,
    unheard: AtomicU64,
    unrecorded: AtomicU64,
    unrelayed: AtomicU64,
    unfed: AtomicU64,
    malformed: AtomicU64,
    peers: AtomicU64,
}

/// A reading of the totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Datagrams refused, by reason, in the order of [`Refusal`].
    pub refused: [u64; REASONS],
    /// Media packets taken from publishers.
    pub taken: u64,
    /// Media packets handed to the kernel for viewers, retransmissions included.
    pub forwarded: u64,
    /// Retransmissions among them.
    pub repaired: u64,
    /// Packets that the kernel did not take.
    pub unsent: u64,
    /// Keyframes asked of publishers.
    pub keyframes: u64,
    /// Connections ended because a library panicked on what they sent.
    pub faults: u64,
    /// Events that nobody took in time.
    pub unheard: u64,
    /// Frames that a recorder did not take in time.
    pub unrecorded: u64,
    /// Packets that could not be sent on to relays in time.
    pub unrelayed: u64,
    /// Messages of an origin that came faster than they were taken.
    pub unfed: u64,
    /// Messages of an origin that are none.
    pub malformed: u64,
    /// Browsers that have a connection now.
    pub peers: u64,
}

impl Totals {
    /// Datagrams refused for that reason.
    pub fn refused(&self, reason: Refusal) -> u64 {
        self.refused.get(reason as usize).copied().unwrap_or_default()
    }
}

impl Counts {
    pub fn refuse(&self, reason: Refusal) {
        if let Some(count) = self.refused.get(reason as usize) {
            add(count, 1);
        }
    }

    pub fn take(&self) {
        add(&self.taken, 1);
    }

    pub fn forward(&self, packets: usize) {
        add(&self.forwarded, packets);
    }

    pub fn repair(&self) {
        add(&self.repaired, 1);
    }

    pub fn unsent(&self, packets: usize) {
        add(&self.unsent, packets);
    }

    pub fn ask_keyframe(&self) {
        add(&self.keyframes, 1);
    }

    pub fn fault(&self) {
        add(&self.faults, 1);
    }

    pub fn unheard(&self) {
        add(&self.unheard, 1);
    }

    pub fn unrecorded(&self) {
        add(&self.unrecorded, 1);
    }

    pub fn unrelayed(&self, packets: usize) {
        add(&self.unrelayed, packets);
    }

    pub fn unfed(&self) {
        add(&self.unfed, 1);
    }

    pub fn malformed(&self) {
        add(&self.malformed, 1);
    }

    pub fn peers(&self, many: usize) {
        self.peers.store(many as u64, Ordering::Relaxed);
    }

    /// Reads them.
    pub fn read(&self) -> Totals {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Totals {
            refused: self.refused.each_ref().map(read),
            taken: read(&self.taken),
            forwarded: read(&self.forwarded),
            repaired: read(&self.repaired),
            unsent: read(&self.unsent),
            keyframes: read(&self.keyframes),
            faults: read(&self.faults),
            unheard: read(&self.unheard),
            unrecorded: read(&self.unrecorded),
            unrelayed: read(&self.unrelayed),
            unfed: read(&self.unfed),
            malformed: read(&self.malformed),
            peers: read(&self.peers),
        }
    }
}

fn add(count: &AtomicU64, more: usize) {
    count.fetch_add(more as u64, Ordering::Relaxed);
}
