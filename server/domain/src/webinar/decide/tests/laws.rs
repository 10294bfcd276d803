//! The room against its own laws, with random acts.

use super::*;
use proptest::prelude::*;

/// Any act, about things that may or may not exist.
fn acts() -> impl Strategy<Value = Act> {
    let thing = || 1..40_u64;
    let person = || (1..9_i64).prop_map(PersonId);
    prop_oneof![
        "[a-z <]{0,12}".prop_map(|text| Act::Say { text }),
        "[a-z ]{0,12}".prop_map(|text| Act::Ask { text }),
        (thing(), any::<bool>()).prop_map(|(question, on)| Act::Support { question, on }),
        Just(Act::RaiseHand),
        Just(Act::LowerHand),
        Just(Act::LeaveFloor),
        person().prop_map(|person| Act::PartWith { person }),
        (thing(), prop::collection::vec(0..3_u8, 0..3)).prop_map(|(poll, choices)| Act::Vote { poll, choices }),
        (thing(), prop_oneof!["direct-1", "direct-2"], prop_oneof!["a", "b"]).prop_map(|(quiz, question, key)| {
            Act::Answer { quiz, question: question.parse().unwrap(), answer: Answer::Choice(key) }
        }),
        thing().prop_map(|check| Act::Confirm { check }),
        Just(Act::Lead(Lead::GoLive)),
        thing().prop_map(|message| Act::Lead(Lead::Hide { message })),
        thing().prop_map(|question| Act::Lead(Lead::HideQuestion { question })),
        (thing(), any::<bool>()).prop_map(|(question, on)| Act::Lead(Lead::MarkAnswered { question, on })),
        person().prop_map(|person| Act::Lead(Lead::GiveFloor { person })),
        person().prop_map(|person| Act::Lead(Lead::TakeFloor { person })),
        person().prop_map(|person| Act::Lead(Lead::LowerHandOf { person })),
        (person(), any::<bool>()).prop_map(|(person, on)| Act::Lead(Lead::Mute {
            person,
            kind: MediaKind::Camera,
            on
        })),
        person().prop_map(|person| Act::Lead(Lead::Remove { person })),
        person().prop_map(|person| Act::Lead(Lead::LetBack { person })),
        any::<bool>().prop_map(|on| Act::Lead(Lead::Lock { on })),
        any::<bool>().prop_map(|many| Act::Lead(Lead::LaunchPoll { ballot: ballot(many) })),
        thing().prop_map(|poll| Act::Lead(Lead::ClosePoll { poll })),
        thing().prop_map(|poll| Act::Lead(Lead::ShowPoll { poll })),
        Just(quiz()),
        thing().prop_map(|quiz| Act::Lead(Lead::CloseQuiz { quiz })),
        Just(Act::Lead(Lead::CheckPresence { seconds: 10 })),
        Just(Act::Lead(Lead::HandOut { title: "Fiche".to_owned(), url: "https://exemple.fr".to_owned() })),
        "[a-z]{1,5}".prop_map(|text| Act::Lead(Lead::Caption { text })),
        any::<bool>().prop_map(|on| Act::Lead(Lead::Record { on })),
        "[a-z]{1,5}".prop_map(|title| Act::Lead(Lead::Mark { title })),
        Just(Act::Lead(Lead::Close)),
    ]
}

/// What a person sees of a room, but for what only the server's log and counting can know.
fn seen(room: &Room, person: i64) -> Room {
    room.seen_by(PersonId(person), person == TRAINER)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever is done, and whenever somebody arrives, what they are told adds up to what they would be shown.
    #[test]
    fn what_is_told_adds_up_to_what_is_shown(
        script in prop::collection::vec((1..9_i64, acts()), 1..80),
        arrives in 0..80_usize,
        viewer in 1..9_i64,
    ) {
        let mut server = Server::default();
        let mut browser = (arrives == 0).then(|| seen(&server.room, viewer));
        for (place, (person, act)) in script.into_iter().enumerate() {
            let entry = server.does(person, act).ok().flatten();
            match (&mut browser, entry) {
                (Some(browser), Some(entry)) => {
                    if let Some(told) = entry.told_to(PersonId(viewer), viewer == TRAINER) {
                        let json = serde_json::to_string(&told).unwrap();
                        prop_assert!(!json.contains("\"right\""), "a right answer leaks: {json}");
                        browser.apply(&serde_json::from_str(&json).unwrap());
                    }
                    browser.seq = entry.seq;
                }
                (None, _) if place + 1 == arrives => browser = Some(seen(&server.room, viewer)),
                _ => {}
            }
            prop_assert_eq!(&Room::of(&server.log), &server.room, "the log is the room");
            prop_assert!(server.room.floor.len() <= limits::FLOOR);
            let hands: BTreeSet<_> = server.room.hands.iter().map(|who| who.person).collect();
            prop_assert_eq!(hands.len(), server.room.hands.len(), "one hand each");
            prop_assert!(hands.iter().all(|person| !server.room.has_floor(*person)));
            prop_assert!(server.room.removed.keys().all(|person| !server.room.has_floor(*person)));
        }
        if let Some(browser) = browser {
            // What is hidden goes from a page at once, and never comes to a later one.
            prop_assert_eq!(seen(&browser, viewer), seen(&server.room, viewer));
        }
        let json = serde_json::to_string(&seen(&server.room, viewer)).unwrap();
        prop_assert!(!json.contains("\"right\""));
        prop_assert_eq!(serde_json::from_str::<Room>(&json).unwrap(), seen(&server.room, viewer));
    }
}
