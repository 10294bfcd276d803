//! Media for viewers who are connected to other nodes: what is on a room's stage is sent on, once, to all the nodes (relays) that
//! serve viewers of it, which put it in rings of their own.
//!
//! At its origin a room is followed like by a viewer without a line: every packet of every encoding goes out as it came, in its
//! order, in batches. What the batches' channel has no room for is lost and counted, and pictures go on at a keyframe that is
//! asked for. Who is on stage, with which tracks, is told whole each time it changes and several times a second: whoever
//! hears it first knows all, and who hears it no longer knows that the origin is gone.

pub mod feed;
#[cfg(test)]
mod tests;
pub mod wire;

use super::codec::{Codec, Codecs};
use super::counts::Counts;
use super::source::Source;
use super::stage::{LAYERS, PeerId, SEATS};
use super::track::{Track, Want};
use std::collections::BTreeMap;
use std::time::Instant;
use tokio::sync::mpsc;
use wire::{SOUND, Said};

/// Tracks of a seat: encodings of its picture, then its sound.
pub const TRACKS: usize = LAYERS + 1;
/// Bytes of a batch after which another one is begun.
const LARGE: usize = 48 * 1024;
/// Who is on stage is told every so many ticks.
const TOLD: u64 = 3;

/// The origin's end.
#[derive(Debug)]
pub struct Cascade {
    out: mpsc::Sender<Vec<u8>>,
    /// Viewers on other nodes, and what they understand.
    pub viewers: BTreeMap<PeerId, Codecs>,
    /// Where each track is followed: its source's turn, its own, and the next packet.
    cursors: [[Option<(u64, u64, u64)>; TRACKS]; SEATS],
    /// Who was last told to be on stage.
    told: Vec<u8>,
    began: bool,
    /// Something was lost on the way: pictures are broken there.
    lost: bool,
}

impl Cascade {
    pub fn new(out: mpsc::Sender<Vec<u8>>) -> Self {
        let (viewers, cursors) = (BTreeMap::new(), [const { [None; TRACKS] }; SEATS]);
        Self { out, viewers, cursors, told: Vec::new(), began: false, lost: false }
    }

    /// Whether anybody still takes what goes out.
    pub fn is_heard(&self) -> bool {
        !self.out.is_closed()
    }

    /// Whether everybody there understands that codec; who receives no pictures misses none.
    pub fn is_seen(&self, codec: Codec) -> bool {
        self.viewers.values().all(|pictures| pictures.is_empty() || pictures.get(codec).is_some())
    }

    /// A tenth of a second has passed: tells who is on stage, if it is time to.
    pub fn tick(&mut self, number: u64, sources: &[Option<Source>; SEATS], counts: &Counts, now: Instant) {
        if number.is_multiple_of(TOLD) {
            self.send(wire::stage(sources, Some(now)), 0, counts);
        }
    }

    /// Sends on what came.
    pub fn listen(&mut self, sources: &mut [Option<Source>; SEATS], counts: &Counts, now: Instant) {
        let stage = wire::stage(sources, None);
        if stage != self.told {
            self.send(wire::stage(sources, Some(now)), 0, counts);
            self.told = stage;
        }
        let (mut batch, mut packets) = (Vec::new(), 0);
        for (seat, source) in sources.iter().enumerate() {
            let Some(source) = source else {
                self.cursors[seat] = [None; TRACKS];
                continue;
            };
            for (place, track) in places(source) {
                let Some(cursor) = self.cursors[seat].get_mut(place) else { continue };
                let Some(track) = track else {
                    *cursor = None;
                    continue;
                };
                let known = cursor.filter(|(turn, number, _)| (*turn, *number) == (source.turn, track.turn));
                // What was there before anybody listened is old; what has begun since is sent from its first packet.
                let begin = if self.began { track.ring.oldest() } else { track.ring.end() };
                let next = known.map_or(begin, |(_, _, next)| next).max(track.ring.oldest());
                *cursor = Some((source.turn, track.turn, track.ring.end()));
                let late = track.late.iter().copied().filter(|index| *index < next);
                for packet in late.chain(next..track.ring.end()).filter_map(|index| track.ring.get(index)) {
                    wire::packet(&mut batch, Said { seat, place, turn: source.turn, track: track.turn }, packet);
                    packets += 1;
                    if batch.len() > LARGE {
                        send(
                            &self.out,
                            std::mem::take(&mut batch),
                            std::mem::take(&mut packets),
                            &mut self.lost,
                            counts,
                        );
                    }
                }
            }
        }
        self.began = true;
        self.send(batch, packets, counts);
        if self.lost && self.out.capacity() > 0 {
            self.lost = false;
            sources.iter_mut().flatten().flat_map(|source| &mut source.pictures).flatten().for_each(want);
        }
    }

    fn send(&mut self, batch: Vec<u8>, packets: usize, counts: &Counts) {
        send(&self.out, batch, packets, &mut self.lost, counts);
    }
}

fn want(track: &mut Track) {
    track.want_keyframe(Want::Urgent);
}

fn send(out: &mpsc::Sender<Vec<u8>>, batch: Vec<u8>, packets: usize, lost: &mut bool, counts: &Counts) {
    if !batch.is_empty() && out.try_send(batch).is_err() {
        counts.unrelayed(packets);
        *lost |= packets > 0;
    }
}

/// The tracks of a seat, each with its place.
fn places(source: &Source) -> impl Iterator<Item = (usize, Option<&Track>)> + Clone {
    let pictures = source.pictures.iter().map(Option::as_ref).enumerate();
    pictures.chain([(SOUND, source.sound.as_ref())])
}
