//! Where attempts are begun and looked at, and answers handed over, a crowd at a time.

use super::entity::{answer, attempt};
use super::store;
use crate::crowd::{Counter, Crowd, evened, runs};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::merging;
use domain::ids::{AttemptId, ChapterSlug, CourseSlug, PersonId};
use domain::quiz::{Saying, latest};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, SimpleExpr};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    Set,
};
use std::collections::{BTreeMap, BTreeSet};

/// The most rows of one statement: databases bound the number of values.
const ROWS: usize = 1000;

/// Those who begin an attempt, those who look at one, and those who answer.
#[derive(Debug, Default)]
pub struct Desk {
    recalling: Crowd<Tries, Vec<attempt::Model>>,
    looking: Crowd<AttemptId, Option<attempt::Model>>,
    reading: Crowd<AttemptId, Vec<Saying>>,
    beginning: Crowd<attempt::ActiveModel, bool>,
    answering: Crowd<Said, Option<Vec<Saying>>>,
}

/// Whose attempts, and at which quiz: the course, and the chapter or what stands in its place.
pub(super) type Tries = (PersonId, CourseSlug, ChapterSlug);

/// What one message says about one attempt.
#[derive(Debug, Clone)]
struct Said {
    attempt: AttemptId,
    sayings: Vec<Saying>,
    received_at: i64,
}

/// An answer's place: attempt and question, as stored.
type Place = (String, String);

impl Desk {
    /// Every attempt of that person at that quiz, first to last; those of an account folded into theirs too.
    pub(super) async fn recall(&self, db: &Db, tries: Tries) -> Result<Vec<attempt::Model>> {
        self.recalling.join(tries, Recalling(db.clone())).await
    }

    /// The attempt, whoever began it.
    pub(super) async fn look(&self, db: &Db, id: AttemptId) -> Result<Option<attempt::Model>> {
        self.looking.join(id, Looking(db.clone())).await
    }

    /// What is kept of its answers.
    pub(super) async fn read(&self, db: &Db, id: AttemptId) -> Result<Vec<Saying>> {
        self.reading.join(id, Reading(db.clone())).await
    }

    /// Stores the new attempt, unless there is one with its id, or with its number; says whether it did.
    pub(super) async fn begin(&self, db: &Db, row: attempt::ActiveModel) -> Result<bool> {
        self.beginning.join(row, Beginning(db.clone())).await
    }

    /// Keeps the answers; returns, for each question said, the answer that is now kept.
    pub(super) async fn keep(
        &self,
        db: &Db,
        attempt: AttemptId,
        sayings: Vec<Saying>,
        received_at: i64,
    ) -> Result<Vec<Saying>> {
        let said = Said { attempt, sayings, received_at };
        self.answering.join(said, Answering(db.clone())).await?.ok_or_else(store::closed)
    }
}

struct Recalling(Db);

impl Counter<Tries, Vec<attempt::Model>> for Recalling {
    async fn serve(&self, asked: Vec<Tries>) -> Result<Vec<Vec<attempt::Model>>> {
        let db = self.0.reader();
        let quizzes: BTreeSet<_> = asked.iter().map(|(_, course, chapter)| (course, chapter)).collect();
        let folded = merging::store::folded_into_any(db, evened(asked.iter().map(|(person, ..)| *person))).await?;
        let mut found = Vec::new();
        for (course, chapter) in quizzes {
            let of_quiz = asked.iter().filter(|(_, c, e)| (c, e) == (course, chapter)).map(|(person, ..)| person.0);
            let people: BTreeSet<i64> = of_quiz.chain(folded.keys().copied()).collect();
            let of_people = attempt::Column::PersonId.is_in(evened(people));
            found.extend(store::at_quiz(course, chapter).filter(of_people).all(db).await?);
        }
        let is_theirs = |row: &attempt::Model, (person, course, chapter): &Tries| {
            (&*row.course, &*row.chapter) == (course.as_str(), chapter.as_str())
                && (row.person_id == person.0 || folded.get(&row.person_id) == Some(person))
        };
        let of = |tries: &Tries| found.iter().filter(|row| is_theirs(row, tries)).cloned().collect();
        Ok(asked.iter().map(of).collect())
    }
}

struct Looking(Db);

impl Counter<AttemptId, Option<attempt::Model>> for Looking {
    async fn serve(&self, asked: Vec<AttemptId>) -> Result<Vec<Option<attempt::Model>>> {
        let ids = evened(asked.iter().map(ToString::to_string));
        let found = attempt::Entity::find().filter(attempt::Column::Id.is_in(ids)).all(self.0.reader()).await?;
        let of = |id: &AttemptId| found.iter().find(|row| row.id == id.to_string()).cloned();
        Ok(asked.iter().map(of).collect())
    }
}

struct Reading(Db);

impl Counter<AttemptId, Vec<Saying>> for Reading {
    async fn serve(&self, asked: Vec<AttemptId>) -> Result<Vec<Vec<Saying>>> {
        let ids: BTreeSet<String> = asked.iter().map(ToString::to_string).collect();
        let mut found: BTreeMap<String, Vec<Saying>> = BTreeMap::new();
        for ((attempt, _), saying) in read(self.0.reader(), &ids).await? {
            found.entry(attempt).or_default().push(saying);
        }
        Ok(asked.iter().map(|id| found.get(&id.to_string()).cloned().unwrap_or_default()).collect())
    }
}

struct Beginning(Db);

impl Counter<attempt::ActiveModel, bool> for Beginning {
    async fn serve(&self, rows: Vec<attempt::ActiveModel>) -> Result<Vec<bool>> {
        self.0.write(move |db| Box::pin(async move { begin_all(db, rows).await })).await
    }
}

struct Answering(Db);

impl Counter<Said, Option<Vec<Saying>>> for Answering {
    async fn serve(&self, said: Vec<Said>) -> Result<Vec<Option<Vec<Saying>>>> {
        self.0.write(move |db| Box::pin(async move { keep_all(db, &said).await })).await
    }
}

/// Stores these attempts; says of each whether it is the one that is now stored under its id.
async fn begin_all(db: &impl ConnectionTrait, rows: Vec<attempt::ActiveModel>) -> Result<Vec<bool>> {
    // An attempt is known as itself by the seed of its draw.
    let begun: Vec<(String, i64)> =
        rows.iter().map(|row| (row.id.clone().unwrap(), row.seed.clone().unwrap())).collect();
    let mut stored = 0;
    for rows in runs(&rows) {
        let unless = OnConflict::new().do_nothing().to_owned();
        let insert = attempt::Entity::insert_many(rows.to_vec()).on_conflict(unless);
        stored += inserted(insert.exec_without_returning(db).await)?;
    }
    if stored == begun.len() as u64 {
        return Ok(vec![true; begun.len()]);
    }
    let stored: BTreeSet<(String, i64)> = attempt::Entity::find()
        .filter(attempt::Column::Id.is_in(evened(begun.iter().map(|(id, _)| id))))
        .select_only()
        .column(attempt::Column::Id)
        .column(attempt::Column::Seed)
        .into_tuple()
        .all(db)
        .await?
        .into_iter()
        .collect();
    Ok(begun.iter().map(|attempt| stored.contains(attempt)).collect())
}

/// What is kept of each message's questions; none for a message about a closed attempt.
async fn keep_all(db: &impl ConnectionTrait, said: &[Said]) -> Result<Vec<Option<Vec<Saying>>>> {
    let asked: BTreeSet<String> = said.iter().map(|said| said.attempt.to_string()).collect();
    let open: BTreeSet<String> = attempt::Entity::find()
        .filter(attempt::Column::Id.is_in(evened(asked)))
        .filter(attempt::Column::HandedInAt.is_null())
        .select_only()
        .column(attempt::Column::Id)
        .order_by_asc(attempt::Column::Id)
        .lock_shared()
        .into_tuple()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let mut last = BTreeMap::<Place, (&Saying, i64)>::new();
    for said in said.iter().filter(|said| open.contains(&said.attempt.to_string())) {
        for saying in &said.sayings {
            let known = last.entry(place(said.attempt, saying)).or_insert((saying, said.received_at));
            if latest(known.0, saying) != known.0 {
                *known = (saying, said.received_at);
            }
        }
    }
    let stored = store_latest(db, &last).await?;
    let earlier = if stored == last.len() as u64 { BTreeMap::new() } else { read(db, &open).await? };
    let kept = |attempt: AttemptId, saying: &Saying| -> Saying {
        let place = place(attempt, saying);
        earlier.get(&place).or_else(|| last.get(&place).map(|(saying, _)| *saying)).unwrap_or(saying).clone()
    };
    let message = |said: &Said| {
        let is_open = open.contains(&said.attempt.to_string());
        is_open.then(|| said.sayings.iter().map(|saying| kept(said.attempt, saying)).collect())
    };
    Ok(said.iter().map(message).collect())
}

fn place(attempt: AttemptId, saying: &Saying) -> Place {
    (attempt.to_string(), saying.question.to_string())
}

/// Stores each, in the order of their places, unless a later one is stored; returns how many were.
async fn store_latest(db: &impl ConnectionTrait, last: &BTreeMap<Place, (&Saying, i64)>) -> Result<u64> {
    let mut rows = Vec::with_capacity(last.len());
    for ((attempt, question), (saying, received_at)) in last {
        rows.push(answer::ActiveModel {
            attempt_id: Set(attempt.clone()),
            question: Set(question.clone()),
            saying_id: Set(saying.id.to_string()),
            revision: Set(saying.revision.into()),
            body: Set(serde_json::to_string(&saying.answer).map_err(|error| Error::Internal(error.to_string()))?),
            received_at: Set(*received_at),
        });
    }
    let mut stored = 0;
    for rows in rows.chunks(ROWS).flat_map(runs) {
        let replace = OnConflict::columns([answer::Column::AttemptId, answer::Column::Question])
            .update_columns([
                answer::Column::SayingId,
                answer::Column::Revision,
                answer::Column::Body,
                answer::Column::ReceivedAt,
            ])
            .action_and_where(is_later())
            .to_owned();
        let insert = answer::Entity::insert_many(rows.to_vec()).on_conflict(replace);
        stored += inserted(insert.exec_without_returning(db).await)?;
    }
    Ok(stored)
}

/// How many rows were, which may be none.
fn inserted(done: Result<u64, DbErr>) -> Result<u64> {
    match done {
        Err(DbErr::RecordNotInserted) => Ok(0),
        done => Ok(done?),
    }
}

/// `domain::quiz::latest`, as the database says it: the higher revision, then the higher id.
fn is_later() -> SimpleExpr {
    let said = |column| Expr::col(("excluded", column));
    let kept = |column| Expr::col((answer::Entity, column));
    said(answer::Column::Revision).gt(kept(answer::Column::Revision)).or(said(answer::Column::Revision)
        .eq(kept(answer::Column::Revision))
        .and(said(answer::Column::SayingId).gt(kept(answer::Column::SayingId))))
}

/// Every answer of these attempts.
async fn read(db: &impl ConnectionTrait, attempts: &BTreeSet<String>) -> Result<BTreeMap<Place, Saying>> {
    let rows = answer::Entity::find()
        .filter(answer::Column::AttemptId.is_in(evened(attempts.iter().cloned())))
        .all(db)
        .await?;
    rows.iter().map(|row| Ok(((row.attempt_id.clone(), row.question.clone()), store::saying(row)?))).collect()
}
