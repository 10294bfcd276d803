//! What stands before a picture's packets: where keyframes begin, and the two counters (of VP8 and VP9) that must go
//! on by one for a viewer, whatever encoding it is shown.

mod h264;
mod vp8;
mod vp9;

use super::codec::Codec;

/// Where the counters of one packet are, and what it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Descriptor {
    /// The first packet of a keyframe.
    pub keyframe: bool,
    /// The first packet of a picture, where its codec says so (VP8).
    pub begins: bool,
    /// Bytes before the picture itself (VP8).
    length: u8,
    /// Offset of the picture's number in the payload, and whether it has 15 bits rather than 7.
    picture: Option<(u8, bool)>,
    /// Offset of the number of the base layer's picture (`TL0PICIDX`).
    base: Option<u8>,
}

/// What is added to the counters of each packet of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shift {
    picture: u16,
    base: u8,
}

/// The counters of one packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    pub picture: u16,
    pub base: u8,
}

impl Descriptor {
    /// Reads the descriptor of a payload.
    ///
    /// Nothing where it is cut short, or has nothing after it.
    pub fn read(codec: Codec, payload: &[u8]) -> Option<Self> {
        match codec {
            Codec::Vp8 => vp8::read(payload),
            Codec::Vp9 => vp9::read(payload),
            Codec::H264 => h264::read(payload),
        }
    }

    /// Bytes of the payload before the picture itself.
    pub fn length(&self) -> usize {
        usize::from(self.length)
    }

    /// The counters in that payload, which is the one that was read.
    pub fn counters(&self, payload: &[u8]) -> Counters {
        let byte = |at: u8| payload.get(usize::from(at)).copied().unwrap_or_default();
        let picture = match self.picture {
            Some((at, true)) => u16::from_be_bytes([byte(at) & 0x7f, byte(at.saturating_add(1))]),
            Some((at, false)) => u16::from(byte(at) & 0x7f),
            None => 0,
        };
        Counters { picture, base: self.base.map_or(0, byte) }
    }

    /// Writes the counters, shifted, into a copy of the payload.
    pub fn rewrite(&self, payload: &mut [u8], shift: Shift) {
        let counters = shift.apply(self.counters(payload));
        let [high, low] = counters.picture.to_be_bytes();
        match self.picture.map(|(at, long)| (usize::from(at), long)) {
            Some((at, true)) => {
                if let Some([first, second]) = payload.get_mut(at..at + 2) {
                    (*first, *second) = (0x80 | (high & 0x7f), low);
                }
            }
            Some((at, false)) => {
                if let Some(byte) = payload.get_mut(at) {
                    *byte = low & 0x7f;
                }
            }
            None => {}
        }
        if let Some(byte) = self.base.and_then(|at| payload.get_mut(usize::from(at))) {
            *byte = counters.base;
        }
    }
}

impl Shift {
    /// The shift that makes `from` follow `last`; `last` is nothing at the beginning.
    pub fn after(last: Option<Counters>, from: Counters) -> Self {
        let Some(last) = last else { return Self::default() };
        Self {
            picture: last.picture.wrapping_add(1).wrapping_sub(from.picture),
            base: last.base.wrapping_add(1).wrapping_sub(from.base),
        }
    }

    /// What a viewer is told for those counters.
    pub fn apply(self, counters: Counters) -> Counters {
        Counters {
            picture: counters.picture.wrapping_add(self.picture) & 0x7fff,
            base: counters.base.wrapping_add(self.base),
        }
    }
}

/// A picture's number that begins there.
fn number(payload: &[u8], at: usize) -> Option<(u8, bool)> {
    Some((u8::try_from(at).ok()?, *payload.get(at)? & 0x80 != 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_go_on_by_one_over_a_change_of_encoding_and_over_their_end() {
        let last = Counters { picture: 0x7fff, base: 255 };
        for (codec, whole) in [(Codec::Vp8, vp8::packet(100, 9, true)), (Codec::Vp9, vp9::packet(100, 9, true))] {
            let mut next = whole.clone();
            let read = Descriptor::read(codec, &next).expect("whole");
            let shift = Shift::after(Some(last), read.counters(&next));
            read.rewrite(&mut next, shift);
            assert_eq!(read.counters(&next), Counters { picture: 0, base: 0 });
            assert_eq!(next[6..], whole[6..], "{codec:?}");
        }
    }

    #[test]
    fn what_is_cut_short_is_refused_at_any_length() {
        for (codec, whole) in [(Codec::Vp8, vp8::packet(300, 2, true)), (Codec::Vp9, vp9::packet(300, 2, true))] {
            for length in 0..=5 {
                assert_eq!(Descriptor::read(codec, &whole[..length]), None, "{codec:?}, {length} bytes");
            }
        }
    }
}
