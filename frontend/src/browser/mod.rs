//! What the islands ask of the browser, in few words: its store, its network, its page.
//!
//! Outside of this folder nothing names the browser's interfaces, but for events.

#[cfg(any(feature = "hydrate", feature = "studio"))]
mod idb;
#[cfg(feature = "replay")]
pub(crate) mod kept;
#[cfg(any(feature = "hydrate", feature = "replay"))]
pub(crate) mod media;
pub(crate) mod net;
pub(crate) mod page;
#[cfg(feature = "room")]
pub(crate) mod room;
#[cfg(feature = "hydrate")]
pub(crate) mod store;
#[cfg(feature = "studio")]
pub(crate) mod studio;
#[cfg(feature = "studio")]
pub(crate) mod upload;
