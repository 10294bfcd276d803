//! The page: its fields, its moments, its clock and dice.

use js_sys::Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Document, Element, Event, EventTarget, FormData, HtmlButtonElement, HtmlElement, HtmlFormElement, HtmlInputElement,
    HtmlSelectElement, NodeList, VisibilityState,
};

pub(crate) fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// Milliseconds since 1970 by this computer's clock, which may be wrong.
pub(crate) fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// Milliseconds since this page was asked for.
pub(crate) fn age_ms() -> f64 {
    let asked = web_sys::window().and_then(|window| window.performance()).map(|performance| performance.time_origin());
    asked.map_or(0.0, |asked| (now_ms() - asked).max(0.0))
}

/// A number from 0 to 1.
pub(crate) fn dice() -> f64 {
    js_sys::Math::random()
}

/// A new identifier, where the browser gives one (secure pages only).
pub(crate) fn new_id<T: std::str::FromStr>() -> Option<T> {
    web_sys::window()?.crypto().ok()?.random_uuid().parse().ok()
}

/// Whether the browser believes that it has a network.
pub(crate) fn is_online() -> bool {
    web_sys::window().is_some_and(|window| window.navigator().on_line())
}

pub(crate) fn is_hidden() -> bool {
    document().is_some_and(|document| document.visibility_state() == VisibilityState::Hidden)
}

/// Listens for as long as the page lives.
pub(crate) fn listen(target: &EventTarget, event: &str, heard: impl FnMut(Event) + 'static) {
    let heard = Closure::<dyn FnMut(Event)>::new(heard).into_js_value();
    // Only a target that is none can refuse a listener.
    let _ = target.add_event_listener_with_callback(event, heard.unchecked_ref());
}

/// Listens to the window and the document.
pub(crate) fn listen_around(event: &str, heard: impl FnMut(Event) + 'static) {
    if let Some(window) = web_sys::window() {
        listen(&window, event, heard);
    }
}

/// Listens for the page being hidden or shown again.
pub(crate) fn on_visibility(mut told: impl FnMut(bool) + 'static) {
    if let Some(document) = document() {
        listen(&document, "visibilitychange", move |_| told(is_hidden()));
    }
}

/// The name of the field that an event comes from, and whether it is typed in.
pub(crate) fn field_of(event: &Event) -> Option<(String, bool)> {
    let target = event.target()?;
    if let Some(input) = target.dyn_ref::<HtmlInputElement>() {
        Some((input.name(), input.type_() == "text"))
    } else {
        target.dyn_ref::<HtmlSelectElement>().map(|select| (select.name(), false))
    }
}

/// The fields of a form, as it would send them.
pub(crate) fn entries(form: &HtmlFormElement) -> Vec<(String, String)> {
    let Ok(data) = FormData::new_with_form(form) else { return Vec::new() };
    let pair = |pair: JsValue| {
        let pair: Array = pair.dyn_into().ok()?;
        Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
    };
    Array::from(&data).iter().filter_map(pair).collect()
}

/// A form's entries in the encoding of a plain form, the button that sends it included.
pub(crate) fn encoded(form: &HtmlFormElement, button: Option<&HtmlElement>) -> String {
    let encode = |text: &str| String::from(js_sys::encode_uri_component(text));
    let mut pairs = entries(form);
    if let Some(button) =
        button.and_then(|button| button.dyn_ref::<HtmlButtonElement>()).filter(|button| !button.name().is_empty())
    {
        pairs.push((button.name(), button.value()));
    }
    pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect::<Vec<_>>().join("&")
}

/// Where a form is sent. Its `action` property would give a field of that name first.
pub(crate) fn action(form: &HtmlFormElement) -> String {
    form.get_attribute("action").unwrap_or_default()
}

/// Tells a form's outcome in its element of role `status`, made where there is none.
pub(crate) fn say_in(form: &HtmlFormElement, said: &str) {
    let place = form.query_selector("[role=status]").ok().flatten().or_else(|| {
        let place = document()?.create_element("span").ok()?;
        place.set_attribute("role", "status").ok()?;
        form.append_child(&place).ok()?;
        Some(place)
    });
    if let Some(place) = place {
        place.set_text_content(Some(said));
    }
}

/// Writes a text in the element of that id.
pub(crate) fn write(id: &str, text: &str) {
    if let Some(element) = document().and_then(|document| document.get_element_by_id(id)) {
        element.set_text_content(Some(text));
    }
}

/// Marks a section as read in the chapter's contents, as the server does.
pub(crate) fn mark_read(section: &str) {
    let link =
        document().and_then(|document| document.query_selector(&format!(".contents a[href=\"#{section}\"]")).ok()?);
    let Some(entry) = link.and_then(|link| link.parent_element()) else { return };
    if entry.get_attribute("data-state").as_deref() == Some("done") {
        return;
    }
    let _ = entry.set_attribute("data-state", "done");
    let _ = entry.insert_adjacent_html("beforeend", "<span class=\"read-mark\"> · lue</span>");
}

/// The id of the first of these elements that is not above the top of the screen.
pub(crate) fn topmost(selector: &str) -> Option<String> {
    let elements = found(document()?.query_selector_all(selector));
    elements.iter().find(|element| element.get_bounding_client_rect().bottom() > 0.0).map(Element::id)
}

/// Puts exactly these entries in the fields whose name begins so: others are emptied or unticked.
pub(crate) fn fill(form: &HtmlFormElement, whole: &str, entries: &[(String, String)]) {
    let fields = found(form.query_selector_all(&format!("[name=\"{whole}\"],[name^=\"{whole}.\"]")));
    let value_of = |name: &str| entries.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value);
    for field in fields {
        if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
            if matches!(input.type_().as_str(), "radio" | "checkbox") {
                let (name, value) = (input.name(), input.value());
                input.set_checked(entries.iter().any(|(n, v)| *n == name && *v == value));
            } else {
                input.set_value(value_of(&input.name()));
            }
        } else if let Some(select) = field.dyn_ref::<HtmlSelectElement>() {
            select.set_value(value_of(&select.name()));
        }
    }
}

/// Writes a text and a `data-status` into the element of that id, where they differ.
pub(crate) fn tell(id: &str, status: &str, said: &str) {
    let Some(element) = document().and_then(|document| document.get_element_by_id(id)) else { return };
    if element.get_attribute("data-status").as_deref() != Some(status) {
        let _ = element.set_attribute("data-status", status);
        element.set_text_content(Some(said));
    }
}

/// Moves the keyboard to an element.
pub(crate) fn focus(element: &HtmlElement) {
    let _ = element.focus();
}

/// Whether the agent asks for less movement.
pub(crate) fn calm() -> bool {
    let asked =
        web_sys::window().and_then(|window| window.match_media("(prefers-reduced-motion: reduce)").ok().flatten());
    asked.is_some_and(|asked| asked.matches())
}

/// The elements of a list that was asked for.
pub(crate) fn found(list: Result<NodeList, JsValue>) -> Vec<Element> {
    list.map_or_else(
        |_| Vec::new(),
        |list| (0..list.length()).filter_map(|place| list.get(place)?.dyn_into().ok()).collect(),
    )
}

/// Leaves for another page of this site.
#[cfg(feature = "studio")]
pub(crate) fn go(to: &str) {
    if let Some(window) = web_sys::window() {
        // Where the browser refuses, the page stays.
        let _ = window.location().assign(to);
    }
}

/// Calls a function of the browser's after so many milliseconds.
#[cfg(feature = "drawn")]
pub(crate) fn call_in(function: &js_sys::Function, milliseconds: u32) {
    if let Some(window) = web_sys::window() {
        let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(function, milliseconds);
    }
}

/// Waits for so many milliseconds.
#[cfg(feature = "room")]
pub(crate) async fn sleep(milliseconds: u32) {
    let slept = js_sys::Promise::new(&mut |resolve, _| call_in(&resolve, milliseconds));
    let _ = wasm_bindgen_futures::JsFuture::from(slept).await;
}

/// A text as it stands in an address or a form.
#[cfg(feature = "studio")]
pub(crate) fn encoded_part(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

/// What the server handed to an island.
#[cfg(feature = "drawn")]
pub(crate) fn props<T: serde::de::DeserializeOwned>(island: &HtmlElement) -> Option<T> {
    crate::json::read(&island.get_attribute("data-props")?)
}
