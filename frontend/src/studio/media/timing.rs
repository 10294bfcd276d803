//! The player's position, written into the captions.

use crate::browser::page::listen;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::{HtmlElement, HtmlMediaElement, HtmlTextAreaElement};

/// Shows the buttons, and has them write.
pub(super) fn start(island: &HtmlElement) {
    let one = |selector: &str| island.query_selector(selector).ok().flatten();
    let media = one("video,audio").and_then(|media| media.dyn_into::<HtmlMediaElement>().ok());
    let text = one("textarea[name=text]").and_then(|text| text.dyn_into::<HtmlTextAreaElement>().ok());
    let (Some(media), Some(text), Some(bar)) = (media, text, one("[data-time]")) else { return };
    let _ = bar.remove_attribute("hidden");
    if let Some(button) = one("[data-insert]") {
        let (media, text) = (media.clone(), text.clone());
        listen(&button, "click", move |_| insert(&text, &spelled(media.current_time())));
    }
    if let Some(button) = one("[data-cue]") {
        listen(&button, "click", move |_| {
            let now = media.current_time();
            let end = text.value();
            text.set_value(&format!("{}\n\n{} --> {}\n", end.trim_end(), spelled(now), spelled(now + 3.0)));
            let _ = text.focus();
            let at = u32::try_from(text.value().encode_utf16().count()).unwrap_or(u32::MAX);
            let _ = text.set_selection_range(at, at);
        });
    }
}

/// `02:05.250`
fn spelled(seconds: f64) -> String {
    let milliseconds = (seconds * 1000.0).round().max(0.0);
    let (minutes, rest) = ((milliseconds / 60_000.0).floor(), milliseconds % 60_000.0);
    let (seconds, thousandths) = ((rest / 1000.0).floor(), rest % 1000.0);
    let (hours, minutes) = ((minutes / 60.0).floor(), minutes % 60.0);
    let hours = if hours > 0.0 { format!("{hours:02}:") } else { String::new() };
    format!("{hours}{minutes:02}:{seconds:02}.{thousandths:03}")
}

/// In the place of what is selected.
fn insert(text: &HtmlTextAreaElement, written: &str) {
    let at = text.selection_start().ok().flatten();
    let _ = text.set_range_text(written);
    let _ = text.focus();
    if let Some(at) = at {
        let at = at + u32::try_from(written.len()).unwrap_or(0);
        let _ = text.set_selection_range(at, at);
    }
}
