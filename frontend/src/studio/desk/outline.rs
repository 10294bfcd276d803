//! The chapters of a course, in their order.

use crate::studio::{Framed, frame};
use crate::ui::rooted::rooted;
use crate::ui::{TextField, encoded};
use domain::text::{counted, duration};
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlinePage {
    pub framed: Framed,
    pub chapters: Vec<ChapterLine>,
    /// Minutes of all the chapters.
    pub minutes: u32,
    /// Chapters that can be put back: slug and title.
    pub removed: Vec<(String, String)>,
    /// Problems that are no chapter's: file and words.
    pub problems: Vec<(String, String)>,
    /// Those who write it beside its trainers.
    pub authors: Vec<String>,
    /// The published version that the draft was taken from, or made.
    pub published: Option<u32>,
    /// Whether it says something else than what is published; none where nothing is.
    pub changed: Option<bool>,
    /// Made with the page: each of its forms, sent twice, does what it does once.
    pub request: String,
    /// The title typed for a new chapter, and what is wrong with it.
    pub added: String,
    pub problem: Option<String>,
}

/// A chapter of the outline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChapterLine {
    pub slug: String,
    pub title: String,
    pub minutes: u32,
    pub sections: u64,
    pub questions: u64,
    pub problems: u64,
    /// When it is acquired, in a sentence; may be empty.
    pub told: String,
}

/// The page, without its shell.
pub fn outline_page(page: OutlinePage) -> impl IntoView {
    rooted(move || {
        let here = format!("/studio/{}", page.framed.course);
        let (count, request) = (page.chapters.len(), page.request);
        let lines = page.chapters.into_iter().enumerate();
        let lines = lines.map(|(place, chapter)| line(&here, &request, chapter, (place, count))).collect_view();
        let stands = stands(page.published, page.changed);
        let hours = format!("{}, {}", counted(count as u64, "chapitre", "chapitres"), duration(page.minutes));
        let elsewhere = elsewhere(&here, &page.authors);
        let new = TextField {
            label: "Titre du nouveau chapitre",
            name: "title",
            value: page.added,
            autocomplete: "off",
            problem: page.problem,
            length: Some((1, 200)),
            ..TextField::default()
        };
        let removed = removed(&here, &request, page.removed);
        let problems = problems(&here, page.problems);
        let (action, add) = (here.clone(), request.clone());
        let (sort, sorted) = (here.clone(), request.clone());
        frame(
            page.framed,
            view! {
                <h2>"Plan du cours"</h2>
                <p>{stands}</p>
                {elsewhere}
                {problems}
                {if count == 0 {
                    view! { <p>"Ce cours n’a pas encore de chapitre. Ajoutez le premier ci-dessous."</p> }.into_any()
                } else {
                    view! {
                        <p class="small">{hours}</p>
                        <OutlinePlace><ol class="outline">{lines}</ol></OutlinePlace>
                        <form method="post" action=sort id="ordre" hidden>
                            <input type="hidden" name="request" value=sorted/>
                            <input type="hidden" name="do" value="sort"/>
                            <input type="hidden" name="order" id="ordre-glisse"/>
                        </form>
                    }
                    .into_any()
                }}
                <form class="form" method="post" action=action id="nouveau-chapitre">
                    <input type="hidden" name="request" value=add/>
                    <input type="hidden" name="do" value="add"/>
                    {new.view()}
                    <button type="submit" class="button">"Ajouter un chapitre"</button>
                </form>
                {removed}
            },
        )
    })
}

fn stands(published: Option<u32>, changed: Option<bool>) -> String {
    match (published, changed) {
        (_, None) => "Jamais publié\u{a0}: les agents ne le voient pas.".to_owned(),
        (Some(number), Some(false)) => format!("Tel que la version {number}, que lisent les agents."),
        (_, Some(false)) => "Tel que la version publiée, que lisent les agents.".to_owned(),
        (Some(number), Some(true)) => {
            format!("Changé depuis la version {number}\u{a0}: les agents lisent celle-ci tant que vous ne publiez pas.")
        }
        (None, Some(true)) => "Autre que la version publiée, que lisent les agents.".to_owned(),
    }
}

fn elsewhere(here: &str, authors: &[String]) -> impl IntoView + use<> {
    let written = (!authors.is_empty()).then(|| format!("Avec {}.", authors.join(", ")));
    view! {
        <ul class="actions">
            <li><a href=format!("{here}/reglages")>"Réglages et auteurs"</a></li>
            <li><a href=format!("{here}/glossaire")>"Glossaire"</a></li>
            <li><a href=format!("{here}/historique")>"Historique"</a></li>
        </ul>
        {written.map(|written| view! { <p class="small">{written}</p> })}
    }
}

/// Problems of the course as a whole, each with where it is mended.
fn problems(here: &str, problems: Vec<(String, String)>) -> impl IntoView + use<> {
    let line = |(file, said): (String, String)| {
        let href = match file.as_str() {
            "course.toml" => format!("{here}/reglages"),
            "glossary.toml" => format!("{here}/glossaire"),
            _ => format!("{here}/historique?fichier={}", encoded(&file)),
        };
        view! { <li><a href=href>{file}</a>"\u{a0}: "{said}</li> }
    };
    let title = counted(problems.len() as u64, "point à régler pour le cours", "points à régler pour le cours");
    let none = problems.is_empty();
    let lines = problems.into_iter().map(line).collect_view();
    (!none).then(|| view! { <div class="notice"><p class="notice-title">{title}</p><ul>{lines}</ul></div> })
}

fn line(here: &str, request: &str, chapter: ChapterLine, (place, count): (usize, usize)) -> impl IntoView + use<> {
    let ChapterLine { slug, title, minutes, sections, questions, problems, told } = chapter;
    let editor = format!("{here}/chapitres/{slug}");
    let facts =
        [duration(minutes), counted(sections, "section", "sections"), counted(questions, "question", "questions")]
            .join(", ");
    let problems = (problems > 0).then(|| counted(problems, "point à régler", "points à régler"));
    let form = |act: &'static str, disabled: bool, label: &'static str, sign: &'static str| {
        view! {
            <form method="post" action=here.to_owned()>
                <input type="hidden" name="request" value=request.to_owned()/>
                <input type="hidden" name="chapter" value=slug.clone()/>
                <button type="submit" name="do" value=act class="button is-quiet" disabled=disabled>
                    <span aria-hidden="true">{sign}</span>
                    <span class="visually-hidden">{label}" « "{title.clone()}" »"</span>
                </button>
            </form>
        }
    };
    let moves = view! { {form("up", place == 0, "Monter", "↑")}{form("down", place + 1 == count, "Descendre", "↓")} };
    let id = format!("chapitre-{slug}");
    let field = format!("titre-de-{slug}");
    view! {
        <li id=id data-chapter=slug.clone() tabindex="-1">
            <div class="outline-head">
                <h3><a href=editor>{title.clone()}</a></h3>
                <div class="outline-moves">{moves}</div>
            </div>
            <p class="small">{facts}{problems.map(|said| view! { " · "<strong class="to-settle">{said}</strong> })}</p>
            {(!told.is_empty()).then(|| view! { <p class="small">{told}</p> })}
            <details class="outline-more">
                <summary>"Renommer ou retirer"<span class="visually-hidden">" « "{title.clone()}" »"</span></summary>
                <form class="form" method="post" action=here.to_owned()>
                    <input type="hidden" name="request" value=request.to_owned()/>
                    <input type="hidden" name="chapter" value=slug.clone()/>
                    <div class="field">
                        <label for=field.clone()>"Titre du chapitre"</label>
                        <input type="text" id=field name="title" value=title.clone() maxlength="200" required autocomplete="off"/>
                    </div>
                    <button type="submit" name="do" value="rename" class="button is-quiet">"Renommer"</button>
                </form>
                <form method="post" action=here.to_owned()>
                    <input type="hidden" name="request" value=request.to_owned()/>
                    <input type="hidden" name="chapter" value=slug.clone()/>
                    <p class="small">"Retiré, le chapitre garde son texte, ses questions et son historique\u{a0}: vous pourrez le remettre."</p>
                    <button type="submit" name="do" value="remove" class="button is-quiet">
                        "Retirer du cours"<span class="visually-hidden">" « "{title.clone()}" »"</span>
                    </button>
                </form>
            </details>
        </li>
    }
}

/// Where chapters can be dragged, once the browser's part is awake.
#[island]
pub fn OutlinePlace(children: Children) -> impl IntoView {
    view! { <div>{children()}</div> }
}

fn removed(here: &str, request: &str, removed: Vec<(String, String)>) -> impl IntoView + use<> {
    let line = |(slug, title): (String, String)| {
        let title = if title.is_empty() { slug.clone() } else { title };
        view! {
            <li>
                <form class="actions" method="post" action=here.to_owned()>
                    <input type="hidden" name="request" value=request.to_owned()/>
                    <input type="hidden" name="chapter" value=slug/>
                    <span>{title.clone()}</span>
                    <button type="submit" name="do" value="put-back" class="button is-quiet">
                        "Remettre"<span class="visually-hidden">" « "{title}" »"</span>
                    </button>
                </form>
            </li>
        }
    };
    let none = removed.is_empty();
    let lines = removed.into_iter().map(line).collect_view();
    (!none).then(|| view! { <h2>"Chapitres retirés"</h2><ul class="plain-list">{lines}</ul> })
}
