//! What an agent has read of a course, and where they stopped.

use super::entity::{reading_position, section_read};
use super::library::Published;
use crate::app::App;
use crate::error::{Error, Result};
use crate::record;
use domain::course::Chapter;
use domain::ids::{ChapterSlug, CourseSlug, PersonId, SectionSlug};
use domain::record::Fact;
use jiff::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, Set, Statement};
use std::collections::BTreeMap;

/// When each section of a chapter was marked as read.
pub type Read = BTreeMap<SectionSlug, Timestamp>;

/// Where an agent stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    pub chapter: ChapterSlug,
    /// An anchor of the chapter.
    pub anchor: String,
}

/// Sections read in a chapter, out of those that the course has today.
///
/// # Errors
/// When the database fails.
pub async fn read(
    db: &impl ConnectionTrait,
    person: PersonId,
    course: &CourseSlug,
    chapter: &Chapter,
) -> Result<Read, DbErr> {
    let all = read_in_course(db, person, course).await?;
    let known = |section: &SectionSlug| chapter.sections.iter().any(|known| known.slug == *section);
    Ok(all
        .into_iter()
        .filter(|((of, section), _)| *of == chapter.slug && known(section))
        .map(|((_, section), at)| (section, at))
        .collect())
}

/// Sections read in a course, by chapter and section.
///
/// # Errors
/// When the database fails.
pub async fn read_in_course(
    db: &impl ConnectionTrait,
    person: PersonId,
    course: &CourseSlug,
) -> Result<BTreeMap<(ChapterSlug, SectionSlug), Timestamp>, DbErr> {
    let rows = section_read::Entity::find()
        .filter(section_read::Column::PersonId.eq(person.0))
        .filter(section_read::Column::Course.eq(course.as_str()))
        .all(db)
        .await?;
    let parsed = |row: section_read::Model| {
        let key = (row.chapter.parse().ok()?, row.section.parse().ok()?);
        Some((key, Timestamp::from_millisecond(row.read_at).ok()?))
    };
    Ok(rows.into_iter().filter_map(parsed).collect())
}

/// Sections that a person read, by course and chapter, whatever the version.
///
/// # Errors
/// When the database fails.
pub(crate) async fn read_everywhere(
    db: &impl ConnectionTrait,
    person: PersonId,
) -> Result<BTreeMap<CourseSlug, BTreeMap<ChapterSlug, domain::course::Read>>, DbErr> {
    let rows = section_read::Entity::find().filter(section_read::Column::PersonId.eq(person.0)).all(db).await?;
    let mut read = BTreeMap::<CourseSlug, BTreeMap<ChapterSlug, domain::course::Read>>::new();
    for row in rows {
        let (Ok(course), Ok(chapter), Ok(section)) = (row.course.parse(), row.chapter.parse(), row.section.parse())
        else {
            continue;
        };
        read.entry(course).or_default().entry(chapter).or_default().insert(section);
    }
    Ok(read)
}

/// Marks a section as read; the last of a chapter appends the fact that the chapter is read.
/// Saying it twice changes nothing.
///
/// # Errors
/// [`Error::NotFound`] for a section that is not in the chapter; when the database fails.
pub async fn mark(
    app: &App,
    person: PersonId,
    published: &Published,
    chapter: &Chapter,
    section: &SectionSlug,
) -> Result<Read> {
    if !chapter.sections.iter().any(|known| known.slug == *section) {
        return Err(Error::NotFound);
    }
    let now = app.clock.now();
    let row = section_read::ActiveModel {
        person_id: Set(person.0),
        course: Set(published.course.slug.to_string()),
        chapter: Set(chapter.slug.to_string()),
        section: Set(section.to_string()),
        read_at: Set(now.as_millisecond()),
    };
    let fact = Fact::ChapterRead {
        course: published.course.slug.clone(),
        version: published.number,
        chapter: chapter.slug.clone(),
        minutes: chapter.minutes,
        suffices: chapter.quiz.is_none(),
    };
    let (course, chapter, inside) = (published.course.slug.clone(), chapter.clone(), app.clone());
    app.db
        .write(move |db| {
            Box::pin(async move {
                let key = [
                    section_read::Column::PersonId,
                    section_read::Column::Course,
                    section_read::Column::Chapter,
                    section_read::Column::Section,
                ];
                let once = OnConflict::columns(key).do_nothing_on(key).to_owned();
                section_read::Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(db).await?;
                let read = read(db, person, &course, &chapter).await?;
                if read.len() == chapter.sections.len() {
                    record::store::append_unless(&inside, db, person, now, fact, |record| {
                        record.chapter(&course, &chapter.slug).is_some_and(|chapter| chapter.read.is_some())
                    })
                    .await?;
                }
                Ok(read)
            })
        })
        .await
}

/// What one account of a person read is read for the other too.
///
/// # Errors
/// When the database fails.
pub(crate) async fn hand_over(db: &impl ConnectionTrait, from: PersonId, to: PersonId) -> Result<()> {
    let sql = "INSERT INTO section_read (person_id, course, chapter, section, read_at) \
        SELECT CAST($2 AS BIGINT), course, chapter, section, read_at FROM section_read WHERE person_id = $1 \
        ON CONFLICT DO NOTHING";
    let values = [from.0.into(), to.0.into()];
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Notes where the agent stopped; the last word wins.
///
/// # Errors
/// When the database fails.
pub async fn stop_at(app: &App, person: PersonId, course: &CourseSlug, position: Position) -> Result<()> {
    let row = reading_position::ActiveModel {
        person_id: Set(person.0),
        course: Set(course.to_string()),
        chapter: Set(position.chapter.to_string()),
        anchor: Set(position.anchor),
        saved_at: Set(app.clock.now().as_millisecond()),
    };
    let replace = OnConflict::columns([reading_position::Column::PersonId, reading_position::Column::Course])
        .update_columns([
            reading_position::Column::Chapter,
            reading_position::Column::Anchor,
            reading_position::Column::SavedAt,
        ])
        .to_owned();
    app.db
        .write(move |db| {
            Box::pin(async move {
                reading_position::Entity::insert(row).on_conflict(replace).exec_without_returning(db).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Where the agent stopped in a course.
///
/// # Errors
/// When the database fails.
pub async fn position(app: &App, person: PersonId, course: &CourseSlug) -> Result<Option<Position>> {
    let row = reading_position::Entity::find_by_id((person.0, course.to_string())).one(app.db.reader()).await?;
    Ok(row.and_then(|row| Some(Position { chapter: row.chapter.parse().ok()?, anchor: row.anchor })))
}
