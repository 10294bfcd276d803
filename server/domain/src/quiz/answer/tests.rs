use super::*;
use crate::quiz::support::*;
use proptest::prelude::*;
use uuid::Uuid;

fn saying(question: u8, id: u128, revision: u32) -> Saying {
    Saying {
        question: format!("q{question}").parse().unwrap(),
        id: AnswerId(Uuid::from_u128(id)),
        revision,
        answer: Answer::Text(id.to_string()),
    }
}

#[test]
fn the_greater_revision_counts_whatever_its_id() {
    let (first, second) = (saying(0, 9, 1), saying(0, 1, 2));
    assert_eq!(latest(&first, &second), &second);
    assert_eq!(latest(&second, &first), &second);
}

#[test]
fn of_two_browsers_that_said_the_same_revision_the_greater_id_counts() {
    let (one, other) = (saying(0, 1, 3), saying(0, 2, 3));
    assert_eq!(latest(&one, &other), &other);
    assert_eq!(latest(&other, &one), &other);
}

prop_compose! {
    fn sayings()(drawn in proptest::collection::vec((0..3u8, 0..6u32), 1..20)) -> Vec<Saying> {
        (1..).zip(drawn).map(|(id, (question, revision))| saying(question, id, revision)).collect()
    }
}

proptest! {
    #[test]
    fn latest_does_not_mind_sides_grouping_or_repetition(a in 0..4u32, b in 0..4u32, c in 0..4u32) {
        let (a, b, c) = (saying(0, 1, a), saying(0, 2, b), saying(0, 3, c));
        prop_assert_eq!(latest(&a, &b), latest(&b, &a));
        prop_assert_eq!(latest(latest(&a, &b), &c), latest(&a, latest(&b, &c)));
        prop_assert_eq!(latest(&a, &a), &a);
    }

    #[test]
    fn sayings_in_any_order_and_repeated_leave_the_same_ones(
        (sent, arrived) in sayings().prop_flat_map(|sent| {
            let twice = [sent.clone(), sent.clone()].concat();
            (Just(sent), Just(twice).prop_shuffle())
        })
    ) {
        prop_assert_eq!(survivors(&arrived), survivors(&sent));
    }

    #[test]
    fn sayings_dropped_then_resent_leave_the_same_ones(
        (sent, lost) in sayings().prop_flat_map(|sent| {
            let count = sent.len();
            (Just(sent), proptest::collection::vec(any::<bool>(), count))
        })
    ) {
        let (late, early): (Vec<_>, Vec<_>) = sent.iter().zip(lost).partition(|(_, lost)| *lost);
        let arrived = early.iter().chain(&late).map(|(saying, _)| *saying);
        prop_assert_eq!(survivors(arrived), survivors(&sent));
    }

    #[test]
    fn any_answer_in_the_keys_of_its_prompt_is_well_formed((question, answer) in question_and_answer()) {
        prop_assert_eq!(answer.check(&question), Ok(()));
    }

    #[test]
    fn an_answer_reads_back_from_its_json((_, answer) in question_and_answer()) {
        let text = serde_json::to_string(&answer).unwrap();
        prop_assert_eq!(serde_json::from_str::<Answer>(&text).unwrap(), answer);
    }
}

#[test]
fn an_answer_fits_one_type_of_question_only() {
    let questions = one_of_each();
    for (place, question) in questions.iter().enumerate() {
        for (other, answered) in questions.iter().enumerate() {
            let fits = right_answer(&answered.kind).check(question) != Err(MalformedAnswer::WrongType);
            assert_eq!(fits, place == other, "{:?} to {:?}", answered.kind, question.kind);
        }
    }
}

#[test]
fn keys_that_were_not_offered_are_refused() {
    let unknown = |key: &str| Err(MalformedAnswer::UnknownKey(key.to_owned()));
    let map = |key: &str, text: &str| [(key.to_owned(), text.to_owned())].into();
    assert_eq!(Answer::Choice("z".to_owned()).check(&single()), unknown("z"));
    assert_eq!(Answer::Choices(["a".to_owned(), "e".to_owned()].into()).check(&multiple()), unknown("e"));
    assert_eq!(Answer::Matches(map("4", "a")).check(&matching()), unknown("4"));
    assert_eq!(Answer::Matches(map("1", "e")).check(&matching()), unknown("e"));
    assert_eq!(Answer::Gaps(map("3", "mot")).check(&gap()), unknown("3"));
    assert_eq!(Answer::Gaps(map("2", "le gronde")).check(&gap()), unknown("le gronde"));
}

#[test]
fn an_order_says_every_item_once() {
    let places = Err(MalformedAnswer::Places { count: 4 });
    assert_eq!(Answer::Order(strings(&["a", "b", "c"])).check(&ordering()), places);
    assert_eq!(Answer::Order(strings(&["a", "b", "c", "c"])).check(&ordering()), places);
    assert_eq!(Answer::Order(strings(&["a", "b", "c", "d", "d"])).check(&ordering()), places);
    assert_eq!(Answer::Order(strings(&["d", "c", "b", "a"])).check(&ordering()), Ok(()));
}

#[test]
fn what_is_typed_has_a_bound_counted_in_characters() {
    assert_eq!(Answer::Text("é".repeat(500)).check(&short_text()), Ok(()));
    assert_eq!(Answer::Text("é".repeat(501)).check(&short_text()), Err(MalformedAnswer::TooLong { limit: 500 }));
    assert_eq!(Answer::Number("1".repeat(41)).check(&numeric()), Err(MalformedAnswer::TooLong { limit: 40 }));
    let gaps = Answer::Gaps([("1".to_owned(), "é".repeat(501))].into());
    assert_eq!(gaps.check(&gap()), Err(MalformedAnswer::TooLong { limit: 500 }));
}

#[test]
fn a_long_unknown_key_is_cut_in_the_sentence_that_refuses_it() {
    let refused = Answer::Choice("z".repeat(10_000)).check(&single()).unwrap_err();
    assert!(refused.to_string().len() < 100);
}
