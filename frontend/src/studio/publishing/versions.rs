//! The versions of a course, and what differs between two of them.

use crate::studio::{Framed, frame};
use crate::ui::{AreaField, Choice, SelectField, problem_box, scrolling};
use domain::text::counted;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct VersionsPage {
    pub framed: Framed,
    /// Newest first.
    pub versions: Vec<VersionLine>,
    /// What is compared: the values of `de` and `a`.
    pub from: String,
    pub to: String,
    pub diff: Option<VersionsDiff>,
    /// A version that one is about to go back to.
    pub back: Option<Back>,
    pub problem: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionLine {
    pub number: u32,
    pub at: String,
    /// Empty where it was not published from the studio.
    pub by: String,
    pub note: String,
    /// What was let stand, each with its reason and who let it.
    pub waivers: Vec<String>,
    /// Whether one may go back to it: its files are kept, and it is not the newest.
    pub may_go_back: bool,
}

/// The order to go back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Back {
    pub request: String,
    pub number: u32,
    pub note: String,
    /// What it changes for agents, a sentence each.
    pub changes: Vec<String>,
}

/// What differs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VersionsDiff {
    pub whole: Vec<&'static str>,
    pub chapters: Vec<ChapterDiff>,
    pub quizzes: Vec<QuizDiff>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ChapterDiff {
    pub title: String,
    /// « Ajouté », « Retiré », « Modifié »
    pub fate: &'static str,
    /// Each in a sentence.
    pub notes: Vec<String>,
    pub sections: Vec<SectionDiff>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct SectionDiff {
    pub title: String,
    pub fate: &'static str,
    /// « 12 mots ajoutés, 3 mots retirés »
    pub said: String,
    pub pieces: Vec<DiffPiece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiffPiece {
    Same(String),
    Added(String),
    Removed(String),
    Gap,
}

#[derive(Debug, Clone, PartialEq)]
pub struct QuizDiff {
    pub title: String,
    pub fate: &'static str,
    pub rules: Vec<String>,
    pub questions: Vec<QuestionDiff>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionDiff {
    pub asked: String,
    pub fate: &'static str,
    /// What changed of it.
    pub what: String,
    /// What it means for agents.
    pub meaning: &'static str,
}

/// The page, without its shell. Compares by GET (`de`, `a`: a number, or `brouillon`); goes back by POST (`request`,
/// `number`, `note`).
pub fn versions_page(page: VersionsPage) -> impl IntoView {
    let VersionsPage { framed, versions, from, to, diff, back, problem } = page;
    let action = format!("/studio/{}/versions", framed.course);
    let publishes = framed.publishes;
    let choice = |name: &'static str, label: &'static str, value: String| {
        let mut choices = vec![Choice::new("brouillon", "Le brouillon")];
        choices.extend(versions.iter().map(|it| Choice::new(it.number.to_string(), format!("Version {}", it.number))));
        SelectField { label, name, value, groups: vec![("", choices)], ..SelectField::default() }
    };
    let compare = (!versions.is_empty()).then(|| {
        view! {
            <form class="form" method="get" action=action.clone()>
                {choice("de", "De", from).view()}
                {choice("a", "À", to).view()}
                <button type="submit" class="button is-quiet">"Comparer"</button>
            </form>
        }
    });
    let body = view! {
        <h2>"Versions"</h2>
        <p class="overline"><a href=format!("/studio/{}/publier", framed.course)>"Vérifier et publier"</a></p>
        {problem_box(problem)}
        {back.map(|back| going_back(&action, back))}
        {table(versions, &action, publishes)}
        {compare}
        {diff.map(differences)}
    };
    frame(framed, body)
}

fn table(versions: Vec<VersionLine>, action: &str, publishes: bool) -> AnyView {
    if versions.is_empty() {
        return view! { <p>"Rien n’est encore publié."</p> }.into_any();
    }
    let row = |line: VersionLine| {
        let VersionLine { number, at, by, note, waivers, may_go_back } = line;
        let back = (may_go_back && publishes).then(|| {
            view! { <a href=format!("{action}?retour={number}")>"Revenir à la version "{number}</a> }
        });
        let waivers = waivers.into_iter().map(|said| view! { <li>{said}</li> }).collect::<Vec<_>>();
        let waivers = (!waivers.is_empty()).then(|| view! { <p>"Dérogations\u{a0}:"</p><ul>{waivers}</ul> });
        view! {
            <tr>
                <th scope="row">"Version "{number}</th>
                <td>{at}</td>
                <td>{by}</td>
                <td>{note}{waivers}</td>
                <td>{back}</td>
            </tr>
        }
    };
    let rows = versions.into_iter().map(row).collect_view();
    let table = view! {
        <table>
            <caption id="versions" class="visually-hidden">"Versions publiées, la dernière d’abord"</caption>
            <thead>
                <tr>
                    <th scope="col">"Version"</th>
                    <th scope="col">"Publiée le"</th>
                    <th scope="col">"Par"</th>
                    <th scope="col">"Ce qui a changé"</th>
                    <th scope="col">"Reprendre"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    scrolling("versions", table).into_any()
}

fn going_back(action: &str, back: Back) -> impl IntoView + use<> {
    let Back { request, number, note, changes } = back;
    let note = AreaField {
        label: "Pourquoi, pour les auteurs",
        name: "note",
        value: note,
        optional: true,
        rows: 2,
        most: 500,
        ..AreaField::default()
    };
    let changes = changes.into_iter().map(|said| view! { <li>{said}</li> }).collect_view();
    view! {
        <section class="notice" aria-labelledby="retour">
            <h3 id="retour" class="notice-title">"Revenir à la version "{number}</h3>
            <p>"Une nouvelle version est publiée, avec ce que contenait la version "{number}". Le brouillon reste tel qu’il est. Pour les agents\u{a0}:"</p>
            <ul>{changes}</ul>
            <form class="form" method="post" action=action.to_owned()>
                <input type="hidden" name="request" value=request/>
                <input type="hidden" name="number" value=number.to_string()/>
                {note.view()}
                <button type="submit" class="button">"Publier de nouveau la version "{number}</button>
            </form>
        </section>
    }
}

fn differences(diff: VersionsDiff) -> AnyView {
    let VersionsDiff { whole, chapters, quizzes } = diff;
    if whole.is_empty() && chapters.is_empty() && quizzes.is_empty() {
        return view! { <h3>"Ce qui les distingue"</h3><p>"Rien\u{a0}: ces deux versions disent la même chose."</p> }
            .into_any();
    }
    let whole =
        (!whole.is_empty()).then(|| view! { <p>"Pour tout le cours changent\u{a0}: "{whole.join(", ")}"."</p> });
    view! {
        <h3>"Ce qui les distingue"</h3>
        {whole}
        {chapters.into_iter().map(chapter).collect_view()}
        {quizzes.into_iter().map(quiz).collect_view()}
    }
    .into_any()
}

fn chapter(ChapterDiff { title, fate, notes, sections }: ChapterDiff) -> impl IntoView {
    let section = |SectionDiff { title, fate, said, pieces }: SectionDiff| {
        let text =
            (!pieces.is_empty()).then(|| view! { <p class="diff">{pieces.into_iter().map(piece).collect_view()}</p> });
        view! { <li><p><strong>{title}</strong>"\u{a0}: "{fate}", "{said}"."</p>{text}</li> }
    };
    view! {
        <section class="difference">
            <h4>{fate}"\u{a0}: "{title}</h4>
            {notes.into_iter().map(|said| view! { <p>{said}</p> }).collect_view()}
            <ul>{sections.into_iter().map(section).collect_view()}</ul>
        </section>
    }
}

fn piece(piece: DiffPiece) -> AnyView {
    let hidden = |said: &'static str| view! { <span class="visually-hidden">{said}</span> };
    match piece {
        DiffPiece::Same(text) => view! { {text}" " }.into_any(),
        DiffPiece::Added(text) => view! { <ins>{hidden("ajouté\u{a0}: ")}{text}</ins>" " }.into_any(),
        DiffPiece::Removed(text) => view! { <del>{hidden("retiré\u{a0}: ")}{text}</del>" " }.into_any(),
        DiffPiece::Gap => view! { "[…] " }.into_any(),
    }
}

fn quiz(QuizDiff { title, fate, rules, questions }: QuizDiff) -> impl IntoView {
    let count = questions.len() as u64;
    let question = |QuestionDiff { asked, fate, what, meaning }: QuestionDiff| {
        view! { <li><p><strong>{fate}</strong>"\u{a0}: «\u{a0}"{asked}"\u{a0}»"{what}</p><p class="hint">{meaning}</p></li> }
    };
    view! {
        <section class="difference">
            <h4>{fate}"\u{a0}: "{title}</h4>
            {rules.into_iter().map(|said| view! { <p>{said}</p> }).collect_view()}
            {(count > 0).then(|| view! { <p>{counted(count, "question change", "questions changent")}"."</p> })}
            <ul>{questions.into_iter().map(question).collect_view()}</ul>
        </section>
    }
}
