//! The editor of a chapter, in the browser: tools above the text, what agents would read beside it, and saves that
//! leave by themselves.
//!
//! The form itself holds what is written; [`Sheet`] decides; this file carries.

mod tools;

use super::insertion::{Edit, Piece, insert};
use super::sheet::{Sheet, Stored, Trouble, here_said};
use super::talk::{Preview, Problem, Start, Told};
use crate::browser::studio::area::{self, element};
use crate::browser::studio::drag::sortable;
use crate::browser::studio::texts::Texts;
use crate::browser::{net, page};
use crate::json;
use domain::studio::merge::carried;
use domain::studio::written::Written;
use domain::text::escaped;
use leptos::prelude::*;
use leptos::web_sys;
use serde::Deserialize;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use uuid::Uuid;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlElement, HtmlFormElement, HtmlTextAreaElement, KeyboardEvent};

/// What is written leaves at this pace.
const TICK: Duration = Duration::from_secs(3);

/// Where nothing is written and nobody else is there, news are asked for every so many ticks.
const CALM_TICKS: u32 = 3;

struct Editor {
    start: Start,
    address: String,
    tab: Uuid,
    form: HtmlFormElement,
    area: HtmlTextAreaElement,
    sheet: RefCell<Sheet>,
    texts: RefCell<Option<Texts>>,
    /// A save is on its way.
    saving: Cell<bool>,
    /// A preview is on its way, and whether what it shows has changed since.
    drawing: Cell<bool>,
    stale: Cell<bool>,
    drawn: RefCell<String>,
    ticks: Cell<u32>,
    company: Cell<bool>,
    said: RefCell<String>,
}

/// Wakes the editor in its page. The loader finds it by the island's name.
#[leptos::wasm_bindgen::prelude::wasm_bindgen(js_name = "EditorPlace_0", wasm_bindgen = leptos::wasm_bindgen)]
pub fn wake_editor(island: &HtmlElement) {
    #[derive(Deserialize)]
    struct Props {
        start: Start,
    }
    let Some(Props { start }) = page::props(island) else { return };
    let (Some(form), Some(area), Some(tab)) = (element("ed-formulaire"), element("ed-text"), page::new_id()) else {
        return;
    };
    let editor = Rc::new(Editor {
        address: format!("/studio/{}/chapitres/{}", start.course, start.chapter),
        sheet: RefCell::new(Sheet::new(&start)),
        start,
        tab,
        form,
        area,
        texts: RefCell::default(),
        saving: Cell::default(),
        drawing: Cell::default(),
        stale: Cell::default(),
        drawn: RefCell::default(),
        ticks: Cell::default(),
        company: Cell::default(),
        said: RefCell::default(),
    });
    if let Some(place) = element::<HtmlElement>("ed-outils") {
        let tools = Rc::clone(&editor);
        let (terms, media) = (editor.start.terms.clone(), editor.start.media.clone());
        mount_to(place, move || tools::toolbar(terms, &media, move |piece| tools.insert(&piece))).forget();
    }
    spawn_local(async move {
        editor.resume().await;
        editor.listen();
        editor.look();
        editor.flush();
    });
}

/// Lets the chapters of an outline be dragged: the same form as its buttons, sent once they are dropped.
#[leptos::wasm_bindgen::prelude::wasm_bindgen(js_name = "OutlinePlace_0", wasm_bindgen = leptos::wasm_bindgen)]
pub fn wake_outline(island: &HtmlElement) {
    let Some(list) = island.query_selector("ol").ok().flatten().and_then(|list| list.dyn_into().ok()) else { return };
    sortable(&list, "data-chapter", |order| {
        area::set_value("ordre-glisse", &order.join(" "));
        if let Some(form) = element::<HtmlFormElement>("ordre") {
            let _ = form.submit();
        }
    });
}

impl Editor {
    fn written(&self) -> Written {
        Written {
            title: area::value("ed-title"),
            summary: area::value("ed-summary"),
            minutes: area::value("ed-minutes").trim().parse().ok().filter(|minutes| (1..=240).contains(minutes)),
            objectives: area::value("ed-objectives").lines().map(str::to_owned).collect(),
            text: self.area.value(),
        }
    }

    /// Shows what is written now, where the page shows otherwise; the caret stays before the same words.
    fn show(&self, written: &Written) {
        let shown = self.written();
        let canonical = shown.clone().canonical();
        if written.title != canonical.title {
            area::set_value("ed-title", &written.title);
        }
        if written.summary != canonical.summary {
            area::set_value("ed-summary", &written.summary);
        }
        if let Some(minutes) = written.minutes {
            area::set_value("ed-minutes", &minutes.to_string());
        }
        if written.objectives != canonical.objectives {
            area::set_value("ed-objectives", &written.objectives.join("\n"));
        }
        if written.text != canonical.text {
            let (from, to) = area::selection(&self.area);
            let scroll = self.area.scroll_top();
            self.area.set_value(&written.text);
            let place = |at| carried(&shown.text, &written.text, at);
            area::select(&self.area, (place(from), place(to)));
            self.area.set_scroll_top(scroll);
        }
    }

    fn key(&self) -> String {
        format!("{}/{}/{}", self.start.person, self.start.course, self.start.chapter)
    }

    /// Takes up what this computer kept when the page was last left.
    async fn resume(&self) {
        let Ok(texts) = Texts::open().await else { return };
        let stored: Option<Stored> = texts.get(&self.key()).await.and_then(|text| serde_json::from_str(&text).ok());
        *self.texts.borrow_mut() = Some(texts);
        if let Some(stored) = stored {
            let now = self.sheet.borrow_mut().resume(stored);
            self.show(&now);
            announce("Ce que cet ordinateur gardait est repris.");
        }
    }

    fn listen(self: &Rc<Self>) {
        let hear = |does: fn(&Rc<Self>, Event)| {
            let editor = Rc::clone(self);
            move |event: Event| does(&editor, event)
        };
        page::listen(&self.form, "input", hear(|editor, _| editor.changed()));
        page::listen(
            &self.form,
            "submit",
            hear(|editor, event| {
                event.prevent_default();
                editor.flush();
            }),
        );
        page::listen(&self.area, "keydown", hear(|editor, event| editor.pressed(&event)));
        if let Some(problems) = element::<Element>("ed-problemes") {
            page::listen(&problems, "click", hear(|editor, event| editor.go_to_problem(&event)));
        }
        page::listen_around("online", hear(|editor, _| editor.flush()));
        page::listen_around("offline", hear(|editor, _| editor.failed(Trouble::Offline)));
        let editor = Rc::clone(self);
        page::on_visibility(move |_| editor.flush());
        let editor = Rc::clone(self);
        // It lives as long as the page.
        let _ = set_interval_with_handle(move || editor.tick(), TICK);
    }

    fn changed(self: &Rc<Self>) {
        self.store();
        self.tell();
        self.look();
    }

    /// Keeps on this computer what the server has not.
    fn store(self: &Rc<Self>) {
        let Some(texts) = self.texts.borrow().clone() else { return };
        let stored = self.sheet.borrow().stored(&self.written());
        let text = stored.and_then(|stored| serde_json::to_string(&stored).ok());
        let key = self.key();
        // A store that is full or refused keeps nothing from the server.
        spawn_local(async move { drop(texts.keep(&key, text.as_deref()).await) });
    }

    fn tick(self: &Rc<Self>) {
        let ticks = self.ticks.get() + 1;
        let waits = self.sheet.borrow().stored(&self.written()).is_some() || self.sheet.borrow().has_trouble();
        if waits || self.company.get() || ticks >= CALM_TICKS {
            self.ticks.set(0);
            self.flush();
        } else {
            self.ticks.set(ticks);
        }
    }

    /// Sends what is written, or asks for news.
    fn flush(self: &Rc<Self>) {
        if self.saving.replace(true) {
            return;
        }
        let save = self.sheet.borrow_mut().say(self.tab, &self.written(), page::new_id());
        let Some(body) = save.and_then(|save| serde_json::to_string(&save).ok()) else {
            self.saving.set(false);
            return;
        };
        self.store();
        let editor = Rc::clone(self);
        spawn_local(async move {
            let reply = net::post_json(&format!("{}/enregistrement", editor.address), &body).await;
            editor.saving.set(false);
            let trouble = Trouble::of(reply.as_ref().map(|reply| reply.status));
            match (trouble, reply.and_then(|reply| json::read::<Told>(&reply.body))) {
                (Trouble::None, Some(told)) => editor.told(&told),
                // A page of the office's proxy in place of our reply, for example.
                (Trouble::None, None) => editor.failed(Trouble::Refused),
                (trouble, _) => editor.failed(trouble),
            }
        });
    }

    fn told(self: &Rc<Self>, told: &Told) {
        let now = self.sheet.borrow_mut().told(told, &self.written());
        if let Some(now) = now {
            self.show(&now);
            self.look();
        }
        if told.conflicts > 0 {
            announce("Deux versions d’un même passage sont gardées l’une sous l’autre\u{a0}: choisissez.");
        }
        self.company.set(!told.here.is_empty());
        let here = here_said(&told.here);
        if let Some(place) = element::<Element>("ed-ici").filter(|place| place.text_content().as_deref() != Some(&here))
        {
            place.set_text_content(Some(&here));
        }
        self.store();
        self.tell();
    }

    fn failed(self: &Rc<Self>, trouble: Trouble) {
        self.sheet.borrow_mut().failed(trouble);
        self.store();
        self.tell();
    }

    /// Says how the text stands, where that is otherwise than what is said already.
    fn tell(&self) {
        let said = self.sheet.borrow().said(&self.written(), self.texts.borrow().is_some());
        if *self.said.borrow() != said {
            page::write("ed-etat", &said);
            *self.said.borrow_mut() = said;
        }
    }

    fn pressed(self: &Rc<Self>, event: &Event) {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
        let held = (key.ctrl_key() || key.meta_key()) && !key.alt_key();
        if let Some(piece) = held.then(|| tools::shortcut(&key.code(), &key.key(), key.shift_key())).flatten() {
            event.prevent_default();
            self.insert(&piece);
        }
    }

    fn insert(self: &Rc<Self>, piece: &Piece) {
        let text = self.area.value();
        let Edit { from, to, with, select } = insert(&text, area::selection(&self.area), piece);
        area::replace(&self.area, (from, to), &with);
        area::select(&self.area, select);
        announce(&tools::said(piece));
        self.changed();
    }

    /// Draws what agents would read. One drawing at a time: what is typed meanwhile is drawn next.
    fn look(self: &Rc<Self>) {
        if self.drawing.replace(true) {
            self.stale.set(true);
            return;
        }
        let Ok(body) = serde_json::to_string(&self.written()) else { return };
        let editor = Rc::clone(self);
        spawn_local(async move {
            let reply = net::post_json(&format!("{}/apercu", editor.address), &body).await;
            if let Some(preview) = reply.and_then(|reply| json::read::<Preview>(&reply.body)) {
                editor.drawn(&preview);
            }
            editor.drawing.set(false);
            if editor.stale.replace(false) {
                editor.look();
            }
        });
    }

    fn drawn(&self, Preview { html, problems }: &Preview) {
        if let Some(place) = element::<Element>("ed-apercu").filter(|_| *self.drawn.borrow() != *html) {
            place.set_inner_html(html);
            self.drawn.borrow_mut().clone_from(html);
        }
        if let Some(place) = element::<Element>("ed-problemes") {
            let list = listed(problems);
            if place.inner_html() != list {
                place.set_inner_html(&list);
            }
        }
    }

    fn go_to_problem(&self, event: &Event) {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let line = target.and_then(|target| target.get_attribute("data-line")).and_then(|line| line.parse().ok());
        match line {
            Some(0) => {
                if let Some(title) = element::<HtmlElement>("ed-title") {
                    page::focus(&title);
                }
            }
            Some(line) => area::go_to(&self.area, line),
            None => {}
        }
    }
}

/// Says what was done, to who does not see it.
fn announce(said: &str) {
    page::write("ed-annonce", said);
}

/// What is to be mended; each leads to its line.
fn listed(problems: &[Problem]) -> String {
    let line = |Problem { line, said }: &Problem| {
        let place = if *line == 0 { "En-tête".to_owned() } else { format!("Ligne {line}") };
        let said = escaped(said);
        format!(
            "<li><button type=\"button\" class=\"link-button\" data-line=\"{line}\">{place}</button>\u{a0}: {said}</li>"
        )
    };
    if problems.is_empty() {
        return String::new();
    }
    format!("<ul class=\"problems\">{}</ul>", problems.iter().map(line).collect::<Vec<_>>().concat())
}
