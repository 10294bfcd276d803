//! The training record: an append-only ledger of facts for each agent, chained by hash, and its fold.

mod attendance;
mod chain;
mod completion;
mod fold;
mod merging;
mod settling;
#[cfg(test)]
pub(crate) mod support;
mod webinar;

pub use attendance::{AttendanceEntry, AttendanceRecord, FIRST_DAY, HalfDay, Part, WHY};
pub use chain::{BrokenLink, Entry, Fault, Hash, NotAHash, Origin, StoredEntry, Told, link, to_millisecond, verify};
pub use completion::{Completed, completion};
pub use fold::{AssessmentRecord, ChapterRecord, CourseRecord, Earned, Positioned, QuizRecord, Reason, Record, reason};
pub use merging::{Merged, merge};
pub use settling::settled;
pub use webinar::{Correction, Figures, Replayed, WebinarRecord};

use crate::ids::{AttemptId, ChapterSlug, ComponentSlug, CorrectionId, CourseSlug, EntryId, WebinarId};
use crate::quiz::Counts;
use crate::webinar::presence;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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
    /// The positioning quiz of the course was handed in.
    Positioned {
        course: CourseSlug,
        version: u32,
        attempt: AttemptId,
        /// Hundredths of a point.
        earned: u32,
        /// Hundredths of a point.
        max: u32,
    },
    /// The positioning quiz showed what the chapter teaches: the agent need not follow it.
    ChapterExempted {
        course: CourseSlug,
        version: u32,
        chapter: ChapterSlug,
        /// The attempt at the positioning quiz.
        attempt: AttemptId,
        /// Hundredths of a point, at the questions about the chapter.
        earned: u32,
        /// Hundredths of a point.
        max: u32,
        /// Percent of these points that exempts.
        percent: u8,
    },
    /// An attempt at the final assessment of the course was handed in and graded.
    AssessmentGraded {
        course: CourseSlug,
        version: u32,
        attempt: AttemptId,
        /// Rank among the agent's attempts at this assessment, from 1.
        number: u32,
        /// Hundredths of a point.
        earned: u32,
        /// Hundredths of a point.
        max: u32,
        /// Percent needed to pass.
        pass: u8,
        counts: Counts,
        /// Minutes at a distance that it counts for, once passed.
        minutes: u32,
    },
    /// A webinar for which the agent was registered has closed, whether they came or not.
    WebinarAttended {
        course: CourseSlug,
        webinar: WebinarId,
        title: String,
        /// When it went live.
        held_at: Timestamp,
        /// Whole minutes present while it was live, rounded down.
        minutes: u32,
        /// Whole minutes that it was live, rounded down.
        live_minutes: u32,
        /// Percent of the live time present, rounded down from milliseconds.
        percent: u8,
        /// Percent of the live time that makes the agent present.
        threshold: u8,
        met: bool,
        reason: presence::Reason,
    },
    /// A quiz put to the room of a webinar was graded, at the closing.
    LiveQuizGraded {
        course: CourseSlug,
        webinar: WebinarId,
        /// The webinar's.
        title: String,
        /// Place in the room's log of the entry that launched it.
        quiz: u64,
        quiz_title: String,
        /// Hundredths of a point.
        earned: u32,
        /// Hundredths of a point; a question without an answer earns nothing.
        max: u32,
    },
    /// A trainer corrected how long the agent was present. The author is the entry's.
    PresenceCorrected {
        course: CourseSlug,
        webinar: WebinarId,
        title: String,
        /// When it went live.
        held_at: Timestamp,
        /// Made with the form, so that a correction sent twice is one.
        correction: CorrectionId,
        /// As the trainer states them.
        minutes: u32,
        live_minutes: u32,
        percent: u8,
        threshold: u8,
        met: bool,
        /// Why, in the trainer's words.
        why: String,
    },
    /// What was played of a webinar's recording, together with what was followed live, reached the threshold.
    ReplayFollowed {
        course: CourseSlug,
        webinar: WebinarId,
        title: String,
        /// When it went live.
        held_at: Timestamp,
        /// When the first of what counts was played.
        from: Timestamp,
        /// Whole minutes of the live time followed by then, live or later, each once.
        minutes: u32,
        /// Of these, those followed live.
        seen_live: u32,
        live_minutes: u32,
        percent: u8,
        threshold: u8,
    },
    /// Every chapter of the course is acquired or need not be, and its assessment is passed where it has one.
    CourseCompleted {
        course: CourseSlug,
        version: u32,
        /// When the agent first earned something in it.
        begun_at: Timestamp,
        /// Minutes at a distance that it gave.
        minutes: u32,
    },
    /// What was followed away from the platform, as a trainer enters it. It replaces what was entered before for the
    /// same component. The author is the entry's.
    AttendanceEntered {
        course: CourseSlug,
        component: ComponentSlug,
        /// The component's.
        title: String,
        /// Made with the form, so that what is sent twice is entered once.
        entry: EntryId,
        half_days: BTreeSet<HalfDay>,
        /// Minutes that they come to.
        minutes: u32,
        /// The agent need not follow it; then there is no half day.
        exempted: bool,
        /// The source, or the reason, in the trainer's words.
        why: String,
    },
}

impl Fact {
    /// The course in which it was earned.
    #[must_use]
    pub fn course(&self) -> &CourseSlug {
        match self {
            Self::ChapterRead { course, .. }
            | Self::AttemptGraded { course, .. }
            | Self::Positioned { course, .. }
            | Self::ChapterExempted { course, .. }
            | Self::AssessmentGraded { course, .. }
            | Self::WebinarAttended { course, .. }
            | Self::LiveQuizGraded { course, .. }
            | Self::PresenceCorrected { course, .. }
            | Self::ReplayFollowed { course, .. }
            | Self::CourseCompleted { course, .. }
            | Self::AttendanceEntered { course, .. } => course,
        }
    }

    /// Number of the course's version in which it was earned, from 1; what is not of the course itself is of
    /// no version.
    #[must_use]
    pub fn version(&self) -> Option<u32> {
        match self {
            Self::ChapterRead { version, .. }
            | Self::AttemptGraded { version, .. }
            | Self::Positioned { version, .. }
            | Self::ChapterExempted { version, .. }
            | Self::AssessmentGraded { version, .. }
            | Self::CourseCompleted { version, .. } => Some(*version),
            Self::WebinarAttended { .. }
            | Self::LiveQuizGraded { .. }
            | Self::PresenceCorrected { .. }
            | Self::ReplayFollowed { .. }
            | Self::AttendanceEntered { .. } => None,
        }
    }

    /// The chapter that it is about, where it is about one.
    #[must_use]
    pub fn chapter(&self) -> Option<&ChapterSlug> {
        match self {
            Self::ChapterRead { chapter, .. }
            | Self::AttemptGraded { chapter, .. }
            | Self::ChapterExempted { chapter, .. } => Some(chapter),
            _ => None,
        }
    }
}
