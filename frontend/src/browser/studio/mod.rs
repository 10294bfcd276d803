//! What the studio asks of the browser.

pub(crate) mod area;
pub(crate) mod drag;
pub(crate) mod texts;
