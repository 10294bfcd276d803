//! Webinars, as agents and trainers see them.

pub mod presence;
