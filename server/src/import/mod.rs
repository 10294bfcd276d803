//! Maisons, agents and their presence brought in from a file: kept as it was read, checked, shown, then carried out at once.

mod apply;
mod entity;
mod file;
pub mod routes;
mod store;
