//! Sessions face to face in the database.

use super::entity::{classroom, half_day, mark, roster};
use crate::access::{ClassroomManager, ClassroomSigner, Planner};
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::entity::person;
use crate::merging;
use crate::place::maison;
use domain::classroom::{MOST_PEOPLE, Mark};
use domain::identity::Email;
use domain::ids::{ClassroomId, ComponentSlug, CourseSlug, PathwaySlug, PersonId};
use domain::record::HalfDay;
use jiff::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Set,
};
use std::collections::{BTreeMap, BTreeSet};

/// Sessions that a list shows at most, the latest planned first.
const MOST: u64 = 200;

/// A session that may be planned.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) id: ClassroomId,
    pub(super) pathway: PathwaySlug,
    pub(super) component: ComponentSlug,
    pub(super) course: CourseSlug,
    pub(super) place: String,
    pub(super) half_days: BTreeSet<HalfDay>,
}

/// A session.
#[derive(Debug, Clone)]
pub struct Classroom {
    pub id: ClassroomId,
    pub pathway: PathwaySlug,
    pub component: ComponentSlug,
    pub course: CourseSlug,
    pub place: String,
    /// Who leads it.
    pub leader: PersonId,
    /// In order.
    pub sheets: Vec<HalfDaySheet>,
}

/// A half day's sheet.
#[derive(Debug, Clone)]
pub struct HalfDaySheet {
    pub half_day: HalfDay,
    pub(super) secret: String,
    /// When it was closed, and by whom.
    pub closed: Option<(Timestamp, PersonId)>,
}

/// Somebody on the roster.
#[derive(Debug, Clone)]
pub(crate) struct Attendee {
    pub(crate) person: PersonId,
    pub(crate) name: String,
    pub(crate) maison: Option<String>,
    pub(crate) marks: BTreeMap<HalfDay, Mark>,
}

impl Attendee {
    pub(crate) fn mark(&self, half_day: HalfDay) -> Mark {
        self.marks.get(&half_day).copied().unwrap_or_default()
    }
}

impl Classroom {
    /// The sheet of that half day.
    ///
    /// # Errors
    /// [`Error::NotFound`] where none is planned then.
    pub fn sheet(&self, half_day: HalfDay) -> Result<&HalfDaySheet> {
        self.sheets.iter().find(|sheet| sheet.half_day == half_day).ok_or(Error::NotFound)
    }
}

/// Plans a session. Saying it twice plans one.
pub(super) async fn plan(app: &App, by: &Planner, plan: Plan) -> Result<()> {
    let (by, now) = (by.person, app.clock.now().as_millisecond());
    let secrets: Vec<String> = plan.half_days.iter().map(|_| hex::encode(app.dice.secret())).collect();
    let row = classroom::ActiveModel {
        id: Set(plan.id.to_string()),
        pathway: Set(plan.pathway.to_string()),
        component: Set(plan.component.to_string()),
        course: Set(plan.course.to_string()),
        place: Set(plan.place),
        created_by: Set(by.0),
        created_at: Set(now),
    };
    let sheet = |(half_day, secret): (&HalfDay, String)| half_day::ActiveModel {
        classroom_id: Set(plan.id.to_string()),
        half_day: Set(half_day.to_string()),
        secret: Set(secret),
        closed_at: Set(None),
        closed_by: Set(None),
    };
    let sheets: Vec<_> = plan.half_days.iter().zip(secrets).map(sheet).collect();
    app.db
        .write(move |db| {
            Box::pin(async move {
                if let Some(known) = classroom::Entity::find_by_id(plan.id.to_string()).one(db).await? {
                    return if known.created_by == by.0 { Ok(()) } else { Err(Error::NotFound) };
                }
                classroom::Entity::insert(row).exec_without_returning(db).await?;
                half_day::Entity::insert_many(sheets).exec_without_returning(db).await?;
                Ok(())
            })
        })
        .await
}

/// The session.
///
/// # Errors
/// [`Error::NotFound`] where there is none; when the database fails.
pub(crate) async fn classroom(db: &impl ConnectionTrait, id: ClassroomId) -> Result<Classroom> {
    let row = classroom::Entity::find_by_id(id.to_string()).one(db).await?.ok_or(Error::NotFound)?;
    with_sheets(db, vec![row]).await?.pop().ok_or(Error::NotFound)
}

/// Some sessions, in the order of their identifiers, after that one.
///
/// # Errors
/// When the database fails.
pub(crate) async fn page(
    db: &impl ConnectionTrait,
    (pathway, component): (Option<&str>, Option<&str>),
    after: Option<ClassroomId>,
    limit: u64,
) -> Result<Vec<Classroom>> {
    let mut select = classroom::Entity::find();
    if let Some(after) = after {
        select = select.filter(classroom::Column::Id.gt(after.to_string()));
    }
    if let Some(pathway) = pathway {
        select = select.filter(classroom::Column::Pathway.eq(pathway));
    }
    if let Some(component) = component {
        select = select.filter(classroom::Column::Component.eq(component));
    }
    with_sheets(db, select.order_by_asc(classroom::Column::Id).limit(limit).all(db).await?).await
}

/// Those that the trainers of these courses lead.
///
/// # Errors
/// When the database fails.
pub(crate) async fn of_courses(db: &impl ConnectionTrait, courses: &[CourseSlug]) -> Result<Vec<Classroom>> {
    let rows =
        classroom::Entity::find().filter(classroom::Column::Course.is_in(courses.iter().map(CourseSlug::as_str)));
    let rows = rows.order_by_desc(classroom::Column::CreatedAt).limit(MOST).all(db).await?;
    with_sheets(db, rows).await
}

/// Those on whose roster that agent is.
pub(crate) async fn of_agent(db: &impl ConnectionTrait, agent: PersonId) -> Result<Vec<Classroom>> {
    let ids: Vec<String> = roster::Entity::find()
        .select_only()
        .column(roster::Column::ClassroomId)
        .filter(roster::Column::PersonId.eq(agent.0))
        .into_tuple()
        .all(db)
        .await?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    with_sheets(db, classroom::Entity::find().filter(classroom::Column::Id.is_in(ids)).all(db).await?).await
}

async fn with_sheets(db: &impl ConnectionTrait, rows: Vec<classroom::Model>) -> Result<Vec<Classroom>> {
    let ids = rows.iter().map(|row| row.id.clone());
    let sheets = half_day::Entity::find().filter(half_day::Column::ClassroomId.is_in(ids)).all(db).await?;
    let mut by_room: BTreeMap<String, Vec<HalfDaySheet>> = BTreeMap::new();
    for row in sheets {
        by_room.entry(row.classroom_id.clone()).or_default().push(sheet(row)?);
    }
    let classroom = |row: classroom::Model| {
        let unreadable = |what: &str| Error::Internal(format!("session {} has an unreadable {what}", row.id));
        let mut sheets = by_room.remove(&row.id).unwrap_or_default();
        sheets.sort_by_key(|sheet| sheet.half_day);
        Ok(Classroom {
            id: row.id.parse().map_err(|_| unreadable("identifier"))?,
            pathway: row.pathway.parse().map_err(|_| unreadable("pathway"))?,
            component: row.component.parse().map_err(|_| unreadable("component"))?,
            course: row.course.parse().map_err(|_| unreadable("course"))?,
            place: row.place,
            leader: PersonId(row.created_by),
            sheets,
        })
    };
    rows.into_iter().map(classroom).collect()
}

fn sheet(row: half_day::Model) -> Result<HalfDaySheet> {
    let unreadable = || Error::Internal(format!("session {}: an unreadable half day", row.classroom_id));
    let at = row.closed_at.map(Timestamp::from_millisecond).transpose().map_err(|_| unreadable())?;
    Ok(HalfDaySheet {
        half_day: row.half_day.parse().map_err(|_| unreadable())?,
        secret: row.secret,
        closed: at.zip(row.closed_by.map(PersonId)),
    })
}

/// Everybody on the roster, by name, with what stands beside it.
pub(crate) async fn roster(db: &impl ConnectionTrait, id: ClassroomId) -> Result<Vec<Attendee>> {
    let known = roster::Entity::find().filter(roster::Column::ClassroomId.eq(id.to_string())).all(db).await?;
    let people = person::Entity::find().filter(person::Column::Id.is_in(known.iter().map(|row| row.person_id)));
    let people = people.all(db).await?;
    let maisons =
        maison::Entity::find().filter(maison::Column::Id.is_in(people.iter().filter_map(|row| row.maison_id)));
    let maisons: BTreeMap<i64, String> =
        maisons.all(db).await?.into_iter().map(|maison| (maison.id, maison.name)).collect();
    let mut marks: BTreeMap<i64, BTreeMap<HalfDay, Mark>> = BTreeMap::new();
    for row in mark::Entity::find().filter(mark::Column::ClassroomId.eq(id.to_string())).all(db).await? {
        let half_day =
            row.half_day.parse().map_err(|_| Error::Internal(format!("session {id}: an unreadable mark")))?;
        marks.entry(row.person_id).or_default().insert(half_day, read(&row));
    }
    let attendee = |row: person::Model| Attendee {
        person: PersonId(row.id),
        name: format!("{} {}", row.first_name, row.last_name),
        maison: row.maison_id.and_then(|id| maisons.get(&id).cloned()),
        marks: marks.remove(&row.id).unwrap_or_default(),
    };
    let mut people = people;
    people.sort_by_key(|row| (domain::text::folded(&row.last_name), domain::text::folded(&row.first_name), row.id));
    Ok(people.into_iter().map(attendee).collect())
}

fn read(row: &mark::Model) -> Mark {
    let signed_at = row.signed_at.and_then(|at| Timestamp::from_millisecond(at).ok());
    Mark { signed_at, said: row.said }
}

/// Whether somebody is on the roster.
pub(super) async fn is_on_roster(db: &impl ConnectionTrait, id: ClassroomId, person: PersonId) -> Result<bool> {
    Ok(roster::Entity::find_by_id((id.to_string(), person.0)).one(db).await?.is_some())
}

/// What came of addresses to add to a roster.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Added {
    pub(super) added: u64,
    /// What is no account's address, as it was typed.
    pub(super) unknown: Vec<String>,
}

/// Adds those who have these addresses. Whoever leads the session is not added: nobody signs before themself.
pub(super) async fn add(app: &App, manager: ClassroomManager, addresses: &[String]) -> Result<Added> {
    let emails: BTreeMap<String, &String> =
        addresses.iter().filter_map(|typed| Some((typed.parse::<Email>().ok()?.as_str().to_owned(), typed))).collect();
    let found = person::Entity::find().filter(person::Column::Email.is_in(emails.keys())).all(app.db.reader()).await?;
    let merged = merging::store::all(app.db.reader()).await?;
    let found: Vec<_> =
        found.into_iter().filter(|row| row.suspended_at.is_none() || merged.contains_key(&row.id)).collect();
    let known: BTreeSet<&str> = found.iter().map(|row| row.email.as_str()).collect();
    let is_unknown = |typed: &&String| typed.parse::<Email>().map_or(true, |email| !known.contains(email.as_str()));
    let unknown = addresses.iter().filter(is_unknown).cloned().collect();
    let (id, now) = (manager.classroom, app.clock.now());
    let people = found.iter().map(|row| merged.get(&row.id).copied().unwrap_or(row.id));
    let people: Vec<i64> = people.filter(|person| *person != manager.person.0).collect();
    let added = app.db.write(move |db| Box::pin(async move { enter(db, id, &people, now).await })).await?;
    Ok(Added { added, unknown })
}

/// Puts these people on a roster, all of them or none; tells how many were not there.
///
/// # Errors
/// [`Error::Conflict`] where they would be too many; when the database fails.
pub(crate) async fn enter(db: &impl ConnectionTrait, id: ClassroomId, people: &[i64], now: Timestamp) -> Result<u64> {
    let on = roster::Entity::find().filter(roster::Column::ClassroomId.eq(id.to_string()));
    let before = on.clone().count(db).await?;
    let row = |person: &i64| roster::ActiveModel {
        classroom_id: Set(id.to_string()),
        person_id: Set(*person),
        added_at: Set(now.as_millisecond()),
    };
    let columns = [roster::Column::ClassroomId, roster::Column::PersonId];
    for person in people {
        let once = OnConflict::columns(columns).do_nothing_on(columns).to_owned();
        roster::Entity::insert(row(person)).on_conflict(once).try_insert().exec_without_returning(db).await?;
    }
    let after = on.count(db).await?;
    if after > MOST_PEOPLE as u64 {
        let said = format!("Une session compte {MOST_PEOPLE} personnes au plus\u{a0}: planifiez-en une autre.");
        return Err(Error::Conflict(said));
    }
    Ok(after - before)
}

/// Takes somebody off the roster who has not signed anything and of whom nothing was said.
pub(super) async fn remove(app: &App, manager: ClassroomManager, person: PersonId) -> Result<()> {
    let id = manager.classroom.to_string();
    app.db
        .write(move |db| {
            Box::pin(async move {
                let marks = mark::Entity::find().filter(mark::Column::ClassroomId.eq(&id));
                if marks.filter(mark::Column::PersonId.eq(person.0)).count(db).await? > 0 {
                    let said = "Cette personne figure déjà sur une feuille\u{a0}: notez-la absente plutôt.";
                    return Err(Error::Conflict(said.to_owned()));
                }
                roster::Entity::delete_by_id((id, person.0)).exec(db).await?;
                Ok(())
            })
        })
        .await
}

/// Puts `to`, who is the same person as `from`, in their stead on every roster. Where both are, what was signed or said of
/// either stands.
pub(crate) async fn hand_over(db: &impl ConnectionTrait, from: PersonId, to: PersonId) -> Result<()> {
    let rosters = roster::Entity::find().filter(roster::Column::PersonId.eq(from.0)).all(db).await?;
    for row in rosters {
        let columns = [roster::Column::ClassroomId, roster::Column::PersonId];
        let once = OnConflict::columns(columns).do_nothing_on(columns).to_owned();
        let added = roster::Model { person_id: to.0, ..row.clone() };
        let added = roster::Entity::insert(added.into_active_model()).on_conflict(once);
        added.try_insert().exec_without_returning(db).await?;
        let marks = mark::Entity::find().filter(mark::Column::ClassroomId.eq(&row.classroom_id));
        for signed in marks.filter(mark::Column::PersonId.eq(from.0)).all(db).await? {
            let key = (row.classroom_id.clone(), signed.half_day.clone(), to.0);
            let is_present = read(&signed).is_present();
            let known = mark::Entity::find_by_id(key).one(db).await?;
            mark::Entity::delete_by_id((row.classroom_id.clone(), signed.half_day.clone(), from.0)).exec(db).await?;
            match known {
                Some(known) if read(&known).is_present() || !is_present => continue,
                Some(known) => mark::Entity::delete(known.into_active_model()).exec(db).await.map(drop)?,
                None => {}
            }
            let moved = mark::Model { person_id: to.0, ..signed };
            mark::Entity::insert(moved.into_active_model()).exec_without_returning(db).await?;
        }
        roster::Entity::delete_by_id((row.classroom_id, from.0)).exec(db).await?;
    }
    Ok(())
}

/// Somebody signs, once.
pub(super) async fn sign(app: &App, signer: ClassroomSigner, half_day: HalfDay) -> Result<()> {
    let (id, now) = (signer.classroom, app.clock.now());
    app.db
        .write(move |db| {
            Box::pin(async move {
                let mark = open_mark(db, id, half_day, signer.person).await?;
                let signed_at = Some(mark.signed_at.unwrap_or(now));
                put(db, id, half_day, signer.person, Mark { signed_at, ..mark }, None).await
            })
        })
        .await
}

/// The trainer says who was there, of everybody on the roster.
pub(super) async fn say(
    db: &impl ConnectionTrait,
    manager: ClassroomManager,
    half_day: HalfDay,
    present: &BTreeSet<PersonId>,
) -> Result<()> {
    for attendee in roster(db, manager.classroom).await? {
        let before = attendee.mark(half_day);
        let after = before.with(present.contains(&attendee.person));
        if after != before {
            put(db, manager.classroom, half_day, attendee.person, after, Some(manager.person)).await?;
        }
    }
    Ok(())
}

/// The half day, held against other writers until the transaction ends, while its sheet is open.
pub(super) async fn lock_open(db: &impl ConnectionTrait, id: ClassroomId, half_day: HalfDay) -> Result<()> {
    let key = (id.to_string(), half_day.to_string());
    let row = half_day::Entity::find_by_id(key).lock_exclusive().one(db).await?.ok_or(Error::NotFound)?;
    if row.closed_at.is_some() {
        let said = "Cette feuille est close\u{a0}: ce qu’elle disait est dans les dossiers.";
        return Err(Error::Conflict(said.to_owned()));
    }
    Ok(())
}

/// The sheet is closed.
pub(super) async fn set_closed(
    db: &impl ConnectionTrait,
    manager: ClassroomManager,
    half_day: HalfDay,
    now: Timestamp,
) -> Result<()> {
    let row = half_day::ActiveModel {
        classroom_id: Set(manager.classroom.to_string()),
        half_day: Set(half_day.to_string()),
        closed_at: Set(Some(now.as_millisecond())),
        closed_by: Set(Some(manager.person.0)),
        ..Default::default()
    };
    half_day::Entity::update(row).exec(db).await?;
    Ok(())
}

async fn open_mark(db: &impl ConnectionTrait, id: ClassroomId, half_day: HalfDay, person: PersonId) -> Result<Mark> {
    lock_open(db, id, half_day).await?;
    let key = (id.to_string(), half_day.to_string(), person.0);
    Ok(mark::Entity::find_by_id(key).one(db).await?.as_ref().map(read).unwrap_or_default())
}

async fn put(
    db: &impl ConnectionTrait,
    id: ClassroomId,
    half_day: HalfDay,
    person: PersonId,
    mark: Mark,
    by: Option<PersonId>,
) -> Result<()> {
    let row = mark::ActiveModel {
        classroom_id: Set(id.to_string()),
        half_day: Set(half_day.to_string()),
        person_id: Set(person.0),
        signed_at: Set(mark.signed_at.map(Timestamp::as_millisecond)),
        said: Set(mark.said),
        said_by: Set(by.map(|by| by.0)),
    };
    let keys = [mark::Column::ClassroomId, mark::Column::HalfDay, mark::Column::PersonId];
    let again = OnConflict::columns(keys)
        .update_columns([mark::Column::SignedAt, mark::Column::Said, mark::Column::SaidBy])
        .to_owned();
    mark::Entity::insert(row).on_conflict(again).exec_without_returning(db).await?;
    Ok(())
}
