//! The VP8 payload descriptor (RFC 7741, section 4.2): where frames begin, and the two counters that must go
//! on by one for a viewer, whatever encoding it is shown.

/// Where the counters of one packet are, and what it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Descriptor {
    /// The first packet of a keyframe.
    pub keyframe: bool,
    /// Offset of `PictureID` in the payload, and whether it has 15 bits rather than 7.
    picture: Option<(u8, bool)>,
    /// Offset of `TL0PICIDX`.
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
    pub fn read(payload: &[u8]) -> Option<Self> {
        let first = *payload.first()?;
        let mut at = 1;
        let mut read = Self::default();
        if first & 0x80 != 0 {
            let extensions = *payload.get(at)?;
            at += 1;
            if extensions & 0x80 != 0 {
                let long = *payload.get(at)? & 0x80 != 0;
                read.picture = Some((u8::try_from(at).ok()?, long));
                at += if long { 2 } else { 1 };
            }
            if extensions & 0x40 != 0 {
                read.base = Some(u8::try_from(at).ok()?);
                at += 1;
            }
            if extensions & 0x30 != 0 {
                at += 1;
            }
        }
        let header = *payload.get(at)?;
        let begins = first & 0x17 == 0x10;
        read.keyframe = begins && header & 0x01 == 0;
        Some(read)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A first packet: extended, 15-bit picture, base layer, temporal layer; then the frame's own header.
    fn packet(picture: u16, base: u8, keyframe: bool) -> Vec<u8> {
        let [high, low] = picture.to_be_bytes();
        vec![0x90, 0xe0, 0x80 | high, low, base, 0x20, u8::from(!keyframe), 1, 2, 3]
    }

    #[test]
    fn a_keyframe_is_seen_at_its_first_packet_only() {
        assert!(Descriptor::read(&packet(7, 1, true)).expect("whole").keyframe);
        assert!(!Descriptor::read(&packet(7, 1, false)).expect("whole").keyframe);
        let mut later = packet(7, 1, true);
        later[0] = 0x80;
        assert!(!Descriptor::read(&later).expect("whole").keyframe);
    }

    #[test]
    fn counters_go_on_by_one_over_a_change_of_encoding_and_over_their_end() {
        let last = Counters { picture: 0x7fff, base: 255 };
        let mut next = packet(100, 9, true);
        let read = Descriptor::read(&next).expect("whole");
        read.rewrite(&mut next.clone(), Shift::default());
        let shift = Shift::after(Some(last), read.counters(&next));
        read.rewrite(&mut next, shift);
        assert_eq!(read.counters(&next), Counters { picture: 0, base: 0 });
        assert_eq!(&next[6..], &packet(100, 9, true)[6..]);
    }

    #[test]
    fn what_is_cut_short_is_refused_at_any_length() {
        let whole = packet(300, 2, true);
        for length in 0..=6 {
            assert_eq!(Descriptor::read(&whole[..length]), None, "{length} bytes");
        }
        for byte in 0..=255 {
            let _ = Descriptor::read(&[byte, byte, byte, byte]);
        }
    }
}
