//! What a recorder hears of a room: a listener like a viewer, without a line.
//!
//! It follows the rings of the pictures and sounds that are recorded, puts the packets of a picture together (RFC 7741) and
//! hands over whole frames. Nothing waits for it: what its channel has no room for is lost and counted, and the picture goes
//! on at the next keyframe.

mod seeing;
#[cfg(test)]
mod tests;

use super::counts::Counts;
use super::ring::Packet;
use super::source::Source;
use super::stage::{PeerId, SEATS};
use super::track::{SenderClock, Track};
use seeing::{BESIDE, ON_STAGE, Seeing};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Missing sound is waited for so long: it comes inside the packets after it, or not at all.
const PATIENCE: Duration = Duration::from_millis(100);

/// Where a frame comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    Screen,
    /// The camera of who leads.
    Camera,
    /// The sound of that seat.
    Sound(usize),
}

/// A whole picture, or a packet of sound.
#[derive(Debug, Clone)]
pub struct Frame {
    pub origin: Origin,
    pub peer: PeerId,
    pub ssrc: u32,
    /// In the stream's own clock, of so many ticks a second.
    pub timestamp: u32,
    pub clock: u32,
    /// What its publisher last said of that clock.
    pub report: Option<SenderClock>,
    /// When its last packet came.
    pub at: Instant,
    pub keyframe: bool,
    /// Of sound, in dB below the loudest (RFC 6464).
    pub level: Option<u8>,
    pub data: Vec<u8>,
}

/// What is handed over.
#[derive(Debug, Clone)]
pub enum Heard {
    /// A screen is shared, or no longer.
    Shared(bool),
    /// Nothing comes from that seat's microphone any more.
    Silent(usize),
    Frame(Frame),
}

/// A listener of one room.
#[derive(Debug)]
pub struct Tap {
    out: mpsc::Sender<Heard>,
    shared: bool,
    screen: Option<Seeing>,
    camera: Option<(usize, Seeing)>,
    sounds: [Option<Hearing>; SEATS],
}

/// A place in the ring of one sound.
#[derive(Debug)]
struct Hearing {
    turn: u64,
    cursor: u64,
    hole: Option<Instant>,
}

impl Tap {
    pub fn new(out: mpsc::Sender<Heard>) -> Self {
        Self { out, shared: false, screen: None, camera: None, sounds: [const { None }; SEATS] }
    }

    /// Whether anybody still takes what it hands over.
    pub fn is_heard(&self) -> bool {
        !self.out.is_closed()
    }

    /// Every picture is wanted from a keyframe on, as soon as can be.
    pub fn refresh(&mut self) {
        for seeing in self.screen.iter_mut().chain(self.camera.as_mut().map(|(_, seeing)| seeing)) {
            seeing.refresh();
        }
    }

    /// Hands over what came. `leads` says who leads the room.
    pub fn listen(
        &mut self,
        sources: &mut [Option<Source>; SEATS],
        leads: impl Fn(PeerId) -> bool,
        counts: &Counts,
        now: Instant,
    ) {
        let shows =
            |source: &Option<Source>| source.as_ref().is_some_and(|source| source.pictures.iter().any(Option::is_some));
        let shared = shows(&sources[0]);
        if shared != self.shared && self.tell(Heard::Shared(shared), counts) {
            self.shared = shared;
            self.refresh();
        }
        self.hear(sources, counts, now);
        self.screen = match &mut sources[0] {
            Some(source) if shared => {
                let seeing = self.screen.take().filter(|seeing| seeing.turn == source.turn);
                let mut seeing = seeing.unwrap_or_else(|| Seeing::new(source, f64::INFINITY, now));
                seeing.follow(source, Origin::Screen, f64::INFINITY, &self.out, counts, now);
                Some(seeing)
            }
            _ => None,
        };
        let most = if shared { BESIDE } else { ON_STAGE };
        let of_leader = |number: &usize| {
            let source = &sources[*number];
            shows(source) && source.as_ref().is_some_and(|source| leads(source.peer))
        };
        let known = self.camera.as_ref().map(|(number, _)| *number).filter(of_leader);
        let number = known.or_else(|| (1..SEATS).find(of_leader));
        self.camera = number.and_then(|number| {
            let source = sources[number].as_mut()?;
            let seeing = self.camera.take().filter(|(known, seeing)| *known == number && seeing.turn == source.turn);
            let mut seeing = seeing.map_or_else(|| Seeing::new(source, most, now), |(_, seeing)| seeing);
            seeing.follow(source, Origin::Camera, most, &self.out, counts, now);
            Some((number, seeing))
        });
    }

    fn hear(&mut self, sources: &[Option<Source>; SEATS], counts: &Counts, now: Instant) {
        for (number, source) in sources.iter().enumerate() {
            let sounds = source.as_ref().and_then(|source| Some((source, source.sound.as_ref()?)));
            let Some((source, track)) = sounds else {
                if self.sounds[number].take().is_some() {
                    self.tell(Heard::Silent(number), counts);
                }
                continue;
            };
            let newest = track.ring.end().saturating_sub(1);
            let known = self.sounds[number].take().filter(|hearing| hearing.turn == source.turn);
            let mut hearing = known.filter(|hearing| track.ring.reaches(hearing.cursor)).unwrap_or(Hearing {
                turn: source.turn,
                cursor: newest,
                hole: None,
            });
            while let Some(next) = next(track, &mut hearing.cursor, &mut hearing.hole, PATIENCE, now) {
                let Next::Packet(packet) = next else { continue };
                let frame = frame(packet, track, source.peer, Origin::Sound(number), true, packet.payload.clone());
                self.tell(Heard::Frame(frame), counts);
            }
            self.sounds[number] = Some(hearing);
        }
    }

    fn tell(&self, heard: Heard, counts: &Counts) -> bool {
        tell(&self.out, heard, counts)
    }
}

fn tell(out: &mpsc::Sender<Heard>, heard: Heard, counts: &Counts) -> bool {
    let told = out.try_send(heard).is_ok();
    if !told {
        counts.unrecorded();
    }
    told
}

fn frame(packet: &Packet, track: &Track, peer: PeerId, origin: Origin, keyframe: bool, data: Vec<u8>) -> Frame {
    Frame {
        origin,
        peer,
        ssrc: track.ssrc,
        timestamp: packet.timestamp,
        clock: track.clock,
        report: track.sender,
        at: packet.at,
        keyframe,
        level: packet.level,
        data,
    }
}

/// What comes next in a ring.
enum Next<'p> {
    Packet(&'p Packet),
    /// It was waited for long enough.
    Lost,
}

/// The next packet; nothing where there is none yet, or it may still come.
fn next<'t>(
    track: &'t Track,
    cursor: &mut u64,
    hole: &mut Option<Instant>,
    patience: Duration,
    now: Instant,
) -> Option<Next<'t>> {
    if *cursor >= track.ring.end() {
        return None;
    }
    if let Some(packet) = track.ring.get(*cursor) {
        (*cursor, *hole) = (*cursor + 1, None);
        return Some(Next::Packet(packet));
    }
    if track.ring.reaches(*cursor) && now < *hole.get_or_insert(now) + patience {
        return None;
    }
    // All the holes that were seen by then are as old, or younger by little: the picture is broken anyway.
    (*cursor, *hole) = (*cursor + 1, None);
    Some(Next::Lost)
}
