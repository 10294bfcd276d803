//! The training record: an append-only ledger of facts for each agent, chained by hash, and its fold.

mod chain;
mod fold;
#[cfg(test)]
mod support;

pub use chain::{BrokenLink, Entry, Fault, Hash, NotAHash, StoredEntry, link, to_millisecond, verify};
pub use fold::{ChapterRecord, CourseRecord, Earned, QuizRecord, Reason, Record, reason};

use crate::ids::{AttemptId, ChapterSlug, CourseSlug};
use crate::quiz::Counts;
use serde::{Deserialize, Serialize};

/// Something an agent earned. Its JSON is what the chain's hashes cover: fields are only ever
/// added as optional, never renamed, reordered or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Fact {
    /// Every section of the chapter was marked as read.
    ChapterRead {
        course: CourseSlug,
        /// Number of the course's version, from 1.
        version: u32,
        chapter: ChapterSlug,
        /// Minutes at a distance that the chapter counts for, once acquired.
        minutes: u32,
        /// Whether the chapter is acquired by reading alone.
        suffices: bool,
    },
    /// An attempt at the chapter's quiz was handed in and graded.
    AttemptGraded {
        course: CourseSlug,
        version: u32,
        chapter: ChapterSlug,
        attempt: AttemptId,
        /// Rank among the agent's attempts at this quiz, from 1.
        number: u32,
        /// Hundredths of a point.
        earned: u32,
        /// Hundredths of a point.
        max: u32,
        /// Percent needed to pass.
        pass: u8,
        counts: Counts,
        /// Minutes at a distance that the chapter counts for, once acquired.
        minutes: u32,
    },
}

impl Fact {
    /// The course in which it was earned.
    #[must_use]
    pub fn course(&self) -> &CourseSlug {
        match self {
            Self::ChapterRead { course, .. } | Self::AttemptGraded { course, .. } => course,
        }
    }
}
