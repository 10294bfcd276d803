//! Planning webinars and registering for them: load, let the rules decide, store, and write what is to be told,
//! all in one transaction.

use super::entity::{webinar, webinar_registration, webinar_trainer};
use super::letters::{News, Sender, letter, reminders_key};
use super::store::{self, Person, Webinar};
use crate::access::{Planner, WebinarGuest, WebinarManager};
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::entity::{person, role_grant};
use crate::mail::outbox;
use domain::identity::{Role, Scope};
use domain::ids::{CourseSlug, PersonId, WebinarId};
use domain::webinar::plan::Plan;
use domain::webinar::registration::{Change, Roster, Status};
use domain::webinar::schedule::{Reminder, Schedule, WrongStage};
use jiff::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, Set};
use std::collections::{BTreeMap, BTreeSet};

/// Plans a webinar; whoever plans it leads it. Saying it twice plans one.
///
/// # Errors
/// [`Error::NotFound`] where the identifier is somebody else's; when the database fails.
pub async fn plan(app: &App, by: &Planner, id: WebinarId, plan: Plan) -> Result<()> {
    let (app, by) = (app.clone(), by.person);
    let handle = app.db.clone();
    handle
        .write(move |db| {
            Box::pin(async move {
                if let Some(known) = store::webinar(db, id).await? {
                    return if known.created_by == by { Ok(()) } else { Err(Error::NotFound) };
                }
                let from = Sender::of(&app);
                let row = webinar::ActiveModel {
                    created_by: Set(by.0),
                    created_at: Set(from.now.as_millisecond()),
                    sequence: Set(0),
                    ..row(id, &plan)
                };
                webinar::Entity::insert(row).exec_without_returning(db).await?;
                set_trainers(db, id, plan.trainers.into_iter().chain([by])).await?;
                let webinar = store::locked(db, id).await?;
                let letters = webinar.trainers.iter().map(|trainer| letter(&webinar, trainer, News::Leads, &from));
                outbox::post(db, &app, letters.collect()).await?;
                remind(db, &app, &webinar, &from, webinar.trainers.iter()).await
            })
        })
        .await
}

/// Changes a webinar. Who registered is told of what their calendar shows; a larger capacity lets in who waits.
///
/// # Errors
/// [`Error::Conflict`] once it has begun; when the database fails.
pub async fn edit(app: &App, by: WebinarManager, plan: Plan) -> Result<()> {
    let app = app.clone();
    let handle = app.db.clone();
    handle
        .write(move |db| {
            Box::pin(async move {
                let (before, from) = (store::locked(db, by.webinar).await?, Sender::of(&app));
                before.stage(from.now).before_live().map_err(refused)?;
                let moved = before.title != plan.title
                    || before.schedule.starts_at != plan.starts_at
                    || before.schedule.minutes != plan.minutes;
                let sequence = i32::try_from(before.sequence).unwrap_or(i32::MAX).saturating_add(i32::from(moved));
                let row = webinar::ActiveModel { sequence: Set(sequence), ..row(by.webinar, &plan) };
                webinar::Entity::update(row).exec(db).await?;
                set_trainers(db, by.webinar, plan.trainers.into_iter().chain([before.created_by])).await?;
                let after = store::locked(db, by.webinar).await?;
                let people = store::registrants(db, by.webinar).await?;
                let mut roster = store::roster(db, &before).await?;
                let had_place: BTreeSet<_> = roster.having(Status::Registered).collect();
                let changes = roster.resize(plan.capacity);
                save(db, by.webinar, &roster, &changes).await?;
                tell_trainers(db, &app, (&before, &after), moved, &from).await?;
                tell(db, &app, &after, &roster, &changes, &people, &from).await?;
                if moved {
                    let asked = roster.entries().iter().filter(|entry| entry.status != Status::Withdrawn);
                    let letters = asked.filter_map(|entry| {
                        let promoted = changes.iter().any(|change| change.person() == entry.person);
                        let to = people.get(&entry.person).filter(|to| !to.suspended && !promoted)?;
                        let in_calendar = had_place.contains(&entry.person);
                        Some(letter(&after, to, News::Changed { in_calendar }, &from))
                    });
                    outbox::post(db, &app, letters.collect()).await?;
                    outbox::take_back(db, &reminders_key(by.webinar, None)).await?;
                    let coming = roster.having(Status::Registered).filter_map(|person| people.get(&person));
                    remind(db, &app, &after, &from, after.trainers.iter().chain(coming)).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Calls a webinar off, and tells everybody why. Saying it twice changes nothing.
///
/// # Errors
/// [`Error::Conflict`] once it has begun; when the database fails.
pub async fn cancel(app: &App, by: WebinarManager, why: String) -> Result<()> {
    let app = app.clone();
    let handle = app.db.clone();
    handle
        .write(move |db| {
            Box::pin(async move {
                let (mut webinar, from) = (store::locked(db, by.webinar).await?, Sender::of(&app));
                if webinar.schedule.cancelled_at.is_some() {
                    return Ok(());
                }
                webinar.schedule = Schedule::cancel(webinar.schedule, from.now).map_err(refused)?;
                webinar.sequence = webinar.sequence.saturating_add(1);
                let row = webinar::ActiveModel {
                    id: Set(by.webinar.to_string()),
                    cancelled_at: Set(Some(from.now.as_millisecond())),
                    cancelled_why: Set(Some(why.clone())),
                    sequence: Set(signed(webinar.sequence)),
                    ..Default::default()
                };
                webinar::Entity::update(row).exec(db).await?;
                outbox::take_back(db, &reminders_key(by.webinar, None)).await?;
                let people = store::registrants(db, by.webinar).await?;
                let roster = store::roster(db, &webinar).await?;
                let told =
                    |to: &Person, in_calendar| letter(&webinar, to, News::Cancelled { in_calendar, why: &why }, &from);
                let asked = roster.entries().iter().filter(|entry| entry.status != Status::Withdrawn);
                let agents = asked.filter_map(|entry| {
                    let to = people.get(&entry.person).filter(|to| !to.suspended)?;
                    Some(told(to, entry.status == Status::Registered))
                });
                let trainers = webinar.trainers.iter().map(|trainer| told(trainer, true));
                outbox::post(db, &app, trainers.chain(agents).collect()).await
            })
        })
        .await
}

/// Asks for a place; tells whether there was one, or where one stands already.
///
/// # Errors
/// [`Error::Conflict`] where it is over, or for those who lead it; when the database fails.
pub async fn register(app: &App, guest: WebinarGuest) -> Result<Option<Status>> {
    change_roster(app, guest, move |webinar, roster, now| {
        if webinar.is_led_by(guest.person) {
            return Err(Error::Conflict("Vous animez ce webinaire\u{a0}: vous y avez déjà votre place.".into()));
        }
        webinar.stage(now).takes_registrations().map_err(refused)?;
        Ok(roster.register(guest.person, now))
    })
    .await
}

/// Gives a place up, or a place in the waiting list; the first who waits has it.
///
/// # Errors
/// [`Error::Conflict`] once it has begun; when the database fails.
pub async fn withdraw(app: &App, guest: WebinarGuest) -> Result<Option<Status>> {
    change_roster(app, guest, move |webinar, roster, now| {
        webinar.stage(now).before_live().map_err(refused)?;
        Ok(roster.withdraw(guest.person))
    })
    .await
}

async fn change_roster(
    app: &App,
    guest: WebinarGuest,
    rule: impl FnOnce(&Webinar, &mut Roster, Timestamp) -> Result<Vec<Change>> + Send + 'static,
) -> Result<Option<Status>> {
    let app = app.clone();
    let handle = app.db.clone();
    handle
        .write(move |db| {
            Box::pin(async move {
                let (webinar, from) = (store::locked(db, guest.webinar).await?, Sender::of(&app));
                let mut roster = store::roster(db, &webinar).await?;
                let changes = rule(&webinar, &mut roster, from.now)?;
                save(db, webinar.id, &roster, &changes).await?;
                let ids = changes.iter().map(|change| change.person().0);
                let people = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(db).await?;
                let people = people.into_iter().map(|row| (PersonId(row.id), row.into())).collect();
                tell(db, &app, &webinar, &roster, &changes, &people, &from).await?;
                Ok(roster.status(guest.person))
            })
        })
        .await
}

/// Writes what happened to people, and sets or takes back their reminders.
async fn tell(
    db: &impl ConnectionTrait,
    app: &App,
    webinar: &Webinar,
    roster: &Roster,
    changes: &[Change],
    people: &BTreeMap<PersonId, Person>,
    from: &Sender,
) -> Result<()> {
    let mut letters = Vec::new();
    let mut coming = Vec::new();
    for change in changes {
        let person = change.person();
        let (Some(to), Some(entry)) = (people.get(&person), roster.entry(person)) else { continue };
        let news = match change {
            Change::Registered(_) => News::Registered(entry.at),
            Change::Waits(_) => News::Waits(entry.at, roster.rank(person).unwrap_or(1)),
            Change::Promoted(_) => News::Promoted(entry.at),
            Change::Withdrew(_) => News::Withdrew(entry.at),
        };
        match change {
            Change::Registered(_) | Change::Promoted(_) => coming.push(to),
            Change::Withdrew(_) => outbox::take_back(db, &reminders_key(webinar.id, Some(person))).await?,
            Change::Waits(_) => {}
        }
        if !to.suspended {
            letters.push(letter(webinar, to, news, from));
        }
    }
    outbox::post(db, app, letters).await?;
    remind(db, app, webinar, from, coming.into_iter()).await
}

/// Tells those who now lead the webinar, those who no longer do, and the others what changed.
async fn tell_trainers(
    db: &impl ConnectionTrait,
    app: &App,
    (before, after): (&Webinar, &Webinar),
    moved: bool,
    from: &Sender,
) -> Result<()> {
    let mut letters = Vec::new();
    let mut new = Vec::new();
    for trainer in &after.trainers {
        if !before.is_led_by(trainer.id) {
            letters.push(letter(after, trainer, News::Leads, from));
            new.push(trainer);
        } else if moved {
            letters.push(letter(after, trainer, News::Changed { in_calendar: true }, from));
        }
    }
    for trainer in before.trainers.iter().filter(|trainer| !after.is_led_by(trainer.id)) {
        letters.push(letter(after, trainer, News::LeadsNoMore, from));
        outbox::take_back(db, &reminders_key(after.id, Some(trainer.id))).await?;
    }
    outbox::post(db, app, letters).await?;
    remind(db, app, after, from, new.into_iter()).await
}

/// Writes the reminders still to come of these people.
async fn remind<'p>(
    db: &impl ConnectionTrait,
    app: &App,
    webinar: &Webinar,
    from: &Sender,
    people: impl Iterator<Item = &'p Person>,
) -> Result<()> {
    let to_come = Reminder::ALL.map(|reminder| (reminder, webinar.schedule.reminds_at(reminder) > from.now));
    let letters = people.filter(|to| !to.suspended).flat_map(|to| {
        let to_come = to_come.into_iter().filter(|(_, to_come)| *to_come);
        to_come.map(move |(reminder, _)| letter(webinar, to, News::Reminder(reminder), from))
    });
    outbox::post(db, app, letters.collect()).await
}

/// Stores where those stand to whom something happened.
async fn save(db: &impl ConnectionTrait, id: WebinarId, roster: &Roster, changes: &[Change]) -> Result<()> {
    for entry in changes.iter().filter_map(|change| roster.entry(change.person())) {
        let row = webinar_registration::ActiveModel {
            webinar_id: Set(id.to_string()),
            person_id: Set(entry.person.0),
            at: Set(entry.at.as_millisecond()),
            status: Set(entry.status.to_string()),
        };
        let replace =
            OnConflict::columns([webinar_registration::Column::WebinarId, webinar_registration::Column::PersonId])
                .update_columns([webinar_registration::Column::At, webinar_registration::Column::Status])
                .to_owned();
        webinar_registration::Entity::insert(row).on_conflict(replace).exec_without_returning(db).await?;
    }
    Ok(())
}

async fn set_trainers(
    db: &impl ConnectionTrait,
    id: WebinarId,
    trainers: impl Iterator<Item = PersonId> + Send,
) -> Result<()> {
    webinar_trainer::Entity::delete_many()
        .filter(webinar_trainer::Column::WebinarId.eq(id.to_string()))
        .exec(db)
        .await?;
    let rows = trainers
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(|person| webinar_trainer::ActiveModel { webinar_id: Set(id.to_string()), person_id: Set(person.0) });
    webinar_trainer::Entity::insert_many(rows).exec_without_returning(db).await?;
    Ok(())
}

fn row(id: WebinarId, plan: &Plan) -> webinar::ActiveModel {
    webinar::ActiveModel {
        id: Set(id.to_string()),
        course: Set(plan.course.to_string()),
        kit: Set(plan.kit.clone()),
        title: Set(plan.title.clone()),
        description: Set(plan.description.clone()),
        starts_at: Set(plan.starts_at.as_millisecond()),
        minutes: Set(signed(plan.minutes)),
        capacity: Set(signed(plan.capacity)),
        threshold: Set(signed(plan.threshold)),
        audience: Set(plan.audience.to_string()),
        ..Default::default()
    }
}

/// The trainers of these courses who can sign in, by name.
///
/// # Errors
/// When the database fails.
pub async fn trainers(db: &impl ConnectionTrait, courses: &[CourseSlug]) -> Result<Vec<(CourseSlug, Person)>> {
    let scopes = courses.iter().map(|course| Scope::Course(course.clone()).to_string());
    let grants = role_grant::Entity::find()
        .filter(role_grant::Column::Role.eq(Role::Trainer.as_str()))
        .filter(role_grant::Column::Scope.is_in(scopes))
        .all(db)
        .await?;
    let people = person::Entity::find()
        .filter(person::Column::Id.is_in(grants.iter().map(|grant| grant.person_id)))
        .filter(person::Column::SuspendedAt.is_null())
        .order_by_asc(person::Column::LastName)
        .order_by_asc(person::Column::FirstName)
        .all(db)
        .await?;
    let mut trainers = Vec::new();
    for row in people {
        for grant in grants.iter().filter(|grant| grant.person_id == row.id) {
            if let Ok(Scope::Course(course)) = grant.scope.parse() {
                trainers.push((course, row.clone().into()));
            }
        }
    }
    Ok(trainers)
}

fn refused(wrong: WrongStage) -> Error {
    Error::Conflict(wrong.to_string())
}

fn signed(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
