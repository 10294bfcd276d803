//! Webinars as they stand in the database: reading them, and passing them from stage to stage.
//!
//! What changes a plan or a roster is in `planning`, with the mails that tell of it.

mod listing;
mod roster;

pub(crate) use listing::{Wanted, page};
pub use roster::{
    hand_over, is_in_a_live_room, registrants, registrations, registrations_of, roster, status_of, taken,
};

use super::entity::{webinar, webinar_trainer};
use crate::error::{Error, Result};
use crate::identity::entity::person;
use domain::ids::{CourseSlug, PersonId, WebinarId};
use domain::webinar::plan::{Audience, Plan};
use domain::webinar::schedule::{Schedule, Stage, WrongStage};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set,
};
use std::collections::BTreeMap;

/// A webinar with those who lead it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webinar {
    pub id: WebinarId,
    pub course: CourseSlug,
    /// What the room is prepared with: the slug of a kit.
    pub kit: Option<String>,
    pub title: String,
    /// Lines of plain text; may be empty.
    pub description: String,
    pub schedule: Schedule,
    pub capacity: u32,
    /// Percent of the live time that makes somebody present.
    pub threshold: u32,
    pub audience: Audience,
    pub created_by: PersonId,
    pub created_at: Timestamp,
    /// Why it was called off, if it was.
    pub cancelled_why: Option<String>,
    /// How often what a calendar shows of it changed (`SEQUENCE` of RFC 5545).
    pub sequence: u32,
    /// It is to be recorded.
    pub recorded: bool,
    /// For how many days after it its recording is kept.
    pub recording_days: u32,
    /// Watching its recording counts as presence.
    pub replay_counts: bool,
    /// The quiz of its room can be taken with the recording.
    pub replay_quiz: bool,
    /// They lead the room: who planned it, first, and the co-trainers by name.
    pub trainers: Vec<Person>,
}

/// Somebody as pages and mails name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub suspended: bool,
}

impl Person {
    /// First name, then last name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

impl From<person::Model> for Person {
    fn from(row: person::Model) -> Self {
        Self {
            id: PersonId(row.id),
            first_name: row.first_name,
            last_name: row.last_name,
            email: row.email,
            suspended: row.suspended_at.is_some(),
        }
    }
}

impl Webinar {
    /// The stage at that instant.
    #[must_use]
    pub fn stage(&self, now: Timestamp) -> Stage {
        self.schedule.stage(now)
    }

    /// What was planned, as the form that changes it starts from.
    #[must_use]
    pub fn plan(&self) -> Plan {
        let beside = self.trainers.iter().map(|trainer| trainer.id).filter(|trainer| *trainer != self.created_by);
        Plan {
            course: self.course.clone(),
            kit: self.kit.clone(),
            title: self.title.clone(),
            description: self.description.clone(),
            starts_at: self.schedule.starts_at,
            minutes: self.schedule.minutes,
            capacity: self.capacity,
            threshold: self.threshold,
            audience: self.audience,
            replay_counts: self.replay_counts,
            replay_quiz: self.replay_quiz,
            recorded: self.recorded,
            recording_days: self.recording_days,
            trainers: beside.collect(),
        }
    }

    /// Whether that person leads it.
    #[must_use]
    pub fn is_led_by(&self, person: PersonId) -> bool {
        self.trainers.iter().any(|trainer| trainer.id == person)
    }
}

/// One webinar.
///
/// # Errors
/// When the database fails.
pub async fn webinar(db: &impl ConnectionTrait, id: WebinarId) -> Result<Option<Webinar>> {
    let row = webinar::Entity::find_by_id(id.to_string()).one(db).await?;
    Ok(whole(db, row.into_iter().collect()).await?.pop())
}

/// One webinar, held against other writers until the transaction ends.
///
/// # Errors
/// [`Error::NotFound`]; when the database fails.
pub async fn locked(db: &impl ConnectionTrait, id: WebinarId) -> Result<Webinar> {
    let row = webinar::Entity::find_by_id(id.to_string()).lock_exclusive().one(db).await?;
    whole(db, row.into_iter().collect()).await?.pop().ok_or(Error::NotFound)
}

/// These webinars, in the order in which they begin.
///
/// # Errors
/// When the database fails.
pub async fn these(db: &impl ConnectionTrait, ids: Vec<String>) -> Result<Vec<Webinar>> {
    let rows = webinar::Entity::find().filter(webinar::Column::Id.is_in(ids));
    whole(db, rows.order_by_asc(webinar::Column::StartsAt).all(db).await?).await
}

/// Every webinar, the latest first; at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn latest(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<Webinar>> {
    let rows = webinar::Entity::find().order_by_desc(webinar::Column::StartsAt).limit(limit).all(db).await?;
    whole(db, rows).await
}

/// The webinars that are live though they should have ended an hour ago.
///
/// # Errors
/// When the database fails.
pub async fn overdue(db: &impl ConnectionTrait, now: Timestamp) -> Result<Vec<WebinarId>> {
    let live = webinar::Entity::find().filter(webinar::Column::LiveAt.is_not_null());
    let rows = live.filter(webinar::Column::ClosedAt.is_null()).all(db).await?;
    let ends = |row: &webinar::Model| row.starts_at + (i64::from(row.minutes) + 60) * 60_000;
    let late = rows.iter().filter(|row| ends(row) < now.as_millisecond());
    late.map(|row| webinar_id(&row.id)).collect()
}

/// A trainer begins the webinar: presence counts from here. Saying it twice changes nothing.
///
/// # Errors
/// [`Error::Conflict`] where its stage does not allow it; [`Error::NotFound`]; when the database fails.
pub async fn begin(db: &impl ConnectionTrait, id: WebinarId, at: Timestamp) -> Result<()> {
    pass(db, id, at, Schedule::begin).await
}

/// A trainer ends the webinar, or the server does. Saying it twice changes nothing.
///
/// # Errors
/// As [`begin`].
pub async fn close(db: &impl ConnectionTrait, id: WebinarId, at: Timestamp) -> Result<()> {
    pass(db, id, at, Schedule::close).await
}

type Passage = fn(Schedule, Timestamp) -> Result<Schedule, WrongStage>;

async fn pass(db: &impl ConnectionTrait, id: WebinarId, at: Timestamp, passage: Passage) -> Result<()> {
    let webinar = locked(db, id).await?;
    let schedule = passage(webinar.schedule, at).map_err(|wrong| Error::Conflict(wrong.to_string()))?;
    let row = webinar::ActiveModel {
        id: Set(id.to_string()),
        live_at: Set(schedule.live_at.map(Timestamp::as_millisecond)),
        closed_at: Set(schedule.closed_at.map(Timestamp::as_millisecond)),
        ..Default::default()
    };
    webinar::Entity::update(row).exec(db).await?;
    Ok(())
}

/// These rows with their trainers, in the same order.
async fn whole(db: &impl ConnectionTrait, rows: Vec<webinar::Model>) -> Result<Vec<Webinar>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids = rows.iter().map(|row| row.id.clone());
    let leads = webinar_trainer::Entity::find().filter(webinar_trainer::Column::WebinarId.is_in(ids)).all(db).await?;
    let people: BTreeMap<i64, Person> = person::Entity::find()
        .filter(person::Column::Id.is_in(leads.iter().map(|lead| lead.person_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.into()))
        .collect();
    rows.into_iter()
        .map(|row| {
            let of = leads.iter().filter(|lead| lead.webinar_id == row.id);
            let mut trainers: Vec<_> = of.filter_map(|lead| people.get(&lead.person_id).cloned()).collect();
            trainers.sort_by_key(|trainer| {
                (trainer.id.0 != row.created_by, trainer.last_name.clone(), trainer.first_name.clone(), trainer.id)
            });
            read(row, trainers)
        })
        .collect()
}

fn read(row: webinar::Model, trainers: Vec<Person>) -> Result<Webinar> {
    let count = |number: i32| u32::try_from(number).map_err(unreadable);
    let some = |at: Option<i64>| at.map(instant).transpose();
    Ok(Webinar {
        id: webinar_id(&row.id)?,
        course: row.course.parse().map_err(unreadable)?,
        kit: row.kit,
        title: row.title,
        description: row.description,
        schedule: Schedule {
            starts_at: instant(row.starts_at)?,
            minutes: count(row.minutes)?,
            live_at: some(row.live_at)?,
            closed_at: some(row.closed_at)?,
            cancelled_at: some(row.cancelled_at)?,
        },
        capacity: count(row.capacity)?,
        threshold: count(row.threshold)?,
        audience: row.audience.parse().map_err(unreadable)?,
        created_by: PersonId(row.created_by),
        created_at: instant(row.created_at)?,
        cancelled_why: row.cancelled_why,
        sequence: count(row.sequence)?,
        recorded: row.recorded,
        recording_days: count(row.recording_days)?,
        replay_counts: row.replay_counts,
        replay_quiz: row.replay_quiz,
        trainers,
    })
}

fn webinar_id(text: &str) -> Result<WebinarId> {
    text.parse().map_err(unreadable)
}

fn instant(at: i64) -> Result<Timestamp> {
    Timestamp::from_millisecond(at).map_err(unreadable)
}

fn unreadable(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("a stored webinar cannot be read: {error}"))
}
