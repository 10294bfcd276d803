//! The whole training: where an agent stands in it, and what a trainer enters of it.

mod entry;
mod lines;
#[cfg(test)]
mod tests;

pub use entry::{EntryPage, HistoryLine, Slot, Typed, entry_page};
pub use lines::{ComponentLine, NextStep, PathwayLines};

pub(crate) use entry::half_day;
pub(crate) use lines::pathway;
