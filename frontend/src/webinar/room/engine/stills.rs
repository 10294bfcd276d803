//! Stills in place of pictures: those that this tab makes of its screen, and those that it shows.

use super::super::super::pictures;
use super::super::drawing::Drawing;
use super::super::measure::Patience;
use super::super::state::{Live, Part};
use super::Engine;
use crate::browser::page;
use crate::browser::room::memory;
use crate::browser::room::still::{self, Easel};
use domain::webinar::signal::{FromBrowser, MediaKind, Pictures};
use leptos::prelude::*;
use std::mem::replace;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// A still that did not come is fetched again after so many milliseconds.
const AGAIN: f64 = 4_000.0;

/// What is at hand for stills.
#[derive(Default)]
pub(super) struct Stills {
    drawing: Drawing,
    draws: bool,
    shown: Option<u64>,
    /// One is on its way, or is not to be fetched before that time.
    fetches: bool,
    not_before: f64,
}

impl Engine {
    /// Another choice of what is shown.
    pub(super) fn choose(self: &Rc<Self>, chosen: Pictures) {
        memory::keep(pictures::KEY, pictures::key(chosen));
        self.desk.change(|live| {
            live.pictures = chosen;
            ((), vec![Part::Seats])
        });
        self.spending.take();
        self.say_choice();
        self.keep();
    }

    /// Tells the server what this tab wants to be shown.
    pub(super) fn say_choice(&self) {
        let chosen = self.desk.peek(|live| live.pictures);
        self.say(&FromBrowser::Choose { pictures: chosen });
    }

    /// Keeps sound before it is played for as long as the line asks for: with no pictures to be in time with, as long as
    /// it may be, so that nothing that comes beside interrupts it.
    pub(super) fn keep(&self) {
        let blank = self.desk.peek(Live::is_blank);
        let target = if blank { Some(Patience::MOST) } else { self.patience.get().milliseconds };
        if self.kept.replace(target) != target {
            self.call.keep(target);
        }
    }

    /// Shows the last still, where stills are shown.
    pub(super) fn hang_still(self: &Rc<Self>) {
        let Some(place) = self.place.query_selector(".still").ok().flatten() else { return };
        let told =
            self.desk.peek(|live| (live.still, live.tab, live.seats.iter().find(|seat| seat.seat == 0).copied()));
        let (Some(number), Some(tab), Some(seat)) = told else {
            if self.stills.borrow_mut().shown.take().is_some() {
                still::hang(&place, None);
            }
            return;
        };
        {
            let mut stills = self.stills.borrow_mut();
            if stills.fetches || stills.shown == Some(number) || page::now_ms() < stills.not_before {
                return;
            }
            stills.fetches = true;
        }
        let engine = Rc::clone(self);
        spawn_local(async move {
            let address = engine.address(&format!("/images/{number}?onglet={}", tab.0));
            let fetched = still::fetch(&address).await;
            let wanted = engine.desk.peek(|live| live.still.is_some());
            engine.stills.borrow_mut().fetches = false;
            match fetched {
                Some(image) if wanted => {
                    let name = engine.desk.peek(|live| live.name_of(seat.person));
                    let _ = image.set_attribute("alt", &format!("Image fixe de l’écran partagé par {name}"));
                    engine.stills.borrow_mut().shown = Some(number);
                    still::hang(&place, Some(&image));
                }
                Some(_) => {}
                None => engine.stills.borrow_mut().not_before = page::now_ms() + AGAIN,
            }
            // A newer one may have been told meanwhile.
            engine.hang_still();
        });
    }

    /// Once a second, while somebody is shown stills: makes one of the screen that this tab shares, if it changed.
    pub(super) fn draw(self: &Rc<Self>, now: f64) {
        let asked = self.desk.peek(|live| live.draws);
        let stream = self.call.own(MediaKind::Screen).filter(|_| asked);
        let mut stills = self.stills.borrow_mut();
        let Some(stream) = stream else {
            stills.drawing = Drawing::default();
            return;
        };
        if replace(&mut stills.draws, true) {
            return;
        }
        drop(stills);
        let engine = Rc::clone(self);
        spawn_local(async move {
            if let Some(easel) = Easel::of(&engine.place, &stream).await
                && let Some(glance) = easel.glance()
                && engine.stills.borrow().drawing.is_due(&glance, now)
            {
                engine.stills.borrow_mut().drawing.begin(now);
                if engine.make_still(&easel).await {
                    engine.stills.borrow_mut().drawing.taken(glance);
                }
            }
            engine.stills.borrow_mut().draws = false;
        });
    }

    async fn make_still(&self, easel: &Easel) -> bool {
        let Some(image) = easel.still().await else { return false };
        still::send(&self.address("/images"), &image).await
    }
}
