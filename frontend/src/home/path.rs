//! An agent's way through a course: what is done, what remains and why, what comes next.

use crate::ui::day;
use domain::ids::{ChapterSlug, CourseSlug};
use domain::text::{counted, duration};
use jiff::Timestamp;
use leptos::prelude::*;

/// A course as the agent goes through it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    pub slug: CourseSlug,
    pub title: String,
    pub summary: String,
    pub minutes_done: u32,
    pub minutes_total: u32,
    pub chapters: Vec<Step>,
    /// Where to go on; none when all is done.
    pub next: Option<Next>,
}

/// A chapter on the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub number: u32,
    pub slug: ChapterSlug,
    pub title: String,
    pub minutes: u32,
    pub state: StepState,
}

/// Where the agent is with a chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepState {
    Todo,
    /// What is still to do, each without capital nor full stop: « lire 2 sections ».
    Ongoing {
        remains: Vec<String>,
    },
    Done {
        on: Timestamp,
    },
}

/// The next thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// « Reprendre où j’en étais »
    pub label: String,
    pub href: String,
    /// « Chapitre 2 : … »
    pub detail: String,
}

/// The one button.
pub(crate) fn go_on(course: &CourseSlug, next: Next) -> impl IntoView + use<> {
    let Next { label, href, detail } = next;
    let detail_id = format!("suite-de-{course}");
    view! {
        <p class="go-on">
            <a class="button is-large" href=href aria-describedby=detail_id>{label}</a>
            <span id=format!("suite-de-{course}")>{detail}</span>
        </p>
    }
}

/// How far the agent is, in words and as a bar.
pub(crate) fn progress(path: &Path) -> impl IntoView + use<> {
    let done = path.chapters.iter().filter(|step| matches!(step.state, StepState::Done { .. })).count();
    let of = path.chapters.len();
    let said = format!(
        "{} sur {of} · {} sur {}",
        counted(done as u64, "chapitre acquis", "chapitres acquis"),
        duration(path.minutes_done),
        duration(path.minutes_total)
    );
    let id = format!("avancement-{}", path.slug);
    view! {
        <div class="progress">
            <p id=id.clone()>{said}</p>
            <progress value=done.to_string() max=of.max(1).to_string() aria-labelledby=id></progress>
        </div>
    }
}

/// The chapters, in order.
pub(crate) fn steps(course: &CourseSlug, steps: Vec<Step>) -> impl IntoView + use<> {
    let course = course.clone();
    let lines = steps.into_iter().map(|step| line(&course, step)).collect_view();
    view! { <ol class="steps">{lines}</ol> }
}

fn line(course: &CourseSlug, step: Step) -> impl IntoView + use<> {
    let Step { number, slug, title, minutes, state } = step;
    let (key, said) = match state {
        StepState::Todo => ("todo", view! { <p class="step-said">"À faire"</p> }.into_any()),
        StepState::Done { on } => ("done", view! { <p class="step-said"><strong>"Acquis"</strong>" le "{day(on)}</p> }.into_any()),
        StepState::Ongoing { remains } => ("ongoing", view! {
            <p class="step-said"><strong>"En cours"</strong>{(!remains.is_empty()).then(|| format!(" · il reste à {}", to_do(&remains)))}</p>
        }.into_any()),
    };
    view! {
        <li class="step" data-state=key>
            <h3><a href=format!("/cours/{course}/{slug}")>"Chapitre "{number}"\u{a0}: "{title}</a></h3>
            <p class="step-minutes">{duration(minutes)}</p>
            {said}
        </li>
    }
}

/// What remains, in a sentence: « lire 2 sections et à réussir le quiz ».
pub(crate) fn to_do(remains: &[String]) -> String {
    match remains {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} et à {last}", first.join(", à ")),
    }
}
