//! What one viewer hears of one seat: all of it, at once. On a line that loses packets, each goes twice.

use super::outbox::Outgoing;
use super::redundancy::preface;
use super::ring::Packet;
use super::sender::{Exit, Sender};
use super::track::Track;

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

    /// Sends a packet, and the one before it once more: inside it where the browser takes that, else behind it, bit
    /// by bit as it was, so that whoever has it already drops it as a replay.
    fn send_again(&mut self, before: &Packet, packet: &Packet, outgoing: &Outgoing, exit: &mut Exit) {
        let age = packet.timestamp.wrapping_sub(before.timestamp);
        let older = preface(outgoing.payload_type, age, &before.payload);
        match (exit.format.redundant, older) {
            (Some(payload_type), Some(preface)) => {
                self.sender.send(packet, &Outgoing { payload_type, preface: &preface, ..*outgoing }, exit);
            }
            // Older sound that is too old is let go: sent again by itself it would not be what it was.
            (Some(_), None) => self.sender.send(packet, outgoing, exit),
            (None, _) => {
                self.sender.send(packet, outgoing, exit);
                if let Some(again) = self.sender.outgoing(before, outgoing.payload_type) {
                    let _ = exit.send(&again);
                }
            }
        }
    }
}
