//! Live webinars: when they are, who comes, what is said of it in a calendar.

pub mod calendar;
pub mod kit;
pub mod plan;
pub mod presence;
pub mod registration;
pub mod schedule;
