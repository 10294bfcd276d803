//! What the live room and the check of devices ask of the browser beside their connections.

pub(crate) mod devices;
pub(crate) mod direct;
pub(crate) mod exchange;
mod film;
pub(crate) mod first;
pub(crate) mod memory;
pub(crate) mod pings;
pub(crate) mod place;
pub(crate) mod rate;
pub(crate) mod sound;
pub(crate) mod still;
