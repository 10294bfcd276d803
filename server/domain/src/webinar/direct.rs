//! What passes over the WebSocket that brings a room's picture and sound, for those whose network lets nothing else through.
//!
//! The browser opens `/webinaires/{webinar}/direct` and says which tab it is; the server says [`FromServer::Begin`], then a
//! head and pieces of `WebM` as binary messages ([`Part`]), and begins anew, with another, where there is a picture from then
//! on, or none any more, and for whoever is too slow: what was under way of a piece is then left. The browser says of each
//! piece that it took it ([`FromViewer::Took`]): that is how the server knows how fast it may go on, and the proof that what it
//! sent was received ([`Delivery`]). Of the parts before its last ([`FromViewer::Came`]), and of a check
//! ([`FromServer::Check`]), it says at once that they came: how far apart the answers to checks come is what the line carries.

use super::recording::Chunk;
use super::signal::TabId;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// The longest message of a browser, in bytes.
pub const LONGEST: usize = 128;
/// Messages that are on their way at once: four seconds of short pieces. And their bytes: nothing overtakes them, and a line
/// that has weakened brings no sound before they have come.
pub const WINDOW: usize = 8;
const BYTES: usize = 48_000;
/// Bytes of a piece that go in one message, at most.
pub const PART: usize = 8_000;
/// Milliseconds that players may round up what they hold.
const ROUNDING: u64 = 1_000;

/// What a browser says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum FromViewer {
    /// First of all: which tab of the room it is.
    Tab(TabId),
    /// Its player took the pieces up to that one, counted from one since the line was opened, and holds what is shown until
    /// then, in milliseconds of the film.
    Took { piece: u64, until: u64 },
    /// That part came, counted from one since the line was opened, the last ones of pieces too; said of the others.
    Came { part: u64 },
    /// That check came.
    Checked { number: u64 },
}

/// What the server says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FromServer {
    /// A head comes next, of a film of these codecs (RFC 6381). Over a thin line, more of it is to be kept in hand.
    Begin { codecs: String, thin: bool },
    /// To be answered at once. `filling` gives it its weight, and says nothing.
    Check { number: u64, filling: String },
}

/// What is in a binary message, said by its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A whole head.
    Head,
    /// A part of a piece that goes on in the next message.
    More,
    /// The last part of a piece, or all of it.
    Last,
}

impl Part {
    const ALL: [Self; 3] = [Self::Head, Self::More, Self::Last];

    /// The message.
    #[must_use]
    pub fn message(self, bytes: &[u8]) -> Vec<u8> {
        [&[self as u8], bytes].concat()
    }

    /// What a message is, by its first byte.
    #[must_use]
    pub fn of(first: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|part| *part as u8 == first)
    }
}

/// The codecs of what is told live.
#[must_use]
pub fn codecs(shows: bool) -> &'static str {
    if shows { "vp8,opus" } else { "opus" }
}

/// What was sent to one browser, and what of it arrived.
#[derive(Debug, Default)]
pub struct Delivery {
    parts: u64,
    pieces: u64,
    /// The end of what was sent, in milliseconds of the film.
    end: u64,
    waits: VecDeque<Sent>,
}

/// A part on its way.
#[derive(Debug, Clone, Copy)]
struct Sent {
    part: u64,
    /// Of the last part of a piece, its number and the time of what is first in it.
    piece: Option<(u64, u64)>,
    bytes: usize,
}

impl Delivery {
    /// Whether one more may be sent.
    #[must_use]
    pub fn has_room(&self) -> bool {
        let bytes: usize = self.waits.iter().map(|sent| sent.bytes).sum();
        self.waits.len() < WINDOW && bytes < BYTES
    }

    /// Whether anything is on its way.
    #[must_use]
    pub fn waits(&self) -> bool {
        !self.waits.is_empty()
    }

    /// A part of so many bytes is sent; of the last of a piece, the time of the film at which the piece begins.
    pub fn send(&mut self, bytes: usize, last: Option<u64>) {
        self.parts += 1;
        let piece = last.map(|time| {
            self.pieces += 1;
            self.end = self.end.max(time + Chunk::LONGEST);
            (self.pieces, time)
        });
        self.waits.push_back(Sent { part: self.parts, piece, bytes });
    }

    /// The browser says that a part came, which was not the last of its piece. Whether that is believed: it was on its way.
    /// Pieces before it came too, and wait until the player took them.
    pub fn came(&mut self, part: u64) -> bool {
        let known = self.waits.iter().any(|sent| sent.part == part && sent.piece.is_none());
        if known {
            self.waits.retain(|sent| sent.part > part || sent.piece.is_some());
        }
        known
    }

    /// The browser says that it took a piece. Whether that is believed: it was on its way, and what the player holds is
    /// what whoever read it knows.
    pub fn took(&mut self, piece: u64, until: u64) -> bool {
        let mut ends = self.waits.iter().enumerate().filter_map(|(place, sent)| Some((place, sent.piece?)));
        let Some((place, (_, time))) = ends.find(|(_, (number, _))| *number == piece) else { return false };
        if until < time || until > self.end + ROUNDING {
            return false;
        }
        self.waits.drain(..=place);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_sent_can_be_taken_and_once() {
        let mut delivery = Delivery::default();
        assert!(!delivery.took(1, 0), "nothing was sent");
        delivery.send(3_000, Some(60_000));
        delivery.send(3_000, Some(60_500));
        for (piece, until) in [(0, 60_400), (3, 61_000), (1, 59_999), (2, 62_001), (2, 0), (1, u64::MAX)] {
            assert!(!delivery.took(piece, until), "{piece} {until}");
        }
        assert!(delivery.waits());
        assert!(delivery.took(1, 60_480) && !delivery.took(1, 60_480), "once");
        assert!(delivery.took(2, 61_000) && !delivery.waits());
    }

    #[test]
    fn whoever_takes_nothing_is_sent_no_more() {
        let mut delivery = Delivery::default();
        for piece in 0..8 {
            assert!(delivery.has_room(), "{piece}");
            delivery.send(2_000, Some(piece * 500));
        }
        assert!(!delivery.has_room());
        assert!(delivery.took(5, 2_400) && delivery.has_room(), "those before it arrived too");
    }

    #[test]
    fn no_more_is_on_its_way_than_a_line_that_weakens_brings_in_seconds() {
        let mut delivery = Delivery::default();
        for _ in 0..6 {
            assert!(delivery.has_room());
            delivery.send(PART, None);
        }
        assert!(!delivery.has_room());
        assert!(!delivery.took(1, 0), "a piece of which parts came is no piece");
        assert!(!delivery.came(7) && delivery.came(2) && !delivery.came(2), "what is on its way, once");
        assert!(delivery.has_room());
        delivery.send(PART, Some(0));
        assert!(!delivery.came(7), "the last part is taken with its piece");
        delivery.send(PART, None);
        assert!(delivery.came(8), "it came before the player took the piece before it");
        assert!(delivery.took(1, 480) && !delivery.waits());
    }

    #[test]
    fn a_message_says_what_it_is() {
        for part in Part::ALL {
            let message = part.message(b"\x1a");
            assert_eq!((Part::of(message[0]), &message[1..]), (Some(part), &b"\x1a"[..]));
        }
        assert_eq!(Part::of(0x1a), None);
    }

    #[test]
    fn the_words_are_these() {
        let said = |text: &str| serde_json::from_str::<FromViewer>(text);
        let tab = "{\"tab\":\"2f3b7c1e-6c1d-4b7e-8d59-70c0a1d1f201\"}";
        assert!(matches!(said(tab), Ok(FromViewer::Tab(_))));
        assert_eq!(
            said("{\"took\":{\"piece\":3,\"until\":5120}}").ok(),
            Some(FromViewer::Took { piece: 3, until: 5120 })
        );
        assert!(said("{\"took\":{\"piece\":3,\"until\":5120,\"seen\":true}}").is_err());
        let begin = FromServer::Begin { codecs: codecs(true).to_owned(), thin: false };
        let begin = serde_json::to_string(&begin).unwrap_or_default();
        assert_eq!(begin, "{\"begin\":{\"codecs\":\"vp8,opus\",\"thin\":false}}");
        assert_eq!(said("{\"came\":{\"part\":7}}").ok(), Some(FromViewer::Came { part: 7 }));
        assert_eq!(said("{\"checked\":{\"number\":2}}").ok(), Some(FromViewer::Checked { number: 2 }));
        let check = FromServer::Check { number: 2, filling: "00".to_owned() };
        let check = serde_json::to_string(&check).unwrap_or_default();
        assert_eq!(check, "{\"check\":{\"number\":2,\"filling\":\"00\"}}");
    }
}
