//! How the questions of a quiz did.

use crate::studio::{Framed, frame};
use crate::ui::scrolling;
use domain::text::counted;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultsPage {
    pub framed: Framed,
    pub quizzes: Vec<QuizLink>,
    /// The title of the quiz that is shown; none where the course has none.
    pub title: Option<String>,
    /// Where the same is taken away.
    pub csv: String,
    /// First attempts that are counted.
    pub attempts: u64,
    /// From how many attempts on figures mean something.
    pub enough: u64,
    pub lines: Vec<ResultLine>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuizLink {
    pub href: String,
    pub title: String,
    pub current: bool,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultLine {
    pub place: usize,
    /// Plain text.
    pub asked: String,
    pub attempts: String,
    /// « 72 % », or that it is hidden.
    pub facility: String,
    pub discrimination: String,
    pub seconds: String,
    pub choices: Vec<ChoiceLine>,
    /// Why to look at it again, each in plain words.
    pub remarks: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceLine {
    /// Sanitised HTML.
    pub label: String,
    pub right: bool,
    pub count: String,
}

/// The page, without its shell.
pub fn results_page(page: ResultsPage) -> impl IntoView {
    let ResultsPage { framed, quizzes, title, csv, attempts, enough, lines } = page;
    let link = |QuizLink { href, title, current }: QuizLink| {
        view! { <li><a href=href aria-current=current.then_some("true")>{title}</a></li> }
    };
    let review = lines.iter().filter(|line| !line.remarks.is_empty()).count() as u64;
    let shown = title.map(|title| {
        let verdict = match (attempts < enough, review) {
            (true, _) => format!("Il faut {enough} premiers essais pour que ces chiffres veuillent dire quelque chose\u{a0}: attendez avant d’en conclure."),
            (false, 0) => "Aucune question n’est à revoir.".to_owned(),
            (false, count) => format!("{} à revoir.", counted(count, "question est", "questions sont")),
        };
        view! {
            <h3>{title}</h3>
            <p>{counted(attempts, "premier essai rendu", "premiers essais rendus")}". "{verdict}</p>
            {lines.into_iter().map(question).collect_view()}
            <p><a href=csv download="">"Emporter ces chiffres (CSV)"</a></p>
        }
    });
    let body = view! {
        <h2>"Résultats des questions"</h2>
        <p>"Seul compte le premier essai que chaque agent a rendu, et seulement pour une question qui n’a pas changé depuis. Ce qui porte sur moins de cinq personnes est masqué."</p>
        <details>
            <summary>"Ce que veulent dire ces chiffres"</summary>
            <dl>
                <dt>"Réussite"</dt>
                <dd>"La part des points obtenue en moyenne. En dessous de 30\u{a0}%, la question est trop difficile ou mal posée\u{a0}; au-dessus de 95\u{a0}%, elle n’apprend rien."</dd>
                <dt>"Discrimination"</dt>
                <dd>"Ceux qui réussissent le reste réussissent-ils celle-ci\u{a0}? De −1 à 1\u{a0}: c’est le lien (corrélation bisériale de point, corrigée) entre la question et le reste de l’essai. En dessous de 0,15, elle ne distingue guère\u{a0}; en dessous de 0, elle distingue à l’envers."</dd>
                <dt>"Temps"</dt>
                <dd>"La médiane entre la réponse précédente et celle-ci, quand les réponses sont arrivées une à une."</dd>
            </dl>
        </details>
        <nav class="quiz-links" aria-label="Les quiz du cours"><ul>{quizzes.into_iter().map(link).collect_view()}</ul></nav>
        {shown}
    };
    frame(framed, body)
}

fn question(line: ResultLine) -> impl IntoView {
    let ResultLine { place, asked, attempts, facility, discrimination, seconds, choices, remarks } = line;
    let caption = format!("reponses-{place}");
    let row = |ChoiceLine { label, right, count }: ChoiceLine| {
        let mark = right.then(|| view! { <span class="small">" (juste)"</span> });
        view! { <tr><th scope="row"><span inner_html=label></span>{mark}</th><td>{count}</td></tr> }
    };
    let table = (!choices.is_empty()).then(|| {
        let table = view! {
            <table>
                <caption id=caption.clone()>"Ce qui a été répondu"</caption>
                <thead><tr><th scope="col">"Réponse"</th><th scope="col">"Agents"</th></tr></thead>
                <tbody>{choices.into_iter().map(row).collect_view()}</tbody>
            </table>
        };
        scrolling(caption.clone(), table)
    });
    let review = (!remarks.is_empty()).then(|| {
        let lines = remarks.into_iter().map(|said| view! { <li>{said}</li> }).collect_view();
        view! { <div class="notice is-problem"><p class="notice-title">"À revoir"</p><ul>{lines}</ul></div> }
    });
    view! {
        <section class="result" aria-labelledby=format!("question-{place}")>
            <h4 id=format!("question-{place}")>{place}". "{asked}</h4>
            <p class="figure-line">"Posée à "{attempts}" · réussite "{facility}" · discrimination "{discrimination}" · temps "{seconds}</p>
            {review}
            {table}
        </section>
    }
}
