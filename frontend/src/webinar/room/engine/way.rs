//! The way that media takes: noted, told where it is not the best, and left for a better one.

use super::super::call::{counted, trial};
use super::super::state::Line;
use super::super::words::otherwise;
use super::Engine;
use crate::browser::page;
use crate::browser::room::first;
use crate::webinar::way::Way;
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// Milliseconds between two looks for the first picture or sound, and until no more is looked for.
const LOOKS: (u32, f64) = (200, 20_000.0);
/// UDP that does not answer within this does not pass, in milliseconds.
const PATIENCE: u32 = 5_000;

impl Engine {
    /// Media goes that way.
    pub(super) fn goes(&self, way: Way) {
        self.climbing.borrow_mut().goes(way, page::now_ms(), page::dice());
        if self.desk.way.get_untracked() != Some(way) {
            self.desk.way.set(Some(way));
            if let Some(said) = otherwise(way) {
                self.note(&said);
            }
        }
    }

    /// A connection was begun: how long until something is seen or heard over it is kept, for the diagnosis.
    pub(super) fn await_first(self: &Rc<Self>) {
        let began = page::now_ms();
        // Another connection begun meanwhile counts for itself.
        self.awaited.set(began);
        let engine = Rc::clone(self);
        spawn_local(async move {
            while engine.awaited.get().total_cmp(&began).is_eq() && page::now_ms() - began < LOOKS.1 {
                page::sleep(LOOKS.0).await;
                let Some(stats) = Rc::clone(&engine.call).stats().await else { continue };
                let counted = counted(&stats, page::now_ms());
                if let Some(way) = counted.way {
                    engine.goes(way);
                }
                if (counted.frames > 0.0 || counted.energy > 0.0)
                    && let Some(way) = counted.way
                {
                    first::keep(counted.at_ms - began, way);
                    return;
                }
            }
        });
    }

    /// Another network.
    pub(super) fn network_changed(self: &Rc<Self>) {
        self.climbing.borrow_mut().changed(page::now_ms());
        self.seeking.borrow_mut().changed(page::now_ms());
        self.call.revive();
    }

    /// Once a second: is it time to look whether UDP passes?
    pub(super) fn climb(self: &Rc<Self>, now: f64) {
        let here = self.desk.peek(|live| live.line == Line::Here);
        if !here || !self.climbing.borrow_mut().is_due(now) {
            return;
        }
        let address = self.address("/essai");
        let engine = Rc::clone(self);
        spawn_local(async move {
            let passes = trial::connects(PATIENCE, trial::Ways::Udp, &address).await.is_some();
            engine.climbing.borrow_mut().looked(page::now_ms(), page::dice());
            if passes {
                engine.call.restart();
            }
        });
    }
}
