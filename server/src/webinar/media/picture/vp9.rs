//! The VP9 payload descriptor (RFC 9628, section 4.2).

use super::{Descriptor, number};

/// Most pictures that one says it refers to.
const REFERENCES: usize = 3;

pub fn read(payload: &[u8]) -> Option<Descriptor> {
    let first = *payload.first()?;
    let has = |bit: u8| first & bit != 0;
    let (numbered, predicted, layered, flexible, begins) = (has(0x80), has(0x40), has(0x20), has(0x10), has(0x08));
    let mut at = 1;
    let mut read = Descriptor::default();
    if numbered {
        let (place, long) = number(payload, at)?;
        read.picture = Some((place, long));
        at += if long { 2 } else { 1 };
    }
    let mut lowest = true;
    if layered {
        lowest = *payload.get(at)? & 0x0e == 0;
        at += 1;
        if !flexible {
            read.base = Some(u8::try_from(at).ok()?);
            at += 1;
        }
    }
    if flexible && predicted {
        for _ in 0..REFERENCES {
            let more = *payload.get(at)? & 0x01 != 0;
            at += 1;
            if !more {
                break;
            }
        }
    }
    // The structure of scalability, where there is one, and the picture: something is to follow.
    payload.get(at)?;
    read.keyframe = begins && !predicted && lowest;
    Some(read)
}

/// A first packet: 15-bit picture, layers, base layer; then the frame itself.
#[cfg(test)]
pub fn packet(picture: u16, base: u8, keyframe: bool) -> Vec<u8> {
    let [high, low] = picture.to_be_bytes();
    vec![if keyframe { 0xa8 } else { 0xe8 }, 0x80 | high, low, 0x00, base, 1, 2, 3]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyframe_is_seen_at_its_first_packet_only() {
        assert!(read(&packet(7, 1, true)).expect("whole").keyframe);
        assert!(!read(&packet(7, 1, false)).expect("whole").keyframe);
        let mut later = packet(7, 1, true);
        later[0] &= !0x08;
        assert!(!read(&later).expect("whole").keyframe, "it does not begin there");
        let mut upper = packet(7, 1, true);
        upper[3] = 0x02;
        assert!(!read(&upper).expect("whole").keyframe, "an upper layer of it");
    }

    #[test]
    fn references_of_the_flexible_mode_are_passed_over_and_it_has_no_base_layer_number() {
        // Flexible and predicted, 7-bit picture, layers, two references.
        let payload = [0xf8, 0x05, 0x00, 0x03, 0x04, 9];
        let descriptor = read(&payload).expect("whole");
        assert_eq!((descriptor.picture, descriptor.base, descriptor.keyframe), (Some((1, false)), None, false));
        assert_eq!(read(&payload[..5]), None, "nothing follows");
    }
}
