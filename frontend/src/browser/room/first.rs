//! How long it last took until something was seen or heard, kept in this browser for the diagnosis.

use super::memory;
use crate::webinar::way::Way;
use serde::{Deserialize, Serialize};

const KEY: &str = "socle-premiere-image";

/// The last time.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct First {
    pub(crate) milliseconds: u32,
    pub(crate) way: Way,
}

/// Keeps it.
pub(crate) fn keep(milliseconds: f64, way: Way) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped first")]
    let first = First { milliseconds: milliseconds.clamp(0.0, 1.0e6) as u32, way };
    if let Ok(text) = serde_json::to_string(&first) {
        memory::keep(KEY, &text);
    }
}

/// What was kept.
pub(crate) fn kept() -> Option<First> {
    crate::json::read(&memory::kept(KEY)?)
}
