//! The draft as the gate sees it, and what was let stand.

use super::entity::waiver;
use crate::app::App;
use crate::course::publish::digest;
use crate::error::{Error, Result};
use crate::studio::store;
use domain::course::Course;
use domain::course::parse::{SourceFile, parse};
use domain::ids::{CourseSlug, PersonId};
use domain::studio::gate::{Finding, Report, check};
use jiff::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, Set};

/// A waiver of the draft has this number.
const DRAFT: i64 = 0;

/// A draft, examined.
#[derive(Debug)]
pub(super) struct Examined {
    pub(super) files: Vec<SourceFile>,
    /// What tells these files from others: what is published is what was seen.
    pub(super) digest: String,
    pub(super) course: Option<Course>,
    pub(super) report: Report,
    pub(super) waivers: Vec<Waiver>,
}

/// Something that was let stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Waiver {
    pub(super) key: String,
    pub(super) said: String,
    pub(super) reason: String,
    pub(super) by: PersonId,
    pub(super) at: Timestamp,
}

impl Examined {
    /// What stands in the way.
    pub(super) fn blocking(&self) -> Vec<&Finding> {
        let waived: Vec<String> = self.waivers.iter().map(|waiver| waiver.key.clone()).collect();
        self.report.findings.iter().filter(|finding| finding.blocks(&waived)).collect()
    }
}

/// Reads a draft and judges it.
///
/// # Errors
/// When the database fails.
pub(super) async fn examine(app: &App, course: &CourseSlug) -> Result<Examined> {
    let files = store::sources(app.db.reader(), course).await?;
    let waivers = waivers(app.db.reader(), course, DRAFT).await?;
    let slug = course.to_string();
    let judged = tokio::task::spawn_blocking(move || {
        let (course, problems) = parse(&slug, &files);
        let report = check(course.as_ref(), &problems, &files);
        Examined { digest: digest(&files), files, course, report, waivers }
    });
    judged.await.map_err(|error| Error::Internal(error.to_string()))
}

/// What was let stand in that version, in the order of time; in the draft for number 0.
///
/// # Errors
/// When the database fails.
pub(super) async fn waivers(db: &impl ConnectionTrait, course: &CourseSlug, number: i64) -> Result<Vec<Waiver>> {
    let rows = waiver::Entity::find()
        .filter(waiver::Column::Course.eq(course.as_str()))
        .filter(waiver::Column::Number.eq(number))
        .order_by_asc(waiver::Column::At)
        .order_by_asc(waiver::Column::Key)
        .all(db)
        .await?;
    let read = |row: waiver::Model| Waiver {
        key: row.key,
        said: row.said,
        reason: row.reason,
        by: PersonId(row.by_id),
        at: Timestamp::from_millisecond(row.at).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Lets a finding stand in the draft; said again, the reason is the new one.
///
/// # Errors
/// When the database fails.
pub(super) async fn waive(
    app: &App,
    course: &CourseSlug,
    by: PersonId,
    finding: &Finding,
    reason: String,
) -> Result<()> {
    let row = waiver::ActiveModel {
        course: Set(course.to_string()),
        number: Set(DRAFT),
        key: Set(finding.key.clone()),
        said: Set(finding.said.clone()),
        reason: Set(reason),
        by_id: Set(by.0),
        at: Set(app.clock.now().as_millisecond()),
    };
    app.db
        .write(move |db| {
            Box::pin(async move {
                let key = [waiver::Column::Course, waiver::Column::Number, waiver::Column::Key];
                let replace = OnConflict::columns(key)
                    .update_columns([
                        waiver::Column::Said,
                        waiver::Column::Reason,
                        waiver::Column::ById,
                        waiver::Column::At,
                    ])
                    .to_owned();
                waiver::Entity::insert(row).on_conflict(replace).exec_without_returning(db).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Takes a waiver of the draft back.
///
/// # Errors
/// When the database fails.
pub(super) async fn take_back(app: &App, course: &CourseSlug, key: String) -> Result<()> {
    let place = (course.to_string(), DRAFT, key);
    app.db
        .write(move |db| {
            Box::pin(async move {
                waiver::Entity::delete_by_id(place).exec(db).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Keeps, with the version that was just written, what was let stand in it.
///
/// # Errors
/// When the database fails.
pub(super) async fn keep(
    db: &impl ConnectionTrait,
    course: &CourseSlug,
    number: u32,
    waivers: &[Waiver],
) -> Result<()> {
    let rows = waivers.iter().map(|waiver| waiver::ActiveModel {
        course: Set(course.to_string()),
        number: Set(number.into()),
        key: Set(waiver.key.clone()),
        said: Set(waiver.said.clone()),
        reason: Set(waiver.reason.clone()),
        by_id: Set(waiver.by.0),
        at: Set(waiver.at.as_millisecond()),
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        waiver::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}
