//! Polls, and live quizzes after them.

use super::super::desk::Desk;
use super::super::state::Part;
use super::parts::{press, press_for, send};
use super::{live_quiz, written};
use domain::text::{counted, percent};
use domain::webinar::{Act, Lead, Poll, Tally};
use leptos::prelude::*;

pub(super) fn polls(desk: Desk) -> AnyView {
    let polls = move || desk.read(Part::Polls, |live| live.room.polls.keys().rev().copied().collect::<Vec<_>>());
    let none = move || polls().is_empty() && desk.read(Part::Quizzes, |live| live.room.quizzes.is_empty());
    view! {
        {desk.leads().then(|| written::launch(desk))}
        <p class="small" hidden=move || !none()>"Aucun sondage ni quiz pour l’instant."</p>
        {live_quiz::quizzes(desk)}
        <For each=polls key=|id| *id let(id)>{poll(desk, id)}</For>
    }
    .into_any()
}

fn poll(desk: Desk, id: u64) -> AnyView {
    let Some(ballot) = desk.peek(|live| live.room.polls.get(&id).map(|poll| poll.ballot.clone())) else {
        return ().into_any();
    };
    let open = move || desk.read(Part::Polls, |live| live.room.polls.get(&id).is_some_and(|poll| poll.open));
    let state = move || if open() { "en cours" } else { "clos" };
    // A form is drawn once: what is being chosen is not lost when somebody else votes.
    let vote = (!desk.leads()).then(|| vote(desk, id, ballot.many, &ballot.choices, open));
    let lead = desk.leads().then(|| {
        let stem = ballot.stem.clone();
        view! {
            <p class="moderate">
                <span hidden=move || !open()>{press_for("Clore", stem.clone(), "button is-quiet", move || desk.lead(Lead::ClosePoll { poll: id }))}</span>
                {press_for("Montrer les résultats", stem, "button is-quiet", move || desk.lead(Lead::ShowPoll { poll: id }))}
            </p>
        }
    });
    view! {
        <section class="poll" tabindex="-1">
            <h3>{ballot.stem}</h3>
            <p class="small"><span class="badge">{state}</span></p>
            {vote}
            {move || results(desk, id)}
            {lead}
        </section>
    }
    .into_any()
}

fn vote(
    desk: Desk,
    id: u64,
    many: bool,
    choices: &[String],
    open: impl Fn() -> bool + Copy + Send + Sync + 'static,
) -> AnyView {
    let chosen = RwSignal::new(Vec::<u8>::new());
    let voted = move || {
        desk.read(Part::Polls, |live| live.me().and_then(|me| live.room.polls.get(&id)?.votes.get(&me).cloned()))
    };
    if let Some(votes) = voted() {
        chosen.set(votes);
    }
    let choice = |(place, text): (u8, &String)| {
        let input = format!("sondage-{id}-{place}");
        let change = move |event: leptos::ev::Event| {
            let on = event_target_checked(&event);
            chosen.update(|chosen| {
                if !many {
                    chosen.clear();
                }
                chosen.retain(|other| *other != place);
                if on {
                    chosen.push(place);
                }
            });
        };
        view! {
            <li class="choice">
                <input
                    type=if many { "checkbox" } else { "radio" }
                    id=input.clone()
                    name=format!("sondage-{id}")
                    disabled=move || !open()
                    prop:checked=move || chosen.get().contains(&place)
                    on:change=change
                />
                <label for=input>{text.clone()}</label>
            </li>
        }
    };
    let lines = (0..).zip(choices).map(choice).collect_view();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        desk.act(Act::Vote { poll: id, choices: chosen.get_untracked() });
    };
    let said = move || match (voted(), open()) {
        (None, true) => "",
        (Some(_), true) => "Votre vote est enregistré\u{a0}; vous pouvez le changer.",
        (Some(_), false) => "Vous avez voté.",
        (None, false) => "Vous n’avez pas voté.",
    };
    view! {
        <form class="vote" on:submit=submit>
            <fieldset>
                <legend class="small">{if many { "Plusieurs choix possibles" } else { "Un seul choix" }}</legend>
                <ul class="choices">{lines}</ul>
            </fieldset>
            <p class="moderate">
                <span hidden=move || !open()>{send("Voter")}</span>
                <span class="small" role="status">{said}</span>
            </p>
        </form>
    }
    .into_any()
}

/// How many chose what: for those who lead at any time, for others once shown.
fn results(desk: Desk, id: u64) -> AnyView {
    let shown = desk.read(Part::Polls, |live| {
        let poll = live.room.polls.get(&id)?;
        let tally = if live.leads() { Some(poll.tally()) } else { poll.shown.clone() };
        tally.map(|tally| (poll.clone(), tally))
    });
    let Some((poll, tally)) = shown else { return ().into_any() };
    table(&poll, &tally)
}

fn table(poll: &Poll, tally: &Tally) -> AnyView {
    let voters = tally.voters.max(1);
    let line = |(choice, count): (&String, &u32)| {
        let part = u8::try_from(u64::from(*count) * 100 / u64::from(voters)).unwrap_or(100);
        view! {
            <tr>
                <th scope="row">
                    {choice.clone()}
                    <progress aria-hidden="true" value=count.to_string() max=voters.to_string()></progress>
                </th>
                <td class="align-right">{count.to_string()}</td>
                <td class="align-right">{percent(part)}</td>
            </tr>
        }
    };
    view! {
        <table class="tally">
            <caption>{counted(u64::from(tally.voters), "personne a voté", "personnes ont voté")}</caption>
            <thead>
                <tr>
                    <th scope="col">"Choix"</th>
                    <th scope="col" class="align-right">"Voix"</th>
                    <th scope="col" class="align-right">"Part"</th>
                </tr>
            </thead>
            <tbody>{poll.ballot.choices.iter().zip(&tally.counts).map(line).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// A button for something prepared.
pub(super) fn prepared(label: &'static str, name: String, does: impl Fn() + 'static) -> AnyView {
    view! { <li><span>{name.clone()}</span>{press_for(label, name, "button is-quiet", does)}</li> }.into_any()
}

/// A disclosure whose content is one form.
pub(super) fn folded(title: &'static str, inside: AnyView) -> AnyView {
    view! { <details class="folded"><summary>{title}</summary>{inside}</details> }.into_any()
}

/// Launches and closes at once, for what needs no form.
pub(super) fn launch(label: &'static str, does: impl Fn() + 'static) -> AnyView {
    press(label, "button is-quiet", does)
}
