//! H.264 payloads (RFC 6184, section 5): no counters, and a keyframe that begins with the parameters to decode it.

use super::Descriptor;

/// A sequence's parameters, and several units in one packet (types of units).
const PARAMETERS: u8 = 7;
const TOGETHER: u8 = 24;

pub fn read(payload: &[u8]) -> Option<Descriptor> {
    let kind = |unit: &u8| unit & 0x1f;
    let first = kind(payload.first()?);
    payload.get(1)?;
    // Behind the packet's own byte, each unit stands behind its length.
    let begins = first == PARAMETERS || (first == TOGETHER && payload.get(3).map(kind) == Some(PARAMETERS));
    Some(Descriptor { keyframe: begins, ..Descriptor::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyframe_begins_with_its_parameters_alone_or_with_others() {
        let keyframe = |payload: &[u8]| read(payload).expect("whole").keyframe;
        assert!(keyframe(&[0x67, 0x42, 0xe0, 0x1f]));
        assert!(keyframe(&[0x78, 0, 4, 0x67, 0x42, 0xe0, 0x1f, 0, 2, 0x68, 0xce]));
        assert!(!keyframe(&[0x7c, 0x85, 1, 2]), "a part of the picture itself");
        assert!(!keyframe(&[0x61, 1, 2]));
        assert_eq!(read(&[0x67]), None);
    }
}
