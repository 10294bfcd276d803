//! The training record: the ledger on disk, its projection, its pages.

pub(crate) mod entity;
pub mod routes;
pub mod store;
