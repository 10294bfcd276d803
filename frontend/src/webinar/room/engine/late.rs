//! Picture and sound over HTTPS: asked for where nothing comes by another way, and let go when something does.

use super::super::falling::{Falling, Step};
use super::super::measure::Counted;
use super::super::state::Line;
use super::{Engine, with};
use crate::browser::page;
use crate::browser::room::direct::{Direct, Event, can_play};
use crate::browser::room::{devices, first, place};
use crate::webinar::way::{Over, Way};
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlVideoElement;

/// Milliseconds between two looks for the first picture or sound.
const LOOKS: u32 = 100;

/// Where nothing has been tried yet: a browser that last got its media so will probably again.
pub(super) fn falling() -> Falling {
    Falling::new(first::kept().is_some_and(|first| first.way.over == Over::Https))
}

impl Engine {
    /// Once a second, and when media comes: is it to be asked for over HTTPS, or no longer?
    pub(super) fn fall(self: &Rc<Self>) {
        if self.direct.borrow().as_ref().is_some_and(Direct::is_dead) {
            self.late_lost();
        }
        let here = self.desk.peek(|live| live.line == Line::Here);
        let step = self.falling.borrow_mut().step(page::now_ms(), here);
        match step {
            Some(Step::Open) => self.open_late(),
            Some(Step::Close) => self.empty(),
            None => {}
        }
        if let Some(film) = self.direct.borrow().as_ref().and_then(Direct::film) {
            film.keep_up();
        }
    }

    fn open_late(self: &Rc<Self>) {
        let element = self.place.query_selector("video[data-direct]").ok().flatten();
        let element = element.and_then(|element| element.dyn_into::<HtmlVideoElement>().ok());
        let (Some(element), Some(tab), true) = (element, self.desk.peek(|live| live.tab), can_play()) else { return };
        let told: Rc<dyn Fn(Event)> = Rc::new(|event| {
            with(|engine| match event {
                Event::Begun => engine.begun(),
                Event::Closed => engine.late_lost(),
            });
        });
        let direct = Direct::open(&self.address("/direct"), tab, &element, told);
        let opened = direct.is_some();
        self.direct.replace(direct);
        if !opened {
            self.late_lost();
        }
    }

    /// A film begins: played, and told once something of it is seen or heard.
    fn begun(self: &Rc<Self>) {
        self.show();
        let engine = Rc::clone(self);
        let begun = engine.direct.borrow().as_ref().and_then(Direct::film);
        spawn_local(async move {
            let same = |engine: &Self| {
                let now = engine.direct.borrow().as_ref().and_then(Direct::film);
                now.zip(begun.as_ref()).is_some_and(|(now, begun)| Rc::ptr_eq(&now, begun))
            };
            while same(&engine) {
                if begun.as_ref().is_some_and(|film| film.runs()) {
                    return engine.late_runs();
                }
                page::sleep(LOOKS).await;
            }
        });
    }

    fn late_runs(&self) {
        let way = Way { over: Over::Https, port: place::port() };
        let missed = self.falling.borrow_mut().runs(page::now_ms());
        if let Some(milliseconds) = missed {
            first::keep(milliseconds, way);
        }
        self.counted.set(None);
        self.desk.late.set(true);
        self.goes(way);
    }

    /// The line is gone: it is tried again.
    fn late_lost(&self) {
        self.falling.borrow_mut().lost(page::now_ms(), page::dice());
        self.empty();
    }

    /// Nothing comes over HTTPS any more.
    pub(super) fn empty(&self) {
        if self.direct.take().is_some() {
            self.counted.set(None);
            self.desk.late.set(false);
        }
    }

    /// Plays what comes over HTTPS, through that loudspeaker.
    pub(super) fn play_late(&self, loudspeaker: &str) {
        let Some(film) = self.direct.borrow().as_ref().and_then(Direct::film) else { return };
        film.play(&self.refused);
        if let Some(routed) = film.route(|element| devices::route(element, loudspeaker)) {
            let _ = routed.catch(&self.mute);
        }
    }

    /// What was counted where media comes over HTTPS.
    pub(super) fn counted_late(&self) -> Option<Counted> {
        let direct = self.direct.borrow();
        let direct = direct.as_ref().filter(|_| self.desk.late.get_untracked())?;
        let film = direct.film()?;
        let (width, height, frames) = film.seen();
        Some(Counted {
            at_ms: page::now_ms(),
            received_bytes: direct.bytes(),
            width: width.into(),
            height: height.into(),
            frames: frames.into(),
            // Sound comes with the film: it is heard while that goes on.
            energy: film.time(),
            way: Some(Way { over: Over::Https, port: place::port() }),
            ..Counted::default()
        })
    }
}
