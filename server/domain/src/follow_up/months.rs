//! Counts over time.

#[cfg(test)]
mod tests;

use crate::text::month_year;
use jiff::civil::{Date, date};

/// Months shown at most; what came before is in the first.
const SHOWN: i32 = 24;

/// How many there were at the end of a month, or are there today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first: Date,
    pub total: u64,
}

impl Month {
    /// « mars 2026 »
    #[must_use]
    pub fn name(&self) -> String {
        month_year(self.first)
    }
}

/// The running total of what came on each of these days, at the end of each month until `today`. Without anything,
/// no month.
#[must_use]
pub fn monthly(days: &[(Date, u64)], today: Date) -> Vec<Month> {
    let Some(first) = days.iter().map(|(day, _)| number(*day)).min() else { return Vec::new() };
    let last = number(today).max(days.iter().map(|(day, _)| number(*day)).max().unwrap_or(first));
    (first.max(last - SHOWN + 1)..=last)
        .map(|month| Month {
            first: first_day(month),
            total: days.iter().filter(|(day, _)| number(*day) <= month).map(|(_, n)| n).sum(),
        })
        .collect()
}

fn number(day: Date) -> i32 {
    i32::from(day.year()) * 12 + i32::from(day.month()) - 1
}

fn first_day(month: i32) -> Date {
    let year = i16::try_from(month.div_euclid(12)).unwrap_or(i16::MAX);
    date(year.clamp(1, 9999), i8::try_from(month.rem_euclid(12)).unwrap_or(0) + 1, 1)
}
