//! « Je conteste »: an agent says that a line of their record is wrong, a trainer answers, both stay.

pub mod routes;
pub(crate) mod store;
