//! Datagrams one behind the other on a stream, each after its length in two bytes (RFC 4571, section 2).

/// No datagram of ours or of a browser's is longer.
pub const LONGEST: usize = 1500;

/// A frame that announces more than any datagram has: whoever writes it does not speak this protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

/// What came over a connection and was not taken yet.
#[derive(Debug, Default)]
pub struct Inbox {
    bytes: Vec<u8>,
    taken: usize,
}

impl Inbox {
    /// More came.
    pub fn receive(&mut self, bytes: &[u8]) {
        self.bytes.drain(..std::mem::take(&mut self.taken));
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole datagram, if there is one. Empty ones are no datagrams, and skipped.
    ///
    /// # Errors
    /// [`TooLong`]: nothing that follows can be understood.
    pub fn datagram(&mut self) -> Result<Option<&[u8]>, TooLong> {
        loop {
            let rest = self.bytes.get(self.taken..).unwrap_or_default();
            let Some((length, rest)) = rest.split_first_chunk::<2>() else { return Ok(None) };
            let length = usize::from(u16::from_be_bytes(*length));
            if length > LONGEST {
                return Err(TooLong);
            }
            if rest.len() < length {
                return Ok(None);
            }
            let start = self.taken + 2;
            self.taken = start + length;
            if length > 0 {
                return Ok(self.bytes.get(start..self.taken));
            }
        }
    }
}

/// Writes a datagram with its length before it; nothing where it is too long for one.
pub fn frame(datagram: &[u8], into: &mut Vec<u8>) {
    if let Some(length) = u16::try_from(datagram.len()).ok().filter(|length| usize::from(*length) <= LONGEST) {
        into.extend_from_slice(&length.to_be_bytes());
        into.extend_from_slice(datagram);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn datagrams_come_out_as_they_went_in_however_the_stream_is_cut(
            datagrams in vec(vec(any::<u8>(), 0..1501), 0..8), cuts in vec(1..2000_usize, 1..20),
        ) {
            let mut stream = Vec::new();
            for datagram in &datagrams {
                frame(datagram, &mut stream);
            }
            let (mut inbox, mut came, mut rest) = (Inbox::default(), Vec::new(), stream.as_slice());
            for cut in cuts.into_iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (now, later) = rest.split_at(cut.min(rest.len()));
                inbox.receive(now);
                rest = later;
                while let Some(datagram) = inbox.datagram().expect("short") {
                    came.push(datagram.to_vec());
                }
                prop_assert!(inbox.bytes.len() - inbox.taken < LONGEST + 2, "nothing whole is kept");
            }
            let sent: Vec<_> = datagrams.into_iter().filter(|datagram| !datagram.is_empty()).collect();
            prop_assert_eq!(came, sent);
        }

        #[test]
        fn a_length_beyond_any_datagram_ends_it_before_its_bytes_are_waited_for(length in 1501..=u16::MAX) {
            let mut inbox = Inbox::default();
            inbox.receive(&length.to_be_bytes());
            prop_assert_eq!(inbox.datagram(), Err(TooLong));
        }
    }
}
