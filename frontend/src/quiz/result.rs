//! After an attempt: the score in words and figures, and each question looked at again.

use super::Back;
use super::question::first_paragraph;
use domain::ids::{ChapterSlug, CourseSlug};
use domain::quiz::{Mark, Review, ReviewLine, Score};
use domain::text::{date_time, hundredths, percent, points};
use jiff::Timestamp;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultPage {
    pub course: CourseSlug,
    /// Slug of the chapter, or of the quiz of the whole course.
    pub exercise: ChapterSlug,
    pub title: String,
    pub back: Back,
    pub number: u32,
    pub score: Score,
    /// Percent of the points needed; 0 where there is nothing to pass.
    pub pass: u8,
    pub reviews: Vec<Review>,
    /// Where another attempt starts.
    pub retry: Option<String>,
    /// What comes next: label and link.
    pub next: Option<(String, String)>,
    pub handed_in_at: Timestamp,
    /// Sentences about what this result changes: « Le chapitre est acquis. »
    pub said: Vec<String>,
    /// In a quiz of the whole course.
    pub skills: Vec<SkillLine>,
    /// Sections to read again in a quiz of the whole course: title and link.
    pub again: Vec<(String, String)>,
    /// What to do about each chapter, after the positioning quiz.
    pub advice: Vec<Advice>,
}

/// The score at one skill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkillLine {
    pub name: String,
    pub score: Score,
}

/// What the positioning quiz advises about a chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// « Chapitre 2 : … »
    pub title: String,
    pub href: String,
    /// « 2 sur 3 »
    pub score: String,
    pub exempted: bool,
    pub said: String,
}

/// The page, without its shell.
pub fn result_page(page: ResultPage) -> impl IntoView {
    let ResultPage {
        course,
        exercise,
        title,
        back: Back { href, title: from, label },
        number,
        score,
        pass,
        reviews,
        retry,
        next,
        handed_in_at,
        said,
        skills,
        again,
        advice,
    } = page;
    let out_of = format!("{} sur {}", hundredths(score.earned), points(score.max));
    let heading = match pass {
        0 => out_of,
        pass if score.passes(pass) => format!("Réussi\u{a0}: {out_of}"),
        _ => format!("Pas encore réussi\u{a0}: {out_of}"),
    };
    let needed = (pass > 0).then(|| format!("\u{202f}; il en faut {}", percent(pass)));
    let of = reviews.len();
    let reviews = reviews
        .into_iter()
        .zip(1..)
        .map(|(review, number)| {
            let chapter = review.chapter.as_ref().unwrap_or(&exercise);
            let again = review.section.as_ref().map(|section| format!("/cours/{course}/{chapter}#{section}"));
            one(review, number, of, again)
        })
        .collect_view();
    view! {
        <article class="quiz-result">
            <header>
                <p class="overline"><a href=href.clone()>{from}</a></p>
                <h1>{title}", résultat de l’essai n°\u{a0}"{number}</h1>
            </header>
            <section class="score" aria-labelledby="score">
                <h2 id="score">{heading}</h2>
                <p>
                    "Soit "{percent(score.percent())}" des points"{needed}". Rendu le "
                    <time datetime=handed_in_at.to_string()>{date_time(handed_in_at)}</time>"."
                </p>
                {said.into_iter().map(|said| view! { <p>{said}</p> }).collect_view()}
                <ul class="actions">
                    {next.map(|(label, href)| view! { <li><a class="button" href=href>{label}</a></li> })}
                    {retry.map(|href| view! { <li><a class="button is-quiet" href=href>"Faire un nouvel essai"</a></li> })}
                    <li><a href=href>{label}</a></li>
                </ul>
            </section>
            {advised(advice)}
            {by_skill(skills)}
            {to_read_again(again)}
            <section class="reviews" aria-labelledby="corrige">
                <h2 id="corrige">"Corrigé"</h2>
                {reviews}
            </section>
        </article>
    }
}

fn advised(advice: Vec<Advice>) -> impl IntoView {
    let line = |advice: Advice| {
        let Advice { title, href, score, exempted, said } = advice;
        view! {
            <li class="step" data-state=if exempted { "done" } else { "todo" }>
                <h3><a href=href>{title}</a></h3>
                <p class="step-said">{score}" · "{exempted.then(|| view! { <strong>"Dispense"</strong>" · " })}{said}</p>
            </li>
        }
    };
    (!advice.is_empty()).then(|| {
        view! {
            <section aria-labelledby="conseils">
                <h2 id="conseils">"Ce que nous vous conseillons"</h2>
                <ol class="steps">{advice.into_iter().map(line).collect_view()}</ol>
            </section>
        }
    })
}

fn by_skill(skills: Vec<SkillLine>) -> impl IntoView {
    let line = |SkillLine { name, score }: SkillLine| {
        let value = score.percent();
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="align-right wide-only">{hundredths(score.earned)}" sur "{points(score.max)}</td>
                <td class="align-right">{percent(value)}</td>
            </tr>
        }
    };
    (!skills.is_empty()).then(|| {
        view! {
            <section aria-labelledby="competences">
                <h2 id="competences">"Par compétence"</h2>
                <table aria-labelledby="competences">
                    <thead>
                        <tr>
                            <th scope="col">"Compétence"</th>
                            <th scope="col" class="align-right wide-only">"Points"</th>
                            <th scope="col" class="align-right">"Part"</th>
                        </tr>
                    </thead>
                    <tbody>{skills.into_iter().map(line).collect_view()}</tbody>
                </table>
            </section>
        }
    })
}

fn to_read_again(again: Vec<(String, String)>) -> impl IntoView {
    let line = |(title, href): (String, String)| view! { <li><a href=href>{title}</a></li> };
    (!again.is_empty()).then(|| {
        view! {
            <section aria-labelledby="relire">
                <h2 id="relire">"À relire"</h2>
                <ul>{again.into_iter().map(line).collect_view()}</ul>
            </section>
        }
    })
}

fn verdict(mark: Mark, answered: bool) -> (&'static str, &'static str) {
    match mark {
        Mark { earned, max } if earned >= max => ("is-right", "Juste"),
        _ if !answered => ("is-wrong", "Sans réponse"),
        Mark { earned: 0, .. } => ("is-wrong", "Faux"),
        Mark { .. } => ("is-partial", "En partie juste"),
    }
}

/// One question by itself, once it is answered: of a live quiz, or tried out by its author.
#[cfg(any(test, feature = "room", feature = "ssr"))]
pub(crate) fn reviewed(review: Review, number: usize, of: usize) -> AnyView {
    one(review, number, of, None).into_any()
}

fn one(review: Review, number: usize, of: usize, again: Option<String>) -> impl IntoView {
    let Review { slug, stem, mark, answered, lines, feedback, section: _, chapter: _ } = review;
    let (class, word) = verdict(mark, answered);
    let points = format!("{} sur {}", hundredths(mark.earned), points(mark.max));
    let title_id = format!("corrige-{slug}");
    let again = again.map(|href| view! { <p class="again"><a href=href>"Relire la section du cours"</a></p> });
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
