//! The VP8 payload descriptor (RFC 7741, section 4.2).

use super::{Descriptor, number};

pub fn read(payload: &[u8]) -> Option<Descriptor> {
    let first = *payload.first()?;
    let mut at = 1;
    let mut read = Descriptor::default();
    if first & 0x80 != 0 {
        let extensions = *payload.get(at)?;
        at += 1;
        if extensions & 0x80 != 0 {
            let (place, long) = number(payload, at)?;
            read.picture = Some((place, long));
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
    // The start of the first partition (S, and partition 0): the picture begins there.
    read.begins = first & 0x17 == 0x10;
    read.length = u8::try_from(at).ok()?;
    read.keyframe = read.begins && header & 0x01 == 0;
    Some(read)
}

/// A first packet: extended, 15-bit picture, base layer, temporal layer; then the frame's own header.
#[cfg(test)]
pub fn packet(picture: u16, base: u8, keyframe: bool) -> Vec<u8> {
    let [high, low] = picture.to_be_bytes();
    vec![0x90, 0xe0, 0x80 | high, low, base, 0x20, u8::from(!keyframe), 1, 2, 3]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyframe_is_seen_at_its_first_packet_only() {
        assert!(read(&packet(7, 1, true)).expect("whole").keyframe);
        assert!(!read(&packet(7, 1, false)).expect("whole").keyframe);
        let read_first = read(&packet(7, 1, true)).expect("whole");
        assert_eq!((read_first.begins, read_first.length()), (true, 6));
        let mut later = packet(7, 1, true);
        later[0] = 0x80;
        let later = read(&later).expect("whole");
        assert!(!later.keyframe && !later.begins);
    }
}
