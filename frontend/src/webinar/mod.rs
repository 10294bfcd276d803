//! Webinars, as agents and trainers see them.

#[cfg(any(feature = "ssr", feature = "room"))]
pub mod check;
#[cfg(any(feature = "ssr", feature = "room"))]
pub mod diagnosis;
#[cfg(any(feature = "ssr", feature = "room"))]
pub(crate) mod gear;
#[cfg(any(feature = "ssr", feature = "room"))]
pub(crate) mod pictures;
#[cfg(not(feature = "drawn"))]
pub mod planning;
#[cfg(not(feature = "drawn"))]
pub mod presence;
#[cfg(any(feature = "ssr", feature = "replay"))]
pub mod replay;
#[cfg(any(feature = "ssr", feature = "room"))]
pub mod room;
#[cfg(any(feature = "ssr", feature = "room"))]
pub mod way;
