//! People: accounts, invitations, sessions, passwords.

pub(crate) mod directory;
pub(crate) mod entity;
pub mod password;
pub mod routes;
pub mod session;
pub mod store;
pub mod throttle;
