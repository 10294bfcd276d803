//! A film that comes in pieces, played as close to its end as it goes (W3C Media Source Extensions).

use domain::webinar::direct::codecs;
use js_sys::{ArrayBuffer, Function, Reflect};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlMediaElement, HtmlVideoElement, MediaSource, SourceBuffer, TimeRanges, Url};

/// Seconds before the end at which it is begun. Less, and the next piece comes too late.
const BEFORE: f64 = 0.8;
/// Seconds before the end at which it goes a little faster, how much, and at which what is between is left out.
const BEHIND: f64 = 1.1;
const FASTER: f64 = 1.1;
const TOO_FAR: f64 = 1.7;
/// Of sound alone nothing is left out before so much more is in hand: it is caught up.
const HEARD: f64 = 8.0;
/// Seconds that are kept besides where it ran dry, each time and at most: on a line where what is lost comes again late; and
/// from the beginning over a thin one.
const MORE: f64 = 0.7;
const MOST: f64 = 3.5;
const THIN: f64 = 2.0;
/// Where it ran for so many seconds and never dry, one step less is kept.
const CALM: f64 = 30.0;
/// Seconds of what was shown that are kept at least, and at most.
const KEPT: (f64, f64) = (5.0, 20.0);

/// What is told of a piece that the player took: its number, and the end of what it holds in milliseconds.
type Took = dyn Fn(u64, u64);

/// The film. Dropping it empties its element.
pub(crate) struct Film {
    element: HtmlVideoElement,
    codecs: String,
    address: String,
    source: MediaSource,
    buffer: RefCell<Option<SourceBuffer>>,
    /// What waits to be taken, with its number where it is a piece.
    waits: RefCell<VecDeque<(ArrayBuffer, Option<u64>)>>,
    /// The number of the piece that is being taken.
    taking: Cell<Option<u64>>,
    took: Box<Took>,
    /// It comes over a thin line.
    thin_line: bool,
    /// Seconds that are kept besides.
    slack: Cell<f64>,
    /// Where it was, in seconds, when what is kept besides last changed.
    changed: Cell<f64>,
    /// Hears that the browser is ready for what comes next.
    ready: RefCell<Option<Closure<dyn FnMut()>>>,
}

impl Drop for Film {
    fn drop(&mut self) {
        self.source.set_onsourceopen(None);
        if let Some(buffer) = self.buffer.borrow().as_ref() {
            buffer.set_onupdateend(None);
        }
        let _ = Url::revoke_object_url(&self.address);
        // It may be another film's by now.
        if self.element.get_attribute("src").as_deref() == Some(&self.address) {
            let _ = self.element.remove_attribute("src");
            self.element.load();
        }
    }
}

/// What makes films here: the plain one, else that of telephones, which decides itself when it takes pieces.
fn maker() -> Option<Function> {
    let named = |name: &str| Reflect::get(&js_sys::global(), &name.into()).ok()?.dyn_into().ok();
    named("MediaSource").or_else(|| named("ManagedMediaSource"))
}

fn kind(codecs: &str) -> String {
    let medium = if codecs.contains("vp8") { "video" } else { "audio" };
    format!("{medium}/webm; codecs=\"{codecs}\"")
}

/// Whether this browser plays films of pictures and sound that come in pieces.
pub(crate) fn can_play() -> bool {
    let plays = || {
        let maker = maker()?;
        let ask: Function = Reflect::get(&maker, &"isTypeSupported".into()).ok()?.dyn_into().ok()?;
        ask.call1(&maker, &kind(codecs(true)).into()).ok()?.as_bool()
    };
    plays().unwrap_or_default()
}

impl Film {
    /// A film of these codecs in that element, of which so many seconds are kept besides, more over a thin line; nothing
    /// where the browser cannot play it.
    pub(crate) fn open(
        element: &HtmlVideoElement,
        codecs: &str,
        (slack, thin_line): (f64, bool),
        took: Box<Took>,
    ) -> Option<Rc<Self>> {
        let source: MediaSource = Reflect::construct(&maker()?, &js_sys::Array::new()).ok()?.unchecked_into();
        let address = Url::create_object_url_with_source(&source).ok()?;
        let film = Rc::new(Self {
            element: element.clone(),
            codecs: codecs.to_owned(),
            address,
            source,
            buffer: RefCell::default(),
            waits: RefCell::default(),
            taking: Cell::default(),
            took,
            thin_line,
            slack: Cell::new(if thin_line { slack.max(THIN) } else { slack }),
            changed: Cell::default(),
            ready: RefCell::default(),
        });
        let this = Rc::downgrade(&film);
        let ready = Closure::<dyn FnMut()>::new(move || {
            if let Some(film) = this.upgrade() {
                film.go_on();
            }
        });
        film.source.set_onsourceopen(Some(ready.as_ref().unchecked_ref()));
        film.ready.replace(Some(ready));
        // A telephone's plays only where it is not to be shown on another screen.
        let _ = Reflect::set(element, &"disableRemotePlayback".into(), &JsValue::TRUE);
        element.set_src(&film.address);
        Some(film)
    }

    /// Whether it is of these codecs.
    pub(crate) fn is_of(&self, codecs: &str) -> bool {
        self.codecs == codecs
    }

    /// Adds bytes: a head, or the piece of that number.
    pub(crate) fn add(&self, bytes: ArrayBuffer, piece: Option<u64>) {
        self.waits.borrow_mut().push_back((bytes, piece));
        self.take();
    }

    /// Begins to play, where it does not. Told where the browser will not before it is asked to.
    pub(crate) fn play(&self, refused: &Closure<dyn FnMut(JsValue)>) {
        if self.element.paused()
            && let Ok(played) = self.element.play()
        {
            let _ = played.catch(refused);
        }
    }

    /// Does that with the element, as sending its sound elsewhere.
    pub(crate) fn route<T>(&self, route: impl FnOnce(&HtmlMediaElement) -> T) -> T {
        route(self.element.unchecked_ref())
    }

    /// Whether something of it was shown or heard.
    pub(crate) fn runs(&self) -> bool {
        !self.element.paused() && self.element.played().length() > 0
    }

    /// Where it is, in seconds.
    pub(crate) fn time(&self) -> f64 {
        self.element.current_time()
    }

    /// Width, height, and pictures that were shown.
    pub(crate) fn seen(&self) -> (u32, u32, u32) {
        let frames = self.element.get_video_playback_quality().total_video_frames();
        (self.element.video_width(), self.element.video_height(), frames)
    }

    /// Seconds that are to be kept besides of the film after it: what a thin line asked for is of that line.
    pub(crate) fn slack(&self) -> f64 {
        if self.thin_line { 0.0 } else { self.slack.get() }
    }

    /// Stays near the end: a little behind is caught up, what is far behind is left out, and where nothing is left to play
    /// it waits until there is more than there was.
    pub(crate) fn keep_up(&self) {
        let Some((start, end)) = self.held() else { return };
        let (now, slack) = (self.element.current_time(), self.slack.get());
        let held = end - now;
        let too_far = if self.is_of(codecs(false)) { HEARD } else { TOO_FAR };
        if now < start || held > too_far + slack {
            let near = (end - BEFORE - slack).max(start);
            self.element.set_current_time(near);
            self.changed.set(near);
        }
        let stands = self.element.playback_rate() == 0.0;
        if !stands
            && self.runs()
            && !self.element.seeking()
            && self.element.ready_state() <= HtmlMediaElement::HAVE_CURRENT_DATA
        {
            self.keep((slack + MORE).min(MOST));
            self.element.set_playback_rate(0.0);
        } else if !stands || held >= BEFORE + slack {
            self.element.set_playback_rate(if held > BEHIND + slack { FASTER } else { 1.0 });
            if now > self.changed.get() + CALM {
                self.keep((slack - MORE).max(if self.thin_line { THIN } else { 0.0 }));
            }
        }
    }

    fn keep(&self, slack: f64) {
        self.slack.set(slack);
        self.changed.set(self.element.current_time());
    }

    /// The last stretch without a hole, in seconds.
    fn held(&self) -> Option<(f64, f64)> {
        let ranges: TimeRanges = self.buffer.borrow().as_ref()?.buffered().ok()?;
        let last = ranges.length().checked_sub(1)?;
        Some((ranges.start(last).ok()?, ranges.end(last).ok()?))
    }

    fn go_on(&self) {
        if self.buffer.borrow().is_none() {
            self.begin();
        }
        if let (Some(piece), Some((_, end))) = (self.taking.take(), self.held()) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped first")]
            let until = (end * 1000.0).clamp(0.0, 1.0e12) as u64;
            (self.took)(piece, until);
            // Of what comes at once, only the last is gone to.
            if self.waits.borrow().is_empty() {
                self.keep_up();
            }
        }
        if !self.forget() {
            self.take();
        }
    }

    /// The browser is ready for the first bytes.
    fn begin(&self) {
        let (Ok(buffer), Some(ready)) = (self.source.add_source_buffer(&kind(&self.codecs)), &*self.ready.borrow())
        else {
            return;
        };
        self.source.set_onsourceopen(None);
        buffer.set_onupdateend(Some(ready.as_ref().unchecked_ref()));
        self.buffer.replace(Some(buffer));
    }

    /// Takes what comes next, where nothing is being taken.
    fn take(&self) {
        let buffer = self.buffer.borrow();
        let Some(buffer) = buffer.as_ref().filter(|buffer| !buffer.updating()) else { return };
        let Some((bytes, piece)) = self.waits.borrow_mut().pop_front() else { return };
        // What the browser has no room for is lost, and the server begins anew for whoever takes nothing.
        if buffer.append_buffer_with_array_buffer(&bytes).is_ok() {
            self.taking.set(piece);
        }
    }

    /// Lets go what was shown some time ago. Tells whether it began to.
    fn forget(&self) -> bool {
        let buffer = self.buffer.borrow();
        let Some(buffer) = buffer.as_ref().filter(|buffer| !buffer.updating()) else { return false };
        let first = buffer.buffered().ok().and_then(|ranges| ranges.start(0).ok());
        let (least, most) = KEPT;
        let old = first.filter(|first| self.element.current_time() - first > most);
        old.is_some_and(|first| buffer.remove(first, self.element.current_time() - least).is_ok())
    }
}
