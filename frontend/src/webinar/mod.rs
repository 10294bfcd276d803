//! Live webinars.

pub mod planning;
