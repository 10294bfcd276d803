//! Sessions face to face: who may sign a half day's sheet, and what the sheet says in the end.
//!
//! An agent signs on their own phone, with the code that is shown in the room; the trainer has the last word, and both
//! are kept. When the sheet is closed, whoever is present has the half day in their record.

use crate::record::{AttendanceRecord, HalfDay};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// Characters of a place.
pub const PLACE: std::ops::RangeInclusive<usize> = 3..=120;
/// Most people on one roster.
pub const MOST_PEOPLE: usize = 60;
/// A code is another one every so many seconds, and good for as long again: time to point a phone at it.
pub const CODE_SECONDS: i64 = 30;
/// Whoever showed a good code has so long to sign in and sign.
pub const TICKET: SignedDuration = SignedDuration::from_mins(15);

/// What stands beside a name on a half day's sheet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mark {
    /// When they signed.
    pub signed_at: Option<Timestamp>,
    /// What the trainer said of it.
    pub said: Option<bool>,
}

impl Mark {
    /// Whether they were there: the trainer's word, else their own.
    #[must_use]
    pub fn is_present(self) -> bool {
        self.said.unwrap_or(self.signed_at.is_some())
    }

    /// The trainer says so. Only what differs from the signature is a word of theirs.
    #[must_use]
    pub fn with(self, is_present: bool) -> Self {
        let said = (is_present != self.signed_at.is_some()).then_some(is_present);
        Self { said, ..self }
    }
}

/// The step that an instant falls in: a code belongs to one.
#[must_use]
pub fn step(at: Timestamp) -> i64 {
    at.as_second().div_euclid(CODE_SECONDS)
}

/// The half days that the record holds once that one is added; nothing where it need not be written: it is there
/// already, or the agent is exempt.
#[must_use]
pub fn added(known: Option<&AttendanceRecord>, half_day: HalfDay) -> Option<BTreeSet<HalfDay>> {
    let Some(known) = known else { return Some(BTreeSet::from([half_day])) };
    if known.exempted || known.half_days.contains(&half_day) {
        return None;
    }
    Some(known.half_days.iter().copied().chain([half_day]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Part;
    use jiff::civil::date;

    fn half_day(day: i8) -> HalfDay {
        HalfDay { date: date(2026, 12, day), part: Part::Morning }
    }

    #[test]
    fn the_trainer_has_the_last_word_and_says_only_what_differs() {
        let signed = Mark { signed_at: Some(Timestamp::UNIX_EPOCH), said: None };
        assert!(signed.is_present() && !Mark::default().is_present());
        assert_eq!(signed.with(true).said, None, "they signed: nothing is to be said");
        assert!(!signed.with(false).is_present());
        assert!(signed.with(false).with(true).said.is_none());
        assert!(Mark::default().with(true).is_present());
    }

    #[test]
    fn a_half_day_is_added_once_and_to_nobody_who_is_exempt() {
        let mut known = AttendanceRecord::default();
        assert_eq!(added(None, half_day(1)), Some([half_day(1)].into()));
        known.half_days = [half_day(1)].into();
        assert_eq!(added(Some(&known), half_day(1)), None);
        assert_eq!(added(Some(&known), half_day(2)), Some([half_day(1), half_day(2)].into()));
        known.exempted = true;
        assert_eq!(added(Some(&known), half_day(2)), None);
    }

    #[test]
    fn a_half_day_is_named_in_addresses_and_read_back() {
        for part in [Part::Morning, Part::Afternoon] {
            let half_day = HalfDay { date: date(2026, 12, 3), part };
            assert_eq!(half_day.to_string().parse(), Ok(half_day));
        }
        for odd in ["", "2026-12-03", "2026-12-03-soir", "2026-13-03-matin", "2026-12-é-matin", "demain-matin"] {
            assert!(odd.parse::<HalfDay>().is_err(), "{odd}");
        }
        assert_eq!(half_day(3).said(), "3 décembre 2026, matin");
    }

    #[test]
    fn a_step_lasts_thirty_seconds() {
        let at = |second| Timestamp::from_second(second).expect("an instant");
        assert_eq!(step(at(60)), step(at(89)));
        assert_eq!(step(at(60)) + 1, step(at(90)));
    }
}
