//! When a whole course is done: noted once, so that a later version with a chapter more takes nothing away.

use super::{ChapterRecord, CourseRecord, Earned, Fact, Record};
use crate::course::Course;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The whole course, done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completed {
    pub earned: Earned,
    /// When the agent first earned something in it.
    pub begun_at: Timestamp,
    /// Minutes at a distance that it gave.
    pub minutes: u32,
}

/// The fact that this version of the course is done, unless it is not, or was before.
#[must_use]
pub fn completion(record: &Record, course: &Course, version: u32) -> Option<Fact> {
    let known = record.courses.get(&course.slug).filter(|known| known.completed.is_none())?;
    let is_done = |chapter: &ChapterRecord| chapter.acquired.or(chapter.exempted).is_some();
    let chapters = course.chapters.iter().all(|chapter| known.chapters.get(&chapter.slug).is_some_and(is_done));
    let assessed = course.assessment.is_none() || known.assessment.as_ref().is_some_and(|it| it.quiz.passed.is_some());
    let begun_at = begun_at(known).filter(|_| chapters && assessed)?;
    Some(Fact::CourseCompleted { course: course.slug.clone(), version, begun_at, minutes: known.minutes() })
}

/// The first instant that the fold of a course remembers.
fn begun_at(course: &CourseRecord) -> Option<Timestamp> {
    let chapters = course.chapters.values().flat_map(|chapter| {
        let passed = chapter.quiz.as_ref().and_then(|quiz| quiz.passed);
        [chapter.read, passed, chapter.exempted].into_iter().flatten()
    });
    let positioned = course.positioned.map(|positioned| positioned.earned);
    let assessed = course.assessment.as_ref().and_then(|assessment| assessment.quiz.passed);
    chapters.chain(positioned).chain(assessed).map(|earned| earned.at).min()
}
