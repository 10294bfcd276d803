//! Where somebody works, from which day on: moves, leaves and returns. Nothing is taken out of the history; what began
//! last counts, and where two begin on one day, what was entered last.

use crate::ids::MaisonId;
use jiff::civil::Date;
use std::fmt;
use std::str::FromStr;

/// Characters of a reason, at most.
pub const REASON: usize = 200;

/// Whether somebody is at work.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    Present,
    /// Away, and comes back: a leave of any kind.
    OnLeave,
    /// Works in no maison any more.
    Left,
}

/// From a day on, somebody works there, or is away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    pub from: Date,
    pub state: State,
    /// Where they work, or worked last.
    pub maison: Option<MaisonId>,
    pub reason: String,
}

/// Why a text is no state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither present, nor on leave, nor left")]
pub struct NotAState;

impl State {
    pub const ALL: [Self; 3] = [Self::Present, Self::OnLeave, Self::Left];

    /// As stored and sent: `present`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::OnLeave => "conge",
            Self::Left => "depart",
        }
    }

    /// As shown: « en congé ».
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Present => "en poste",
            Self::OnLeave => "en congé",
            Self::Left => "parti",
        }
    }

    /// Whether they are not at work: they are neither late nor reminded.
    #[must_use]
    pub fn is_away(self) -> bool {
        self != Self::Present
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for State {
    type Err = NotAState;
    fn from_str(text: &str) -> Result<Self, NotAState> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(NotAState)
    }
}

/// The one that counts on that day, of those in the order in which they were entered.
#[must_use]
pub fn on(day: Date, entered: &[Posting]) -> Option<&Posting> {
    entered.iter().filter(|posting| posting.from <= day).max_by_key(|posting| posting.from)
}

/// The history, the latest first, each with its last day; none for one that goes on. One that another replaced from its
/// very first day counted for none, and is left out.
#[must_use]
pub fn periods(entered: &[Posting]) -> Vec<(&Posting, Option<Date>)> {
    let mut ordered: Vec<&Posting> = entered.iter().collect();
    ordered.sort_by_key(|posting| posting.from);
    let mut periods: Vec<(&Posting, Option<Date>)> = Vec::new();
    let mut next: Option<Date> = None;
    for posting in ordered.into_iter().rev() {
        if next != Some(posting.from) {
            periods.push((posting, next.and_then(|next| next.yesterday().ok())));
            next = Some(posting.from);
        }
    }
    periods
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn posting(day: i8, maison: i64) -> Posting {
        let from = date(2026, 12, day);
        Posting { from, state: State::Present, maison: Some(MaisonId(maison)), reason: String::new() }
    }

    #[test]
    fn what_began_last_counts_and_the_last_entered_of_one_day() {
        let entered = [posting(10, 1), posting(3, 2), posting(10, 3)];
        let at = |day| on(date(2026, 12, day), &entered).and_then(|posting| posting.maison);
        assert_eq!([2, 3, 9, 10, 11].map(at), [None, Some(2), Some(2), Some(3), Some(3)].map(|id| id.map(MaisonId)));
        let told: Vec<_> = periods(&entered).into_iter().map(|(posting, until)| (posting.maison, until)).collect();
        assert_eq!(told, [(Some(MaisonId(3)), None), (Some(MaisonId(2)), Some(date(2026, 12, 9)))]);
    }

    #[test]
    fn a_state_is_stored_and_read_back() {
        for state in State::ALL {
            assert_eq!(state.to_string().parse(), Ok(state));
        }
        assert_eq!("vacances".parse::<State>(), Err(NotAState));
        assert!(!State::Present.is_away() && State::OnLeave.is_away() && State::Left.is_away());
    }

    proptest! {
        /// The periods are what counts on each day: they follow each other without a gap.
        #[test]
        fn every_day_falls_in_the_period_that_counts(days in proptest::collection::vec(1..28i8, 0..8), day in 1..28i8) {
            let entered: Vec<_> = days.into_iter().zip(1..).map(|(day, maison)| posting(day, maison)).collect();
            let day = date(2026, 12, day);
            let holds = |from: Date, until: Option<Date>| from <= day && until.is_none_or(|until| day <= until);
            let periods = periods(&entered);
            let held: Vec<_> = periods.iter().filter(|(posting, until)| holds(posting.from, *until)).collect();
            prop_assert_eq!(held.first().map(|(posting, _)| *posting), on(day, &entered));
            prop_assert!(held.len() <= 1);
        }
    }
}
