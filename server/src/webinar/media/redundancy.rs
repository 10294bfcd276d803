//! Sound sent twice, in one packet (RFC 2198): what was sent before, and then what is new.

/// A block of older sound holds so many bytes and is so many ticks older, at most.
const LONGEST: usize = (1 << 10) - 1;
const OLDEST: u32 = (1 << 14) - 1;
/// No browser sends more blocks in a packet.
const MOST: usize = 8;

/// What stands before a packet's own sound: the header of the older block, its own header, and the older block.
/// Nothing where that one is too long or too old to be told.
pub fn preface(payload_type: u8, age: u32, older: &[u8]) -> Option<Vec<u8>> {
    let length = u32::try_from(older.len()).ok().filter(|_| older.len() <= LONGEST && age <= OLDEST)?;
    let header = 1 << 31 | u32::from(payload_type & 0x7f) << 24 | age << 10 | length;
    Some([&header.to_be_bytes()[..], &[payload_type & 0x7f], older].concat())
}

/// One block of a payload: how many ticks older it is than the packet, and its sound.
pub type Block<'a> = (u32, &'a [u8]);

/// The blocks of a payload, the oldest first and the new one last, if all are of that payload type.
///
/// Nothing where it is cut short, or where something else is in it.
pub fn blocks(payload: &[u8], payload_type: u8) -> Option<Vec<Block<'_>>> {
    let mut headers = Vec::new();
    let mut rest = payload;
    while let [first @ 0x80..=0xff, a, b, c, after @ ..] = rest {
        let header = u32::from_be_bytes([*first, *a, *b, *c]);
        let length = usize::try_from(header & 0x3ff).ok()?;
        (first & 0x7f == payload_type && headers.len() + 1 < MOST)
            .then(|| headers.push((header >> 10 & 0x3fff, length)))?;
        rest = after;
    }
    let (newest, mut rest) = rest.split_first()?;
    if *newest != payload_type {
        return None;
    }
    let mut blocks = Vec::with_capacity(headers.len() + 1);
    for (age, length) in headers {
        let (block, after) = rest.split_at_checked(length)?;
        blocks.push((age, block));
        rest = after;
    }
    blocks.push((0, rest));
    Some(blocks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    #[test]
    fn a_redundant_block_says_how_old_and_how_long_it_is() {
        // 1 bit, 7 of payload type, 14 of offset, 10 of length; then 0 and 7 bits.
        assert_eq!(preface(111, 960, &[5, 6]).expect("fits"), [0xef, 0x0f, 0x00, 0x02, 111, 5, 6]);
        assert_eq!(preface(111, OLDEST + 1, &[5]), None);
        assert_eq!(preface(111, 960, &[0; LONGEST + 1]), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_and_any_bytes_are_read_or_refused(
            age in 0..=OLDEST, older in vec(any::<u8>(), 0..200), newer in vec(any::<u8>(), 0..200),
        ) {
            let _ = blocks(&older, 111);
            let payload = [preface(111, age, &older).expect("fits"), newer.clone()].concat();
            prop_assert_eq!(blocks(&payload, 111), Some(vec![(age, &older[..]), (0, &newer[..])]));
            prop_assert_eq!(blocks(&payload, 112), None);
            for cut in 0..5 + older.len() {
                prop_assert_eq!(blocks(&payload[..cut], 111), None, "cut at {}", cut);
            }
        }
    }
}
