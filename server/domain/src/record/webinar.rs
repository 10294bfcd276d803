//! What the record holds of a webinar: what was measured, and what was corrected since.

#[cfg(test)]
mod tests;

use super::{Entry, Fact};
use crate::ids::{CorrectionId, PersonId};
use crate::webinar::presence::Reason;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How long an agent was present, and what that comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Whole minutes present, rounded down.
    pub minutes: u32,
    /// Percent of the live time, rounded down.
    pub percent: u8,
    /// Whether the threshold is met.
    pub met: bool,
}

/// What an agent's record says of one webinar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebinarRecord {
    pub title: String,
    pub held_at: Timestamp,
    pub live_minutes: u32,
    /// Percent of the live time that makes the agent present.
    pub threshold: u8,
    /// What counts now: the last correction, else what was measured, raised by what was played since.
    pub figures: Figures,
    /// What the evidence came to at closing; none for somebody who was not registered. The better of two, as two accounts
    /// that were made one bring them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<(Figures, Reason)>,
    /// In the order of the ledger.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Correction>,
    /// What was played of the recording, once it reached the threshold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replayed: Option<Replayed>,
}

/// The threshold reached thanks to the recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replayed {
    /// When the first of what counts was played.
    pub from: Timestamp,
    /// When the threshold was reached.
    pub at: Timestamp,
    /// Live and later together.
    pub figures: Figures,
    /// Minutes of these that were followed live.
    pub seen_live: u32,
    /// Whether it is what counts: not where the threshold was met live, nor once a trainer has corrected it.
    pub counts: bool,
}

/// A correction, which replaces what was said before and hides none of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    pub id: CorrectionId,
    pub at: Timestamp,
    pub by: Option<PersonId>,
    pub why: String,
    /// What counted until then; none where nothing was known.
    pub before: Option<Figures>,
    pub after: Figures,
}

impl WebinarRecord {
    /// What is known after one entry more. The last correction stands, whenever the measure is brought; without one the
    /// better measure does; what was played since then raises it to the threshold. A correction told twice changes
    /// nothing, nor does a fact of another kind.
    pub(super) fn with(known: Option<Self>, entry: &Entry) -> Option<Self> {
        match &entry.fact {
            Fact::WebinarAttended {
                title, held_at, minutes, live_minutes, percent, threshold, met, reason, ..
            } => {
                let figures = Figures { minutes: *minutes, percent: *percent, met: *met };
                let mut record =
                    known.unwrap_or_else(|| Self::new(title, *held_at, (*live_minutes, *threshold), figures));
                let worth = |figures: &Figures| (figures.met, figures.minutes);
                if record.measured.is_none_or(|(known, _)| worth(&known) < worth(&figures)) {
                    record.measured = Some((figures, *reason));
                    // What was earned live goes before what was played.
                    if record.corrections.is_empty() && (*met || record.later().is_none()) {
                        record.figures = figures;
                        record.only_told();
                    }
                }
                Some(record)
            }
            Fact::PresenceCorrected {
                title,
                held_at,
                correction,
                minutes,
                live_minutes,
                percent,
                threshold,
                met,
                why,
                ..
            } => {
                let after = Figures { minutes: *minutes, percent: *percent, met: *met };
                let before = known.as_ref().map(|record| record.figures);
                let mut record =
                    known.unwrap_or_else(|| Self::new(title, *held_at, (*live_minutes, *threshold), after));
                if !record.has(*correction) {
                    let (id, at, by, why) = (*correction, entry.when(), entry.said_by(), why.clone());
                    record.corrections.push(Correction { id, at, by, why, before, after });
                    record.figures = after;
                    record.only_told();
                }
                Some(record)
            }
            Fact::ReplayFollowed {
                title, held_at, from, minutes, seen_live, live_minutes, percent, threshold, ..
            } => {
                let figures = Figures { minutes: *minutes, percent: *percent, met: true };
                let nothing = Figures { minutes: 0, percent: 0, met: false };
                let mut record =
                    known.unwrap_or_else(|| Self::new(title, *held_at, (*live_minutes, *threshold), nothing));
                // What was earned live is never lowered, nor told otherwise.
                let counts = !record.figures.met;
                if counts || record.replayed.is_none() {
                    let (at, seen_live) = (entry.when(), *seen_live);
                    record.replayed = Some(Replayed { from: *from, at, figures, seen_live, counts });
                    if counts {
                        record.figures = figures;
                    }
                }
                Some(record)
            }
            _ => known,
        }
    }

    fn new(title: &str, held_at: Timestamp, (live_minutes, threshold): (u32, u8), figures: Figures) -> Self {
        let (measured, corrections, replayed) = (None, Vec::new(), None);
        Self { title: title.to_owned(), held_at, live_minutes, threshold, figures, measured, corrections, replayed }
    }

    /// What was played no longer counts; that it was stays told.
    fn only_told(&mut self) {
        self.replayed = self.replayed.map(|replayed| Replayed { counts: false, ..replayed });
    }

    /// Whether that correction was made.
    #[must_use]
    pub fn has(&self, correction: CorrectionId) -> bool {
        self.corrections.iter().any(|known| known.id == correction)
    }

    /// The correction that counts, if there was one.
    #[must_use]
    pub fn corrected(&self) -> Option<&Correction> {
        self.corrections.last().filter(|_| self.later().is_none())
    }

    /// What was played of the recording, where that is what counts: then it was followed at a distance, asynchronously.
    #[must_use]
    pub fn later(&self) -> Option<&Replayed> {
        self.replayed.as_ref().filter(|replayed| replayed.counts)
    }

    /// When what counts was followed: live, or once what was played reached the threshold.
    #[must_use]
    pub fn followed_at(&self) -> Timestamp {
        self.later().map_or(self.held_at, |replayed| replayed.at)
    }

    /// Minutes that it gives: those present where the threshold is met, else none.
    #[must_use]
    pub fn minutes_counted(&self) -> u32 {
        if self.figures.met { self.figures.minutes } else { 0 }
    }

    /// Why it stands as it does. A correction takes away the detail of how the agent was there.
    #[must_use]
    pub fn reason(&self) -> Reason {
        match (self.corrected(), self.measured) {
            _ if self.later().is_some() => Reason::Replayed,
            (None, Some((_, reason))) => reason,
            _ if self.figures.met => Reason::Present,
            _ if self.figures.minutes > 0 => Reason::BelowThreshold,
            _ => Reason::Absent,
        }
    }
}
