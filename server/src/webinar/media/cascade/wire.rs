//! What goes from a room's origin to its relays, byte by byte. Whoever reads it believes none of it: a message that is not
//! wholly of this form is nothing.
//!
//! A message is a row of records. A record of the stage is `S`, a number of seats, and for each: its number, its publisher,
//! its turn, whether its picture has several encodings, a number of tracks, and for each: its place, its codec, its source,
//! its turn, and what its publisher last said of its clock, with how old that is. A record of a packet is `P`, where it
//! belongs, its number and its time, and its payload. Numbers are in network order.

use super::super::codec::Codec;
use super::super::ring::Packet;
use super::super::source::Source;
use super::super::stage::{LAYERS, PeerId, SEATS};
use super::super::track::Track;
use super::{TRACKS, places};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// The place of a seat's sound; those before it are of its picture's encodings.
pub const SOUND: usize = LAYERS;

/// The longest message that is read.
pub const LONGEST: usize = 256 * 1024;
/// The longest payload: no browser's packet is longer.
const PAYLOAD: usize = 1500;
/// What is older than an hour is not told of a clock.
const OLDEST: Duration = Duration::from_hours(1);

const STAGE: u8 = b'S';
const PACKET: u8 = b'P';

const MARKER: u8 = 1;
const LEVEL: u8 = 2;

/// Where a packet belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    pub seat: usize,
    pub place: usize,
    /// Of the source on that seat, and of the track in that place.
    pub turn: u64,
    pub track: u64,
}

/// One record.
#[derive(Debug, PartialEq, Eq)]
pub enum Record<'a> {
    Stage(Vec<Seat>),
    Packet { said: Said, sequence: u16, timestamp: u32, marker: bool, level: Option<u8>, payload: &'a [u8] },
}

/// A seat that is taken.
#[derive(Debug, PartialEq, Eq)]
pub struct Seat {
    pub number: usize,
    pub peer: PeerId,
    pub turn: u64,
    pub simulcast: bool,
    pub tracks: Vec<Told>,
}

/// A track that flows.
#[derive(Debug, PartialEq, Eq)]
pub struct Told {
    pub place: usize,
    pub codec: Option<Codec>,
    pub ssrc: u32,
    pub turn: u64,
    /// The publisher's time and the stream's at one instant, and how long ago that was told.
    pub clock: Option<(u64, u32, Duration)>,
}

/// Who is on stage, with the clocks as of now; without them, where it is only to be compared.
pub fn stage(sources: &[Option<Source>; SEATS], now: Option<Instant>) -> Vec<u8> {
    let taken = sources.iter().enumerate().filter_map(|(seat, source)| Some((seat, source.as_ref()?)));
    let mut out = vec![STAGE, small(taken.clone().count())];
    for (seat, source) in taken {
        out.push(small(seat));
        out.extend_from_slice(source.peer.0.as_bytes());
        out.extend_from_slice(&source.turn.to_be_bytes());
        out.push(u8::from(source.simulcast));
        let tracks = places(source).filter_map(|(place, track)| Some((place, track?)));
        out.push(small(tracks.clone().count()));
        for (place, track) in tracks {
            out.extend_from_slice(&[small(place), Codec::number(track.codec)]);
            out.extend_from_slice(&track.ssrc.to_be_bytes());
            out.extend_from_slice(&track.turn.to_be_bytes());
            clock(&mut out, track, now);
        }
    }
    out
}

fn clock(out: &mut Vec<u8>, track: &Track, now: Option<Instant>) {
    let clock = track.sender.zip(now).map(|(clock, now)| (clock, now.saturating_duration_since(clock.at)));
    let Some((clock, age)) = clock.filter(|(_, age)| *age < OLDEST) else { return out.push(0) };
    out.push(1);
    out.extend_from_slice(&clock.ntp.to_be_bytes());
    out.extend_from_slice(&clock.timestamp.to_be_bytes());
    out.extend_from_slice(&u32::try_from(age.as_micros()).unwrap_or(u32::MAX).to_be_bytes());
}

/// Adds a packet to a batch.
pub fn packet(out: &mut Vec<u8>, said: Said, packet: &Packet) {
    let Ok(length) = u16::try_from(packet.payload.len()) else { return };
    if packet.payload.len() > PAYLOAD {
        return;
    }
    out.extend_from_slice(&[PACKET, small(said.seat), small(said.place)]);
    out.extend_from_slice(&said.turn.to_be_bytes());
    out.extend_from_slice(&said.track.to_be_bytes());
    #[expect(clippy::cast_possible_truncation, reason = "the low 16 bits are the sequence number")]
    out.extend_from_slice(&(packet.index as u16).to_be_bytes());
    out.extend_from_slice(&packet.timestamp.to_be_bytes());
    let level = packet.level.map_or(0, |_| LEVEL);
    out.extend_from_slice(&[if packet.marker { MARKER } else { 0 } | level, packet.level.unwrap_or_default()]);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(&packet.payload);
}

fn small(number: usize) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// Reads a message; nothing where any of it is malformed.
pub fn read(message: &[u8]) -> Option<Vec<Record<'_>>> {
    if message.len() > LONGEST {
        return None;
    }
    let (mut rest, mut records) = (Reader(message), Vec::new());
    while !rest.0.is_empty() {
        records.push(match rest.byte()? {
            STAGE => Record::Stage(rest.list(SEATS, Reader::seat)?),
            PACKET => rest.packet()?,
            _ => return None,
        });
    }
    Some(records)
}

/// What is not read yet.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn bytes<const MANY: usize>(&mut self) -> Option<[u8; MANY]> {
        let (bytes, rest) = self.0.split_first_chunk::<MANY>()?;
        self.0 = rest;
        Some(*bytes)
    }

    fn byte(&mut self) -> Option<u8> {
        self.bytes::<1>().map(|[byte]| byte)
    }

    fn short(&mut self) -> Option<u16> {
        self.bytes().map(u16::from_be_bytes)
    }

    fn word(&mut self) -> Option<u32> {
        self.bytes().map(u32::from_be_bytes)
    }

    fn long(&mut self) -> Option<u64> {
        self.bytes().map(u64::from_be_bytes)
    }

    fn below(&mut self, most: usize) -> Option<usize> {
        self.byte().map(usize::from).filter(|number| *number < most)
    }

    /// A turn: rings are numbered by it in the upper half of 64 bits.
    fn turn(&mut self) -> Option<u64> {
        self.long().filter(|turn| *turn <= u64::from(u32::MAX >> 1))
    }

    fn flag(&mut self) -> Option<bool> {
        self.below(2).map(|flag| flag == 1)
    }

    fn list<T>(&mut self, most: usize, one: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let many = self.below(most + 1)?;
        (0..many).map(|_| one(self)).collect()
    }

    fn seat(&mut self) -> Option<Seat> {
        Some(Seat {
            number: self.below(SEATS)?,
            peer: PeerId(Uuid::from_bytes(self.bytes()?)),
            turn: self.turn()?,
            simulcast: self.flag()?,
            tracks: self.list(TRACKS, Self::track)?,
        })
    }

    fn track(&mut self) -> Option<Told> {
        let (place, codec) = (self.below(TRACKS)?, Codec::numbered(self.byte()?)?);
        let (ssrc, turn) = (self.word()?, self.turn()?);
        let clock = if self.flag()? {
            Some((self.long()?, self.word()?, Duration::from_micros(self.word()?.into())))
        } else {
            None
        };
        // Pictures have a codec, and sound has none.
        (codec.is_some() == (place != SOUND)).then_some(Told { place, codec, ssrc, turn, clock })
    }

    fn packet(&mut self) -> Option<Record<'a>> {
        let (seat, place) = (self.below(SEATS)?, self.below(TRACKS)?);
        let said = Said { seat, place, turn: self.turn()?, track: self.turn()? };
        let (sequence, timestamp) = (self.short()?, self.word()?);
        let (flags, level) = (self.byte()?, self.byte()?);
        let length = usize::from(self.short()?);
        let (payload, rest) = self.0.split_at_checked(length).filter(|_| (1..=PAYLOAD).contains(&length))?;
        self.0 = rest;
        let level = (flags & LEVEL != 0).then_some(level);
        Some(Record::Packet { said, sequence, timestamp, marker: flags & MARKER != 0, level, payload })
    }
}
