//! The training record: the ledger on disk, its projection, its pages.

mod check;
pub(crate) mod entity;
pub(crate) mod evidence;
pub mod routes;
pub mod store;
