//! Packets of one viewer on their way out: written, sealed, and sent in as few system calls as their sizes allow.

use super::codec::Codecs;
use super::picture::{Descriptor, Shift};
use super::srtp::{Head, Keys};

/// How one connection wants its packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Format {
    /// Payload types of pictures, of Opus, and of Opus sent twice (RFC 2198).
    pub pictures: Codecs,
    pub sound: Option<u8>,
    pub redundant: Option<u8>,
    /// The identifier of the header extension that tells when a packet was sent; the browser's own estimate of
    /// its line (REMB) rests on it.
    pub sent_at: Option<u8>,
}

/// One packet to write.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    pub payload_type: u8,
    pub ssrc: u32,
    /// The sequence number, extended.
    pub index: u64,
    pub timestamp: u32,
    pub marker: bool,
    /// Says when it is sent. Sounds do not, so that one sent again is the same bit by bit.
    pub stamped: bool,
    /// What stands before the payload: the sequence number that is sent again, or earlier sound.
    pub preface: &'a [u8],
    pub payload: &'a [u8],
    pub picture: Option<(Descriptor, Shift)>,
}

/// Sealed packets, one behind the other. There is one for the whole thread: nothing is allocated a packet.
#[derive(Debug, Default)]
pub struct Outbox {
    buffer: Vec<u8>,
    lengths: Vec<usize>,
    /// When this is written, in 1/2^18 s (the extension `abs-send-time`).
    pub clock: u32,
}

impl Outbox {
    /// Writes and seals one packet; gives its size in bytes, nothing where it could not be sealed.
    pub fn write(&mut self, keys: &mut Keys, format: &Format, packet: &Outgoing) -> Option<usize> {
        let start = self.buffer.len();
        #[expect(clippy::cast_possible_truncation, reason = "the low 16 bits are the sequence number")]
        let [high, low] = (packet.index as u16).to_be_bytes();
        let sent_at = format.sent_at.filter(|_| packet.stamped);
        let extended = if sent_at.is_some() { 0x90 } else { 0x80 };
        self.buffer.extend_from_slice(&[extended, u8::from(packet.marker) << 7 | packet.payload_type, high, low]);
        self.buffer.extend_from_slice(&packet.timestamp.to_be_bytes());
        self.buffer.extend_from_slice(&packet.ssrc.to_be_bytes());
        if let Some(id) = sent_at {
            let [_, clock @ ..] = self.clock.to_be_bytes();
            self.buffer.extend_from_slice(&[0xbe, 0xde, 0, 1, id << 4 | 2]);
            self.buffer.extend_from_slice(&clock);
        }
        let body = self.buffer.len() - start;
        self.buffer.extend_from_slice(packet.preface);
        let payload = self.buffer.len();
        self.buffer.extend_from_slice(packet.payload);
        if let Some((descriptor, shift)) = packet.picture {
            descriptor.rewrite(&mut self.buffer[payload..], shift);
        }
        keys.seal(&mut self.buffer, start, body, Head { ssrc: packet.ssrc, index: packet.index }).ok()?;
        let length = self.buffer.len() - start;
        self.lengths.push(length);
        Some(length)
    }

    /// How many packets there are.
    pub fn len(&self) -> usize {
        self.lengths.len()
    }

    /// Forgets what was written.
    pub fn clear(&mut self) {
        self.lengths.clear();
        self.buffer.clear();
    }

    /// Hands out runs of packets of one size (the last one may be shorter), as the kernel's segmentation
    /// offload takes them, then forgets them.
    pub fn drain(&mut self, most: usize, mut send: impl FnMut(&[u8], usize)) {
        let mut start = 0;
        let mut from = 0;
        while let Some(&size) = self.lengths.get(from) {
            let (count, bytes) = run(&self.lengths[from..], most);
            send(&self.buffer[start..start + bytes], size);
            start += bytes;
            from += count;
        }
        self.clear();
    }
}

/// Bytes that one send may carry.
const MOST_BYTES: usize = 60_000;

/// How many of the packets at the front go together, and their bytes.
fn run(lengths: &[usize], most: usize) -> (usize, usize) {
    let size = lengths.first().copied().unwrap_or_default();
    let (mut count, mut bytes) = (0, 0);
    for length in lengths.iter().take(most.max(1)) {
        if *length > size || (count > 0 && bytes + length > MOST_BYTES) {
            break;
        }
        count += 1;
        bytes += length;
        if *length < size {
            break;
        }
    }
    (count, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_of_one_size_go_together_and_a_shorter_one_closes_the_run() {
        assert_eq!(run(&[100, 100, 100], 64), (3, 300));
        assert_eq!(run(&[100, 100, 40, 40], 64), (3, 240));
        assert_eq!(run(&[40, 100, 100], 64), (1, 40));
        assert_eq!(run(&[100, 100, 100], 2), (2, 200));
        assert_eq!(run(&[1200; 64], 64), (50, 60_000));
    }
}
