//! Live webinars: planned, registered for, then said and shown.

pub(crate) mod entity;
pub mod media;
pub mod store;
