//! What one viewer is shown of one seat: a place in the ring of one encoding, and when to change to another.

use super::codec::Types;
use super::ring::Packet;
use super::sender::{Exit, Sender};
use super::source::Source;
use super::track::{Track, Want};
use std::time::{Duration, Instant};

/// A viewer who sees nothing yet is replayed at most so many packets, from the last keyframe on.
const REPLAY: u64 = 200;
/// A viewer who already sees something moves to another encoding only at a keyframe as fresh as this.
const FRESH: u64 = 40;
/// A viewer who has been behind for longer goes on at the next keyframe.
const LAG: Duration = Duration::from_millis(1500);

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pumped {
    /// There is more, for when the line has room again.
    pub waits: bool,
    /// A keyframe is wanted, of that encoding.
    pub wants: Option<(usize, Want)>,
}

/// What is being done for the viewer's eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing: there is no picture, or none is wanted.
    Blank,
    /// Waiting for a keyframe, from that index on; the cached one is shown meanwhile, up to that packet so far.
    Waiting { layer: usize, not_before: u64, cached: Option<usize>, want: Want },
    /// Every packet of that encoding goes out.
    Flowing { layer: usize },
}

/// One viewer's view.
#[derive(Debug)]
pub struct View {
    pub sender: Sender,
    /// The stream of retransmissions (RFC 4588), and its next sequence number.
    repair_ssrc: u32,
    repairs: u64,
    phase: Phase,
    /// The next index in the ring.
    cursor: u64,
    behind: Option<Instant>,
}

impl View {
    pub fn new(ssrc: u32, repair_ssrc: u32) -> Self {
        Self { sender: Sender::new(ssrc), repair_ssrc, repairs: 1, phase: Phase::Blank, cursor: 0, behind: None }
    }

    /// The encoding that is shown, or about to be.
    pub fn layer(&self) -> Option<usize> {
        match self.phase {
            Phase::Blank => None,
            Phase::Waiting { layer, .. } | Phase::Flowing { layer } => Some(layer),
        }
    }

    /// Begins anew: somebody else is on the seat, or nothing is to be shown.
    pub fn stop(&mut self) {
        self.sender.stop();
        (self.phase, self.behind) = (Phase::Blank, None);
    }

    /// Forwards a picture: the encoding that was allotted, or still the last one until that has a keyframe.
    pub fn see(&mut self, source: &Source, allotted: Option<usize>, exit: &mut Exit) -> Pumped {
        let Some(target) = allotted else {
            self.stop();
            return Pumped::default();
        };
        let keyframe = self.turn_to(source, target, exit.now).map(|want| (target, want));
        let track = self.layer().and_then(|layer| source.pictures.get(layer)?.as_ref());
        let seen = track.and_then(|track| Some((track, types(track, exit)?.plain)));
        let Some((track, payload_type)) = seen else {
            // Nothing comes, or nothing that this browser understands.
            self.stop();
            return Pumped::default();
        };
        let waits = match self.phase {
            Phase::Flowing { layer } => self.flow(layer, track, payload_type, exit),
            Phase::Waiting { .. } => self.replay(track, payload_type, exit),
            Phase::Blank => false,
        };
        Pumped { waits, wants: keyframe }
    }

    /// Sends again what the viewer misses, if it is still there. Gives whether it was sent.
    ///
    /// Where the browser takes no stream of retransmissions, a packet can only be sent again as it was: sealing
    /// something else under the same number would give the key away (RFC 7714, section 9.1).
    pub fn repair(&mut self, sequence: u16, track: &Track, exit: &mut Exit) -> bool {
        let (Some(index), Some(types)) = (self.sender.index_of(sequence), types(track, exit)) else { return false };
        let cached = || track.cached.iter().find(|packet| packet.index == index);
        let packet = track.ring.get(index).or_else(cached).filter(|_| exit.pace.allows());
        let Some(mut outgoing) = packet.and_then(|packet| self.sender.outgoing(packet, types.plain)) else {
            return false;
        };
        let original = sequence.to_be_bytes();
        match types.repair {
            Some(repair) => {
                (outgoing.payload_type, outgoing.ssrc) = (repair, self.repair_ssrc);
                (outgoing.index, outgoing.preface) = (self.repairs, &original);
                self.repairs += 1;
            }
            None if exit.format.sent_at.is_some() => return false,
            None => {}
        }
        exit.send(&outgoing).is_some()
    }

    /// Turns to an encoding; says how much a keyframe of it is wanted, where one is.
    fn turn_to(&mut self, source: &Source, target: usize, now: Instant) -> Option<Want> {
        let track = source.pictures.get(target)?.as_ref()?;
        let end = track.ring.end();
        let (oldest, otherwise) = match self.phase {
            Phase::Flowing { layer } if layer == target => return None,
            Phase::Flowing { .. } => (end.saturating_sub(FRESH), self.phase),
            Phase::Waiting { layer, not_before, .. } if layer == target => (not_before, self.phase),
            _ => {
                let waiting = Phase::Waiting { layer: target, not_before: end, cached: Some(0), want: Want::Urgent };
                (end.saturating_sub(REPLAY), waiting)
            }
        };
        let keyframe = track.ring.keyframe().filter(|index| *index >= oldest);
        if let Some(packet) = keyframe.and_then(|index| track.ring.get(index)) {
            self.phase = Phase::Flowing { layer: target };
            self.enter(packet, track, now);
            return None;
        }
        self.phase = otherwise;
        match otherwise {
            Phase::Waiting { want, .. } => Some(want),
            // Nothing is missing yet: what costs everybody a keyframe can wait. A line that is full cannot.
            _ => Some(if self.layer() < Some(target) { Want::Patient } else { Want::Urgent }),
        }
    }

    /// Sends what is there. Gives whether the line has no room for all of it.
    fn flow(&mut self, layer: usize, track: &Track, payload_type: u8, exit: &mut Exit) -> bool {
        self.catch_up(track, payload_type, exit);
        while self.cursor < track.ring.end() {
            if self.lags(track, exit.now) && !self.leap(layer, track, exit.now) {
                return false;
            }
            let Some(packet) = track.ring.get(self.cursor) else {
                self.cursor += 1;
                continue;
            };
            if !exit.pace.allows() {
                self.behind.get_or_insert(exit.now);
                return true;
            }
            self.send(packet, payload_type, exit);
            self.cursor += 1;
        }
        self.behind = None;
        false
    }

    /// Shows the cached keyframe while a new one is waited for. Gives whether the line has no room for all of it.
    fn replay(&mut self, track: &Track, payload_type: u8, exit: &mut Exit) -> bool {
        while let Phase::Waiting { cached: Some(next), layer, not_before, want } = self.phase {
            let Some(packet) = track.cached.get(next) else { return false };
            if !exit.pace.allows() {
                return true;
            }
            if next == 0 {
                self.enter(packet, track, exit.now);
            }
            self.send(packet, payload_type, exit);
            self.phase = Phase::Waiting { cached: Some(next + 1), layer, not_before, want };
        }
        false
    }

    /// Whether the viewer has been behind for too long. A keyframe once begun is sent to its end: otherwise a
    /// slow line would never see one whole.
    fn lags(&self, track: &Track, now: Instant) -> bool {
        let timestamp = |index| track.ring.get(index).map(|packet| packet.timestamp);
        let in_keyframe = || track.ring.keyframe().is_some_and(|index| timestamp(index) == timestamp(self.cursor));
        !track.ring.reaches(self.cursor) || (self.behind.is_some_and(|since| now > since + LAG) && !in_keyframe())
    }

    /// Goes on at a keyframe after the cursor, if there is one; else waits for one, patiently: a slow line must
    /// not cost everybody else keyframes.
    fn leap(&mut self, layer: usize, track: &Track, now: Instant) -> bool {
        self.behind = None;
        let next = track.ring.keyframe().filter(|index| *index > self.cursor);
        if let Some(packet) = next.and_then(|index| track.ring.get(index)) {
            self.enter(packet, track, now);
            return true;
        }
        let not_before = track.ring.end();
        self.phase = Phase::Waiting { layer, not_before, cached: None, want: Want::Patient };
        false
    }

    fn enter(&mut self, packet: &Packet, track: &Track, now: Instant) {
        self.sender.begin(packet, track.clock, now);
        self.cursor = packet.index;
    }

    /// Forwards packets that came late, where those after them already went.
    fn catch_up(&mut self, track: &Track, payload_type: u8, exit: &mut Exit) {
        let cursor = self.cursor;
        let late = track.late.iter().filter(|index| **index < cursor);
        for packet in late.filter_map(|index| track.ring.get(*index)) {
            self.send(packet, payload_type, exit);
        }
    }

    fn send(&mut self, packet: &Packet, payload_type: u8, exit: &mut Exit) {
        if let Some(outgoing) = self.sender.outgoing(packet, payload_type) {
            self.sender.send(packet, &outgoing, exit);
        }
    }
}

/// How that browser takes what the track carries.
fn types(track: &Track, exit: &Exit) -> Option<Types> {
    exit.format.pictures.get(track.codec?)
}
