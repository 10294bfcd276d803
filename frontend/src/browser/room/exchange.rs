//! A short conversation over a WebSocket, to try the way to the server.

use super::super::page;
use super::place;
use js_sys::Promise;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, WebSocket};

/// What is done next.
pub(crate) enum Next {
    Say(String),
    Wait,
    Done,
}

/// Opens a line there and says what `turn` gives for nothing heard, then for each text heard; until it is done, the line
/// closes, or so many milliseconds are over.
pub(crate) async fn converse(path: &str, patience: u32, turn: impl FnMut(Option<&str>) -> Next + 'static) {
    let Some(line) = place::socket_address(path).and_then(|address| WebSocket::new(&address).ok()) else { return };
    let turn = Rc::new(RefCell::new(turn));
    let waiting = Promise::new(&mut |resolve, _| {
        let (line_of, turn_of, done) = (line.clone(), Rc::clone(&turn), resolve.clone());
        let goes_on = move |heard: Option<&str>| match (turn_of.borrow_mut())(heard) {
            Next::Say(text) => drop(line_of.send_with_str(&text)),
            Next::Wait => {}
            Next::Done => drop(done.call0(&done)),
        };
        let goes_on = Rc::new(goes_on);
        let first = Rc::clone(&goes_on);
        let open = Closure::<dyn FnMut()>::new(move || first(None));
        line.set_onopen(Some(open.into_js_value().unchecked_ref()));
        let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            goes_on(Some(&event.data().as_string().unwrap_or_default()));
        });
        line.set_onmessage(Some(hear.into_js_value().unchecked_ref()));
        line.set_onclose(Some(&resolve));
        page::call_in(&resolve, patience);
    });
    // Whatever ends the waiting, what counts is what was heard.
    let _ = JsFuture::from(waiting).await;
    let _ = line.close();
}
