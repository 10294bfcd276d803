//! Media as it comes, fails and is sought again; how the connection does.

use super::super::announce::News;
use super::super::call::{self, counted};
use super::super::desk::{Path, Quality};
use super::super::seeking::Step;
use super::super::state::Line;
use super::Engine;
use crate::browser::page;
use domain::webinar::signal::FromBrowser;
use leptos::prelude::*;
use std::rc::Rc;

const BLOCKED: &str = "Le son et l’image n’arrivent pas\u{a0}: le réseau les bloque sans doute. La discussion, les questions et les sondages, eux, fonctionnent.";

impl Engine {
    pub(super) fn connect(self: &Rc<Self>, fresh: bool) {
        self.shown.borrow_mut().clear();
        if self.call.connect(fresh) {
            self.await_first();
        }
        self.kept.set(None);
        self.keep();
        self.show();
    }

    pub(super) fn media(self: &Rc<Self>, event: call::Event) {
        match event {
            call::Event::Offer { turn, sdp, sends } => self.say(&FromBrowser::Offer { turn, sdp, sends }),
            call::Event::Path(Path::Connecting) => {
                self.falling.borrow_mut().missing(page::now_ms());
                let mut seeking = self.seeking.borrow_mut();
                seeking.began(page::now_ms());
                // What went wrong stays told until it is over.
                if !seeking.has_failed() {
                    self.desk.path.set(Path::Connecting);
                }
            }
            call::Event::Path(Path::Connected) => {
                self.falling.borrow_mut().comes();
                self.fall();
                if self.seeking.borrow_mut().found() {
                    self.note("Le son et l’image sont revenus.");
                }
                self.desk.path.set(Path::Connected);
                self.desk.again.set(None);
                self.show();
            }
            call::Event::Path(Path::Failed(why)) => self.failed(why),
            call::Event::Declined { kinds, why } => {
                for kind in kinds {
                    self.stop(kind);
                }
                self.desk.trouble.set(Some(why));
                self.show();
            }
            call::Event::Ended(kind) => self.ended(kind),
        }
    }

    fn failed(self: &Rc<Self>, why: String) {
        let again = {
            let mut seeking = self.seeking.borrow_mut();
            if !seeking.has_failed() && !self.desk.late.get_untracked() {
                self.note(&why);
            }
            seeking.failed(page::now_ms(), page::dice())
        };
        self.falling.borrow_mut().failed(page::now_ms());
        self.desk.path.set(Path::Failed(why));
        self.desk.again.set(Some(again));
        self.show();
    }

    pub(super) fn note(&self, said: &str) {
        self.announcer.borrow_mut().note(News::Said(said.to_owned()));
    }

    /// Once a second: is media there, is it time to look for it again?
    pub(super) fn seek(self: &Rc<Self>, now: f64) {
        let here = self.desk.peek(|live| live.line == Line::Here);
        let step = self.seeking.borrow_mut().step(now, here);
        match step {
            Some(Step::Revive) => self.call.revive(),
            Some(Step::GiveUp) => self.failed(BLOCKED.to_owned()),
            Some(Step::TryAgain) => self.seek_again(),
            None => {}
        }
    }

    /// Tries now, on a new connection.
    pub(super) fn seek_again(self: &Rc<Self>) {
        if self.desk.peek(|live| live.line == Line::Here) {
            self.seeking.borrow_mut().tried(page::now_ms());
            self.desk.again.set(None);
            self.connect(true);
        }
    }

    pub(super) async fn measure(self: Rc<Self>) {
        let counted = if let Some(counted) = self.counted_late() {
            counted
        } else {
            let Some(stats) = Rc::clone(&self.call).stats().await else { return };
            counted(&stats, page::now_ms())
        };
        if let Some(way) = counted.way {
            self.goes(way);
        }
        if let Some(before) = self.counted.replace(Some(counted)) {
            let quality = Quality::between(&before, &counted);
            self.patience.set(self.patience.get().after(&quality, counted.at_ms));
            self.keep();
            let spending = self.spending.get().after(&before, &counted);
            self.spending.set(spending);
            self.desk.spent.set(spending.rate());
            self.desk.quality.set(Some(quality));
        }
    }
}
