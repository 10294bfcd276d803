//! An attempt: the form, and the island that keeps each answer as it is given.

use super::Back;
use super::question;
use super::state::{self, Asked, Notebook, Trouble};
use crate::ui::rooted::rooted;
use domain::quiz::{Prompt, Saying};
use domain::text::hour;
use jiff::Timestamp;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct AttemptPage {
    pub attempt: String,
    pub title: String,
    pub back: Back,
    pub number: u32,
    pub prompts: Vec<Prompt>,
    /// What the server keeps: one saying a question answered.
    pub saved: Vec<Saying>,
    pub deadline: Option<Timestamp>,
    pub server_now: Timestamp,
    /// What went wrong with the form that was just sent, if anything.
    pub problem: Option<String>,
}

/// The page, without its shell.
pub fn attempt_page(page: AttemptPage) -> impl IntoView {
    let AttemptPage {
        attempt,
        title,
        back: Back { href, title: from, .. },
        number,
        prompts,
        saved,
        deadline,
        server_now,
        problem,
    } = page;
    rooted(move || {
        let asked = prompts.iter().map(question::asked).collect::<Vec<_>>();
        let of = prompts.len();
        let answers = saved.clone();
        let questions = prompts
            .into_iter()
            .zip(1..)
            .map(|(prompt, number)| {
                let answer = answers.iter().find(|saying| saying.question == prompt.slug).map(|saying| &saying.answer);
                question::fieldset(prompt, answer, number, of)
            })
            .collect_view();
        let until = deadline.map(|deadline| {
            view! { <p>"À terminer avant "<time datetime=deadline.to_string()>{hour(deadline)}</time>"."</p> }
        });
        view! {
            <article class="quiz">
                <header>
                    <p class="overline"><a href=href>{from}</a></p>
                    <h1>{title}", essai n°\u{a0}"{number}</h1>
                    {until}
                </header>
                {problem.map(|problem| view! { <p class="notice is-problem" role="alert">{problem}</p> })}
                <AttemptForm
                    attempt=attempt
                    asked=asked
                    saved=saved
                    deadline_ms=deadline.map(Timestamp::as_millisecond)
                    server_now_ms=server_now.as_millisecond()
                >
                    {questions}
                </AttemptForm>
            </article>
        }
    })
}

/// What the form tells the agent while it lives.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told {
    /// Whether the script is at work: the button to save is then of no use.
    pub(crate) awake: RwSignal<bool>,
    pub(crate) progress: RwSignal<String>,
    /// The live region's words.
    pub(crate) announced: RwSignal<String>,
    pub(crate) trouble: RwSignal<Trouble>,
    /// The time left.
    pub(crate) left: RwSignal<String>,
    /// Numbers of the questions without an answer, when finishing was asked for.
    pub(crate) missing: RwSignal<Vec<usize>>,
}

/// The form around the questions. Without script it is a plain form; with it, each answer is kept
/// in the browser at once and on the server as soon as it can be.
#[island]
pub fn AttemptForm(
    attempt: String,
    asked: Vec<Asked>,
    saved: Vec<Saying>,
    deadline_ms: Option<i64>,
    server_now_ms: i64,
    children: Children,
) -> impl IntoView {
    let notebook = Notebook::new(&asked, saved);
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of this century fit a double")]
    let (deadline_ms, server_now_ms) = (deadline_ms.map(|at| at as f64), server_now_ms as f64);
    let left = deadline_ms.map(|deadline| state::left_said(state::minutes_left(deadline, server_now_ms)));
    let told = Told {
        awake: RwSignal::new(false),
        progress: RwSignal::new(notebook.progress()),
        announced: RwSignal::new(String::new()),
        trouble: RwSignal::new(Trouble::None),
        left: RwSignal::new(left.clone().unwrap_or_default()),
        missing: RwSignal::new(Vec::new()),
    };
    let form = NodeRef::<leptos::html::Form>::new();
    let confirmation = NodeRef::<leptos::html::Div>::new();
    let action = format!("/essais/{attempt}");
    let result = action.clone();
    let sign_in = format!("/connexion?back=/essais/{attempt}");
    let first_missing = {
        let slugs = asked.iter().map(|asked| asked.slug.clone()).collect::<Vec<_>>();
        move || {
            let number = told.missing.get().first().copied().unwrap_or(1);
            slugs.get(number - 1).map(|slug| format!("#question-{slug}"))
        }
    };
    #[cfg(feature = "hydrate")]
    form.on_load(move |form| {
        let start = super::saver::Start { attempt, asked, notebook, deadline_ms, server_now_ms, told, confirmation };
        super::saver::start(form, start);
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = (attempt, asked, notebook);
    view! {
        <form class="attempt" method="post" action=action autocomplete="off" node_ref=form>
            <div class="attempt-state">
                <p class="attempt-progress">{move || told.progress.get()}</p>
                {left.is_some().then(|| view! { <p class="attempt-left">{move || told.left.get()}</p> })}
            </div>
            {children()}
            <div class="notice is-problem" hidden=move || told.trouble.get() == Trouble::None>
                <p>{move || told.trouble.get().said()}</p>
                <p hidden=move || told.trouble.get() != Trouble::SignedOut>
                    <a href=sign_in target="_blank">"Se reconnecter (nouvel onglet)"</a>
                </p>
                <p hidden=move || told.trouble.get() != Trouble::Closed><a href=result>"Voir le résultat de l’essai"</a></p>
            </div>
            // The Enter key in a field presses the form's first button: it has to be the one that keeps.
            <div class="actions">
                <button type="submit" class="button is-quiet" name="action" value="save" hidden=move || told.awake.get()>
                    "Enregistrer sans terminer"
                </button>
                <button type="submit" class="button" name="action" value="finish">"Terminer et voir mes résultats"</button>
            </div>
            <div
                class="notice confirmation"
                tabindex="-1"
                role="group"
                aria-label="Confirmation"
                node_ref=confirmation
                hidden=move || told.missing.get().is_empty()
            >
                <p>{move || state::unanswered_said(&told.missing.get())}</p>
                <p class="actions">
                    <button type="submit" class="button is-quiet" name="action" value="finish">"Terminer quand même"</button>
                    <a href=first_missing>"Revenir aux questions"</a>
                </p>
            </div>
            <p class="attempt-said" role="status">{move || told.announced.get()}</p>
        </form>
    }
}
