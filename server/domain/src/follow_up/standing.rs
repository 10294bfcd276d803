//! Where an agent stands in a course: a summary of their record, small enough to be counted by thousands.

#[cfg(test)]
mod tests;

use crate::course::Course;
use crate::ids::ChapterSlug;
use crate::record::{ChapterRecord, CourseRecord, QuizRecord, WebinarRecord};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What it takes to have followed a course.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Syllabus {
    pub chapters: BTreeSet<ChapterSlug>,
    /// Whether a final assessment has to be passed.
    pub assessment: bool,
}

/// A summary of what the record holds of one course.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Whether something was followed: a webinar that was missed is not.
    pub begun: bool,
    /// Chapters of the syllabus that are acquired, or need not be.
    pub chapters: u32,
    /// Minutes at a distance, asynchronous.
    pub minutes: u32,
    /// Minutes at a distance, synchronous.
    pub minutes_live: u32,
    /// Webinars that the record knows of: held, with this agent registered or added since.
    pub webinars: u32,
    /// Those whose threshold is met.
    pub webinars_met: u32,
    /// When the MOOC was completed.
    pub mooc_at: Option<Timestamp>,
    /// When the first webinar whose threshold is met was held, or its recording watched for long enough.
    pub webinar_at: Option<Timestamp>,
}

/// How far an agent is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    NotBegun,
    UnderWay,
    /// The MOOC is completed and a webinar was attended.
    Done,
}

/// How an agent fared at the quiz of a chapter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tried {
    pub attempts: u32,
    pub passed: bool,
    /// Percent of the best attempt.
    pub best: u8,
}

impl Syllabus {
    #[must_use]
    pub fn of(course: &Course) -> Self {
        Self {
            chapters: course.chapters.iter().map(|chapter| chapter.slug.clone()).collect(),
            assessment: course.assessment.is_some(),
        }
    }
}

impl Standing {
    /// What the record comes to. `completed_before` is when the MOOC was completed as far as was known: a chapter
    /// that a later version adds does not undo it.
    #[must_use]
    pub fn of(record: &CourseRecord, syllabus: &Syllabus, completed_before: Option<Timestamp>) -> Self {
        let met = || record.webinars.values().filter(|webinar| webinar.figures.met);
        let followed = syllabus.chapters.iter().filter_map(|slug| followed_at(record.chapters.get(slug)?));
        Self {
            begun: !record.chapters.is_empty()
                || record.positioned.is_some()
                || record.assessment.is_some()
                || record.webinars.values().any(|webinar| webinar.figures.minutes > 0),
            chapters: count(followed.count()),
            minutes: record.minutes_at_distance(),
            minutes_live: record.minutes_live(),
            webinars: count(record.webinars.len()),
            webinars_met: count(met().count()),
            mooc_at: completed_before.or_else(|| completed_at(record, syllabus)),
            webinar_at: met().map(WebinarRecord::followed_at).min(),
        }
    }

    /// When both were done.
    #[must_use]
    pub fn done_at(&self) -> Option<Timestamp> {
        Some(self.mooc_at?.max(self.webinar_at?))
    }

    #[must_use]
    pub fn state(&self) -> State {
        match (self.done_at(), self.begun) {
            (Some(_), _) => State::Done,
            (None, true) => State::UnderWay,
            (None, false) => State::NotBegun,
        }
    }
}

impl State {
    /// Every state, in the order of the way.
    pub const ALL: [Self; 3] = [Self::NotBegun, Self::UnderWay, Self::Done];

    /// As shown.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotBegun => "Pas commencé",
            Self::UnderWay => "En cours",
            Self::Done => "Terminé",
        }
    }
}

impl Tried {
    #[must_use]
    pub fn of(quiz: &QuizRecord) -> Self {
        Self { attempts: quiz.attempts, passed: quiz.passed.is_some(), best: quiz.best.percent() }
    }
}

/// When the last thing that was missing came, if nothing is missing.
fn completed_at(record: &CourseRecord, syllabus: &Syllabus) -> Option<Timestamp> {
    let chapters: Option<Vec<Timestamp>> =
        syllabus.chapters.iter().map(|slug| followed_at(record.chapters.get(slug)?)).collect();
    let passed = record.assessment.as_ref().and_then(|assessment| assessment.quiz.passed).map(|passed| passed.at);
    if syllabus.assessment && passed.is_none() {
        return None;
    }
    chapters?.into_iter().chain(passed.filter(|_| syllabus.assessment)).max()
}

/// When the chapter was acquired, or first needed not be.
fn followed_at(chapter: &ChapterRecord) -> Option<Timestamp> {
    chapter.acquired.into_iter().chain(chapter.exempted).map(|earned| earned.at).min()
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
