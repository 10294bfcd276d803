//! Webinars before and after they take place: the list, one of them, the form that plans it.

mod details;
mod form;
mod list;
mod manage;
mod meanwhile;
#[cfg(test)]
mod tests;

pub use details::{Details, Recorded, details_page};
pub use form::{Choosable, PlanPage, plan_page};
pub use list::{Card, Standing, WebinarList, list_page};
pub use manage::{Manage, RosterLine};

pub(crate) use list::when;
