//! What a file that was written comes to, and what is to be filled in at its head.

use super::head::{Layout, Patch};
use super::read::Told;
use super::{Track, size_of};
use std::collections::BTreeMap;

/// What was found in the clusters of a file, taken one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Survey {
    /// Time, and place in the file, of each cluster that begins with a keyframe.
    keys: Vec<(u64, u64)>,
    /// Of the last block of each track.
    last: BTreeMap<u64, u64>,
    /// The widest and the highest that each picture was.
    sizes: BTreeMap<u64, (u16, u16)>,
    blocks: u64,
}

impl Survey {
    /// Takes the blocks of a cluster that begins at that place. `leads` is the number of the track that players seek in.
    pub fn take(&mut self, place: u64, blocks: &[Told<'_>], leads: Track) {
        let leads = u64::from(leads.number());
        if let Some(first) = blocks.first().filter(|first| first.track == leads && first.keyframe) {
            self.keys.push((first.time, place));
        }
        for block in blocks {
            self.blocks += 1;
            let last = self.last.entry(block.track).or_default();
            *last = (*last).max(block.time);
            let picture = Track::of(block.track).is_some_and(Track::is_picture);
            if let Some((width, height)) = size_of(block.data).filter(|_| picture && block.keyframe) {
                let size = self.sizes.entry(block.track).or_default();
                *size = (size.0.max(width), size.1.max(height));
            }
        }
    }

    /// Nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks == 0
    }

    /// Whether there is anything of that track.
    #[must_use]
    pub fn has(&self, track: Track) -> bool {
        self.last.contains_key(&track.number().into())
    }

    /// Milliseconds from the beginning to the end of the last frame or sound, which last some twenty.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.last.values().max().map_or(0, |last| last + 20)
    }

    /// What is to be written over the head of the file, which ends there.
    #[must_use]
    pub fn complete(&self, layout: &Layout, end: u64) -> Vec<Patch> {
        let sizes: Vec<_> = self.sizes.iter().map(|(track, size)| (*track, *size)).collect();
        layout.complete(self.length(), &sizes, &self.keys, end)
    }
}
