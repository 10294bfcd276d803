//! Live webinars: planned, registered for, then said and shown.

pub mod cascade;
pub mod check;
pub mod diagnosis;
pub mod direct;
pub(crate) mod entity;
pub mod kit;
pub mod lease;
pub mod letters;
pub(crate) mod log;
pub mod media;
pub mod planning;
pub mod presence;
pub mod recording;
pub mod replay;
pub mod room;
pub mod rooms;
pub mod routes;
mod session;
mod settle;
pub mod socket;
pub mod stills;
pub mod store;
