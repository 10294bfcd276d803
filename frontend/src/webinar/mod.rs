//! Webinars, as agents and trainers see them.

#[cfg(any(feature = "ssr", feature = "room"))]
pub mod check;
#[cfg(not(feature = "room"))]
pub mod planning;
#[cfg(not(feature = "room"))]
pub mod presence;
#[cfg(any(feature = "ssr", feature = "room"))]
pub mod room;
