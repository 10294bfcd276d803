//! Who is in a cohort: those who may join it, joining, leaving, and two accounts made one.

use super::entity::member;
use super::letters::{self, News};
use super::store::{self, Cohort};
use crate::access::CohortManager;
use crate::app::App;
use crate::error::{Error, Result};
use crate::follow_up::enrolment;
use crate::follow_up::entity::enrolment as enrolments;
use crate::identity::entity::person;
use crate::mail::outbox;
use crate::merging;
use crate::webinar::store::Person;
use domain::cohort::{Admission, Candidate, admit};
use domain::identity::Email;
use domain::ids::{CourseSlug, MaisonId, PersonId};
use domain::place::DepartementCode;
use domain::text::counted;
use jiff::Timestamp;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _, Set,
};
use std::collections::{BTreeMap, BTreeSet};

/// Where those who are to join come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// Addresses, as they were typed.
    Addresses(Vec<String>),
    /// Every agent who works there and is not done.
    Departement(DepartementCode),
    Maison(MaisonId),
}

/// What adding them would come to.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) admission: Admission,
    pub(super) people: BTreeMap<PersonId, Person>,
    /// The cohort in which those are who are in another.
    pub(super) cohorts: BTreeMap<PersonId, String>,
    /// What is no address of an agent at work, as it was typed.
    pub(super) unknown: Vec<String>,
    /// Those of a territory who are done, and so left aside.
    pub(super) done: u64,
}

/// Who would join the cohort, of those.
pub(super) async fn find(db: &impl ConnectionTrait, to: &Cohort, source: &Source, moves: bool) -> Result<Found> {
    let mut found = Found::default();
    let of_course = enrolments::Entity::find()
        .filter(enrolments::Column::Course.eq(to.course.as_str()))
        .filter(enrolments::Column::Active.eq(1));
    let rows = match source {
        Source::Addresses(typed) => {
            let known = by_address(db, typed).await?;
            let rows = of_course.filter(enrolments::Column::PersonId.is_in(known.values().copied())).all(db).await?;
            let agents: BTreeSet<i64> = rows.iter().map(|row| row.person_id).collect();
            let is_known = |typed: &String| known.get(typed).is_some_and(|person| agents.contains(person));
            found.unknown = typed.iter().filter(|typed| !is_known(typed)).cloned().collect();
            rows
        }
        Source::Departement(code) => {
            of_course.filter(enrolments::Column::Departement.eq(code.as_str())).all(db).await?
        }
        Source::Maison(id) => of_course.filter(enrolments::Column::MaisonId.eq(id.0)).all(db).await?,
    };
    let in_territory = !matches!(source, Source::Addresses(_));
    let here = to.id.to_string();
    let is_left_aside =
        |row: &enrolments::Model| in_territory && row.done_at.is_some() && row.cohort_id.as_ref() != Some(&here);
    let (done, mut rows): (Vec<_>, Vec<_>) = rows.into_iter().partition(is_left_aside);
    found.done = done.len() as u64;
    rows.sort_by(|one, other| (&one.name, one.person_id).cmp(&(&other.name, other.person_id)));
    let candidates: Vec<Candidate> = rows
        .iter()
        .map(|row| Candidate {
            person: PersonId(row.person_id),
            cohort: row.cohort_id.as_deref().and_then(|cohort| cohort.parse().ok()),
        })
        .collect();
    let size = store::size(db, to.id).await?;
    found.admission = admit(to.id, (size, to.capacity), &candidates, moves);
    let names = store::named(db, rows.iter().filter_map(|row| row.cohort_id.clone())).await?;
    let cohort =
        |row: &enrolments::Model| Some((PersonId(row.person_id), names.get(row.cohort_id.as_ref()?).cloned()?));
    found.cohorts = rows.iter().filter_map(cohort).collect();
    found.people = people(db, &rows.iter().map(|row| row.person_id).collect::<Vec<_>>()).await?;
    Ok(found)
}

/// The account of each of these addresses that is one's, by what was typed.
async fn by_address(db: &impl ConnectionTrait, typed: &[String]) -> Result<BTreeMap<String, i64>> {
    let emails: BTreeMap<&String, String> =
        typed.iter().filter_map(|typed| Some((typed, typed.parse::<Email>().ok()?.as_str().to_owned()))).collect();
    let rows = person::Entity::find().filter(person::Column::Email.is_in(emails.values())).all(db).await?;
    let merged = merging::store::all(db).await?;
    let ids: BTreeMap<String, i64> =
        rows.into_iter().map(|row| (row.email, merged.get(&row.id).copied().unwrap_or(row.id))).collect();
    Ok(emails.into_iter().filter_map(|(typed, email)| Some((typed.clone(), *ids.get(&email)?))).collect())
}

/// These people, by identifier.
pub(super) async fn people(db: &impl ConnectionTrait, ids: &[i64]) -> Result<BTreeMap<PersonId, Person>> {
    let rows = person::Entity::find().filter(person::Column::Id.is_in(ids.iter().copied()));
    let rows = rows.order_by_asc(person::Column::Id).all(db).await?;
    Ok(rows.into_iter().map(|row| (PersonId(row.id), row.into())).collect())
}

/// Has those join the cohort, all of them or none; who is in another is moved where that is asked.
///
/// # Errors
/// [`Error::Conflict`] where the cohort takes nobody, or not so many.
pub(super) async fn add(app: &App, by: CohortManager, source: Source, moves: bool) -> Result<()> {
    let inside = app.clone();
    app.db
        .write(move |db| {
            Box::pin(async move {
                let cohort = store::locked(db, by.cohort).await?;
                store::still_open(&inside, &cohort)?;
                let found = find(db, &cohort, &source, moves).await?;
                if found.admission.over > 0 {
                    return Err(Error::Conflict(too_many(found.admission.over, cohort.capacity)));
                }
                let joining: Vec<i64> = found.admission.joining(moves).map(|person| person.0).collect();
                enter(&inside, db, by.person, &cohort, &joining).await
            })
        })
        .await
}

/// What to say of so many too many.
pub(super) fn too_many(over: u32, capacity: u32) -> String {
    format!(
        "{} de trop\u{a0}: la cohorte a {}. Ajoutez moins d’agents, ou donnez-lui plus de places.",
        counted(over.into(), "agent", "agents"),
        counted(capacity.into(), "place", "places")
    )
}

/// Has these people join the cohort, and tells them. Those who are in another of the course leave it.
///
/// # Errors
/// When the database fails.
pub(crate) async fn enter(
    app: &App,
    db: &impl ConnectionTrait,
    by: PersonId,
    cohort: &Cohort,
    joining: &[i64],
) -> Result<()> {
    let now = app.clock.now();
    leave(db, &cohort.course, joining, now).await?;
    let row = |person: &i64| member::ActiveModel {
        cohort_id: Set(cohort.id.to_string()),
        person_id: Set(*person),
        course: Set(cohort.course.to_string()),
        added_by: Set(by.0),
        added_at: Set(now.as_millisecond()),
        left_at: Set(None),
    };
    let again = OnConflict::columns([member::Column::CohortId, member::Column::PersonId])
        .update_columns([member::Column::AddedBy, member::Column::AddedAt, member::Column::LeftAt])
        .to_owned();
    let rows: Vec<_> = joining.iter().map(row).collect();
    if rows.is_empty() {
        return Ok(());
    }
    member::Entity::insert_many(rows).on_conflict(again).exec_without_returning(db).await?;
    enrolment::place(db, joining).await?;
    outbox::post(db, app, letters::all(app, cohort, &people(db, joining).await?, News::Joined)).await
}

/// These people are in no cohort of the course any more.
pub(super) async fn leave(
    db: &impl ConnectionTrait,
    course: &CourseSlug,
    people: &[i64],
    now: Timestamp,
) -> Result<()> {
    member::Entity::update_many()
        .col_expr(member::Column::LeftAt, Expr::value(now.as_millisecond()))
        .filter(member::Column::Course.eq(course.as_str()))
        .filter(member::Column::PersonId.is_in(people.iter().copied()))
        .filter(member::Column::LeftAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}

/// Takes somebody out of the cohort. Nothing of their record is touched. Saying it twice changes nothing.
pub(super) async fn remove(app: &App, by: CohortManager, person: PersonId) -> Result<()> {
    let now = app.clock.now();
    app.db
        .write(move |db| {
            Box::pin(async move {
                let cohort = store::locked(db, by.cohort).await?;
                if store::members(db, by.cohort).await?.contains(&person.0) {
                    leave(db, &cohort.course, &[person.0], now).await?;
                    enrolment::place(db, &[person.0]).await?;
                }
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Puts `to`, who is the same person as `from`, in their stead in each cohort. Where both are in one of the same course,
/// that of `to` stands.
///
/// # Errors
/// When the database fails.
pub(crate) async fn hand_over(db: &impl ConnectionTrait, from: PersonId, to: PersonId, now: Timestamp) -> Result<()> {
    let theirs = |person: PersonId| member::Entity::find().filter(member::Column::PersonId.eq(person.0));
    let known = theirs(to).all(db).await?;
    for row in theirs(from).all(db).await? {
        let stands_elsewhere = known.iter().any(|known| known.course == row.course && known.left_at.is_none());
        let left_at = row.left_at.or_else(|| stands_elsewhere.then(|| now.as_millisecond()));
        member::Entity::delete(row.clone().into_active_model()).exec(db).await?;
        let moved = member::Model { person_id: to.0, left_at, ..row };
        match known.iter().find(|known| known.cohort_id == moved.cohort_id) {
            None => drop(member::Entity::insert(moved.into_active_model()).exec_without_returning(db).await?),
            Some(known) if known.left_at.is_some() && left_at.is_none() => {
                let again = member::ActiveModel { left_at: Set(None), ..known.clone().into_active_model() };
                member::Entity::update(again).exec(db).await?;
            }
            Some(_) => {}
        }
    }
    Ok(())
}
