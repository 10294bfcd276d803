//! The tokens by which other systems are known: made by administrators, shown once, revoked at once.

mod entity;
pub mod routes;
pub mod store;
