//! How another system reads what Socle holds.

mod page;
#[cfg(test)]
mod tests;

pub use page::{ApiPage, Opened, api_page};
