//! `/studio/{course}`: the chapters in their order, and what there is in each.

use super::tables::{seen, texts};
use super::{courses, opened, store, text_of, writing};
use crate::access::{CourseAuthor, Viewer};
use crate::app::App;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::studio::store::{Save, Saved};
use crate::webinar::presence::names;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::course::Course;
use domain::ids::{ChapterSlug, CourseSlug};
use domain::studio::written::{Written, one_line};
use domain::studio::{chapter, completion, folder};
use domain::text;
use frontend::studio::desk::{ChapterLine, ClosedPage, OutlinePage, closed_page, outline_page};
use http::StatusCode;
use jiff::Timestamp;
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use uuid::Uuid;

/// Signs of a chapter's slug.
const SLUG: usize = 40;

/// `GET /studio/{course}`
pub async fn page(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(course): Path<CourseSlug>,
) -> Result<Response> {
    match opened(&app, &viewer, &course).await {
        Err(Error::NotFound) => closed(&app, &viewer, around, &course),
        Err(error) => Err(error),
        Ok(_) => show(&app, &viewer, around, (StatusCode::OK, course), None).await,
    }
}

/// A published course that is not being written.
fn closed(app: &App, viewer: &Viewer, around: Surroundings, course: &CourseSlug) -> Result<Response> {
    viewer.course_publisher(course)?;
    let published = app.library.course(course).ok_or(Error::NotFound)?;
    let view = closed_page(ClosedPage {
        slug: course.to_string(),
        title: published.course.title.clone(),
        number: published.number,
        request: app.dice.uuid().to_string(),
    });
    Ok(around.studio_page(StatusCode::OK, &published.course.title, view))
}

async fn show(
    app: &App,
    viewer: &Viewer,
    around: Surroundings,
    (status, course): (StatusCode, CourseSlug),
    problem: Option<(String, String)>,
) -> Result<Response> {
    let (draft, _, framed) = opened(app, viewer, &course).await?;
    let db = app.db.reader();
    let texts = texts(app, &course).await?;
    let seen = seen(&texts, &course).await?;
    let of_chapter = |slug: &str| {
        let start = format!("{slug}/");
        seen.problems.iter().filter(|problem| problem.file.starts_with(&start)).count() as u64
    };
    let lines = texts.order.iter().map(|slug| {
        let known = seen.course.as_ref().and_then(|course| Some((course, course.chapter(&slug.parse().ok()?)?)));
        let file = texts.text(&format!("{slug}/chapter.md")).map(chapter::read).unwrap_or_default();
        let title = if file.title.is_empty() { slug.clone() } else { file.title };
        ChapterLine {
            slug: slug.clone(),
            title,
            minutes: file.minutes.unwrap_or(0),
            sections: known.map_or(0, |(_, chapter)| chapter.sections.len() as u64),
            questions: known.map_or(0, |(course, chapter)| questions(course, &chapter.slug)),
            problems: of_chapter(slug),
            told: known.map(|(_, chapter)| completion::told(chapter)).unwrap_or_default(),
        }
    });
    let lines: Vec<ChapterLine> = lines.collect();
    let is_of_a_chapter = |file: &str| texts.order.iter().any(|slug| file.starts_with(&format!("{slug}/")));
    let others = seen.problems.iter().filter(|problem| !is_of_a_chapter(&problem.file));
    let authors = store::authors(db, &course).await?;
    let title = framed.title.clone();
    let view = outline_page(OutlinePage {
        minutes: lines.iter().map(|line| line.minutes).sum(),
        chapters: lines,
        removed: removed(app, &course, &texts.removed).await?,
        problems: others.map(|problem| (problem.file.clone(), problem.said.clone())).collect(),
        authors: names(db, authors).await?.into_values().collect(),
        published: draft.base,
        changed: courses::has_changed(db, &course).await?,
        request: app.dice.uuid().to_string(),
        added: problem.as_ref().map(|(typed, _)| typed.clone()).unwrap_or_default(),
        problem: problem.map(|(_, said)| said),
        framed,
    });
    Ok(around.studio_page(status, &title, view))
}

/// Questions about a chapter: of its quiz, and of the quizzes of the whole course.
fn questions(course: &Course, chapter: &ChapterSlug) -> u64 {
    let own = course.chapter(chapter).and_then(|chapter| chapter.quiz.as_ref()).map_or(0, |quiz| quiz.questions.len());
    let whole = course.positioning.iter().map(|it| &it.quiz).chain(course.assessment.iter().map(|it| &it.quiz));
    let about = whole.flat_map(|quiz| &quiz.questions).filter(|question| question.chapter.as_ref() == Some(chapter));
    (own + about.count()) as u64
}

/// The chapters that can be put back: slug and title.
async fn removed(app: &App, course: &CourseSlug, slugs: &[String]) -> Result<Vec<(String, String)>> {
    let mut removed = Vec::new();
    for slug in slugs {
        let text = text_of(app.db.reader(), course, &format!("{slug}/chapter.md")).await?.unwrap_or_default().1;
        removed.push((slug.clone(), chapter::read(&text).title));
    }
    Ok(removed)
}

/// What is done to the outline.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Act {
    Add,
    Rename,
    Up,
    Down,
    Remove,
    PutBack,
    Sort,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    request: Uuid,
    #[serde(rename = "do")]
    act: Act,
    chapter: Option<ChapterSlug>,
    #[serde(default)]
    title: String,
    /// The whole order, where it is dragged: slugs between spaces.
    #[serde(default)]
    order: String,
}

/// `POST /studio/{course}`
pub async fn change(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(course): Path<CourseSlug>,
    Form(change): Form<Change>,
) -> Result<Response> {
    let (_, author) = super::super::authored(&app, &viewer, &course).await?;
    let title = one_line(&change.title);
    if matches!(change.act, Act::Add | Act::Rename) && (title.is_empty() || title.chars().count() > 200) {
        let said = "Donnez au chapitre un titre de 200 signes au plus.".to_owned();
        return show(&app, &viewer, around, (StatusCode::UNPROCESSABLE_ENTITY, course), Some((title, said))).await;
    }
    let (now, to) = (app.clock.now(), format!("/studio/{course}"));
    let at = app.db.write(move |db| Box::pin(async move { carry_out(db, &author, now, change, title).await })).await?;
    Ok(Redirect::to(&format!("{to}#chapitre-{at}")).into_response())
}

/// Does it to the outline as it is now: what others did meanwhile stays. Gives the chapter to come back to.
async fn carry_out(
    db: &impl ConnectionTrait,
    author: &CourseAuthor,
    now: Timestamp,
    change: Change,
    title: String,
) -> Result<String> {
    let Change { request, act, chapter, order: asked, .. } = change;
    if store::is_done(db, &author.course, request).await? {
        return Ok(chapter.map(String::from).unwrap_or_default());
    }
    let (base, text) = text_of(db, &author.course, folder::ORDER).await?.unwrap_or_default();
    let mut order = folder::order(&text);
    let slug = match (&act, chapter) {
        (Act::Add, _) => new_slug(db, &author.course, &title).await?,
        (Act::Sort, _) => String::new(),
        (_, Some(chapter)) => chapter.to_string(),
        (_, None) => return Err(Error::NotFound),
    };
    let place = order.iter().position(|known| *known == slug);
    match act {
        Act::Add => {
            let bytes = Some(chapter::begun(&title).into_bytes());
            keep(db, author, (now, request), Save { path: format!("{slug}/chapter.md"), base: None, bytes }).await?;
            order.push(slug.clone());
        }
        Act::Rename => {
            place.ok_or(Error::NotFound)?;
            let chapter = slug.parse().map_err(|_| Error::NotFound)?;
            let path = writing::path(&chapter);
            let (base, text) = text_of(db, &author.course, &path).await?.ok_or(Error::NotFound)?;
            let written = Written { title, ..chapter::read(&text) };
            let bytes = Some(chapter::write(&text, &written).into_bytes());
            keep(db, author, (now, request), Save { path, base: Some(base), bytes }).await?;
            return Ok(slug);
        }
        Act::Up | Act::Down => {
            let place = place.ok_or(Error::NotFound)?;
            let other = if matches!(act, Act::Up) { place.checked_sub(1) } else { place.checked_add(1) };
            if let Some(other) = other.filter(|other| *other < order.len()) {
                order.swap(place, other);
            }
        }
        Act::Remove => {
            order.remove(place.ok_or(Error::NotFound)?);
        }
        Act::PutBack => {
            let is_there = store::file(db, &author.course, &format!("{slug}/chapter.md")).await?.is_some();
            if place.is_some() || !is_there {
                return Err(Error::NotFound);
            }
            order.push(slug.clone());
        }
        Act::Sort => {
            let asked: Vec<String> = asked.split_whitespace().map(str::to_owned).collect();
            let sorted = |mut slugs: Vec<String>| {
                slugs.sort();
                slugs
            };
            if sorted(asked.clone()) != sorted(order) {
                return Err(Error::Conflict(
                    "Le plan a changé entre-temps\u{a0}: rechargez la page, puis rangez de nouveau les chapitres."
                        .into(),
                ));
            }
            order = asked;
        }
    }
    let bytes = Some(folder::order_text(&order).into_bytes());
    let save = Save { path: folder::ORDER.to_owned(), base: (base > 0).then_some(base), bytes };
    keep(db, author, (now, request), save).await?;
    Ok(slug)
}

async fn keep(db: &impl ConnectionTrait, author: &CourseAuthor, said: (Timestamp, Uuid), save: Save) -> Result<()> {
    match store::save(db, author, said, save).await? {
        Saved::Kept(_) => Ok(()),
        Saved::Behind(_) => Err(Error::Conflict(
            "Quelqu’un a changé le plan au même moment\u{a0}: revenez à la page et recommencez.".into(),
        )),
    }
}

/// A slug that no chapter of the draft has, nor had.
async fn new_slug(db: &impl ConnectionTrait, course: &CourseSlug, title: &str) -> Result<String> {
    let proposed = match text::slug(title, SLUG) {
        slug if slug.is_empty() || slug == "media" => "chapitre".to_owned(),
        slug if [domain::course::POSITIONING, domain::course::ASSESSMENT].contains(&slug.as_str()) => {
            format!("{slug}-chapitre")
        }
        slug => slug,
    };
    let files = store::files(db, course).await?;
    let is_taken = |slug: &str| files.iter().any(|file| file.path.starts_with(&format!("{slug}/")));
    let numbered = (2u32..).map(|number| format!("{proposed}-{number}"));
    std::iter::once(proposed.clone())
        .chain(numbered)
        .find(|slug| !is_taken(slug))
        .ok_or_else(|| Error::Internal("no name is left for a chapter".into()))
}
