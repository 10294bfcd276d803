//! What a new version of a course makes true of an agent who does nothing: the section that they had not read is gone,
//! or the quiz that they had not passed.

use super::{CourseRecord, Fact};
use crate::course::{Course, Read};
use crate::ids::ChapterSlug;
use std::collections::BTreeMap;

/// The facts that this version of the course calls for: a chapter of which nothing is left to read is read. Where they
/// are in the record, there are none.
#[must_use]
pub fn settled(record: &CourseRecord, read: &BTreeMap<ChapterSlug, Read>, course: &Course, version: u32) -> Vec<Fact> {
    let none = Read::new();
    let due = course.chapters.iter().filter(|chapter| {
        let earned = record.chapters.get(&chapter.slug);
        let read = read.get(&chapter.slug).unwrap_or(&none);
        let was_read = earned.is_some_and(|earned| earned.read.is_some());
        let all_read = !chapter.sections.is_empty() && chapter.sections.iter().all(|it| read.contains(&it.slug));
        let acquired = earned.is_some_and(|earned| earned.acquired.is_some());
        let by_reading = chapter.quiz.is_none();
        !acquired && if was_read { by_reading } else { all_read }
    });
    let fact = due.map(|chapter| Fact::ChapterRead {
        course: course.slug.clone(),
        version,
        chapter: chapter.slug.clone(),
        minutes: chapter.minutes,
        suffices: chapter.quiz.is_none(),
    });
    fact.collect()
}
