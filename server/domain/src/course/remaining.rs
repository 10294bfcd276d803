//! What is left to do of a chapter, for an agent who did some of it.

use super::Chapter;
use crate::ids::SectionSlug;
use crate::record::ChapterRecord;
use std::collections::BTreeSet;

/// The sections of a chapter that an agent marked as read; some may be of other versions.
pub type Read = BTreeSet<SectionSlug>;

/// What it still takes to acquire a chapter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remaining {
    /// Sections to read.
    pub sections: u32,
    /// Percent to reach at its quiz, where there is one that is not passed.
    pub quiz: Option<u8>,
    /// Whether no attempt is left at that quiz.
    pub spent: bool,
}

/// What it still takes; none for a chapter that is acquired, or need not be.
///
/// A chapter once read stays read, even where a later version adds a section; a quiz once passed stays passed.
#[must_use]
pub fn remaining(chapter: &Chapter, read: &Read, earned: Option<&ChapterRecord>) -> Option<Remaining> {
    if earned.is_some_and(|earned| earned.acquired.or(earned.exempted).is_some()) {
        return None;
    }
    let was_read = earned.is_some_and(|earned| earned.read.is_some());
    let unread = chapter.sections.iter().filter(|section| !read.contains(&section.slug)).count();
    let sections = if was_read { 0 } else { u32::try_from(unread).unwrap_or(u32::MAX) };
    let tried = earned.and_then(|earned| earned.quiz.as_ref());
    let due = chapter.quiz.as_ref().filter(|_| tried.is_none_or(|tried| tried.passed.is_none()));
    let spent =
        due.zip(tried).is_some_and(|(quiz, tried)| quiz.rules.attempts.is_some_and(|most| tried.attempts >= most));
    let remaining = Remaining { sections, quiz: due.map(|quiz| quiz.rules.pass), spent };
    (sections > 0 || due.is_some()).then_some(remaining)
}
