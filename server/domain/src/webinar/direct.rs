//! What passes over the WebSocket that brings a room's picture and sound, for those whose network lets nothing else through.
//!
//! The browser opens `/webinaires/{webinar}/direct` and says which tab it is; the server says [`FromServer::Begin`], then a
//! head and pieces of `WebM` as binary messages, and begins anew, with another, where there is a picture from then on, or none
//! any more, and for whoever is too slow. The browser says of each piece that it took it ([`FromViewer::Took`]): that is how
//! the server knows how fast it may go on, and the proof that what it sent was received ([`Delivery`]).

use super::recording::Chunk;
use super::signal::TabId;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// The longest message of a browser, in bytes.
pub const LONGEST: usize = 128;
/// Pieces that are on their way at once: four seconds.
pub const WINDOW: usize = 8;
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
}

/// What the server says: a head comes next, of a film of these codecs (RFC 6381).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FromServer {
    Begin { codecs: String },
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
    /// On their way: which piece, and the time of what is first in it.
    waits: VecDeque<(u64, u64)>,
}

impl Delivery {
    /// Whether one more may be sent.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.waits.len() < WINDOW
    }

    /// Whether anything is on its way.
    #[must_use]
    pub fn waits(&self) -> bool {
        !self.waits.is_empty()
    }

    /// A piece is sent that begins at that time of the film.
    pub fn send(&mut self, time: u64) {
        self.sent += 1;
        self.end = self.end.max(time + Chunk::LONGEST);
        self.waits.push_back((self.sent, time));
    }

    /// The browser says that it took a piece. Whether that is believed: it was on its way, and what the player holds is
    /// what whoever read it knows.
    pub fn took(&mut self, piece: u64, until: u64) -> bool {
        let Some(place) = self.waits.iter().position(|(known, _)| *known == piece) else { return false };
        let (_, time) = self.waits[place];
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
        delivery.send(60_000);
        delivery.send(60_500);
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
            delivery.send(piece * 500);
        }
        assert!(!delivery.has_room());
        assert!(delivery.took(5, 2_400) && delivery.has_room(), "those before it arrived too");
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
    }
}
