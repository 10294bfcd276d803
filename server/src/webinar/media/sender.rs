//! One stream as a viewer is told it: numbers and times that go on without a gap, whatever it is made of.

use super::outbox::{Format, Outbox, Outgoing};
use super::pace::Pace;
use super::picture::{Counters, Shift};
use super::ring::Packet;
use super::srtp::Keys;
use super::track::Track;
use rtc::rtcp::reception_report::ReceptionReport;
use rtc::rtcp::sender_report::SenderReport;
use std::time::{Duration, Instant};

/// No report tells about more packets: what says so is wrong.
const MOST_EXPECTED: u32 = 10_000;

/// Where packets of a viewer go.
#[derive(Debug)]
pub struct Exit<'a> {
    pub keys: &'a mut Keys,
    pub format: &'a Format,
    pub outbox: &'a mut Outbox,
    pub pace: &'a mut Pace,
    pub now: Instant,
}

impl Exit<'_> {
    /// Writes a packet; nothing where it could not be sealed.
    pub fn send(&mut self, outgoing: &Outgoing) -> Option<usize> {
        let bytes = self.outbox.write(self.keys, self.format, outgoing)?;
        self.pace.spend(bytes);
        Some(bytes)
    }
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

/// The last packet that went, in order.
#[derive(Debug, Clone, Copy)]
struct Last {
    told: u64,
    timestamp: u32,
    counters: Counters,
    at: Instant,
}

/// What a viewer's report adds to the one before.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Progress {
    /// More came than was reported before.
    pub more: bool,
    /// Packets that it tells about, and how many of them it misses.
    pub expected: f64,
    pub lost: f64,
    /// How long the way there and back is.
    pub way: Option<Duration>,
}

/// One stream to one viewer.
#[derive(Debug)]
pub struct Sender {
    ssrc: u32,
    segment: Option<Segment>,
    last: Option<Last>,
    packets: u32,
    octets: u32,
    /// The highest number that the viewer reported, extended as the viewer does.
    reported: Option<u32>,
    /// The clock last told (the middle of its time), and when.
    clock_told: Option<(u32, Instant)>,
}

impl Sender {
    pub fn new(ssrc: u32) -> Self {
        Self { ssrc, segment: None, last: None, packets: 0, octets: 0, reported: None, clock_told: None }
    }

    /// Whether a segment has begun.
    pub fn has_begun(&self) -> bool {
        self.segment.is_some()
    }

    /// Ends the segment: what comes next is something else.
    pub fn stop(&mut self) {
        self.segment = None;
    }

    /// Begins a segment with that packet: one more than the last in number, as much later as time has passed.
    pub fn begin(&mut self, packet: &Packet, clock: u32, now: Instant) {
        let time = self.last.map_or(0, |last| {
            let passed = ticks(now.saturating_duration_since(last.at), clock).max(clock / 100);
            last.timestamp.wrapping_add(passed).wrapping_sub(packet.timestamp)
        });
        let told = self.last.map_or(1, |last| last.told + 1);
        let shift = Shift::after(self.last.map(|last| last.counters), packet.counters());
        self.segment = Some(Segment { first: packet.index, told, time, shift });
    }

    /// A packet as it is told; nothing where it is older than the segment.
    pub fn outgoing<'a>(&self, packet: &'a Packet, payload_type: u8) -> Option<Outgoing<'a>> {
        let segment = self.segment?;
        Some(Outgoing {
            payload_type,
            ssrc: self.ssrc,
            index: segment.told + packet.index.checked_sub(segment.first)?,
            timestamp: packet.timestamp.wrapping_add(segment.time),
            marker: packet.marker,
            stamped: packet.picture.is_some(),
            preface: &[],
            payload: &packet.payload,
            picture: packet.picture.map(|picture| (picture, segment.shift)),
        })
    }

    /// Sends a packet for the first time, told in that way.
    pub fn send(&mut self, packet: &Packet, outgoing: &Outgoing, exit: &mut Exit) {
        let Some(segment) = self.segment.filter(|_| exit.send(outgoing).is_some()) else { return };
        self.packets = self.packets.wrapping_add(1);
        self.octets = self.octets.wrapping_add(u32::try_from(outgoing.payload.len()).unwrap_or_default());
        let told = outgoing.index;
        if self.last.is_none_or(|last| last.told < told) {
            let counters = segment.shift.apply(packet.counters());
            self.last = Some(Last { told, timestamp: outgoing.timestamp, counters, at: exit.now });
        }
    }

    /// The index in the ring of what was told with that sequence number. What was told before the segment is of no
    /// use any more.
    pub fn index_of(&self, sequence: u16) -> Option<u64> {
        let (segment, last) = (self.segment?, self.last?);
        #[expect(clippy::cast_possible_truncation, reason = "the low 16 bits are the sequence number")]
        let back = u64::from((last.told as u16).wrapping_sub(sequence));
        let told = last.told.checked_sub(back)?;
        Some(segment.first + told.checked_sub(segment.told)?)
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

    /// Reads the viewer's own report (RFC 3550, section 6.4.1).
    pub fn reported(&mut self, report: &ReceptionReport, now: Instant) -> Progress {
        let highest = report.last_sequence_number;
        let more = self.reported.is_none_or(|before| highest > before);
        let expected = self.reported.map_or(0, |before| highest.saturating_sub(before)).min(MOST_EXPECTED);
        self.reported = self.reported.max(Some(highest));
        let told =
            self.clock_told.filter(|(clock, _)| report.last_sender_report != 0 && *clock == report.last_sender_report);
        let kept = Duration::from_micros(u64::from(report.delay) * 1_000_000 / 65_536);
        let way = told.and_then(|(_, at)| now.saturating_duration_since(at).checked_sub(kept));
        let expected = f64::from(expected);
        Progress { more, expected, lost: expected * f64::from(report.fraction_lost) / 256.0, way }
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
