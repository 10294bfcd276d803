//! Publishing from the studio: one transaction for the version, who made it, what was let stand, and what agents are told.

use super::entity::publication;
use super::gate::{self, Examined, Waiver};
use super::notices::{self, Notice};
use super::work::foresee;
use crate::app::App;
use crate::course::library;
use crate::course::publish::{self, Publication, Ready};
use crate::error::{Error, Result};
use crate::studio::entity::draft;
use domain::course::Course;
use domain::course::parse::{SourceFile, parse};
use domain::ids::{CourseSlug, PersonId, VersionId};
use domain::studio::gate::Finding;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _, Set};
use uuid::Uuid;

/// How a version is to be published.
#[derive(Debug, Clone)]
pub(super) struct Order {
    /// Made with the form: said twice, it publishes once.
    pub(super) request: Uuid,
    pub(super) by: PersonId,
    /// What changed and why, for authors.
    pub(super) note: String,
    /// What agents whom it concerns are told; empty for nothing.
    pub(super) notice: String,
    pub(super) by_mail: bool,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    Published(u32),
    /// What is published is the same already.
    Unchanged(u32),
    /// The gate is shut.
    Blocked(Vec<Finding>),
    /// This version, which the draft does not come from, was published meanwhile.
    Elsewhere(u32),
    /// The draft is not what was seen.
    Changed,
}

/// Publishes a draft as it stands; `seen` is the digest of what its author saw.
///
/// # Errors
/// When the database fails.
pub(super) async fn publish(app: &App, course: &CourseSlug, order: Order, seen: Option<&str>) -> Result<Outcome> {
    if let Some(number) = done(app.db.reader(), order.request).await? {
        return Ok(Outcome::Published(number));
    }
    let examined = gate::examine(app, course).await?;
    let changed = seen.is_some_and(|seen| seen != examined.digest);
    let blocking: Vec<Finding> = examined.blocking().into_iter().cloned().collect();
    let Examined { files, course: Some(parsed), waivers, .. } = examined else { return Ok(Outcome::Blocked(blocking)) };
    if !blocking.is_empty() {
        return Ok(Outcome::Blocked(blocking));
    }
    if changed {
        return Ok(Outcome::Changed);
    }
    let version = Version { course: parsed, files, former: None, waivers };
    write(app, course, order, version).await
}

/// Publishes the sources of a former version again, as a new one. The draft stays as it is, and comes from it now.
///
/// # Errors
/// [`Error::NotFound`] where there was no such version; [`Error::Conflict`] where its sources were not kept, or are no
/// course by today's rules; when the database fails.
pub(super) async fn go_back(app: &App, course: &CourseSlug, order: Order, number: u32) -> Result<Outcome> {
    if let Some(number) = done(app.db.reader(), order.request).await? {
        return Ok(Outcome::Published(number));
    }
    let (parsed, files) = former(app, course, number).await?;
    let waivers = gate::waivers(app.db.reader(), course, number.into()).await?;
    write(app, course, order, Version { course: parsed, files, former: Some(number), waivers }).await
}

/// A former version, read anew from its sources.
///
/// # Errors
/// As [`go_back`].
pub(super) async fn former(app: &App, course: &CourseSlug, number: u32) -> Result<(Course, Vec<SourceFile>)> {
    let known = app.library.numbered(&app.db, course, number).await?.ok_or(Error::NotFound)?;
    let VersionId(id) = known.id;
    let files = publish::sources(app.db.reader(), id).await?;
    let (parsed, problems) = parse(course.as_str(), &files);
    let Some(parsed) = parsed else {
        let said = match problems.first() {
            Some(problem) if !files.is_empty() => {
                format!("La version {number} ne se lit plus selon les règles d’aujourd’hui\u{a0}: {problem}")
            }
            _ => format!(
                "Les fichiers de la version {number} n’ont pas été gardés\u{a0}: elle est plus ancienne que le studio."
            ),
        };
        return Err(Error::Conflict(said));
    };
    Ok((parsed, files))
}

/// What becomes a version.
struct Version {
    course: Course,
    files: Vec<SourceFile>,
    /// The version that is gone back to.
    former: Option<u32>,
    waivers: Vec<Waiver>,
}

async fn write(app: &App, slug: &CourseSlug, order: Order, version: Version) -> Result<Outcome> {
    let Version { course, files, former, waivers } = version;
    let current = app.library.course(slug);
    let readers = match &current {
        Some(current) if !order.notice.is_empty() => foresee(app, &current.course, &course).await?.concerned(&course),
        _ => Vec::new(),
    };
    let notice = Notice { body: order.notice.clone(), by_mail: order.by_mail, readers };
    let title = course.title.clone();
    let ready = Ready::new(course, files).map_err(|error| Error::Internal(error.to_string()))?;
    let (inside, slug, now) = (app.clone(), slug.clone(), app.clock.now());
    let outcome = app
        .db
        .write(move |db| {
            Box::pin(async move {
                if let Some(number) = done(db, order.request).await? {
                    return Ok(Outcome::Published(number));
                }
                let base = held(db, &slug).await?;
                let newest = library::newest(db, &slug).await?.and_then(|newest| u32::try_from(newest.number).ok());
                // Who goes back means to leave the newest, whatever the draft comes from.
                if let Some(newest) = newest.filter(|newest| former.is_none() && Some(*newest) != base) {
                    return Ok(Outcome::Elsewhere(newest));
                }
                let number = match publish::write(db, now, ready).await? {
                    Publication::Unchanged { number } => return Ok(Outcome::Unchanged(number)),
                    Publication::New { number } => number,
                };
                let row = publication::ActiveModel {
                    course: Set(slug.to_string()),
                    number: Set(number.into()),
                    request: Set(order.request.to_string()),
                    note: Set(order.note),
                    former: Set(former.map(i64::from)),
                    by_id: Set(order.by.0),
                    at: Set(now.as_millisecond()),
                };
                publication::Entity::insert(row).exec_without_returning(db).await?;
                gate::keep(db, &slug, number, &waivers).await?;
                rebase(db, &slug, number).await?;
                notices::tell(&inside, db, (&slug, &title, number), order.by, &notice).await?;
                Ok::<_, Error>(Outcome::Published(number))
            })
        })
        .await?;
    if matches!(outcome, Outcome::Published(_)) {
        app.library.refresh(&app.db).await?;
        // What it takes for thousands of records is not waited for; where it is cut short, the jobs go on.
        let app = app.clone();
        tokio::spawn(async move {
            if let Err(error) = super::settle(&app).await {
                tracing::error!(%error, "What a version makes true could not be settled yet; the jobs will");
            }
        });
    }
    Ok(outcome)
}

/// The version that a request published, if it did.
async fn done(db: &impl ConnectionTrait, request: Uuid) -> Result<Option<u32>> {
    let row = publication::Entity::find().filter(publication::Column::Request.eq(request.to_string())).one(db).await?;
    Ok(row.and_then(|row| u32::try_from(row.number).ok()))
}

/// The version that the draft comes from; two who publish at once are seen by one another.
async fn held(db: &impl ConnectionTrait, course: &CourseSlug) -> Result<Option<u32>> {
    let row = draft::Entity::find_by_id(course.to_string()).lock_exclusive().one(db).await?.ok_or(Error::NotFound)?;
    Ok(row.base.and_then(|number| u32::try_from(number).ok()))
}

/// Says that the draft comes from that version.
///
/// # Errors
/// When the database fails.
async fn rebase(db: &impl ConnectionTrait, course: &CourseSlug, number: u32) -> Result<()> {
    let row =
        draft::ActiveModel { course: Set(course.to_string()), base: Set(Some(number.into())), ..Default::default() };
    draft::Entity::update(row).exec(db).await?;
    Ok(())
}

/// The author saw what was published elsewhere as that version, and goes on from it with their draft.
///
/// # Errors
/// [`Error::Conflict`] where it is not the newest any more; when the database fails.
pub(super) async fn go_on_from(app: &App, course: &CourseSlug, number: u32) -> Result<()> {
    let slug = course.clone();
    app.db
        .write(move |db| {
            Box::pin(async move {
                held(db, &slug).await?;
                let newest = library::newest(db, &slug).await?.map(|newest| newest.number);
                if newest != Some(i64::from(number)) {
                    let said = "Une autre version encore vient d’être publiée\u{a0}: regardez-la d’abord.";
                    return Err(Error::Conflict(said.to_owned()));
                }
                rebase(db, &slug, number).await
            })
        })
        .await
}
