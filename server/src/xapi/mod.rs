//! The learning record store: xAPI 1.0.3 at `/xapi`, for other systems. The rules are in `domain::xapi`.

mod asked;
pub mod documents;
mod entity;
mod facts;
mod keep;
mod message;
mod read;
mod reference;
pub mod routes;
mod signed;

pub use asked::VERSION;
pub use facts::catch_up;
pub(crate) use facts::state;
pub use keep::Order;
