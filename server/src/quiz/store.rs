//! Attempts and answers in the database.
//!
//! What is acknowledged is on disk. An answer said twice changes nothing, an older one changes nothing,
//! and an attempt handed in takes no more answers: the rows are locked in that order.

use super::earned::Earner;
use super::entity::{answer, attempt};
use crate::access::Viewer;
use crate::app::App;
use crate::course::library::Published;
use crate::error::{Error, Result};
use crate::{merging, record};
use domain::course::Exercise;
use domain::ids::{AnswerId, AttemptId, ChapterSlug, CourseSlug, PersonId, QuestionSlug, VersionId};
use domain::quiz::{
    Answer, Attempt, AttemptState, GRACE, Question, Quiz, Refusal, Saying, Score, deadline, draw, grade, may_start,
    score,
};
use jiff::Timestamp;
use lru::LruCache;
use sea_orm::sea_query::{ExprTrait as _, SimpleExpr};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
    Set,
};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An attempt with all that it takes to show or grade it.
#[derive(Debug)]
pub struct Sitting {
    pub attempt: Attempt,
    pub course: CourseSlug,
    /// The chapter's slug, or what stands in its place for a quiz of the whole course.
    pub exercise: ChapterSlug,
    /// The version that the attempt began on, and ends on.
    pub published: Arc<Published>,
}

impl Sitting {
    /// The quiz as it was in that version, and what it belongs to.
    ///
    /// # Errors
    /// When the version does not hold it, which publishing makes impossible.
    pub fn exercise(&self) -> Result<Exercise<'_>> {
        let exercise = self.published.course.exercise(&self.exercise);
        exercise.ok_or_else(|| Error::Internal(format!("no quiz {}", self.exercise)))
    }

    /// The quiz alone.
    ///
    /// # Errors
    /// As [`Sitting::exercise`].
    pub fn quiz(&self) -> Result<&Quiz> {
        Ok(self.exercise()?.quiz())
    }

    /// The questions drawn, in their order.
    ///
    /// # Errors
    /// As [`Sitting::exercise`].
    pub fn questions(&self) -> Result<Vec<&Question>> {
        let quiz = self.quiz()?;
        let find = |slug: &QuestionSlug| {
            let found = quiz.questions.iter().find(|question| question.slug == *slug);
            found.ok_or_else(|| Error::Internal(format!("no question {slug} in {}", self.exercise)))
        };
        self.attempt.questions.iter().map(find).collect()
    }
}

/// An agent's attempts at a quiz, first to last.
///
/// # Errors
/// When the database fails.
pub async fn attempts(
    db: &impl ConnectionTrait,
    person: PersonId,
    course: &CourseSlug,
    exercise: &ChapterSlug,
) -> Result<Vec<Attempt>> {
    at_quiz(course, exercise).filter(theirs(person)).all(db).await?.iter().map(read).collect()
}

/// Everybody's attempts at that quiz, each person's first to last.
pub(super) fn at_quiz(course: &CourseSlug, exercise: &ChapterSlug) -> Select<attempt::Entity> {
    attempt::Entity::find()
        .filter(attempt::Column::Course.eq(course.as_str()))
        .filter(attempt::Column::Chapter.eq(exercise.as_str()))
        .order_by_asc(attempt::Column::Number)
        .order_by_asc(attempt::Column::StartedAt)
}

/// Whether they ever began an attempt in that course.
///
/// # Errors
/// When the database fails.
pub(crate) async fn has_tried(db: &impl ConnectionTrait, person: PersonId, course: &CourseSlug) -> Result<bool> {
    let tried = attempt::Entity::find().filter(theirs(person)).filter(attempt::Column::Course.eq(course.as_str()));
    Ok(tried.one(db).await?.is_some())
}

/// Every attempt under way at a quiz of that course: whose it is, and which quiz.
///
/// # Errors
/// When the database fails.
pub(crate) async fn open_in(db: &impl ConnectionTrait, course: &CourseSlug) -> Result<Vec<(i64, ChapterSlug)>> {
    let rows: Vec<(i64, String)> = attempt::Entity::find()
        .select_only()
        .columns([attempt::Column::PersonId, attempt::Column::Chapter])
        .filter(attempt::Column::Course.eq(course.as_str()))
        .filter(attempt::Column::HandedInAt.is_null())
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().filter_map(|(person, exercise)| Some((person, exercise.parse().ok()?))).collect())
}

/// The attempts of that person, those of an account folded into theirs too.
fn theirs(person: PersonId) -> SimpleExpr {
    let own = attempt::Column::PersonId.eq(person.0);
    own.or(attempt::Column::PersonId.in_subquery(merging::store::folded_into(person)))
}

/// An attempt of that person; nobody else's exists.
///
/// # Errors
/// [`Error::NotFound`]; when the database fails.
pub async fn sitting(app: &App, person: PersonId, id: AttemptId) -> Result<Sitting> {
    let row = match app.desk.look(&app.db, id).await? {
        Some(row) if row.person_id == person.0 => row,
        // It may be of an account folded into theirs.
        Some(_) => {
            let theirs = attempt::Entity::find_by_id(id.to_string()).filter(theirs(person));
            theirs.one(app.db.reader()).await?.ok_or(Error::NotFound)?
        }
        None => return Err(Error::NotFound),
    };
    let sitting = whole(app, &row).await?;
    if sitting.attempt.is_open() && sitting.attempt.is_overdue(app.clock.now()) {
        hand_in(app, person, &sitting).await?;
        let row = attempt::Entity::find_by_id(id.to_string()).one(app.db.reader()).await?.ok_or(Error::NotFound)?;
        return whole(app, &row).await;
    }
    Ok(sitting)
}

/// Attempts lately answered, for the crowd of answers: all that is remembered of one never changes, and
/// whether it is still open is asked of the database when an answer is stored.
///
/// A plain map under a lock: what is handed in is forgotten at once, and its memory with it. A concurrent cache keeps
/// for a while what it lets go, which in a crowd was more than what it remembered.
#[derive(Debug)]
pub struct Sittings(Mutex<LruCache<AttemptId, Arc<(PersonId, Sitting)>>>);

/// Attempts that are remembered, of some two kilobytes each.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(8_000).unwrap();

impl Default for Sittings {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(REMEMBERED)))
    }
}

impl Sittings {
    fn held(&self) -> MutexGuard<'_, LruCache<AttemptId, Arc<(PersonId, Sitting)>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(&self, id: AttemptId) -> Option<Arc<(PersonId, Sitting)>> {
        self.held().get(&id).cloned()
    }

    fn remember(&self, id: AttemptId, sitting: Arc<(PersonId, Sitting)>) {
        drop(self.held().put(id, sitting));
    }

    fn forget(&self, id: AttemptId) {
        drop(self.held().pop(&id));
    }
}

/// An attempt of that person that was open lately, to add answers to.
///
/// # Errors
/// As [`sitting`].
pub async fn sitting_to_answer(app: &App, person: PersonId, id: AttemptId) -> Result<Arc<(PersonId, Sitting)>> {
    if let Some(known) =
        app.sittings.get(id).filter(|known| known.0 == person && known.1.attempt.accepts(app.clock.now()))
    {
        return Ok(known);
    }
    sitting_to_show(app, person, id).await
}

/// An attempt of that person as it is now; while it is open, it is remembered for the answers that will come.
///
/// # Errors
/// As [`sitting`].
pub async fn sitting_to_show(app: &App, person: PersonId, id: AttemptId) -> Result<Arc<(PersonId, Sitting)>> {
    let found = Arc::new((person, sitting(app, person, id).await?));
    if found.1.attempt.is_open() {
        app.sittings.remember(id, Arc::clone(&found));
    }
    Ok(found)
}

/// Hands in the attempts whose time has run out, with what was answered. Saying it twice changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn close_overdue(app: &App) -> Result<()> {
    let limit = (app.clock.now() - GRACE).as_millisecond();
    let rows = attempt::Entity::find()
        .filter(attempt::Column::HandedInAt.is_null())
        .filter(attempt::Column::DeadlineAt.lt(limit))
        .all(app.db.reader())
        .await?;
    for row in rows {
        let sitting = whole(app, &row).await?;
        let person = merging::store::standing_for(app.db.reader(), PersonId(row.person_id)).await?;
        hand_in(app, person, &sitting).await?;
    }
    Ok(())
}

/// Starts an attempt under an id made by who asks: asking twice starts one. Where one is already
/// open, that one goes on.
///
/// # Errors
/// [`Error::NotFound`] where there is no such quiz; [`Error::Conflict`] with the reason why no attempt may
/// start; when the database fails.
pub async fn start(
    app: &App,
    viewer: &Viewer,
    published: &Published,
    exercise: ChapterSlug,
    id: AttemptId,
) -> Result<AttemptId> {
    let quiz = published.course.exercise(&exercise).ok_or(Error::NotFound)?.quiz();
    let (person, now, seed) = (viewer.person, app.clock.now(), app.dice.seed());
    let questions = serde_json::to_string(&draw(quiz, seed)).map_err(|error| Error::Internal(error.to_string()))?;
    let deadline = deadline(&quiz.rules, now, viewer.extra_time);
    let course = published.course.slug.clone();
    loop {
        let previous = app.desk.recall(&app.db, (person, course.clone(), exercise.clone())).await?;
        let previous = previous.iter().map(read).collect::<Result<Vec<_>>>()?;
        if previous.iter().any(|attempt| attempt.id == id) {
            return Ok(id);
        }
        let number = match may_start(&quiz.rules, &previous, now) {
            Ok(number) => number,
            Err(Refusal::OneIsOpen { id }) => return Ok(id),
            Err(refusal) => return Err(Error::Conflict(refusal.to_string())),
        };
        let row = attempt::ActiveModel {
            id: Set(id.to_string()),
            person_id: Set(person.0),
            version_id: Set(published.id.0),
            course: Set(course.to_string()),
            chapter: Set(exercise.to_string()),
            number: Set(number.into()),
            seed: Set(seed.cast_signed()),
            questions: Set(questions.clone()),
            started_at: Set(now.as_millisecond()),
            deadline_at: Set(deadline.map(Timestamp::as_millisecond)),
            ..Default::default()
        };
        if app.desk.begin(&app.db, row).await? {
            return Ok(id);
        }
        if let Some(taken) = attempt::Entity::find_by_id(id.to_string()).one(app.db.reader()).await? {
            // Where the id is somebody else's, nothing is told of it.
            return if taken.person_id == person.0 { Ok(id) } else { Err(Error::NotFound) };
        }
        // The number was: another tab of theirs was faster, and has an attempt open.
    }
}

/// What the server keeps of an attempt's answers.
///
/// # Errors
/// When the database fails.
pub async fn answers(db: &impl ConnectionTrait, id: AttemptId) -> Result<Vec<Saying>> {
    let rows = answer::Entity::find().filter(answer::Column::AttemptId.eq(id.to_string())).all(db).await?;
    rows.iter().map(saying).collect()
}

/// Saves answers and returns, for each question said, the answer that the server now keeps:
/// the one given, or a later one said elsewhere.
///
/// # Errors
/// [`Error::BadRequest`] for an answer that does not fit its question, [`Error::Conflict`] where the attempt
/// is closed; nothing is stored then. When the database fails.
pub async fn save(app: &App, sitting: &Sitting, sayings: Vec<Saying>) -> Result<Vec<Saying>> {
    if !sitting.attempt.accepts(app.clock.now()) {
        return Err(closed());
    }
    let questions = sitting.questions()?;
    for saying in &sayings {
        let question = questions.iter().find(|question| question.slug == saying.question);
        let question = question
            .ok_or_else(|| Error::BadRequest(format!("La question « {} » n’est pas de cet essai.", saying.question)))?;
        saying.answer.check(question).map_err(|error| Error::BadRequest(error.to_string()))?;
    }
    app.desk.keep(&app.db, sitting.attempt.id, sayings, app.clock.now().as_millisecond()).await
}

pub(super) fn closed() -> Error {
    Error::Conflict(
        "Cet essai est terminé : ses réponses ne changent plus. Rechargez la page pour voir le résultat.".into(),
    )
}

/// Closes the attempt, grades what was answered and appends what it earned to the record, all or
/// nothing. Saying it twice changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn hand_in(app: &App, person: PersonId, sitting: &Sitting) -> Result<()> {
    let questions: Vec<Question> = sitting.questions()?.into_iter().cloned().collect();
    let (now, id) = (app.clock.now(), sitting.attempt.id);
    let (earner, inside) = (Earner::of(sitting)?, app.clone());
    app.sittings.forget(id);
    app.db
        .write(move |db| {
            Box::pin(async move {
                let closing =
                    attempt::ActiveModel { handed_in_at: Set(Some(now.as_millisecond())), ..Default::default() };
                let closed = attempt::Entity::update_many()
                    .set(closing)
                    .filter(attempt::Column::Id.eq(id.to_string()))
                    .filter(attempt::Column::HandedInAt.is_null())
                    .exec(db)
                    .await?;
                if closed.rows_affected == 0 {
                    return Ok(());
                }
                let answers = answers(db, id).await?;
                let answer = |question: &Question| {
                    answers.iter().find(|saying| saying.question == question.slug).map(|saying| &saying.answer)
                };
                let marked: Vec<_> =
                    questions.iter().map(|question| (question, grade(question, answer(question)))).collect();
                let score = score(marked.iter().map(|(_, mark)| *mark));
                let graded = attempt::ActiveModel {
                    id: Set(id.to_string()),
                    earned: Set(Some(score.earned.into())),
                    max: Set(Some(score.max.into())),
                    ..Default::default()
                };
                attempt::Entity::update(graded).exec(db).await?;
                for fact in earner.facts(score, &marked) {
                    record::store::append_unless(&inside, db, person, now, fact, |_| false).await?;
                }
                Ok(())
            })
        })
        .await
}

async fn whole(app: &App, row: &attempt::Model) -> Result<Sitting> {
    Ok(Sitting {
        attempt: read(row)?,
        course: row.course.parse().map_err(|_| unreadable(&row.id))?,
        exercise: row.chapter.parse().map_err(|_| unreadable(&row.id))?,
        published: app.library.version(&app.db, VersionId(row.version_id)).await?,
    })
}

fn read(row: &attempt::Model) -> Result<Attempt> {
    let instant = |at: i64| Timestamp::from_millisecond(at).map_err(|_| unreadable(&row.id));
    let points = |points: Option<i64>| points.and_then(|points| u32::try_from(points).ok());
    let state = match (row.handed_in_at, points(row.earned), points(row.max)) {
        (Some(at), Some(earned), Some(max)) => {
            AttemptState::HandedIn { at: instant(at)?, score: Score { earned, max } }
        }
        (None, ..) => AttemptState::Open,
        _ => return Err(unreadable(&row.id)),
    };
    Ok(Attempt {
        id: row.id.parse().map_err(|_| unreadable(&row.id))?,
        number: u32::try_from(row.number).map_err(|_| unreadable(&row.id))?,
        seed: row.seed.cast_unsigned(),
        questions: serde_json::from_str(&row.questions).map_err(|_| unreadable(&row.id))?,
        started_at: instant(row.started_at)?,
        deadline: row.deadline_at.map(instant).transpose()?,
        state,
    })
}

pub(super) fn saying(row: &answer::Model) -> Result<Saying> {
    let broken = || unreadable(&row.attempt_id);
    let answer: Answer = serde_json::from_str(&row.body).map_err(|_| broken())?;
    Ok(Saying {
        question: row.question.parse().map_err(|_| broken())?,
        id: row.saying_id.parse::<AnswerId>().map_err(|_| broken())?,
        revision: u32::try_from(row.revision).map_err(|_| broken())?,
        answer,
    })
}

fn unreadable(attempt: &str) -> Error {
    Error::Internal(format!("attempt {attempt} cannot be read"))
}
