use super::*;
use crate::quiz::support::*;
use proptest::prelude::*;

proptest! {
    #[test]
    fn every_line_is_right_exactly_when_the_mark_is_full((question, answer) in question_and_answer()) {
        let review = review(&question, Some(&answer));
        let all_right = review.lines.iter().all(|line| line.right);
        prop_assert_eq!(all_right, review.mark.earned == review.mark.max);
    }

    #[test]
    fn the_right_answer_makes_every_line_right(question in any_question()) {
        let review = review(&question, Some(&right_answer(&question.kind)));
        prop_assert!(review.answered);
        prop_assert!(review.lines.iter().all(|line| line.right));
    }

    #[test]
    fn without_an_answer_nothing_was_given_and_what_was_expected_is_told(question in any_question()) {
        let review = review(&question, None);
        prop_assert!(!review.answered);
        prop_assert_eq!(review.mark.earned, 0);
        prop_assert!(review.lines.iter().all(|line| line.given.is_none() && !line.chosen));
        prop_assert!(review.lines.iter().any(|line| line.is_answer || line.expected.is_some()));
    }
}

#[test]
fn choices_are_reviewed_in_the_author_s_order_with_their_feedback() {
    let lines = review(&multiple(), Some(&Answer::Choices(["a".to_owned(), "b".to_owned()].into()))).lines;
    let told: Vec<_> =
        lines.iter().map(|line| (line.label.as_str(), line.chosen, line.is_answer, line.right)).collect();
    assert_eq!(
        told,
        [
            ("choix 0", true, true, true),
            ("choix 1", true, false, false),
            ("choix 2", false, true, false),
            ("choix 3", false, false, true),
        ]
    );
    assert_eq!(lines[2].feedback, "retour 2");
}

#[test]
fn true_or_false_is_reviewed_as_two_choices() {
    let lines = review(&true_false(), Some(&Answer::Truth(false))).lines;
    assert_eq!((lines[0].label.as_str(), lines[0].is_answer, lines[0].chosen), ("Vrai", true, false));
    assert_eq!((lines[1].label.as_str(), lines[1].right, lines[1].feedback.as_str()), ("Faux", false, "Non."));
}

#[test]
fn a_number_is_expected_in_french_with_its_tolerance_and_unit() {
    let question = question(Kind::Numeric { answer: 12.5, tolerance: 0.25, unit: Some("km".to_owned()) });
    let lines = review(&question, Some(&Answer::Number("13".to_owned()))).lines;
    assert_eq!(lines[0].given.as_deref(), Some("13"));
    assert_eq!(lines[0].expected.as_deref(), Some("12,5\u{a0}±\u{a0}0,25\u{a0}km"));
}

#[test]
fn an_order_is_reviewed_place_by_place() {
    let lines = review(&ordering(), Some(&Answer::Order(strings(&["c", "a", "b", "d"])))).lines;
    assert_eq!(lines[0].label, "1re place");
    assert_eq!(lines[1].label, "2e place");
    assert_eq!((lines[1].given.as_deref(), lines[1].expected.as_deref()), (Some("agir"), Some("écouter")));
    assert_eq!(lines.iter().map(|line| line.right).collect::<Vec<_>>(), [true, false, false, true]);
}

#[test]
fn a_gap_is_introduced_by_the_words_before_it_fit_for_html() {
    let lines = review(&gap(), Some(&Answer::Gaps([("1".to_owned(), " ".to_owned())].into()))).lines;
    assert_eq!(lines[0].label, "On ne garde jamais");
    assert_eq!(lines[0].given, None, "a blank was not given");
    assert_eq!(lines[1].label, "d’un usager &amp; on");
    assert_eq!(lines[1].expected.as_deref(), Some("l’accompagne"));
}
