//! Questions to those who lead.

use super::super::desk::Desk;
use super::super::state::Part;
use super::chat::writer;
use super::parts::{press_for, prose, signed};
use domain::text::counted;
use domain::webinar::{Act, Lead, limits};
use leptos::prelude::*;

pub(super) fn questions(desk: Desk) -> AnyView {
    // The most wanted first; what is answered last.
    let order = move || {
        desk.read(Part::Questions, |live| {
            let mut known: Vec<_> = live.room.questions.iter().filter(|(_, question)| !question.hidden).collect();
            known.sort_unstable_by_key(|(id, question)| {
                (question.answered, std::cmp::Reverse(question.support.len()), **id)
            });
            known.into_iter().map(|(id, _)| *id).collect::<Vec<_>>()
        })
    };
    view! {
        {writer(desk, "question", "Votre question à l’animation", limits::QUESTION, "Poser la question", |text| Act::Ask { text })}
        <p class="small" hidden=move || !order().is_empty()>"Aucune question pour l’instant."</p>
        <ul class="messages is-questions">
            <For each=order key=|id| *id let(id)>{question(desk, id)}</For>
        </ul>
    }
    .into_any()
}

fn question(desk: Desk, id: u64) -> AnyView {
    let Some(asked) = desk.peek(|live| live.room.questions.get(&id).cloned()) else { return ().into_any() };
    let of = move |told: fn(&domain::webinar::Question, Option<domain::ids::PersonId>) -> bool| {
        move || {
            desk.read(Part::Questions, |live| {
                live.room.questions.get(&id).is_some_and(|question| told(question, live.me()))
            })
        }
    };
    let answered = of(|question, _| question.answered);
    let own = of(|question, me| Some(question.by.person) == me);
    let supported = of(|question, me| me.is_some_and(|me| question.support.contains(&me)));
    let support = move || {
        let count = desk
            .read(Part::Questions, |live| live.room.questions.get(&id).map_or(0, |question| question.support.len()));
        counted(count as u64, "soutien", "soutiens")
    };
    let lead = desk.leads().then(|| {
        let name = asked.by.name.clone();
        view! {
            <button type="button" class="link-button" aria-pressed=move || answered().to_string() on:click=move |_| desk.lead(Lead::MarkAnswered { question: id, on: !answered() })>
                "Répondue"
            </button>
            {press_for("Donner la parole", format!("à {name}"), "link-button", move || desk.lead(Lead::GiveFloor { person: asked.by.person }))}
            {press_for("Retirer", format!("la question de {name}"), "link-button", move || desk.lead(Lead::HideQuestion { question: id }))}
        }
    });
    view! {
        <li tabindex="-1" data-answered=move || answered().to_string()>
            {signed(&asked.by, asked.at)}
            {prose(&asked.text)}
            <p class="moderate">
                <span class="badge" hidden=move || !answered()>"répondue"</span>
                <button
                    type="button"
                    class="link-button"
                    hidden=own
                    aria-pressed=move || supported().to_string()
                    on:click=move |_| desk.act(Act::Support { question: id, on: !supported() })
                >
                    "Cette question m’intéresse aussi"
                </button>
                <span class="small">{support}</span>
                {lead}
            </p>
        </li>
    }
    .into_any()
}
