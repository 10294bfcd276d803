//! A cohort as its trainers see it, as those who follow some of its members do, and as a member reads of it at home.

use super::attached::{self, Places};
use super::store::{self, Cohort};
use crate::access::{AgentLister, CohortManager, Viewer};
use crate::app::App;
use crate::classroom::{self, Classroom};
use crate::error::{Error, Result};
use crate::follow_up::agents::{self, Among, Filter, Order, Window};
use crate::follow_up::entity::enrolment;
use crate::follow_up::question;
use crate::identity::entity::person;
use crate::webinar::store::{Person, Webinar};
use domain::cohort::{CAPACITY, Stage};
use domain::ids::{CohortId, PersonId};
use domain::place::DepartementCode;
use domain::posting::State as Posted;
use domain::text::{counted, date_time, days_long, paris};
use frontend::cohort::{Attached, CohortPage, Manage, Member};
use frontend::home::OwnCohort;
use jiff::Timestamp;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use std::collections::BTreeMap;

/// A cohort, and how one person is let at it.
pub(super) struct Opened {
    pub(super) cohort: Cohort,
    /// Whom of it they list.
    pub(super) lister: AgentLister,
    pub(super) manager: Option<CohortManager>,
}

/// Opens it to those who keep it, and to those who follow one of its members.
pub(super) async fn open(app: &App, viewer: &Viewer, id: CohortId) -> Result<Opened> {
    let cohort = store::cohort(app.db.reader(), id).await?;
    let manager = viewer.cohort_manager(&cohort).ok();
    let lister = viewer.lister_of(&cohort.course)?;
    if manager.is_none() && !lister.reach.everybody && of_reach(app.db.reader(), id, &lister).await?.is_empty() {
        return Err(Error::NotFound);
    }
    Ok(Opened { cohort, lister, manager })
}

/// The members of a cohort whom this person may list, whoever is away too.
async fn of_reach(db: &impl ConnectionTrait, id: CohortId, lister: &AgentLister) -> Result<Vec<enrolment::Model>> {
    let mut rows = enrolment::Entity::find().filter(enrolment::Column::CohortId.eq(id.to_string())).all(db).await?;
    let reach = &lister.reach;
    let code = |row: &enrolment::Model| row.departement.parse::<DepartementCode>().ok();
    rows.retain(|row| {
        reach.everybody
            || reach.takers
            || row.maison_id.is_some_and(|id| reach.maisons.iter().any(|own| own.0 == id))
            || code(row).is_some_and(|code| reach.departements.contains(&code))
    });
    Ok(rows)
}

/// The page. `refused` is a reason to call it off that was typed, and what is wrong with it.
pub(super) async fn page(
    app: &App,
    Opened { cohort, lister, manager }: Opened,
    refused: Option<(String, String)>,
) -> Result<CohortPage> {
    let (db, now) = (app.db.reader(), app.clock.now());
    let asked = question(app, &cohort.course);
    let filter = Filter { cohort: Some(Among::Cohort(cohort.id)), ..Filter::default() };
    let most = usize::try_from(*CAPACITY.end()).unwrap_or(usize::MAX);
    let place = (Order::Name, &Window::First);
    let listed = agents::list(db, &asked, (&lister, &filter), place, most).await?;
    let published = app.library.course(&cohort.course);
    let chapters = published.as_ref().map_or(0, |published| published.course.chapters.len());
    let positive = |n: i32| u32::try_from(n).unwrap_or(0);
    let members = listed.rows.iter().map(|row| Member {
        person: row.person_id,
        href: format!("/suivi/{}", row.person_id),
        name: format!("{} {}", row.first_name, row.last_name),
        maison: row.maison.clone(),
        state: row.state(),
        is_late: row.is_late(&asked),
        done: positive(row.chapters),
        of: u32::try_from(chapters).unwrap_or(u32::MAX),
        last: Timestamp::from_millisecond(row.last_at).ok().filter(|_| row.last_at > 0),
    });
    let stage = cohort.stage(paris(now).date());
    let webinars = attached::webinars_of(db, cohort.id).await?;
    let sessions = attached::sessions_of(db, cohort.id).await?;
    let size = store::size(db, cohort.id).await?;
    let query = format!("cours={}&cohorte={}", cohort.course, cohort.id);
    let manage = match manager {
        Some(_) => Some(manage(app, &cohort, &webinars, &sessions, size, refused).await?),
        None => None,
    };
    let keeps = manage.is_some();
    let trainers: Vec<String> = cohort.trainers.iter().map(Person::name).collect();
    Ok(CohortPage {
        href: format!("/cohortes/{}", cohort.id),
        name: cohort.name.clone(),
        course: published.map_or_else(|| cohort.course.to_string(), |published| published.course.title.clone()),
        days: cohort.days(),
        stage,
        called_off: cohort.called_off.as_ref().map(|(_, why)| why.clone()),
        trainers: if trainers.is_empty() { "personne encore".to_owned() } else { trainers.join(", ") },
        members: members.collect(),
        away: away(db, cohort.id, &lister).await?,
        webinars: webinars.iter().map(|it| webinar_line(it, (size, keeps), now)).collect(),
        classrooms: sessions.iter().map(|it| session_line(app, it, (size, keeps))).collect(),
        csv: format!("/suivi/agents/fichier/csv?{query}"),
        xlsx: format!("/suivi/agents/fichier/xlsx?{query}"),
        reminders: format!("/suivi/relances?{query}"),
        manage,
    })
}

/// What those who keep it may do.
async fn manage(
    app: &App,
    cohort: &Cohort,
    webinars: &[(Webinar, Places)],
    sessions: &[(Classroom, u64)],
    size: u32,
    refused: Option<(String, String)>,
) -> Result<Manage> {
    let (db, now) = (app.db.reader(), app.clock.now());
    let offered = attached::offered_webinars(db, cohort, webinars, now).await?;
    let rooms = attached::offered_sessions(db, cohort, sessions).await?;
    let (reason, problem) = refused.unzip();
    Ok(Manage {
        capacity: cohort.capacity,
        size,
        is_open: store::still_open(app, cohort).is_ok(),
        webinars: offered.iter().map(|webinar| (webinar.id.to_string(), webinar_said(webinar))).collect(),
        classrooms: rooms.iter().map(|room| (room.id.to_string(), session_said(app, room))).collect(),
        reason: reason.unwrap_or_default(),
        problem,
    })
}

/// Members who are not at work, and why.
async fn away(db: &impl ConnectionTrait, id: CohortId, lister: &AgentLister) -> Result<Vec<(String, String)>> {
    let rows = of_reach(db, id, lister).await?;
    let ids: Vec<i64> = rows.iter().filter(|row| row.active == 0).map(|row| row.person_id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let people = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(db).await?;
    let why = |row: &person::Model| match row.away.as_deref().and_then(|away| away.parse::<Posted>().ok()) {
        Some(state) => state.name().to_lowercase(),
        None => "compte fermé".to_owned(),
    };
    Ok(people.iter().map(|row| (format!("{} {}", row.first_name, row.last_name), why(row))).collect())
}

fn webinar_said(webinar: &Webinar) -> String {
    format!("{}, {}", webinar.title, date_time(webinar.schedule.starts_at))
}

fn session_said(app: &App, session: &Classroom) -> String {
    format!("{}, {}, {}", classroom::title(app, session), days(session), session.place)
}

/// « du 3 au 4 décembre 2026 »
fn days(session: &Classroom) -> String {
    let days = session.sheets.iter().map(|sheet| sheet.half_day.date);
    days.clone().min().zip(days.max()).map(|(from, to)| days_long(from, to)).unwrap_or_default()
}

fn webinar_line((webinar, places): &(Webinar, Places), (size, keeps): (u32, bool), now: Timestamp) -> Attached {
    let Places { registered, waiting, withdrawn } = *places;
    let waits = if waiting > 0 { format!(", {waiting} en attente") } else { String::new() };
    Attached {
        id: webinar.id.to_string(),
        href: Some(format!("/webinaires/{}", webinar.id)),
        title: webinar.title.clone(),
        when: if webinar.schedule.cancelled_at.is_some() {
            "annulé".to_owned()
        } else {
            date_time(webinar.schedule.starts_at)
        },
        said: among(registered, size, keeps) + &waits,
        may_register: webinar.stage(now).takes_registrations().is_ok()
            && registered + waiting + withdrawn < u64::from(size),
    }
}

fn session_line(app: &App, (session, on): &(Classroom, u64), (size, keeps): (u32, bool)) -> Attached {
    Attached {
        id: session.id.to_string(),
        href: keeps.then(|| format!("/presentiel/{}", session.id)),
        title: classroom::title(app, session),
        when: format!("{}, {}", days(session), session.place),
        said: among(*on, size, keeps),
        may_register: attached::takes_people(session) && *on < u64::from(size),
    }
}

/// « 9 inscrits sur 12 membres », to those who see them all.
fn among(registered: u64, size: u32, keeps: bool) -> String {
    if !keeps {
        return "rattaché à la cohorte".to_owned();
    }
    let said = counted(registered, "membre inscrit", "membres inscrits");
    format!("{said} sur {size}")
}

/// What a member reads of their cohorts: until the last day, and beyond it as long as they are not done.
///
/// # Errors
/// When the database fails.
pub(crate) async fn of_agent(app: &App, agent: PersonId) -> Result<Vec<OwnCohort>> {
    let (db, now) = (app.db.reader(), app.clock.now());
    let today = paris(now).date();
    let mut own = Vec::new();
    for ((_, course), due) in store::of_people(db, &[agent.0]).await? {
        let id = due.cohort.parse().map_err(|_| Error::Internal(format!("`{}` is no cohort", due.cohort)))?;
        let cohort = store::cohort(db, id).await?;
        let standing = enrolment::Entity::find_by_id((course, agent.0)).one(db).await?;
        let is_done = standing.is_some_and(|row| row.done_at.is_some());
        let is_over = cohort.stage(today) == Stage::Ended;
        if is_over && is_done {
            continue;
        }
        let trainers: Vec<String> = cohort.trainers.iter().map(Person::name).collect();
        let published = app.library.course(&cohort.course);
        own.push(OwnCohort {
            course: published.map_or_else(|| cohort.course.to_string(), |published| published.course.title.clone()),
            days: cohort.days(),
            trainers: trainers.join(", "),
            is_late: is_over,
            coming: coming(app, id, now).await?,
            name: cohort.name,
        });
    }
    Ok(own)
}

/// The cohort's webinars and sessions that are to come.
async fn coming(app: &App, id: CohortId, now: Timestamp) -> Result<Vec<(String, String)>> {
    let (db, today) = (app.db.reader(), paris(now).date());
    let mut coming = BTreeMap::new();
    for (webinar, _) in attached::webinars_of(db, id).await? {
        if !webinar.stage(now).is_over() {
            let said = format!("Webinaire «\u{a0}{}\u{a0}», {}", webinar.title, date_time(webinar.schedule.starts_at));
            let day = paris(webinar.schedule.starts_at).date();
            coming.insert((day, webinar.id.to_string()), (format!("/webinaires/{}", webinar.id), said));
        }
    }
    for (session, _) in attached::sessions_of(db, id).await? {
        let next = session.sheets.iter().map(|sheet| sheet.half_day.date).find(|day| *day >= today);
        if let Some(day) = next {
            let said =
                format!("Session en présentiel «\u{a0}{}\u{a0}», {}", classroom::title(app, &session), days(&session));
            coming.insert((day, session.id.to_string()), ("/dossier".to_owned(), said + ", " + &session.place));
        }
    }
    Ok(coming.into_values().collect())
}
