//! Webinars, as agents and trainers see them.

pub mod planning;
pub mod presence;
