//! Cohorts in the database.

use super::entity::{cohort, member, trainer};
use crate::app::App;
use crate::error::{Error, Result};
use crate::follow_up::entity::enrolment;
use crate::identity::entity::person;
use crate::webinar::store::Person;
use domain::cohort::{Plan, Stage, due_at};
use domain::ids::{CohortId, CourseSlug, PersonId};
use domain::text::{days_long, paris};
use jiff::Timestamp;
use jiff::civil::Date;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use std::collections::{BTreeMap, BTreeSet};

/// A cohort and those who train it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cohort {
    pub(crate) id: CohortId,
    pub(crate) course: CourseSlug,
    pub(crate) name: String,
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) capacity: u32,
    /// By name.
    pub(crate) trainers: Vec<Person>,
    pub(crate) created_by: PersonId,
    /// When it was called off, and why.
    pub(crate) called_off: Option<(Timestamp, String)>,
}

/// By when a cohort has its members done with the course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) cohort: String,
    pub(crate) at: Timestamp,
}

impl Cohort {
    /// Where it is on that day in Paris.
    pub(crate) fn stage(&self, today: Date) -> Stage {
        Stage::of(self.from, self.to, self.called_off.is_some(), today)
    }

    /// « du 3 décembre 2026 au 28 février 2027 »
    pub(crate) fn days(&self) -> String {
        days_long(self.from, self.to)
    }

    /// Who trains it, whatever became of their role.
    pub(super) fn trainers_known(&self) -> Vec<(PersonId, String)> {
        self.trainers.iter().map(|trainer| (trainer.id, trainer.name())).collect()
    }

    /// What was planned, as the form that changes it starts from.
    pub(super) fn plan(&self) -> Plan {
        Plan {
            course: self.course.clone(),
            name: self.name.clone(),
            from: self.from,
            to: self.to,
            capacity: self.capacity,
            trainers: self.trainers.iter().map(|trainer| trainer.id).collect(),
        }
    }
}

/// One cohort.
///
/// # Errors
/// [`Error::NotFound`] where there is none; when the database fails.
pub(crate) async fn cohort(db: &impl ConnectionTrait, id: CohortId) -> Result<Cohort> {
    let row = cohort::Entity::find_by_id(id.to_string()).one(db).await?;
    whole(db, row.into_iter().collect()).await?.pop().ok_or(Error::NotFound)
}

/// The same, held against other writers until the transaction ends.
///
/// # Errors
/// As [`cohort`].
pub(crate) async fn locked(db: &impl ConnectionTrait, id: CohortId) -> Result<Cohort> {
    let row = cohort::Entity::find_by_id(id.to_string()).lock_exclusive().one(db).await?;
    whole(db, row.into_iter().collect()).await?.pop().ok_or(Error::NotFound)
}

/// Those of a course, those that end last first.
pub(super) async fn of_course(db: &impl ConnectionTrait, course: &CourseSlug) -> Result<Vec<Cohort>> {
    let rows = cohort::Entity::find().filter(cohort::Column::Course.eq(course.as_str()));
    whole(db, rows.order_by_desc(cohort::Column::ToOn).order_by_asc(cohort::Column::Id).all(db).await?).await
}

/// These rows with their trainers, in the same order.
async fn whole(db: &impl ConnectionTrait, rows: Vec<cohort::Model>) -> Result<Vec<Cohort>> {
    let ids = rows.iter().map(|row| row.id.clone());
    let leads = trainer::Entity::find().filter(trainer::Column::CohortId.is_in(ids)).all(db).await?;
    let people = person::Entity::find()
        .filter(person::Column::Id.is_in(leads.iter().map(|lead| lead.person_id)))
        .order_by_asc(person::Column::LastName)
        .order_by_asc(person::Column::FirstName)
        .all(db)
        .await?;
    let leads: BTreeSet<(&str, i64)> = leads.iter().map(|lead| (lead.cohort_id.as_str(), lead.person_id)).collect();
    let read = |row: cohort::Model| {
        let unreadable = |what: &str| Error::Internal(format!("cohort {} has an unreadable {what}", row.id));
        let of = people.iter().filter(|person| leads.contains(&(row.id.as_str(), person.id)));
        let called_off_at = row.called_off_at.map(Timestamp::from_millisecond).transpose();
        Ok(Cohort {
            id: row.id.parse().map_err(|_| unreadable("identifier"))?,
            course: row.course.parse().map_err(|_| unreadable("course"))?,
            from: row.from_on.parse().map_err(|_| unreadable("day"))?,
            to: row.to_on.parse().map_err(|_| unreadable("day"))?,
            capacity: u32::try_from(row.capacity).map_err(|_| unreadable("capacity"))?,
            trainers: of.cloned().map(Person::from).collect(),
            created_by: PersonId(row.created_by),
            called_off: called_off_at
                .map_err(|_| unreadable("date"))?
                .map(|at| (at, row.called_off_why.clone().unwrap_or_default())),
            name: row.name,
        })
    };
    rows.into_iter().map(read).collect()
}

/// How many are in it, whoever is away too.
pub(super) async fn size(db: &impl ConnectionTrait, id: CohortId) -> Result<u32> {
    let members = current(id).count(db).await?;
    Ok(u32::try_from(members).unwrap_or(u32::MAX))
}

/// Who is in it, whoever is away too.
pub(super) async fn members(db: &impl ConnectionTrait, id: CohortId) -> Result<Vec<i64>> {
    let ids = current(id).select_only().column(member::Column::PersonId).order_by_asc(member::Column::PersonId);
    Ok(ids.into_tuple().all(db).await?)
}

/// Who is in it and at work, by name.
pub(super) async fn at_work(db: &impl ConnectionTrait, id: CohortId) -> Result<Vec<i64>> {
    let ids = enrolment::Entity::find().select_only().column(enrolment::Column::PersonId);
    let ids = ids.filter(enrolment::Column::CohortId.eq(id.to_string())).filter(enrolment::Column::Active.eq(1));
    Ok(ids.order_by_asc(enrolment::Column::Name).into_tuple().all(db).await?)
}

/// Memberships of it that stand.
pub(super) fn current(id: CohortId) -> sea_orm::Select<member::Entity> {
    let of = member::Entity::find().filter(member::Column::CohortId.eq(id.to_string()));
    of.filter(member::Column::LeftAt.is_null())
}

/// By when the cohorts of these people have them done, by person and course.
///
/// # Errors
/// When the database fails.
pub(crate) async fn of_people(db: &impl ConnectionTrait, people: &[i64]) -> Result<BTreeMap<(i64, String), Due>> {
    let members = member::Entity::find()
        .filter(member::Column::PersonId.is_in(people.iter().copied()))
        .filter(member::Column::LeftAt.is_null())
        .all(db)
        .await?;
    if members.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: BTreeSet<String> = members.iter().map(|row| row.cohort_id.clone()).collect();
    let days: Vec<(String, String)> = cohort::Entity::find()
        .select_only()
        .columns([cohort::Column::Id, cohort::Column::ToOn])
        .filter(cohort::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    let days: BTreeMap<String, String> = days.into_iter().collect();
    members
        .into_iter()
        .map(|row| {
            let last = days.get(&row.cohort_id).and_then(|day| day.parse::<Date>().ok());
            let last = last.ok_or_else(|| Error::Internal(format!("cohort {} has no last day", row.cohort_id)))?;
            Ok(((row.person_id, row.course), Due { cohort: row.cohort_id, at: due_at(last) }))
        })
        .collect()
}

/// The courses that somebody follows with a cohort.
///
/// # Errors
/// When the database fails.
pub(crate) async fn courses_of(db: &impl ConnectionTrait, person: PersonId) -> Result<Vec<CourseSlug>> {
    let cohorts = of_people(db, &[person.0]).await?;
    let unreadable = |course: String| Error::Internal(format!("`{course}` is no course"));
    cohorts.into_keys().map(|(_, course)| course.parse().map_err(|_| unreadable(course))).collect()
}

/// What these cohorts are called.
pub(super) async fn named(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = String> + Send,
) -> Result<BTreeMap<String, String>> {
    let ids: BTreeSet<String> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = cohort::Entity::find()
        .select_only()
        .columns([cohort::Column::Id, cohort::Column::Name])
        .filter(cohort::Column::Id.is_in(ids));
    Ok(rows.into_tuple::<(String, String)>().all(db).await?.into_iter().collect())
}

/// The cohorts of a course that are not called off, by name: those that a list may keep to.
///
/// # Errors
/// When the database fails.
pub(crate) async fn known_in(db: &impl ConnectionTrait, course: &CourseSlug) -> Result<Vec<(String, String)>> {
    let rows = cohort::Entity::find()
        .select_only()
        .columns([cohort::Column::Id, cohort::Column::Name])
        .filter(cohort::Column::Course.eq(course.as_str()))
        .filter(cohort::Column::CalledOffAt.is_null())
        .order_by_asc(cohort::Column::Name);
    Ok(rows.into_tuple().all(db).await?)
}

/// The cohort of the same course in which each agent is, with its name.
///
/// # Errors
/// When the database fails.
pub(crate) async fn of_agents(
    db: &impl ConnectionTrait,
    like: &Cohort,
) -> Result<BTreeMap<PersonId, (CohortId, String)>> {
    let members = member::Entity::find()
        .filter(member::Column::Course.eq(like.course.as_str()))
        .filter(member::Column::LeftAt.is_null())
        .all(db)
        .await?;
    let names = named(db, members.iter().map(|row| row.cohort_id.clone())).await?;
    let known = |row: member::Model| {
        let id = row.cohort_id.parse().ok()?;
        Some((PersonId(row.person_id), (id, names.get(&row.cohort_id)?.clone())))
    };
    Ok(members.into_iter().filter_map(known).collect())
}

/// Places that are free.
///
/// # Errors
/// When the database fails.
pub(crate) async fn places(db: &impl ConnectionTrait, cohort: &Cohort) -> Result<usize> {
    let free = cohort.capacity.saturating_sub(size(db, cohort.id).await?);
    Ok(usize::try_from(free).unwrap_or(usize::MAX))
}

/// Says that members may join it now, and the rest.
///
/// # Errors
/// [`Error::Conflict`] with what to do instead.
pub(crate) fn still_open(app: &App, cohort: &Cohort) -> Result<()> {
    cohort.stage(paris(app.clock.now()).date()).still_open().map_err(|said| Error::Conflict(said.to_owned()))
}
