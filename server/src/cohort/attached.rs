//! The webinars and the sessions face to face that are a cohort's: attached with its members registered, and detached.

use super::entity::{classroom as sessions, webinar as webinars};
use super::store::{self, Cohort};
use crate::access::CohortManager;
use crate::app::App;
use crate::classroom::{self, Classroom};
use crate::error::{Error, Result};
use crate::webinar::planning::register_all;
use crate::webinar::store::{self as rooms, Wanted, Webinar};
use domain::ids::{ClassroomId, CohortId, PersonId, WebinarId};
use domain::webinar::registration::Status;
use jiff::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _, Set, Statement,
};
use std::collections::BTreeMap;

/// Webinars to come that a form offers.
const OFFERED: u64 = 100;

/// How many members have a place, or wait for one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Places {
    pub(super) registered: u64,
    pub(super) waiting: u64,
    /// Those who gave theirs up.
    pub(super) withdrawn: u64,
}

/// The cohort's webinars, with the places of its members.
pub(super) async fn webinars_of(db: &impl ConnectionTrait, id: CohortId) -> Result<Vec<(Webinar, Places)>> {
    let ids = webinars::Entity::find().select_only().column(webinars::Column::WebinarId);
    let ids: Vec<String> = ids.filter(webinars::Column::CohortId.eq(id.to_string())).into_tuple().all(db).await?;
    let sql = "SELECT r.webinar_id AS event, r.status, COUNT(*) AS n FROM webinar_registration r \
               JOIN cohort_webinar a ON a.webinar_id = r.webinar_id \
               JOIN cohort_member m ON m.cohort_id = a.cohort_id AND m.person_id = r.person_id AND m.left_at IS NULL \
               WHERE a.cohort_id = $1 GROUP BY r.webinar_id, r.status";
    let mut places: BTreeMap<String, Places> = BTreeMap::new();
    for (event, status, n) in counted(db, sql, id).await? {
        let known = places.entry(event).or_default();
        match status.parse() {
            Ok(Status::Registered) => known.registered = n,
            Ok(Status::Waiting) => known.waiting = n,
            Ok(Status::Withdrawn) => known.withdrawn = n,
            Err(_) => {}
        }
    }
    let known = rooms::these(db, ids).await?.into_iter();
    Ok(known
        .map(|webinar| {
            let places = places.get(&webinar.id.to_string()).copied().unwrap_or_default();
            (webinar, places)
        })
        .collect())
}

/// The cohort's sessions face to face, with how many of its members are on their rosters.
pub(super) async fn sessions_of(db: &impl ConnectionTrait, id: CohortId) -> Result<Vec<(Classroom, u64)>> {
    let ids = sessions::Entity::find().select_only().column(sessions::Column::ClassroomId);
    let ids: Vec<String> = ids.filter(sessions::Column::CohortId.eq(id.to_string())).into_tuple().all(db).await?;
    let sql = "SELECT r.classroom_id AS event, '' AS status, COUNT(*) AS n FROM classroom_roster r \
               JOIN cohort_classroom a ON a.classroom_id = r.classroom_id \
               JOIN cohort_member m ON m.cohort_id = a.cohort_id AND m.person_id = r.person_id AND m.left_at IS NULL \
               WHERE a.cohort_id = $1 GROUP BY r.classroom_id";
    let rosters: BTreeMap<String, u64> =
        counted(db, sql, id).await?.into_iter().map(|(event, _, n)| (event, n)).collect();
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let known = id.parse().map_err(|_| Error::Internal(format!("`{id}` is no session")))?;
        let session = classroom::classroom(db, known).await?;
        found.push((session, rosters.get(&id).copied().unwrap_or(0)));
    }
    found.sort_by_key(|(session, _)| session.sheets.first().map(|sheet| sheet.half_day));
    Ok(found)
}

async fn counted(db: &impl ConnectionTrait, sql: &str, id: CohortId) -> Result<Vec<(String, String, u64)>> {
    let values = [id.to_string().into()];
    let rows = db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    rows.iter()
        .map(|row| {
            let n: i64 = row.try_get("", "n")?;
            Ok((row.try_get("", "event")?, row.try_get("", "status")?, u64::try_from(n).unwrap_or(0)))
        })
        .collect()
}

/// Webinars of the course that are to come, and are not the cohort's.
pub(super) async fn offered_webinars(
    db: &impl ConnectionTrait,
    cohort: &Cohort,
    known: &[(Webinar, Places)],
    now: Timestamp,
) -> Result<Vec<Webinar>> {
    let wanted = Wanted {
        course: Some(cohort.course.as_str()),
        status: Some("planned"),
        from: Some(now.as_millisecond()),
        before: None,
    };
    let mut coming = rooms::page(db, wanted, None, OFFERED).await?;
    coming.retain(|webinar| known.iter().all(|(known, _)| known.id != webinar.id));
    Ok(coming)
}

/// Sessions that the course's trainers lead, with a sheet that is open, and are not the cohort's.
pub(super) async fn offered_sessions(
    db: &impl ConnectionTrait,
    cohort: &Cohort,
    known: &[(Classroom, u64)],
) -> Result<Vec<Classroom>> {
    let mut sessions = classroom::of_courses(db, std::slice::from_ref(&cohort.course)).await?;
    sessions.retain(|session| takes_people(session) && known.iter().all(|(known, _)| known.id != session.id));
    sessions.sort_by_key(|session| session.sheets.first().map(|sheet| sheet.half_day));
    Ok(sessions)
}

pub(super) fn takes_people(session: &Classroom) -> bool {
    session.sheets.iter().any(|sheet| sheet.closed.is_none())
}

/// Makes the webinar the cohort's, and registers its members as each would register. Saying it again registers who joined
/// since.
///
/// # Errors
/// [`Error::NotFound`] for one of another course; [`Error::Conflict`] where it takes no registrations, or the cohort is
/// over.
pub(super) async fn attach_webinar(app: &App, by: CohortManager, webinar: WebinarId) -> Result<()> {
    let inside = app.clone();
    app.db
        .write(move |db| {
            Box::pin(async move {
                let (cohort, people) = open(&inside, db, by).await?;
                let known = rooms::webinar(db, webinar).await?.ok_or(Error::NotFound)?;
                if known.course != cohort.course {
                    return Err(Error::NotFound);
                }
                let row = webinars::ActiveModel {
                    cohort_id: Set(cohort.id.to_string()),
                    webinar_id: Set(webinar.to_string()),
                };
                let columns = [webinars::Column::CohortId, webinars::Column::WebinarId];
                let once = OnConflict::columns(columns).do_nothing_on(columns).to_owned();
                webinars::Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(db).await?;
                let people: Vec<PersonId> = people.into_iter().map(PersonId).collect();
                register_all(&inside, db, webinar, &people).await
            })
        })
        .await
}

/// Makes the session the cohort's, and puts its members on the roster. Saying it again adds who joined since.
///
/// # Errors
/// [`Error::NotFound`] for one of another course; [`Error::Conflict`] where they are too many, its sheets are closed, or
/// the cohort is over.
pub(super) async fn attach_session(app: &App, by: CohortManager, session: ClassroomId) -> Result<()> {
    let inside = app.clone();
    app.db
        .write(move |db| {
            Box::pin(async move {
                let (cohort, people) = open(&inside, db, by).await?;
                let known = classroom::classroom(db, session).await?;
                if known.course != cohort.course {
                    return Err(Error::NotFound);
                }
                if !takes_people(&known) {
                    let said = "Les feuilles de cette session sont closes\u{a0}: planifiez-en une autre.";
                    return Err(Error::Conflict(said.into()));
                }
                let row = sessions::ActiveModel {
                    cohort_id: Set(cohort.id.to_string()),
                    classroom_id: Set(session.to_string()),
                };
                let columns = [sessions::Column::CohortId, sessions::Column::ClassroomId];
                let once = OnConflict::columns(columns).do_nothing_on(columns).to_owned();
                sessions::Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(db).await?;
                // Whoever leads it does not sign before themself.
                let people: Vec<i64> = people.into_iter().filter(|person| *person != known.leader.0).collect();
                classroom::enter(db, session, &people, inside.clock.now()).await.map(drop)
            })
        })
        .await
}

/// The cohort while it is open, and its members at work.
async fn open(app: &App, db: &impl ConnectionTrait, by: CohortManager) -> Result<(Cohort, Vec<i64>)> {
    let cohort = store::locked(db, by.cohort).await?;
    store::still_open(app, &cohort)?;
    Ok((cohort, store::at_work(db, by.cohort).await?))
}

/// The webinar is no longer the cohort's. Its members keep their places.
pub(super) async fn detach_webinar(app: &App, by: CohortManager, webinar: WebinarId) -> Result<()> {
    app.db
        .write(move |db| {
            Box::pin(async move {
                webinars::Entity::delete_by_id((by.cohort.to_string(), webinar.to_string())).exec(db).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

/// The session is no longer the cohort's. Its members stay on the roster.
pub(super) async fn detach_session(app: &App, by: CohortManager, session: ClassroomId) -> Result<()> {
    app.db
        .write(move |db| {
            Box::pin(async move {
                sessions::Entity::delete_by_id((by.cohort.to_string(), session.to_string())).exec(db).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}
