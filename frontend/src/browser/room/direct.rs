//! Picture and sound over HTTPS: the line that brings them, and the film that they make.

use super::super::page;
use super::film::Film;
pub(crate) use super::film::can_play;
use super::place;
use domain::webinar::direct::{FromServer, FromViewer, Part};
use domain::webinar::signal::TabId;
use js_sys::{ArrayBuffer, Uint8Array};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BinaryType, HtmlVideoElement, MessageEvent, WebSocket};

/// A line that was silent for so long is dead, in milliseconds: something comes twice a second, and one that weakened needs
/// some seconds for what is on its way.
const SILENCE: f64 = 15_000.0;

/// What happens on the line.
pub(crate) enum Event {
    /// A film begins: it is to be played.
    Begun,
    Closed,
}

/// The line. Dropping it ends it, and empties the element.
pub(crate) struct Direct {
    line: WebSocket,
    heard: Rc<Heard>,
    _opened: Closure<dyn FnMut()>,
    _said: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut()>,
}

/// What came over it.
struct Heard {
    line: WebSocket,
    element: HtmlVideoElement,
    film: RefCell<Option<Rc<Film>>>,
    /// What came last was a part of a piece, and not its end.
    within: Cell<bool>,
    parts: Cell<u64>,
    pieces: Cell<u64>,
    bytes: Cell<f64>,
    at: Cell<f64>,
}

impl Direct {
    /// Asks for what is shown to that tab; `None` where the browser refuses at once.
    pub(crate) fn open(path: &str, tab: TabId, element: &HtmlVideoElement, told: Rc<dyn Fn(Event)>) -> Option<Self> {
        let line = WebSocket::new(&place::socket_address(path)?).ok()?;
        line.set_binary_type(BinaryType::Arraybuffer);
        let heard = Rc::new(Heard {
            line: line.clone(),
            element: element.clone(),
            film: RefCell::default(),
            within: Cell::default(),
            parts: Cell::default(),
            pieces: Cell::default(),
            bytes: Cell::default(),
            at: Cell::new(page::now_ms()),
        });
        let opened = {
            let line = line.clone();
            Closure::<dyn FnMut()>::new(move || say(&line, FromViewer::Tab(tab)))
        };
        let said = {
            let (heard, told) = (Rc::clone(&heard), Rc::clone(&told));
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                if heard.take(&event) {
                    told(Event::Begun);
                }
            })
        };
        let closed = Closure::<dyn FnMut()>::new(move || told(Event::Closed));
        line.set_onopen(Some(opened.as_ref().unchecked_ref()));
        line.set_onmessage(Some(said.as_ref().unchecked_ref()));
        line.set_onclose(Some(closed.as_ref().unchecked_ref()));
        Some(Self { line, heard, _opened: opened, _said: said, _closed: closed })
    }

    /// What is to be played, once there is something.
    pub(crate) fn film(&self) -> Option<Rc<Film>> {
        self.heard.film.borrow().clone()
    }

    /// Bytes that came.
    pub(crate) fn bytes(&self) -> f64 {
        self.heard.bytes.get()
    }

    /// Whether the line is dead, though nobody said so.
    pub(crate) fn is_dead(&self) -> bool {
        page::now_ms() - self.heard.at.get() > SILENCE
    }
}

impl Heard {
    /// Takes what the server sent. Tells whether another film begins.
    fn take(self: &Rc<Self>, event: &MessageEvent) -> bool {
        self.at.set(page::now_ms());
        if let Some(text) = event.data().as_string() {
            let (codecs, thin) = match crate::json::read(&text) {
                Some(FromServer::Begin { codecs, thin }) => (codecs, thin),
                Some(FromServer::Check { number, .. }) => {
                    say(&self.line, FromViewer::Checked { number });
                    return false;
                }
                None => return false,
            };
            // The same film goes on from where it is now, unless it holds half a piece.
            if !self.within.take() && self.film.borrow().as_ref().is_some_and(|film| film.is_of(&codecs)) {
                return false;
            }
            let line = self.line.clone();
            let took = Box::new(move |piece, until| say(&line, FromViewer::Took { piece, until }));
            // The one before lets its element go first.
            let slack = self.film.take().map_or(0.0, |film| film.slack());
            self.film.replace(Film::open(&self.element, &codecs, (slack, thin), took));
            return true;
        }
        let Ok(bytes) = event.data().dyn_into::<ArrayBuffer>() else { return false };
        self.bytes.set(self.bytes.get() + f64::from(bytes.byte_length()));
        let Some(part) = Part::of(Uint8Array::new(&bytes).get_index(0)) else { return false };
        let next = |count: &Cell<u64>| {
            count.set(count.get() + 1);
            count.get()
        };
        self.within.set(part == Part::More);
        let piece = match part {
            Part::Head => None,
            Part::More => {
                say(&self.line, FromViewer::Came { part: next(&self.parts) });
                None
            }
            Part::Last => {
                next(&self.parts);
                Some(next(&self.pieces))
            }
        };
        if let Some(film) = self.film.borrow().as_ref() {
            film.add(bytes.slice(1), piece);
        }
        false
    }
}

fn say(line: &WebSocket, said: FromViewer) {
    if line.ready_state() == WebSocket::OPEN
        && let Ok(text) = serde_json::to_string(&said)
    {
        let _ = line.send_with_str(&text);
    }
}

impl Drop for Direct {
    fn drop(&mut self) {
        self.line.set_onopen(None);
        self.line.set_onmessage(None);
        self.line.set_onclose(None);
        let _ = self.line.close();
        // The film holds a line of its own to say what it took.
        self.heard.film.take();
    }
}
