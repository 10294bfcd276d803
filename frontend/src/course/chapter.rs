//! A chapter: what is read in one sitting.

use super::reader::Reader;
use super::section;
use crate::home::{NoticeLine, to_do, told};
use crate::ui::rooted::rooted;
use domain::course::{Chapter, Section, Term};
use domain::ids::{CourseSlug, SectionSlug};
use domain::text::duration;
use jiff::Timestamp;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// What the page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct ChapterPage {
    /// What changed here, and they have not read yet.
    pub notices: Vec<NoticeLine>,
    pub course: CourseSlug,
    pub course_title: String,
    pub chapter: Chapter,
    /// The terms that the chapter uses.
    pub terms: Vec<Term>,
    /// Where the version's files are: `/media/mediation-numerique/3/`.
    pub media_base: String,
    /// When each section was marked as read.
    pub read: BTreeMap<SectionSlug, Timestamp>,
    /// Without images and media.
    pub light: bool,
    pub previous: Option<Neighbour>,
    pub next: Option<Neighbour>,
    pub quiz: Option<QuizStatus>,
    /// What is still to do for the chapter to be acquired; nothing when it is.
    pub remains: Vec<String>,
}

/// The chapter before or after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    pub href: String,
    pub title: String,
}

/// Where the agent is with the chapter's quiz.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuizStatus {
    pub href: String,
    pub said: String,
}

/// The page, without its shell. Each section's form sends `section` to `/cours/{course}/{chapter}/lu`.
pub fn chapter_page(page: ChapterPage) -> impl IntoView {
    rooted(move || {
        let ChapterPage {
            notices,
            course,
            course_title,
            chapter,
            terms,
            media_base,
            read,
            light,
            previous,
            next,
            quiz,
            remains,
        } = page;
        let Chapter { slug, number, title, summary, objectives, minutes, sections, quiz: _, sheet } = chapter;
        let here = format!("/cours/{course}/{slug}");
        let contents = contents(&sections, &read);
        let sections = sections
            .into_iter()
            .map(|section| {
                let read = read.get(&section.slug).copied();
                section::view(
                    section,
                    read,
                    &section::Around { here: &here, media_base: &media_base, light, awake: true },
                )
            })
            .collect_view();
        let back = format!("/cours/{course}");
        view! {
            <article class="chapter">
                <header class="chapter-head">
                    <p class="overline"><a href=back>{course_title}</a></p>
                    <h1><span class="chapter-number">"Chapitre "{number}</span>" "{title}</h1>
                    <p class="lead">{summary}</p>
                    <p class="chapter-minutes">{duration(minutes)}</p>
                    {objectives_list(objectives)}
                    {contents}
                </header>
                {told(notices)}
                {sections}
                {sheet.map(|sheet| sheet_call(&here, &sheet.title))}
                {glossary_list(terms)}
            </article>
            {after(quiz, &remains, previous, next)}
            <Reader course=course.to_string() chapter=slug.to_string()/>
        }
    })
}

/// What a chapter says, for who writes it: its sections and its words, as in [`chapter_page`].
#[cfg(feature = "ssr")]
pub(crate) fn preview(chapter: Chapter, terms: Vec<Term>, media_base: &str) -> impl IntoView + use<> {
    let around = section::Around { here: "", media_base, light: false, awake: false };
    let sections = chapter.sections.into_iter().map(|section| section::preview(section, &around)).collect_view();
    view! { <article class="chapter">{sections}{glossary_list(terms)}</article> }
}

fn objectives_list(objectives: Vec<String>) -> impl IntoView {
    (!objectives.is_empty()).then(|| {
        let lines = objectives.into_iter().map(|objective| view! { <li>{objective}</li> }).collect_view();
        view! { <h2 class="minor">"À la fin de ce chapitre, vous saurez"</h2><ul>{lines}</ul> }
    })
}

/// The sections, with those already read.
fn contents(sections: &[Section], read: &BTreeMap<SectionSlug, Timestamp>) -> impl IntoView + use<> {
    let line = |section: &Section| {
        let done = read.contains_key(&section.slug);
        view! {
            <li data-state=if done { "done" } else { "todo" }>
                <a href=format!("#{}", section.slug)>{section.title.clone()}</a>
                {done.then(|| view! { <span class="read-mark">" · lue"</span> })}
            </li>
        }
    };
    let lines = sections.iter().map(line).collect_view();
    view! {
        <nav class="contents" aria-labelledby="chapitre-sommaire">
            <h2 class="minor" id="chapitre-sommaire">"Dans ce chapitre"</h2>
            <ol>{lines}</ol>
        </nav>
    }
}

fn sheet_call(here: &str, title: &str) -> impl IntoView + use<> {
    view! {
        <section class="sheet-call" aria-labelledby="chapitre-fiche">
            <h2 id="chapitre-fiche">"La fiche à garder au guichet"</h2>
            <p><a class="button is-quiet" href=format!("{here}/fiche")>{title.to_owned()}</a></p>
        </section>
    }
}

fn glossary_list(terms: Vec<Term>) -> impl IntoView {
    (!terms.is_empty()).then(|| {
        let line = |Term { key, term, definition }: Term| {
            view! { <div class="glossary-term" id=format!("glossaire-{key}")><dt>{term}</dt><dd>{definition}</dd></div> }
        };
        let lines = terms.into_iter().map(line).collect_view();
        view! {
            <section class="glossary" aria-labelledby="chapitre-mots">
                <h2 id="chapitre-mots">"Les mots de ce chapitre"</h2>
                <dl>{lines}</dl>
            </section>
        }
    })
}

/// What it still takes, in a sentence.
pub(super) fn remains_said(remains: &[String]) -> String {
    if remains.is_empty() {
        "Ce chapitre est acquis.".to_owned()
    } else {
        format!("Pour acquérir ce chapitre, il reste à {}.", to_do(remains))
    }
}

/// What to do once the chapter is read.
fn after(
    quiz: Option<QuizStatus>,
    remains: &[String],
    previous: Option<Neighbour>,
    next: Option<Neighbour>,
) -> impl IntoView + use<> {
    let said = remains_said(remains);
    let quiz = quiz.map(|QuizStatus { href, said }| {
        view! { <p class="quiz-call"><a class="button is-large" href=href>"Aller au quiz"</a><span>{said}</span></p> }
    });
    let link = |rel: &'static str, label: &'static str| {
        move |Neighbour { href, title }| {
            view! { <li class=rel><a href=href rel=rel><span>{label}</span>{title}</a></li> }
        }
    };
    view! {
        <section class="after" id="suite" aria-labelledby="chapitre-suite">
            <h2 id="chapitre-suite">"La suite"</h2>
            <p id="reste">{said}</p>
            {quiz}
        </section>
        <nav class="neighbours" aria-label="Chapitres voisins">
            <ul>
                {previous.map(link("prev", "Chapitre précédent"))}
                {next.map(link("next", "Chapitre suivant"))}
            </ul>
        </nav>
    }
}
