//! What agents are told when a course changes where it concerns them: a line on their home and on the chapter, until read.

use super::entity::{course_notice, course_notice_reader};
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::entity::person;
use crate::mail::{self, Letter, outbox};
use axum::extract::{Path, State};
use axum::response::Redirect;
use domain::ids::{ChapterSlug, CourseSlug, PersonId};
use frontend::home::NoticeLine;
use jiff::{SignedDuration, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, Set};
use uuid::Uuid;

/// Rows written by one statement.
const TOGETHER: usize = 400;

/// A mail about a change is of no use a week later.
const WORTH: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What is to be told, and to whom.
#[derive(Debug, Clone)]
pub(super) struct Notice {
    /// In the author's words.
    pub(super) body: String,
    pub(super) by_mail: bool,
    /// Each with the chapters where it concerns them.
    pub(super) readers: Vec<(PersonId, Vec<ChapterSlug>)>,
}

/// Tells what changed with a version, within the transaction that makes it.
///
/// # Errors
/// When the database fails.
pub(super) async fn tell(
    app: &App,
    db: &impl ConnectionTrait,
    (course, title, number): (&CourseSlug, &str, u32),
    by: PersonId,
    notice: &Notice,
) -> Result<()> {
    if notice.body.is_empty() || notice.readers.is_empty() {
        return Ok(());
    }
    let (id, now) = (app.dice.uuid().to_string(), app.clock.now());
    let row = course_notice::ActiveModel {
        id: Set(id.clone()),
        course: Set(course.to_string()),
        number: Set(number.into()),
        body: Set(notice.body.clone()),
        by_id: Set(by.0),
        at: Set(now.as_millisecond()),
    };
    course_notice::Entity::insert(row).exec_without_returning(db).await?;
    for readers in notice.readers.chunks(TOGETHER) {
        let mut rows = Vec::with_capacity(readers.len());
        for (person, chapters) in readers {
            rows.push(course_notice_reader::ActiveModel {
                person_id: Set(person.0),
                notice_id: Set(id.clone()),
                chapters: Set(serde_json::to_string(chapters).map_err(|error| Error::Internal(error.to_string()))?),
                read_at: Set(None),
            });
        }
        course_notice_reader::Entity::insert_many(rows).exec_without_returning(db).await?;
        if notice.by_mail {
            let people = person::Entity::find()
                .filter(person::Column::Id.is_in(readers.iter().map(|(person, _)| person.0)))
                .filter(person::Column::SuspendedAt.is_null())
                .filter(person::Column::ErasedAt.is_null())
                .all(db)
                .await?;
            let letters = people.iter().map(|person| letter(app, (course, title), &id, (person, now), &notice.body));
            outbox::post(db, app, letters.collect()).await?;
        }
    }
    Ok(())
}

fn letter(
    app: &App,
    (course, title): (&CourseSlug, &str),
    notice: &str,
    (person, now): (&person::Model, Timestamp),
    body: &str,
) -> Letter {
    let url = &app.config.public_url;
    let text = format!(
        "{body}\n\nCe que vous avez acquis reste acquis. Le cours «\u{a0}{title}\u{a0}»\u{a0}:\n{url}/cours/{course}"
    );
    Letter {
        key: format!("notice/{notice}/{}", person.id),
        to_address: person.email.clone(),
        to_name: format!("{} {}", person.first_name, person.last_name),
        subject: format!("Votre formation change\u{a0}: {title}"),
        body: mail::body(&person.first_name, &text, url),
        calendar: None,
        send_after: now,
        send_before: now.checked_add(WORTH).ok(),
    }
}

/// What that person was told and has not read yet, newest first; of that chapter alone where one is given.
///
/// # Errors
/// When the database fails.
pub(crate) async fn unread(
    db: &impl ConnectionTrait,
    person: PersonId,
    place: Option<(&CourseSlug, &ChapterSlug)>,
) -> Result<Vec<NoticeLine>> {
    let rows = course_notice_reader::Entity::find()
        .filter(course_notice_reader::Column::PersonId.eq(person.0))
        .filter(course_notice_reader::Column::ReadAt.is_null())
        .all(db)
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let notices = course_notice::Entity::find()
        .filter(course_notice::Column::Id.is_in(rows.iter().map(|row| row.notice_id.as_str())))
        .order_by_desc(course_notice::Column::At)
        .order_by_asc(course_notice::Column::Id)
        .all(db)
        .await?;
    let is_about = |notice: &course_notice::Model| {
        let Some((course, chapter)) = place else { return true };
        let row = rows.iter().find(|row| row.notice_id == notice.id);
        let chapters: Vec<ChapterSlug> =
            row.and_then(|row| serde_json::from_str(&row.chapters).ok()).unwrap_or_default();
        notice.course == course.as_str() && chapters.contains(chapter)
    };
    let line = |notice: course_notice::Model| NoticeLine {
        action: format!("/avis/{}", notice.id),
        course: notice.course,
        body: notice.body,
        at: Timestamp::from_millisecond(notice.at).unwrap_or_default(),
    };
    Ok(notices.into_iter().filter(is_about).map(line).collect())
}

/// `POST /avis/{notice}`: it was read.
pub async fn read(State(app): State<App>, viewer: Viewer, Path(notice): Path<Uuid>) -> Result<Redirect> {
    let (person, now) = (viewer.person.0, app.clock.now().as_millisecond());
    let known = app
        .db
        .write(move |db| {
            Box::pin(async move {
                let row = course_notice_reader::Entity::find_by_id((person, notice.to_string())).one(db).await?;
                course_notice_reader::Entity::update_many()
                    .col_expr(course_notice_reader::Column::ReadAt, Expr::value(now))
                    .filter(course_notice_reader::Column::PersonId.eq(person))
                    .filter(course_notice_reader::Column::NoticeId.eq(notice.to_string()))
                    .filter(course_notice_reader::Column::ReadAt.is_null())
                    .exec(db)
                    .await?;
                Ok::<_, Error>(row.is_some())
            })
        })
        .await?;
    if known { Ok(Redirect::to("/")) } else { Err(Error::NotFound) }
}
