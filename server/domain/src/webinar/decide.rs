//! What an act changes, or why it does not.

#[cfg(test)]
mod tests;

use super::act::{Act, Lead, Written};
use super::change::{Change, Entry};
use super::exam;
use super::refusal::Refusal;
use super::room::Room;
use super::signal::ActId;
use super::things::{Phase, RecordingState, Who};
use super::wording::{checked, is_link, well_written, written};
use crate::ids::PersonId;
use crate::quiz::{Question, grade, prompt};
use jiff::{SignedDuration, Timestamp};

/// How much of everything, in characters, items or seconds.
pub mod limits {
    pub const MESSAGE: usize = 1000;
    pub const QUESTION: usize = 500;
    pub const CAPTION: usize = 300;
    pub const TITLE: usize = 120;
    pub const URL: usize = 500;
    /// Of a poll or a question written on the spot.
    pub const STEM: usize = 300;
    pub const CHOICE: usize = 150;
    pub const CHOICES: usize = 8;
    pub const WRITTEN: usize = 10;
    /// On the floor, beside the trainers.
    pub const FLOOR: usize = 6;
    /// A presence check lasts from so long to so long.
    pub const CHECK: (u16, u16) = (10, 600);
    /// Messages, questions, polls… of one webinar: nobody needs as many, and memory has an end.
    pub const THINGS: usize = 5000;
}

/// What a decision needs to know beside the room.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "a function has nothing to show")]
pub struct Circumstances<'a> {
    pub now: Timestamp,
    /// The questions prepared for the live quiz, with their title.
    pub prepared: Option<(&'a str, &'a [Question])>,
    /// The name of somebody who is in the room, and whether they lead it.
    pub present: &'a dyn Fn(PersonId) -> Option<(String, bool)>,
}

impl Room {
    /// Whether that act was done before.
    #[must_use]
    pub fn knows(&self, act: ActId) -> bool {
        self.acts.contains(&act)
    }

    /// The entry of the log that the act makes; none where it changes nothing.
    ///
    /// # Errors
    /// Why the act is refused.
    pub fn decide(&self, by: &Who, id: ActId, act: &Act, around: Circumstances) -> Result<Option<Entry>, Refusal> {
        if self.knows(id) {
            return Ok(None);
        }
        if self.is_closed() {
            return Err(Refusal::Closed);
        }
        if self.removed.contains_key(&by.person) {
            return Err(Refusal::NotHere);
        }
        let change = self.change(by, act, around)?;
        let made = |change| Entry { seq: self.seq + 1, at: around.now, by: by.clone(), act: Some(id), change };
        Ok(change.map(made))
    }

    fn change(&self, by: &Who, act: &Act, around: Circumstances) -> Result<Option<Change>, Refusal> {
        let person = by.person;
        Ok(Some(match act {
            Act::Say { text } => {
                room_for_one_more(self.messages.len())?;
                Change::Said { text: written(text, limits::MESSAGE)? }
            }
            Act::Ask { text } => {
                room_for_one_more(self.questions.len())?;
                Change::Asked { text: written(text, limits::QUESTION)? }
            }
            Act::Support { question, on } => {
                let known = self.question(*question)?;
                if known.support.contains(&person) == *on {
                    return Ok(None);
                }
                Change::Supported { question: *question, on: *on }
            }
            Act::RaiseHand if self.hands.iter().any(|who| who.person == person) || self.has_floor(person) => {
                return Ok(None);
            }
            Act::RaiseHand => Change::HandRaised,
            Act::LowerHand => return Ok(self.lowered(person)),
            Act::LeaveFloor => return Ok(self.has_floor(person).then_some(Change::FloorTaken { person })),
            Act::Vote { poll, choices } => return self.vote(by, *poll, choices),
            Act::Answer { quiz, question, answer } => {
                let known = self.quizzes.get(quiz).ok_or(Refusal::NoSuchThing)?;
                let asked = known.questions.iter().find(|asked| asked.slug == *question).ok_or(Refusal::NoSuchThing)?;
                if !known.open {
                    return Err(Refusal::Over);
                }
                if known.answers.get(&person).is_some_and(|given| given.contains_key(question)) {
                    return Err(Refusal::AlreadyAnswered);
                }
                answer.check(asked).map_err(|error| Refusal::Malformed(error.to_string()))?;
                if answer.is_blank() {
                    return Err(Refusal::Empty);
                }
                let mark = grade(asked, Some(answer));
                Change::Answered { quiz: *quiz, question: question.clone(), answer: Some(answer.clone()), mark }
            }
            Act::Confirm { check } => {
                let known = self.checks.get(check).ok_or(Refusal::NoSuchThing)?;
                match (known.confirmed.contains(&person), around.now > known.until) {
                    (true, _) => return Ok(None),
                    (false, true) => return Err(Refusal::Over),
                    (false, false) => Change::Confirmed { check: *check },
                }
            }
            Act::PartWith { person: companion } => {
                let sits = self.beside.get(companion).is_some_and(|beside| beside.host == person);
                return Ok(sits.then_some(Change::PartedWith { person: *companion }));
            }
            Act::Lead(lead) if by.trainer => return self.lead(lead, around),
            Act::Lead(_) => return Err(Refusal::TrainersOnly),
        }))
    }

    fn lead(&self, lead: &Lead, around: Circumstances) -> Result<Option<Change>, Refusal> {
        Ok(Some(match lead {
            Lead::LowerHandOf { person } => return Ok(self.lowered(*person)),
            Lead::GoLive if self.phase == Phase::Waiting => Change::WentLive,
            Lead::GoLive => return Err(Refusal::AlreadyLive),
            Lead::Close if self.is_live() => Change::Closed,
            Lead::Close => return Err(Refusal::NotLive),
            Lead::Hide { message } => {
                let known = self.messages.get(message).ok_or(Refusal::NoSuchThing)?;
                return Ok((!known.hidden).then_some(Change::Hidden { message: *message }));
            }
            Lead::HideQuestion { question } => {
                self.question(*question)?;
                Change::QuestionHidden { question: *question }
            }
            Lead::MarkAnswered { question, on } => {
                let known = self.question(*question)?;
                return Ok((known.answered != *on).then_some(Change::QuestionAnswered { question: *question, on: *on }));
            }
            Lead::GiveFloor { person } => return self.give_floor(*person, around),
            Lead::TakeFloor { person } => {
                return Ok(self.has_floor(*person).then_some(Change::FloorTaken { person: *person }));
            }
            Lead::Mute { person, kind, on } => {
                let changes = self.muted.contains(&(*person, *kind)) != *on;
                return Ok(changes.then_some(Change::Muted { person: *person, kind: *kind, on: *on }));
            }
            Lead::Remove { person } => {
                let beside = || self.beside.get(person).map(|beside| (beside.name.clone(), false));
                let (name, trainer) = (around.present)(*person).or_else(beside).ok_or(Refusal::NotHere)?;
                if trainer {
                    return Err(Refusal::Trainer);
                }
                Change::Removed { person: *person, name }
            }
            Lead::LetBack { person } => {
                return Ok(self.removed.contains_key(person).then_some(Change::LetBack { person: *person }));
            }
            Lead::Lock { on } => return Ok((self.locked != *on).then_some(Change::Locked { on: *on })),
            Lead::LaunchPoll { ballot } => {
                room_for_one_more(self.polls.len())?;
                Change::PollLaunched { ballot: checked(ballot)? }
            }
            Lead::ClosePoll { poll } => {
                let known = self.polls.get(poll).ok_or(Refusal::NoSuchThing)?;
                return Ok(known.open.then_some(Change::PollClosed { poll: *poll }));
            }
            Lead::ShowPoll { poll } => {
                let known = self.polls.get(poll).ok_or(Refusal::NoSuchThing)?;
                Change::PollShown { poll: *poll, tally: known.tally() }
            }
            Lead::LaunchQuiz { title, questions } => self.launch_quiz(title, questions, around)?,
            Lead::CloseQuiz { quiz } => {
                let known = self.quizzes.get(quiz).ok_or(Refusal::NoSuchThing)?;
                return Ok(known.open.then_some(Change::QuizClosed { quiz: *quiz }));
            }
            Lead::CheckPresence { seconds } => {
                let (least, most) = limits::CHECK;
                if !(least..=most).contains(seconds) {
                    return Err(Refusal::Duration);
                }
                room_for_one_more(self.checks.len())?;
                Change::CheckLaunched { until: around.now + SignedDuration::from_secs(i64::from(*seconds)) }
            }
            Lead::HandOut { title, url } => {
                room_for_one_more(self.handouts.len())?;
                let url = written(url, limits::URL)?;
                if !is_link(&url) {
                    return Err(Refusal::NotALink);
                }
                Change::HandedOut { title: written(title, limits::TITLE)?, url }
            }
            Lead::Record { on } => match (&self.recording, *on) {
                (Some(RecordingState::On), true) | (Some(RecordingState::Paused), false) => return Ok(None),
                (Some(RecordingState::On | RecordingState::Paused), on) => Change::Recording { on },
                (None | Some(RecordingState::Failed { .. }), _) => return Err(Refusal::NotRecorded),
            },
            Lead::Mark { title } => {
                if !matches!(self.recording, Some(RecordingState::On | RecordingState::Paused)) {
                    return Err(Refusal::NotRecorded);
                }
                room_for_one_more(self.marks.len())?;
                Change::Marked { title: written(title, limits::TITLE)? }
            }
            Lead::Caption { text } => Change::Captioned { text: written(text, limits::CAPTION)? },
        }))
    }

    fn question(&self, question: u64) -> Result<&super::things::Question, Refusal> {
        self.questions.get(&question).filter(|question| !question.hidden).ok_or(Refusal::NoSuchThing)
    }

    fn lowered(&self, person: PersonId) -> Option<Change> {
        self.hands.iter().any(|who| who.person == person).then_some(Change::HandLowered { person })
    }

    fn vote(&self, by: &Who, poll: u64, choices: &[u8]) -> Result<Option<Change>, Refusal> {
        let known = self.polls.get(&poll).ok_or(Refusal::NoSuchThing)?;
        if !known.open {
            return Err(Refusal::Over);
        }
        let mut choices = choices.to_vec();
        choices.sort_unstable();
        choices.dedup();
        if choices.iter().any(|choice| usize::from(*choice) >= known.ballot.choices.len()) {
            return Err(Refusal::NoSuchThing);
        }
        if choices.is_empty() || (choices.len() > 1 && !known.ballot.many) {
            return Err(Refusal::OneChoice);
        }
        let same = known.votes.get(&by.person) == Some(&choices);
        Ok((!same).then_some(Change::Voted { poll, choices }))
    }

    fn give_floor(&self, person: PersonId, around: Circumstances) -> Result<Option<Change>, Refusal> {
        let (name, trainer) = (around.present)(person).ok_or(Refusal::NotHere)?;
        if self.removed.contains_key(&person) {
            return Err(Refusal::NotHere);
        }
        if trainer || self.has_floor(person) {
            return Ok(None);
        }
        if self.floor.len() >= limits::FLOOR {
            return Err(Refusal::FloorFull);
        }
        Ok(Some(Change::FloorGiven { person, name }))
    }

    fn launch_quiz(&self, title: &str, wrote: &[Written], around: Circumstances) -> Result<Change, Refusal> {
        room_for_one_more(self.quizzes.len())?;
        let (title, questions) = if wrote.is_empty() {
            let (title, questions) =
                around.prepared.filter(|(_, all)| !all.is_empty()).ok_or(Refusal::NothingPrepared)?;
            (title.to_owned(), questions.to_vec())
        } else {
            (written(title, limits::TITLE)?, exam::questions(&well_written(wrote)?))
        };
        // The order of choices is the same for all: the trainer reads them out.
        let prompts = questions.iter().map(|question| prompt(question, self.seq)).collect();
        Ok(Change::QuizLaunched { title, prompts, questions })
    }
}

fn room_for_one_more(things: usize) -> Result<(), Refusal> {
    if things < limits::THINGS { Ok(()) } else { Err(Refusal::TooMany) }
}
