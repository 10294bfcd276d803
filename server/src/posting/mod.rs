//! Where people work, from which day on. A posting of a day to come takes effect on that day.

mod entity;
pub mod routes;
pub mod store;
