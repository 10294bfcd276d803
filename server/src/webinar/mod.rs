//! Live webinars: planned, registered for, then said and shown.

pub mod check;
pub(crate) mod entity;
pub mod kit;
mod log;
pub mod media;
pub mod presence;
pub mod room;
pub mod rooms;
mod session;
mod settle;
pub mod socket;
pub mod store;
