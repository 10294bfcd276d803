//! People: accounts, invitations, sessions, passwords, second factors.

pub(crate) mod directory;
pub(crate) mod entity;
pub mod forgotten;
pub(crate) mod leaks;
pub mod own;
pub mod own_factor;
pub mod passkey;
pub mod password;
pub mod proconnect;
pub mod proving;
mod recovery;
pub mod routes;
pub mod second_factor;
pub mod session;
pub mod store;
pub mod throttle;
