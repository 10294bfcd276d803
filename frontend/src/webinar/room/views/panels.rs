//! The panels beside the stage, behind tabs (ARIA Authoring Practices, Tabs).

use super::super::desk::{Desk, Panel};
use super::super::state::Part;
use super::{chat, documents, people, polls, questions};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

pub(super) fn panels(desk: Desk) -> AnyView {
    Effect::new(move |_| {
        let chat = desk.read(Part::Chat, |live| live.room.messages.keys().next_back().copied().unwrap_or(0));
        let asked = desk.read(Part::Questions, |live| live.room.questions.keys().next_back().copied().unwrap_or(0));
        match desk.panel.get() {
            Panel::Chat => desk.seen.update(|seen| seen.0 = chat),
            Panel::Questions => desk.seen.update(|seen| seen.1 = asked),
            _ => {}
        }
    });
    let list = NodeRef::<leptos::html::Div>::new();
    let pressed = move |event: KeyboardEvent| {
        let at = Panel::ALL.iter().position(|panel| *panel == desk.panel.get_untracked()).unwrap_or(0);
        let most = Panel::ALL.len() - 1;
        let to = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => at + 1,
            "ArrowLeft" | "ArrowUp" => at + most,
            "Home" => 0,
            "End" => most,
            _ => return,
        };
        event.prevent_default();
        desk.panel.set(Panel::at(to));
        #[cfg(feature = "room")]
        if let Some(list) = list.get_untracked() {
            crate::browser::room::place::focus_within(&list, "[aria-selected=true]");
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label="Autour de la scène" node_ref=list on:keydown=pressed>
            {Panel::ALL.into_iter().map(|panel| tab(desk, panel)).collect_view()}
        </div>
        {Panel::ALL.into_iter().map(|panel| body(desk, panel)).collect_view()}
    }
    .into_any()
}

fn tab(desk: Desk, panel: Panel) -> AnyView {
    let (label, key) = panel.words();
    let chosen = move || desk.panel.get() == panel;
    let news = move || count(desk, panel);
    view! {
        <button
            type="button"
            role="tab"
            id=format!("onglet-{key}")
            aria-controls=format!("volet-{key}")
            aria-selected=move || chosen().to_string()
            tabindex=move || if chosen() { "0" } else { "-1" }
            on:click=move |_| desk.panel.set(panel)
        >
            {label}
            <span class="count" hidden=move || news() == 0>
                {news}
                <span class="visually-hidden">{match panel {
                    Panel::Chat | Panel::Questions => " à lire",
                    Panel::People => " à qui répondre",
                    Panel::Polls => " en cours",
                    Panel::Documents => "",
                }}</span>
            </span>
        </button>
    }
    .into_any()
}

/// What waits to be looked at there.
fn count(desk: Desk, panel: Panel) -> usize {
    let seen = desk.seen.get();
    match panel {
        Panel::Chat => desk.read(Part::Chat, |live| {
            let fresh = live.room.messages.range(seen.0 + 1..);
            fresh.filter(|(_, message)| Some(message.by.person) != live.me()).count()
        }),
        Panel::Questions => desk.read(Part::Questions, |live| {
            let fresh = live.room.questions.range(seen.1 + 1..);
            fresh.filter(|(_, asked)| Some(asked.by.person) != live.me() && !asked.hidden).count()
        }),
        Panel::People if desk.leads() => desk.read(Part::Floor, |live| live.room.hands.len()),
        Panel::Polls => {
            let open = desk.read(Part::Polls, |live| live.room.polls.values().filter(|poll| poll.open).count());
            open + desk.read(Part::Quizzes, |live| live.room.quizzes.values().filter(|quiz| quiz.open).count())
        }
        Panel::People | Panel::Documents => 0,
    }
}

fn body(desk: Desk, panel: Panel) -> AnyView {
    let (label, key) = panel.words();
    let inside = match panel {
        Panel::Chat => chat::chat(desk),
        Panel::Questions => questions::questions(desk),
        Panel::People => people::people(desk),
        Panel::Polls => polls::polls(desk),
        Panel::Documents => documents::documents(desk),
    };
    view! {
        <section
            class="panel"
            role="tabpanel"
            id=format!("volet-{key}")
            aria-labelledby=format!("onglet-{key}")
            tabindex="-1"
            hidden=move || desk.panel.get() != panel
        >
            <h2 class="visually-hidden">{label}</h2>
            {inside}
        </section>
    }
    .into_any()
}
