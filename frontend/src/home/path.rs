//! An agent's way through a course: what is done, what remains and why, what comes next.

use crate::ui::day;
use domain::ids::CourseSlug;
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
    /// Before the chapters, where the course has one: what the agent already knows.
    pub positioning: Option<Step>,
    pub chapters: Vec<Step>,
    /// After the chapters, where the course has one.
    pub assessment: Option<Step>,
    /// Where to go on; none when all is done.
    pub next: Option<Next>,
}

/// A chapter on the path, or a quiz of the whole course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// « Chapitre 2 : … »
    pub title: String,
    pub href: String,
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
    /// What was done, in a word: « Acquis », « Fait », « Réussie ».
    Done {
        said: &'static str,
        on: Timestamp,
    },
    /// The positioning quiz showed that the chapter need not be followed.
    Exempted {
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
    let done = path.chapters.iter().filter(|step| step.state.is_done()).count();
    let of = path.chapters.len();
    let said = format!(
        "{} sur {of} · {} sur {}",
        counted(done as u64, "chapitre fait", "chapitres faits"),
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

/// The chapters, in order, between the quizzes of the whole course.
pub(crate) fn steps(positioning: Option<Step>, chapters: Vec<Step>, assessment: Option<Step>) -> impl IntoView {
    let lines = chapters.into_iter().map(|step| (step.state.key(), line(step)));
    let lines = lines.map(|(key, said)| view! { <li class="step" data-state=key>{said}</li> });
    let alone = |step: Step| {
        let key = step.state.key();
        view! { <div class="step" data-state=key>{line(step)}</div> }
    };
    view! {
        {positioning.map(alone)}
        <ol class="steps">{lines.collect_view()}</ol>
        {assessment.map(alone)}
    }
}

fn line(step: Step) -> impl IntoView {
    let Step { title, href, minutes, state } = step;
    let said = match state {
        StepState::Todo => view! { "À faire" }.into_any(),
        StepState::Done { said, on } => view! { <strong>{said}</strong>" le "{day(on)} }.into_any(),
        StepState::Exempted { on } => view! { <strong>"Dispense"</strong>" depuis le "{day(on)} }.into_any(),
        StepState::Ongoing { remains } => view! {
            <strong>"En cours"</strong>
            {(!remains.is_empty()).then(|| format!(" · il reste à {}", to_do(&remains)))}
        }
        .into_any(),
    };
    view! {
        <h3><a href=href>{title}</a></h3>
        <p class="step-minutes">{duration(minutes)}</p>
        <p class="step-said">{said}</p>
    }
}

impl StepState {
    /// Whether nothing remains to be done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done { .. } | Self::Exempted { .. })
    }

    fn key(&self) -> &'static str {
        match self {
            Self::Todo => "todo",
            Self::Ongoing { .. } => "ongoing",
            Self::Done { .. } | Self::Exempted { .. } => "done",
        }
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
