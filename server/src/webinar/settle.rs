//! Writing what a webinar that is over has earned into the records. Done once, however often it is tried.

use super::{log, presence, store};
use crate::app::App;
use crate::error::{Error, Result};
use crate::record;
use domain::ids::{PersonId, WebinarId};
use domain::record::{Fact, Record};
use domain::webinar::Room;
use domain::webinar::presence::Span;
use futures_util::future::join_all;

/// Records written together.
const TOGETHER: usize = 64;

/// Writes what is left to write of a webinar that is over: its quizzes, then, last, everybody's presence.
///
/// # Errors
/// [`Error::NotFound`]; when the database fails: then it is to be tried again.
pub async fn settle(app: &App, id: WebinarId) -> Result<()> {
    let webinar = store::webinar(app.db.reader(), id).await?.ok_or(Error::NotFound)?;
    let (Some(from), Some(to)) = (webinar.schedule.live_at, webinar.schedule.closed_at) else { return Ok(()) };
    let room = Room::of(&log::load(app.db.reader(), id).await?);
    let facts = quizzes(&webinar, &room);
    for some in facts.chunks(TOGETHER) {
        let writes = some.iter().cloned().map(|(person, quiz, fact)| {
            let (course, inside) = (webinar.course.clone(), app.clone());
            app.db.write(move |db| {
                Box::pin(async move {
                    let known = |record: &Record| record.live_quiz(&course, id, quiz).is_some();
                    record::store::append_unless(&inside, db, person, to, fact, known).await
                })
            })
        });
        join_all(writes).await.into_iter().collect::<Result<Vec<bool>>>()?;
    }
    presence::close(app, id, vec![Span { from, to }], to).await
}

/// What each agent earned at each quiz that was put to the room, with its place in the log.
fn quizzes(webinar: &store::Webinar, room: &Room) -> Vec<(PersonId, u64, Fact)> {
    let mut facts = Vec::new();
    for (number, quiz) in &room.quizzes {
        for person in quiz.answers.keys().filter(|person| !webinar.is_led_by(**person)) {
            let Some(answered) = quiz.answered(*person) else { continue };
            let fact = Fact::LiveQuizGraded {
                course: webinar.course.clone(),
                webinar: webinar.id,
                title: webinar.title.clone(),
                quiz: *number,
                quiz_title: quiz.title.clone(),
                earned: answered.score.earned,
                max: answered.score.max,
            };
            facts.push((*person, *number, fact));
        }
    }
    facts
}
