//! What is seen at once of a moment that is gone to: a still from shortly before, until the film has come. A keyframe weighs
//! little, what stands between it and the moment may weigh much.

use crate::browser::page::{document, listen};
use leptos::web_sys::{Element, HtmlMediaElement};

/// Over the film, in that place, which names where stills come from.
pub(super) fn show_until_seeked(pictures: &Element, media: &HtmlMediaElement) {
    let Some(address) = pictures.get_attribute("data-still") else { return };
    let Some(still) = document().and_then(|document| document.create_element("img").ok()) else { return };
    for (name, value) in [("class", "replay-still"), ("alt", ""), ("hidden", "")] {
        let _ = still.set_attribute(name, value);
    }
    let _ = pictures.append_child(&still);

    let (shown, film) = (still.clone(), media.clone());
    listen(&still, "load", move |_| {
        if film.seeking() {
            let _ = shown.remove_attribute("hidden");
        }
    });
    let (asked, film) = (still.clone(), media.clone());
    listen(media, "seeking", move |_| {
        let to = film.current_time();
        if !is_here(&film, to) {
            let _ = asked.set_attribute("src", &format!("{address}?a={}", to.floor()));
        }
    });
    for event in ["seeked", "error"] {
        let still = still.clone();
        listen(media, event, move |_| {
            let _ = still.set_attribute("hidden", "");
            // What is still on its way would only take from the film.
            let _ = still.remove_attribute("src");
        });
    }
}

/// Whether the browser has that moment.
fn is_here(media: &HtmlMediaElement, time: f64) -> bool {
    let had = media.buffered();
    let within = |part| Some(had.start(part).ok()? <= time && time < had.end(part).ok()?);
    (0..had.length()).any(|part| within(part) == Some(true))
}
