//! When the night's work is due.

use crate::text::paris;
use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan as _};

/// A night, by the day on which it ends in Paris.
pub type Night = Date;

/// When it begins, in Paris. The clocks change between two and three: this hour comes once every day.
const BEGINS: Time = Time::constant(3, 30, 0, 0);

/// The night whose work is to be done, unless `done` is the last that was. One that was missed is done as soon as
/// possible, once: what is past its term then was past it before.
#[must_use]
pub fn due(now: Timestamp, done: Option<Night>) -> Option<Night> {
    let clock = paris(now);
    let night = if clock.time() < BEGINS { clock.date().saturating_sub(1.day()) } else { clock.date() };
    done.is_none_or(|done| done < night).then_some(night)
}
