//! Live webinars: planned, registered for, then said and shown.

pub(crate) mod entity;
pub mod letters;
pub mod media;
pub mod planning;
pub mod routes;
pub mod store;
