//! What somebody may do in a room.

use super::signal::MediaKind;
use crate::ids::{PersonId, QuestionSlug};
use crate::quiz::Answer;
use serde::{Deserialize, Serialize};

/// What somebody does. Numbers are those of the log's entries that made the thing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Act {
    /// Says something to the room.
    Say {
        text: String,
    },
    /// Asks a question, which others support and a trainer answers.
    Ask {
        text: String,
    },
    /// Supports a question, or no longer.
    Support {
        question: u64,
        on: bool,
    },
    RaiseHand,
    LowerHand,
    /// Gives the floor back.
    LeaveFloor,
    Vote {
        poll: u64,
        choices: Vec<u8>,
    },
    Answer {
        quiz: u64,
        question: QuestionSlug,
        answer: Answer,
    },
    /// Whoever sat beside this person, before the same screen, is gone.
    PartWith {
        person: PersonId,
    },
    /// Is there, as the trainer asked.
    Confirm {
        check: u64,
    },
    /// What only those who lead the room may do.
    Lead(Lead),
}

/// What somebody who leads the room does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Lead {
    GoLive,
    Close,
    Hide {
        message: u64,
    },
    HideQuestion {
        question: u64,
    },
    MarkAnswered {
        question: u64,
        on: bool,
    },
    GiveFloor {
        person: PersonId,
    },
    TakeFloor {
        person: PersonId,
    },
    LowerHandOf {
        person: PersonId,
    },
    /// Stops what somebody sends, or lets it be sent again.
    Mute {
        person: PersonId,
        kind: MediaKind,
        on: bool,
    },
    /// Makes somebody leave, and stay out.
    Remove {
        person: PersonId,
    },
    LetBack {
        person: PersonId,
    },
    /// Lets nobody else come in.
    Lock {
        on: bool,
    },
    LaunchPoll {
        ballot: Ballot,
    },
    /// Ends the votes.
    ClosePoll {
        poll: u64,
    },
    /// Shows everybody how many chose what.
    ShowPoll {
        poll: u64,
    },
    /// Puts questions to everybody: those written here, else those prepared.
    LaunchQuiz {
        title: String,
        questions: Vec<Written>,
    },
    CloseQuiz {
        quiz: u64,
    },
    /// Asks everybody to say within so many seconds that they are there.
    CheckPresence {
        seconds: u16,
    },
    HandOut {
        title: String,
        url: String,
    },
    Caption {
        text: String,
    },
    /// Suspends the recording, or takes it up again.
    Record {
        on: bool,
    },
    /// Marks this moment, for those who watch later.
    Mark {
        title: String,
    },
}

/// A poll before it is put.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ballot {
    pub stem: String,
    pub choices: Vec<String>,
    /// Whether several may be chosen.
    pub many: bool,
}

/// A question of a live quiz, written on the spot. One choice is right, or several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    pub stem: String,
    pub choices: Vec<WrittenChoice>,
}

/// A choice of a question written on the spot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenChoice {
    pub text: String,
    pub right: bool,
}
