//! What passes over the WebSocket that brings a room's picture and sound, for those whose network lets nothing else through.
//!
//! The browser opens `/webinaires/{webinar}/direct` and says which tab it is; the server says [`FromServer::Begin`], then a
//! head and pieces of `WebM` as binary messages, and begins anew, with another, where there is a picture from then on, or none
//! any more, and for whoever is too slow. The browser says of each piece that it took it ([`FromViewer::Took`]): that is how
//! the server knows how fast it may go on, and the proof that what it sent was received ([`Delivery`]). Of a check
//! ([`FromServer::Check`]) it says at once that it came: how far apart the answers come is what the line carries.

use super::recording::Chunk;
use super::signal::TabId;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// The longest message of a browser, in bytes.
pub const LONGEST: usize = 128;
/// Pieces that are on their way at once: four seconds. And their bytes, beyond which only one is: nothing overtakes them,
/// and a line that has weakened brings no sound before they have come.
pub const WINDOW: usize = 8;
const BYTES: usize = 64_000;
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
    /// That check came.
    Checked { number: u64 },
}

/// What the server says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FromServer {
    /// A head comes next, of a film of these codecs (RFC 6381).
    Begin { codecs: String },
    /// To be answered at once. `filling` gives it its weight, and says nothing.
    Check { number: u64, filling: String },
}

/// The codecs of what is told live.
#[must_use]
pub fn codecs(shows: bool) -> &'static str {
    if shows { "vp8,opus" } else { "opus" }
}

/// What was sent to one browser, and what of it arrived.
#[derive(Debug, Default)]
pub struct Delivery {
    sent: u64,
    /// The end of what was sent, in milliseconds of the film.
    end: u64,
    waits: VecDeque<Sent>,
}

/// A piece on its way.
#[derive(Debug, Clone, Copy)]
struct Sent {
    piece: u64,
    /// The time of what is first in it.
    time: u64,
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

    /// A piece of so many bytes is sent that begins at that time of the film.
    pub fn send(&mut self, time: u64, bytes: usize) {
        self.sent += 1;
        self.end = self.end.max(time + Chunk::LONGEST);
        self.waits.push_back(Sent { piece: self.sent, time, bytes });
    }

    /// The browser says that it took a piece. Whether that is believed: it was on its way, and what the player holds is
    /// what whoever read it knows.
    pub fn took(&mut self, piece: u64, until: u64) -> bool {
        let Some(place) = self.waits.iter().position(|sent| sent.piece == piece) else { return false };
        let Sent { time, .. } = self.waits[place];
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
        delivery.send(60_000, 9_000);
        delivery.send(60_500, 9_000);
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
            delivery.send(piece * 500, 2_000);
        }
        assert!(!delivery.has_room());
        assert!(delivery.took(5, 2_400) && delivery.has_room(), "those before it arrived too");
    }

    #[test]
    fn no_more_is_on_its_way_than_a_line_that_weakens_brings_in_seconds() {
        let mut delivery = Delivery::default();
        delivery.send(0, 40_000);
        assert!(delivery.has_room());
        delivery.send(500, 40_000);
        assert!(!delivery.has_room());
        assert!(delivery.took(1, 480) && delivery.has_room());
        delivery.took(2, 980);
        assert!(delivery.has_room(), "however large a piece is, it goes");
        delivery.send(1_000, 200_000);
        assert!(!delivery.has_room());
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
        let begin = serde_json::to_string(&FromServer::Begin { codecs: codecs(true).to_owned() }).unwrap_or_default();
        assert_eq!(begin, "{\"begin\":{\"codecs\":\"vp8,opus\"}}");
        assert_eq!(said("{\"checked\":{\"number\":2}}").ok(), Some(FromViewer::Checked { number: 2 }));
        let check = FromServer::Check { number: 2, filling: "00".to_owned() };
        let check = serde_json::to_string(&check).unwrap_or_default();
        assert_eq!(check, "{\"check\":{\"number\":2,\"filling\":\"00\"}}");
    }
}
