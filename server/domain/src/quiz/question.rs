//! A quiz as its author wrote it, right answers included. Never leaves the server before the answer.

use crate::ids::{ChapterSlug, QuestionSlug, SectionSlug, SkillSlug};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A quiz: its rules and its bank of questions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quiz {
    pub title: String,
    pub rules: Rules,
    pub questions: Vec<Question>,
}

/// What an attempt is held to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Percent of the points needed to pass, 1 to 100; 0 where a quiz only places the agent.
    pub pass: u8,
    /// How many attempts an agent has; none: as many as they like.
    pub attempts: Option<u32>,
    /// How many attempts may start in one day of Paris; none: as many as they like.
    #[serde(default)]
    pub attempts_per_day: Option<u32>,
    pub counts: Counts,
    /// How many questions are drawn from the bank; none: all of them.
    pub draw: Option<u32>,
    /// Whether questions come in an order of their own for each attempt. Choices always do,
    /// except true/false.
    pub shuffle: bool,
    /// Minutes from the start of the attempt; can be lengthened for a person (RGAA 13.1).
    pub time_limit: Option<u32>,
    pub opens: Option<Timestamp>,
    pub closes: Option<Timestamp>,
}

/// Which attempt's score is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counts {
    Best,
    Last,
}

/// One question of the bank.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    pub slug: QuestionSlug,
    /// Sanitised HTML of the question asked.
    pub stem: String,
    pub kind: Kind,
    /// Whole points that a fully right answer is worth, 1 to 100.
    pub points: u32,
    /// Sanitised HTML shown after the answer, right or wrong; may be empty.
    pub feedback: String,
    /// The section to read again.
    pub section: Option<SectionSlug>,
    /// In a quiz of the whole course, the chapter that it comes from, and that its section is of.
    #[serde(default)]
    pub chapter: Option<ChapterSlug>,
    /// In a quiz of the whole course, the skill that it tests.
    #[serde(default)]
    pub skill: Option<SkillSlug>,
}

/// The eight types of question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Kind {
    /// Exactly one choice is right.
    Single {
        choices: Vec<Choice>,
    },
    /// One or more choices are right.
    Multiple {
        choices: Vec<Choice>,
    },
    TrueFalse {
        answer: bool,
        feedback_true: String,
        feedback_false: String,
    },
    Numeric {
        answer: f64,
        tolerance: f64,
        unit: Option<String>,
    },
    /// Free text of a few words, compared by [`crate::text::folded`].
    ShortText {
        accepted: Vec<String>,
    },
    /// Each left side goes with the right side of the same pair; `distractors` go with none.
    Matching {
        pairs: Vec<Pair>,
        distractors: Vec<String>,
    },
    /// Items in their right order.
    Ordering {
        items: Vec<String>,
    },
    /// A text with gaps to fill.
    Gap {
        parts: Vec<GapPart>,
    },
}

/// A choice of a single or multiple choice question; its key is its place: `a`, `b`, `c`…
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Sanitised HTML.
    pub text: String,
    pub right: bool,
    /// Sanitised HTML shown after the answer.
    pub feedback: String,
}

/// Plain texts that go together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    pub left: String,
    pub right: String,
}

/// A piece of a text with gaps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "part", rename_all = "kebab-case")]
pub enum GapPart {
    /// Plain text.
    Text {
        text: String,
    },
    Gap(Gap),
}

/// A gap: typed when `options` is empty, else picked among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    pub key: String,
    pub accepted: Vec<String>,
    pub options: Vec<String>,
}
