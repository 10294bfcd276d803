//! « Je conteste »: a line of a record, what is said against it, the answer.

mod page;
#[cfg(test)]
mod tests;

pub use page::{Asks, DisputePage, Row, Words, dispute_page, disputes_page};
