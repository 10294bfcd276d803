//! What other systems read over HTTP, by a token.
//!
//! Each kind of thing is a file: its parameters, what is told of it, its list and one of it. [`document`] tells all of
//! them in `OpenAPI`; a test holds it to the router.

mod answer;
mod asked;
mod call;
pub mod certificates;
pub mod classrooms;
pub mod document;
pub mod maisons;
pub mod people;
pub mod records;
pub mod routes;
pub mod webinars;

use jiff::Timestamp;

/// An instant as it is stored, in milliseconds since 1970.
fn instant(at: i64) -> Timestamp {
    Timestamp::from_millisecond(at).unwrap_or_default()
}
