//! The live room.
//!
//! [`room_page`] is what the server draws: what a person without script reads, and the [`RoomPlace`] that wakes in a
//! browser. There `engine` holds what lives: the `socket` (the line to the server), the `call` (media), the timers.
//! It tells [`state`] what is heard, which folds it into one plain value; views read that value through the `desk`,
//! part by part, and hand their orders to it.

mod announce;
#[cfg(feature = "room")]
mod call;
#[cfg_attr(not(any(test, feature = "room")), expect(dead_code, reason = "the server opens no room"))]
mod desk;
#[cfg(feature = "room")]
mod engine;
mod measure;
pub mod page;
#[cfg(feature = "room")]
pub(crate) mod socket;
mod stage;
mod state;
mod views;
mod words;

#[cfg(feature = "room")]
pub(crate) use self::{
    call::trial,
    words::{Device, Trouble},
};
pub(crate) use page::ask;

pub use page::{Entrance, Prepared, PreparedLink, RoomPage};
#[cfg(feature = "ssr")]
pub use page::{RoomPlace, RoomPlaceProps, room_page};

#[cfg(test)]
mod tests;
