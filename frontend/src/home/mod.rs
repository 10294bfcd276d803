//! The first page: what Socle is, or the agent's own path.

mod cohort;
mod notice;
mod page;
mod path;
#[cfg(test)]
mod tests;

pub use cohort::OwnCohort;
pub use notice::NoticeLine;
pub use page::{Home, NextWebinar, Replay, home_page, welcome_page};
pub use path::{Next, Path, Step, StepState};

pub(crate) use notice::told;
pub(crate) use path::{go_on, progress, steps, to_do};
