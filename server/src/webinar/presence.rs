//! Presence at a webinar: what was seen, on disk; what it comes to, in the record; the trainer's sheet.

mod closing;
mod correction;
mod entity;
pub mod routes;
mod sheet;
mod store;

pub(crate) use closing::threshold;
pub use closing::{close, finish};
pub(crate) use routes::{by, told};
pub(crate) use sheet::{live, load as sheet, names};
pub(crate) use store::all_of;
pub use store::{Interval, been, checkpoint, intervals_of};
