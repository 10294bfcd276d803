//! The live room.
//!
//! [`room_page`] is what the server draws: what a person without script reads, and the [`RoomPlace`] that wakes in a
//! browser. There `engine` holds what lives: the `socket` (the line to the server), the `call` (media), the timers.
//! It tells [`state`] what is heard, which folds it into one plain value; views read that value through the `desk`,
//! part by part, and hand their orders to it.

mod announce;
#[cfg(feature = "room")]
mod call;
mod desk;
#[cfg(feature = "room")]
mod engine;
mod measure;
pub mod page;
#[cfg(feature = "room")]
mod socket;
mod stage;
mod state;
mod views;
mod words;

pub use page::{Prepared, PreparedLink, RoomPage, RoomPlace, RoomPlaceProps, room_page};

#[cfg(test)]
mod tests;
