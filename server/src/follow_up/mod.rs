//! Following up: where agents stand, counted by territory, for each role what its scope allows.
//!
//! Each agent has one row a course, the enrolment, which is folded anew with each fact, in its transaction. Every
//! figure is a sum over these rows: thousands of agents, however many facts there are.

pub(crate) mod agents;
pub(crate) mod cohorts;
pub(crate) mod enrolment;
pub(crate) mod entity;
pub(crate) mod export;
pub mod files;
pub mod list;
pub mod reminders;
pub mod routes;
pub(crate) mod standings;
pub mod store;
pub(crate) mod territory;

pub use enrolment::catch_up;
pub(crate) use routes::question;
