//! How long a packet of sound lasts (Opus, RFC 6716).

/// Milliseconds of a packet of Opus, from its first bytes (section 3.1, table 2); nothing where there are too few.
#[must_use]
pub fn lasts(packet: &[u8]) -> Option<u64> {
    let toc = *packet.first()?;
    let config = toc >> 3;
    // In tenths of a millisecond: voice, both, and everything.
    let frame = match config {
        0..=11 => [100, 200, 400, 600][usize::from(config & 3)],
        12..=15 => [100, 200][usize::from(config & 1)],
        _ => [25, 50, 100, 200][usize::from(config & 3)],
    };
    let frames = match toc & 3 {
        0 => 1,
        1 | 2 => 2,
        _ => u64::from(packet.get(1)? & 0x3f),
    };
    Some(frame * frames / 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_lasts_as_long_as_its_first_bytes_say() {
        let toc = |config: u8, code: u8| config << 3 | code;
        for (packet, milliseconds) in [
            (vec![toc(11, 0), 9], Some(60)),
            (vec![toc(1, 0)], Some(20)),
            (vec![toc(13, 1)], Some(40)),
            (vec![toc(31, 0), 0xff, 0xfe], Some(20)),
            (vec![toc(31, 3), 0x83], Some(60)),
            (vec![toc(16, 2)], Some(5)),
            (vec![toc(31, 3)], None),
            (vec![], None),
        ] {
            assert_eq!(lasts(&packet), milliseconds, "{packet:?}");
        }
    }
}
