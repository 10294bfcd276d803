//! What agents add up to.

use super::{Standing, State};
use jiff::Timestamp;
use std::iter::Sum;
use std::ops::AddAssign;

/// Some agents, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub agents: u64,
    /// Those who have begun and are not done.
    pub under_way: u64,
    pub done: u64,
    /// Those who are not done, and should be ([`super::due_at`]).
    pub late: u64,
    /// Minutes at a distance, asynchronous.
    pub minutes: u64,
    /// Minutes at a distance, synchronous.
    pub minutes_live: u64,
    /// Places at webinars that were held.
    pub webinars: u64,
    /// Those whose holder met the threshold.
    pub webinars_met: u64,
}

impl Tally {
    /// One agent, who is to be done at `due_at`.
    #[must_use]
    pub fn of(standing: &Standing, due_at: Timestamp, now: Timestamp) -> Self {
        let state = standing.state();
        let one = |yes: bool| u64::from(yes);
        Self {
            agents: 1,
            under_way: one(state == State::UnderWay),
            done: one(state == State::Done),
            late: one(state != State::Done && due_at < now),
            minutes: standing.minutes.into(),
            minutes_live: standing.minutes_live.into(),
            webinars: standing.webinars.into(),
            webinars_met: standing.webinars_met.into(),
        }
    }

    #[must_use]
    pub fn not_begun(&self) -> u64 {
        self.agents.saturating_sub(self.under_way).saturating_sub(self.done)
    }

    /// Percent of them who are done, rounded down: 100 means everybody.
    #[must_use]
    pub fn percent_done(&self) -> u8 {
        percent(self.done, self.agents)
    }

    /// Percent of the places at webinars whose holder met the threshold, rounded down.
    #[must_use]
    pub fn percent_met(&self) -> u8 {
        percent(self.webinars_met, self.webinars)
    }
}

fn percent(part: u64, whole: u64) -> u8 {
    u8::try_from((part.saturating_mul(100)).checked_div(whole).unwrap_or(0)).unwrap_or(100)
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.agents += other.agents;
        self.under_way += other.under_way;
        self.done += other.done;
        self.late += other.late;
        self.minutes += other.minutes;
        self.minutes_live += other.minutes_live;
        self.webinars += other.webinars;
        self.webinars_met += other.webinars_met;
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), |mut sum, tally| {
            sum += tally;
            sum
        })
    }
}
