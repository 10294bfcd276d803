//! The last packets of one encoding, kept once for all its viewers.

use super::picture::{Counters, Descriptor};
use std::time::Instant;

/// One packet as it came, without header extensions.
#[derive(Debug, Clone)]
pub struct Packet {
    /// The sequence number, extended over its 65,536.
    pub index: u64,
    /// In the stream's own clock.
    pub timestamp: u32,
    /// The last packet of a picture, or the first after silence.
    pub marker: bool,
    /// Of pictures only.
    pub picture: Option<Descriptor>,
    /// Of sound: how many dB it is below the loudest (RFC 6464), where its browser says so.
    pub level: Option<u8>,
    /// When it came.
    pub at: Instant,
    pub payload: Vec<u8>,
}

impl Packet {
    /// Its counters, where it is of a picture.
    pub fn counters(&self) -> Counters {
        self.picture.map(|picture| picture.counters(&self.payload)).unwrap_or_default()
    }
}

/// A received packet, before it has an index.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    pub sequence: u16,
    pub timestamp: u32,
    pub marker: bool,
    pub picture: Option<Descriptor>,
    pub level: Option<u8>,
    pub payload: &'a [u8],
}

/// What became of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is the newest; this many before it are missing.
    Newest { missing: u64 },
    /// It fills a gap.
    Late { index: u64 },
    /// It was there already, or is too old.
    Refused,
}

/// A ring of packets. Buffers are used again: once it has turned, keeping a packet allocates nothing.
#[derive(Debug)]
pub struct Ring {
    slots: Vec<Option<Packet>>,
    capacity: u64,
    first: u64,
    end: u64,
    keyframe: Option<u64>,
}

impl Ring {
    /// Rings that follow each other in one place have turns of their own: whatever index a viewer remembers of an
    /// earlier one is out of the reach of a later one.
    pub fn new(capacity: usize, turn: u64) -> Self {
        let capacity = capacity.max(1);
        Self { slots: vec![None; capacity], capacity: capacity as u64, first: turn << 32, end: 0, keyframe: None }
    }

    /// One past the newest index; 0 before anything came.
    pub fn end(&self) -> u64 {
        self.end
    }

    /// No packet of a lower index is there.
    pub fn oldest(&self) -> u64 {
        self.end.saturating_sub(self.capacity)
    }

    /// The first packet of the newest keyframe, while it is still there.
    pub fn keyframe(&self) -> Option<u64> {
        self.keyframe.filter(|index| self.get(*index).is_some())
    }

    /// Whether packets of that index can still be there.
    pub fn reaches(&self, index: u64) -> bool {
        index + self.capacity >= self.end
    }

    /// The packet of that index, if it came and is still there.
    pub fn get(&self, index: u64) -> Option<&Packet> {
        self.slots.get(self.slot(index))?.as_ref().filter(|packet| packet.index == index)
    }

    /// Keeps a packet.
    pub fn keep(&mut self, arrival: &Arrival, at: Instant) -> Kept {
        let index = self.extend(arrival.sequence);
        if index < self.end && (!self.reaches(index + 1) || self.get(index).is_some()) {
            return Kept::Refused;
        }
        self.put(index, arrival, at);
        if arrival.picture.is_some_and(|picture| picture.keyframe) && self.keyframe.is_none_or(|last| last < index) {
            self.keyframe = Some(index);
        }
        if index < self.end {
            return Kept::Late { index };
        }
        let missing = if self.end == 0 { 0 } else { index - self.end };
        self.end = index + 1;
        Kept::Newest { missing }
    }

    /// The index nearest to the newest one with that sequence number. Starts in the second turn, so that what
    /// is older than the first packet has an index too.
    fn extend(&self, sequence: u16) -> u64 {
        let Some(newest) = self.end.checked_sub(1) else { return self.first + 0x1_0000 + u64::from(sequence) };
        #[expect(clippy::cast_possible_truncation, reason = "the low 16 bits are the sequence number")]
        let step = sequence.wrapping_sub(newest as u16).cast_signed();
        newest.saturating_add_signed(i64::from(step))
    }

    fn put(&mut self, index: u64, arrival: &Arrival, at: Instant) {
        let place = self.slot(index);
        let Some(slot) = self.slots.get_mut(place) else { return };
        let mut payload = slot.take().map(|packet| packet.payload).unwrap_or_default();
        payload.clear();
        payload.extend_from_slice(arrival.payload);
        let Arrival { timestamp, marker, picture, level, .. } = *arrival;
        *slot = Some(Packet { index, timestamp, marker, picture, level, at, payload });
    }

    fn slot(&self, index: u64) -> usize {
        usize::try_from(index % self.capacity).unwrap_or_default()
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "any instant will do")]
mod tests {
    use super::*;

    fn keep(ring: &mut Ring, sequence: u16) -> Kept {
        let arrival = Arrival { sequence, timestamp: 0, marker: false, picture: None, level: None, payload: &[1] };
        ring.keep(&arrival, Instant::now())
    }

    #[test]
    fn indexes_go_on_where_sequence_numbers_turn() {
        let mut ring = Ring::new(8, 0);
        assert_eq!(keep(&mut ring, 65_535), Kept::Newest { missing: 0 });
        assert_eq!(keep(&mut ring, 1), Kept::Newest { missing: 1 });
        assert_eq!(keep(&mut ring, 0), Kept::Late { index: 0x2_0000 });
        assert_eq!(ring.end(), 0x2_0002);
        assert!(ring.get(0x1_ffff).is_some());
    }

    #[test]
    fn what_came_already_or_is_too_old_is_refused() {
        let mut ring = Ring::new(4, 0);
        for sequence in 10..20 {
            keep(&mut ring, sequence);
        }
        assert_eq!(keep(&mut ring, 18), Kept::Refused);
        assert_eq!(keep(&mut ring, 12), Kept::Refused);
        assert!(ring.get(0x1_0000 + 16).is_some());
        assert!(ring.get(0x1_0000 + 15).is_none());
    }

    #[test]
    fn a_ring_that_follows_another_is_out_of_reach_of_what_is_remembered_of_it() {
        let (mut before, mut after) = (Ring::new(4, 1), Ring::new(4, 2));
        keep(&mut before, 65_535);
        keep(&mut after, 0);
        assert!(before.end() < after.end() && !after.reaches(before.end()));
    }

    #[test]
    fn a_packet_older_than_the_first_is_late_and_not_a_fault() {
        let mut ring = Ring::new(4, 0);
        keep(&mut ring, 0);
        assert_eq!(keep(&mut ring, 65_535), Kept::Late { index: 0xffff });
    }
}
