//! What the live room and the check of devices ask of the browser beside their connections.

pub(crate) mod devices;
pub(crate) mod place;
pub(crate) mod sound;
