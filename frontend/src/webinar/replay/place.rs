//! Where the player is woken: what the server hands to it, and what it answers to its reports.

#[cfg(feature = "ssr")]
use leptos::prelude::*;
#[cfg(feature = "replay")]
use leptos::web_sys;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What the player starts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watching {
    /// Where reports go.
    pub report: String,
    /// Of whom and of what, so that what waits in a shared browser is sent for nobody else.
    pub whose: String,
    /// Where they stopped, in milliseconds.
    pub resume: Option<u64>,
}

/// What the server answers to a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// The pieces that are on disk, or of which nothing counts.
    pub kept: Vec<Uuid>,
    /// What is counted so far, in plain words.
    pub said: String,
    /// Whether it suffices.
    pub is_met: bool,
}

/// Around the player and what is told beside it.
#[cfg(feature = "ssr")]
#[island]
pub fn ReplayPlace(watching: Watching, children: Children) -> impl IntoView {
    // Read by the replay's bundle from the island's properties.
    drop(watching);
    view! { <div class="replay-place">{children()}</div> }
}

/// Wakes the player.
#[cfg(feature = "replay")]
#[leptos::wasm_bindgen::prelude::wasm_bindgen(js_name = "ReplayPlace_0", wasm_bindgen = leptos::wasm_bindgen)]
pub fn wake_replay(island: &web_sys::HtmlElement) {
    #[derive(Deserialize)]
    struct Props {
        watching: Watching,
    }
    if let Some(Props { watching }) = crate::browser::page::props(island) {
        super::player::start(island, watching);
    }
}
