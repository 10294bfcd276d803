//! When a copy of everything is made, and which copies are kept.

use crate::text::paris;
use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan as _};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// When a night's copy is made, in Paris: before the night's erasures, so that a copy holds what they take away. The
/// clocks change between two and three: this hour comes once every day.
const BEGINS: Time = Time::constant(1, 30, 0, 0);

/// How many copies are kept: the last of each of so many days, weeks (from Monday) and months that have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    pub days: u16,
    pub weeks: u16,
    pub months: u16,
}

/// Why a text says no such numbers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("three numbers from 0 to 1000, of days, weeks and months, the first not 0, such as 7 4 12")]
pub struct NotAKeep;

/// As settings say it: `7 4 12`.
impl FromStr for Keep {
    type Err = NotAKeep;
    fn from_str(text: &str) -> Result<Self, NotAKeep> {
        let numbers: Vec<u16> =
            text.split_whitespace().map(str::parse).collect::<Result<_, _>>().map_err(|_| NotAKeep)?;
        match *numbers {
            [days @ 1..=1000, weeks @ 0..=1000, months @ 0..=1000] => Ok(Self { days, weeks, months }),
            _ => Err(NotAKeep),
        }
    }
}

impl fmt::Display for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.days, self.weeks, self.months)
    }
}

/// Whether tonight's copy is to be made, where the last one was made then.
#[must_use]
pub fn is_due(now: Timestamp, last: Option<Timestamp>) -> bool {
    last.is_none_or(|last| night(last) < night(now))
}

/// The night that an instant belongs to: from one beginning to the next.
fn night(at: Timestamp) -> Date {
    let clock = paris(at);
    if clock.time() < BEGINS { clock.date().saturating_sub(1.day()) } else { clock.date() }
}

impl Keep {
    /// Those of the copies made at these instants that are not kept. The last is kept always.
    #[must_use]
    pub fn surplus(self, made: &BTreeSet<Timestamp>) -> BTreeSet<Timestamp> {
        let day = |at: &Timestamp| paris(*at).date();
        let week = |at: &Timestamp| {
            let date = day(at).iso_week_date();
            (date.year(), date.week())
        };
        let month = |at: &Timestamp| (day(at).year(), day(at).month());
        let mut kept = lasts(made, self.days, day);
        kept.extend(lasts(made, self.weeks, week));
        kept.extend(lasts(made, self.months, month));
        made.difference(&kept).copied().collect()
    }
}

/// The last of each of the `count` latest periods that have any.
fn lasts<P: PartialEq>(
    made: &BTreeSet<Timestamp>,
    count: u16,
    period: impl Fn(&Timestamp) -> P,
) -> BTreeSet<Timestamp> {
    let mut kept = BTreeSet::new();
    let mut former = None;
    for at in made.iter().rev() {
        let period = period(at);
        if former.as_ref() != Some(&period) {
            if kept.len() == usize::from(count) {
                break;
            }
            kept.insert(*at);
            former = Some(period);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn nights(from: &str, count: i64) -> BTreeSet<Timestamp> {
        (0..count).map(|night| at(from) + jiff::SignedDuration::from_hours(24 * night)).collect()
    }

    #[test]
    fn a_copy_is_due_once_a_night_from_half_past_one_in_paris() {
        let last = Some(at("2026-12-01T00:31:00Z"));
        assert!(!is_due(at("2026-12-01T22:00:00Z"), last));
        assert!(!is_due(at("2026-12-02T00:29:00Z"), last), "still the same night");
        assert!(is_due(at("2026-12-02T00:30:00Z"), last));
        assert!(is_due(at("2026-12-01T12:00:00Z"), None), "there is none yet");
        assert!(is_due(at("2026-12-05T12:00:00Z"), last), "some were missed: one is made");
        assert!(is_due(at("2026-07-01T23:30:00Z"), Some(at("2026-07-01T12:00:00Z"))), "summer time");
    }

    #[test]
    fn a_year_of_nights_leaves_a_week_four_weeks_and_twelve_months() {
        let made = nights("2026-01-01T00:31:00Z", 365);
        let surplus = Keep { days: 7, weeks: 4, months: 12 }.surplus(&made);
        let kept: Vec<String> = made.difference(&surplus).map(|at| paris(*at).date().to_string()).collect();
        assert_eq!(
            kept,
            [
                "2026-01-31",
                "2026-02-28",
                "2026-03-31",
                "2026-04-30",
                "2026-05-31",
                "2026-06-30",
                "2026-07-31",
                "2026-08-31",
                "2026-09-30",
                "2026-10-31",
                "2026-11-30",
                "2026-12-13",
                "2026-12-20",
                "2026-12-25",
                "2026-12-26",
                "2026-12-27",
                "2026-12-28",
                "2026-12-29",
                "2026-12-30",
                "2026-12-31",
            ]
        );
    }

    #[test]
    fn settings_say_three_numbers() {
        assert_eq!("7 4 12".parse(), Ok(Keep { days: 7, weeks: 4, months: 12 }));
        for text in ["", "7", "0 4 12", "7 4 -1", "7 4 12 1", "sept 4 12"] {
            assert_eq!(text.parse::<Keep>(), Err(NotAKeep), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_last_is_kept_and_a_second_look_removes_nothing(
            made in proptest::collection::btree_set(0_i64..100_000_000, 1..60),
            days in 1_u16..9, weeks in 0_u16..6, months in 0_u16..6,
        ) {
            let made: BTreeSet<_> = made.into_iter().map(|at| Timestamp::from_second(at).expect("an instant")).collect();
            let keep = Keep { days, weeks, months };
            let surplus = keep.surplus(&made);
            let kept: BTreeSet<_> = made.difference(&surplus).copied().collect();
            prop_assert_eq!(kept.last(), made.last());
            prop_assert!(kept.len() <= usize::from(days + weeks + months));
            prop_assert!(keep.surplus(&kept).is_empty());
        }
    }
}
