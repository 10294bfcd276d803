//! Publishing at a date. At that time the draft is published as it stands; where the gate is shut, nothing is, and the
//! authors are told by mail.

use super::act::{self, Order, Outcome};
use super::entity::planned_publication as planned;
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::entity::{person, role_grant};
use crate::mail::{Letter, body, outbox};
use crate::studio::store;
use domain::identity::Role;
use domain::ids::{CourseSlug, PersonId};
use domain::text::date_time;
use domain::webinar::plan::{Problem, moment};
use jiff::{SignedDuration, Timestamp};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _, Set};
use std::collections::BTreeSet;

/// The furthest that a publication is planned.
const FURTHEST: SignedDuration = SignedDuration::from_hours(24 * 366);

/// What was planned.
#[derive(Debug, Clone)]
pub(super) struct Planned {
    pub(super) order: Order,
    pub(super) due_at: Timestamp,
    /// When it was tried in vain, and why.
    pub(super) failed: Option<(Timestamp, String)>,
}

/// The instant that a form names, in Paris; else the field that is wrong and the remedy.
pub(super) fn due(date: &str, time: &str, now: Timestamp) -> Result<Timestamp, (&'static str, String)> {
    let at = moment(date, time).map_err(|problems| {
        let Problem { field, said } =
            problems.into_iter().next().unwrap_or(Problem { field: "date", said: String::new() });
        (field, said)
    })?;
    if at <= now {
        return Err(("date", format!("Le {} est déjà passé\u{a0}: choisissez un moment à venir.", date_time(at))));
    }
    if at.duration_since(now) > FURTHEST {
        return Err(("date", "Choisissez un moment dans l’année qui vient.".to_owned()));
    }
    Ok(at)
}

/// What is planned for a course.
///
/// # Errors
/// When the database fails.
pub(super) async fn planned(db: &impl ConnectionTrait, course: &CourseSlug) -> Result<Option<Planned>> {
    let row = planned::Entity::find_by_id(course.to_string()).one(db).await?;
    row.map(|row| read(&row)).transpose()
}

fn read(row: &planned::Model) -> Result<Planned> {
    let instant = |at: i64| Timestamp::from_millisecond(at).unwrap_or_default();
    let request = row.request.parse().map_err(|_| Error::Internal(format!("`{}` is no request", row.request)))?;
    Ok(Planned {
        order: Order {
            request,
            by: PersonId(row.by_id),
            note: row.note.clone(),
            notice: row.notice.clone(),
            by_mail: row.by_mail,
        },
        due_at: instant(row.due_at),
        failed: row.failed_at.map(instant).zip(row.failure.clone()),
    })
}

/// Plans a publication, in the place of the one that was planned before.
///
/// # Errors
/// When the database fails.
pub(super) async fn plan(app: &App, course: &CourseSlug, order: Order, due_at: Timestamp) -> Result<()> {
    let row = planned::ActiveModel {
        course: Set(course.to_string()),
        request: Set(order.request.to_string()),
        due_at: Set(due_at.as_millisecond()),
        note: Set(order.note),
        notice: Set(order.notice),
        by_mail: Set(order.by_mail),
        by_id: Set(order.by.0),
        planned_at: Set(app.clock.now().as_millisecond()),
        failed_at: Set(None),
        failure: Set(None),
    };
    app.db
        .write(move |db| {
            Box::pin(async move {
                use planned::Column;
                let replace = OnConflict::column(Column::Course)
                    .update_columns([
                        Column::Request,
                        Column::DueAt,
                        Column::Note,
                        Column::Notice,
                        Column::ByMail,
                        Column::ById,
                        Column::PlannedAt,
                        Column::FailedAt,
                        Column::Failure,
                    ])
                    .to_owned();
                planned::Entity::insert(row).on_conflict(replace).exec_without_returning(db).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Plans nothing any more.
///
/// # Errors
/// When the database fails.
pub(super) async fn cancel(app: &App, course: &CourseSlug) -> Result<()> {
    let key = course.to_string();
    app.db
        .write(move |db| {
            Box::pin(async move {
                planned::Entity::delete_by_id(key).exec(db).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

/// A job: publishes what is due. May be run at any moment, and by two at once: a request publishes once.
///
/// # Errors
/// When the database fails; it is tried again.
pub async fn tick(app: &App) -> Result<()> {
    let now = app.clock.now();
    let due = planned::Entity::find()
        .filter(planned::Column::DueAt.lte(now.as_millisecond()))
        .filter(planned::Column::FailedAt.is_null())
        .all(app.db.reader())
        .await?;
    for row in due {
        let Ok(course) = row.course.parse::<CourseSlug>() else { continue };
        let planned = read(&row)?;
        let request = planned.order.request.to_string();
        let why = match act::publish(app, &course, planned.order, None).await? {
            Outcome::Published(_) | Outcome::Unchanged(_) => None,
            Outcome::Blocked(findings) => {
                let first = findings.first().map_or_else(String::new, |finding| {
                    format!(" Le premier\u{a0}: {}, ligne {}\u{a0}: {}", finding.file, finding.line, finding.said)
                });
                let count = domain::text::counted(findings.len() as u64, "point bloque", "points bloquent");
                Some(format!("{count} la publication.{first}"))
            }
            Outcome::Elsewhere(number) => {
                Some(format!("La version {number} a été publiée entre-temps, et le brouillon n’en vient pas."))
            }
            Outcome::Changed => continue,
        };
        conclude(app, course, request, why).await?;
    }
    Ok(())
}

/// Forgets what was done; or keeps why it was not, and tells the authors.
async fn conclude(app: &App, course: CourseSlug, request: String, why: Option<String>) -> Result<()> {
    let (inside, now) = (app.clone(), app.clock.now());
    app.db
        .write(move |db| {
            Box::pin(async move {
                // Planned anew meanwhile, it is another's.
                let known = planned::Entity::find_by_id(course.to_string()).one(db).await?;
                let Some(known) = known.filter(|known| known.request == request) else { return Ok(()) };
                let Some(why) = why else {
                    planned::Entity::delete_by_id(course.to_string()).exec(db).await?;
                    return Ok(());
                };
                let row = planned::ActiveModel {
                    course: Set(course.to_string()),
                    failed_at: Set(Some(now.as_millisecond())),
                    failure: Set(Some(why.clone())),
                    ..Default::default()
                };
                planned::Entity::update(row).exec(db).await?;
                let authors = authors(db, &course, PersonId(known.by_id)).await?;
                let letters =
                    authors.iter().map(|author| letter(&inside, &course, (author, &known.request), &why, now));
                outbox::post(db, &inside, letters.collect()).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Who writes the course: who planned, its trainers, those whom they named.
async fn authors(db: &impl ConnectionTrait, course: &CourseSlug, planner: PersonId) -> Result<Vec<person::Model>> {
    let trainers: Vec<i64> = role_grant::Entity::find()
        .select_only()
        .column(role_grant::Column::PersonId)
        .filter(role_grant::Column::Role.eq(Role::Trainer.as_str()))
        .filter(role_grant::Column::Scope.eq(format!("course:{course}")))
        .into_tuple()
        .all(db)
        .await?;
    let named = store::authors(db, course).await?.into_iter().map(|person| person.0);
    let all: BTreeSet<i64> = trainers.into_iter().chain(named).chain([planner.0]).collect();
    let people = person::Entity::find()
        .filter(person::Column::Id.is_in(all))
        .filter(person::Column::SuspendedAt.is_null())
        .filter(person::Column::ErasedAt.is_null());
    Ok(people.all(db).await?)
}

fn letter(
    app: &App,
    course: &CourseSlug,
    (author, request): (&person::Model, &str),
    why: &str,
    now: Timestamp,
) -> Letter {
    let url = &app.config.public_url;
    let text = format!(
        "La publication prévue du cours {course} n’a pas eu lieu\u{a0}: rien n’est changé pour les agents.\n\n{why}\n\n\
         Pour corriger, puis publier\u{a0}:\n{url}/studio/{course}/publier"
    );
    Letter {
        key: format!("publication/{request}/{}", author.id),
        to_address: author.email.clone(),
        to_name: format!("{} {}", author.first_name, author.last_name),
        subject: format!("La publication prévue du cours {course} n’a pas eu lieu"),
        body: body(&author.first_name, &text, url),
        calendar: None,
        send_after: now,
        send_before: None,
    }
}
