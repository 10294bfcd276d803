//! The relay's end: what an origin sends goes into rings, as if it had come from browsers.

use super::super::picture::Descriptor;
use super::super::ring::Arrival;
use super::super::room::Room;
use super::super::source::Source;
use super::super::track::{SenderClock, Track};
use super::wire::{Record, SOUND, Seat, Told, read};
use std::time::Instant;

/// Seats that are taken at a relay after those messages; those that are malformed do nothing. What is fuzzed.
pub fn seats_after<'a>(messages: impl IntoIterator<Item = &'a [u8]>, now: Instant) -> usize {
    let mut room = Room::new();
    for message in messages {
        let _ = room.feed(message, now);
    }
    room.sources.iter().flatten().count()
}

impl Room {
    /// Takes a message of the room's origin; nothing where it is malformed.
    pub fn feed(&mut self, message: &[u8], now: Instant) -> Option<()> {
        for record in read(message)? {
            match record {
                Record::Stage(seats) => self.set(&seats, now),
                Record::Packet { said, sequence, timestamp, marker, level, payload } => {
                    let source = self.sources.get_mut(said.seat).and_then(Option::as_mut);
                    let Some(source) = source.filter(|source| source.origin == Some(said.turn)) else { continue };
                    // What is not of the stage as it was last told is old.
                    let Some(track) = slot(source, said.place).as_mut().filter(|track| track.turn == said.track) else {
                        continue;
                    };
                    let picture = track.codec.map(|codec| Descriptor::read(codec, payload));
                    if picture == Some(None) {
                        continue;
                    }
                    let arrival = Arrival { sequence, timestamp, marker, picture: picture.flatten(), level, payload };
                    self.fresh |= track.take(&arrival, now);
                }
            }
        }
        Some(())
    }

    /// The stage is so now.
    fn set(&mut self, seats: &[Seat], now: Instant) {
        for (number, place) in self.sources.iter_mut().enumerate() {
            let Some(told) = seats.iter().find(|told| told.number == number) else {
                *place = None;
                continue;
            };
            let known = place.take().filter(|source| (source.peer, source.origin) == (told.peer, Some(told.turn)));
            let source = place.insert(known.unwrap_or_else(|| {
                self.turns += 1;
                let mut source = Source::new(told.peer, self.turns);
                source.origin = Some(told.turn);
                source
            }));
            source.simulcast = told.simulcast;
            for place in 0..=SOUND {
                let track = told.tracks.iter().find(|track| track.place == place);
                follow(slot(source, place), track, now);
            }
        }
    }
}

fn slot(source: &mut Source, place: usize) -> &mut Option<Track> {
    source.pictures.get_mut(place).unwrap_or(&mut source.sound)
}

fn follow(slot: &mut Option<Track>, told: Option<&Told>, now: Instant) {
    let Some(told) = told else {
        *slot = None;
        return;
    };
    let same = |track: &Track| (track.ssrc, track.codec, track.turn) == (told.ssrc, told.codec, told.turn);
    let known = slot.take().filter(same);
    let track = slot.insert(known.unwrap_or_else(|| Track::new(told.ssrc, told.codec, told.turn, now)));
    if let Some((ntp, timestamp, age)) = told.clock {
        track.sender = Some(SenderClock { ntp, timestamp, at: now.checked_sub(age).unwrap_or(now) });
    }
}
