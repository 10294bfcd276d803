//! The room: what its log adds up to.

use super::ballot::Poll;
use super::change::{Change, Entry};
use super::exam::LiveQuiz;
use super::signal::{ActId, MediaKind};
use super::things::{Beside, Check, Handout, Mark, Message, Phase, Question, RecordingState, Who};
use crate::ids::PersonId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Captions that the room remembers; the log keeps them all.
const CAPTIONS: usize = 50;

/// A room. Things are known by the place in the log of the entry that made them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Room {
    /// How far in the log this is.
    pub seq: u64,
    pub phase: Phase,
    pub locked: bool,
    /// Who was made to leave, by name: told to trainers.
    pub removed: BTreeMap<PersonId, String>,
    pub messages: BTreeMap<u64, Message>,
    pub questions: BTreeMap<u64, Question>,
    /// Raised hands, the first first.
    pub hands: Vec<Who>,
    /// Who has the floor, beside the trainers, by name.
    pub floor: BTreeMap<PersonId, String>,
    pub muted: BTreeSet<(PersonId, MediaKind)>,
    pub polls: BTreeMap<u64, Poll>,
    pub quizzes: BTreeMap<u64, LiveQuiz>,
    pub checks: BTreeMap<u64, Check>,
    pub handouts: BTreeMap<u64, Handout>,
    pub captions: BTreeMap<u64, String>,
    /// Who sits beside whom.
    pub beside: BTreeMap<PersonId, Beside>,
    /// Where its recording stands, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<RecordingState>,
    /// Moments that trainers marked in the recording.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub marks: BTreeMap<u64, Mark>,
    /// Acts that are done: on the server only.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) acts: BTreeSet<ActId>,
}

impl Room {
    /// The room that these entries, in the order of the log, add up to.
    #[must_use]
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut room = Self::default();
        for entry in entries {
            room.apply(entry);
        }
        room
    }

    /// Adds an entry of the log. One already folded in changes nothing.
    pub fn apply(&mut self, entry: &Entry) {
        if entry.seq <= self.seq {
            return;
        }
        self.seq = entry.seq;
        self.acts.extend(entry.act);
        let Entry { seq, at, by, .. } = entry;
        let (seq, at, by) = (*seq, *at, by.clone());
        match &entry.change {
            Change::WentLive => self.phase = Phase::Live { since: at },
            Change::Closed => self.close(at),
            Change::Said { text } => {
                self.messages.insert(seq, Message { at, by, text: text.clone(), hidden: false });
            }
            Change::Hidden { message } => {
                self.messages.entry(*message).and_modify(|message| message.hidden = true);
            }
            Change::Asked { text } => {
                let (text, support) = (text.clone(), BTreeSet::new());
                self.questions.insert(seq, Question { at, by, text, support, answered: false, hidden: false });
            }
            Change::QuestionHidden { question } => {
                self.questions.entry(*question).and_modify(|question| question.hidden = true);
            }
            Change::Supported { question, on } => {
                self.questions.entry(*question).and_modify(|question| {
                    set(&mut question.support, by.person, *on);
                });
            }
            Change::QuestionAnswered { question, on } => {
                self.questions.entry(*question).and_modify(|question| question.answered = *on);
            }
            Change::HandRaised => {
                self.lower(by.person);
                self.hands.push(by);
            }
            Change::HandLowered { person } => self.lower(*person),
            Change::FloorGiven { person, name } => {
                self.lower(*person);
                self.floor.insert(*person, name.clone());
            }
            Change::FloorTaken { person } => self.unseat(*person),
            Change::Muted { person, kind, on } => set(&mut self.muted, (*person, *kind), *on),
            Change::Removed { person, name } => {
                self.lower(*person);
                self.unseat(*person);
                self.beside.remove(person);
                self.removed.insert(*person, name.clone());
            }
            Change::LetBack { person } => {
                self.removed.remove(person);
            }
            Change::Locked { on } => self.locked = *on,
            Change::PollLaunched { ballot } => {
                self.polls.insert(seq, Poll::new(ballot.clone()));
            }
            Change::Voted { poll, choices } => {
                self.polls.entry(*poll).and_modify(|poll| {
                    poll.votes.insert(by.person, choices.clone());
                });
            }
            Change::PollClosed { poll } => {
                self.polls.entry(*poll).and_modify(|poll| poll.open = false);
            }
            Change::PollShown { poll, tally } => {
                self.polls.entry(*poll).and_modify(|poll| poll.shown = Some(tally.clone()));
            }
            Change::QuizLaunched { title, prompts, questions } => {
                let (title, prompts, questions) = (title.clone(), prompts.clone(), questions.clone());
                let answers = BTreeMap::new();
                self.quizzes.insert(seq, LiveQuiz { title, open: true, prompts, questions, answers });
            }
            Change::Answered { quiz, question, mark, .. } => {
                self.quizzes.entry(*quiz).and_modify(|quiz| {
                    quiz.answers.entry(by.person).or_default().insert(question.clone(), *mark);
                });
            }
            Change::QuizClosed { quiz } => {
                self.quizzes.entry(*quiz).and_modify(|quiz| quiz.open = false);
            }
            Change::CheckLaunched { until } => {
                self.checks.insert(seq, Check { until: *until, confirmed: BTreeSet::new() });
            }
            Change::Confirmed { check } => {
                self.checks.entry(*check).and_modify(|check| {
                    check.confirmed.insert(by.person);
                });
            }
            Change::HandedOut { title, url } => {
                self.handouts.insert(seq, Handout { title: title.clone(), url: url.clone() });
            }
            Change::Captioned { text } => self.caption(seq, text.clone()),
            Change::Recording { .. } | Change::RecordingFailed { .. } | Change::Marked { .. } => self.record(entry),
            Change::SatBeside { person } => {
                self.beside.insert(by.person, Beside { host: *person, name: by.name });
            }
            Change::PartedWith { person } => {
                self.beside.remove(person);
            }
        }
    }

    /// The room as that person may see it.
    #[must_use]
    pub fn seen_by(&self, person: PersonId, trainer: bool) -> Self {
        let mut room = self.clone();
        room.acts.clear();
        for quiz in room.quizzes.values_mut() {
            quiz.questions.clear();
        }
        if trainer {
            return room;
        }
        room.removed.clear();
        if let Some(RecordingState::Failed { why }) = &mut room.recording {
            why.clear();
        }
        room.polls.values_mut().for_each(|poll| poll.votes.retain(|voter, _| *voter == person));
        room.quizzes.values_mut().for_each(|quiz| quiz.answers.retain(|answerer, _| *answerer == person));
        room.checks.values_mut().for_each(|check| check.confirmed.retain(|confirmed| *confirmed == person));
        for message in room.messages.values_mut().filter(|message| message.hidden) {
            message.text.clear();
        }
        room.questions.retain(|_, question| !question.hidden);
        room
    }

    /// Whether they may send camera and microphone.
    #[must_use]
    pub fn has_floor(&self, person: PersonId) -> bool {
        self.floor.contains_key(&person)
    }

    /// Who sits before the screen of that person, in the order of their identifiers.
    pub fn companions(&self, host: PersonId) -> impl Iterator<Item = (PersonId, &str)> {
        let beside = self.beside.iter().filter(move |(_, beside)| beside.host == host);
        beside.map(|(person, beside)| (*person, beside.name.as_str()))
    }

    /// Whether the webinar is under way.
    #[must_use]
    pub fn is_live(&self) -> bool {
        matches!(self.phase, Phase::Live { .. })
    }

    /// Whether the webinar is over.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        matches!(self.phase, Phase::Closed { .. })
    }

    fn close(&mut self, at: Timestamp) {
        let since = match self.phase {
            Phase::Live { since } => Some(since),
            Phase::Waiting => None,
            Phase::Closed { .. } => return,
        };
        self.phase = Phase::Closed { since, at };
        self.recording = None;
        self.hands.clear();
        self.floor.clear();
        self.polls.values_mut().for_each(|poll| poll.open = false);
        self.quizzes.values_mut().for_each(|quiz| quiz.open = false);
    }

    fn record(&mut self, entry: &Entry) {
        match &entry.change {
            Change::Recording { on } => {
                self.recording = Some(if *on { RecordingState::On } else { RecordingState::Paused });
            }
            Change::RecordingFailed { why } => self.recording = Some(RecordingState::Failed { why: why.clone() }),
            Change::Marked { title } => {
                self.marks.insert(entry.seq, Mark { at: entry.at, title: title.clone() });
            }
            _ => {}
        }
    }

    fn caption(&mut self, seq: u64, text: String) {
        self.captions.insert(seq, text);
        while self.captions.len() > CAPTIONS {
            self.captions.pop_first();
        }
    }

    fn lower(&mut self, person: PersonId) {
        self.hands.retain(|who| who.person != person);
    }

    fn unseat(&mut self, person: PersonId) {
        self.floor.remove(&person);
        self.muted.retain(|(muted, _)| *muted != person);
    }
}

fn set<T: Ord>(all: &mut BTreeSet<T>, one: T, on: bool) {
    if on {
        all.insert(one);
    } else {
        all.remove(&one);
    }
}
