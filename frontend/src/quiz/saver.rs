//! Keeps answers as they are given: first in the browser's store, then on the server.
//!
//! The form itself holds what is shown; [`Notebook`] decides; this file carries.

use super::attempt::Told;
use super::form::{self, Reading};
use super::question::status_id;
use super::state::{self, Asked, Kept, Notebook, Trouble};
use crate::browser::store::{Store, Stored};
use crate::browser::{net, page};
use domain::ids::QuestionSlug;
use domain::quiz::Saying;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, HtmlButtonElement, HtmlElement, HtmlFormElement, SubmitEvent};

/// Typing pauses this long before what is typed leaves for the server.
const PAUSE_MS: f64 = 600.0;
/// The browser's store has this long to answer; after it, answers go to the server all the same.
const STORE_PATIENCE_MS: u64 = 3_000;
const KEPT_FOR_MS: f64 = 30.0 * 24.0 * 3_600_000.0;

#[derive(Serialize)]
struct Batch {
    sayings: Vec<Saying>,
}

#[derive(Deserialize)]
struct Acknowledged {
    kept: Vec<Kept>,
}

/// What the island hands over when it wakes.
pub(crate) struct Start {
    pub(crate) attempt: String,
    pub(crate) asked: Vec<Asked>,
    pub(crate) notebook: Notebook,
    pub(crate) deadline_ms: Option<f64>,
    pub(crate) server_now_ms: f64,
    pub(crate) told: Told,
    /// The place where unanswered questions are told before finishing.
    pub(crate) confirmation: NodeRef<leptos::html::Div>,
}

struct Saver {
    start: Start,
    form: HtmlFormElement,
    notebook: RefCell<Notebook>,
    store: RefCell<Option<Store>>,
    timer: Cell<Option<TimeoutHandle>>,
    /// Nothing is said before what the store holds is known, or given up.
    ready: Cell<bool>,
    /// Sayings on their way to the store.
    writing: Cell<u32>,
    /// The button that asked to finish, until all is kept.
    finishing: RefCell<Option<HtmlElement>>,
    leaving: Cell<bool>,
    minutes: Cell<Option<u32>>,
}

/// Wakes the form.
pub(crate) fn start(form: HtmlFormElement, mut start: Start) {
    let notebook = std::mem::take(&mut start.notebook);
    let saver = Rc::new(Saver {
        start,
        form,
        notebook: RefCell::new(notebook),
        store: RefCell::default(),
        timer: Cell::default(),
        ready: Cell::default(),
        writing: Cell::default(),
        finishing: RefCell::default(),
        leaving: Cell::default(),
        minutes: Cell::default(),
    });
    saver.listen();
    saver.watch_deadline();
    let late = Rc::clone(&saver);
    set_timeout(move || late.wake(Vec::new()), Duration::from_millis(STORE_PATIENCE_MS));
    spawn_local(async move {
        if let Ok(store) = Store::open().await {
            // Old attempts are forgotten when they can be; nothing depends on it.
            let _ = store.forget_before(page::now_ms() - KEPT_FOR_MS).await;
            let found = store.all(&saver.start.attempt).await.unwrap_or_default();
            *saver.store.borrow_mut() = Some(store);
            saver.wake(found);
        } else {
            saver.wake(Vec::new());
        }
    });
}

impl Saver {
    fn listen(self: &Rc<Self>) {
        let hear = |does: fn(&Rc<Self>, Event)| {
            let saver = Rc::clone(self);
            move |event: Event| does(&saver, event)
        };
        page::listen(&self.form, "input", hear(|saver, event| saver.heard(&event)));
        // Assistive tools that set a list may tell of the change only.
        page::listen(&self.form, "change", hear(|saver, event| saver.heard(&event)));
        page::listen(&self.form, "focusout", hear(|saver, _| saver.flush()));
        page::listen(&self.form, "submit", hear(|saver, event| saver.submitted(&event)));
        page::listen_around("online", hear(|saver, _| saver.flush()));
        page::listen_around("offline", hear(|saver, _| saver.failed(Trouble::Offline)));
        page::listen_around("pageshow", hear(|saver, _| saver.leaving.set(false)));
        let saver = Rc::clone(self);
        page::on_visibility(move |hidden| if hidden { saver.flush_now() } else { saver.look_again() });
    }

    /// Takes in what the store held, then what was typed before this script came.
    fn wake(self: &Rc<Self>, found: Vec<Stored>) {
        let fields = page::entries(&self.form);
        let first = !self.ready.replace(true);
        let mut early = Vec::new();
        if first {
            let notebook = self.notebook.borrow();
            for asked in &self.start.asked {
                let reading = form::read(asked.kind, asked.slug.as_str(), &fields);
                let drawn = notebook.answer(&asked.slug);
                if matches!(&reading, Reading::Said(answer) if drawn != Some(answer) && !(drawn.is_none() && answer.is_blank()))
                {
                    early.push((asked.slug.clone(), reading));
                }
            }
        }
        self.merge(found);
        for (question, reading) in early {
            self.say(&question, reading);
        }
        self.start.told.awake.set(true);
        self.refresh();
        self.flush();
    }

    fn merge(&self, found: Vec<Stored>) {
        for Stored { saying, pending } in found {
            let question = saying.question.clone();
            let changed = self.notebook.borrow_mut().learn(saying, pending);
            if changed {
                self.show(&question);
            }
        }
    }

    /// Another tab may have said more while this one was hidden.
    fn look_again(self: &Rc<Self>) {
        let saver = Rc::clone(self);
        let store = self.store.borrow().clone();
        spawn_local(async move {
            if let Some(store) = store {
                let found = store.all(&saver.start.attempt).await.unwrap_or_default();
                saver.merge(found);
            }
            saver.refresh();
            saver.flush();
        });
    }

    fn heard(self: &Rc<Self>, event: &Event) {
        let Some((name, typed)) = page::field_of(event) else { return };
        let Some(asked) = form::question_of(&name)
            .and_then(|question| self.start.asked.iter().find(|asked| asked.slug.as_str() == question))
        else {
            return;
        };
        self.start.told.missing.set(Vec::new());
        if !self.ready.get() {
            return;
        }
        let reading = form::read(asked.kind, asked.slug.as_str(), &page::entries(&self.form));
        self.say(&asked.slug, reading);
        self.refresh();
        // What is typed leaves at a pause; what is picked, as soon as the browser's store has it.
        // The timer also covers a store that never answers.
        self.flush_in(if typed { PAUSE_MS } else { PAUSE_MS * 3.0 });
    }

    fn say(self: &Rc<Self>, question: &QuestionSlug, reading: Reading) {
        let answer = match reading {
            Reading::Unfinished { begun } => return self.notebook.borrow_mut().unfinished(question, begun),
            Reading::Said(answer) => answer,
        };
        let typed = matches!(
            answer,
            domain::quiz::Answer::Text(_) | domain::quiz::Answer::Number(_) | domain::quiz::Answer::Gaps(_)
        );
        let Some(id) = page::new_id() else { return };
        let Some(saying) = self.notebook.borrow_mut().say(question, answer, id) else { return };
        let Some(store) = self.store.borrow().clone() else { return };
        self.writing.set(self.writing.get() + 1);
        let saver = Rc::clone(self);
        spawn_local(async move {
            // A store that is full or refused does not keep the answer from the server.
            if let Ok(revision) = store.put(&saver.start.attempt, &saying).await {
                saver.notebook.borrow_mut().raise(&saying.question, saying.id, revision);
            }
            saver.writing.set(saver.writing.get() - 1);
            if !typed || saver.finishing.borrow().is_some() {
                saver.flush();
            }
        });
    }

    /// Sends what is pending once the store has it.
    fn flush(self: &Rc<Self>) {
        if self.writing.get() == 0 {
            self.flush_now();
        }
    }

    fn flush_in(self: &Rc<Self>, milliseconds: f64) {
        let saver = Rc::clone(self);
        let handle = set_timeout_with_handle(move || saver.flush_now(), Duration::from_secs_f64(milliseconds / 1000.0));
        if let Some(former) = self.timer.replace(handle.ok()) {
            former.clear();
        }
    }

    fn flush_now(self: &Rc<Self>) {
        if !self.ready.get() {
            return;
        }
        // Finishing asks the server even when there is nothing to send: is it there, is the session alive?
        let probe = self.finishing.borrow().is_some();
        let Some(sayings) = self.notebook.borrow_mut().take_batch(probe) else { return };
        let saver = Rc::clone(self);
        spawn_local(async move { saver.send(sayings).await });
    }

    async fn send(self: &Rc<Self>, sayings: Vec<Saying>) {
        let batch = Batch { sayings };
        let body = serde_json::to_string(&batch).unwrap_or_default();
        let reply = net::post_json(&format!("/essais/{}/reponses", self.start.attempt), &body).await;
        let trouble = Trouble::of(reply.as_ref().map(|reply| reply.status));
        let kept = reply.and_then(|reply| serde_json::from_str::<Acknowledged>(&reply.body).ok());
        match (trouble, kept) {
            (Trouble::None, Some(Acknowledged { kept })) => self.kept(&batch.sayings, kept).await,
            // A page of the office's proxy in place of our reply, for example.
            (Trouble::None, None) => self.failed(Trouble::Refused),
            (trouble, _) => self.failed(trouble),
        }
    }

    async fn kept(self: &Rc<Self>, sent: &[Saying], kept: Vec<Kept>) {
        let was = self.notebook.borrow().trouble();
        let (numbers, changed) = self.notebook.borrow_mut().kept(kept);
        for question in &changed {
            self.show(question);
        }
        if !sent.is_empty() && numbers.is_empty() && self.notebook.borrow().repeats(sent) {
            // The server answers but keeps nothing of it: as good as a refusal, without haste.
            return self.failed(Trouble::Refused);
        }
        let said = state::acknowledged_said(&numbers);
        if was != Trouble::None && !said.is_empty() {
            self.announce(format!("Connexion rétablie. {said}"));
        } else if !said.is_empty() {
            self.announce(said);
        }
        self.refresh();
        let store = self.store.borrow().clone();
        if let Some(store) = store {
            let known = self.notebook.borrow().acknowledged(sent);
            for saying in known {
                // At worst the saying is sent once more at the next visit, and changes nothing.
                let _ = store.acknowledge(&self.start.attempt, &saying).await;
            }
        }
        if !self.finish_if_all_kept() {
            self.flush_rest();
        }
    }

    /// Sends what was said since the last batch left, if anything was.
    fn flush_rest(self: &Rc<Self>) {
        if !self.notebook.borrow().is_all_kept() {
            self.flush();
        }
    }

    fn failed(self: &Rc<Self>, trouble: Trouble) {
        let new = self.notebook.borrow_mut().failed(trouble);
        if self.finishing.borrow_mut().take().is_some() && trouble != Trouble::Closed {
            self.announce(if trouble == Trouble::SignedOut {
                trouble.said().to_owned()
            } else {
                "Rétablissez la connexion pour terminer\u{a0}; vos réponses sont gardées.".to_owned()
            });
        } else if new {
            self.announce(trouble.said().to_owned());
        }
        self.refresh();
        if trouble == Trouble::Closed {
            let store = self.store.borrow().clone();
            let attempt = self.start.attempt.clone();
            spawn_local(async move {
                if let Some(store) = store {
                    let _ = store.forget(&attempt).await;
                }
            });
        } else if !self.notebook.borrow().is_all_kept() {
            let delay = self.notebook.borrow().delay_ms(page::dice());
            self.flush_in(delay);
        }
    }

    fn submitted(self: &Rc<Self>, event: &Event) {
        if self.leaving.get() {
            return;
        }
        event.prevent_default();
        let button = event
            .dyn_ref::<SubmitEvent>()
            .and_then(SubmitEvent::submitter)
            .and_then(|submitter| submitter.dyn_into::<HtmlButtonElement>().ok());
        let Some(button) = button.filter(|button| button.value() == "finish") else {
            // The Enter key in a field: keep, and stay.
            return self.flush();
        };
        let fields = page::entries(&self.form);
        for asked in &self.start.asked {
            self.say(&asked.slug, form::read(asked.kind, asked.slug.as_str(), &fields));
        }
        self.refresh();
        let missing = self.notebook.borrow().unanswered();
        let told = &self.start.told;
        if !missing.is_empty() && told.missing.get_untracked().is_empty() {
            told.missing.set(missing);
            if let Some(place) = self.start.confirmation.get_untracked() {
                // Shown by the next effects: focus once they have run.
                set_timeout(move || page::focus(&place), Duration::ZERO);
            }
            return;
        }
        if !page::is_online() {
            self.announce("Rétablissez la connexion pour terminer\u{a0}; vos réponses sont gardées.".to_owned());
            return;
        }
        *self.finishing.borrow_mut() = Some(button.into());
        self.announce("Envoi de vos réponses…".to_owned());
        self.flush();
    }

    /// Leaves for the results when they were asked for and the server has everything.
    fn finish_if_all_kept(&self) -> bool {
        let idle = {
            let notebook = self.notebook.borrow();
            notebook.is_all_kept() && !notebook.is_sending() && self.writing.get() == 0
        };
        let button = if idle { self.finishing.borrow_mut().take() } else { None };
        let Some(button) = button else { return false };
        self.leaving.set(true);
        self.form.request_submit_with_submitter(Some(&button)).is_ok()
    }

    /// Puts the answer that counts in the fields.
    fn show(&self, question: &QuestionSlug) {
        let entries = self
            .notebook
            .borrow()
            .answer(question)
            .map(|answer| form::entries(question.as_str(), answer))
            .unwrap_or_default();
        page::fill(&self.form, &form::name(question.as_str(), None), &entries);
    }

    fn refresh(&self) {
        let notebook = self.notebook.borrow();
        for asked in &self.start.asked {
            let status = notebook.status(&asked.slug);
            page::tell(&status_id(asked.slug.as_str()), status.key(), status.said());
        }
        let told = &self.start.told;
        told.progress.set(notebook.progress());
        if told.trouble.get_untracked() != notebook.trouble() {
            told.trouble.set(notebook.trouble());
        }
    }

    fn announce(&self, said: String) {
        self.start.told.announced.set(said);
    }

    fn watch_deadline(self: &Rc<Self>) {
        let Some(deadline) = self.start.deadline_ms else { return };
        // The server's clock when the page was asked for, so that what is shown is never too long.
        let ahead = self.start.server_now_ms - (page::now_ms() - page::age_ms());
        let saver = Rc::clone(self);
        let look = move || {
            let minutes = state::minutes_left(deadline, page::now_ms() + ahead);
            let former = saver.minutes.replace(Some(minutes));
            if former != Some(minutes) {
                saver.start.told.left.set(state::left_said(minutes));
                if former.is_some() && state::is_announced(minutes) {
                    saver.announce(state::left_said(minutes));
                }
            }
        };
        look();
        set_interval(look, Duration::from_secs(5));
    }
}
