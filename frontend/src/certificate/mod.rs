//! Certificates: in the record, on a page like the paper, and for whoever verifies one.

mod notice;
mod paper;
#[cfg(test)]
mod tests;

pub use notice::Held;
pub use paper::{Links, Paper, Row, certificate_page, verification_page};

pub(crate) use notice::{held, ready};
