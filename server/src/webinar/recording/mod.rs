//! Webinars are recorded as they come, so that nothing is lost of what was said.

pub(crate) mod entity;
pub mod store;

pub(crate) use store::whole_of;
pub use store::{Recording, State, of};
