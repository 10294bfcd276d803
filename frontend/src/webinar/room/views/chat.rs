//! The discussion.

use super::super::desk::Desk;
use super::super::state::Part;
use super::parts::{field, form, press, press_for, prose, send, signed};
use domain::webinar::{Act, Lead, limits};
use leptos::prelude::*;

/// Messages drawn at first, and added each time more are asked for.
const SHOWN: usize = 100;

pub(super) fn chat(desk: Desk) -> AnyView {
    let most = RwSignal::new(SHOWN);
    let shown = move || {
        let most = most.get();
        desk.read(Part::Chat, |live| {
            let mut last: Vec<u64> = live.room.messages.keys().rev().take(most).copied().collect();
            last.reverse();
            last
        })
    };
    let older = move || desk.read(Part::Chat, |live| live.room.messages.len()) > most.get();
    let none = move || desk.read(Part::Chat, |live| live.room.messages.is_empty());
    view! {
        <div class="scroll is-chat" role="group" aria-label="Messages" tabindex="0">
            <div>
                <p class="small" hidden=move || !none()>"Aucun message pour l’instant. Dites bonjour\u{a0}!"</p>
                <div hidden=move || !older()>
                    {press("Afficher les messages plus anciens", "link-button", move || most.update(|most| *most += SHOWN))}
                </div>
                <ul class="messages">
                    <For each=shown key=|id| *id let(id)>{message(desk, id)}</For>
                </ul>
                {move || waiting(desk)}
            </div>
        </div>
        {writer(desk, "message", "Votre message", limits::MESSAGE, "Envoyer", |text| Act::Say { text })}
    }
    .into_any()
}

fn message(desk: Desk, id: u64) -> AnyView {
    let hidden = move || desk.read(Part::Chat, |live| live.room.messages.get(&id).is_none_or(|message| message.hidden));
    let Some(message) = desk.peek(|live| live.room.messages.get(&id).cloned()) else { return ().into_any() };
    let name = message.by.name.clone();
    let text = message.text.clone();
    let said = move || match (hidden(), desk.leads()) {
        (false, _) => prose(&text),
        (true, false) => view! { <p class="prose is-hidden">"Message retiré par l’animation."</p> }.into_any(),
        (true, true) => view! { <p class="prose is-hidden">"Retiré\u{a0}: "<s>{text.clone()}</s></p> }.into_any(),
    };
    let moderate = desk.leads().then(|| {
        view! {
            <div class="moderate" hidden=hidden>
                {press_for("Retirer", format!("le message de {name}"), "link-button", move || desk.lead(Lead::Hide { message: id }))}
            </div>
        }
    });
    view! { <li tabindex="-1">{signed(&message.by, message.at)}{said}{moderate}</li> }.into_any()
}

/// What was said and is not there yet.
fn waiting(desk: Desk) -> AnyView {
    let said = desk.read(Part::Unsent, |live| {
        let said = live.unsent.iter().filter_map(|(_, act)| match act {
            Act::Say { text } => Some(text.clone()),
            _ => None,
        });
        said.collect::<Vec<_>>()
    });
    said.into_iter()
        .map(|text| view! { <p class="prose is-waiting">{text}" "<em>"(envoi en cours)"</em></p> })
        .collect_view()
        .into_any()
}

/// A field to write something to the room; words that are refused come back to it.
pub(super) fn writer(
    desk: Desk,
    id: &'static str,
    label: &'static str,
    limit: usize,
    button: &'static str,
    act: fn(String) -> Act,
) -> AnyView {
    let text = RwSignal::new(String::new());
    Effect::new(move |_| {
        let words = match desk.returned.get() {
            Some(Act::Say { text }) if id == "message" => text,
            Some(Act::Ask { text }) if id == "question" => text,
            _ => return,
        };
        if text.get_untracked().is_empty() {
            text.set(words);
        }
    });
    let say = move || {
        let said = text.get_untracked();
        if !said.trim().is_empty() {
            desk.act(act(said));
            text.set(String::new());
        }
    };
    let pressed = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
            event.prevent_default();
            say();
        }
    };
    let inside = view! { <div on:keydown=pressed>{field(id, label, limit, text, Some(2))}</div> {send(button)} };
    let closed = move || desk.read(Part::Phase, |live| live.room.is_closed());
    view! { <div hidden=closed>{form("writer", say, inside.into_any())}</div> }.into_any()
}
