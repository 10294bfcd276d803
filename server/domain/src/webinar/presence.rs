//! Presence at a webinar: from evidence to minutes.
//!
//! A person is present while the server has evidence of it: a tab's socket answers and media really flows to it.
//! [`Watch`] makes intervals of that evidence, one tab at a time. A person may have several tabs, devices and
//! reconnections: their presence is the *union* of all these intervals, never their sum, cut to the time during
//! which the webinar was live.
//!
//! Intervals are half-open, `[from, to[`, to the millisecond: two that touch are one, and an interval of no length
//! counts for nothing. Minutes and percentages are rounded *down*: a figure never says more than was followed, and a
//! threshold is met exactly when the percentage that is shown reaches it.

#[cfg(test)]
mod tests;
mod watch;

pub use watch::{CHECKPOINT, PATIENCE, Piece, Watch, is_due};

use crate::ids::PersonId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A stretch of time: its start is in it, its end is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    pub from: Timestamp,
    pub to: Timestamp,
}

impl Span {
    /// Its length in milliseconds; 0 where it ends before it starts.
    #[must_use]
    pub fn millis(self) -> u64 {
        u64::try_from(self.to.as_millisecond() - self.from.as_millisecond()).unwrap_or(0)
    }

    fn is_empty(self) -> bool {
        self.millis() == 0
    }

    /// What both have in common; of no length where they are apart.
    fn meet(self, other: Self) -> Self {
        let from = self.from.max(other.from);
        Self { from, to: self.to.min(other.to).max(from) }
    }
}

/// The same instants told once: in order, apart from each other, none empty. The spans may come in any order,
/// overlap, touch, or be empty.
#[must_use]
pub fn union(spans: impl IntoIterator<Item = Span>) -> Vec<Span> {
    let mut spans: Vec<Span> = spans.into_iter().filter(|span| !span.is_empty()).collect();
    spans.sort_unstable();
    let mut apart: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match apart.last_mut() {
            Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
            _ => apart.push(span),
        }
    }
    apart
}

/// The instants that are in both, as a union.
#[must_use]
pub fn cut(spans: impl IntoIterator<Item = Span>, within: &[Span]) -> Vec<Span> {
    let within = union(within.iter().copied());
    let spans = union(spans);
    union(spans.iter().flat_map(|span| within.iter().map(|live| span.meet(*live))))
}

/// The whole length of spans that are apart, in milliseconds.
pub(super) fn length(apart: &[Span]) -> u64 {
    apart.iter().map(|span| span.millis()).fold(0, u64::saturating_add)
}

/// What the server has seen of a person, from one tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    pub span: Span,
    /// Whose screen it was, for somebody who signed in beside a colleague.
    pub beside: Option<PersonId>,
}

/// How long a person was present, of how long the webinar was live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attendance {
    present_ms: u64,
    live_ms: u64,
}

impl Attendance {
    /// The union of all that was seen, cut to the live time.
    #[must_use]
    pub fn of(seen: impl IntoIterator<Item = Span>, live: &[Span]) -> Self {
        Self { present_ms: length(&cut(seen, live)), live_ms: length(&union(live.iter().copied())) }
    }

    /// What was measured, in milliseconds; never more than the live time.
    pub(super) fn measured(present_ms: u64, live_ms: u64) -> Self {
        Self { present_ms: present_ms.min(live_ms), live_ms }
    }

    /// Attendance stated in whole minutes by a trainer who corrects it; never more than the live time.
    #[must_use]
    pub fn stated(minutes: u32, live_minutes: u32) -> Self {
        let ms = |minutes: u32| u64::from(minutes) * MINUTE;
        Self { present_ms: ms(minutes.min(live_minutes)), live_ms: ms(live_minutes) }
    }

    #[must_use]
    pub fn present_ms(self) -> u64 {
        self.present_ms
    }

    #[must_use]
    pub fn live_ms(self) -> u64 {
        self.live_ms
    }

    /// Whole minutes present, rounded down.
    #[must_use]
    pub fn minutes(self) -> u32 {
        whole_minutes(self.present_ms)
    }

    /// Whole minutes live, rounded down.
    #[must_use]
    pub fn live_minutes(self) -> u32 {
        whole_minutes(self.live_ms)
    }

    /// Percent of the live time, rounded down; 0 where nothing was live.
    #[must_use]
    pub fn percent(self) -> u8 {
        let percent = (u128::from(self.present_ms) * 100).checked_div(u128::from(self.live_ms)).unwrap_or(0);
        u8::try_from(percent).unwrap_or(100)
    }

    /// Whether that percentage is reached, by somebody who came at all.
    #[must_use]
    pub fn meets(self, threshold: u8) -> bool {
        self.present_ms > 0 && self.percent() >= threshold
    }
}

const MINUTE: u64 = 60_000;

fn whole_minutes(ms: u64) -> u32 {
    u32::try_from(ms / MINUTE).unwrap_or(u32::MAX)
}

/// Why a person's presence counts or does not. Its JSON is in facts: names never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The threshold is met.
    Present,
    /// The threshold is met, thanks to time spent beside a colleague before one screen.
    PresentBeside,
    /// The threshold is met, thanks to what was played of the recording: at a distance, asynchronous.
    Replayed,
    /// Came, and not long enough.
    BelowThreshold,
    /// Was never seen while it was live.
    Absent,
}

impl Reason {
    /// Whether the threshold is met.
    #[must_use]
    pub fn is_met(self) -> bool {
        matches!(self, Self::Present | Self::PresentBeside | Self::Replayed)
    }

    /// In plain words: « Présence sous le seuil ».
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Present => "Seuil atteint",
            Self::PresentBeside => "Seuil atteint, à deux devant un écran",
            Self::Replayed => "Seuil atteint en rediffusion",
            Self::BelowThreshold => "Sous le seuil",
            Self::Absent => "Absence",
        }
    }
}

/// What somebody's attendance comes to; `threshold` is in percent of the live time.
#[must_use]
pub fn judge(seen: &[Evidence], live: &[Span], threshold: u8) -> (Attendance, Reason) {
    let attendance = Attendance::of(seen.iter().map(|seen| seen.span), live);
    let own = || Attendance::of(seen.iter().filter(|seen| seen.beside.is_none()).map(|seen| seen.span), live);
    let reason = if attendance.meets(threshold) {
        if own().meets(threshold) { Reason::Present } else { Reason::PresentBeside }
    } else if attendance.present_ms > 0 {
        Reason::BelowThreshold
    } else {
        Reason::Absent
    };
    (attendance, reason)
}
