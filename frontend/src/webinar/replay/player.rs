//! The player, woken: speed, keys, what is said now, the camera beside, the search in the transcript.

use super::place::Watching;
use super::{reporter, still};
use crate::browser::media::{number, origin, play, show};
use crate::browser::page::{found, listen};
use domain::text::{counted, folded};
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::{Element, HtmlElement, HtmlInputElement, HtmlMediaElement, HtmlSelectElement, KeyboardEvent};
use std::cell::Cell;

/// Speeds that keys go through.
const SPEEDS: [f64; 6] = [0.75, 1.0, 1.25, 1.5, 1.75, 2.0];
/// Seconds that an arrow moves by.
const ARROW: f64 = 5.0;
/// Seconds that a letter moves by.
const LETTER: f64 = 10.0;

/// Wakes the player in that place.
pub(super) fn start(island: &HtmlElement, watching: Watching) {
    let one = |selector: &str| island.query_selector(selector).ok().flatten();
    let Some(media) = one("video").and_then(|media| media.dyn_into::<HtmlMediaElement>().ok()) else { return };
    for hidden in found(island.query_selector_all("[data-awake]")) {
        let _ = hidden.remove_attribute("hidden");
    }
    if let Some(keys) = one("[data-keys]") {
        let _ = keys.set_attribute("tabindex", "0");
        hear_keys(&keys, &media, one("[data-told]"));
    }
    if let Some(select) = one("[data-speed]").and_then(|select| select.dyn_into::<HtmlSelectElement>().ok()) {
        choose_speed(&select, &media);
    }
    if let Some(camera) = one(".replay-camera").and_then(|camera| camera.dyn_into::<HtmlMediaElement>().ok()) {
        follow(&camera, &media);
    }
    if let Some(pictures) = one("[data-still]") {
        still::show_until_seeked(&pictures, &media);
    }
    seek_by_links(island, &media);
    for list in found(island.query_selector_all("[data-lines]")) {
        tell_what_is_now(&list, &media);
    }
    for poll in found(island.query_selector_all("[data-poll]")) {
        show_what_the_room_answered(&poll);
    }
    if let Some(field) = one("#chercher").and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
        search(&field, island, one("#trouve"));
    }
    reporter::start(media, one("[data-counted]"), watching);
}

fn choose_speed(select: &HtmlSelectElement, media: &HtmlMediaElement) {
    let (chosen, played) = (select.clone(), media.clone());
    listen(select, "change", move |_| played.set_playback_rate(chosen.value().parse().unwrap_or(1.0)));
    let (shown, played) = (select.clone(), media.clone());
    listen(media, "ratechange", move |_| shown.set_value(&played.playback_rate().to_string()));
}

/// Times of chapters and lines open the recording there, in this very player.
fn seek_by_links(island: &HtmlElement, media: &HtmlMediaElement) {
    let media = media.clone();
    // Around the island too: the link back to the beginning is above it.
    let around = island.parent_element().unwrap_or_else(|| island.clone().into());
    listen(&around, "click", move |event| {
        let link = origin(&event).and_then(|origin| origin.closest("[data-start]").ok().flatten());
        if let Some(start) = link.and_then(|link| number(&link, "data-start")) {
            event.prevent_default();
            media.set_current_time(start);
            play(&media);
        }
    });
}

fn hear_keys(place: &Element, media: &HtmlMediaElement, told: Option<Element>) {
    let media = media.clone();
    listen(place, "keydown", move |event| {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
        let on = origin(&event).map(|origin| origin.local_name()).unwrap_or_default();
        // What these do with keys is theirs.
        let is_taken = matches!(on.as_str(), "input" | "select" | "textarea")
            || (matches!(on.as_str(), "button" | "summary" | "a") && key.key() == " ");
        if is_taken || key.ctrl_key() || key.alt_key() || key.meta_key() {
            return;
        }
        let Some(said) = press(&media, key) else { return };
        event.prevent_default();
        if let Some(told) = told.as_ref().filter(|_| !said.is_empty()) {
            told.set_text_content(Some(&said));
        }
    });
}

/// Does what the key asks, and says so where it is not heard; none where it asks nothing of the player.
fn press(media: &HtmlMediaElement, key: &KeyboardEvent) -> Option<String> {
    let move_by = |seconds: f64| media.set_current_time((media.current_time() + seconds).max(0.0));
    let code = key.code();
    let digit = code.strip_prefix("Digit").or_else(|| code.strip_prefix("Numpad"));
    let tenth = digit.and_then(|digit| digit.parse::<u8>().ok());
    if let Some(tenth) = tenth {
        let length = media.duration();
        if length.is_finite() {
            media.set_current_time(length * f64::from(tenth) / 10.0);
        }
        return Some(String::new());
    }
    match key.key().as_str() {
        " " | "k" | "K" if media.paused() => play(media),
        " " | "k" | "K" => {
            let _ = media.pause();
        }
        "ArrowLeft" => move_by(-ARROW),
        "ArrowRight" => move_by(ARROW),
        "j" | "J" => move_by(-LETTER),
        "l" | "L" => move_by(LETTER),
        "ArrowUp" => media.set_volume((media.volume() + 0.1).min(1.0)),
        "ArrowDown" => media.set_volume((media.volume() - 0.1).max(0.0)),
        "<" => return Some(change_speed(media, SPEEDS.iter().rev().find(|speed| **speed < media.playback_rate()))),
        ">" => return Some(change_speed(media, SPEEDS.iter().find(|speed| **speed > media.playback_rate()))),
        _ => return None,
    }
    Some(String::new())
}

fn change_speed(media: &HtmlMediaElement, to: Option<&f64>) -> String {
    if let Some(speed) = to {
        media.set_playback_rate(*speed);
    }
    format!("Vitesse {}", media.playback_rate().to_string().replace('.', ","))
}

/// Marks the line of a list that is said now, and brings it to the middle of the list.
fn tell_what_is_now(list: &Element, media: &HtmlMediaElement) {
    let line = |link: Element| {
        let line = link.closest(".cue").ok().flatten()?.dyn_into::<HtmlElement>().ok()?;
        Some((number(&link, "data-start")?, number(&link, "data-end")?, line))
    };
    let lines: Vec<_> = found(list.query_selector_all("[data-start]")).into_iter().filter_map(line).collect();
    let (played, current) = (media.clone(), Cell::new(None));
    listen(media, "timeupdate", move |_| {
        let time = played.current_time();
        let now = lines.iter().position(|(start, end, _)| *start <= time && time < *end);
        let former = current.replace(now);
        if former == now {
            return;
        }
        if let Some((_, _, line)) = former.and_then(|place| lines.get(place)) {
            let _ = line.remove_attribute("aria-current");
        }
        if let Some((_, _, line)) = now.and_then(|place| lines.get(place)) {
            let _ = line.set_attribute("aria-current", "true");
            show(line);
        }
    });
}

/// The camera does what the recording does, without sound.
fn follow(camera: &HtmlMediaElement, media: &HtmlMediaElement) {
    /// Seconds by which the two may be apart before one is moved.
    const APART: f64 = 0.3;
    camera.set_muted(true);
    for event in ["play", "playing", "pause", "seeked", "ratechange", "timeupdate"] {
        let (camera, led) = (camera.clone(), media.clone());
        listen(media, event, move |_| {
            camera.set_playback_rate(led.playback_rate());
            if (camera.current_time() - led.current_time()).abs() > APART && !camera.seeking() {
                camera.set_current_time(led.current_time());
            }
            match (led.paused(), camera.paused()) {
                (false, true) => play(&camera),
                (true, false) => {
                    let _ = camera.pause();
                }
                _ => {}
            }
        });
    }
}

/// A choice made, the votes are shown; where several may be chosen, they are shown when asked for.
fn show_what_the_room_answered(poll: &Element) {
    let details = poll.query_selector("details").ok().flatten();
    let single = poll.query_selector("input[type=radio]").ok().flatten();
    if let (Some(details), Some(_)) = (details, single) {
        listen(poll, "change", move |_| {
            let _ = details.set_attribute("open", "");
        });
    }
}

/// Shows the lines that hold what is looked for, whatever their accents and capitals.
fn search(field: &HtmlInputElement, island: &HtmlElement, told: Option<Element>) {
    let texts = found(island.query_selector_all(".cue-text"));
    let line = |text: Element| {
        let line = text.closest(".cue").ok().flatten()?;
        Some((folded(&text.text_content().unwrap_or_default()), line))
    };
    let lines: Vec<_> = texts.into_iter().filter_map(line).collect();
    let typed = field.clone();
    listen(field, "input", move |_| {
        let wanted = folded(typed.value().trim());
        let mut shown = 0;
        for (text, line) in &lines {
            if text.contains(&wanted) {
                shown += 1;
                let _ = line.remove_attribute("hidden");
            } else {
                let _ = line.set_attribute("hidden", "");
            }
        }
        if let Some(told) = &told {
            let said = if wanted.is_empty() { String::new() } else { counted(shown, "ligne", "lignes") };
            told.set_text_content(Some(&said));
        }
    });
}
