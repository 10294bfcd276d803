//! Lines of a list that are dragged to another place.

use super::super::page::{found, listen};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// The lines of the list that carry that attribute.
fn lines(list: &Element, key: &str) -> Vec<Element> {
    found(list.query_selector_all(&format!(":scope > [{key}]")))
}

/// Lets each line that carries `key` be dragged before or after another; tells the new order of the keys' values.
pub(crate) fn sortable(list: &HtmlElement, key: &'static str, sorted: impl Fn(Vec<String>) + 'static) {
    let dragged: Rc<RefCell<Option<Element>>> = Rc::default();
    for line in lines(list, key) {
        let _ = line.set_attribute("draggable", "true");
    }
    let line_of = move |event: &web_sys::Event| {
        let target: Element = event.target()?.dyn_into().ok()?;
        target.closest(&format!("[{key}]")).ok().flatten()
    };
    let holds = Rc::clone(&dragged);
    listen(list, "dragstart", move |event| *holds.borrow_mut() = line_of(&event));
    let (holds, within) = (Rc::clone(&dragged), list.clone());
    listen(list, "dragover", move |event| {
        let (Some(held), Some(over)) = (holds.borrow().clone(), line_of(&event)) else { return };
        event.prevent_default();
        if held == over {
            return;
        }
        let all = lines(&within, key);
        let place = |wanted: &Element| all.iter().position(|line| line == wanted);
        // From above it comes after, from below before.
        let before = if place(&held) < place(&over) { over.next_sibling() } else { Some(over.into()) };
        let _ = within.insert_before(&held, before.as_ref());
    });
    listen(list, "drop", |event| event.prevent_default());
    let within = list.clone();
    listen(list, "dragend", move |_| {
        if dragged.borrow_mut().take().is_some() {
            sorted(lines(&within, key).iter().filter_map(|line| line.get_attribute(key)).collect());
        }
    });
}
