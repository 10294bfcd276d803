//! The presence check: a question that waits for an answer, and for no longer than said.

use super::super::desk::Desk;
use super::super::state::Part;
use super::super::words::countdown;
use domain::webinar::Act;
use leptos::prelude::*;

pub(super) fn check(desk: Desk) -> AnyView {
    let asked = move || {
        let now = desk.clock.get();
        desk.read(Part::Checks, |live| live.check_to_answer(now))
    };
    let current = Memo::new(move |_| asked().map(|(id, _)| id));
    let left = move || asked().map(|(_, left)| countdown(left)).unwrap_or_default();
    let place = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |_| {
        // Who is typing is told by the alert alone: the next key must not fall on the button.
        #[cfg(feature = "room")]
        if current.get().is_some() && !crate::browser::room::place::is_typing() {
            crate::browser::room::place::after_drawing(move || {
                if let Some(place) = place.get_untracked() {
                    crate::browser::page::focus(&place);
                }
            });
        }
        #[cfg(not(feature = "room"))]
        let _ = current.get();
    });
    let confirm = move |_| {
        if let Some(check) = current.get_untracked() {
            desk.act(Act::Confirm { check });
        }
    };
    view! {
        <div
            class="notice is-good room-notice presence-check"
            role="alertdialog"
            aria-labelledby="presence-titre"
            aria-describedby="presence-texte"
            tabindex="-1"
            node_ref=place
            hidden=move || current.get().is_none()
        >
            <p class="notice-title" id="presence-titre">"Êtes-vous là\u{a0}?"</p>
            <p id="presence-texte">"L’animation vérifie qui suit le webinaire. Répondez d’un clic, ou avec Alt\u{a0}+\u{a0}J."</p>
            <p class="actions">
                <button type="button" class="button is-large" data-key="j" on:click=confirm>"Je suis là"</button>
                <span>"Il reste "{left}</span>
            </p>
        </div>
        <p class="visually-hidden" role="alert">
            {move || current.get().map(|_| "Êtes-vous là\u{a0}? Répondez avec le bouton «\u{a0}Je suis là\u{a0}», ou Alt\u{a0}+\u{a0}J.")}
        </p>
    }
    .into_any()
}
