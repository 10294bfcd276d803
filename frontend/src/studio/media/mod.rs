//! The images, sounds, videos and captions of a course being written.

#[cfg(feature = "ssr")]
mod captions;
#[cfg(feature = "ssr")]
mod list;
mod place;
#[cfg(feature = "studio")]
mod sending;
#[cfg(feature = "studio")]
mod timing;

#[cfg(feature = "ssr")]
pub use captions::{CaptionsPage, captions_page};
#[cfg(feature = "ssr")]
pub use list::{MediaPage, MediumLine, media_page};
pub use place::Sending;
#[cfg(feature = "ssr")]
pub use place::{CaptionsPlace, CaptionsPlaceProps, SendingPlace, SendingPlaceProps};
