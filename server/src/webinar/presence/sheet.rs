//! What the trainer's sheet is drawn from: the roster, the evidence, and the records once the webinar is over.

use super::closing::{closing, threshold};
use super::store::{present_now, seen};
use crate::app::App;
use crate::error::Result;
use crate::identity::entity::person;
use crate::record;
use crate::webinar::store::{self as webinars, Webinar};
use domain::ids::{MaisonId, PersonId};
use domain::record::{Figures, WebinarRecord};
use domain::webinar::presence::{Attendance, Evidence, Reason, Span, judge};
use domain::webinar::registration::Status;
use domain::webinar::schedule::Stage;
use jiff::Timestamp;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use std::collections::{BTreeMap, BTreeSet};

/// Everybody who has to do with a webinar, and how long they were there.
#[derive(Debug)]
pub(crate) struct Attendees {
    /// The spans during which it was live, until now.
    pub(crate) live: Vec<Span>,
    /// Whether the records tell it: closing is done.
    pub(crate) is_closed: bool,
    /// By name.
    pub(crate) people: Vec<Attendee>,
}

/// Somebody.
#[derive(Debug, Clone)]
pub(crate) struct Attendee {
    pub(crate) person: PersonId,
    pub(crate) name: String,
    pub(crate) maison: Option<String>,
    pub(crate) departement: Option<String>,
    pub(crate) is_registered: bool,
    pub(crate) is_here: bool,
    /// What counts: their record says it once the webinar is over, the evidence until then.
    pub(crate) figures: Figures,
    pub(crate) reason: Reason,
    /// What their record says, if anything.
    pub(crate) record: Option<WebinarRecord>,
}

impl Attendees {
    pub(crate) fn live_minutes(&self) -> u32 {
        Attendance::of([], &self.live).live_minutes()
    }

    pub(crate) fn of(&self, person: PersonId) -> Option<&Attendee> {
        self.people.iter().find(|attendee| attendee.person == person)
    }
}

/// The spans during which a webinar was live: those that its closing went by, else from its beginning until now.
pub(crate) async fn live(db: &impl ConnectionTrait, webinar: &Webinar, now: Timestamp) -> Result<(Vec<Span>, bool)> {
    if let Some(closing) = closing(db, webinar.id).await? {
        return Ok((domain::webinar::presence::union(closing.live), closing.is_done));
    }
    let to = webinar.schedule.closed_at.unwrap_or(now);
    Ok((webinar.schedule.live_at.map(|from| Span { from, to }).into_iter().collect(), false))
}

/// Reads the sheet: those who have a place, and those who were seen or corrected without one. Those who lead the
/// webinar are not on it.
pub(crate) async fn load(app: &App, webinar: &Webinar, now: Timestamp) -> Result<Attendees> {
    let db = app.db.reader();
    let (live, is_closed) = live(db, webinar, now).await?;
    let seen = seen(db, webinar.id).await?;
    let here =
        if matches!(webinar.stage(now), Stage::Open | Stage::Live) { present_now(&seen, now) } else { BTreeSet::new() };
    let roster = webinars::registrations(db, webinar.id).await?;
    let registered: BTreeSet<PersonId> =
        roster.iter().filter(|entry| entry.status == Status::Registered).map(|entry| entry.person).collect();
    let known: BTreeSet<PersonId> = roster.iter().map(|entry| entry.person).chain(seen.keys().copied()).collect();
    let known: Vec<PersonId> = known.into_iter().filter(|person| !webinar.is_led_by(*person)).collect();
    let mut records = record::store::load_all(db, &known).await?;
    let mut people = Vec::new();
    for row in named(app, &known).await? {
        let evidence = seen.get(&row.person).map_or(&[][..], Vec::as_slice);
        let record =
            records.remove(&row.person).and_then(|record| record.webinar(&webinar.course, webinar.id).cloned());
        let (figures, reason) = standing(evidence, &live, threshold(webinar), record.as_ref());
        let is_registered = registered.contains(&row.person);
        // Somebody who only waited for a place, or gave it up, and never came.
        if !is_registered && record.is_none() && reason == Reason::Absent && !here.contains(&row.person) {
            continue;
        }
        people.push(Attendee { is_registered, is_here: here.contains(&row.person), figures, reason, record, ..row });
    }
    Ok(Attendees { live, is_closed, people })
}

fn standing(seen: &[Evidence], live: &[Span], threshold: u8, record: Option<&WebinarRecord>) -> (Figures, Reason) {
    if let Some(record) = record {
        return (record.figures, record.reason());
    }
    let (attendance, reason) = judge(seen, live, threshold);
    let figures = Figures { minutes: attendance.minutes(), percent: attendance.percent(), met: reason.is_met() };
    (figures, reason)
}

/// These people with their maison, by name.
async fn named(app: &App, people: &[PersonId]) -> Result<Vec<Attendee>> {
    let maisons: BTreeMap<i64, _> =
        crate::place::list(app).await?.into_iter().map(|maison| (maison.id, maison)).collect();
    let rows = person::Entity::find()
        .filter(person::Column::Id.is_in(people.iter().map(|person| person.0)))
        .all(app.db.reader())
        .await?;
    let key =
        |row: &person::Model| (domain::text::folded(&row.last_name), domain::text::folded(&row.first_name), row.id);
    let mut rows: Vec<_> = rows.into_iter().map(|row| (key(&row), row)).collect();
    rows.sort_by(|(a, _), (b, _)| a.cmp(b));
    let attendee = |row: person::Model| {
        let maison = row.maison_id.map(MaisonId).and_then(|id| maisons.get(&id.0));
        Attendee {
            person: PersonId(row.id),
            name: format!("{} {}", row.first_name, row.last_name),
            maison: maison.map(|maison| maison.name.clone()),
            departement: maison.map(|maison| maison.departement.clone()),
            is_registered: false,
            is_here: false,
            figures: Figures { minutes: 0, percent: 0, met: false },
            reason: Reason::Absent,
            record: None,
        }
    };
    Ok(rows.into_iter().map(|(_, row)| attendee(row)).collect())
}

/// Names of people by identifier, for those who are named in a text.
pub(crate) async fn names(
    db: &impl ConnectionTrait,
    people: impl IntoIterator<Item = PersonId> + Send,
) -> Result<BTreeMap<PersonId, String>> {
    let ids: BTreeSet<i64> = people.into_iter().map(|person| person.0).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (PersonId(row.id), format!("{} {}", row.first_name, row.last_name))).collect())
}
