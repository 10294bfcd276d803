//! Blocks into clusters.

use super::ebml::{id, put, put_id, put_master, put_number, put_size};
use super::{Block, Track};
use std::collections::BTreeMap;

/// Milliseconds of a cluster at most: what is lost of a file that is cut short, and what whoever watches live waits for.
pub const LONGEST: u64 = 500;
/// Milliseconds that late blocks are waited for: a picture of which a packet had to be asked for again is still told at its
/// own time.
pub const SETTLES: u64 = 500;

/// A cluster, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// Milliseconds since the recording began, of its first block.
    pub time: u64,
    /// It begins with a keyframe of the picture that players seek in.
    pub keyframe: bool,
    pub bytes: Vec<u8>,
}

impl Chunk {
    /// Milliseconds that it lasts, at most.
    pub const LONGEST: u64 = LONGEST;
}

/// Puts blocks together. A cluster begins at each keyframe of the track that leads, and lasts [`LONGEST`] at most.
#[derive(Debug)]
pub struct Muxer {
    leads: Track,
    pending: Vec<Block>,
    /// Nothing earlier is written any more.
    floor: u64,
    /// The last time of each track: times go up.
    last: BTreeMap<Track, u64>,
}

impl Muxer {
    /// For a file in which that track is the one that players seek in; nothing is written before `floor`.
    #[must_use]
    pub fn new(leads: Track, floor: u64) -> Self {
        Self { leads, pending: Vec::new(), floor, last: BTreeMap::new() }
    }

    /// Takes a block. One that comes too late for its place is told as late as it must be.
    pub fn push(&mut self, mut block: Block) {
        let after = self.last.get(&block.track).map_or(0, |last| last + 1);
        block.time = block.time.max(after).max(self.floor);
        self.last.insert(block.track, block.time);
        self.pending.push(block);
    }

    /// The clusters that nothing can be added to any more at that time.
    pub fn advance(&mut self, now: u64) -> Vec<Chunk> {
        let mut chunks = Vec::new();
        while let Some(end) = self.end().filter(|end| end + SETTLES <= now) {
            chunks.push(self.close(end));
        }
        chunks
    }

    /// All that is left.
    pub fn finish(&mut self) -> Vec<Chunk> {
        let mut chunks = Vec::new();
        while let Some(end) = self.end() {
            chunks.push(self.close(end));
        }
        chunks
    }

    /// Where the cluster of the first pending block ends.
    fn end(&self) -> Option<u64> {
        let start = self.pending.iter().map(|block| block.time).min()?;
        let leads = self.pending.iter().filter(|block| block.track == self.leads && block.keyframe);
        let next = leads.map(|block| block.time).filter(|time| *time > start).min();
        Some((start + LONGEST).min(next.unwrap_or(u64::MAX)))
    }

    fn close(&mut self, end: u64) -> Chunk {
        let (mut inside, pending) =
            std::mem::take(&mut self.pending).into_iter().partition::<Vec<_>, _>(|block| block.time < end);
        self.pending = pending;
        self.floor = end;
        inside.sort_by_key(|block| (block.time, block.track));
        let time = inside.first().map_or(end, |block| block.time);
        let keyframe = inside.first().is_some_and(|block| block.track == self.leads && block.keyframe);
        Chunk { time, keyframe, bytes: cluster(time, &inside) }
    }
}

fn cluster(time: u64, blocks: &[Block]) -> Vec<u8> {
    let room = blocks.iter().map(|block| block.data.len() + 24).sum::<usize>() + 16;
    let mut content = Vec::with_capacity(room);
    put_number(&mut content, id::TIMESTAMP, time);
    for block in blocks {
        let after = i16::try_from(block.time - time).unwrap_or(i16::MAX);
        let flags = if block.keyframe { 0x80 } else { 0 };
        let [high, low] = after.to_be_bytes();
        let begin = [0x80 | block.track.number(), high, low, flags];
        if block.track == Track::Events {
            // The WebM project's way to tell text: a block with a duration, its words after two empty lines' worth of
            // settings (identifier, settings).
            put_master(&mut content, id::BLOCK_GROUP, |out| {
                put(out, id::BLOCK, &[&begin[..3], b"\0\n\n", &block.data].concat());
                put_number(out, id::BLOCK_DURATION, 1);
            });
            continue;
        }
        put_id(&mut content, id::SIMPLE_BLOCK);
        put_size(&mut content, begin.len() + block.data.len());
        content.extend_from_slice(&begin);
        content.extend_from_slice(&block.data);
    }
    let mut bytes = Vec::with_capacity(content.len() + 12);
    put(&mut bytes, id::CLUSTER, &content);
    bytes
}
