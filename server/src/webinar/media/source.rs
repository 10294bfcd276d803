//! What comes from one seat.

use super::codec::Codec;
use super::stage::{Kind, LAYERS, PeerId};
use super::track::Track;
use std::time::Instant;

/// Somebody on a seat: up to three encodings of a picture, and a sound.
#[derive(Debug)]
pub struct Source {
    pub peer: PeerId,
    /// Whoever sits down next on the same seat has another number: viewers then begin anew.
    pub turn: u64,
    /// Its turn at the room's origin, where it comes from another node.
    pub origin: Option<u64>,
    pub pictures: [Option<Track>; LAYERS],
    pub sound: Option<Track>,
    /// The picture has several encodings, any of which may stop while the others go on.
    pub simulcast: bool,
    /// Tracks that have begun here.
    tracks: u64,
}

impl Source {
    pub fn new(peer: PeerId, turn: u64) -> Self {
        Self { peer, turn, origin: None, pictures: [None, None, None], sound: None, simulcast: false, tracks: 0 }
    }

    /// All its tracks.
    pub fn tracks(&mut self) -> impl Iterator<Item = &mut Track> {
        self.pictures.iter_mut().chain([&mut self.sound]).flatten()
    }

    /// The track that packets of that source go to, a picture's where there is a codec; it begins with the first of
    /// them.
    pub fn track(&mut self, codec: Option<Codec>, layer: usize, ssrc: u32, now: Instant) -> Option<&mut Track> {
        let slot = if codec.is_some() { self.pictures.get_mut(layer)? } else { &mut self.sound };
        if slot.as_ref().is_some_and(|track| (track.ssrc, track.codec) != (ssrc, codec)) {
            // The browser began anew, under another number or in another codec.
            *slot = None;
        }
        Some(slot.get_or_insert_with(|| {
            self.tracks += 1;
            Track::new(ssrc, codec, self.tracks, now)
        }))
    }

    /// Forgets its picture or its sound: what comes next begins anew.
    pub fn forget(&mut self, kind: Kind) {
        if kind.is_picture() {
            self.pictures = [None, None, None];
        } else {
            self.sound = None;
        }
    }

    /// Bits a second of each encoding that can be chosen.
    pub fn rates(&self, now: Instant) -> [Option<f64>; LAYERS] {
        let any = self.pictures.iter().flatten().any(|track| track.flows(now));
        // A screen on which nothing moves sends next to nothing, and has not stopped.
        let counts = |track: &&Track| !self.simulcast || !any || track.flows(now);
        self.pictures.each_ref().map(|track| track.as_ref().filter(counts).map(Track::rate))
    }
}
