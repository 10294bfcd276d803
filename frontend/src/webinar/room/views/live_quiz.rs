//! Quizzes put to the room: answered question by question, graded at once.

use super::super::desk::Desk;
use super::super::state::Part;
use super::parts::{press_for, send};
use crate::quiz::{fieldset, reviewed};
use domain::ids::QuestionSlug;
use domain::quiz::Prompt;
use domain::text::{counted, hundredths, points};
use domain::webinar::Lead;
use leptos::prelude::*;

pub(super) fn quizzes(desk: Desk) -> AnyView {
    let all = move || desk.read(Part::Quizzes, |live| live.room.quizzes.keys().rev().copied().collect::<Vec<_>>());
    view! { <For each=all key=|id| *id let(id)>{quiz(desk, id)}</For> }.into_any()
}

fn quiz(desk: Desk, id: u64) -> AnyView {
    let Some(quiz) = desk.peek(|live| live.room.quizzes.get(&id).cloned()) else { return ().into_any() };
    let open = move || desk.read(Part::Quizzes, |live| live.room.quizzes.get(&id).is_some_and(|quiz| quiz.open));
    let score = move || {
        desk.read(Part::Quizzes, |live| {
            let answered = live.room.quizzes.get(&id)?.answered(live.me()?)?;
            let done = counted(answered.questions as u64, "question répondue", "questions répondues");
            Some(format!("{done} · {} sur {}", hundredths(answered.score.earned), points(answered.score.max)))
        })
    };
    let of = quiz.prompts.len();
    let title = quiz.title.clone();
    let inside = if desk.leads() {
        view! {
            {move || counts(desk, id)}
            <p class="moderate" hidden=move || !open()>
                {press_for("Clore le quiz", title.clone(), "button is-quiet", move || desk.lead(Lead::CloseQuiz { quiz: id }))}
            </p>
        }
        .into_any()
    } else {
        quiz.prompts
            .into_iter()
            .zip(1..)
            .map(|(prompt, number)| question(desk, id, &prompt, number, of, open))
            .collect_view()
            .into_any()
    };
    view! {
        <section class="poll is-quiz" tabindex="-1">
            <h3>{quiz.title}</h3>
            <p class="small">
                <span class="badge">{move || if open() { "en cours" } else { "clos" }}</span>
                " "
                <span role="status">{move || score().unwrap_or_default()}</span>
            </p>
            {inside}
        </section>
    }
    .into_any()
}

/// What came so far, for those who lead.
fn counts(desk: Desk, id: u64) -> AnyView {
    let lines = desk.read(Part::Quizzes, |live| {
        let quiz = live.room.quizzes.get(&id)?;
        let of = |slug: &QuestionSlug| {
            let marks: Vec<_> = quiz.answers.values().filter_map(|given| given.get(slug)).collect();
            (marks.len(), marks.iter().filter(|mark| mark.earned >= mark.max).count())
        };
        let lines: Vec<_> = quiz.prompts.iter().map(|prompt| (prompt.stem.clone(), of(&prompt.slug))).collect();
        Some((quiz.answers.len(), lines))
    });
    let Some((people, lines)) = lines else { return ().into_any() };
    let line = |(stem, (answers, right)): (String, (usize, usize))| {
        view! {
            <tr>
                <th scope="row" inner_html=stem></th>
                <td class="align-right">{answers.to_string()}</td>
                <td class="align-right">{right.to_string()}</td>
            </tr>
        }
    };
    view! {
        <table class="tally">
            <caption>{counted(people as u64, "personne a répondu", "personnes ont répondu")}</caption>
            <thead>
                <tr>
                    <th scope="col">"Question"</th>
                    <th scope="col" class="align-right">"Réponses"</th>
                    <th scope="col" class="align-right">"Justes"</th>
                </tr>
            </thead>
            <tbody>{lines.into_iter().map(line).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// The same question under a name that no other quiz of this page has.
fn apart(quiz: u64, prompt: &Prompt) -> Prompt {
    let slug = format!("direct-{quiz}-{}", prompt.slug);
    let slug = slug.get(..slug.len().min(64)).unwrap_or(&slug).trim_end_matches('-');
    Prompt { slug: slug.parse().unwrap_or_else(|_| prompt.slug.clone()), ..prompt.clone() }
}

fn question(
    desk: Desk,
    id: u64,
    prompt: &Prompt,
    number: usize,
    of: usize,
    open: impl Fn() -> bool + Copy + Send + Sync + 'static,
) -> AnyView {
    let slug = prompt.slug.clone();
    let given = {
        let slug = slug.clone();
        move || {
            desk.read(Part::Quizzes, |live| {
                live.me().and_then(|me| live.room.quizzes.get(&id)?.answers.get(&me)?.get(&slug).copied())
            })
        }
    };
    let review = {
        let given = given.clone();
        move || {
            let mark = given()?;
            let review = desk.peek(|live| {
                live.reviews.get(&id).and_then(|all| all.iter().find(|review| review.slug == slug).cloned())
            });
            Some(match review {
                Some(review) => reviewed(review, number, of),
                None => view! {
                    <p>"Question "{number}" sur "{of}"\u{a0}: répondue, "{hundredths(mark.earned)}" sur "{points(mark.max)}"."</p>
                }
                .into_any(),
            })
        }
    };
    let asked = prompt.slug.clone();
    let prompt = apart(id, prompt);
    #[cfg(feature = "room")]
    let (asked, shown) = (asked, crate::quiz::asked(&prompt));
    let form = NodeRef::<leptos::html::Form>::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        #[cfg(feature = "room")]
        if let Some(form) = form.get_untracked() {
            match crate::quiz::answer_in(&form, &shown) {
                Some(answer) => desk.act(domain::webinar::Act::Answer { quiz: id, question: asked.clone(), answer }),
                None => desk.trouble.set(Some("Répondez d’abord à la question, en entier.".to_owned())),
            }
        }
        #[cfg(not(feature = "room"))]
        let _ = &asked;
    };
    let answered = move || given().is_some();
    let missed = {
        let answered = answered.clone();
        move || !answered() && !open()
    };
    let done = answered.clone();
    view! {
        <div hidden=move || !done()>{review}</div>
        <p class="small" hidden=move || !missed()>"Question "{number}" sur "{of}"\u{a0}: le quiz est clos."</p>
        <form class="live-question" autocomplete="off" node_ref=form on:submit=submit hidden=move || answered() || !open()>
            {fieldset(prompt, None, number, of)}
            <p>{send("Répondre")}</p>
        </form>
    }
    .into_any()
}
