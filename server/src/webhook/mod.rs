//! Other systems told of what happens: written with what it tells of, delivered by a job, signed, tried again.

mod delivery;
mod entity;
pub mod outbox;
pub mod routes;
mod sending;
mod store;

pub use delivery::{Lanes, deliver};
pub use store::standing;
