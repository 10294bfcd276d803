//! `/studio`: the courses that one writes, and those that begin.

use super::{DESCRIPTION, courses, text_of};
use crate::access::Viewer;
use crate::app::App;
use crate::course::library;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::ids::CourseSlug;
use domain::studio::description::{self, Description};
use domain::studio::written::one_line;
use domain::text;
use frontend::studio::desk::{CourseLine, DeskPage, NewPage, NewTyped, Stands, desk_page, new_page};
use http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;

/// Signs of a proposed slug.
const SLUG: usize = 48;

/// `GET /studio`
pub async fn list(State(app): State<App>, viewer: Viewer, around: Surroundings) -> Result<Response> {
    let founder = viewer.course_founder().ok();
    let written = courses::written_by(&app, &viewer).await?;
    if founder.is_none() && written.is_empty() {
        return Err(Error::NotFound);
    }
    let db = app.db.reader();
    let mut lines = Vec::new();
    for (draft, author) in &written {
        let described = text_of(db, &draft.course, DESCRIPTION).await?.unwrap_or_default().1;
        let title = description::read(&described).title;
        let published = library::newest(db, &draft.course).await?;
        let stands = match (published, courses::has_changed(db, &draft.course).await?) {
            (Some(newest), Some(changed)) => Stands::Published { number: newest.number.unsigned_abs(), changed },
            _ => Stands::Draft,
        };
        let title = if title.is_empty() { draft.course.to_string() } else { title };
        lines.push(CourseLine { slug: draft.course.to_string(), title, stands, publishes: author.publishes });
    }
    for published in app.library.current() {
        let course = &published.course;
        let is_open = written.iter().any(|(draft, _)| draft.course == course.slug);
        if !is_open && viewer.course_publisher(&course.slug).is_ok() {
            let stands = Stands::Closed { number: published.number, request: app.dice.uuid().to_string() };
            lines.push(CourseLine {
                slug: course.slug.to_string(),
                title: course.title.clone(),
                stands,
                publishes: true,
            });
        }
    }
    lines.sort_by_cached_key(|line| text::folded(&line.title));
    let view = desk_page(DeskPage { courses: lines, founds: founder.is_some() });
    Ok(around.studio_page(StatusCode::OK, "Studio", view))
}

#[derive(Debug, Deserialize)]
pub struct Asked {
    /// The course to copy.
    copie: Option<CourseSlug>,
}

/// `GET /studio/nouveau`: a course from nothing, or a copy.
pub async fn new(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Query(Asked { copie }): Query<Asked>,
) -> Result<Response> {
    viewer.course_founder()?;
    let mut typed = NewTyped {
        request: app.dice.uuid().to_string(),
        licence: "CC BY 4.0".to_owned(),
        copied: copie.as_ref().map(CourseSlug::to_string).unwrap_or_default(),
        ..NewTyped::default()
    };
    if let Some(from) = &copie {
        let said = copied_from(&app, &viewer, from).await?;
        typed.title = format!("{} (copie)", said.title);
        typed.summary = said.summary;
        typed.objectives = said.objectives.join("\n");
        typed.licence = said.licence;
    }
    Ok(form(around, StatusCode::OK, typed, Vec::new()))
}

/// What the course to copy says of itself, for who may write it.
async fn copied_from(app: &App, viewer: &Viewer, from: &CourseSlug) -> Result<Description> {
    if super::super::authored(app, viewer, from).await.is_ok() {
        let described = text_of(app.db.reader(), from, DESCRIPTION).await?.unwrap_or_default().1;
        return Ok(description::read(&described));
    }
    viewer.course_publisher(from)?;
    let published = app.library.course(from).ok_or(Error::NotFound)?;
    let course = &published.course;
    Ok(Description {
        title: course.title.clone(),
        summary: course.summary.clone(),
        objectives: course.objectives.clone(),
        licence: course.licence.clone(),
    })
}

fn form(around: Surroundings, status: StatusCode, typed: NewTyped, problems: Vec<(&'static str, String)>) -> Response {
    let title = if typed.copied.is_empty() { "Nouveau cours" } else { "Copier un cours" };
    around.studio_page(status, title, new_page(NewPage { typed, problems }))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begun {
    request: Uuid,
    #[serde(default)]
    copied: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    slug: String,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    objectives: String,
    #[serde(default)]
    licence: String,
}

/// `POST /studio/nouveau`
pub async fn begin(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Form(sent): Form<Begun>,
) -> Result<Response> {
    let founder = viewer.course_founder()?;
    let mut said = Description {
        title: sent.title.trim().to_owned(),
        summary: one_line(&sent.summary),
        objectives: super::settings::lines(&sent.objectives),
        licence: sent.licence.trim().to_owned(),
    };
    let mut problems = super::settings::problems(&said);
    let proposed =
        if sent.slug.trim().is_empty() { text::slug(&said.title, SLUG) } else { sent.slug.trim().to_owned() };
    let slug = proposed.parse::<CourseSlug>();
    match &slug {
        Err(_) if said.title.is_empty() && sent.slug.trim().is_empty() => {}
        Err(error) => problems.push(("slug", error.to_string())),
        Ok(slug) if super::store::is_done(app.db.reader(), slug, sent.request).await? => {}
        Ok(slug) => problems.extend(courses::refusal(&app, slug).await?.map(|said| ("slug", said))),
    }
    let (Ok(slug), true) = (slug, problems.is_empty()) else {
        let Begun { request, copied, title, summary, objectives, licence, .. } = sent;
        let request = request.to_string();
        let typed = NewTyped { request, copied, title, slug: proposed, summary, objectives, licence };
        return Ok(form(around, StatusCode::UNPROCESSABLE_ENTITY, typed, problems));
    };
    let files = match sent.copied.parse::<CourseSlug>() {
        Ok(from) => {
            copied_from(&app, &viewer, &from).await?;
            courses::copied(&app, &from, &said).await?
        }
        Err(_) => courses::founded(&std::mem::take(&mut said)),
    };
    courses::begin(&app, founder, &slug, sent.request, files).await?;
    Ok(Redirect::to(&format!("/studio/{slug}")).into_response())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    request: Uuid,
}

/// `POST /studio/{course}/ouvrir`: the draft of a published course.
pub async fn open(
    State(app): State<App>,
    viewer: Viewer,
    Path(course): Path<CourseSlug>,
    Form(Opened { request }): Form<Opened>,
) -> Result<Redirect> {
    let author = viewer.course_author(&course, &[])?;
    crate::studio::begin(&app, &author.course, author.person, request).await?;
    Ok(Redirect::to(&format!("/studio/{course}")))
}
