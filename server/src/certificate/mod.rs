//! The certificats de réalisation: issued with the fact that earns them, signed, shown, verified, proven.

pub mod badge;
mod entity;
pub(crate) mod issuing;
pub mod keys;
mod paper;
pub mod proof;
pub mod routes;
pub(crate) mod store;

pub use issuing::catch_up;
pub(crate) use issuing::unname;
