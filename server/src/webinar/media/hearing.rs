//! What one viewer hears of one seat: all of it, at once. On a line that loses packets, each goes twice.

use super::outbox::Outgoing;
use super::ring::Packet;
use super::sender::{Exit, Sender};
use super::track::Track;

/// A block of redundant sound holds so many bytes and is so many ticks older, at most (RFC 2198, section 3).
const LONGEST: usize = 1 << 10;
const OLDEST: u32 = 1 << 14;

/// One viewer's hearing of one seat.
#[derive(Debug)]
pub struct Hearing {
    pub sender: Sender,
    /// The next index in the ring.
    cursor: u64,
}

impl Hearing {
    pub fn new(ssrc: u32) -> Self {
        Self { sender: Sender::new(ssrc), cursor: 0 }
    }

    /// Begins anew: somebody else is on the seat.
    pub fn stop(&mut self) {
        self.sender.stop();
    }

    /// Forwards sound, all of it: it is little, and it comes first. `frail` says that the line loses packets.
    pub fn hear(&mut self, track: &Track, frail: bool, exit: &mut Exit) {
        let Some(payload_type) = exit.format.sound else { return };
        if !self.sender.has_begun() || !track.ring.reaches(self.cursor) {
            let newest = track.ring.end().saturating_sub(1);
            let Some(packet) = track.ring.get(newest) else { return };
            self.sender.begin(packet, track.clock, exit.now);
            self.cursor = newest;
        }
        let cursor = self.cursor;
        let late = track.late.iter().copied().filter(|index| *index < cursor);
        for index in late.chain(cursor..track.ring.end()) {
            let Some(packet) = track.ring.get(index) else { continue };
            let Some(outgoing) = self.sender.outgoing(packet, payload_type) else { continue };
            let before = index.checked_sub(1).and_then(|before| track.ring.get(before)).filter(|_| frail);
            match before {
                None => self.sender.send(packet, &outgoing, exit),
                Some(before) => self.send_again(before, packet, &outgoing, exit),
            }
        }
        self.cursor = self.cursor.max(track.ring.end());
    }

    /// Sends a packet, and the one before it once more: inside it where the browser takes that (RFC 2198), else
    /// behind it, bit by bit as it was, so that whoever has it already drops it as a replay.
    fn send_again(&mut self, before: &Packet, packet: &Packet, outgoing: &Outgoing, exit: &mut Exit) {
        let (Some(plain), redundant) = (exit.format.sound, exit.format.redundant) else { return };
        let age = packet.timestamp.wrapping_sub(before.timestamp);
        match redundant {
            Some(payload_type) if age < OLDEST && before.payload.len() < LONGEST => {
                let preface = preface(plain, age, &before.payload);
                self.sender.send(packet, &Outgoing { payload_type, preface: &preface, ..*outgoing }, exit);
            }
            _ => {
                self.sender.send(packet, outgoing, exit);
                if let Some(again) = self.sender.outgoing(before, plain) {
                    let _ = exit.send(&again);
                }
            }
        }
    }
}

/// What stands before a packet's own sound: the header of the older block, its own header, and the older block.
fn preface(payload_type: u8, age: u32, older: &[u8]) -> Vec<u8> {
    let length = u32::try_from(older.len()).unwrap_or_default();
    let header = 1 << 31 | u32::from(payload_type & 0x7f) << 24 | age << 10 | length;
    [&header.to_be_bytes()[..], &[payload_type & 0x7f], older].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redundant_block_says_how_old_and_how_long_it_is() {
        // RFC 2198, section 3: 1 bit, 7 of payload type, 14 of offset, 10 of length; then 0 and 7 bits.
        assert_eq!(preface(111, 960, &[5, 6]), [0xef, 0x0f, 0x00, 0x02, 111, 5, 6]);
    }
}
