//! The line to the server: a WebSocket that says and hears the messages of the protocol.

use crate::browser::page;
use crate::browser::room::exchange::{Next, converse};
use crate::browser::room::place;
use domain::webinar::signal::{FromBrowser, FromServer};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{MessageEvent, WebSocket};

/// A line that was silent for so long is dead, in milliseconds: the server says something every few seconds.
const SILENCE: f64 = 12_000.0;
/// A line that does not open within this is tried again.
const OPENING: f64 = 4_000.0;

/// What happens on the line.
pub(crate) enum Event {
    Open,
    Said(FromServer),
    Closed,
}

/// One line. Dropping it ends it, silently.
pub(crate) struct Socket {
    line: WebSocket,
    heard: Rc<Cell<f64>>,
    open: Rc<Cell<bool>>,
    _opened: Closure<dyn FnMut()>,
    _said: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut()>,
}

impl Socket {
    /// Calls the server there; `None` where the browser refuses at once.
    pub(crate) fn open(path: &str, told: &Rc<dyn Fn(Event)>) -> Option<Self> {
        let socket = WebSocket::new(&place::socket_address(path)?).ok()?;
        let (heard, open) = (Rc::new(Cell::new(page::now_ms())), Rc::new(Cell::new(false)));

        let (tell, is_open, at) = (Rc::clone(told), Rc::clone(&open), Rc::clone(&heard));
        let opened = Closure::<dyn FnMut()>::new(move || {
            is_open.set(true);
            at.set(page::now_ms());
            tell(Event::Open);
        });
        let (tell, at) = (Rc::clone(told), Rc::clone(&heard));
        let said = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            at.set(page::now_ms());
            // What is not of this protocol comes of a newer server: this page is told by what follows.
            if let Some(said) = event.data().as_string().and_then(|text| crate::json::read(&text)) {
                tell(Event::Said(said));
            }
        });
        let tell = Rc::clone(told);
        let closed = Closure::<dyn FnMut()>::new(move || tell(Event::Closed));
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(said.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        Some(Self { line: socket, heard, open, _opened: opened, _said: said, _closed: closed })
    }

    /// Says something, where the line is open; what is not heard is said again on the next line.
    pub(crate) fn say(&self, said: &FromBrowser) {
        if self.open.get()
            && let Ok(text) = serde_json::to_string(said)
        {
            let _ = self.line.send_with_str(&text);
        }
    }

    /// Whether the line is dead, though nobody said so.
    pub(crate) fn is_dead(&self) -> bool {
        let patience = if self.open.get() { SILENCE } else { OPENING };
        page::now_ms() - self.heard.get() > patience
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.line.set_onopen(None);
        self.line.set_onmessage(None);
        self.line.set_onclose(None);
        let _ = self.line.close();
    }
}

/// Whether the server there says again what it is told, within that many milliseconds.
pub(crate) async fn echoes(path: &str, patience: u32) -> bool {
    const WORD: &str = "écho";
    let heard = Rc::new(Cell::new(false));
    let told = Rc::clone(&heard);
    converse(path, patience, move |said| match said {
        None => Next::Say(WORD.to_owned()),
        Some(said) => {
            told.set(said == WORD);
            Next::Done
        }
    })
    .await;
    heard.get()
}
