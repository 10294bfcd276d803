//! What is told beside the player: the transcript, the discussion, polls and quizzes, each with its moment.

use super::counted::clock;
use crate::quiz::{fieldset, reviewed};
use domain::quiz::{Prompt, Review, Score};
use domain::text::{counted, date_long, hundredths, percent, points};
use domain::webinar::Ballot;
use domain::webinar::replay::{PollThen, Said};
use jiff::Timestamp;
use leptos::prelude::*;

/// A caption of the transcript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number, by which it is mended.
    pub number: u64,
    /// From when to when, in milliseconds.
    pub from: u64,
    pub to: u64,
    pub text: String,
    /// As it was typed live, where it was mended: by whom and when.
    pub mended: Option<(String, String, Timestamp)>,
    /// What the form that mends it sends back, where it is open, and what is wrong with it.
    pub mending: Option<(String, Option<String>)>,
}

/// A quiz that was put to the room.
#[derive(Debug, Clone, PartialEq)]
pub struct QuizPart {
    pub number: u64,
    pub at: u64,
    pub title: String,
    pub state: QuizState,
}

/// What remains of a quiz for somebody.
#[derive(Debug, Clone, PartialEq)]
pub enum QuizState {
    /// It was for the room only.
    Past,
    /// They answered it live.
    Live(Score),
    /// It can be answered, once.
    Open { prompts: Vec<Prompt>, problem: Option<String> },
    /// They answered it with the recording.
    Done { score: Score, reviews: Vec<Review> },
}

/// Seconds with a decimal point, for attributes and addresses.
pub(super) fn seconds(milliseconds: u64) -> String {
    format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000)
}

/// The link to a moment of the recording, which ends at `to`.
pub(super) fn moment(file: &str, from: u64, to: u64) -> impl IntoView + use<> {
    view! {
        <a class="cue-time" href=format!("{file}#t={}", seconds(from)) data-start=seconds(from) data-end=seconds(to)>
            {clock(from)}
        </a>
    }
}

/// The transcript; `mends` is where captions are mended, for those who may.
pub(super) fn transcript(file: &str, href: &str, lines: Vec<Line>, mends: bool) -> impl IntoView + use<> {
    if lines.is_empty() {
        return view! {
            <p>"Personne n’a saisi de sous-titres pendant ce webinaire\u{a0}: il n’y a pas de transcription."</p>
        }
        .into_any();
    }
    let rows = lines.into_iter().map(|line| row(file, href, line, mends)).collect_view();
    view! {
        <p class="replay-search" data-awake hidden>
            <label for="chercher">"Chercher dans la transcription"</label>
            <input type="search" id="chercher" autocomplete="off"/>
            <span id="trouve" role="status"></span>
        </p>
        <ol class="cues" tabindex="0" aria-label="Transcription" data-lines>{rows}</ol>
    }
    .into_any()
}

fn row(file: &str, href: &str, line: Line, mends: bool) -> impl IntoView + use<> {
    let Line { number, from, to, text, mended, mending } = line;
    let told = mended.map(|(original, by, at)| {
        view! {
            <span class="small cue-mended">
                {format!("Corrigé par {by}, le {}. Saisi en direct\u{a0}: «\u{a0}{original}\u{a0}»", date_long(at))}
            </span>
        }
    });
    let mend = (mends && mending.is_none()).then(|| {
        view! {
            <a class="small cue-mend" href=format!("{href}/revoir?corriger={number}#ligne-{number}")>
                "Corriger"<span class="visually-hidden">" la ligne de "{clock(from)}</span>
            </a>
        }
    });
    let form = mending.map(|(correction, problem)| {
        let described = problem.is_some().then_some("erreur-text");
        view! {
            <form class="form cue-form" method="post" action=format!("{href}/revoir/sous-titres")>
                <input type="hidden" name="correction" value=correction/>
                <input type="hidden" name="line" value=number.to_string()/>
                <label for="text">"Ce qui a été dit"</label>
                {problem.map(|problem| view! { <p class="field-problem" id="erreur-text">{problem}</p> })}
                <input type="text" id="text" name="text" value=text.clone() maxlength="300" aria-describedby=described/>
                <button type="submit" class="button">"Enregistrer"</button>
                " "
                <a href=format!("{href}/revoir#ligne-{number}")>"Annuler"</a>
            </form>
        }
    });
    view! {
        <li id=format!("ligne-{number}") class="cue">
            {moment(file, from, to)}
            " "
            <span class="cue-text">{text}</span>
            " "
            {mend}
            {told}
            {form}
        </li>
    }
}

/// The discussion of the room, in the order of time.
pub(super) fn discussion(file: &str, said: Vec<Said>, ends: u64) -> impl IntoView + use<> {
    if said.is_empty() {
        return view! { <p>"Rien n’a été écrit dans la discussion pendant l’enregistrement."</p> }.into_any();
    }
    let next: Vec<u64> = said.iter().skip(1).map(|line| line.at).chain([ends]).collect();
    let line = |(line, next): (Said, u64)| {
        let Said { at, name, trainer, text, is_question, .. } = line;
        let what = match (trainer, is_question) {
            (true, _) => " (anime)",
            (false, true) => " demande",
            (false, false) => "",
        };
        view! {
            <li class="cue">
                {moment(file, at, next.max(at + 1))}
                " "
                <strong>{name}</strong>
                {what}
                "\u{a0}: "
                {text}
            </li>
        }
    };
    let lines = said.into_iter().zip(next).map(line).collect_view();
    view! { <ol class="cues" tabindex="0" aria-label="Discussion" data-lines>{lines}</ol> }.into_any()
}

/// A poll to be answered for oneself, and what the room answered.
pub(super) fn poll(file: &str, poll: PollThen, ends: u64) -> impl IntoView + use<> {
    let PollThen { number, at, ballot: Ballot { stem, choices, many }, tally } = poll;
    let kind = if many { "checkbox" } else { "radio" };
    let boxes = choices.iter().zip(0..).map(|(choice, place)| {
        let id = format!("sondage-{number}-{place}");
        view! {
            <li class="choice">
                <input type=kind id=id.clone() name=format!("sondage-{number}") value=place.to_string() autocomplete="off"/>
                <label for=id>{choice.clone()}</label>
            </li>
        }
    });
    let boxes = boxes.collect_view();
    let share = |count: u32| u8::try_from(u64::from(count) * 100 / u64::from(tally.voters.max(1))).unwrap_or(100);
    let counts = tally.counts.iter().copied().chain(std::iter::repeat(0));
    let rows = choices.iter().zip(counts).map(|(choice, count)| {
        view! {
            <tr>
                <th scope="row">{choice.clone()}</th>
                <td class="align-right">{count}</td>
                <td class="align-right">{percent(share(count))}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section class="replay-poll" data-poll>
            <fieldset class="question">
                <legend>{moment(file, at, ends)}" "<span class="stem">{stem}</span></legend>
                <ul class="choices">{boxes}</ul>
            </fieldset>
            <details>
                <summary>"Ce que la salle a répondu"</summary>
                <table class="tally">
                    <caption>{counted(tally.voters.into(), "vote", "votes")}</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Choix"</th>
                            <th scope="col" class="align-right">"Votes"</th>
                            <th scope="col" class="align-right">"Part"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </details>
        </section>
    }
}

/// A quiz of the room: what came of it, or its questions.
pub(super) fn quiz(file: &str, href: &str, quiz: QuizPart, ends: u64) -> impl IntoView + use<> {
    let QuizPart { number, at, title, state } = quiz;
    let scored = |score: Score| format!("{} sur {}", hundredths(score.earned), points(score.max));
    let inside = match state {
        QuizState::Past => {
            view! { <p>"Ce quiz était pour la salle\u{a0}: il n’est pas ouvert en rediffusion."</p> }.into_any()
        }
        QuizState::Live(score) => {
            view! { <p>"Vous y avez répondu en direct\u{a0}: "{scored(score)}". C’est à votre dossier."</p> }.into_any()
        }
        QuizState::Open { prompts, problem } => {
            let of = prompts.len();
            let prompts = prompts.into_iter().zip(1..);
            let questions = prompts.map(|(prompt, place)| fieldset(prompt, None, place, of)).collect_view();
            view! {
                <p>"Il s’inscrit à votre dossier. Vous y répondez une seule fois\u{a0}: les corrections viennent après."</p>
                {crate::ui::problem_box(problem)}
                <form class="attempt" method="post" action=format!("{href}/revoir/quiz")>
                    <input type="hidden" name="quiz" value=number.to_string()/>
                    {questions}
                    <button type="submit" class="button">"Rendre mes réponses"</button>
                </form>
            }
            .into_any()
        }
        QuizState::Done { score, reviews } => {
            let of = reviews.len();
            let lines = reviews.into_iter().zip(1..).map(|(review, place)| reviewed(review, place, of)).collect_view();
            view! {
                <p>"Vous y avez répondu en rediffusion\u{a0}: "{scored(score)}". C’est à votre dossier."</p>
                {lines}
            }
            .into_any()
        }
    };
    view! {
        <section class="replay-quiz" id=format!("quiz-{number}") aria-labelledby=format!("titre-quiz-{number}")>
            <h3 id=format!("titre-quiz-{number}")>{title}</h3>
            <p class="small">"Posé à "{moment(file, at, ends)}</p>
            {inside}
        </section>
    }
}
