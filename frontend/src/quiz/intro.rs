//! Before an attempt: the rules, the attempts made, and the button to start.

use domain::text::date_time;
use jiff::Timestamp;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct QuizIntro {
    pub course_title: String,
    pub back: Back,
    pub title: String,
    /// What a quiz of the whole course is for.
    pub summary: Option<String>,
    /// Each rule in a French sentence.
    pub rules: Vec<String>,
    /// Attempts already made, first to last.
    pub attempts: Vec<AttemptLine>,
    pub action: QuizAction,
    /// Where an attempt is asked for.
    pub action_href: String,
}

/// Where a quiz is left for: its chapter, or the course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Back {
    pub href: String,
    pub title: String,
    /// « Revenir au chapitre »
    pub label: &'static str,
}

/// An attempt already made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptLine {
    pub number: u32,
    pub href: String,
    pub at: Timestamp,
    /// « 8 sur 10, réussi », « en cours »…
    pub said: String,
}

/// What the agent may do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuizAction {
    /// `attempt_id` is made for this form: sending it twice starts one attempt.
    Start {
        attempt_id: String,
        label: String,
    },
    Resume {
        href: String,
    },
    /// Why not, in a sentence.
    Refused {
        said: String,
    },
}

/// The page, without its shell.
pub fn intro_page(page: QuizIntro) -> impl IntoView {
    let QuizIntro { course_title, back, title, summary, rules, attempts, action, action_href } = page;
    let Back { href, title: from, label } = back;
    let within = (from != course_title).then(|| format!("{course_title} · "));
    view! {
        <article class="quiz-intro">
            <header>
                <p class="overline">{within}<a href=href.clone()>{from}</a></p>
                <h1>{title}</h1>
                {summary.map(|summary| view! { <p class="lead">{summary}</p> })}
            </header>
            <section aria-labelledby="regles">
                <h2 id="regles">"Règles du quiz"</h2>
                <ul>{rules.into_iter().map(|rule| view! { <li>{rule}</li> }).collect_view()}</ul>
            </section>
            {(!attempts.is_empty()).then(|| past(attempts))}
            {act(action, &action_href)}
            <p><a href=href>{label}</a></p>
        </article>
    }
}

fn past(attempts: Vec<AttemptLine>) -> impl IntoView {
    let line = |attempt: AttemptLine| {
        let AttemptLine { number, href, at, said } = attempt;
        view! {
            <li>
                <a href=href>"Essai n°\u{a0}"{number}</a>
                ", le "<time datetime=at.to_string()>{date_time(at)}</time>
                "\u{a0}: "{said}
            </li>
        }
    };
    view! {
        <section aria-labelledby="essais">
            <h2 id="essais">"Vos essais"</h2>
            <ul class="attempts">{attempts.into_iter().map(line).collect_view()}</ul>
        </section>
    }
}

fn act(action: QuizAction, start: &str) -> AnyView {
    match action {
        QuizAction::Start { attempt_id, label } => view! {
            <form method="post" action=start.to_owned()>
                <input type="hidden" name="attempt" value=attempt_id/>
                <button type="submit" class="button">{label}</button>
            </form>
        }
        .into_any(),
        QuizAction::Resume { href } => {
            view! { <p><a class="button" href=href>"Reprendre l’essai en cours"</a></p> }.into_any()
        }
        QuizAction::Refused { said } => view! { <p class="notice">{said}</p> }.into_any(),
    }
}
