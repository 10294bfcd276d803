//! What changes a room: the entries of its log.

use super::act::Ballot;
use super::ballot::Tally;
use super::signal::{ActId, MediaKind};
use super::things::Who;
use crate::ids::{PersonId, QuestionSlug};
use crate::quiz::{Answer, Mark, Prompt, Question};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One entry of a room's log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Place in the log, from 1.
    pub seq: u64,
    #[serde(deserialize_with = "crate::instant::deserialize")]
    pub at: Timestamp,
    pub by: Who,
    /// The act that it came of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<ActId>,
    pub change: Change,
}

/// A change of a room. Its JSON is the log's: variants and fields are added, never renamed or removed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    WentLive,
    Closed,
    Said {
        text: String,
    },
    Hidden {
        message: u64,
    },
    Asked {
        text: String,
    },
    QuestionHidden {
        question: u64,
    },
    Supported {
        question: u64,
        on: bool,
    },
    QuestionAnswered {
        question: u64,
        on: bool,
    },
    HandRaised,
    /// By its owner, or by a trainer.
    HandLowered {
        person: PersonId,
    },
    FloorGiven {
        person: PersonId,
        name: String,
    },
    /// Taken back, or given back.
    FloorTaken {
        person: PersonId,
    },
    Muted {
        person: PersonId,
        kind: MediaKind,
        on: bool,
    },
    Removed {
        person: PersonId,
        name: String,
    },
    LetBack {
        person: PersonId,
    },
    Locked {
        on: bool,
    },
    PollLaunched {
        ballot: Ballot,
    },
    Voted {
        poll: u64,
        choices: Vec<u8>,
    },
    PollClosed {
        poll: u64,
    },
    PollShown {
        poll: u64,
        tally: Tally,
    },
    /// The questions are told to nobody: prompts are. Browsers do not even carry the code to read them.
    QuizLaunched {
        title: String,
        prompts: Vec<Prompt>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
        questions: Vec<Question>,
    },
    /// The answer is told to nobody; what it earned, to its author and to trainers.
    Answered {
        quiz: u64,
        question: QuestionSlug,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", serde(skip_deserializing))]
        answer: Option<Answer>,
        mark: Mark,
    },
    QuizClosed {
        quiz: u64,
    },
    CheckLaunched {
        #[serde(deserialize_with = "crate::instant::deserialize")]
        until: Timestamp,
    },
    Confirmed {
        check: u64,
    },
    HandedOut {
        title: String,
        url: String,
    },
    Captioned {
        text: String,
    },
    /// What happens from here on is recorded, or no longer.
    Recording {
        on: bool,
    },
    /// Nothing more can be recorded; why is told to trainers.
    RecordingFailed {
        why: String,
    },
    Marked {
        title: String,
    },
    /// Sits beside that person, before the same screen.
    SatBeside {
        person: PersonId,
    },
    /// That person no longer sits beside whoever says it.
    PartedWith {
        person: PersonId,
    },
}

impl Entry {
    /// The entry as that person may know it, if it is for them at all.
    #[must_use]
    pub fn told_to(&self, person: PersonId, trainer: bool) -> Option<Self> {
        let own = self.by.person == person;
        let change = match &self.change {
            Change::Voted { .. } | Change::Confirmed { .. } if !own && !trainer => return None,
            Change::Answered { quiz, question, mark, .. } => {
                if !own && !trainer {
                    return None;
                }
                Change::Answered { quiz: *quiz, question: question.clone(), answer: None, mark: *mark }
            }
            Change::QuizLaunched { title, prompts, .. } => {
                Change::QuizLaunched { title: title.clone(), prompts: prompts.clone(), questions: Vec::new() }
            }
            // As `is_for_all`: all of a role are told the same.
            Change::RecordingFailed { .. } if !trainer => Change::RecordingFailed { why: String::new() },
            change => change.clone(),
        };
        Some(Self { change, act: None, ..self.clone() })
    }

    /// Whether everybody of a role is told the same.
    #[must_use]
    pub fn is_for_all(&self) -> bool {
        !matches!(self.change, Change::Voted { .. } | Change::Confirmed { .. } | Change::Answered { .. })
    }
}
