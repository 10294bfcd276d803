//! What is held of people, as `domain::protection` lists it: told to them, erased, and taken away at night.

mod copy;
mod entity;
mod erasure;
pub mod nights;
mod report;
pub mod routes;
mod rows;

pub use erasure::erase;
pub(crate) use erasure::not_erased;
