//! Making a cohort, changing it, calling it off.

use super::entity::{cohort, trainer};
use super::letters::{self, News};
use super::{members, store};
use crate::access::{CohortManager, Planner};
use crate::app::App;
use crate::error::{Error, Result};
use crate::follow_up::enrolment;
use crate::mail::outbox;
use domain::cohort::Plan;
use domain::ids::{CohortId, PersonId};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, Set};
use std::collections::BTreeSet;

/// Makes a cohort. Saying it twice makes one.
pub(super) async fn plan(app: &App, by: &Planner, id: CohortId, plan: Plan) -> Result<()> {
    let (by, now) = (by.person, app.clock.now().as_millisecond());
    app.db
        .write(move |db| {
            Box::pin(async move {
                if let Some(known) = cohort::Entity::find_by_id(id.to_string()).one(db).await? {
                    return if known.created_by == by.0 { Ok(()) } else { Err(Error::NotFound) };
                }
                let row = cohort::ActiveModel {
                    course: Set(plan.course.to_string()),
                    created_by: Set(by.0),
                    created_at: Set(now),
                    called_off_at: Set(None),
                    called_off_why: Set(None),
                    ..row(id, &plan)
                };
                cohort::Entity::insert(row).exec_without_returning(db).await?;
                set_trainers(db, id, plan.trainers).await
            })
        })
        .await
}

/// Changes a cohort; members are told of other days. Saying it twice changes nothing.
///
/// # Errors
/// [`Error::Conflict`] once it is called off, or for a capacity that its members are beyond.
pub(super) async fn change(app: &App, by: CohortManager, plan: Plan) -> Result<()> {
    let inside = app.clone();
    app.db
        .write(move |db| {
            Box::pin(async move {
                let before = store::locked(db, by.cohort).await?;
                if before.called_off.is_some() {
                    return Err(Error::Conflict("Cette cohorte est annulée\u{a0}: créez-en une autre.".into()));
                }
                let members = store::members(db, by.cohort).await?;
                if usize::try_from(plan.capacity).is_ok_and(|capacity| capacity < members.len()) {
                    let said = "La cohorte a plus de membres que cela\u{a0}: retirez-en d’abord.";
                    return Err(Error::Conflict(said.into()));
                }
                cohort::Entity::update(row(by.cohort, &plan)).exec(db).await?;
                let moved = (before.from, before.to) != (plan.from, plan.to);
                set_trainers(db, by.cohort, plan.trainers).await?;
                if moved {
                    enrolment::place(db, &members).await?;
                    let after = store::cohort(db, by.cohort).await?;
                    let people = members::people(db, &members).await?;
                    outbox::post(db, &inside, letters::all(&inside, &after, &people, News::Days)).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Calls a cohort off: its members are told why, and are in no cohort of the course any more. Saying it twice changes
/// nothing.
///
/// # Errors
/// [`Error::Conflict`] once it is over.
pub(super) async fn call_off(app: &App, by: CohortManager, why: String) -> Result<()> {
    let inside = app.clone();
    app.db
        .write(move |db| {
            Box::pin(async move {
                let cohort = store::locked(db, by.cohort).await?;
                if cohort.called_off.is_some() {
                    return Ok(());
                }
                let now = inside.clock.now();
                store::still_open(&inside, &cohort)?;
                let row = cohort::ActiveModel {
                    id: Set(by.cohort.to_string()),
                    called_off_at: Set(Some(now.as_millisecond())),
                    called_off_why: Set(Some(why.clone())),
                    ..Default::default()
                };
                cohort::Entity::update(row).exec(db).await?;
                let ids = store::members(db, by.cohort).await?;
                let people = members::people(db, &ids).await?;
                members::leave(db, &cohort.course, &ids, now).await?;
                enrolment::place(db, &ids).await?;
                outbox::post(db, &inside, letters::all(&inside, &cohort, &people, News::CalledOff(&why))).await
            })
        })
        .await
}

fn row(id: CohortId, plan: &Plan) -> cohort::ActiveModel {
    cohort::ActiveModel {
        id: Set(id.to_string()),
        name: Set(plan.name.clone()),
        from_on: Set(plan.from.to_string()),
        to_on: Set(plan.to.to_string()),
        capacity: Set(i32::try_from(plan.capacity).unwrap_or(i32::MAX)),
        ..Default::default()
    }
}

async fn set_trainers(db: &impl ConnectionTrait, id: CohortId, trainers: BTreeSet<PersonId>) -> Result<()> {
    let known = trainer::Entity::delete_many().filter(trainer::Column::CohortId.eq(id.to_string()));
    known.exec(db).await?;
    let row = |person: PersonId| trainer::ActiveModel { cohort_id: Set(id.to_string()), person_id: Set(person.0) };
    let rows: Vec<_> = trainers.into_iter().map(row).collect();
    if !rows.is_empty() {
        trainer::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}
