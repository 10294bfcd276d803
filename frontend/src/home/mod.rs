//! The first page: what Socle is, or the agent's own path.

mod cohort;
mod page;
mod path;
#[cfg(test)]
mod tests;

pub use cohort::OwnCohort;
pub use page::{Home, NextWebinar, home_page, welcome_page};
pub use path::{Next, Path, Step, StepState};

pub(crate) use path::{go_on, progress, steps, to_do};
