//! Webinars before and after they take place.

mod form;

pub use form::{edit, edit_page, new_page, plan};

use super::letters::{Sender, invitation};
use super::planning;
use super::recording;
use super::store::{self, Webinar};
use crate::access::{Viewer, WebinarGuest};
use crate::app::App;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::place;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::ids::{CourseSlug, WebinarId};
use domain::place::DepartementCode;
use domain::webinar::calendar::Method;
use domain::webinar::plan::{Problem, read_reason};
use domain::webinar::registration::Status;
use frontend::home::NextWebinar;
use frontend::webinar::planning::{
    Card, Details, Manage, Recorded, RosterLine, Standing, WebinarList, details_page, list_page,
};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use jiff::Timestamp;
use serde::Deserialize;

/// Webinars looked at for a list: years of them.
const LISTED: u64 = 500;

/// Past webinars shown.
const PAST: usize = 20;

/// What the viewer sees of a webinar in a list.
struct Seen {
    webinar: Webinar,
    standing: Standing,
    free: u32,
}

impl Seen {
    fn card(self, now: Timestamp) -> Card {
        Card {
            href: format!("/webinaires/{}", self.webinar.id),
            starts_at: self.webinar.schedule.starts_at,
            minutes: self.webinar.schedule.minutes,
            stage: self.webinar.stage(now),
            title: self.webinar.title,
            standing: self.standing,
            free: self.free,
        }
    }
}

/// Every webinar that the viewer may know of, the latest first.
async fn seen(app: &App, viewer: &Viewer) -> Result<Vec<Seen>> {
    let db = app.db.reader();
    let all = store::latest(db, LISTED).await?;
    let asked = store::registrations_of(db, viewer.person).await?;
    let departement = departement(app, viewer).await?;
    let known: Vec<_> = all
        .into_iter()
        .filter(|webinar| viewer.guest_of(webinar, departement, asked.get(&webinar.id).copied()).is_ok())
        .collect();
    let taken = store::taken(db, &known.iter().map(|webinar| webinar.id).collect::<Vec<_>>()).await?;
    let seen = known.into_iter().map(|webinar| Seen {
        standing: standing(viewer, &webinar, asked.get(&webinar.id).copied(), None),
        free: webinar.capacity.saturating_sub(taken.get(&webinar.id).copied().unwrap_or(0)),
        webinar,
    });
    Ok(seen.collect())
}

fn standing(viewer: &Viewer, webinar: &Webinar, status: Option<Status>, rank: Option<usize>) -> Standing {
    match status {
        _ if webinar.is_led_by(viewer.person) => Standing::Leads,
        Some(Status::Registered) => Standing::Registered,
        Some(Status::Waiting) => Standing::Waiting(rank),
        Some(Status::Withdrawn) | None => Standing::None,
    }
}

async fn departement(app: &App, viewer: &Viewer) -> Result<Option<DepartementCode>> {
    Ok(place::of(app, viewer.person).await?.map(|(_, departement)| departement))
}

fn published(app: &App) -> Vec<CourseSlug> {
    app.library.current().iter().map(|published| published.course.slug.clone()).collect()
}

/// `GET /webinaires`
pub async fn list(State(app): State<App>, viewer: Viewer, around: Surroundings) -> Result<Response> {
    let now = app.clock.now();
    let mut page = WebinarList { can_plan: viewer.planner(&published(&app)).is_ok(), ..WebinarList::default() };
    for seen in seen(&app, &viewer).await? {
        let over = seen.webinar.stage(now).is_over();
        let has_part = seen.standing != Standing::None;
        match (over, has_part) {
            (false, true) => page.mine.push(seen.card(now)),
            (false, false) => page.to_come.push(seen.card(now)),
            (true, _) if page.past.len() < PAST => page.past.push(seen.card(now)),
            (true, _) => {}
        }
    }
    page.mine.reverse();
    page.to_come.reverse();
    Ok(around.page("Webinaires", list_page(page)))
}

/// The next webinar that the viewer has a part in, else the next they may register for.
///
/// # Errors
/// When the database fails.
pub async fn next(app: &App, viewer: &Viewer) -> Result<Option<NextWebinar>> {
    let now = app.clock.now();
    let coming: Vec<_> =
        seen(app, viewer).await?.into_iter().filter(|seen| !seen.webinar.stage(now).is_over()).collect();
    // The latest first: the next is the last.
    let own = coming.iter().rev().find(|seen| seen.standing != Standing::None);
    let next = own.or_else(|| coming.iter().rev().find(|seen| seen.webinar.stage(now).takes_registrations().is_ok()));
    Ok(next.map(|seen| NextWebinar {
        href: format!("/webinaires/{}", seen.webinar.id),
        title: seen.webinar.title.clone(),
        starts_at: seen.webinar.schedule.starts_at,
        stage: seen.webinar.stage(now),
        has_part: seen.standing != Standing::None,
    }))
}

/// The webinar of that address, if the viewer may know of it, and the right to read of it.
pub(super) async fn known(app: &App, viewer: &Viewer, id: &str) -> Result<(Webinar, WebinarGuest)> {
    let id: WebinarId = id.parse().map_err(|_| Error::NotFound)?;
    let webinar = store::webinar(app.db.reader(), id).await?.ok_or(Error::NotFound)?;
    let status = store::status_of(app.db.reader(), id, viewer.person).await?;
    let guest = viewer.guest_of(&webinar, departement(app, viewer).await?, status)?;
    Ok((webinar, guest))
}

/// `GET /webinaires/{webinar}`
pub async fn details(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<String>,
) -> Result<Response> {
    let (webinar, _) = known(&app, &viewer, &id).await?;
    show(&app, &viewer, around, webinar, None).await
}

async fn show(
    app: &App,
    viewer: &Viewer,
    around: Surroundings,
    webinar: Webinar,
    refused: Option<(String, Problem)>,
) -> Result<Response> {
    let (now, db) = (app.clock.now(), app.db.reader());
    let roster = store::roster(db, &webinar).await?;
    let recorded = recorded(app, &webinar).await?;
    let manage = if viewer.manager_of(&webinar).is_ok() {
        let people = store::registrants(db, webinar.id).await?;
        let line = |entry: &domain::webinar::registration::Registration| {
            let person = people.get(&entry.person)?;
            Some(RosterLine { name: person.name(), email: person.email.clone(), at: entry.at, status: entry.status })
        };
        let roster = roster.entries().iter().filter_map(line).collect();
        let (reason, problem) = refused.clone().unzip();
        let problem = problem.map(|problem| problem.said);
        let removable = matches!(recorded, Some(Recorded::Whole { .. }));
        Some(Manage { roster, reason: reason.unwrap_or_default(), problem, removable })
    } else {
        None
    };
    let standing = standing(viewer, &webinar, roster.status(viewer.person), roster.rank(viewer.person));
    let course = app.library.course(&webinar.course);
    let title = webinar.title.clone();
    let view = details_page(Details {
        href: format!("/webinaires/{}", webinar.id),
        opens_at: webinar.schedule.opens_at(),
        starts_at: webinar.schedule.starts_at,
        minutes: webinar.schedule.minutes,
        stage: webinar.stage(now),
        trainers: webinar.trainers.iter().map(store::Person::name).collect(),
        title: webinar.title,
        description: webinar.description,
        course: course.map_or_else(|| webinar.course.to_string(), |published| published.course.title.clone()),
        audience: webinar.audience.name(),
        threshold: u8::try_from(webinar.threshold).unwrap_or(100),
        capacity: webinar.capacity,
        free: u32::try_from(roster.free()).unwrap_or(u32::MAX),
        standing,
        cancelled_why: webinar.cancelled_why,
        recorded,
        manage,
    });
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(around.page_as(status, &title, view))
}

/// Where the recording of a webinar stands; nothing where there is none and will be none.
async fn recorded(app: &App, webinar: &Webinar) -> Result<Option<Recorded>> {
    let Some(known) = recording::of(app.db.reader(), webinar.id).await? else {
        let until = recording::kept_until(webinar, webinar.schedule.starts_at);
        let to_come = webinar.recorded && !webinar.stage(app.clock.now()).is_over();
        return Ok(to_come.then_some(Recorded::Planned { until }));
    };
    let until = known.kept_until;
    Ok(Some(match known.state {
        recording::State::Running => Recorded::Running { until },
        recording::State::Whole => Recorded::Whole { until },
        recording::State::Failed => Recorded::Failed,
        recording::State::Removed => Recorded::Removed { at: known.removed_at.unwrap_or(known.started_at) },
    }))
}

/// `POST …/inscription`
pub async fn register(State(app): State<App>, viewer: Viewer, Path(id): Path<String>) -> Result<Redirect> {
    let (_, guest) = known(&app, &viewer, &id).await?;
    planning::register(&app, guest).await?;
    Ok(back_to(guest.webinar))
}

/// `POST …/desistement`
pub async fn withdraw(State(app): State<App>, viewer: Viewer, Path(id): Path<String>) -> Result<Redirect> {
    let (_, guest) = known(&app, &viewer, &id).await?;
    planning::withdraw(&app, guest).await?;
    Ok(back_to(guest.webinar))
}

/// `GET …/invitation.ics`
pub async fn calendar(State(app): State<App>, viewer: Viewer, Path(id): Path<String>) -> Result<Response> {
    let (webinar, _) = known(&app, &viewer, &id).await?;
    let method = if webinar.schedule.cancelled_at.is_some() { Method::Cancel } else { Method::Publish };
    let headers = [
        (CONTENT_TYPE, format!("text/calendar; method={}; charset=utf-8", method.as_str())),
        (CONTENT_DISPOSITION, "attachment; filename=\"webinaire.ics\"".to_owned()),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, invitation(&webinar, None, method, &Sender::of(&app))).into_response())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cancelled {
    #[serde(default)]
    reason: String,
}

/// `POST …/annuler`
pub async fn cancel(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<String>,
    Form(form): Form<Cancelled>,
) -> Result<Response> {
    let (webinar, _) = known(&app, &viewer, &id).await?;
    let manager = viewer.manager_of(&webinar)?;
    match read_reason(&form.reason) {
        Ok(why) => {
            planning::cancel(&app, manager, why).await?;
            Ok(back_to(manager.webinar).into_response())
        }
        Err(problem) => show(&app, &viewer, around, webinar, Some((form.reason, problem))).await,
    }
}

pub(super) fn back_to(id: WebinarId) -> Redirect {
    Redirect::to(&format!("/webinaires/{id}"))
}
