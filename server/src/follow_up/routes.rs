//! Pages of the follow-up.

use super::store::{self, ChapterTally, Question};
use super::territory::{self, Place};
use crate::access::{TerritoryReader, Viewer};
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity;
use crate::page::Surroundings;
use crate::record::routes::{Before, dossier};
use axum::extract::{Path, Query, State};
use axum::response::{Redirect, Response};
use domain::follow_up::{FEW, monthly};
use domain::identity::{Home, Sight, Subject};
use domain::ids::{CourseSlug, MaisonId, PersonId};
use domain::place::{DepartementCode, Territory};
use domain::text::{day_long, paris};
use frontend::follow_up::{ChapterLine, Courses, Links, Place as Shown, Row, Step, TerritoryPage, territory_page};
use frontend::record::dossier_page;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Which course is asked about.
#[derive(Debug, Default, Deserialize)]
pub struct AskedCourse {
    cours: Option<String>,
}

/// Which territory's parts are asked for: a département's, else the country's.
#[derive(Debug, Default, Deserialize)]
pub struct AskedTerritory {
    cours: Option<String>,
    #[serde(default)]
    departement: String,
}

/// `GET /suivi`: where this person's follow-up begins.
pub async fn home(State(app): State<App>, viewer: Viewer, Query(asked): Query<AskedCourse>) -> Result<Redirect> {
    let (course, followed) = viewer.followed_course(&published(&app), asked.cours.as_deref())?;
    let path = match viewer.home(&course)? {
        Home::Nation => "/suivi/france".to_owned(),
        Home::Departement(code) => format!("/suivi/departements/{code}"),
        Home::Maison(id) => format!("/suivi/maisons/{id}"),
    };
    Ok(Redirect::to(&(path + &suffix(&course, &followed))))
}

/// `GET /suivi/france`
pub async fn nation(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Query(asked): Query<AskedCourse>,
) -> Result<Response> {
    show(&app, &viewer, around, asked, Territory::Nation).await
}

/// `GET /suivi/departements/{departement}`
pub async fn departement(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(code): Path<String>,
    Query(asked): Query<AskedCourse>,
) -> Result<Response> {
    let code: DepartementCode = code.parse().map_err(|_| Error::NotFound)?;
    show(&app, &viewer, around, asked, Territory::Departement(code)).await
}

/// `GET /suivi/maisons/{maison}`
pub async fn maison(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<MaisonId>,
    Query(asked): Query<AskedCourse>,
) -> Result<Response> {
    let code = store::departement_of(app.db.reader(), id).await?;
    show(&app, &viewer, around, asked, Territory::Maison(id, code)).await
}

async fn show(
    app: &App,
    viewer: &Viewer,
    around: Surroundings,
    asked: AskedCourse,
    territory: Territory,
) -> Result<Response> {
    let (course, followed) = viewer.followed_course(&published(app), asked.cours.as_deref())?;
    let reader = viewer.reader_of_territory(&course, territory)?;
    let asked = question(app, &course);
    let counted = territory::count(app, viewer, &reader, &asked).await?;
    let today = paris(app.clock.now()).date();
    let db = app.db.reader();
    let suffix = suffix(&course, &followed);
    let sees_all = reader.sight == Sight::People;
    // Of chapters whoever tried is counted, who may be few where the agents are many: told of the country only.
    let tells_chapters = counted.whole.is_some() && (sees_all || territory == Territory::Nation);
    let (done, formed, chapters) = if counted.whole.is_some() {
        tokio::try_join!(store::done_on(db, &course, territory), store::formed_on(db, &course, territory), async {
            if tells_chapters { store::chapters(db, &course, territory).await } else { Ok(Vec::new()) }
        })?
    } else {
        Default::default()
    };
    let knows = |territory| viewer.reader_of_territory(&course, territory).is_ok();
    let (place, title, href) = named(territory, counted.named.as_ref());
    let mut trail = Vec::new();
    if territory != Territory::Nation && knows(Territory::Nation) {
        trail.push((format!("/suivi/france{suffix}"), "France".to_owned()));
    }
    if let Territory::Maison(_, code) = territory
        && knows(Territory::Departement(code))
    {
        trail.push((format!("/suivi/departements/{code}{suffix}"), code.name().to_owned()));
    }
    let rows = counted.parts.into_iter().map(|part| {
        let (path, inside) = match part.place {
            Place::Departement(code) => (format!("/suivi/departements/{code}"), Some(Territory::Departement(code))),
            Place::Maison(id) => {
                let Territory::Departement(code) = territory else {
                    return Row { href: None, name: part.name, tally: part.tally };
                };
                (format!("/suivi/maisons/{id}"), Some(Territory::Maison(id, code)))
            }
            Place::Nowhere => (String::new(), None),
        };
        let opens = part.tally.is_some() && inside.is_some_and(knows);
        Row { href: opens.then(|| path + &suffix), name: part.name, tally: part.tally }
    });
    let keeps = viewer.planner(std::slice::from_ref(&course)).is_ok();
    let page = TerritoryPage {
        place,
        title: title.clone(),
        trail,
        href,
        days: app.config.training_days,
        whole: counted.whole,
        maisons: counted.maisons,
        done: monthly(&done, today),
        formed: monthly(&formed, today),
        plan: if territory == Territory::Nation { plan(app) } else { Vec::new() },
        chapters: tells_chapters.then(|| chapter_lines(app, &course, &chapters, sees_all)),
        rows: rows.collect(),
        masks: !sees_all,
        links: Links {
            disputes: keeps.then(|| "/suivi/contestations".to_owned()),
            sessions: keeps.then(|| "/presentiel".to_owned()),
            ..links(&reader, domain::identity::reach(&viewer.grants, &course).is_some(), &course, &followed)
        },
        courses: courses(app, &course, &followed),
    };
    Ok(around.page(&format!("Suivi, {title}"), territory_page(page)))
}

fn named(territory: Territory, maison: Option<&(String, String)>) -> (Shown, String, String) {
    match territory {
        Territory::Nation => (Shown::Nation, "France".to_owned(), "/suivi/france".to_owned()),
        Territory::Departement(code) => {
            (Shown::Departement, format!("{} ({code})", code.name()), format!("/suivi/departements/{code}"))
        }
        Territory::Maison(id, _) => {
            let name = maison.map_or_else(String::new, |(name, commune)| {
                if name.contains(commune) { name.clone() } else { format!("{name}, {commune}") }
            });
            (Shown::Maison, name, format!("/suivi/maisons/{id}"))
        }
    }
}

/// Lists are of the names that the reader may list; a trainer's begin with those who have begun.
fn links(reader: &TerritoryReader, lists: bool, course: &CourseSlug, followed: &[CourseSlug]) -> Links {
    let course = if followed.len() > 1 { format!("cours={course}&") } else { String::new() };
    let (here, parts) = match reader.territory {
        Territory::Nation => (String::new(), Some(String::new())),
        Territory::Departement(code) => (format!("departement={code}&"), Some(format!("departement={code}&"))),
        Territory::Maison(id, _) => (format!("maison={id}&"), None),
    };
    let to = |path: &str, more: &str| format!("{path}?{course}{here}{more}").trim_end_matches(['&', '?']).to_owned();
    let lists = lists.then_some(());
    let file = |kind: &str| {
        let parts = parts.as_ref()?;
        Some(format!("/suivi/territoires/fichier/{kind}?{course}{parts}").trim_end_matches(['&', '?']).to_owned())
    };
    Links {
        agents: lists.map(|()| to("/suivi/agents", "")),
        late: lists.map(|()| to("/suivi/agents", "etat=en-retard")),
        reminders: lists.map(|()| to("/suivi/relances", "")),
        disputes: None,
        sessions: None,
        cohorts: lists.map(|()| format!("/cohortes?{course}").trim_end_matches(['&', '?']).to_owned()),
        csv: file("csv"),
        xlsx: file("xlsx"),
    }
}

fn plan(app: &App) -> Vec<Step> {
    let steps = app.config.plan.iter();
    steps.map(|(day, maisons)| Step { maisons: *maisons, by: day_long(*day) }).collect()
}

/// Hardest first: the least passed, then what took the most attempts.
fn chapter_lines(app: &App, course: &CourseSlug, chapters: &[ChapterTally], sees_all: bool) -> Vec<ChapterLine> {
    let Some(published) = app.library.course(course) else { return Vec::new() };
    let positive = |n: i64| u64::try_from(n).unwrap_or(0);
    let per = |n: i64, tried: i64| u32::try_from(positive(n).checked_div(positive(tried)).unwrap_or(0)).unwrap_or(0);
    let mut lines: Vec<ChapterLine> = chapters
        .iter()
        .filter_map(|tally| {
            let slug = tally.chapter.parse().ok()?;
            let chapter = published.chapter(&slug)?;
            let tried = positive(tally.tried);
            let share = |n: i64| u8::try_from(per(n, tally.tried)).unwrap_or(100);
            Some(ChapterLine {
                title: format!("{}. {}", chapter.number, chapter.title),
                tried: (sees_all || tried >= FEW).then_some(tried),
                percent_passed: share(tally.passed.saturating_mul(100)),
                attempts: per(tally.attempts.saturating_mul(100), tally.tried),
                percent_best: share(tally.best),
            })
        })
        .collect();
    // What is masked comes last, in an order that tells nothing.
    lines.sort_by_key(|line| match line.tried {
        Some(_) => (false, line.percent_passed, u32::MAX - line.attempts, line.title.clone()),
        None => (true, 0, 0, line.title.clone()),
    });
    lines
}

/// `GET /suivi/{person}`: the record of an agent, to those who follow them.
pub async fn agent(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(person): Path<PersonId>,
    Query(before): Query<Before>,
) -> Result<Response> {
    let subject = subject(&app, person).await?;
    let reader = viewer.reader_of(&subject)?;
    let account = identity::store::account(&app, person).await?.ok_or(Error::NotFound)?;
    let name = format!("{} {}", account.first_name, account.last_name);
    let title = format!("Dossier de {name}");
    let dossier = dossier(&app, &reader, name, &format!("/suivi/{person}"), before, false).await?;
    Ok(around.page(&title, dossier_page(dossier)))
}

pub(crate) async fn subject(app: &App, person: PersonId) -> Result<Subject> {
    let folded = crate::record::store::load(app.db.reader(), person).await?;
    let place = crate::place::of(app, person).await?;
    let mut courses: BTreeSet<CourseSlug> = folded.record.courses.keys().cloned().collect();
    courses.extend(crate::cohort::courses_of(app.db.reader(), person).await?);
    Ok(Subject { person, maison: place, courses })
}

pub(super) fn territory_of(app: &App, viewer: &Viewer, asked: &AskedTerritory) -> Result<TerritoryReader> {
    let (course, _) = viewer.followed_course(&published(app), asked.cours.as_deref())?;
    let territory = match asked.departement.as_str() {
        "" => Territory::Nation,
        code => Territory::Departement(code.parse().map_err(|_| Error::NotFound)?),
    };
    viewer.reader_of_territory(&course, territory)
}

pub(crate) fn question(app: &App, course: &CourseSlug) -> Question {
    Question { course: course.clone(), now: app.clock.now(), days: app.config.training_days }
}

/// How many chapters the course has.
pub(super) fn chapters_of(app: &App, course: &CourseSlug) -> u32 {
    let chapters = app.library.course(course).map_or(0, |published| published.course.chapters.len());
    u32::try_from(chapters).unwrap_or(u32::MAX)
}

pub(crate) fn published(app: &App) -> Vec<CourseSlug> {
    app.library.current().iter().map(|published| published.course.slug.clone()).collect()
}

pub(crate) fn courses(app: &App, shown: &CourseSlug, followed: &[CourseSlug]) -> Courses {
    let title = |slug: &CourseSlug| {
        let published = app.library.course(slug);
        (slug.to_string(), published.map_or_else(|| slug.to_string(), |published| published.course.title.clone()))
    };
    Courses { shown: title(shown), all: followed.iter().map(title).collect() }
}

/// The query that keeps to a course, where there are several.
fn suffix(course: &CourseSlug, followed: &[CourseSlug]) -> String {
    if followed.len() > 1 { format!("?cours={course}") } else { String::new() }
}
