//! Before the room: checking browser, connection, loudspeaker, microphone and camera.

mod page;
#[cfg(feature = "room")]
mod trials;

pub use page::{CheckPage, Trials, TrialsProps, check_page};
