//! What this tab sends, by leave of the person and of the room; and what it shows.

use super::super::super::gear::Gear;
use super::super::desk::Sent;
use super::super::stage;
use super::super::state::Line;
use super::super::words::{Device, Trouble};
use super::Engine;
use crate::browser::page;
use crate::browser::room::{devices, place};
use domain::webinar::signal::{FromBrowser, MediaKind};
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlElement, HtmlMediaElement};

/// What a kind comes from, where there may be several to choose from.
fn gear_of(kind: MediaKind) -> Option<Gear> {
    match kind {
        MediaKind::Camera => Some(Gear::Camera),
        MediaKind::Microphone => Some(Gear::Microphone),
        MediaKind::Screen | MediaKind::ScreenSound => None,
    }
}

impl Engine {
    fn signal(&self, kind: MediaKind) -> RwSignal<Sent> {
        match kind {
            MediaKind::Camera => self.desk.camera,
            MediaKind::Microphone => self.desk.microphone,
            MediaKind::Screen | MediaKind::ScreenSound => self.desk.screen,
        }
    }

    pub(super) fn microphone(self: &Rc<Self>, on: bool) {
        if self.call.sends(MediaKind::Microphone) {
            // Kept at hand: who has the floor speaks again without waiting.
            self.call.hush(MediaKind::Microphone, !on);
            self.desk.microphone.set(if on { Sent::On } else { Sent::Off });
        } else if on {
            self.ask(MediaKind::Microphone);
        }
    }

    /// Asks the person, through the browser, for a device; sends what it gives.
    pub(super) fn ask(self: &Rc<Self>, kind: MediaKind) {
        let signal = self.signal(kind);
        let may = move |engine: &Self| engine.desk.peek(|live| live.may_send(kind));
        if signal.get_untracked() != Sent::Off || !may(self) {
            return;
        }
        self.desk.trouble.set(None);
        self.open(kind);
    }

    /// Opens the device of that kind that was chosen, in the place of the one that is open.
    fn open(self: &Rc<Self>, kind: MediaKind) {
        let signal = self.signal(kind);
        let may = move |engine: &Self| engine.desk.peek(|live| live.may_send(kind));
        signal.set(Sent::Asking);
        let engine = Rc::clone(self);
        spawn_local(async move {
            let chosen = |gear| engine.desk.gear.of(gear).get_untracked();
            let (given, device) = match gear_of(kind) {
                Some(gear) => {
                    let device = if gear == Gear::Camera { Device::Camera } else { Device::Microphone };
                    let given = devices::ask(gear, &chosen(gear)).await;
                    if given.as_ref().is_ok_and(|given| given.replaced) {
                        engine.desk.trouble.set(Some(gear.replaced().to_owned()));
                    }
                    // Names are known once one is allowed.
                    engine.know_gear();
                    (given.map(|given| given.stream), device)
                }
                None => (devices::screen().await, Device::Screen),
            };
            match given {
                Ok(stream) if may(&engine) => {
                    engine.call.send(kind, &stream);
                    if kind == MediaKind::Screen {
                        engine.call.send(MediaKind::ScreenSound, &stream);
                    }
                    signal.set(Sent::On);
                }
                // The floor was taken back meanwhile.
                Ok(stream) => {
                    devices::stop(&stream);
                    signal.set(Sent::Off);
                }
                Err(name) => {
                    signal.set(Sent::Off);
                    engine.desk.trouble.set(Some(Trouble::named(&name).said(device).to_owned()));
                }
            }
            engine.show();
        });
    }

    /// The browser ended what was sent: a device was unplugged, or the person no longer shows their screen. Another
    /// microphone or camera takes over, if there is one.
    pub(super) fn ended(self: &Rc<Self>, kind: MediaKind) {
        let used = self.signal(kind).get_untracked() == Sent::On;
        self.stop(kind);
        if let Some(gear) = gear_of(kind).filter(|_| used) {
            self.desk.trouble.set(Some(gear.replaced().to_owned()));
            self.open(kind);
        }
        self.show();
    }

    /// What is plugged in, and what of it was chosen on this machine.
    pub(super) fn know_gear(self: &Rc<Self>) {
        let gear = self.desk.gear;
        for one in Gear::ALL {
            gear.of(one).set(devices::remembered(one));
        }
        let engine = Rc::clone(self);
        spawn_local(async move {
            let known = devices::known().await;
            let mut loudspeakers = known.iter().filter(|known| known.gear == Gear::Loudspeaker).peekable();
            let chosen = gear.of(Gear::Loudspeaker).get_untracked();
            // Sound goes where it was told to, though nothing is there any more.
            if !chosen.is_empty() && loudspeakers.peek().is_some() && loudspeakers.all(|known| known.id != chosen) {
                engine.loudspeaker_gone();
            }
            gear.known.set(known);
            engine.show();
        });
    }

    pub(super) fn use_gear(self: &Rc<Self>, gear: Gear, id: String) {
        devices::remember(gear, &id);
        self.desk.gear.of(gear).set(id);
        for kind in [MediaKind::Microphone, MediaKind::Camera] {
            if gear_of(kind) != Some(gear) || !self.call.sends(kind) {
                continue;
            }
            if self.signal(kind).get_untracked() == Sent::On {
                self.open(kind);
            } else {
                // Silent now: opened when it speaks again.
                self.stop(kind);
            }
        }
    }

    /// The chosen loudspeaker is not there: the computer's own is used until another is chosen.
    pub(super) fn loudspeaker_gone(self: &Rc<Self>) {
        self.desk.gear.of(Gear::Loudspeaker).set(String::new());
        self.desk.trouble.set(Some(Gear::Loudspeaker.replaced().to_owned()));
    }

    pub(super) fn stop(self: &Rc<Self>, kind: MediaKind) {
        self.call.stop(kind);
        if kind == MediaKind::Screen {
            self.call.stop(MediaKind::ScreenSound);
        }
        if kind != MediaKind::ScreenSound {
            self.signal(kind).set(Sent::Off);
        }
    }

    /// Stops whatever may no longer be sent.
    pub(super) fn rights(self: &Rc<Self>) {
        for kind in [MediaKind::Camera, MediaKind::Microphone, MediaKind::Screen, MediaKind::ScreenSound] {
            if self.call.sends(kind) && !self.desk.peek(|live| live.may_send(kind)) {
                self.stop(kind);
            }
        }
    }

    /// Brings what is seen and heard in line with who sits where, and tells the server how sharp it needs to be.
    pub(super) fn show(self: &Rc<Self>) {
        let layout = self.desk.layout.get_untracked();
        let (wanted, here) =
            self.desk.peek(|live| (stage::wanted(live, layout, page::is_hidden()), live.line == Line::Here));
        if here && *self.shown.borrow() != wanted {
            self.say(&FromBrowser::Show { seats: wanted.clone() });
            self.shown.replace(wanted);
        }
        let engine = Rc::clone(self);
        // Elements come and go with what is told: once drawn, they are filled.
        place::after_drawing(move || engine.fill());
    }

    fn fill(&self) {
        let loudspeaker = self.desk.gear.of(Gear::Loudspeaker).get_untracked();
        self.play_late(&loudspeaker);
        for element in page::found(self.place.query_selector_all("video[data-seat],audio[data-seat]")) {
            let Some(seat) = element.get_attribute("data-seat").and_then(|seat| seat.parse::<u8>().ok()) else {
                continue;
            };
            let picture = element.tag_name().eq_ignore_ascii_case("video");
            let own =
                self.desk.peek(|live| live.seats.iter().any(|taken| taken.seat == seat && Some(taken.tab) == live.tab));
            let stream = match (own, picture) {
                (true, true) => self.call.own(if seat == 0 { MediaKind::Screen } else { MediaKind::Camera }),
                // Nobody hears themselves.
                (true, false) => None,
                (false, _) => self.call.seat(seat).map(|[seen, heard]| if picture { seen } else { heard }),
            };
            if let Ok(element) = element.dyn_into::<HtmlElement>() {
                let element = element.unchecked_ref::<HtmlMediaElement>();
                if let Some(routed) = (!picture).then(|| devices::route(element, &loudspeaker)).flatten() {
                    let _ = routed.catch(&self.mute);
                }
                place::play(element, stream.as_ref(), &self.refused);
            }
        }
    }
}
