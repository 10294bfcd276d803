//! Pages of the learner's path: home, outline, chapter, search.

use super::library::Published;
use super::offer::{is_offered, offered};
use super::reading::{self, Position, Read};
use super::search as index;
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::studio::publishing::notices;
use crate::{certificate, cohort, quiz, record, webinar};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::{Form, Json};
use domain::course::{ASSESSMENT, Chapter, Course, POSITIONING, remaining};
use domain::ids::{ChapterSlug, CourseSlug, SectionSlug};
use domain::quiz::{AttemptState, Quiz};
use domain::record::{ChapterRecord, Record};
use domain::search::{excerpt, terms};
use domain::text::{counted, duration, percent};
use frontend::course::{
    ChapterPage, Neighbour, OutlinePage, QuizStatus, SheetPage, chapter_page, outline_page, sheet_page,
};
use frontend::home::{Home, Next, Path as CoursePath, Step, StepState, home_page, welcome_page};
use frontend::search::{Hit, Results, results_page};
use http::header::ACCEPT;
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Words of a paragraph shown on each side of those found.
const EXCERPT: usize = 20;

/// `GET /`: what is done, what remains, and one button to go on.
pub async fn home(State(app): State<App>, viewer: Option<Viewer>, around: Surroundings) -> Result<Response> {
    let Some(viewer) = viewer else {
        return Ok(around.page("Se former à distance", welcome_page()));
    };
    let folded = record::store::load(app.db.reader(), viewer.person).await?;
    let mut courses = Vec::new();
    for published in app.library.current() {
        if is_offered(&app, &viewer, &published.course.slug).await? {
            courses.push(path(&app, &viewer, &published, &folded.record).await?);
        }
    }
    let notices = notices::unread(app.db.reader(), viewer.person, None).await?;
    let webinar = webinar::routes::next(&app, &viewer).await?;
    let replays = webinar::replay::list(&app, &viewer, &folded.record).await?;
    let certificates = certificate::store::in_force(app.db.reader(), viewer.person).await?;
    let certificates = certificate::routes::held(&certificates);
    let cohorts = cohort::of_agent(&app, viewer.person).await?;
    let view =
        home_page(Home { first_name: viewer.first_name, notices, webinar, replays, cohorts, certificates, courses });
    Ok(around.page("Mon parcours", view))
}

/// `GET /cours/{course}`
pub async fn outline(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(course): Path<CourseSlug>,
) -> Result<Response> {
    let published = offered(&app, &viewer, &course).await?;
    let folded = record::store::load(app.db.reader(), viewer.person).await?;
    let path = path(&app, &viewer, &published, &folded.record).await?;
    let view = outline_page(OutlinePage {
        path,
        objectives: published.course.objectives.clone(),
        licence: published.course.licence.clone(),
        version: published.number,
    });
    Ok(around.page(&published.course.title, view))
}

async fn path(app: &App, viewer: &Viewer, published: &Published, record: &Record) -> Result<CoursePath> {
    let course = &published.course;
    let mut read = BTreeMap::<ChapterSlug, Read>::new();
    for ((chapter, section), at) in reading::read_in_course(app.db.reader(), viewer.person, &course.slug).await? {
        read.entry(chapter).or_default().insert(section, at);
    }
    let none = Read::new();
    let steps: Vec<Step> = course
        .chapters
        .iter()
        .map(|chapter| {
            let read = read.get(&chapter.slug).unwrap_or(&none);
            let earned = record.chapter(&course.slug, &chapter.slug);
            let acquired = earned.and_then(|earned| earned.acquired.as_ref());
            let state = match (acquired, earned.and_then(|earned| earned.exempted.as_ref())) {
                (Some(acquired), _) => StepState::Done { said: "Acquis", on: acquired.at },
                (None, Some(exempted)) => StepState::Exempted { on: exempted.at },
                (None, None) if earned.is_none() && read.is_empty() => StepState::Todo,
                (None, None) => StepState::Ongoing { remains: remains(chapter, read, earned) },
            };
            Step {
                title: format!("Chapitre {} : {}", chapter.number, chapter.title),
                href: format!("/cours/{}/{}", course.slug, chapter.slug),
                minutes: chapter.minutes,
                state,
            }
        })
        .collect();
    let earned = record.courses.get(&course.slug);
    let positioning = course.positioning.as_ref().map(|positioning| {
        let done = earned.and_then(|earned| earned.positioned.as_ref());
        let state = done.map_or(StepState::Todo, |done| StepState::Done { said: "Fait", on: done.earned.at });
        whole_step(course, POSITIONING, &positioning.quiz, positioning.minutes, state)
    });
    let assessment = course.assessment.as_ref().map(|assessment| {
        let done = earned.and_then(|earned| earned.assessment.as_ref()).and_then(|known| known.quiz.passed.as_ref());
        let state = done.map_or(StepState::Todo, |done| StepState::Done { said: "Réussie", on: done.at });
        whole_step(course, ASSESSMENT, &assessment.quiz, assessment.minutes, state)
    });
    let position = reading::position(app, viewer.person, &course.slug).await?;
    let fresh = positioning.as_ref().filter(|_| position.is_none());
    let next = match next_whole(fresh, &steps, assessment.as_ref()) {
        Some(next) => Some(next),
        None => next(app, viewer, published, &steps, &read, position).await?,
    };
    Ok(CoursePath {
        slug: course.slug.clone(),
        title: course.title.clone(),
        summary: course.summary.clone(),
        minutes_done: record.courses.get(&course.slug).map_or(0, domain::record::CourseRecord::minutes),
        minutes_total: course.minutes(),
        positioning,
        chapters: steps,
        assessment,
        next,
    })
}

/// A quiz of the whole course as a step of the path.
fn whole_step(course: &Course, slug: &str, quiz: &Quiz, minutes: u32, state: StepState) -> Step {
    Step { title: quiz.title.clone(), href: format!("/cours/{}/{slug}/quiz", course.slug), minutes, state }
}

/// The quiz of the whole course that comes next: the positioning while nothing is begun, the assessment
/// once every chapter is done.
fn next_whole(positioning: Option<&Step>, chapters: &[Step], assessment: Option<&Step>) -> Option<Next> {
    let todo = |step: &&Step| matches!(step.state, StepState::Todo);
    let nothing_begun = chapters.iter().all(|step| todo(&step));
    let all_done = chapters.iter().all(|step| step.state.is_done());
    let first = positioning.filter(|step| nothing_begun && todo(step)).map(|step| ("Commencer", step));
    let last = assessment.filter(|step| all_done && todo(step)).map(|step| ("Passer l’évaluation finale", step));
    first.or(last).map(|(label, step)| Next {
        label: label.into(),
        href: step.href.clone(),
        detail: format!("{}, {}", step.title, duration(step.minutes)),
    })
}

/// Where to go on: the place where the agent stopped while its chapter is not acquired, else the first
/// chapter that is not; its quiz when all of it is read.
async fn next(
    app: &App,
    viewer: &Viewer,
    published: &Published,
    steps: &[Step],
    read: &BTreeMap<ChapterSlug, Read>,
    position: Option<Position>,
) -> Result<Option<Next>> {
    let course = &published.course;
    let unfinished: Vec<_> = course.chapters.iter().zip(steps).filter(|(_, step)| !step.state.is_done()).collect();
    let stopped_in =
        position.as_ref().and_then(|position| unfinished.iter().find(|(chapter, _)| chapter.slug == position.chapter));
    let Some((chapter, step)) = stopped_in.or(unfinished.first()) else { return Ok(None) };
    let href = format!("/cours/{}/{}", course.slug, chapter.slug);
    let detail = format!("Chapitre {} : {}", chapter.number, chapter.title);
    let all_read = read.get(&chapter.slug).is_some_and(|read| is_read(chapter, read));
    if all_read && chapter.quiz.is_some() {
        let attempts = quiz::store::attempts(app.db.reader(), viewer.person, &course.slug, &chapter.slug).await?;
        let open = attempts.iter().find(|attempt| matches!(attempt.state, AttemptState::Open));
        let (label, href) = match open {
            Some(attempt) => ("Reprendre le quiz", format!("/essais/{}", attempt.id)),
            None => ("Passer au quiz", format!("{href}/quiz")),
        };
        return Ok(Some(Next { label: label.into(), href, detail }));
    }
    Ok(Some(match position.filter(|position| position.chapter == chapter.slug) {
        Some(position) => {
            Next { label: "Reprendre où j’en étais".into(), href: format!("{href}#{}", position.anchor), detail }
        }
        None if matches!(step.state, StepState::Todo) && chapter.number == 1 => {
            Next { label: "Commencer".into(), href, detail }
        }
        None => Next { label: "Continuer".into(), href, detail },
    }))
}

fn is_read(chapter: &Chapter, read: &Read) -> bool {
    chapter.sections.iter().all(|section| read.contains_key(&section.slug))
}

/// What is still to do for a chapter to be acquired, each in a sentence.
fn remains(chapter: &Chapter, read: &Read, earned: Option<&ChapterRecord>) -> Vec<String> {
    let read = read.keys().cloned().collect();
    // Who is exempted may acquire the chapter all the same.
    let asked = earned.map(|earned| ChapterRecord { exempted: None, ..earned.clone() });
    let Some(left) = remaining(chapter, &read, asked.as_ref()) else { return Vec::new() };
    let sections = u64::from(left.sections);
    let reading = (sections > 0).then(|| format!("lire {}", counted(sections, "section", "sections")));
    let quiz = left.quiz.map(|pass| match earned.and_then(|earned| earned.quiz.as_ref()) {
        Some(known) => format!(
            "réussir le quiz : {} à votre meilleur essai, {} demandés",
            percent(known.best.percent()),
            percent(pass)
        ),
        None => format!("réussir le quiz ({} des points)", percent(pass)),
    });
    reading.into_iter().chain(quiz).collect()
}

/// `GET /cours/{course}/{chapter}`
pub async fn chapter(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path((course, chapter)): Path<(CourseSlug, ChapterSlug)>,
) -> Result<Response> {
    let published = offered(&app, &viewer, &course).await?;
    let chapter = published.chapter(&chapter).ok_or(Error::NotFound)?;
    let read = reading::read(app.db.reader(), viewer.person, &course, chapter).await?;
    let folded = record::store::load(app.db.reader(), viewer.person).await?;
    let earned = folded.record.chapter(&course, &chapter.slug);
    let neighbour = |offset: isize| {
        let here = published.course.chapters.iter().position(|known| known.slug == chapter.slug)?;
        let other = published.course.chapters.get(here.checked_add_signed(offset)?)?;
        Some(Neighbour { href: format!("/cours/{course}/{}", other.slug), title: other.title.clone() })
    };
    let quiz = chapter.quiz.as_ref().map(|quiz| QuizStatus {
        href: format!("/cours/{course}/{}/quiz", chapter.slug),
        said: match earned.and_then(|earned| earned.quiz.as_ref()) {
            Some(known) if known.passed.is_some() => format!("Réussi : {} des points.", percent(known.kept.percent())),
            Some(known) => format!(
                "Pas encore réussi : {} à votre meilleur essai, {} demandés.",
                percent(known.best.percent()),
                percent(quiz.rules.pass)
            ),
            None => format!("{} des points suffisent pour le réussir.", percent(quiz.rules.pass)),
        },
    });
    let title = chapter.title.clone();
    let notices = notices::unread(app.db.reader(), viewer.person, Some((&course, &chapter.slug))).await?;
    let view = chapter_page(ChapterPage {
        notices,
        course: course.clone(),
        course_title: published.course.title.clone(),
        media_base: published.media_base(),
        remains: match earned.and_then(|earned| earned.acquired.as_ref()) {
            Some(_) => Vec::new(),
            None => remains(chapter, &read, earned),
        },
        read,
        light: around.light,
        previous: neighbour(-1),
        next: neighbour(1),
        quiz,
        terms: published.course.terms_used(chapter).into_iter().cloned().collect(),
        chapter: chapter.clone(),
    });
    Ok(around.page(&title, view))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    section: SectionSlug,
}

/// What is left of a chapter after a section was marked.
#[derive(Debug, Serialize)]
struct Remains {
    remains: Vec<String>,
}

/// `GET /cours/{course}/{chapter}/fiche`: one page to print.
pub async fn sheet(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path((course, chapter)): Path<(CourseSlug, ChapterSlug)>,
) -> Result<Response> {
    let published = offered(&app, &viewer, &course).await?;
    let chapter = published.chapter(&chapter).ok_or(Error::NotFound)?;
    let sheet = chapter.sheet.clone().ok_or(Error::NotFound)?;
    let title = sheet.title.clone();
    let view = sheet_page(SheetPage {
        sheet,
        back: Neighbour {
            href: format!("/cours/{course}/{}", chapter.slug),
            title: format!("Chapitre {} : {}", chapter.number, chapter.title),
        },
        media_base: published.media_base(),
    });
    Ok(around.page(&title, view))
}

/// `POST /cours/{course}/{chapter}/lu`: a section is read. Answers JSON to the page's script.
pub async fn mark_read(
    State(app): State<App>,
    viewer: Viewer,
    Path((course, chapter)): Path<(CourseSlug, ChapterSlug)>,
    headers: HeaderMap,
    Form(Mark { section }): Form<Mark>,
) -> Result<Response> {
    let published = offered(&app, &viewer, &course).await?;
    let chapter = published.chapter(&chapter).ok_or(Error::NotFound)?;
    let read = reading::mark(&app, viewer.person, &published, chapter, &section).await?;
    if headers.get(ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"application/json")) {
        let folded = record::store::load(app.db.reader(), viewer.person).await?;
        let remains = remains(chapter, &read, folded.record.chapter(&course, &chapter.slug));
        return Ok(Json(Remains { remains }).into_response());
    }
    let following = chapter.sections.iter().skip_while(|known| known.slug != section).nth(1);
    let anchor = following.map_or("suite", |section| section.slug.as_str());
    Ok(Redirect::to(&format!("/cours/{course}/{}#{anchor}", chapter.slug)).into_response())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stopped {
    course: CourseSlug,
    chapter: ChapterSlug,
    anchor: String,
}

/// `POST /position`: where the agent stopped, as the page's script sees it.
pub async fn stop_at(State(app): State<App>, viewer: Viewer, Json(stopped): Json<Stopped>) -> Result<StatusCode> {
    let published = offered(&app, &viewer, &stopped.course).await?;
    let chapter = published.chapter(&stopped.chapter).ok_or(Error::NotFound)?;
    let exists = chapter.sections.iter().any(|section| {
        section.slug.as_str() == stopped.anchor
            || section.passages.iter().any(|passage| passage.anchor == stopped.anchor)
    });
    if !exists {
        return Err(Error::BadRequest("Ce chapitre n’a pas cet endroit.".into()));
    }
    let position = Position { chapter: stopped.chapter, anchor: stopped.anchor };
    reading::stop_at(&app, viewer.person, &stopped.course, position).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

/// `GET /recherche`
pub async fn search(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Query(Asked { q }): Query<Asked>,
) -> Result<Response> {
    let query: String = q.chars().take(200).collect();
    let wanted = terms(&query);
    let mut hits = index::find(&app, &query).await?;
    for published in app.library.current() {
        let slug = &published.course.slug;
        if !is_offered(&app, &viewer, slug).await? {
            hits.retain(|hit| hit.course != slug.as_str());
        }
    }
    let hits = hits.into_iter().map(|hit| Hit {
        href: format!("/cours/{}/{}#{}", hit.course, hit.chapter, hit.anchor),
        chapter: hit.chapter_title,
        section: hit.section_title,
        spans: excerpt(&hit.body, &wanted, EXCERPT).into_iter().map(|span| (span.text, span.hit)).collect(),
    });
    let view = results_page(Results { query, hits: hits.collect(), most: index::MOST_HITS });
    Ok(around.page("Rechercher", view))
}
