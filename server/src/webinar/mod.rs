//! Live webinars: planned, registered for, then said and shown.

pub(crate) mod entity;
pub mod kit;
pub mod media;
pub mod presence;
pub mod store;
