//! The media element of a player: speed, keys, and the transcript that seeks and follows.

use super::page;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{
    Element, Event, HtmlElement, HtmlMediaElement, HtmlSelectElement, KeyboardEvent, ScrollBehavior, ScrollToOptions,
};

/// Seconds that an arrow moves by.
const STEP: f64 = 5.0;

struct Line {
    element: HtmlElement,
    start: f64,
    end: f64,
}

/// Wakes the player in that place.
pub(crate) fn follow(place: &HtmlElement, speed: &HtmlSelectElement) {
    let Some(media) = place.query_selector("video,audio").ok().flatten().and_then(|media| media.dyn_into().ok()) else {
        return;
    };
    let media: HtmlMediaElement = media;
    let lines: Rc<[Line]> =
        page::found(place.query_selector_all("[data-start]")).into_iter().filter_map(line).collect();

    let (heard, select) = (media.clone(), speed.clone());
    page::listen(speed, "change", move |_| heard.set_playback_rate(select.value().parse().unwrap_or(1.0)));

    let heard = media.clone();
    page::listen(place, "click", move |event| {
        let start = origin(&event)
            .and_then(|origin| origin.closest("[data-start]").ok().flatten())
            .and_then(|line| number(&line, "data-start"));
        if let Some(start) = start {
            event.prevent_default();
            heard.set_current_time(start);
            play(&heard);
        }
    });

    let (heard, around) = (media.clone(), place.clone());
    page::listen(place, "keydown", move |event| {
        if origin(&event).is_some_and(|origin| origin == *around.unchecked_ref::<Element>())
            && event.dyn_ref::<KeyboardEvent>().is_some_and(|key| press(&heard, key))
        {
            event.prevent_default();
        }
    });

    let (heard, current) = (media.clone(), Cell::new(None));
    page::listen(&media, "timeupdate", move |_| {
        let time = heard.current_time();
        let now = lines.iter().position(|line| line.start <= time && time < line.end);
        let former = current.replace(now);
        if former == now {
            return;
        }
        if let Some(line) = former.and_then(|place| lines.get(place)) {
            let _ = line.element.remove_attribute("aria-current");
        }
        if let Some(line) = now.and_then(|place| lines.get(place)) {
            let _ = line.element.set_attribute("aria-current", "true");
            show(&line.element);
        }
    });
}

fn line(element: Element) -> Option<Line> {
    Some(Line {
        start: number(&element, "data-start")?,
        end: number(&element, "data-end")?,
        element: element.dyn_into().ok()?,
    })
}

pub(crate) fn number(element: &Element, attribute: &str) -> Option<f64> {
    element.get_attribute(attribute)?.parse().ok()
}

pub(crate) fn origin(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

pub(crate) fn play(media: &HtmlMediaElement) {
    // The browser may refuse to play, and says so itself.
    let _ = media.play();
}

/// Does what the key asks; false when it asks nothing of the player.
fn press(media: &HtmlMediaElement, key: &KeyboardEvent) -> bool {
    if key.ctrl_key() || key.alt_key() || key.meta_key() {
        return false;
    }
    match key.key().as_str() {
        " " | "k" | "K" if media.paused() => play(media),
        " " | "k" | "K" => {
            let _ = media.pause();
        }
        "ArrowLeft" => media.set_current_time((media.current_time() - STEP).max(0.0)),
        "ArrowRight" => media.set_current_time(media.current_time() + STEP),
        _ => return false,
    }
    true
}

/// Brings the line to the middle of its own box, and moves nothing else.
pub(crate) fn show(line: &HtmlElement) {
    let Some(list) = line.closest(".cues").ok().flatten().and_then(|list| list.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    let (line, frame) = (line.get_bounding_client_rect(), list.get_bounding_client_rect());
    let middle = f64::from(list.scroll_top()) + line.top() - frame.top() - (frame.height() - line.height()) / 2.0;
    let options = ScrollToOptions::new();
    options.set_top(middle);
    options.set_behavior(if page::calm() { ScrollBehavior::Instant } else { ScrollBehavior::Smooth });
    list.scroll_to_with_scroll_to_options(&options);
}
