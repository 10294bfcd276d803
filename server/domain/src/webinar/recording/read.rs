//! Files of `WebM`, read cluster by cluster. Nothing here trusts what it reads.

use super::ebml::{Begin, children, id, number, vint};

/// What stands at the beginning of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A cluster, of so many bytes in all.
    Cluster(u64),
    /// Something else, of so many bytes in all.
    Other(u64),
    /// The file is over, cut short, or damaged from here on.
    End,
}

/// Bytes that tell what stands somewhere.
pub const PEEK: usize = 12;

impl Step {
    /// What begins there, at the top of a segment.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let Some(begin) = Begin::read(bytes) else { return Self::End };
        let Some(size) = begin.size.and_then(|size| size.checked_add(begin.length as u64)) else { return Self::End };
        match begin.id {
            id::CLUSTER => Self::Cluster(size),
            id::VOID | id::SEEK_HEAD | id::CUES | id::INFO | id::TRACKS | 0x1254_c367 => Self::Other(size),
            _ => Self::End,
        }
    }
}

/// Where the segment's content begins: past it stand its elements, one after the other.
#[must_use]
pub fn segment(bytes: &[u8]) -> Option<usize> {
    let ebml = Begin::read(bytes).filter(|begin| begin.id == id::EBML)?;
    let at = ebml.length.checked_add(usize::try_from(ebml.size?).ok()?)?;
    let begin = Begin::read(bytes.get(at..)?).filter(|begin| begin.id == id::SEGMENT)?;
    Some(at + begin.length)
}

/// A block as it stands in a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told<'a> {
    pub track: u64,
    /// Milliseconds since the file's beginning.
    pub time: u64,
    pub keyframe: bool,
    pub data: &'a [u8],
}

/// The blocks of a cluster, which begins these bytes and is whole. Nothing where it is not, or where what is in it is not
/// in order.
#[must_use]
pub fn cluster(bytes: &[u8]) -> Option<Vec<Told<'_>>> {
    let begin = Begin::read(bytes).filter(|begin| begin.id == id::CLUSTER)?;
    let end = begin.length.checked_add(usize::try_from(begin.size?).ok()?)?;
    let content = bytes.get(begin.length..end)?;
    let (mut base, mut blocks, mut read) = (None, Vec::new(), 0);
    for (id, from, inside) in children(content) {
        read = from + inside.len();
        match id {
            id::TIMESTAMP => base = Some(number(inside)?),
            id::SIMPLE_BLOCK => blocks.push(block(inside, base?, None)?),
            id::BLOCK_GROUP => {
                let predicted = children(inside).any(|(id, ..)| id == id::REFERENCE_BLOCK);
                let (_, _, inside) = children(inside).find(|(id, ..)| *id == id::BLOCK)?;
                blocks.push(block(inside, base?, Some(!predicted))?);
            }
            _ => {}
        }
    }
    (read == content.len()).then_some(blocks)
}

fn block(content: &[u8], base: u64, keyframe: Option<bool>) -> Option<Told<'_>> {
    let (track, length) = vint(content, 8, true)?;
    let [high, low, flags, data @ ..] = content.get(length..)? else { return None };
    let after = i64::from(i16::from_be_bytes([*high, *low]));
    let time = base.checked_add_signed(after)?;
    // No lacing: a block is one frame.
    (flags & 0x06 == 0).then_some(Told { track, time, keyframe: keyframe.unwrap_or(flags & 0x80 != 0), data })
}

/// The whole clusters of a file that is in memory, each with its place.
pub fn clusters(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = segment(bytes).unwrap_or(bytes.len());
    std::iter::from_fn(move || {
        loop {
            let (place, rest) = (at, bytes.get(at..)?);
            let (size, is_cluster) = match Step::read(rest) {
                Step::Cluster(size) => (usize::try_from(size).ok()?, true),
                Step::Other(size) => (usize::try_from(size).ok()?, false),
                Step::End => return None,
            };
            let whole = rest.get(..size)?;
            at += size;
            if is_cluster {
                return Some((place, whole));
            }
        }
    })
}
