//! Before an attempt: the rules, the attempts made, and the button to start.

use domain::ids::{ChapterSlug, CourseSlug};
use domain::text::date_time;
use jiff::Timestamp;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct QuizIntro {
    pub course: CourseSlug,
    pub course_title: String,
    pub chapter: ChapterSlug,
    pub chapter_title: String,
    pub title: String,
    /// Each rule in a French sentence.
    pub rules: Vec<String>,
    /// Attempts already made, first to last.
    pub attempts: Vec<AttemptLine>,
    pub action: QuizAction,
    /// The chapter.
    pub back_href: String,
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
    let QuizIntro { course, course_title, chapter, chapter_title, title, rules, attempts, action, back_href } = page;
    view! {
        <article class="quiz-intro">
            <header>
                <p class="overline">{course_title}" · "<a href=back_href.clone()>{chapter_title}</a></p>
                <h1>{title}</h1>
            </header>
            <section aria-labelledby="regles">
                <h2 id="regles">"Règles du quiz"</h2>
                <ul>{rules.into_iter().map(|rule| view! { <li>{rule}</li> }).collect_view()}</ul>
            </section>
            {(!attempts.is_empty()).then(|| past(attempts))}
            {act(action, &format!("/cours/{course}/{chapter}/quiz"))}
            <p><a href=back_href>"Revenir au chapitre"</a></p>
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
