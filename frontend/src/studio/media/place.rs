//! Where the browser sends files piece by piece, and follows the player: forms that the server drew, woken.

use leptos::prelude::*;
#[cfg(feature = "studio")]
use leptos::web_sys;
use serde::{Deserialize, Serialize};

/// What sending starts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sending {
    pub course: String,
}

/// Around the form that sends a file. Without script it is sent whole.
#[cfg(feature = "ssr")]
#[island]
pub fn SendingPlace(sending: Sending, children: Children) -> impl IntoView {
    // Read by the studio's bundle from the island's properties.
    drop(sending);
    view! { <div class="sending-place">{children()}</div> }
}

/// Around the player and the captions.
#[cfg(feature = "ssr")]
#[island]
pub fn CaptionsPlace(children: Children) -> impl IntoView {
    view! { <div class="captions-desk">{children()}</div> }
}

/// Sends files piece by piece from now on.
#[cfg(feature = "studio")]
#[leptos::wasm_bindgen::prelude::wasm_bindgen(js_name = "SendingPlace_0", wasm_bindgen = leptos::wasm_bindgen)]
pub fn wake_sending(island: &web_sys::HtmlElement) {
    #[derive(Deserialize)]
    struct Props {
        sending: Sending,
    }
    if let Some(Props { sending }) = crate::browser::page::props(island) {
        super::sending::start(island, sending);
    }
}

/// Writes the player's times into the captions from now on.
#[cfg(feature = "studio")]
#[leptos::wasm_bindgen::prelude::wasm_bindgen(js_name = "CaptionsPlace_0", wasm_bindgen = leptos::wasm_bindgen)]
pub fn wake_captions(island: &web_sys::HtmlElement) {
    super::timing::start(island);
}
