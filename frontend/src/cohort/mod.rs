//! Cohorts: listed, planned, filled, followed.

mod adding;
mod list;
mod page;
mod plan;
#[cfg(test)]
mod tests;

pub use adding::{AddPage, add_page};
pub use list::{Asked, List, Listed, list_page};
pub use page::{Attached, CohortPage, Manage, Member, cohort_page};
pub use plan::{Choosable, PlanPage, plan_page};
