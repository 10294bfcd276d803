//! The room, act by act.

mod laws;

use super::super::act::{Ballot, WrittenChoice};
use super::super::signal::MediaKind;
use super::*;
use crate::quiz::Answer;
use std::collections::BTreeSet;

const TRAINER: i64 = 1;

fn who(person: i64) -> Who {
    Who { person: PersonId(person), name: format!("Personne {person}"), trainer: person == TRAINER }
}

fn at(second: u64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + i64::try_from(second).unwrap()).unwrap()
}

/// A room with its log, as the server keeps it.
#[derive(Default)]
struct Server {
    room: Room,
    log: Vec<Entry>,
    acts: u64,
}

impl Server {
    fn live() -> Self {
        let mut server = Self::default();
        server.does(TRAINER, Act::Lead(Lead::GoLive)).unwrap();
        server
    }

    #[expect(clippy::needless_pass_by_value, reason = "scenes read better")]
    fn does(&mut self, person: i64, act: Act) -> Result<Option<Entry>, Refusal> {
        self.acts += 1;
        self.does_as(ActId(uuid::Uuid::from_u64_pair(7, self.acts)), person, &act)
    }

    fn does_as(&mut self, id: ActId, person: i64, act: &Act) -> Result<Option<Entry>, Refusal> {
        let present = |person: PersonId| {
            let who = who(person.0);
            (person.0 < 100).then_some((who.name, who.trainer))
        };
        let circumstances = Circumstances { now: at(self.acts), prepared: None, present: &present };
        let entry = self.room.decide(&who(person), id, act, circumstances)?;
        if let Some(entry) = &entry {
            self.room.apply(entry);
            self.log.push(entry.clone());
        }
        Ok(entry)
    }

    /// Does it, and gives the place in the log of what it made.
    fn makes(&mut self, person: i64, act: Act) -> u64 {
        self.does(person, act).unwrap().unwrap().seq
    }
}

fn say(text: &str) -> Act {
    Act::Say { text: text.to_owned() }
}

fn ballot(many: bool) -> Ballot {
    Ballot { stem: "Et chez vous ?".to_owned(), choices: vec!["Oui".to_owned(), "Non".to_owned()], many }
}

fn quiz() -> Act {
    let choice = |text: &str, right| WrittenChoice { text: text.to_owned(), right };
    let written = |stem: &str| Written {
        stem: stem.to_owned(),
        choices: vec![choice("<b>vrai</b>", true), choice("faux", false)],
    };
    Act::Lead(Lead::LaunchQuiz { title: "Quiz".to_owned(), questions: vec![written("Un ?"), written("Deux ?")] })
}

/// The key under which the right choice of these questions is shown.
fn right(server: &Server, quiz: u64) -> String {
    let question = &server.room.quizzes[&quiz].questions[0];
    ["a", "b"]
        .into_iter()
        .find(|key| grade(question, Some(&Answer::Choice((*key).to_owned()))).earned > 0)
        .unwrap()
        .to_owned()
}

#[test]
fn what_is_said_is_trimmed_bounded_and_nobody_s_markup() {
    let mut server = Server::live();
    let said = server.makes(2, say("  Bonjour\u{7} à tous\n"));
    assert_eq!(server.room.messages[&said].text, "Bonjour à tous");
    assert_eq!(server.does(2, say(" \n\t")), Err(Refusal::Empty));
    assert_eq!(server.does(2, say(&"é".repeat(1001))), Err(Refusal::TooLong(1000)));
    assert!(server.does(2, say(&"é".repeat(1000))).is_ok());
}

#[test]
fn an_act_said_twice_is_done_once() {
    let mut server = Server::live();
    let id = ActId(uuid::Uuid::from_u128(42));
    assert!(server.does_as(id, 2, &say("Bonjour")).unwrap().is_some());
    assert!(server.does_as(id, 2, &say("Bonjour")).unwrap().is_none());
    assert_eq!(server.room.messages.len(), 1);
    assert!(Room::of(&server.log).knows(id), "after a restart too");
}

#[test]
fn agents_do_nothing_of_what_trainers_do() {
    let mut server = Server::live();
    for act in [
        Act::Lead(Lead::Close),
        Act::Lead(Lead::Lock { on: true }),
        Act::Lead(Lead::GiveFloor { person: PersonId(2) }),
        Act::Lead(Lead::Remove { person: PersonId(3) }),
        Act::Lead(Lead::LaunchPoll { ballot: ballot(false) }),
        Act::Lead(Lead::Mute { person: PersonId(3), kind: MediaKind::Microphone, on: true }),
        Act::Lead(Lead::Caption { text: "Bonjour".to_owned() }),
        quiz(),
    ] {
        assert_eq!(server.does(2, act), Err(Refusal::TrainersOnly));
    }
}

#[test]
fn hands_are_raised_in_order_and_the_floor_lowers_them() {
    let mut server = Server::live();
    for person in [4, 2, 3, 2] {
        server.does(person, Act::RaiseHand).unwrap();
    }
    let hands = |server: &Server| server.room.hands.iter().map(|who| who.person.0).collect::<Vec<_>>();
    assert_eq!(hands(&server), [4, 2, 3]);
    server.does(TRAINER, Act::Lead(Lead::GiveFloor { person: PersonId(2) })).unwrap();
    assert_eq!(hands(&server), [4, 3]);
    assert!(server.room.has_floor(PersonId(2)));
    assert_eq!(server.does(2, Act::RaiseHand), Ok(None), "whoever has the floor needs no hand");
    server.does(2, Act::LeaveFloor).unwrap();
    assert!(!server.room.has_floor(PersonId(2)));
}

#[test]
fn six_people_have_the_floor_and_no_more() {
    let mut server = Server::live();
    for person in 2..8 {
        server.does(TRAINER, Act::Lead(Lead::GiveFloor { person: PersonId(person) })).unwrap();
    }
    assert_eq!(server.does(TRAINER, Act::Lead(Lead::GiveFloor { person: PersonId(8) })), Err(Refusal::FloorFull));
    assert_eq!(server.does(TRAINER, Act::Lead(Lead::GiveFloor { person: PersonId(200) })), Err(Refusal::NotHere));
    server.does(TRAINER, Act::Lead(Lead::TakeFloor { person: PersonId(3) })).unwrap();
    assert!(server.does(TRAINER, Act::Lead(Lead::GiveFloor { person: PersonId(8) })).is_ok());
}

#[test]
fn whoever_is_removed_loses_floor_and_hand_and_a_trainer_is_not_removed() {
    let mut server = Server::live();
    server.does(TRAINER, Act::Lead(Lead::GiveFloor { person: PersonId(2) })).unwrap();
    server.does(TRAINER, Act::Lead(Lead::Remove { person: PersonId(2) })).unwrap();
    assert!(!server.room.has_floor(PersonId(2)));
    assert_eq!(server.room.removed[&PersonId(2)], "Personne 2");
    assert_eq!(server.does(TRAINER, Act::Lead(Lead::Remove { person: PersonId(TRAINER) })), Err(Refusal::Trainer));
    server.does(TRAINER, Act::Lead(Lead::LetBack { person: PersonId(2) })).unwrap();
    assert!(server.room.removed.is_empty());
}

#[test]
fn a_vote_can_be_changed_until_the_poll_is_closed() {
    let mut server = Server::live();
    let poll = server.makes(TRAINER, Act::Lead(Lead::LaunchPoll { ballot: ballot(false) }));
    let vote = |choices: &[u8]| Act::Vote { poll, choices: choices.to_vec() };
    server.does(2, vote(&[0])).unwrap();
    server.does(2, vote(&[1])).unwrap();
    server.does(3, vote(&[1, 1])).unwrap();
    assert_eq!(server.room.polls[&poll].tally(), super::super::Tally { voters: 2, counts: vec![0, 2] });
    assert_eq!(server.does(2, vote(&[0, 1])), Err(Refusal::OneChoice));
    assert_eq!(server.does(2, vote(&[])), Err(Refusal::OneChoice));
    assert_eq!(server.does(2, vote(&[2])), Err(Refusal::NoSuchThing));
    server.does(TRAINER, Act::Lead(Lead::ClosePoll { poll })).unwrap();
    assert_eq!(server.does(4, vote(&[0])), Err(Refusal::Over));
}

#[test]
fn a_quiz_written_on_the_spot_is_graded_and_answered_once() {
    let mut server = Server::live();
    let quiz = server.makes(TRAINER, quiz());
    let question = server.room.quizzes[&quiz].questions[0].clone();
    assert_eq!(server.room.quizzes[&quiz].prompts[0].stem, "<p>Un ?</p>");
    let key = right(&server, quiz);
    let answer =
        |key: &str| Act::Answer { quiz, question: question.slug.clone(), answer: Answer::Choice(key.to_owned()) };
    assert!(matches!(server.does(2, answer("z")), Err(Refusal::Malformed(_))));
    server.does(2, answer(&key)).unwrap();
    assert_eq!(server.does(2, answer(&key)), Err(Refusal::AlreadyAnswered));
    let answered = server.room.quizzes[&quiz].answered(PersonId(2)).unwrap();
    assert_eq!((answered.questions, answered.score.earned, answered.score.max), (1, 100, 200));
    server.does(TRAINER, Act::Lead(Lead::CloseQuiz { quiz })).unwrap();
    assert_eq!(server.does(3, answer(&key)), Err(Refusal::Over));
}

#[test]
fn ballots_and_questions_badly_written_are_refused_with_what_to_do() {
    let mut server = Server::live();
    let choices = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect();
    for bad in [choices(&["Oui"]), choices(&["Oui", " Oui "]), vec!["x".to_owned(); 9]] {
        let ballot = Ballot { choices: bad, ..ballot(false) };
        assert_eq!(server.does(TRAINER, Act::Lead(Lead::LaunchPoll { ballot })), Err(Refusal::Choices));
    }
    let all = |right: [bool; 2]| {
        let choices = ["un", "deux"].into_iter().zip(right);
        let choices = choices.map(|(text, right)| WrittenChoice { text: text.to_owned(), right }).collect();
        Act::Lead(Lead::LaunchQuiz {
            title: "Q".to_owned(),
            questions: vec![Written { stem: "?".to_owned(), choices }],
        })
    };
    assert_eq!(server.does(TRAINER, all([true, true])), Err(Refusal::RightChoices));
    assert_eq!(server.does(TRAINER, all([false, false])), Err(Refusal::RightChoices));
    let none = Act::Lead(Lead::LaunchQuiz { title: String::new(), questions: Vec::new() });
    assert_eq!(server.does(TRAINER, none), Err(Refusal::NothingPrepared));
}

#[test]
fn only_https_addresses_and_our_own_pages_are_handed_out() {
    let mut server = Server::live();
    let hand = |url: &str| Act::Lead(Lead::HandOut { title: "Fiche".to_owned(), url: url.to_owned() });
    for bad in [
        "http://exemple.fr",
        "javascript:alert(1)",
        "https://",
        "https://local",
        "https://a@b.fr",
        "https://exemple.fr/\"onclick",
        "https://exemple.fr/a b",
        "//exemple.fr",
        "/\\exemple.fr",
    ] {
        assert_eq!(server.does(TRAINER, hand(bad)), Err(Refusal::NotALink), "{bad}");
    }
    assert!(server.does(TRAINER, hand("https://exemple.fr/fiche.pdf?x=1#p")).is_ok());
}

#[test]
fn a_presence_check_is_answered_in_time_or_not_at_all() {
    let mut server = Server::live();
    assert_eq!(server.does(TRAINER, Act::Lead(Lead::CheckPresence { seconds: 5 })), Err(Refusal::Duration));
    let check = server.makes(TRAINER, Act::Lead(Lead::CheckPresence { seconds: 10 }));
    server.does(2, Act::Confirm { check }).unwrap();
    server.acts += 20;
    assert_eq!(server.does(3, Act::Confirm { check }), Err(Refusal::Over));
    assert_eq!(server.room.checks[&check].confirmed, BTreeSet::from([PersonId(2)]));
}

#[test]
fn once_closed_nothing_changes_any_more() {
    let mut server = Server::live();
    let poll = server.makes(TRAINER, Act::Lead(Lead::LaunchPoll { ballot: ballot(false) }));
    server.does(TRAINER, Act::Lead(Lead::Close)).unwrap();
    assert!(server.room.is_closed() && !server.room.polls[&poll].open);
    assert_eq!(server.does(2, say("Encore")), Err(Refusal::Closed));
    assert_eq!(server.does(TRAINER, Act::Lead(Lead::GoLive)), Err(Refusal::Closed));
}

#[test]
fn who_sits_beside_somebody_does_so_until_either_is_gone() {
    let mut server = Server::live();
    let sits = |seq, companion: i64, host: i64| {
        let change = Change::SatBeside { person: PersonId(host) };
        Entry { seq, at: at(seq), by: who(companion), act: None, change }
    };
    let named = |room: &Room, host: i64| {
        room.companions(PersonId(host)).map(|(person, name)| (person.0, name.to_owned())).collect::<Vec<_>>()
    };
    for (seq, companion) in [(2, 3), (3, 4)] {
        server.room.apply(&sits(seq, companion, 2));
    }
    assert_eq!(named(&server.room, 2), [(3, "Personne 3".to_owned()), (4, "Personne 4".to_owned())]);
    let gone = |person: i64| Act::PartWith { person: PersonId(person) };
    assert_eq!(server.does(5, gone(3)).unwrap(), None, "somebody else's companion");
    assert_eq!(server.does(2, gone(9)).unwrap(), None, "nobody's");
    server.makes(2, gone(3));
    assert_eq!(server.does(2, gone(3)).unwrap(), None, "said twice, done once");
    server.makes(TRAINER, Act::Lead(Lead::Remove { person: PersonId(4) }));
    assert_eq!(named(&server.room, 2), []);
}

#[test]
fn trainers_suspend_and_mark_a_recording_that_runs_and_no_other() {
    let mut server = Server::live();
    let record = |on| Act::Lead(Lead::Record { on });
    let mark = || Act::Lead(Lead::Mark { title: "  Le mandat ".to_owned() });
    assert_eq!(server.does(TRAINER, record(false)), Err(Refusal::NotRecorded));
    assert_eq!(server.does(TRAINER, mark()), Err(Refusal::NotRecorded));
    // The server says that it records.
    let says = |server: &mut Server, change| {
        let entry = Entry { seq: server.room.seq + 1, at: at(9), by: who(TRAINER), act: None, change };
        server.room.apply(&entry);
        server.log.push(entry);
    };
    says(&mut server, Change::Recording { on: true });
    assert_eq!(server.does(2, record(false)), Err(Refusal::TrainersOnly));
    assert_eq!(server.does(TRAINER, record(true)), Ok(None), "it runs already");
    server.does(TRAINER, record(false)).unwrap();
    assert_eq!(server.room.recording, Some(RecordingState::Paused));
    let seq = server.makes(TRAINER, mark());
    assert_eq!(server.room.marks[&seq].title, "Le mandat");
    assert_eq!(server.does(TRAINER, Act::Lead(Lead::Mark { title: " ".to_owned() })), Err(Refusal::Empty));
    says(&mut server, Change::RecordingFailed { why: "Le disque est plein.".to_owned() });
    assert_eq!(server.does(TRAINER, record(true)), Err(Refusal::NotRecorded));
    let seen = |trainer| server.room.seen_by(PersonId(if trainer { TRAINER } else { 2 }), trainer).recording;
    let failed = |why: &str| Some(RecordingState::Failed { why: why.to_owned() });
    assert_eq!((seen(true), seen(false)), (failed("Le disque est plein."), failed("")));
    let told = server.log.last().unwrap().told_to(PersonId(2), false).unwrap();
    assert_eq!(told.change, Change::RecordingFailed { why: String::new() }, "why is told to trainers only");
    assert_eq!(Room::of(&server.log), server.room);
}
