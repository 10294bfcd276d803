//! Which courses are somebody's to follow: those that are offered, and those withdrawn that they have begun.

use super::entity::{section_read, withdrawal};
use super::library::Published;
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::quiz;
use crate::record;
use domain::ids::{CourseSlug, PersonId};
use jiff::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, Set};
use std::sync::Arc;

/// A withdrawal, as authors read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Withdrawal {
    pub(crate) reason: String,
    pub(crate) by: PersonId,
    pub(crate) at: Timestamp,
}

/// The current version of a course that this person may follow.
///
/// # Errors
/// [`Error::NotFound`] where there is none, or it is withdrawn and they have not begun it; when the database fails.
pub(crate) async fn offered(app: &App, viewer: &Viewer, course: &CourseSlug) -> Result<Arc<Published>> {
    let published = app.library.course(course).ok_or(Error::NotFound)?;
    is_offered(app, viewer, course).await?.then_some(published).ok_or(Error::NotFound)
}

/// Whether that course is theirs to follow.
///
/// # Errors
/// When the database fails.
pub(crate) async fn is_offered(app: &App, viewer: &Viewer, course: &CourseSlug) -> Result<bool> {
    if !app.library.is_withdrawn(course) || domain::identity::may_publish(&viewer.grants, course) {
        return Ok(true);
    }
    has_begun(app, viewer.person, course).await
}

async fn has_begun(app: &App, person: PersonId, course: &CourseSlug) -> Result<bool> {
    let db = app.db.reader();
    if record::store::load(db, person).await?.record.courses.contains_key(course) {
        return Ok(true);
    }
    let read = section_read::Entity::find()
        .filter(section_read::Column::PersonId.eq(person.0))
        .filter(section_read::Column::Course.eq(course.as_str()));
    Ok(read.one(db).await?.is_some() || quiz::store::has_tried(db, person, course).await?)
}

/// How the course was withdrawn, if it is.
///
/// # Errors
/// When the database fails.
pub(crate) async fn withdrawal(db: &impl ConnectionTrait, course: &CourseSlug) -> Result<Option<Withdrawal>> {
    let row = withdrawal::Entity::find_by_id(course.to_string()).one(db).await?;
    Ok(row.map(|row| Withdrawal {
        reason: row.reason,
        by: PersonId(row.by_id),
        at: Timestamp::from_millisecond(row.at).unwrap_or_default(),
    }))
}

/// Offers the course no more to those who have not begun it. Saying it twice changes nothing.
///
/// # Errors
/// When the database fails.
pub(crate) async fn withdraw(app: &App, course: &CourseSlug, by: PersonId, reason: String) -> Result<()> {
    let row = withdrawal::ActiveModel {
        course: Set(course.to_string()),
        reason: Set(reason),
        by_id: Set(by.0),
        at: Set(app.clock.now().as_millisecond()),
    };
    app.db
        .write(move |db| {
            Box::pin(async move {
                let key = withdrawal::Column::Course;
                let once = OnConflict::column(key).do_nothing_on([key]).to_owned();
                withdrawal::Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(db).await?;
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(app.library.refresh(&app.db).await?)
}

/// Offers it again.
///
/// # Errors
/// When the database fails.
pub(crate) async fn put_back(app: &App, course: &CourseSlug) -> Result<()> {
    let key = course.to_string();
    app.db
        .write(move |db| {
            Box::pin(async move {
                withdrawal::Entity::delete_by_id(key).exec(db).await?;
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(app.library.refresh(&app.db).await?)
}
