//! What the record holds of a part of the training that is followed away from the platform.

use super::{Entry, Fact};
use crate::ids::{EntryId, PersonId};
use crate::text::day_long;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// Characters of a source or a reason, at least and at most.
pub const WHY: RangeInclusive<usize> = 5..=500;

/// The first maisons were labelled then: nothing was followed before.
pub const FIRST_DAY: Date = date(2019, 7, 1);

/// Half of a day, as an attendance sheet counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HalfDay {
    pub date: Date,
    pub part: Part,
}

/// Which half.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    Morning,
    Afternoon,
}

/// Why a text names no half day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a half day: 2026-12-03-matin or 2026-12-03-apres-midi")]
pub struct NotAHalfDay;

impl HalfDay {
    /// As said: « 3 décembre 2026, matin ».
    #[must_use]
    pub fn said(self) -> String {
        format!("{}, {}", day_long(self.date), self.part.name())
    }
}

impl fmt::Display for HalfDay {
    /// As addresses name it: « 2026-12-03-matin ».
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = if self.part == Part::Morning { "matin" } else { "apres-midi" };
        write!(f, "{}-{part}", self.date)
    }
}

impl FromStr for HalfDay {
    type Err = NotAHalfDay;

    fn from_str(text: &str) -> Result<Self, NotAHalfDay> {
        let (date, part) = text.split_at_checked(10).ok_or(NotAHalfDay)?;
        let part = match part {
            "-matin" => Part::Morning,
            "-apres-midi" => Part::Afternoon,
            _ => return Err(NotAHalfDay),
        };
        Ok(Self { date: date.parse().map_err(|_| NotAHalfDay)?, part })
    }
}

impl Part {
    /// As shown: « matin ».
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Morning => "matin",
            Self::Afternoon => "après-midi",
        }
    }
}

/// What counts now, and everything that was ever entered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendanceRecord {
    pub half_days: BTreeSet<HalfDay>,
    pub minutes: u32,
    pub exempted: bool,
    /// In the order of the ledger; the last one counts.
    pub entries: Vec<AttendanceEntry>,
}

/// What a trainer entered once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendanceEntry {
    pub id: EntryId,
    pub at: Timestamp,
    pub by: Option<PersonId>,
    pub half_days: BTreeSet<HalfDay>,
    pub exempted: bool,
    pub why: String,
}

impl AttendanceRecord {
    /// Takes one entry of the ledger in. One told twice changes nothing; neither does a fact of another kind.
    pub(super) fn take(&mut self, entry: &Entry) {
        let Fact::AttendanceEntered { entry: id, half_days, minutes, exempted, why, .. } = &entry.fact else { return };
        if self.has(*id) {
            return;
        }
        let (at, by, why) = (entry.when(), entry.said_by(), why.clone());
        let exempted = *exempted;
        self.entries.push(AttendanceEntry { id: *id, at, by, half_days: half_days.clone(), exempted, why });
        self.half_days.clone_from(half_days);
        self.minutes = *minutes;
        self.exempted = exempted;
    }

    /// Whether that entry was made.
    #[must_use]
    pub fn has(&self, entry: EntryId) -> bool {
        self.entries.iter().any(|known| known.id == entry)
    }

    /// The entry that counts.
    #[must_use]
    pub fn last(&self) -> Option<&AttendanceEntry> {
        self.entries.last()
    }
}
