//! Webinars are recorded as they come, so that nothing is lost of what was said.

pub(crate) mod entity;
pub mod store;

pub use store::{Recording, State, of};
