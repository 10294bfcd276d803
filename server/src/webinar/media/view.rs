//! What one viewer is shown of one track: a place in its ring, and how numbers are told so that changes of
//! encoding, of speaker, and of keyframe are seamless.

use super::estimate::Pace;
use super::outbox::{Format, Outbox, Outgoing};
use super::ring::Packet;
use super::source::Source;
use super::srtp::Keys;
use super::track::{Track, Want};
use super::vp8::{Counters, Shift};
use rtc::rtcp::reception_report::ReceptionReport;
use rtc::rtcp::sender_report::SenderReport;
use std::time::{Duration, Instant};

/// A viewer who sees nothing yet is replayed at most so many packets, from the last keyframe on.
const REPLAY: u64 = 200;
/// A viewer who already sees something moves to another encoding only at a keyframe as fresh as this.
const FRESH: u64 = 40;
/// A viewer who has been behind for longer goes on at the next keyframe.
const LAG: Duration = Duration::from_millis(1500);

/// Where packets of a viewer go.
#[derive(Debug)]
pub struct Exit<'a> {
    pub keys: &'a mut Keys,
    pub format: &'a Format,
    pub outbox: &'a mut Outbox,
    pub pace: &'a mut Pace,
    pub now: Instant,
}

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pumped {
    /// There is more, for when the line has room again.
    pub waits: bool,
    /// A keyframe is wanted, of that encoding.
    pub wants: Option<(usize, Want)>,
}

/// A stretch of packets that are told with the same shifts.
#[derive(Debug, Clone, Copy)]
struct Segment {
    /// The index in the ring and the index told of its first packet.
    first: u64,
    told: u64,
    time: u32,
    shift: Shift,
}

impl Segment {
    fn tells(&self, index: u64) -> Option<u64> {
        Some(self.told + index.checked_sub(self.first)?)
    }
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

/// The last packet that went, in order.
#[derive(Debug, Clone, Copy)]
struct Last {
    told: u64,
    timestamp: u32,
    counters: Counters,
    at: Instant,
}

/// One viewer's view.
#[derive(Debug)]
pub struct View {
    ssrc: u32,
    repair_ssrc: u32,
    phase: Phase,
    segment: Option<Segment>,
    /// The next index in the ring.
    cursor: u64,
    behind: Option<Instant>,
    last: Option<Last>,
    repairs: u64,
    packets: u32,
    octets: u32,
    /// The highest number that the viewer reported.
    reported: u32,
    /// The clock last told (the middle of its time), and when.
    clock_told: Option<(u32, Instant)>,
}

impl View {
    pub fn new(ssrc: u32, repair_ssrc: u32) -> Self {
        Self {
            ssrc,
            repair_ssrc,
            phase: Phase::Blank,
            segment: None,
            cursor: 0,
            behind: None,
            last: None,
            repairs: 1,
            packets: 0,
            octets: 0,
            reported: 0,
            clock_told: None,
        }
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
        (self.phase, self.segment, self.behind) = (Phase::Blank, None, None);
    }

    /// Forwards sound, all of it: it is little, and it comes first.
    pub fn hear(&mut self, track: &Track, exit: &mut Exit) {
        let Some(payload_type) = exit.format.sound else { return };
        if self.segment.is_none() || !track.ring.reaches(self.cursor) {
            let newest = track.ring.end().saturating_sub(1);
            let Some(packet) = track.ring.get(newest) else { return };
            self.enter(packet, track.clock, exit.now);
        }
        self.catch_up(track, payload_type, exit);
        while self.cursor < track.ring.end() {
            if let Some(packet) = track.ring.get(self.cursor) {
                self.send(packet, payload_type, exit);
            }
            self.cursor += 1;
        }
    }

    /// Forwards a picture: the encoding that was allotted, or still the last one until that has a keyframe.
    pub fn see(&mut self, source: &Source, allotted: Option<usize>, exit: &mut Exit) -> Pumped {
        let (Some(payload_type), Some(target)) = (exit.format.picture, allotted) else {
            self.stop();
            return Pumped::default();
        };
        let wants = self.turn_to(source, target, exit.now).map(|want| (target, want));
        let track = self.layer().and_then(|layer| source.pictures.get(layer)?.as_ref());
        let Some(track) = track else {
            self.stop();
            return Pumped::default();
        };
        let waits = match self.phase {
            Phase::Flowing { layer } => self.flow(layer, track, payload_type, exit),
            Phase::Waiting { .. } => self.replay(track, payload_type, exit),
            Phase::Blank => false,
        };
        Pumped { waits, wants }
    }

    /// Sends again what the viewer misses. What was told before the last change is of no use any more.
    pub fn repair(&mut self, sequence: u16, track: &Track, exit: &mut Exit) -> bool {
        let (Some(segment), Some(last), Some(plain)) = (self.segment, self.last, exit.format.picture) else {
            return false;
        };
        #[expect(clippy::cast_possible_truncation, reason = "the low 16 bits are the sequence number")]
        let back = u64::from((last.told as u16).wrapping_sub(sequence));
        let Some(told) = last.told.checked_sub(back) else { return false };
        let index = told.checked_sub(segment.told).map(|step| segment.first + step);
        let Some(packet) = index.and_then(|index| track.ring.get(index)).filter(|_| exit.pace.allows()) else {
            return false;
        };
        let mut outgoing = segment.outgoing(packet, told, self.ssrc, plain);
        if let Some(repair) = exit.format.repair {
            outgoing.payload_type = repair;
            outgoing.ssrc = self.repair_ssrc;
            outgoing.index = self.repairs;
            outgoing.repeats = Some(sequence);
            self.repairs += 1;
        }
        exit.send(&outgoing).is_some()
    }

    /// What the viewer is told of the clocks, where the publisher told of them: its own time, and ours of it.
    pub fn report(&mut self, track: &Track, now: Instant) -> Option<SenderReport> {
        let (segment, clock) = (self.segment?, track.sender?);
        let passed = now.saturating_duration_since(clock.at);
        let fraction = (passed.as_nanos() << 32) / 1_000_000_000;
        let ntp_time = clock.ntp.wrapping_add(u64::try_from(fraction).unwrap_or_default());
        self.clock_told = Some((middle(ntp_time), now));
        Some(SenderReport {
            ssrc: self.ssrc,
            ntp_time,
            rtp_time: clock.timestamp.wrapping_add(segment.time).wrapping_add(ticks(passed, track.clock)),
            packet_count: self.packets,
            octet_count: self.octets,
            ..SenderReport::default()
        })
    }

    /// Reads the viewer's own report: whether it received more than before, and how long the way there and back is.
    pub fn reported(&mut self, report: &ReceptionReport, now: Instant) -> (bool, Option<Duration>) {
        let more = report.last_sequence_number > self.reported;
        self.reported = self.reported.max(report.last_sequence_number);
        let told =
            self.clock_told.filter(|(clock, _)| report.last_sender_report != 0 && *clock == report.last_sender_report);
        let kept = Duration::from_micros(u64::from(report.delay) * 1_000_000 / 65_536);
        let way = told.and_then(|(_, at)| now.saturating_duration_since(at).checked_sub(kept));
        (more, way)
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
            self.enter(packet, track.clock, now);
            return None;
        }
        self.phase = otherwise;
        match otherwise {
            Phase::Waiting { want, .. } => Some(want),
            _ => Some(Want::Urgent),
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
                self.enter(packet, track.clock, exit.now);
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
            self.enter(packet, track.clock, now);
            return true;
        }
        let not_before = track.ring.end();
        self.phase = Phase::Waiting { layer, not_before, cached: None, want: Want::Patient };
        false
    }

    /// Begins a segment with that packet: one more than the last in number, as much later as time has passed.
    fn enter(&mut self, packet: &Packet, clock: u32, now: Instant) {
        let counters = packet.picture.map(|picture| picture.counters(&packet.payload)).unwrap_or_default();
        let time = self.last.map_or(0, |last| {
            let passed = ticks(now.saturating_duration_since(last.at), clock).max(clock / 100);
            last.timestamp.wrapping_add(passed).wrapping_sub(packet.timestamp)
        });
        let told = self.last.map_or(1, |last| last.told + 1);
        let shift = Shift::after(self.last.map(|last| last.counters), counters);
        self.segment = Some(Segment { first: packet.index, told, time, shift });
        self.cursor = packet.index;
    }

    /// Forwards packets that came late, where those after them already went.
    fn catch_up(&mut self, track: &Track, payload_type: u8, exit: &mut Exit) {
        let cursor = self.cursor;
        for index in track.late.iter().filter(|index| **index < cursor) {
            if let Some(packet) = track.ring.get(*index) {
                self.send(packet, payload_type, exit);
            }
        }
    }

    fn send(&mut self, packet: &Packet, payload_type: u8, exit: &mut Exit) {
        let Some(segment) = self.segment else { return };
        let Some(told) = segment.tells(packet.index) else { return };
        let outgoing = segment.outgoing(packet, told, self.ssrc, payload_type);
        if exit.send(&outgoing).is_none() {
            return;
        }
        self.packets = self.packets.wrapping_add(1);
        self.octets = self.octets.wrapping_add(u32::try_from(packet.payload.len()).unwrap_or_default());
        if self.last.is_none_or(|last| last.told < told) {
            let counters = packet.picture.map(|picture| picture.counters(&packet.payload)).unwrap_or_default();
            let counters = segment.shift.apply(counters);
            self.last = Some(Last { told, timestamp: outgoing.timestamp, counters, at: exit.now });
        }
    }
}

impl Segment {
    fn outgoing<'a>(&self, packet: &'a Packet, told: u64, ssrc: u32, payload_type: u8) -> Outgoing<'a> {
        Outgoing {
            payload_type,
            ssrc,
            index: told,
            timestamp: packet.timestamp.wrapping_add(self.time),
            marker: packet.marker,
            repeats: None,
            payload: &packet.payload,
            picture: packet.picture.map(|picture| (picture, self.shift)),
        }
    }
}

impl Exit<'_> {
    fn send(&mut self, outgoing: &Outgoing) -> Option<usize> {
        let bytes = self.outbox.write(self.keys, self.format, outgoing)?;
        self.pace.spend(bytes);
        Some(bytes)
    }
}

/// The middle of a time, as reports repeat it (RFC 3550, section 6.4.1).
fn middle(ntp: u64) -> u32 {
    #[expect(clippy::cast_possible_truncation, reason = "the middle 32 of 64 bits")]
    let middle = (ntp >> 16) as u32;
    middle
}

/// A duration in ticks of a clock; it turns.
fn ticks(duration: Duration, clock: u32) -> u32 {
    #[expect(clippy::cast_possible_truncation, reason = "timestamps turn")]
    let ticks = (duration.as_micros() * u128::from(clock) / 1_000_000) as u32;
    ticks
}
