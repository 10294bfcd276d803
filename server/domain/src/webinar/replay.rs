//! A recorded webinar that is watched later: what was really played, and what that comes to.
//!
//! The recording has a time of its own, in milliseconds from its beginning ([`Piece::from`], [`Piece::to`]), and lies on
//! the webinar's live time: what is played of it is a span of the same timeline as what was seen live. Presence is the
//! union of both, cut to the live time, so that a minute counts once, however it was followed and however often.
//!
//! Four things hold back what a browser may claim. A piece played in a hidden tab with the sound off counts for nothing.
//! None counts for more than the time it took allows at its speed, nor at more than [`FASTEST`]. That time is by the
//! server's clock: it lies between the moment when the player was opened and the moment when it is reported. And all
//! pieces together, of all tabs and devices of a person, give no more than [`FASTEST`] times the time that was spent,
//! told once. None of this depends on the order in which reports come, nor on how often one does.

mod captions;
mod moments;
mod report;
#[cfg(test)]
mod tests;

pub use captions::{Caption, Correction, captions, vtt};
pub use moments::{Chapter, Moments, PollThen, QuizThen, Said, moments};
pub use report::{Claim, MOST_PIECES, Position, Received, Report};

use super::presence::{Attendance, Evidence, Span, cut, length, union};
use jiff::{SignedDuration, Timestamp};

/// The fastest that counts, in hundredths of the normal speed: twice.
pub const FASTEST: u32 = 200;

/// A stretch of the recording that one tab played at one speed, without a stop or a leap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Milliseconds from the beginning of the recording.
    pub from: u64,
    /// Milliseconds from the beginning of the recording: where it stopped, not in it.
    pub to: u64,
    /// When it was played, by the server's clock.
    pub took: Span,
    /// Hundredths of the normal speed.
    pub speed: u32,
    /// Whether it could be seen or heard: the tab was shown, or its sound was on.
    pub followed: bool,
}

impl Piece {
    /// Milliseconds of the recording that it counts for, from its beginning on.
    #[must_use]
    pub fn credit(&self) -> u64 {
        if !self.followed {
            return 0;
        }
        let at_most = self.took.millis().saturating_mul(self.speed.min(FASTEST).into()) / 100;
        self.to.saturating_sub(self.from).min(at_most)
    }

    /// The same as a span of the webinar, whose recording begins at `zero`; empty where it counts for nothing.
    fn span(&self, zero: Timestamp) -> Span {
        Span { from: instant(zero, self.from), to: instant(zero, self.from.saturating_add(self.credit())) }
    }
}

/// The parts of the recording that were played and count, each once, in order: from where to where, in milliseconds.
#[must_use]
pub fn parts(played: &[Piece]) -> Vec<(u64, u64)> {
    let zero = Timestamp::UNIX_EPOCH;
    let at = |instant: Timestamp| u64::try_from(instant.as_millisecond()).unwrap_or(0);
    union(played.iter().map(|piece| piece.span(zero))).iter().map(|span| (at(span.from), at(span.to))).collect()
}

/// What somebody followed of a webinar, live and later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Followed {
    /// Live and later together.
    pub whole: Attendance,
    /// Of that, what was followed live.
    pub live: Attendance,
}

impl Followed {
    /// The union of what was `seen` live and of what was `played`, cut to the `live` time; the recording begins at `zero`.
    #[must_use]
    pub fn of(seen: &[Evidence], played: &[Piece], zero: Timestamp, live: &[Span]) -> Self {
        let live = union(live.iter().copied());
        let seen = cut(seen.iter().map(|seen| seen.span), &live);
        let again = cut(played.iter().map(|piece| piece.span(zero)), &live);
        let spent = length(&union(played.iter().filter(|piece| piece.credit() > 0).map(|piece| piece.took)));
        let at_most = length(&seen).saturating_add(spent.saturating_mul(FASTEST.into()) / 100);
        let both = length(&union(seen.iter().chain(&again).copied()));
        let attendance = |present: u64| Attendance::measured(present, length(&live));
        Self { whole: attendance(both.min(at_most)), live: attendance(length(&seen)) }
    }
}

/// Percent of the live time that a recording of that many milliseconds holds, rounded down: nobody can follow more of it
/// later.
#[must_use]
pub fn covered(zero: Timestamp, milliseconds: u64, live: &[Span]) -> u8 {
    Attendance::of([Span { from: zero, to: instant(zero, milliseconds) }], live).percent()
}

/// When that moment of the recording was live.
fn instant(zero: Timestamp, milliseconds: u64) -> Timestamp {
    let after = SignedDuration::from_millis(i64::try_from(milliseconds).unwrap_or(i64::MAX));
    zero.saturating_add(after).unwrap_or(zero)
}

/// Which moment of a recording of that many milliseconds that was, if it is in it.
fn place(at: Timestamp, zero: Timestamp, milliseconds: u64) -> Option<u64> {
    let after = u64::try_from(at.as_millisecond() - zero.as_millisecond()).ok()?;
    (after < milliseconds).then_some(after)
}
