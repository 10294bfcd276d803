//! Who was there: the trainer's sheet, live and after, and the correction of one person's presence.

mod correction;
mod sheet;
#[cfg(test)]
mod tests;

pub use correction::{Correct, CorrectionForm, HistoryLine, SeenLine, Sent, correction_page};
pub use sheet::{Line, Sheet, State, sheet_page};

/// « 87 min »: a webinar is told in minutes, as its length is.
#[must_use]
pub fn in_minutes(minutes: u32) -> String {
    format!("{minutes}\u{a0}min")
}
