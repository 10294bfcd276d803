//! The quiz of the room, taken with the recording where the trainer allows it: once, for the record.

use super::entity::replay_answer;
use super::page::{Shown, show};
use super::store::unreadable;
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::record;
use crate::webinar::log;
use crate::webinar::recording::{self, State as Kept};
use crate::webinar::routes::known;
use crate::webinar::store::Webinar;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::ids::{PersonId, QuestionSlug};
use domain::quiz::{Answer, grade, read_form, review, score};
use domain::record::{Fact, Record};
use domain::webinar::replay::QuizThen;
use domain::webinar::{Entry, LiveQuiz, Room};
use frontend::webinar::replay::{QuizPart, QuizState};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait as _, Set, TryInsertResult};
use std::collections::BTreeMap;

/// What somebody answered.
type Answers = BTreeMap<QuestionSlug, Answer>;

/// `POST /webinaires/{webinar}/revoir/quiz`
pub async fn answer(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let (webinar, guest) = known(&app, &viewer, &id).await?;
    let db = app.db.reader();
    let number = fields.iter().find(|(name, _)| name == "quiz").and_then(|(_, number)| number.parse::<u64>().ok());
    let number = number.ok_or_else(|| Error::BadRequest("Rechargez la page, puis répondez de nouveau.".to_owned()))?;
    let is_whole = recording::of(db, webinar.id).await?.is_some_and(|recording| recording.state == Kept::Whole);
    let mut room = Room::of(&log::load(db, webinar.id).await?);
    let quiz = room.quizzes.remove(&number).filter(|quiz| is_open(&webinar, quiz, guest.person) && is_whole);
    let quiz = quiz.ok_or(Error::NotFound)?;
    let mut answers = Answers::new();
    for (question, place) in quiz.questions.iter().zip(1..) {
        match read_form(question, &fields) {
            Ok(Some(answer)) => {
                answers.insert(question.slug.clone(), answer);
            }
            Ok(None) => {}
            Err(problem) => {
                let shown =
                    Shown { quiz: Some((number, format!("Question {place}\u{a0}: {problem}"))), ..Shown::default() };
                return show(&app, &viewer, around, webinar, shown).await;
            }
        }
    }
    let to = format!("/webinaires/{}/revoir#quiz-{number}", webinar.id);
    keep(&app, webinar, guest.person, (number, quiz), answers).await?;
    Ok(Redirect::to(&to).into_response())
}

/// Whether somebody may take that quiz with the recording.
fn is_open(webinar: &Webinar, quiz: &LiveQuiz, person: PersonId) -> bool {
    webinar.replay_quiz && !webinar.is_led_by(person) && !quiz.questions.is_empty()
}

/// Keeps the answers and writes the score into the record, once: what is said again changes nothing.
async fn keep(
    app: &App,
    webinar: Webinar,
    person: PersonId,
    (number, quiz): (u64, LiveQuiz),
    answers: Answers,
) -> Result<()> {
    let marks = quiz.questions.iter().map(|question| grade(question, answers.get(&question.slug)));
    let score = score(marks);
    let (now, inside) = (app.clock.now(), app.clone());
    let row = replay_answer::ActiveModel {
        webinar_id: Set(webinar.id.to_string()),
        person_id: Set(person.0),
        quiz: Set(i64::try_from(number).map_err(unreadable)?),
        body: Set(serde_json::to_string(&answers).map_err(unreadable)?),
        at: Set(now.as_millisecond()),
    };
    app.db
        .write(move |db| {
            Box::pin(async move {
                // Who answered it live has their score.
                let known = record::store::load(db, person).await?.record;
                if known.live_quiz(&webinar.course, webinar.id, number).is_some() {
                    return Ok(());
                }
                let done = replay_answer::Entity::insert(row).on_conflict(once()).try_insert();
                if !matches!(done.exec_without_returning(db).await?, TryInsertResult::Inserted(1..)) {
                    return Ok(());
                }
                let fact = Fact::LiveQuizGraded {
                    course: webinar.course.clone(),
                    webinar: webinar.id,
                    title: webinar.title.clone(),
                    quiz: number,
                    quiz_title: quiz.title,
                    earned: score.earned,
                    max: score.max,
                };
                let is_there = |record: &Record| record.live_quiz(&webinar.course, webinar.id, number).is_some();
                record::store::append_unless(&inside, db, person, now, fact, is_there).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

fn once() -> OnConflict {
    let key = [replay_answer::Column::WebinarId, replay_answer::Column::PersonId, replay_answer::Column::Quiz];
    OnConflict::columns(key).do_nothing_on(key).to_owned()
}

/// The quizzes of the recording as that person sees them; `wrong` is one that was just sent, and why it was not taken.
pub(super) async fn parts(
    db: &impl ConnectionTrait,
    webinar: &Webinar,
    entries: &[Entry],
    quizzes: Vec<QuizThen>,
    person: PersonId,
    wrong: Option<(u64, String)>,
) -> Result<Vec<QuizPart>> {
    if quizzes.is_empty() {
        return Ok(Vec::new());
    }
    let room = Room::of(entries);
    let record = record::store::load(db, person).await?.record;
    let mut parts = Vec::new();
    for QuizThen { number, at, title } in quizzes {
        let Some(quiz) = room.quizzes.get(&number) else { continue };
        let scored = record.live_quiz(&webinar.course, webinar.id, number);
        let state = match (scored, answers(db, webinar, person, number).await?) {
            (Some(score), Some(answers)) => {
                let reviews =
                    quiz.questions.iter().map(|question| review(question, answers.get(&question.slug))).collect();
                QuizState::Done { score, reviews }
            }
            (Some(score), None) => QuizState::Live(score),
            (None, _) if is_open(webinar, quiz, person) => {
                let problem = wrong.as_ref().filter(|(wrong, _)| *wrong == number).map(|(_, why)| why.clone());
                QuizState::Open { prompts: quiz.prompts.clone(), problem }
            }
            (None, _) => QuizState::Past,
        };
        parts.push(QuizPart { number, at, title, state });
    }
    Ok(parts)
}

async fn answers(
    db: &impl ConnectionTrait,
    webinar: &Webinar,
    person: PersonId,
    number: u64,
) -> Result<Option<Answers>> {
    let key = (webinar.id.to_string(), person.0, i64::try_from(number).map_err(unreadable)?);
    let row = replay_answer::Entity::find_by_id(key).one(db).await?;
    row.map(|row| serde_json::from_str(&row.body).map_err(unreadable)).transpose()
}
