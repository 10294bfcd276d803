//! A field of several lines: its text, what is selected of it, and changes that the browser can undo.

use super::super::page::{document, focus};
use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlInputElement, HtmlTextAreaElement};

/// The element of that id.
pub(crate) fn element<T: JsCast>(id: &str) -> Option<T> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// The text of a field; empty where there is none of that id.
pub(crate) fn value(id: &str) -> String {
    let Some(field) = element::<Element>(id) else { return String::new() };
    if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
        return area.value();
    }
    field.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::value).unwrap_or_default()
}

/// Writes a text in a field, where it is not that already.
pub(crate) fn set_value(id: &str, text: &str) {
    let Some(field) = element::<Element>(id) else { return };
    if value(id) == text {
        return;
    }
    if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
        area.set_value(text);
    } else if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        input.set_value(text);
    }
}

/// What is selected, in bytes of the text.
pub(crate) fn selection(area: &HtmlTextAreaElement) -> (usize, usize) {
    let text = area.value();
    let place = |found: Result<Option<u32>, JsValue>| bytes_at(&text, found.ok().flatten().unwrap_or(0));
    (place(area.selection_start()), place(area.selection_end()))
}

/// Selects that many bytes of the text.
pub(crate) fn select(area: &HtmlTextAreaElement, (from, to): (usize, usize)) {
    let text = area.value();
    let _ = area.set_selection_range(units_at(&text, from), units_at(&text, to));
}

/// Puts words in the place of what stands there, so that the browser can undo it.
pub(crate) fn replace(area: &HtmlTextAreaElement, range: (usize, usize), with: &str) {
    focus(area);
    select(area, range);
    let typed = document().and_then(|document| {
        let command: Function = Reflect::get(&document, &"execCommand".into()).ok()?.dyn_into().ok()?;
        command.call3(&document, &"insertText".into(), &JsValue::FALSE, &with.into()).ok()?.as_bool()
    });
    if typed != Some(true) {
        let text = area.value();
        let before = text.get(..range.0).unwrap_or_default();
        let after = text.get(range.1..).unwrap_or_default();
        area.set_value(&format!("{before}{with}{after}"));
    }
}

/// Goes to a line of the text, from 1.
pub(crate) fn go_to(area: &HtmlTextAreaElement, line: u32) {
    let text = area.value();
    let skipped = usize::try_from(line.saturating_sub(1)).unwrap_or(0);
    let from: usize = text.split_inclusive('\n').take(skipped).map(str::len).sum();
    let to = from + text.get(from..).and_then(|rest| rest.lines().next()).map_or(0, str::len);
    focus(area);
    select(area, (from, to));
    let lines = i32::try_from(text.lines().count()).unwrap_or(i32::MAX).max(1);
    let at = area.scroll_height() / lines * i32::try_from(skipped).unwrap_or(0);
    area.set_scroll_top(at - area.client_height() / 2);
}

/// Bytes before that many UTF-16 units, which the browser counts in.
fn bytes_at(text: &str, units: u32) -> usize {
    let mut left = usize::try_from(units).unwrap_or(usize::MAX);
    for (at, letter) in text.char_indices() {
        if left < letter.len_utf16() {
            return at;
        }
        left -= letter.len_utf16();
    }
    text.len()
}

fn units_at(text: &str, bytes: usize) -> u32 {
    let before = text.get(..bytes).unwrap_or(text);
    u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX)
}
