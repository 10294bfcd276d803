//! The images, sounds, videos and captions of a course being written: brought in, judged by what is in them, served.

pub mod captions;
mod entity;
mod image;
mod judge;
pub mod list;
pub mod receive;
pub mod tus;
pub(crate) mod uploads;

pub(crate) use uploads::folder;
pub use uploads::sweep;
