//! Webinars, as agents and trainers see them.

#[cfg(any(feature = "ssr", feature = "room"))]
pub mod check;
pub mod planning;
pub mod presence;
#[cfg(any(feature = "ssr", feature = "room"))]
pub mod room;
