//! The studio: where trainers write, check and publish courses.
//!
//! Pages are drawn by the server within a [`frame`]; what lives in the browser is the studio's bundle (feature
//! `studio`), each island under the name that the server gives it, as in the live room.

pub mod desk;
#[cfg(feature = "ssr")]
mod field;
#[cfg(feature = "ssr")]
mod frame;
pub mod media;
#[cfg(feature = "ssr")]
pub mod publishing;
#[cfg(feature = "ssr")]
pub mod questions;

#[cfg(feature = "ssr")]
pub use frame::{Framed, Tab, frame};
