//! What a new version of a course changes for an agent in the middle of it, said before it is published.
//!
//! The rules are those of the record and of attempts: what is acquired stays acquired, a chapter once read stays read, a
//! quiz once passed stays passed, an attempt ends on the version that it began on, a course once done stays done. What
//! [`settled`](crate::record::settled) then adds to the record is counted in.

#[cfg(test)]
mod tests;

use crate::course::{Chapter, Course, Read, Remaining, remaining};
use crate::ids::ChapterSlug;
use crate::quiz::{Question, Quiz};
use crate::record::CourseRecord;
use crate::text::folded;
use std::collections::{BTreeMap, BTreeSet};

/// What an agent did in a course.
#[derive(Debug, Clone, Copy)]
pub struct Work<'w> {
    pub record: &'w CourseRecord,
    /// Sections marked as read, by chapter.
    pub read: &'w BTreeMap<ChapterSlug, Read>,
    /// The quizzes, by their chapter, at which an attempt is under way.
    pub open: &'w BTreeSet<ChapterSlug>,
    /// Whether the course is known to be done.
    pub completed: bool,
}

/// Where an agent stands in a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// What is left of each chapter, in the order of the course; chapters that are done are not there.
    pub remaining: Vec<(ChapterSlug, Remaining)>,
    /// Chapters that are done.
    pub done: u32,
    /// Whether the final assessment is left to pass.
    pub assessment: bool,
    /// Whether the course is done.
    pub completed: bool,
}

/// One thing that changes for an agent, or stays although the course changed there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// A chapter that was acquired has another identifier now, and is to be done again.
    Redo(ChapterSlug),
    /// A chapter that was under way has another identifier now, and is to be begun again.
    BeginAgain(ChapterSlug),
    /// A chapter that was not there is to be done.
    New(ChapterSlug),
    /// A chapter under way has more sections to read than before.
    ReadMore(ChapterSlug),
    /// A chapter that reading sufficed for has a quiz to pass.
    QuizMore(ChapterSlug),
    /// More is asked at the quiz than before.
    QuizHarder(ChapterSlug),
    /// No attempt is left at a quiz that is not passed.
    NoAttemptLeft(ChapterSlug),
    /// There is a final assessment to pass, where there was none.
    AssessmentMore,
    /// A chapter under way has fewer sections to read.
    ReadLess(ChapterSlug),
    /// There is no quiz left to pass, or less is asked at it.
    QuizLess(ChapterSlug),
    /// A chapter is acquired, since what was missing is gone.
    Acquired(ChapterSlug),
    /// A chapter that was to be done, or was under way, is gone.
    Spared(ChapterSlug),
    /// There is no final assessment left to pass.
    AssessmentLess,
    /// The course is done, since what was missing is gone.
    Completed,
    /// The course, once done, stays done, although chapters were added.
    StaysCompleted,
    /// A chapter is gone; that it was acquired stays in the record.
    KeptOfGone(ChapterSlug),
    /// A chapter changed, and stays acquired.
    StaysAcquired(ChapterSlug),
    /// The next attempt at a quiz that is not passed is on other questions.
    OtherQuestions(ChapterSlug),
    /// The attempt under way ends on the version that it began on.
    AttemptGoesOn(ChapterSlug),
}

/// Whether somebody has more to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cost {
    More,
    Less,
    Same,
}

/// What becomes of one agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consequence {
    /// Each once, in their order.
    pub changes: Vec<Change>,
    /// Where they stand afterwards.
    pub after: Outlook,
}

impl Change {
    #[must_use]
    pub fn cost(&self) -> Cost {
        match self {
            Self::Redo(_)
            | Self::BeginAgain(_)
            | Self::New(_)
            | Self::ReadMore(_)
            | Self::QuizMore(_)
            | Self::QuizHarder(_)
            | Self::NoAttemptLeft(_)
            | Self::AssessmentMore => Cost::More,
            Self::ReadLess(_)
            | Self::QuizLess(_)
            | Self::Acquired(_)
            | Self::Spared(_)
            | Self::AssessmentLess
            | Self::Completed => Cost::Less,
            Self::StaysCompleted
            | Self::KeptOfGone(_)
            | Self::StaysAcquired(_)
            | Self::OtherQuestions(_)
            | Self::AttemptGoesOn(_) => Cost::Same,
        }
    }

    /// The chapter that it is about, or what stands in its place for the final assessment.
    #[must_use]
    pub fn chapter(&self) -> Option<&ChapterSlug> {
        match self {
            Self::Redo(chapter)
            | Self::BeginAgain(chapter)
            | Self::New(chapter)
            | Self::ReadMore(chapter)
            | Self::QuizMore(chapter)
            | Self::QuizHarder(chapter)
            | Self::NoAttemptLeft(chapter)
            | Self::ReadLess(chapter)
            | Self::QuizLess(chapter)
            | Self::Acquired(chapter)
            | Self::Spared(chapter)
            | Self::KeptOfGone(chapter)
            | Self::StaysAcquired(chapter)
            | Self::OtherQuestions(chapter)
            | Self::AttemptGoesOn(chapter) => Some(chapter),
            Self::AssessmentMore | Self::AssessmentLess | Self::Completed | Self::StaysCompleted => None,
        }
    }
}

impl Consequence {
    /// The worst of what changes; who has more to do in one place and less in another has more to do.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.changes.iter().map(Change::cost).min().unwrap_or(Cost::Same)
    }
}

impl Work<'_> {
    /// Whether anything was done in the course at all.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        let CourseRecord { chapters, positioned, assessment, completed, .. } = self.record;
        let earned = !chapters.is_empty() || positioned.is_some() || assessment.is_some() || completed.is_some();
        earned || !self.open.is_empty() || self.read.values().any(|read| !read.is_empty())
    }
}

/// Where an agent stands in a version, once what it settles is settled.
#[must_use]
pub fn outlook(work: &Work<'_>, course: &Course) -> Outlook {
    let none = Read::new();
    let left = |chapter: &Chapter| {
        let read = work.read.get(&chapter.slug).unwrap_or(&none);
        remaining(chapter, read, work.record.chapters.get(&chapter.slug))
    };
    let remaining: Vec<_> =
        course.chapters.iter().filter_map(|chapter| Some((chapter.slug.clone(), left(chapter)?))).collect();
    let passed = work.record.assessment.as_ref().is_some_and(|known| known.quiz.passed.is_some());
    let assessment = course.assessment.is_some() && !passed;
    let known = work.completed || work.record.completed.is_some();
    let completed = known || (remaining.is_empty() && !assessment && work.has_begun());
    let done = u32::try_from(course.chapters.len().saturating_sub(remaining.len())).unwrap_or(u32::MAX);
    Outlook { remaining, done, assessment, completed }
}

/// What becomes of an agent when `new` takes the place of `old`.
#[must_use]
pub fn consequence(work: &Work<'_>, old: &Course, new: &Course) -> Consequence {
    let (mut before, after) = (outlook(work, old), outlook(work, new));
    // What the record does not say yet, another version may take away.
    before.completed = work.completed || work.record.completed.is_some();
    let mut changes = BTreeSet::new();
    for chapter in &new.chapters {
        match old.chapter(&chapter.slug) {
            Some(former) => changed(work, (former, chapter), (&before, &after), &mut changes),
            None => added(work, chapter, (old, new), (&before, &after), &mut changes),
        }
    }
    for chapter in old.chapters.iter().filter(|chapter| new.chapter(&chapter.slug).is_none()) {
        // What takes its place is told there.
        let is_replaced =
            new.chapters.iter().any(|it| former_of(it, old, new).is_some_and(|it| it.slug == chapter.slug));
        match left(&before, &chapter.slug) {
            None => changes.extend((!is_replaced).then(|| Change::KeptOfGone(chapter.slug.clone()))),
            Some(_) if before.completed || is_replaced => {}
            Some(_) => changes.extend([Change::Spared(chapter.slug.clone())]),
        }
    }
    if !before.completed {
        match (before.assessment, after.assessment) {
            (false, true) => changes.extend([Change::AssessmentMore]),
            (true, false) => changes.extend([Change::AssessmentLess]),
            _ => {}
        }
        changes.extend(after.completed.then_some(Change::Completed));
    } else if after.remaining.len() > before.remaining.len() || (after.assessment && !before.assessment) {
        changes.insert(Change::StaysCompleted);
    }
    changes.extend(work.open.iter().filter(|exercise| differs(exercise, old, new)).cloned().map(Change::AttemptGoesOn));
    Consequence { changes: changes.into_iter().collect(), after }
}

fn left<'o>(outlook: &'o Outlook, chapter: &ChapterSlug) -> Option<&'o Remaining> {
    outlook.remaining.iter().find(|(slug, _)| slug == chapter).map(|(_, left)| left)
}

/// A chapter that is in both versions.
fn changed(
    work: &Work<'_>,
    (former, chapter): (&Chapter, &Chapter),
    (before, after): (&Outlook, &Outlook),
    changes: &mut BTreeSet<Change>,
) {
    let slug = || chapter.slug.clone();
    match (left(before, &chapter.slug), left(after, &chapter.slug)) {
        // Acquired chapters never come back.
        (None, None) => {
            let moved = Chapter { number: chapter.number, ..former.clone() };
            changes.extend((moved != *chapter).then(|| Change::StaysAcquired(slug())));
        }
        // All was read, and the record did not say so yet.
        (None, Some(is)) => {
            changes.extend((is.sections > 0).then(|| Change::ReadMore(slug())));
            changes.extend(is.quiz.map(|_| Change::QuizMore(slug())));
        }
        (Some(_), None) => changes.extend([Change::Acquired(slug())]),
        // Nothing is owed of a course that is done, and who has not begun a chapter will find it as it is.
        (Some(_), Some(_)) if before.completed || !touched(work, &chapter.slug) => {}
        (Some(was), Some(is)) => {
            changes.extend((is.sections > was.sections).then(|| Change::ReadMore(slug())));
            changes.extend((is.sections < was.sections).then(|| Change::ReadLess(slug())));
            match (was.quiz, is.quiz) {
                (None, Some(_)) => changes.extend([Change::QuizMore(slug())]),
                (Some(_), None) => changes.extend([Change::QuizLess(slug())]),
                (Some(was), Some(is)) if is > was => changes.extend([Change::QuizHarder(slug())]),
                (Some(was), Some(is)) if is < was => changes.extend([Change::QuizLess(slug())]),
                _ => {}
            }
            changes.extend((is.spent && !was.spent).then(|| Change::NoAttemptLeft(slug())));
            let tried = work.record.chapters.get(&chapter.slug).is_some_and(|known| known.quiz.is_some());
            let other = asked(former.quiz.as_ref()) != asked(chapter.quiz.as_ref());
            let both = was.quiz.is_some() && is.quiz.is_some();
            changes.extend((tried && other && both).then(|| Change::OtherQuestions(slug())));
        }
    }
}

/// A chapter that only the new version has.
fn added(
    work: &Work<'_>,
    chapter: &Chapter,
    (old, new): (&Course, &Course),
    (before, after): (&Outlook, &Outlook),
    changes: &mut BTreeSet<Change>,
) {
    // Done already, in a version before the old one; or nothing is owed of a course that is done.
    if left(after, &chapter.slug).is_none() || before.completed {
        return;
    }
    let slug = chapter.slug.clone();
    match former_of(chapter, old, new) {
        Some(former) if left(before, &former.slug).is_none() => changes.extend([Change::Redo(slug)]),
        Some(former) => changes.extend(touched(work, &former.slug).then_some(Change::BeginAgain(slug))),
        None => changes.extend(work.has_begun().then_some(Change::New(slug))),
    }
}

/// The chapter of the old version that this one takes the place of under another identifier: of the same title, or with
/// most of its sections.
fn former_of<'c>(chapter: &Chapter, old: &'c Course, new: &Course) -> Option<&'c Chapter> {
    if old.chapter(&chapter.slug).is_some() {
        return None;
    }
    let gone = old.chapters.iter().filter(|former| new.chapter(&former.slug).is_none());
    let alike = |former: &&Chapter| {
        let shared = former.sections.iter().filter(|it| chapter.sections.iter().any(|other| other.slug == it.slug));
        folded(&former.title) == folded(&chapter.title) || shared.count() * 2 > former.sections.len().max(1)
    };
    gone.into_iter().find(alike)
}

/// Whether anything of the chapter was begun.
fn touched(work: &Work<'_>, chapter: &ChapterSlug) -> bool {
    work.record.chapters.contains_key(chapter)
        || work.open.contains(chapter)
        || work.read.get(chapter).is_some_and(|read| !read.is_empty())
}

fn asked(quiz: Option<&Quiz>) -> Option<&[Question]> {
    quiz.map(|quiz| quiz.questions.as_slice())
}

/// Whether a quiz is not the same in both versions.
fn differs(exercise: &ChapterSlug, old: &Course, new: &Course) -> bool {
    let quiz = |course: &Course| course.exercise(exercise).map(|it| it.quiz().clone());
    quiz(old) != quiz(new)
}
