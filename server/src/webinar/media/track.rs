//! One encoding as it comes from its publisher: its packets, its last keyframe, what is missing of it.

use super::codec::Codec;
use super::ring::{Arrival, Kept, Packet, Ring};
use rtc::rtcp::reception_report::ReceptionReport;
use std::time::{Duration, Instant};

/// Packets kept of a picture (eight seconds of a sharp camera) and of sound (two seconds).
const PICTURE_RING: usize = 1024;
const SOUND_RING: usize = 128;
/// Between two requests for a keyframe: for somebody who sees nothing yet, and for a line that lags.
const URGENT: Duration = Duration::from_millis(500);
const PATIENT: Duration = Duration::from_secs(3);
/// A gap wider than this is a new beginning rather than a loss.
const WIDEST_GAP: u64 = 200;
/// Between two requests for one missing packet, and how often it is asked for.
const NACK_PAUSE: Duration = Duration::from_millis(80);
const NACKS: u8 = 8;
/// An encoding without a packet for that long has stopped.
const STOPPED: Duration = Duration::from_millis(2500);

/// Bytes around a payload on its way: RTP, its seal, UDP and IP.
const HEADERS: u32 = 12 + 16 + 8 + 20;

/// How soon a keyframe is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Want {
    Patient,
    Urgent,
}

/// What the publisher says of its clocks (RFC 3550, section 6.4.1).
#[derive(Debug, Clone, Copy)]
pub struct SenderClock {
    pub ntp: u64,
    pub timestamp: u32,
    pub at: Instant,
}

#[derive(Debug)]
struct Missing {
    index: u64,
    asked: Option<Instant>,
    times: u8,
}

/// One encoding.
#[derive(Debug)]
pub struct Track {
    pub ssrc: u32,
    /// Which one it is of those that there were in its place.
    pub turn: u64,
    /// Of pictures.
    pub codec: Option<Codec>,
    /// Ticks of its clock a second.
    pub clock: u32,
    pub ring: Ring,
    /// The last whole keyframe, which outlives the ring.
    pub cached: Vec<Packet>,
    /// Packets that came late since everybody was last served.
    pub late: Vec<u64>,
    pub sender: Option<SenderClock>,
    missing: Vec<Missing>,
    wanted: Option<Want>,
    asked: Option<Instant>,
    seen: Instant,
    bytes: u32,
    rate: f64,
    received: u64,
    base: Option<u64>,
    reported: (u64, u64),
}

impl Track {
    /// The next track in that place, which has had `turn` before.
    pub fn new(ssrc: u32, codec: Option<Codec>, turn: u64, now: Instant) -> Self {
        let (clock, capacity) = if codec.is_some() { (90_000, PICTURE_RING) } else { (48_000, SOUND_RING) };
        Self {
            ssrc,
            turn,
            codec,
            clock,
            ring: Ring::new(capacity, turn),
            cached: Vec::new(),
            late: Vec::new(),
            sender: None,
            missing: Vec::new(),
            wanted: None,
            asked: None,
            seen: now,
            bytes: 0,
            rate: 0.0,
            received: 0,
            base: None,
            reported: (0, 0),
        }
    }

    /// Takes a packet. Gives whether there is something new to forward.
    pub fn take(&mut self, arrival: &Arrival, now: Instant) -> bool {
        let newest = self.ring.end();
        match self.ring.keep(arrival, now) {
            Kept::Refused => return false,
            Kept::Newest { missing } => {
                self.base.get_or_insert(self.ring.end() - 1);
                if missing > 0 && missing <= WIDEST_GAP {
                    let gap = (newest..newest + missing).map(|index| Missing { index, asked: None, times: 0 });
                    self.missing.extend(gap);
                }
            }
            Kept::Late { index } => {
                self.missing.retain(|missing| missing.index != index);
                self.late.push(index);
            }
        }
        self.seen = now;
        self.received += 1;
        self.bytes = self.bytes.saturating_add(u32::try_from(arrival.payload.len()).unwrap_or_default() + HEADERS);
        self.keep_keyframe(arrival.timestamp);
        true
    }

    /// Copies the newest keyframe once it is whole.
    fn keep_keyframe(&mut self, timestamp: u32) {
        let Some(first) = self.ring.keyframe() else { return };
        let known = self.cached.first().is_some_and(|packet| packet.index >= first);
        if known || self.ring.get(first).is_none_or(|packet| packet.timestamp != timestamp) {
            return;
        }
        let mut whole = Vec::new();
        for index in first..self.ring.end() {
            let Some(packet) = self.ring.get(index).filter(|packet| packet.timestamp == timestamp) else { return };
            whole.push(index);
            if packet.marker {
                break;
            }
        }
        let ends = whole.last().and_then(|index| self.ring.get(*index)).is_some_and(|packet| packet.marker);
        if ends {
            self.cached = whole.into_iter().filter_map(|index| self.ring.get(index).cloned()).collect();
        }
    }

    /// Somebody needs a keyframe.
    pub fn want_keyframe(&mut self, want: Want) {
        self.wanted = self.wanted.max(Some(want));
    }

    /// How much one is.
    pub fn wants_keyframe(&self) -> Option<Want> {
        self.wanted
    }

    /// Whether to ask the publisher for one now: those who want it are many, the request is one.
    pub fn asks_keyframe(&mut self, now: Instant) -> bool {
        let pause = match self.wanted {
            None => return false,
            Some(Want::Urgent) => URGENT,
            Some(Want::Patient) => PATIENT,
        };
        if self.asked.is_some_and(|asked| now < asked + pause) {
            return false;
        }
        self.wanted = None;
        self.asked = Some(now);
        true
    }

    /// Sequence numbers to ask the publisher for again.
    pub fn asks_again(&mut self, now: Instant) -> Vec<u16> {
        let ring = &self.ring;
        self.missing.retain(|missing| missing.times < NACKS && ring.reaches(missing.index));
        let due = |missing: &&mut Missing| missing.asked.is_none_or(|asked| now >= asked + NACK_PAUSE);
        self.missing
            .iter_mut()
            .filter(due)
            .map(|missing| {
                missing.asked = Some(now);
                missing.times += 1;
                low(missing.index)
            })
            .collect()
    }

    /// Whether it still comes.
    pub fn flows(&self, now: Instant) -> bool {
        now < self.seen + STOPPED
    }

    /// Bits a second, of the last seconds.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// A second has passed.
    pub fn second(&mut self) {
        let now = f64::from(std::mem::take(&mut self.bytes)) * 8.0;
        self.rate = if now > self.rate { now } else { 0.7 * self.rate + 0.3 * now };
    }

    /// What the publisher is told about how its packets come.
    pub fn report(&mut self, now: Instant) -> Option<ReceptionReport> {
        let expected = self.ring.end().checked_sub(self.base?)?;
        let (expected_before, received_before) = std::mem::replace(&mut self.reported, (expected, self.received));
        let due = expected.saturating_sub(expected_before);
        let lost = due.saturating_sub(self.received.saturating_sub(received_before));
        let since = self.sender.map(|clock| now.saturating_duration_since(clock.at));
        #[expect(clippy::cast_possible_truncation, reason = "the middle of the time, and a sequence number that turns")]
        let (middle, highest) = (self.sender.map_or(0, |clock| (clock.ntp >> 16) as u32), (self.ring.end() - 1) as u32);
        Some(ReceptionReport {
            ssrc: self.ssrc,
            fraction_lost: u8::try_from((lost * 256).checked_div(due).unwrap_or_default()).unwrap_or(u8::MAX),
            total_lost: u32::try_from(expected.saturating_sub(self.received)).unwrap_or_default().min(0x7f_ffff),
            last_sequence_number: highest,
            jitter: 0,
            last_sender_report: middle,
            delay: since.map_or(0, |since| u32::try_from(since.as_micros() * 65_536 / 1_000_000).unwrap_or_default()),
        })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the low 16 bits are the sequence number")]
fn low(index: u64) -> u16 {
    index as u16
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "any instant will do")]
mod tests {
    use super::*;
    use crate::webinar::media::picture::Descriptor;

    /// Packets of pictures: the first of a keyframe, or not; the last of a picture, or not.
    fn take(track: &mut Track, sequence: u16, timestamp: u32, keyframe: bool, marker: bool) {
        let payload = [0x10, u8::from(!keyframe), 0];
        let picture = Descriptor::read(Codec::Vp8, &payload);
        track.take(&Arrival { sequence, timestamp, marker, picture, level: None, payload: &payload }, Instant::now());
    }

    #[test]
    fn a_keyframe_is_cached_once_it_is_whole_even_when_its_middle_comes_late() {
        let mut track = Track::new(1, Some(Codec::Vp8), 0, Instant::now());
        take(&mut track, 1, 10, true, false);
        take(&mut track, 3, 10, false, true);
        assert!(track.cached.is_empty());
        take(&mut track, 2, 10, false, false);
        assert_eq!(track.cached.iter().map(|packet| low(packet.index)).collect::<Vec<_>>(), [1, 2, 3]);
        take(&mut track, 4, 20, false, true);
        assert_eq!(track.cached.len(), 3);
        assert_eq!(track.late, [0x1_0002]);
    }

    #[test]
    fn many_who_want_a_keyframe_make_one_request_in_half_a_second() {
        let mut track = Track::new(1, Some(Codec::Vp8), 0, Instant::now());
        let start = Instant::now();
        let mut asked = 0;
        for millis in 0..1000 {
            track.want_keyframe(Want::Urgent);
            asked += u32::from(track.asks_keyframe(start + Duration::from_millis(millis)));
        }
        assert_eq!(asked, 2);
        let mut track = Track::new(1, Some(Codec::Vp8), 0, start);
        track.want_keyframe(Want::Urgent);
        assert!(track.asks_keyframe(start + Duration::from_millis(500)));
        track.want_keyframe(Want::Patient);
        assert!(!track.asks_keyframe(start + Duration::from_secs(2)));
        assert!(track.asks_keyframe(start + Duration::from_millis(3600)));
    }

    #[test]
    fn what_is_missing_is_asked_for_again_until_it_comes() {
        let mut track = Track::new(1, Some(Codec::Vp8), 0, Instant::now());
        let now = Instant::now();
        take(&mut track, 1, 10, true, true);
        take(&mut track, 4, 20, false, true);
        assert_eq!(track.asks_again(now), [2, 3]);
        assert!(track.asks_again(now).is_empty());
        take(&mut track, 2, 10, false, true);
        assert_eq!(track.asks_again(now + NACK_PAUSE), [3]);
        let report = track.report(now).expect("something came");
        assert_eq!((report.total_lost, report.fraction_lost), (1, 64));
    }
}
