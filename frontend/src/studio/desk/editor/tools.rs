//! The tools above a text: one stop of the keyboard, then its arrows.

use crate::browser::page;
use crate::studio::desk::insertion::{CALLOUTS, Piece};
use domain::studio::medium;
use leptos::prelude::*;
use leptos::web_sys;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

/// A button: what it writes, its sign, its name, its shortcut.
const BUTTONS: [(Piece, &str, &str, &str); 9] = [
    (Piece::Bold, "G", "Gras", "Ctrl+B"),
    (Piece::Italic, "I", "Italique", "Ctrl+I"),
    (Piece::Link, "Lien", "Lien", "Ctrl+K"),
    (Piece::Section, "Section", "Titre de section", "Ctrl+Maj+2"),
    (Piece::Heading, "Titre", "Titre dans la section", "Ctrl+Maj+3"),
    (Piece::List, "• Liste", "Liste à puces", "Ctrl+Maj+8"),
    (Piece::Numbers, "1. Liste", "1. Liste numérotée", "Ctrl+Maj+7"),
    (Piece::Case, "Cas", "Cas pratique", ""),
    (Piece::Table, "Tableau", "Tableau", ""),
];

/// What a key pressed with Ctrl (or Cmd) writes.
pub(super) fn shortcut(code: &str, key: &str, shift: bool) -> Option<Piece> {
    Some(match (shift, code, key.to_lowercase().as_str()) {
        (false, _, "b") => Piece::Bold,
        (false, _, "i") => Piece::Italic,
        (false, _, "k") => Piece::Link,
        (true, "Digit2", _) => Piece::Section,
        (true, "Digit3", _) => Piece::Heading,
        (true, "Digit7", _) => Piece::Numbers,
        (true, "Digit8", _) => Piece::List,
        _ => return None,
    })
}

/// What is said once it is written.
pub(super) fn said(piece: &Piece) -> String {
    let name = match piece {
        Piece::Callout(mark) => CALLOUTS.iter().find(|(known, _)| known == mark).map_or("Encadré", |(_, name)| *name),
        Piece::Term(_, word) => word,
        Piece::Medium(path, _) => path,
        other => BUTTONS.iter().find(|(known, ..)| known == other).map_or("", |(_, _, name, _)| *name),
    };
    format!("{name}\u{a0}: inséré.")
}

/// The toolbar.
pub(super) fn toolbar<W: Fn(Piece) + 'static>(
    terms: Vec<(String, String)>,
    media: &[String],
    write: W,
) -> impl IntoView + use<W> {
    let write = Rc::new(write);
    let button = |(place, (piece, sign, name, keys)): (usize, (Piece, &'static str, &'static str, &'static str))| {
        let write = Rc::clone(&write);
        let title = if keys.is_empty() { name.to_owned() } else { format!("{name} ({keys})") };
        let tab = if place == 0 { "0" } else { "-1" };
        view! {
            <button type="button" class="tool" tabindex=tab title=title aria-label=name on:click=move |_| write(piece.clone())>
                {sign}
            </button>
        }
    };
    let buttons = BUTTONS.into_iter().enumerate().map(button).collect_view();
    let has_transcript = |path: &str| {
        path.rsplit_once('.').is_some_and(|(stem, _)| media.iter().any(|other| other.strip_suffix(".md") == Some(stem)))
    };
    let shown: Vec<String> = media.iter().filter(|path| medium::written(path, false).is_some()).cloned().collect();
    let pieces: Vec<Piece> = CALLOUTS
        .iter()
        .map(|(mark, _)| Piece::Callout(mark))
        .chain(terms.iter().map(|(key, word)| Piece::Term(key.clone(), word.clone())))
        .chain(shown.iter().map(|path| Piece::Medium(path.clone(), has_transcript(path))))
        .collect();
    let chosen = RwSignal::new(0usize);
    let option = |at: usize, name: String| view! { <option value=at.to_string()>{name}</option> };
    let group = |label: &'static str, from: usize, names: Vec<String>| {
        let none = names.is_empty();
        let options = names.into_iter().enumerate().map(|(at, name)| option(from + at, name)).collect_view();
        (!none).then(|| view! { <optgroup label=label>{options}</optgroup> })
    };
    let names = CALLOUTS.iter().map(|(_, name)| (*name).to_owned()).collect();
    let (first_term, first_medium) = (CALLOUTS.len(), CALLOUTS.len() + terms.len());
    let words = terms.into_iter().map(|(_, word)| word).collect();
    view! {
        <div class="tools" role="toolbar" aria-label="Mise en forme du texte" aria-controls="ed-text" on:keydown=move |event| arrows(&event)>
            {buttons}
        </div>
        <div class="tools">
            <label class="visually-hidden" for="ed-piece">"À insérer"</label>
            <select id="ed-piece" on:change=move |event| chosen.set(event_target_value(&event).parse().unwrap_or(0))>
                {group("Encadré", 0, names)}
                {group("Terme du glossaire", first_term, words)}
                {group("Image, son ou vidéo", first_medium, shown)}
            </select>
            <button type="button" class="tool" on:click=move |_| {
                if let Some(piece) = pieces.get(chosen.get_untracked()) {
                    write(piece.clone());
                }
            }>"Insérer"</button>
        </div>
        <p class="visually-hidden" role="status" id="ed-annonce"></p>
    }
}

/// The arrows go from tool to tool; the one reached is the stop from then on.
fn arrows(event: &KeyboardEvent) {
    let Some(bar) = event.current_target().and_then(|bar| bar.dyn_into::<Element>().ok()) else { return };
    let tools = page::found(bar.query_selector_all("button"));
    let at = tools.iter().position(|tool| tool.get_attribute("tabindex").as_deref() == Some("0")).unwrap_or(0);
    let last = tools.len().saturating_sub(1);
    let to = match event.key().as_str() {
        "ArrowRight" => {
            if at == last {
                0
            } else {
                at + 1
            }
        }
        "ArrowLeft" => at.checked_sub(1).unwrap_or(last),
        "Home" => 0,
        "End" => last,
        _ => return,
    };
    event.prevent_default();
    for (place, tool) in tools.into_iter().enumerate() {
        let _ = tool.set_attribute("tabindex", if place == to { "0" } else { "-1" });
        if let Some(tool) = tool.dyn_ref::<HtmlElement>().filter(|_| place == to) {
            page::focus(tool);
        }
    }
}
