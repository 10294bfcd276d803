//! What happened in the room, by the moment of the recording: what was said, asked, put to the vote and to the quiz.

use crate::ids::PersonId;
use crate::webinar::{Ballot, Change, Entry, Room, Tally};
use jiff::Timestamp;

/// What a recording is told beside. Times are in milliseconds from its beginning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moments {
    /// In the order of time.
    pub chapters: Vec<Chapter>,
    /// In the order of time.
    pub said: Vec<Said>,
    pub polls: Vec<PollThen>,
    pub quizzes: Vec<QuizThen>,
}

/// A part of the recording that a trainer named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    pub at: u64,
    pub title: String,
}

/// A message of the discussion, or a question to the trainers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub at: u64,
    pub by: PersonId,
    /// First and last name.
    pub name: String,
    /// Leads the room.
    pub trainer: bool,
    pub text: String,
    pub is_question: bool,
}

/// A poll that was put to the room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollThen {
    /// Place in the room's log.
    pub number: u64,
    pub at: u64,
    pub ballot: Ballot,
    /// How many chose what.
    pub tally: Tally,
}

/// A quiz that was put to the room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuizThen {
    /// Place in the room's log.
    pub number: u64,
    pub at: u64,
    pub title: String,
}

/// What happened during a recording of that many milliseconds that begins at `zero`. What was hidden in the room stays so.
#[must_use]
pub fn moments(entries: &[Entry], zero: Timestamp, milliseconds: u64) -> Moments {
    let room = Room::of(entries);
    let mut moments = Moments::default();
    for entry in entries {
        let Some(at) = super::place(entry.at, zero, milliseconds) else { continue };
        let said = |text: &String, is_question| Said {
            at,
            by: entry.by.person,
            name: entry.by.name.clone(),
            trainer: entry.by.trainer,
            text: text.clone(),
            is_question,
        };
        let number = entry.seq;
        match &entry.change {
            Change::Said { text } if room.messages.get(&number).is_some_and(|message| !message.hidden) => {
                moments.said.push(said(text, false));
            }
            Change::Asked { text } if room.questions.get(&number).is_some_and(|question| !question.hidden) => {
                moments.said.push(said(text, true));
            }
            Change::Marked { title } => moments.chapters.push(Chapter { at, title: title.clone() }),
            Change::PollLaunched { ballot } => {
                let tally = room.polls.get(&number).map(|poll| poll.shown.clone().unwrap_or_else(|| poll.tally()));
                moments.polls.extend(tally.map(|tally| PollThen { number, at, ballot: ballot.clone(), tally }));
            }
            Change::QuizLaunched { title, .. } => {
                moments.quizzes.push(QuizThen { number, at, title: title.clone() });
            }
            _ => {}
        }
    }
    moments
}
