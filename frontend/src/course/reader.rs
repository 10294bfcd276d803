//! What follows the reading of a chapter: the place where it stops, and the sections read.

use leptos::prelude::*;

/// Remembers the paragraph at the top of the screen, and sends « J’ai lu cette section » without
/// leaving the page. Draws nothing; the chapter reads, and its forms submit, without it.
///
/// Paragraphs have an `id` that begins with `p-`; the forms have the class `section-done`, and tell
/// what comes of it in their element of role `status`, made where there is none.
#[island]
pub fn Reader(course: String, chapter: String) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    following::start(course, chapter);
    #[cfg(not(feature = "hydrate"))]
    let _ = (course, chapter);
}

#[cfg(feature = "hydrate")]
mod following {
    use super::super::chapter::remains_said;
    use crate::browser::{net, page};
    use leptos::leptos_dom::helpers::TimeoutHandle;
    use leptos::prelude::set_timeout_with_handle;
    use serde::{Deserialize, Serialize};
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;
    use std::time::Duration;
    use wasm_bindgen::JsCast;
    use wasm_bindgen_futures::spawn_local;
    use web_sys::{Event, HtmlElement, HtmlFormElement, SubmitEvent};

    /// Scrolling has stopped when nothing moved for this long.
    const STILL_MS: f64 = 800.0;
    /// The place is sent at most this often.
    const BETWEEN_MS: f64 = 5_000.0;

    #[derive(Serialize)]
    struct Position<'a> {
        course: &'a str,
        chapter: &'a str,
        anchor: &'a str,
    }

    #[derive(Deserialize)]
    struct Done {
        remains: Vec<String>,
    }

    struct Reading {
        course: String,
        chapter: String,
        sent: RefCell<String>,
        sent_at: Cell<f64>,
        /// Nothing is sent before the agent moves: opening a chapter is not reading it again.
        moved: Cell<bool>,
        timer: Cell<Option<TimeoutHandle>>,
    }

    pub(super) fn start(course: String, chapter: String) {
        let reading = Rc::new(Reading {
            course,
            chapter,
            sent: RefCell::default(),
            sent_at: Cell::new(0.0),
            moved: Cell::default(),
            timer: Cell::default(),
        });
        let hear = Rc::clone(&reading);
        page::listen_around("scroll", move |_| {
            hear.moved.set(true);
            hear.tell_in(STILL_MS.max(hear.sent_at.get() + BETWEEN_MS - page::now_ms()));
        });
        page::on_visibility(move |hidden| {
            if hidden {
                reading.tell();
            }
        });
        page::listen_around("submit", |event| submitted(&event));
    }

    impl Reading {
        fn tell_in(self: &Rc<Self>, milliseconds: f64) {
            let reading = Rc::clone(self);
            let after = Duration::from_secs_f64(milliseconds / 1000.0);
            let handle = set_timeout_with_handle(move || reading.tell(), after);
            if let Some(former) = self.timer.replace(handle.ok()) {
                former.clear();
            }
        }

        fn tell(&self) {
            let Some(anchor) = page::topmost("[id^=\"p-\"]").filter(|_| self.moved.get()) else { return };
            if *self.sent.borrow() == anchor {
                return;
            }
            let position = Position { course: &self.course, chapter: &self.chapter, anchor: &anchor };
            let Ok(body) = serde_json::to_string(&position) else { return };
            self.sent.replace(anchor);
            self.sent_at.set(page::now_ms());
            // A place that is lost is of no consequence: the next one will do.
            spawn_local(async move {
                let _ = net::post_json("/position", &body).await;
            });
        }
    }

    fn submitted(event: &Event) {
        let Some(form) = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) else { return };
        if event.default_prevented() || !form.class_list().contains("section-done") || form.has_attribute("data-plain")
        {
            return;
        }
        event.prevent_default();
        if form.has_attribute("aria-busy") {
            return;
        }
        let _ = form.set_attribute("aria-busy", "true");
        let button = event.dyn_ref::<SubmitEvent>().and_then(SubmitEvent::submitter);
        spawn_local(async move {
            let body = page::encoded(&form, button.as_ref());
            let reply = net::post_form(&page::action(&form), &body).await;
            let done =
                reply.filter(|reply| reply.status == 200).and_then(|reply| serde_json::from_str(&reply.body).ok());
            let _ = form.remove_attribute("aria-busy");
            if let Some(done) = done {
                show(&form, button.as_ref(), &done);
            } else {
                // The plain way tells what is wrong.
                let _ = form.set_attribute("data-plain", "");
                let _ = form.request_submit_with_submitter(button.as_ref());
            }
        });
    }

    fn show(form: &HtmlFormElement, button: Option<&HtmlElement>, done: &Done) {
        let _ = form.set_attribute("data-status", "done");
        if let Some(button) = button {
            button.set_text_content(Some("Section lue"));
        }
        let said = remains_said(&done.remains);
        page::say_in(form, &format!("Noté. {said}"));
        page::write("reste", &said);
        let section = page::entries(form).into_iter().find(|(name, _)| name == "section");
        if let Some((_, section)) = section {
            page::mark_read(&section);
        }
    }
}
