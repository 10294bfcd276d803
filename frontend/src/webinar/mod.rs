//! Live webinars.

#[cfg(any(feature = "ssr", feature = "room"))]
pub mod check;
#[cfg(any(feature = "ssr", feature = "room"))]
pub mod room;
