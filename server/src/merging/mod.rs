//! Two accounts of one person made one. The account that is folded in keeps its ledger as it is, and leads to the other.

mod entity;
mod merge;
pub mod routes;
pub(crate) mod store;
