//! What a browser reports of a player, and what of it the server may believe.

use super::Piece;
use crate::webinar::presence::Span;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Pieces of one report, at most: a player makes a few a minute, and what is left goes with the next.
pub const MOST_PIECES: usize = 200;

/// What a browser sends every few seconds. Times of its own clock are in milliseconds since 1970: that clock may be wrong,
/// so they are only compared with each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Made in the browser when the player was opened.
    pub watch: Uuid,
    /// When it is sent, by the browser's clock.
    pub now: i64,
    pub pieces: Vec<Claim>,
    /// Where the player stands; none where nothing was played since the last report.
    #[serde(default)]
    pub position: Option<Position>,
}

/// A piece as the browser tells it; told again as it grows, by the same name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Made in the browser.
    pub id: Uuid,
    /// Milliseconds from the beginning of the recording.
    pub from: u64,
    pub to: u64,
    /// When it began, by the browser's clock.
    pub at: i64,
    /// Milliseconds that it took so far.
    pub took: u64,
    /// Hundredths of the normal speed.
    pub speed: u32,
    /// The tab was not shown.
    pub hidden: bool,
    /// The sound was off, or its volume nil.
    pub silent: bool,
}

/// Where the player stands, in milliseconds from the beginning of the recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    pub at: u64,
    /// When that was, by the browser's clock.
    pub said: i64,
}

/// What the server knows of a report that came.
#[derive(Debug, Clone, Copy)]
pub struct Received {
    /// When the player was opened.
    pub opened: Timestamp,
    /// When the report came.
    pub at: Timestamp,
    /// When it was sent, by the browser's clock.
    pub sent: i64,
    /// Milliseconds that the recording lasts.
    pub length: u64,
}

impl Received {
    /// A moment of the browser's clock by the server's: never before the player was opened, never to come.
    #[must_use]
    pub fn when(&self, told: i64) -> Timestamp {
        let ago = SignedDuration::from_millis(self.sent.saturating_sub(told).max(0));
        self.at.saturating_sub(ago).unwrap_or(self.opened).clamp(self.opened, self.at.max(self.opened))
    }

    /// The piece, as far as it can be believed; none where nothing is left of it.
    #[must_use]
    pub fn piece(&self, claim: &Claim) -> Option<Piece> {
        let took = i64::try_from(claim.took).unwrap_or(i64::MAX);
        let took = Span { from: self.when(claim.at), to: self.when(claim.at.saturating_add(took)) };
        let (from, to) = (claim.from, claim.to.min(self.length));
        let followed = !(claim.hidden && claim.silent);
        (from < to && took.millis() > 0).then_some(Piece { from, to, took, speed: claim.speed, followed })
    }
}
