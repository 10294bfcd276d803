//! What a webinar's recording is made of: which pictures and which voice ([`scene`], [`voice`]), at what time ([`clock`]),
//! in what file ([`Muxer`] writes it, [`read`] reads it, [`survey`] repairs and completes it).
//!
//! The file is `WebM` (RFC 8794, RFC 9559, and the guidelines of its project): what browsers send is kept as it is, so
//! that nothing is encoded anew. Only its end grows: a cluster is whole before it is written, so that whatever cuts it
//! short leaves a file that plays to its last whole cluster. Once over, what was left open at its head is filled in: how
//! long it is, how large its pictures are, and where its keyframes begin.

pub mod clock;
mod ebml;
mod event;
mod head;
mod mux;
mod opus;
pub mod read;
pub mod scene;
pub mod steady;
mod still;
pub mod survey;
#[cfg(test)]
mod tests;
pub mod voice;

pub use event::event;
pub use head::{HEAD_ROOM, Head, Layout, key_at};
pub use mux::{Chunk, Muxer};

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Track {
    /// The screen while one is shared, else the camera of who leads.
    Stage,
    /// The camera of who leads, while a screen is shared.
    Camera,
    /// Who speaks.
    Voice,
    /// What happens in the room: what trainers publish is there in words, what others write by its place in the log, so
    /// that what is hidden or erased later is nowhere else.
    Events,
}

impl Track {
    /// All there are, in the order of their numbers.
    pub const ALL: [Self; 4] = [Self::Stage, Self::Camera, Self::Voice, Self::Events];

    /// Its number in the file.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Stage => 1,
            Self::Camera => 2,
            Self::Voice => 3,
            Self::Events => 4,
        }
    }

    /// Whether it is of pictures.
    #[must_use]
    pub fn is_picture(self) -> bool {
        matches!(self, Self::Stage | Self::Camera)
    }

    /// The one of that number.
    #[must_use]
    pub fn of(number: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|track| u64::from(track.number()) == number)
    }
}

/// One frame of a picture, one packet of sound, one event: what a track is a sequence of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    pub track: Track,
    /// Milliseconds since the recording began.
    pub time: u64,
    /// Can be decoded without those before it.
    pub keyframe: bool,
    pub data: Vec<u8>,
}

/// Width and height of a picture, as the header of a VP8 keyframe says (RFC 6386, section 9.1); nothing where it is none.
#[must_use]
pub fn size_of(frame: &[u8]) -> Option<(u16, u16)> {
    let [tag, _, _, 0x9d, 0x01, 0x2a, width, wide, height, high, ..] = *frame else { return None };
    let number = |low: u8, high: u8| u16::from_le_bytes([low, high]) & 0x3fff;
    let size = (number(width, wide), number(height, high));
    (tag & 1 == 0 && size.0 > 0 && size.1 > 0).then_some(size)
}

/// A keyframe of VP8 as a picture of `WebP`, which holds nothing else (RFC 9649, section 2.5); nothing where it is none.
#[must_use]
pub fn webp(keyframe: &[u8]) -> Option<Vec<u8>> {
    size_of(keyframe)?;
    // Chunks are of an even length.
    let padded = keyframe.len().next_multiple_of(2);
    let length = u32::try_from(keyframe.len()).ok()?;
    let mut out = Vec::with_capacity(20 + padded);
    out.extend_from_slice(b"RIFF");
    out.extend_from_slice(&u32::try_from(12 + padded).ok()?.to_le_bytes());
    out.extend_from_slice(b"WEBPVP8 ");
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(keyframe);
    out.resize(20 + padded, 0);
    Some(out)
}
