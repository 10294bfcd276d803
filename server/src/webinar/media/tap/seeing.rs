//! One picture as a recorder follows it: packets put together into frames, and the size that is kept.

use super::super::counts::Counts;
use super::super::ring::Packet;
use super::super::source::Source;
use super::super::stage::LAYERS;
use super::super::track::{Track, Want};
use super::{Heard, Next, Origin, frame, next, tell};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// A keyframe is wanted at least every so often: a replay begins at one, wherever it is sought.
const KEYFRAMES: Duration = Duration::from_secs(8);
/// Bits a second of a picture, at most, where its browser sends several sizes: a replay must pass through a thin line.
pub const ON_STAGE: f64 = 900_000.0;
pub const BESIDE: f64 = 300_000.0;
/// How far beyond that, or below, before another size is chosen.
const MARGIN: f64 = 1.3;
/// A missing packet is waited for so long: it is asked for again. Less than what the file waits for the late.
const PATIENCE: Duration = Duration::from_millis(400);
/// A keyframe as young as this need not be asked for again.
const FRESH: Duration = Duration::from_millis(500);
/// No frame is larger.
const LONGEST: usize = 4 << 20;

/// A place in the ring of one picture.
#[derive(Debug)]
pub struct Seeing {
    pub turn: u64,
    layer: usize,
    cursor: u64,
    /// Since when a packet is waited for.
    hole: Option<Instant>,
    /// Something is missing: it goes on at a keyframe.
    broken: bool,
    /// What is put together: the timestamp, whether it is a keyframe, its bytes.
    frame: Option<(u32, bool, Vec<u8>)>,
    /// When the last keyframe went out.
    keyed: Option<Instant>,
}

impl Seeing {
    /// It is wanted from a keyframe on, as soon as can be.
    pub fn refresh(&mut self) {
        self.keyed = None;
    }

    pub fn new(source: &Source, most: f64, now: Instant) -> Self {
        let layer = choose(source, None, most, now);
        let track = source.pictures[layer].as_ref();
        let cursor = track.map_or(0, |track| fresh(track, now).unwrap_or(track.ring.end()));
        Self { turn: source.turn, layer, cursor, hole: None, broken: true, frame: None, keyed: None }
    }

    pub fn follow(
        &mut self,
        source: &mut Source,
        origin: Origin,
        most: f64,
        out: &mpsc::Sender<Heard>,
        counts: &Counts,
        now: Instant,
    ) {
        let wanted = choose(source, Some(self.layer), most, now);
        if wanted != self.layer {
            self.turn_to(source, wanted, now);
        }
        let peer = source.peer;
        let Some(track) = source.pictures[self.layer].as_mut() else { return };
        if !track.ring.reaches(self.cursor) {
            // The browser began anew, or it is too late for what came between.
            (self.cursor, self.hole) = (track.ring.keyframe().unwrap_or(track.ring.end()), None);
            self.lose();
        }
        while let Some(next) = next(track, &mut self.cursor, &mut self.hole, PATIENCE, now) {
            let Next::Packet(packet) = next else {
                self.lose();
                continue;
            };
            let Some((keyframe, data)) = self.add(packet) else { continue };
            if tell(out, Heard::Frame(frame(packet, track, peer, origin, keyframe, data)), counts) {
                self.keyed = if keyframe { Some(now) } else { self.keyed };
            } else {
                self.lose();
            }
        }
        match self.keyed {
            _ if self.broken => track.want_keyframe(Want::Urgent),
            None => track.want_keyframe(Want::Urgent),
            Some(keyed) if now > keyed + KEYFRAMES => track.want_keyframe(Want::Patient),
            Some(_) => {}
        }
    }

    /// Goes on in another size, once there is a keyframe of it.
    fn turn_to(&mut self, source: &mut Source, wanted: usize, now: Instant) {
        let Some(track) = source.pictures[wanted].as_mut() else { return };
        match fresh(track, now) {
            Some(index) => {
                (self.layer, self.cursor, self.hole) = (wanted, index, None);
                self.lose();
            }
            None => track.want_keyframe(Want::Patient),
        }
    }

    fn lose(&mut self) {
        (self.frame, self.broken) = (None, true);
    }

    /// Adds a packet to the picture; gives the picture once it is whole.
    fn add(&mut self, packet: &Packet) -> Option<(bool, Vec<u8>)> {
        let picture = packet.picture?;
        let part = packet.payload.get(picture.length()..)?;
        if picture.begins {
            // One that had no end is not shown, nor what was made from it.
            if self.frame.is_some() {
                self.lose();
            }
            if self.broken && !picture.keyframe {
                return None;
            }
            self.frame = Some((packet.timestamp, picture.keyframe, part.to_vec()));
        } else {
            match &mut self.frame {
                Some((timestamp, _, data)) if *timestamp == packet.timestamp && data.len() < LONGEST => {
                    data.extend_from_slice(part);
                }
                _ => {
                    self.lose();
                    return None;
                }
            }
        }
        let (_, keyframe, data) = self.frame.take_if(|_| packet.marker)?;
        self.broken = false;
        Some((keyframe, data))
    }
}

/// Where the newest keyframe begins, if it has just come.
fn fresh(track: &Track, now: Instant) -> Option<u64> {
    let just = |index: &u64| track.ring.get(*index).is_some_and(|packet| now < packet.at + FRESH);
    track.ring.keyframe().filter(just)
}

/// The size to record: the sharpest that is within `most`, else the smallest. The one that is followed stays as long as it
/// is about right.
pub fn choose(source: &Source, followed: Option<usize>, most: f64, now: Instant) -> usize {
    let rates = source.rates(now);
    let best = |most: f64| {
        let flows = |layer: &usize| rates[*layer].is_some();
        let fits = |layer: &usize| rates[*layer].is_some_and(|rate| rate <= most);
        (0..LAYERS).rev().find(fits).or_else(|| (0..LAYERS).find(flows)).unwrap_or_default()
    };
    match followed {
        Some(layer) if rates[layer].is_some() => {
            // Between these two it stays.
            let (low, high) = (best(most / MARGIN), best(most * MARGIN));
            if layer < low {
                low
            } else if layer > high {
                high
            } else {
                layer
            }
        }
        _ => best(most),
    }
}
