//! The live room.
//!
//! [`room_page`] is what the server draws: what a person without script reads, and the [`RoomPlace`] that wakes in a
//! browser. There `engine` holds what lives: the `socket` (the line to the server), the `call` (media), the timers.
//! It tells [`state`] what is heard, which folds it into one plain value; views read that value through the `desk`,
//! part by part, and hand their orders to it. The server carries none of it.

#[cfg(any(test, feature = "room"))]
mod announce;
#[cfg(feature = "room")]
mod call;
#[cfg(any(test, feature = "room"))]
mod climbing;
#[cfg(any(test, feature = "room"))]
#[cfg_attr(not(feature = "room"), expect(dead_code, reason = "tests open no room"))]
mod desk;
#[cfg(any(test, feature = "room"))]
#[cfg_attr(not(feature = "room"), expect(dead_code, reason = "tests share no screen"))]
mod drawing;
#[cfg(feature = "room")]
mod engine;
#[cfg(any(test, feature = "room"))]
mod falling;
#[cfg(any(test, feature = "room"))]
mod measure;
pub mod page;
#[cfg(any(test, feature = "room"))]
mod seeking;
#[cfg(feature = "room")]
pub(crate) mod socket;
#[cfg(any(test, feature = "room"))]
mod stage;
#[cfg(any(test, feature = "room"))]
mod state;
#[cfg(any(test, feature = "room"))]
mod views;
#[cfg(any(test, feature = "room"))]
mod words;

#[cfg(feature = "room")]
pub(crate) use self::{
    call::trial,
    drawing::{GLANCE, HEAVY, SIDE},
    words::{Device, Trouble, otherwise},
};
pub(crate) use page::ask;

pub use page::{Entrance, Prepared, PreparedLink, RoomPage};
#[cfg(feature = "ssr")]
pub use page::{RoomPlace, RoomPlaceProps, room_page};

#[cfg(test)]
mod tests;
