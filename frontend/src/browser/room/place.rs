//! Where the keyboard is, the whole screen, dialogs.

use super::super::page;
use js_sys::Reflect;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlDialogElement, HtmlElement, HtmlMediaElement, MediaStream};

/// Notes where the keyboard is, to bring it near if that element goes.
pub(crate) struct Keyboard {
    at: Option<Element>,
    around: Vec<HtmlElement>,
}

impl Keyboard {
    pub(crate) fn now(within: &Element) -> Self {
        let at = page::document().and_then(|document| document.active_element());
        let at = at.filter(|at| within.contains(Some(at)));
        let mut around = Vec::new();
        let mut next = at.as_ref().and_then(|at| at.parent_element());
        while let Some(element) = next.filter(|element| within.contains(Some(element))) {
            next = element.parent_element();
            if element.has_attribute("tabindex") {
                around.extend(element.dyn_into::<HtmlElement>());
            }
        }
        Self { at, around }
    }

    /// The nearest thing around that is still there takes the keyboard, where its element has gone.
    pub(crate) fn keep(self) {
        let Some(at) = self.at else { return };
        let lost = page::document()
            .and_then(|document| document.active_element())
            .is_none_or(|now| now.tag_name().eq_ignore_ascii_case("body"));
        if lost
            && !(at.is_connected() && is_shown(&at))
            && let Some(near) = self.around.iter().find(|near| near.is_connected() && is_shown(near))
        {
            page::focus(near);
        }
    }
}

fn is_shown(element: &Element) -> bool {
    let rect = element.get_bounding_client_rect();
    rect.width() > 0.0 && rect.height() > 0.0
}

/// Does it once what is on its way has been drawn.
pub(crate) fn after_drawing(then: impl FnOnce() + 'static) {
    let then = Closure::once_into_js(then);
    if let Some(window) = web_sys::window() {
        let _ = window.set_timeout_with_callback(then.unchecked_ref());
    }
}

/// Fills the screen with the element, or no longer.
pub(crate) fn full_screen(element: &Element) {
    let Some(document) = page::document() else { return };
    if document.fullscreen_element().is_some() {
        document.exit_fullscreen();
    } else {
        // Some telephones know no full screen for anything but a video.
        let _ = Reflect::get(element, &"requestFullscreen".into())
            .ok()
            .and_then(|method| method.dyn_into::<js_sys::Function>().ok())
            .map(|method| method.call0(element));
    }
}

/// Opens a dialog above everything, or closes it.
pub(crate) fn dialog(element: &HtmlElement, open: bool) {
    let Some(dialog) = element.dyn_ref::<HtmlDialogElement>() else { return };
    if open && !dialog.open() {
        let _ = dialog.show_modal();
    } else if !open && dialog.open() {
        dialog.close();
    }
}

/// Whether the keyboard is where one types.
pub(crate) fn is_typing() -> bool {
    let typed = |document: Document| document.active_element();
    page::document().and_then(typed).is_some_and(|element| {
        matches!(element.tag_name().to_ascii_lowercase().as_str(), "input" | "textarea" | "select")
    })
}

/// Shows a stream in a media element, where it does not already. Told where it may not sound before it is asked to.
pub(crate) fn play(element: &HtmlMediaElement, stream: Option<&MediaStream>, refused: &Closure<dyn FnMut(JsValue)>) {
    if element.src_object().as_ref() != stream {
        element.set_src_object(stream);
    }
    if stream.is_some()
        && element.paused()
        && let Ok(played) = element.play()
    {
        let _ = played.catch(refused);
    }
}

/// The host of this page, for addresses of the other kind.
pub(crate) fn socket_address(path: &str) -> Option<String> {
    let location = web_sys::window()?.location();
    let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
    Some(format!("{scheme}://{}{path}", location.host().ok()?))
}

/// The port of this page.
pub(crate) fn port() -> u16 {
    let location = web_sys::window().map(|window| window.location());
    let told = location.as_ref().and_then(|location| location.port().ok()?.parse().ok());
    let plain = location.is_some_and(|location| location.protocol().is_ok_and(|protocol| protocol == "http:"));
    told.unwrap_or(if plain { 80 } else { 443 })
}

/// Copies a text for other programs. Tells whether the browser did.
pub(crate) async fn copy(text: &str) -> bool {
    let clipboard = web_sys::window().and_then(|window| Reflect::get(&window.navigator(), &"clipboard".into()).ok());
    let write = clipboard.as_ref().and_then(|clipboard| Reflect::get(clipboard, &"writeText".into()).ok());
    let copied = clipboard.zip(write).and_then(|(clipboard, write)| {
        write
            .dyn_into::<js_sys::Function>()
            .ok()?
            .call1(&clipboard, &text.into())
            .ok()?
            .dyn_into::<js_sys::Promise>()
            .ok()
    });
    match copied {
        Some(copied) => wasm_bindgen_futures::JsFuture::from(copied).await.is_ok(),
        None => false,
    }
}

/// Asks to print the page.
pub(crate) fn print() {
    if let Some(window) = web_sys::window() {
        // Where the browser does not print, the text is there to be copied.
        let _ = window.print();
    }
}

/// Tells each time that the network is another one, where the browser tells (W3C Network Information).
pub(crate) fn on_network_change(told: impl Fn() + 'static) {
    let network = web_sys::window().map(|window| Reflect::get(&window.navigator(), &"connection".into()));
    if let Some(network) = network.and_then(|network| network.ok()?.dyn_into::<web_sys::EventTarget>().ok()) {
        page::listen(&network, "change", move |_| told());
    }
}

/// Whether the browser knows that word: `RTCPeerConnection`, `WebSocket`…
pub(crate) fn knows(word: &str) -> bool {
    Reflect::get(&js_sys::global(), &word.into()).is_ok_and(|value| !value.is_undefined())
}

/// Moves the keyboard to the first such element in there, once it is drawn.
pub(crate) fn focus_within(around: &Element, selector: &'static str) {
    let around = around.clone();
    after_drawing(move || {
        if let Some(found) = around.query_selector(selector).ok().flatten().and_then(|found| found.dyn_into().ok()) {
            page::focus(&found);
        }
    });
}

/// Presses the button of that key, if it is there to be pressed.
pub(crate) fn press(around: &Element, key: &str) -> bool {
    let buttons = page::found(around.query_selector_all(&format!("button[data-key=\"{key}\"]:not([disabled])")));
    let button = buttons.into_iter().find(is_shown).and_then(|button| button.dyn_into::<HtmlElement>().ok());
    button.inspect(HtmlElement::click).is_some()
}

/// The letter of a key pressed with Alt alone, if this is one.
pub(crate) fn letter(event: &web_sys::Event) -> Option<String> {
    let key = event.dyn_ref::<web_sys::KeyboardEvent>()?;
    if !key.alt_key() || key.ctrl_key() || key.meta_key() || key.shift_key() {
        return None;
    }
    let typed = key.key().to_lowercase();
    // On some computers Alt makes another sign of the letter: then the key itself tells.
    let plain = typed.len() == 1 && typed.bytes().all(|byte| byte.is_ascii_alphanumeric());
    Some(if plain { typed } else { key.code().strip_prefix("Key")?.to_lowercase() })
}
