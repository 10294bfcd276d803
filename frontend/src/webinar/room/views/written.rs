//! What trainers launch: what was prepared, what is written on the spot, the presence check.

use super::super::desk::Desk;
use super::super::state::Part;
use super::parts::{field, form, lines, send};
use super::polls::{folded, launch as button, prepared};
use domain::text::counted;
use domain::webinar::{Ballot, Lead, Written, WrittenChoice, limits};
use leptos::prelude::*;

pub(super) fn launch(desk: Desk) -> AnyView {
    let ready = desk.entrance.with_value(|entrance| entrance.prepared.clone());
    let polls = ready.polls.into_iter().map(|ballot| {
        prepared("Lancer", ballot.stem.clone(), move || desk.lead(Lead::LaunchPoll { ballot: ballot.clone() }))
    });
    let quiz = ready.quiz.map(|title| {
        prepared("Lancer", format!("Quiz\u{a0}: {title}"), move || {
            desk.lead(Lead::LaunchQuiz { title: title.clone(), questions: Vec::new() });
        })
    });
    let lines: Vec<AnyView> = polls.chain(quiz).collect();
    let at_hand = (!lines.is_empty())
        .then(|| folded("Ce qui est préparé", view! { <ul class="prepared">{lines}</ul> }.into_any()));
    view! {
        {at_hand}
        {folded("Écrire un sondage", poll(desk))}
        {folded("Écrire une question de quiz", question(desk))}
        {folded("Vérifier qui est là", presence(desk))}
    }
    .into_any()
}

fn poll(desk: Desk) -> AnyView {
    let (stem, choices, many) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(false));
    let sent = move || {
        let ballot =
            Ballot { stem: stem.get_untracked(), choices: lines(&choices.get_untracked()), many: many.get_untracked() };
        desk.lead(Lead::LaunchPoll { ballot });
        // What is refused stays in its fields.
        if lines(&choices.get_untracked()).len() > 1 {
            stem.set(String::new());
            choices.set(String::new());
        }
    };
    let inside = view! {
        {field("sondage-question", "Question", limits::STEM, stem, None)}
        {field("sondage-choix", "Choix, un par ligne (de deux à huit)", limits::CHOICES * (limits::CHOICE + 1), choices, Some(4))}
        <p>
            <input type="checkbox" id="sondage-plusieurs" prop:checked=move || many.get() on:change=move |event| many.set(event_target_checked(&event))/>
            " "
            <label for="sondage-plusieurs">"Plusieurs choix possibles"</label>
        </p>
        {send("Lancer le sondage")}
    };
    form("form", sent, inside.into_any())
}

fn question(desk: Desk) -> AnyView {
    let (stem, right, wrong) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let sent = move || {
        let choice = |right: bool| move |text: String| WrittenChoice { text, right };
        let mut choices: Vec<_> = lines(&right.get_untracked()).into_iter().map(choice(true)).collect();
        choices.extend(lines(&wrong.get_untracked()).into_iter().map(choice(false)));
        // Right ones first would be told by their place.
        choices.sort_unstable_by_key(|choice| domain::text::folded(&choice.text));
        let whole = choices.iter().any(|choice| choice.right) && choices.iter().any(|choice| !choice.right);
        let questions = vec![Written { stem: stem.get_untracked(), choices }];
        desk.lead(Lead::LaunchQuiz { title: "Question du direct".to_owned(), questions });
        if whole {
            for field in [stem, right, wrong] {
                field.set(String::new());
            }
        }
    };
    let many = limits::CHOICES * (limits::CHOICE + 1);
    let inside = view! {
        {field("quiz-question", "Question", limits::STEM, stem, None)}
        {field("quiz-justes", "Réponses justes, une par ligne", many, right, Some(2))}
        {field("quiz-fausses", "Réponses fausses, une par ligne", many, wrong, Some(3))}
        {send("Lancer la question")}
    };
    form("form", sent, inside.into_any())
}

fn presence(desk: Desk) -> AnyView {
    let told = move || {
        desk.read(Part::Checks, |live| {
            let (_, check) = live.room.checks.last_key_value()?;
            let agents = live.people.values().filter(|present| !present.trainer).count();
            let there = counted(check.confirmed.len() as u64, "personne a répondu", "personnes ont répondu");
            Some(format!(
                "Dernière vérification\u{a0}: {there}, sur {}.",
                counted(agents as u64, "présente", "présentes")
            ))
        })
    };
    let check = move |seconds| move || desk.lead(Lead::CheckPresence { seconds });
    view! {
        <p class="small">"Chacun est invité à dire «\u{a0}Je suis là\u{a0}» dans le temps donné."</p>
        <p class="moderate">{button("En une minute", check(60))}{button("En deux minutes", check(120))}{button("En cinq minutes", check(300))}</p>
        <p role="status">{move || told().unwrap_or_default()}</p>
    }
    .into_any()
}
