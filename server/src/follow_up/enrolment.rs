//! Writing enrolments: who is enrolled and where, and what their record comes to.

use super::entity::{chapter_standing, enrolment, syllabus};
use crate::app::App;
use crate::cohort;
use crate::course::entity::withdrawal;
use crate::error::{Error, Result};
use crate::identity::entity::{person, role_grant};
use crate::place::maison;
use crate::record;
use domain::course::Course;
use domain::follow_up::{Standing, Syllabus, Tried};
use domain::identity::Role;
use domain::ids::{ChapterSlug, CourseSlug, PersonId};
use domain::record::{CourseRecord, Entry, Fact, Record};
use domain::text::{folded, paris};
use jiff::Timestamp;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Set,
};
use std::collections::{BTreeMap, BTreeSet};

/// Rows written by one statement.
const TOGETHER: usize = 400;

/// Enrolments folded anew in one transaction.
const BATCH: u64 = 100;

/// Writes down what a course takes. Where that changed, or nobody was enrolled yet, every agent is enrolled and every
/// enrolment is to be folded anew: [`catch_up`] does.
///
/// # Errors
/// When the database fails.
pub(crate) async fn set_syllabus(db: &impl ConnectionTrait, course: &Course) -> Result<()> {
    let body = as_json(&Syllabus::of(course))?;
    let known = syllabus::Entity::find_by_id(course.slug.as_str()).one(db).await?;
    if known.as_ref().is_some_and(|known| known.body == body) {
        return Ok(());
    }
    let row = syllabus::ActiveModel { course: Set(course.slug.to_string()), body: Set(body) };
    let replace = OnConflict::column(syllabus::Column::Course).update_column(syllabus::Column::Body).to_owned();
    syllabus::Entity::insert(row).on_conflict(replace).exec_without_returning(db).await?;
    enrolment::Entity::update_many()
        .col_expr(enrolment::Column::Stale, Expr::value(true))
        .filter(enrolment::Column::Course.eq(course.slug.as_str()))
        .exec(db)
        .await?;
    let agents: Vec<i64> = role_grant::Entity::find()
        .select_only()
        .column(role_grant::Column::PersonId)
        .filter(role_grant::Column::Role.eq(Role::Agent.as_str()))
        .order_by_asc(role_grant::Column::PersonId)
        .into_tuple()
        .all(db)
        .await?;
    place(db, &agents).await
}

/// Brings the enrolments of these people up to date with their accounts and cohorts: who they are, where they work, by when
/// they are to be done, whether they are agents at all. What they earned is not touched. Saying it twice changes nothing.
///
/// # Errors
/// When the database fails.
pub(crate) async fn place(db: &impl ConnectionTrait, people: &[i64]) -> Result<()> {
    let courses: Vec<String> =
        syllabus::Entity::find().select_only().column(syllabus::Column::Course).into_tuple().all(db).await?;
    if courses.is_empty() {
        return Ok(());
    }
    let withdrawn: BTreeSet<String> = withdrawal::Entity::find()
        .select_only()
        .column(withdrawal::Column::Course)
        .into_tuple()
        .all(db)
        .await?
        .into_iter()
        .collect();
    for people in people.chunks(TOGETHER) {
        let agents: BTreeSet<i64> = role_grant::Entity::find()
            .select_only()
            .column(role_grant::Column::PersonId)
            .filter(role_grant::Column::Role.eq(Role::Agent.as_str()))
            .filter(role_grant::Column::PersonId.is_in(people.iter().copied()))
            .into_tuple()
            .all(db)
            .await?
            .into_iter()
            .collect();
        let others = people.iter().copied().filter(|id| !agents.contains(id));
        enrolment::Entity::update_many()
            .col_expr(enrolment::Column::Active, Expr::value(0))
            .filter(enrolment::Column::PersonId.is_in(others))
            .exec(db)
            .await?;
        let rows = person::Entity::find().filter(person::Column::Id.is_in(agents.iter().copied())).all(db).await?;
        let known: BTreeSet<i64> = record::store::known(db, &agents).await?;
        let maisons: BTreeSet<i64> = rows.iter().filter_map(|row| row.maison_id).collect();
        let maisons = maison::Entity::find().filter(maison::Column::Id.is_in(maisons)).all(db).await?;
        let maisons: BTreeMap<i64, maison::Model> = maisons.into_iter().map(|row| (row.id, row)).collect();
        let cohorts = cohort::of_people(db, people).await?;
        let mut placed = Vec::new();
        for course in &courses {
            // Nobody more is enrolled in a course that is not offered any more.
            let enrolled =
                if withdrawn.contains(course) { enrolled_in(db, course, &agents).await? } else { agents.clone() };
            placed.extend(rows.iter().filter(|person| enrolled.contains(&person.id)).map(|person| {
                let maison = person.maison_id.and_then(|id| maisons.get(&id));
                let place = (maison, cohorts.get(&(person.id, course.clone())));
                ((person.id, course), row(course, person, place, known.contains(&person.id)))
            }));
        }
        // In the order in which all take them: two that wait for each other would never end.
        placed.sort_by_key(|(key, _)| *key);
        while !placed.is_empty() {
            let rows = placed.drain(..placed.len().min(TOGETHER)).map(|(_, row)| row);
            let replace = OnConflict::columns([enrolment::Column::Course, enrolment::Column::PersonId])
                .update_columns([
                    enrolment::Column::Active,
                    enrolment::Column::MaisonId,
                    enrolment::Column::Departement,
                    enrolment::Column::Name,
                    enrolment::Column::Search,
                    enrolment::Column::CohortId,
                    enrolment::Column::DueAt,
                ])
                .to_owned();
            enrolment::Entity::insert_many(rows).on_conflict(replace).exec_without_returning(db).await?;
        }
    }
    Ok(())
}

/// Those of these people who are enrolled in that course already.
async fn enrolled_in(db: &impl ConnectionTrait, course: &str, people: &BTreeSet<i64>) -> Result<BTreeSet<i64>> {
    let known: Vec<i64> = enrolment::Entity::find()
        .select_only()
        .column(enrolment::Column::PersonId)
        .filter(enrolment::Column::Course.eq(course))
        .filter(enrolment::Column::PersonId.is_in(people.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(known.into_iter().collect())
}

fn row(
    course: &str,
    person: &person::Model,
    (maison, cohort): (Option<&maison::Model>, Option<&cohort::Due>),
    has_record: bool,
) -> enrolment::ActiveModel {
    let name = folded(&format!("{} {}", person.last_name, person.first_name));
    let place = maison.map(|maison| folded(&format!("{} {}", maison.name, maison.commune))).unwrap_or_default();
    enrolment::ActiveModel {
        course: Set(course.to_owned()),
        person_id: Set(person.id),
        active: Set(i32::from(person.suspended_at.is_none() && person.away.is_none())),
        maison_id: Set(person.maison_id),
        departement: Set(maison.map(|maison| maison.departement.clone()).unwrap_or_default()),
        search: Set(format!("{} {name} {place}", folded(&person.first_name))),
        name: Set(name),
        enrolled_at: Set(person.created_at),
        cohort_id: Set(cohort.map(|due| due.cohort.clone())),
        due_at: Set(cohort.map(|due| due.at.as_millisecond())),
        stale: Set(has_record),
        begun: ActiveValue::NotSet,
        chapters: ActiveValue::NotSet,
        minutes: ActiveValue::NotSet,
        minutes_live: ActiveValue::NotSet,
        webinars: ActiveValue::NotSet,
        webinars_met: ActiveValue::NotSet,
        mooc_at: ActiveValue::NotSet,
        webinar_at: ActiveValue::NotSet,
        done_at: ActiveValue::NotSet,
        done_on: ActiveValue::NotSet,
        last_at: ActiveValue::NotSet,
    }
}

/// Folds a fact that was just appended into the enrolment of its course. Costs the same for the first and the last.
/// Who is not enrolled, a trainer who tries the course, is not counted.
///
/// # Errors
/// When the database fails.
pub(crate) async fn fold(db: &impl ConnectionTrait, agent: PersonId, record: &Record, entry: &Entry) -> Result<()> {
    let course = entry.fact.course();
    let key = (course.to_string(), agent.0);
    let Some(known) = enrolment::Entity::find_by_id(key).one(db).await? else { return Ok(()) };
    let Some(earned) = record.courses.get(course) else { return Ok(()) };
    let touched = match &entry.fact {
        // One that is stale lacks the other chapters too.
        Fact::AttemptGraded { chapter, .. } if !known.stale => Some(chapter),
        _ => None,
    };
    let chapters = if known.stale { tried(earned, None) } else { tried(earned, touched) };
    let chapters = if known.stale || touched.is_some() { chapters } else { Vec::new() };
    write(db, &known, earned, entry.at, chapters).await
}

/// Enrols where nobody was, and folds anew what is stale: after a course changed, or the product itself. Costs
/// nothing where nothing is stale.
///
/// # Errors
/// When the database fails; saying it again goes on.
pub async fn catch_up(app: &App) -> Result<()> {
    for published in app.library.current() {
        // Published before there were enrolments; what is published since tells what it takes by itself.
        let slug = published.course.slug.as_str();
        if syllabus::Entity::find_by_id(slug).one(app.db.reader()).await?.is_none() {
            app.db.write(move |db| Box::pin(async move { set_syllabus(db, &published.course).await })).await?;
        }
    }
    loop {
        let stale: Vec<(String, i64)> = enrolment::Entity::find()
            .select_only()
            .columns([enrolment::Column::Course, enrolment::Column::PersonId])
            .filter(enrolment::Column::Stale.eq(true))
            .order_by_asc(enrolment::Column::PersonId)
            .order_by_asc(enrolment::Column::Course)
            .limit(BATCH)
            .into_tuple()
            .all(app.db.reader())
            .await?;
        if stale.is_empty() {
            return Ok(());
        }
        app.db
            .write(move |db| {
                Box::pin(async move {
                    for (course, person) in stale {
                        fold_anew(db, course, PersonId(person)).await?;
                    }
                    Ok::<_, Error>(())
                })
            })
            .await?;
    }
}

async fn fold_anew(db: &impl ConnectionTrait, course: String, agent: PersonId) -> Result<()> {
    let folded = record::store::lock(db, agent).await?;
    let Some(known) = enrolment::Entity::find_by_id((course.clone(), agent.0)).one(db).await? else { return Ok(()) };
    let slug: CourseSlug = course.parse().map_err(|_| Error::Internal(format!("`{course}` is no course")))?;
    let empty = CourseRecord::default();
    let earned = folded.record.courses.get(&slug).unwrap_or(&empty);
    let last = record::store::facts(db, agent, None, 1).await?;
    let last_at = last.first().map_or(Timestamp::UNIX_EPOCH, Entry::when);
    let last_at = last_at.max(Timestamp::from_millisecond(known.last_at).unwrap_or_default());
    write(db, &known, earned, last_at, tried(earned, None)).await
}

/// One enrolment of two, when an account is folded into another: since the earlier of the two days, and as the record of
/// both stands.
///
/// # Errors
/// When the database fails.
pub(crate) async fn merge(db: &impl ConnectionTrait, kept: PersonId, folded: PersonId) -> Result<()> {
    place(db, &[kept.0]).await?;
    let rows = enrolment::Entity::find().filter(enrolment::Column::PersonId.eq(folded.0)).all(db).await?;
    for row in rows {
        enrolment::Entity::update_many()
            .col_expr(enrolment::Column::EnrolledAt, Expr::value(row.enrolled_at))
            .filter(enrolment::Column::Course.eq(&row.course))
            .filter(enrolment::Column::PersonId.eq(kept.0))
            .filter(enrolment::Column::EnrolledAt.gt(row.enrolled_at))
            .exec(db)
            .await?;
    }
    enrolment::Entity::delete_many().filter(enrolment::Column::PersonId.eq(folded.0)).exec(db).await?;
    chapter_standing::Entity::delete_many().filter(chapter_standing::Column::PersonId.eq(folded.0)).exec(db).await?;
    let courses: Vec<String> = enrolment::Entity::find()
        .select_only()
        .column(enrolment::Column::Course)
        .filter(enrolment::Column::PersonId.eq(kept.0))
        .into_tuple()
        .all(db)
        .await?;
    for course in courses {
        fold_anew(db, course, kept).await?;
    }
    Ok(())
}

/// How the agent fared at that chapter's quiz, or at each of them.
fn tried(earned: &CourseRecord, only: Option<&ChapterSlug>) -> Vec<(ChapterSlug, Tried)> {
    let chapters = earned.chapters.iter().filter(|(slug, _)| only.is_none_or(|only| *slug == only));
    chapters.filter_map(|(slug, chapter)| Some((slug.clone(), Tried::of(chapter.quiz.as_ref()?)))).collect()
}

async fn write(
    db: &impl ConnectionTrait,
    known: &enrolment::Model,
    earned: &CourseRecord,
    last_at: Timestamp,
    chapters: Vec<(ChapterSlug, Tried)>,
) -> Result<()> {
    let syllabus = match syllabus::Entity::find_by_id(known.course.as_str()).one(db).await? {
        Some(row) => serde_json::from_str(&row.body).map_err(|error| Error::Internal(error.to_string()))?,
        None => Syllabus::default(),
    };
    let completed = known.mooc_at.and_then(|at| Timestamp::from_millisecond(at).ok());
    let standing = Standing::of(earned, &syllabus, completed);
    let done_at = standing.done_at();
    let row = enrolment::ActiveModel {
        course: Set(known.course.clone()),
        person_id: Set(known.person_id),
        stale: Set(false),
        begun: Set(i32::from(standing.begun)),
        chapters: Set(signed(standing.chapters)),
        minutes: Set(signed(standing.minutes)),
        minutes_live: Set(signed(standing.minutes_live)),
        webinars: Set(signed(standing.webinars)),
        webinars_met: Set(signed(standing.webinars_met)),
        mooc_at: Set(standing.mooc_at.map(Timestamp::as_millisecond)),
        webinar_at: Set(standing.webinar_at.map(Timestamp::as_millisecond)),
        done_at: Set(done_at.map(Timestamp::as_millisecond)),
        done_on: Set(done_at.map(|at| paris(at).date().to_string())),
        last_at: Set(last_at.as_millisecond()),
        ..Default::default()
    };
    enrolment::Entity::update(row).exec(db).await?;
    let rows = chapters.into_iter().map(|(chapter, tried)| chapter_standing::ActiveModel {
        course: Set(known.course.clone()),
        person_id: Set(known.person_id),
        chapter: Set(chapter.to_string()),
        attempts: Set(signed(tried.attempts)),
        passed: Set(i32::from(tried.passed)),
        best: Set(tried.best.into()),
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        let columns =
            [chapter_standing::Column::Course, chapter_standing::Column::PersonId, chapter_standing::Column::Chapter];
        let replace = OnConflict::columns(columns)
            .update_columns([
                chapter_standing::Column::Attempts,
                chapter_standing::Column::Passed,
                chapter_standing::Column::Best,
            ])
            .to_owned();
        chapter_standing::Entity::insert_many(rows).on_conflict(replace).exec_without_returning(db).await?;
    }
    Ok(())
}

fn signed(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

fn as_json(syllabus: &Syllabus) -> Result<String> {
    serde_json::to_string(syllabus).map_err(|error| Error::Internal(error.to_string()))
}
