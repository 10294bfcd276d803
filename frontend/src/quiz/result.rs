//! After an attempt: the score in words and figures, and each question looked at again.

use super::question::first_paragraph;
use domain::quiz::{Mark, Review, ReviewLine, Score};
use domain::text::{date_time, hundredths, percent, points};
use jiff::Timestamp;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultPage {
    pub title: String,
    pub chapter_title: String,
    pub chapter_href: String,
    pub number: u32,
    pub score: Score,
    /// Percent of the points needed.
    pub pass: u8,
    pub passed: bool,
    pub reviews: Vec<Review>,
    /// Where another attempt starts.
    pub retry: Option<String>,
    /// What comes next: label and link.
    pub next: Option<(String, String)>,
    pub handed_in_at: Timestamp,
    /// Sentences about what this result changes: « Le chapitre est acquis. »
    pub said: Vec<String>,
}

/// The page, without its shell.
pub fn result_page(page: ResultPage) -> impl IntoView {
    let ResultPage {
        title,
        chapter_title,
        chapter_href,
        number,
        score,
        pass,
        passed,
        reviews,
        retry,
        next,
        handed_in_at,
        said,
    } = page;
    let verdict = if passed { "Réussi" } else { "Pas encore réussi" };
    let out_of = format!("{} sur {}", hundredths(score.earned), points(score.max));
    let of = reviews.len();
    let reviews =
        reviews.into_iter().zip(1..).map(|(review, number)| one(review, number, of, &chapter_href)).collect_view();
    view! {
        <article class="quiz-result">
            <header>
                <p class="overline"><a href=chapter_href.clone()>{chapter_title}</a></p>
                <h1>{title}", résultat de l’essai n°\u{a0}"{number}</h1>
            </header>
            <section class="score" aria-labelledby="score">
                <h2 id="score">{verdict}"\u{a0}: "{out_of}</h2>
                <p>
                    "Soit "{percent(score.percent())}" des points\u{a0}; il en faut "{percent(pass)}". Rendu le "
                    <time datetime=handed_in_at.to_string()>{date_time(handed_in_at)}</time>"."
                </p>
                {said.into_iter().map(|said| view! { <p>{said}</p> }).collect_view()}
                <ul class="actions">
                    {next.map(|(label, href)| view! { <li><a class="button" href=href>{label}</a></li> })}
                    {retry.map(|href| view! { <li><a class="button is-quiet" href=href>"Faire un nouvel essai"</a></li> })}
                    <li><a href=chapter_href.clone()>"Revenir au chapitre"</a></li>
                </ul>
            </section>
            <section class="reviews" aria-labelledby="corrige">
                <h2 id="corrige">"Corrigé"</h2>
                {reviews}
            </section>
        </article>
    }
}

fn verdict(mark: Mark, answered: bool) -> (&'static str, &'static str) {
    match mark {
        Mark { earned, max } if earned >= max => ("is-right", "Juste"),
        _ if !answered => ("is-wrong", "Sans réponse"),
        Mark { earned: 0, .. } => ("is-wrong", "Faux"),
        Mark { .. } => ("is-partial", "En partie juste"),
    }
}

fn one(review: Review, number: usize, of: usize, chapter_href: &str) -> impl IntoView + use<> {
    let Review { slug, stem, mark, answered, lines, feedback, section } = review;
    let (class, word) = verdict(mark, answered);
    let points = format!("{} sur {}", hundredths(mark.earned), points(mark.max));
    let title_id = format!("corrige-{slug}");
    let again = section.map(|section| {
        view! { <p class="again"><a href=format!("{chapter_href}#{section}")>"Relire la section du cours"</a></p> }
    });
    view! {
        <section class=format!("review {class}") aria-labelledby=title_id>
            <h3 id=format!("corrige-{slug}")>"Question "{number}" sur "{of}"\u{a0}: "{word}", "{points}</h3>
            <div class="stem" inner_html=stem></div>
            <ul class="review-lines">{lines.into_iter().map(line).collect_view()}</ul>
            {(!feedback.is_empty()).then(|| view! { <div class="feedback" inner_html=feedback></div> })}
            {again}
        </section>
    }
}

/// Between guillemets, once.
fn quoted(text: &str) -> String {
    if text.starts_with('«') { text.to_owned() } else { format!("«\u{a0}{text}\u{a0}»") }
}

fn line(line: ReviewLine) -> impl IntoView {
    let ReviewLine { label, given, expected, chosen, right, is_answer, feedback } = line;
    let (label, _) = first_paragraph(&label);
    // A choice expects nothing typed: what counts is whether it was chosen and whether it should be.
    let is_choice = given.is_none() && expected.is_none();
    let class = match (right, is_choice && !chosen) {
        // A wrong choice left aside is as it should be, and no right answer either.
        (true, true) => "review-line is-neutral",
        (true, false) => "review-line is-right",
        (false, _) => "review-line is-wrong",
    };
    let told = if is_choice {
        match (chosen, is_answer) {
            (true, true) => "Choisi, et c’est juste".to_owned(),
            (true, false) => "Choisi, à tort".to_owned(),
            (false, true) => "À choisir, et non choisi".to_owned(),
            (false, false) => "Non choisi, avec raison".to_owned(),
        }
    } else {
        let given = given.filter(|given| !given.is_empty());
        let given =
            given.map_or_else(|| "sans réponse".to_owned(), |given| format!("votre réponse {}", quoted(&given)));
        match (right, expected) {
            (true, _) => format!("Juste\u{a0}: {given}"),
            (false, Some(expected)) => format!("Faux\u{a0}: {given}\u{a0}; attendu {}", quoted(&expected)),
            (false, None) => format!("Faux\u{a0}: {given}"),
        }
    };
    view! {
        <li class=class>
            {(!label.is_empty()).then(|| view! { <span class="review-label" inner_html=label></span> })}
            " "
            <span class="review-told">{told}</span>
            {(!feedback.is_empty()).then(|| view! { <div class="feedback" inner_html=feedback></div> })}
        </li>
    }
}
