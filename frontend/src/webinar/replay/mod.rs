//! A recorded webinar watched later.
//!
//! Without script: the browser's own player, captions over the picture, chapters and lines that open the recording where
//! they are. The bundle of its own adds speed, keys, what is said now, and reports what is really played.

#[cfg(feature = "ssr")]
mod beside;
#[cfg(feature = "ssr")]
mod counted;
#[cfg(any(test, feature = "replay"))]
mod meter;
#[cfg(feature = "ssr")]
mod page;
mod place;
#[cfg(feature = "replay")]
mod player;
#[cfg(feature = "replay")]
mod reporter;
#[cfg(feature = "replay")]
mod still;
#[cfg(test)]
mod tests;

#[cfg(feature = "ssr")]
pub use beside::{Line, QuizPart, QuizState};
#[cfg(feature = "ssr")]
pub use counted::{Counted, clock};
#[cfg(feature = "ssr")]
pub use page::{Ready, ReplayPage, Stands, replay_page};
pub use place::{Acknowledged, Watching};
#[cfg(feature = "ssr")]
pub use place::{ReplayPlace, ReplayPlaceProps};
