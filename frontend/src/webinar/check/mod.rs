//! Before the room: checking browser, connection, loudspeaker, microphone and camera.

mod page;
#[cfg(feature = "room")]
mod trials;

#[cfg(feature = "ssr")]
pub use page::check_page;
pub use page::{CheckPage, Trials, TrialsProps};

#[cfg(test)]
mod tests;
