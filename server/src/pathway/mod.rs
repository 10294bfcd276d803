//! Pathways: published, shown in the record, and what trainers enter of them.

pub(crate) mod entry;
pub mod routes;
pub mod store;
pub(crate) mod telling;
