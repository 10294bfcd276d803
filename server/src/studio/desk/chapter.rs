//! `/studio/{course}/chapitres/{chapter}`: the editor of a chapter.

use super::tables::texts;
use super::writing::{self, Kept, Saving};
use super::{GLOSSARY, opened, store, text_of};
use crate::access::{CourseAuthor, Viewer};
use crate::app::App;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::{Form, Json};
use domain::course::parse::preview::preview as draw;
use domain::ids::{ChapterSlug, CourseSlug};
use domain::studio::written::{Written, merge_written};
use domain::studio::{chapter as file, description};
use domain::text::hour;
use frontend::studio::Framed;
use frontend::studio::desk::{ChapterPage, Preview, Problem, Save, Start, Told, chapter_page, drawn};
use http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;

/// Who writes the chapter, where it is part of the course.
async fn chapter_of(
    app: &App,
    viewer: &Viewer,
    course: &CourseSlug,
    chapter: &ChapterSlug,
) -> Result<(CourseAuthor, Framed)> {
    let (_, author, framed) = opened(app, viewer, course).await?;
    let is_there = texts(app, course).await?.order.iter().any(|slug| slug == chapter.as_str());
    is_there.then_some((author, framed)).ok_or(Error::NotFound)
}

/// `GET /studio/{course}/chapitres/{chapter}`
pub async fn page(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path((course, chapter)): Path<(CourseSlug, ChapterSlug)>,
) -> Result<Response> {
    let (author, framed) = chapter_of(&app, &viewer, &course, &chapter).await?;
    let kept = writing::now(app.db.reader(), &author, &chapter).await?;
    let title = kept.written.title.clone();
    let page = editor(&app, (author, framed), &chapter, kept, None).await?;
    Ok(around.studio_page(StatusCode::OK, &title, chapter_page(page)))
}

/// The editor of what is saved, with what was typed in it, where there is something.
async fn editor(
    app: &App,
    (author, framed): (CourseAuthor, Framed),
    chapter: &ChapterSlug,
    kept: Kept,
    typed: Option<Written>,
) -> Result<ChapterPage> {
    let course = &author.course;
    let glossary = text_of(app.db.reader(), course, GLOSSARY).await?.unwrap_or_default().1;
    let own = format!("{chapter}/");
    let files = store::files(app.db.reader(), course).await?;
    let media = files.iter().filter_map(|file| {
        let path = file.path.strip_prefix(&own).unwrap_or(&file.path);
        path.starts_with("media/").then(|| path.to_owned())
    });
    let seen = previewed(app, course, chapter, typed.as_ref().unwrap_or(&kept.written)).await?;
    Ok(ChapterPage {
        framed,
        start: Start {
            person: author.person.0,
            course: course.to_string(),
            chapter: chapter.to_string(),
            revision: kept.revision,
            written: kept.written,
            terms: description::terms(&glossary).into_iter().map(|term| (term.key, term.term)).collect(),
            media: media.collect(),
        },
        typed,
        request: app.dice.uuid().to_string(),
        preview: seen,
        problem: None,
        other: None,
    })
}

/// The chapter as agents would read it, and what is wrong with it.
async fn previewed(app: &App, course: &CourseSlug, chapter: &ChapterSlug, written: &Written) -> Result<Preview> {
    let texts = texts(app, course).await?;
    let folder = texts.folder(chapter.as_str()).ok_or(Error::NotFound)?;
    let former = texts.text(&writing::path(chapter)).unwrap_or_default();
    let text = file::write(former, written);
    let before = file::lines_before_text(&text);
    let seen = draw(course, &texts.files, &folder, &text).ok_or(Error::NotFound)?;
    let problem = |problem: domain::course::parse::Problem| Problem {
        line: problem.line.saturating_sub(before),
        said: problem.said,
    };
    let problems = seen.problems.into_iter().map(problem).collect();
    let html = drawn(seen.chapter, seen.terms, &format!("/studio/{course}/fichiers/"));
    Ok(Preview { html, problems })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    request: Uuid,
    base: i64,
    title: String,
    summary: String,
    minutes: String,
    objectives: String,
    text: String,
}

/// `POST /studio/{course}/chapitres/{chapter}`: the form, as it is sent without script.
pub async fn save(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path((course, chapter)): Path<(CourseSlug, ChapterSlug)>,
    Form(sent): Form<Sent>,
) -> Result<Response> {
    let (author, framed) = chapter_of(&app, &viewer, &course, &chapter).await?;
    let minutes = sent.minutes.trim().parse::<u32>().ok().filter(|minutes| (1..=240).contains(minutes));
    let written = Written {
        title: sent.title,
        summary: sent.summary,
        minutes,
        objectives: super::settings::lines(&sent.objectives),
        text: sent.text.replace("\r\n", "\n"),
    };
    let kept = writing::now(app.db.reader(), &author, &chapter).await?;
    let is_said = store::is_done(app.db.reader(), &course, sent.request).await?;
    if minutes.is_none() || (kept.revision != sent.base && !is_said) {
        return mend(&app, around, (author, framed), &chapter, (sent.base, written), kept).await;
    }
    writing::save(&app, &author, &chapter, Saving { request: sent.request, base: sent.base, written }).await?;
    Ok(Redirect::to(&format!("/studio/{course}/chapitres/{chapter}")).into_response())
}

/// The form again, with what was typed: where somebody saved since, put together with it, both shown.
async fn mend(
    app: &App,
    around: Surroundings,
    (author, framed): (CourseAuthor, Framed),
    chapter: &ChapterSlug,
    (base, typed): (i64, Written),
    now: Kept,
) -> Result<Response> {
    let db = app.db.reader();
    let (status, problem, other, shown);
    if now.revision == base {
        status = StatusCode::UNPROCESSABLE_ENTITY;
        problem = "La durée est un nombre de minutes, de 1 à 240. Rien n’est encore enregistré.".to_owned();
        other = None;
        shown = typed;
    } else {
        let path = writing::path(chapter);
        let made_from = store::revision(db, &author.course, &path, base).await?.ok_or(Error::NotFound)?;
        let made_from = file::read(&super::text(store::bytes(db, &made_from).await?)?);
        shown = merge_written(&made_from, &now.written, &typed).0;
        status = StatusCode::CONFLICT;
        problem = "Quelqu’un a enregistré ce chapitre pendant que vous l’écriviez. Les deux textes sont réunis ci-dessous, et montrés à part plus bas\u{a0}: relisez, puis enregistrez.".to_owned();
        other = Some((now.written.text.clone(), typed.text));
    }
    let title = shown.title.clone();
    let page = editor(app, (author, framed), chapter, now, Some(shown)).await?;
    let page = ChapterPage { problem: Some(problem), other, ..page };
    Ok(around.studio_page(status, &title, chapter_page(page)))
}

/// `POST /studio/{course}/chapitres/{chapter}/enregistrement`: what the editor says every few seconds.
pub async fn keep(
    State(app): State<App>,
    viewer: Viewer,
    Path((course, chapter)): Path<(CourseSlug, ChapterSlug)>,
    Json(Save { tab, base, request, written }): Json<Save>,
) -> Result<Json<Told>> {
    let (author, _) = chapter_of(&app, &viewer, &course, &chapter).await?;
    let here = app.tables.sit((course, chapter.clone(), tab), (author.person, viewer.name()), app.clock.now());
    let (kept, sent) = match written {
        None => (writing::now(app.db.reader(), &author, &chapter).await?, None),
        Some(written) => {
            let saving = Saving { request, base, written: written.clone() };
            (writing::save(&app, &author, &chapter, saving).await?, Some(written))
        }
    };
    let is_news = match &sent {
        Some(sent) => *sent != kept.written,
        None => kept.revision != base,
    };
    Ok(Json(Told {
        revision: kept.revision,
        written: is_news.then_some(kept.written),
        conflicts: kept.conflicts,
        at: hour(kept.saved_at),
        here,
    }))
}

/// `POST /studio/{course}/chapitres/{chapter}/apercu`: what agents would read.
pub async fn preview(
    State(app): State<App>,
    viewer: Viewer,
    Path((course, chapter)): Path<(CourseSlug, ChapterSlug)>,
    Json(written): Json<Written>,
) -> Result<Json<Preview>> {
    super::super::authored(&app, &viewer, &course).await?;
    Ok(Json(previewed(&app, &course, &chapter, &written).await?))
}
