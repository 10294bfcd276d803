//! The record: what an agent's facts add up to.

#[cfg(test)]
mod tests;

use super::{AttendanceRecord, Completed, Entry, Fact, WebinarRecord};
use crate::ids::{ChapterSlug, ComponentSlug, CourseSlug, WebinarId};
use crate::quiz::{Counts, Score};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// All that an agent has earned. Can be stored, and brought up to date by the entries after `seq`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Place of the last entry folded in; 0 for none.
    pub seq: u64,
    pub courses: BTreeMap<CourseSlug, CourseRecord>,
}

/// What an agent has earned in one course.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseRecord {
    pub chapters: BTreeMap<ChapterSlug, ChapterRecord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub positioned: Option<Positioned>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment: Option<AssessmentRecord>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub webinars: BTreeMap<WebinarId, WebinarRecord>,
    /// Quizzes put to the rooms of webinars, by their places in the rooms' logs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub live_quizzes: BTreeMap<WebinarId, BTreeMap<u64, Score>>,
    /// The first time that the whole course was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed: Option<Completed>,
    /// What was followed away from the platform.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attendances: BTreeMap<ComponentSlug, AttendanceRecord>,
}

/// The first time that the positioning quiz was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Positioned {
    pub earned: Earned,
    pub score: Score,
}

/// What an agent has earned at the final assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssessmentRecord {
    pub quiz: QuizRecord,
    /// Minutes at a distance that it gave when it was passed; 0 before. Counted once.
    pub minutes: u32,
}

/// What an agent has earned in one chapter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChapterRecord {
    /// When the chapter was first read to its end.
    pub read: Option<Earned>,
    /// Whether reading alone acquires the chapter, in a version that the agent has read.
    pub suffices: bool,
    pub quiz: Option<QuizRecord>,
    /// When both were first met: read, and the quiz passed unless reading suffices. What is
    /// acquired stays so, even where the last attempt counts and a later one fails.
    pub acquired: Option<Earned>,
    /// Minutes at a distance that the chapter gave when it was acquired; 0 before. Counted once.
    pub minutes: u32,
    /// When the positioning quiz first exempted from the chapter. It gives no minutes: nothing was
    /// followed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exempted: Option<Earned>,
}

/// When something was earned, in which version of the course, by which entry of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earned {
    pub at: Timestamp,
    /// Number of the course's version, from 1.
    pub version: u32,
    pub seq: u64,
}

/// What an agent has earned at one quiz.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuizRecord {
    /// Attempts handed in, that is the greatest of their numbers.
    pub attempts: u32,
    pub best: Score,
    pub last: Score,
    /// The best or the last, as the rules of the last attempt say.
    pub kept: Score,
    /// The first attempt that reached what its rules asked for.
    pub passed: Option<Earned>,
}

/// Why a chapter is acquired, or what it still takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum Reason {
    /// Neither read nor passed. Whether there is a quiz to pass, the course says.
    NothingYet,
    /// The quiz is passed, the chapter remains to be read.
    ReadingRemains {
        kept: Score,
    },
    /// The chapter is read, its quiz remains to be passed; `kept` is the score so far.
    QuizRemains {
        kept: Option<Score>,
    },
    /// Not acquired, and need not be.
    Exempted {
        exempted: Earned,
    },
    AcquiredByReading {
        acquired: Earned,
    },
    /// Read, and the quiz passed by then.
    AcquiredByQuiz {
        acquired: Earned,
        kept: Score,
    },
}

impl Record {
    /// The record that these entries, in the order of the ledger, add up to. Where two accounts were made one, all that
    /// was written until then counts in the order in which it became so.
    #[must_use]
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut entries: Vec<&Entry> = entries.into_iter().collect();
        let merged = entries.iter().rposition(|entry| entry.origin.is_some()).map_or(0, |last| last + 1);
        let (until, since) = entries.split_at_mut(merged);
        until.sort_by_key(|entry| (entry.when(), entry.seq));
        let mut record = Self::default();
        let mut seq = 0;
        for entry in until {
            record.take(entry);
            seq = seq.max(entry.seq);
        }
        record.seq = seq;
        for entry in since {
            record.apply(entry);
        }
        record
    }

    /// Adds the next entry of the ledger. One already folded in changes nothing.
    pub fn apply(&mut self, entry: &Entry) {
        if entry.seq <= self.seq {
            return;
        }
        self.seq = entry.seq;
        self.take(entry);
    }

    fn take(&mut self, entry: &Entry) {
        let earned = Earned { at: entry.when(), version: entry.fact.version().unwrap_or_default(), seq: entry.seq };
        let course = self.courses.entry(entry.fact.course().clone()).or_default();
        match &entry.fact {
            Fact::ChapterRead { chapter, suffices, minutes, .. } => {
                let chapter = course.chapters.entry(chapter.clone()).or_default();
                chapter.read.get_or_insert(earned);
                chapter.suffices |= suffices;
                chapter.acquire(earned, *minutes);
            }
            Fact::AttemptGraded { chapter, number, earned: points, max, pass, counts, minutes, .. } => {
                let chapter = course.chapters.entry(chapter.clone()).or_default();
                let score = Score { earned: *points, max: *max };
                let passed = score.passes(*pass).then_some(earned);
                chapter.quiz = Some(QuizRecord::with(chapter.quiz.take(), *number, score, *counts, passed));
                chapter.acquire(earned, *minutes);
            }
            Fact::Positioned { earned: points, max, .. } => {
                course.positioned.get_or_insert(Positioned { earned, score: Score { earned: *points, max: *max } });
            }
            Fact::ChapterExempted { chapter, .. } => {
                course.chapters.entry(chapter.clone()).or_default().exempted.get_or_insert(earned);
            }
            Fact::AssessmentGraded { number, earned: points, max, pass, counts, minutes, .. } => {
                let score = Score { earned: *points, max: *max };
                let passed = score.passes(*pass).then_some(earned);
                let (before, given) =
                    course.assessment.take().map_or((None, 0), |known| (Some(known.quiz), known.minutes));
                let first = passed.is_some() && before.as_ref().is_none_or(|before| before.passed.is_none());
                let quiz = QuizRecord::with(before, *number, score, *counts, passed);
                course.assessment = Some(AssessmentRecord { quiz, minutes: if first { *minutes } else { given } });
            }
            Fact::LiveQuizGraded { webinar, quiz, earned: points, max, .. } => {
                let quizzes = course.live_quizzes.entry(*webinar).or_default();
                quizzes.entry(*quiz).or_insert(Score { earned: *points, max: *max });
            }
            Fact::WebinarAttended { webinar, .. }
            | Fact::PresenceCorrected { webinar, .. }
            | Fact::ReplayFollowed { webinar, .. } => {
                let known = course.webinars.remove(webinar);
                course.webinars.extend(WebinarRecord::with(known, entry).map(|record| (*webinar, record)));
            }
            Fact::CourseCompleted { begun_at, minutes, .. } => {
                course.completed.get_or_insert(Completed { earned, begun_at: *begun_at, minutes: *minutes });
            }
            Fact::AttendanceEntered { component, .. } => {
                course.attendances.entry(component.clone()).or_default().take(entry);
            }
        }
    }

    /// What was earned in that chapter, if anything.
    #[must_use]
    pub fn chapter(&self, course: &CourseSlug, chapter: &ChapterSlug) -> Option<&ChapterRecord> {
        self.courses.get(course)?.chapters.get(chapter)
    }

    /// What was earned at a quiz in the room of that webinar, if it is known.
    #[must_use]
    pub fn live_quiz(&self, course: &CourseSlug, webinar: WebinarId, quiz: u64) -> Option<Score> {
        self.courses.get(course)?.live_quizzes.get(&webinar)?.get(&quiz).copied()
    }

    /// What is known of that webinar, if anything.
    #[must_use]
    pub fn webinar(&self, course: &CourseSlug, webinar: WebinarId) -> Option<&WebinarRecord> {
        self.courses.get(course)?.webinars.get(&webinar)
    }

    /// What was entered of that component, if anything.
    #[must_use]
    pub fn attendance(&self, course: &CourseSlug, component: &ComponentSlug) -> Option<&AttendanceRecord> {
        self.courses.get(course)?.attendances.get(component)
    }

    /// Minutes at a distance, asynchronous, of all that is acquired, and of the webinars followed later.
    #[must_use]
    pub fn minutes_at_distance(&self) -> u32 {
        self.courses.values().map(CourseRecord::minutes_at_distance).fold(0, u32::saturating_add)
    }

    /// Minutes at a distance, synchronous: those of the webinars whose threshold is met live.
    #[must_use]
    pub fn minutes_live(&self) -> u32 {
        self.courses.values().map(CourseRecord::minutes_live).fold(0, u32::saturating_add)
    }
}

impl CourseRecord {
    /// How many of the course's chapters are acquired, or need not be.
    #[must_use]
    pub fn chapters_done(&self) -> usize {
        self.chapters.values().filter(|chapter| chapter.acquired.or(chapter.exempted).is_some()).count()
    }

    /// Minutes at a distance of the course's chapters that are acquired, and of its assessment once passed.
    #[must_use]
    pub fn minutes(&self) -> u32 {
        let assessment = self.assessment.iter().map(|assessment| assessment.minutes);
        self.chapters.values().map(|chapter| chapter.minutes).chain(assessment).fold(0, u32::saturating_add)
    }

    /// The same with those of the webinars whose threshold was reached thanks to their recordings: all that was followed
    /// at a distance, asynchronously.
    #[must_use]
    pub fn minutes_at_distance(&self) -> u32 {
        let later = self.webinars.values().filter(|webinar| webinar.later().is_some());
        later.map(WebinarRecord::minutes_counted).fold(self.minutes(), u32::saturating_add)
    }

    /// Minutes of the course's webinars whose threshold is met live. Told apart from [`CourseRecord::minutes_at_distance`]: a
    /// certificate states the hours of each modality.
    #[must_use]
    pub fn minutes_live(&self) -> u32 {
        let live = self.webinars.values().filter(|webinar| webinar.later().is_none());
        live.map(WebinarRecord::minutes_counted).fold(0, u32::saturating_add)
    }
}

impl ChapterRecord {
    fn is_complete(&self) -> bool {
        self.read.is_some() && (self.suffices || self.quiz.as_ref().is_some_and(|quiz| quiz.passed.is_some()))
    }

    fn acquire(&mut self, earned: Earned, minutes: u32) {
        if self.acquired.is_none() && self.is_complete() {
            self.acquired = Some(earned);
            self.minutes = minutes;
        }
    }
}

impl QuizRecord {
    /// The quiz after one attempt more. An attempt handed in late does not pass for the last one.
    fn with(before: Option<Self>, number: u32, score: Score, counts: Counts, passed: Option<Earned>) -> Self {
        let Some(before) = before else {
            return Self { attempts: number, best: score, last: score, kept: score, passed };
        };
        let best = if score.beats(before.best) { score } else { before.best };
        let last = if number > before.attempts { score } else { before.last };
        let kept = match counts {
            Counts::Best => best,
            Counts::Last => last,
        };
        Self { attempts: before.attempts.max(number), best, last, kept, passed: before.passed.or(passed) }
    }
}

/// Why the chapter is acquired, or what it still takes, for the pages to put in a sentence.
#[must_use]
pub fn reason(chapter: &ChapterRecord) -> Reason {
    let quiz = chapter.quiz.as_ref();
    // Passed by the time it was acquired; later on, it is no reason.
    let by_then = |passed: Earned| chapter.acquired.is_none_or(|it| (passed.at, passed.seq) <= (it.at, it.seq));
    let passed = quiz.filter(|quiz| quiz.passed.is_some_and(by_then));
    if let (None, Some(exempted)) = (chapter.acquired, chapter.exempted) {
        return Reason::Exempted { exempted };
    }
    match (chapter.acquired, chapter.read, passed) {
        (Some(acquired), _, Some(quiz)) => Reason::AcquiredByQuiz { acquired, kept: quiz.kept },
        (Some(acquired), _, None) => Reason::AcquiredByReading { acquired },
        (None, None, Some(quiz)) => Reason::ReadingRemains { kept: quiz.kept },
        (None, Some(_), _) => Reason::QuizRemains { kept: quiz.map(|quiz| quiz.kept) },
        (None, None, None) => Reason::NothingYet,
    }
}
