//! The published courses, parsed once and shared. A version never changes, so neither does its entry.

use super::entity::{course_version, withdrawal};
use crate::db::Db;
use crate::error::Error;
use crate::operation;
use domain::course::{Chapter, Course};
use domain::ids::{ChapterSlug, CourseSlug, VersionId};
use domain::operation::Kept;
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QuerySelect as _, Statement,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

/// One published version of a course.
#[derive(Debug)]
pub struct Published {
    pub id: VersionId,
    /// From 1, one more at each publication of the course.
    pub number: u32,
    pub course: Course,
}

impl Published {
    /// The chapter of that slug.
    #[must_use]
    pub fn chapter(&self, slug: &ChapterSlug) -> Option<&Chapter> {
        self.course.chapter(slug)
    }

    /// Where this version's files are served: `/media/mediation-numerique/3/`.
    #[must_use]
    pub fn media_base(&self) -> String {
        format!("/media/{}/{}/", self.course.slug, self.number)
    }
}

/// What is published, by course; and every version that was asked for since the start.
#[derive(Debug, Default)]
pub struct Library {
    current: RwLock<BTreeMap<CourseSlug, Arc<Published>>>,
    versions: RwLock<BTreeMap<VersionId, Arc<Published>>>,
    withdrawn: RwLock<BTreeSet<CourseSlug>>,
}

impl Library {
    /// The current version of every course, in the order of their slugs.
    #[must_use]
    pub fn current(&self) -> Vec<Arc<Published>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// The current version of a course.
    #[must_use]
    pub fn course(&self, slug: &CourseSlug) -> Option<Arc<Published>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).get(slug).cloned()
    }

    /// Whether the course is offered no more to those who have not begun it.
    #[must_use]
    pub fn is_withdrawn(&self, slug: &CourseSlug) -> bool {
        self.withdrawn.read().unwrap_or_else(PoisonError::into_inner).contains(slug)
    }

    /// Any version ever published: attempts end on the version they began on.
    ///
    /// # Errors
    /// When the database fails, or holds no such version.
    pub async fn version(&self, db: &Db, id: VersionId) -> Result<Arc<Published>, DbErr> {
        if let Some(known) = self.versions.read().unwrap_or_else(PoisonError::into_inner).get(&id) {
            return Ok(Arc::clone(known));
        }
        let row = course_version::Entity::find_by_id(id.0).one(db.reader()).await?;
        let row = row.ok_or_else(|| DbErr::RecordNotFound(format!("course version {id}")))?;
        let published = Arc::new(read(&row)?);
        self.versions.write().unwrap_or_else(PoisonError::into_inner).insert(id, Arc::clone(&published));
        Ok(published)
    }

    /// The version of a course that has this number; none where there never was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn numbered(&self, db: &Db, course: &CourseSlug, number: u32) -> Result<Option<Arc<Published>>, DbErr> {
        let is_it = |version: &&Arc<Published>| version.course.slug == *course && version.number == number;
        if let Some(known) = self.versions.read().unwrap_or_else(PoisonError::into_inner).values().find(is_it) {
            return Ok(Some(Arc::clone(known)));
        }
        let id: Option<i64> = course_version::Entity::find()
            .select_only()
            .column(course_version::Column::Id)
            .filter(course_version::Column::Course.eq(course.as_str()))
            .filter(course_version::Column::Number.eq(i64::from(number)))
            .into_tuple()
            .one(db.reader())
            .await?;
        match id {
            Some(id) => self.version(db, VersionId(id)).await.map(Some),
            None => Ok(None),
        }
    }

    /// Takes up what was published or withdrawn since, by this process or another. Saying it twice changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn refresh(&self, db: &Db) -> Result<(), DbErr> {
        let newest: Vec<i64> = course_version::Entity::find()
            .select_only()
            .column_as(course_version::Column::Id.max(), "id")
            .group_by(course_version::Column::Course)
            .into_tuple()
            .all(db.reader())
            .await?;
        for id in newest {
            let published = self.version(db, VersionId(id)).await?;
            self.current
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(published.course.slug.clone(), published);
        }
        let withdrawn = withdrawal::Entity::find().all(db.reader()).await?;
        let withdrawn = withdrawn.into_iter().filter_map(|row| row.course.parse().ok()).collect();
        *self.withdrawn.write().unwrap_or_else(PoisonError::into_inner) = withdrawn;
        Ok(())
    }
}

fn read(row: &course_version::Model) -> Result<Published, DbErr> {
    let course = serde_json::from_str(&row.body)
        .map_err(|error| DbErr::Custom(format!("version {} of {} cannot be read: {error}", row.number, row.course)))?;
    Ok(Published { id: VersionId(row.id), number: u32::try_from(row.number).unwrap_or(0), course })
}

/// When each version was published.
///
/// # Errors
/// When the database fails.
pub(crate) async fn published_at(db: &impl ConnectionTrait) -> Result<BTreeMap<VersionId, Timestamp>, DbErr> {
    let rows: Vec<(i64, i64)> = course_version::Entity::find()
        .select_only()
        .columns([course_version::Column::Id, course_version::Column::PublishedAt])
        .into_tuple()
        .all(db)
        .await?;
    let known = rows.into_iter().filter_map(|(id, at)| Some((VersionId(id), Timestamp::from_millisecond(at).ok()?)));
    Ok(known.collect())
}

/// The files of every version, each counted once however many versions have it.
///
/// # Errors
/// When the database fails.
pub(crate) async fn files_kept(db: &impl ConnectionTrait) -> Result<Kept, Error> {
    let sql = "SELECT COUNT(*) AS count, CAST(COALESCE(SUM(size), 0) AS BIGINT) AS bytes \
               FROM (SELECT DISTINCT digest, size FROM course_file) AS files";
    Ok(operation::kept(db, Statement::from_string(db.get_database_backend(), sql)).await?)
}

/// The newest version of a course: what tells it from others.
#[derive(Debug, sea_orm::FromQueryResult)]
pub(crate) struct Newest {
    pub(crate) id: i64,
    pub(crate) number: i64,
    pub(crate) digest: String,
}

/// The newest version of a course, as the database has it.
pub(crate) async fn newest(db: &impl ConnectionTrait, course: &CourseSlug) -> Result<Option<Newest>, DbErr> {
    use course_version::Column;
    use sea_orm::QueryOrder as _;
    course_version::Entity::find()
        .select_only()
        .columns([Column::Id, Column::Number, Column::Digest])
        .filter(Column::Course.eq(course.as_str()))
        .order_by_desc(Column::Number)
        .into_model::<Newest>()
        .one(db)
        .await
}
