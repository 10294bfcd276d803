//! Planning webinars and registering for them: load, let the rules decide, store, and write what is to be told,
//! all in one transaction.

mod registering;
mod telling;

pub(crate) use registering::register_all;
pub use registering::{register, withdraw};

use super::entity::{webinar, webinar_trainer};
use super::letters::{News, Sender, letter, reminders_key};
use super::store::{self, Person, Webinar};
use crate::access::{Planner, WebinarManager};
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::entity::{person, role_grant};
use crate::mail::outbox;
use domain::identity::{Role, Scope};
use domain::ids::{CourseSlug, PersonId, WebinarId};
use domain::webinar::plan::Plan;
use domain::webinar::registration::Status;
use domain::webinar::schedule::{Schedule, WrongStage};
use registering::save;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, Set};
use std::collections::BTreeSet;
use telling::{remind, tell, tell_trainers};

/// What came of a change.
#[derive(Debug)]
pub enum Edited {
    Saved,
    /// Somebody else changed it since the form was drawn: it stands like this now, and nothing was written.
    Overtaken(Box<Webinar>),
}

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

/// Changes a webinar that still stands as in that edition. Who registered is told of what their calendar shows; a
/// larger capacity lets in who waits. Saying it twice changes nothing.
///
/// # Errors
/// [`Error::Conflict`] once it has begun; when the database fails.
pub async fn edit(app: &App, by: WebinarManager, plan: Plan, edition: String) -> Result<Edited> {
    let app = app.clone();
    let handle = app.db.clone();
    handle
        .write(move |db| {
            Box::pin(async move {
                let (before, from) = (store::locked(db, by.webinar).await?, Sender::of(&app));
                before.stage(from.now).before_live().map_err(refused)?;
                let known = before.plan();
                if known.edition() != edition && known != plan {
                    return Ok(Edited::Overtaken(Box::new(before)));
                }
                let moved = before.title != plan.title
                    || before.schedule.starts_at != plan.starts_at
                    || before.schedule.minutes != plan.minutes
                    // Whoever said that they would come is to know that they may be heard later.
                    || (plan.recorded && !before.recorded);
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
                Ok(Edited::Saved)
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
        replay_counts: Set(plan.replay_counts),
        replay_quiz: Set(plan.replay_quiz),
        recorded: Set(plan.recorded),
        recording_days: Set(signed(plan.recording_days)),
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
