//! Looking for words in the courses.

mod page;
#[cfg(test)]
mod tests;

pub use page::{Hit, Results, results_page};
