use super::*;
use crate::quiz::support::*;
use proptest::prelude::*;

fn earned(question: &Question, answer: &Answer) -> u32 {
    grade(question, Some(answer)).earned
}

proptest! {
    #[test]
    fn a_mark_is_never_above_what_the_question_is_worth((question, answer) in question_and_answer()) {
        let mark = grade(&question, Some(&answer));
        prop_assert_eq!(mark.max, question.points * 100);
        prop_assert!(mark.earned <= mark.max);
    }

    #[test]
    fn the_right_answer_earns_everything_and_none_nothing(question in any_question()) {
        let mark = grade(&question, Some(&right_answer(&question.kind)));
        prop_assert_eq!(mark.earned, mark.max);
        prop_assert_eq!(grade(&question, None), Mark { earned: 0, max: mark.max });
    }

    #[test]
    fn a_score_passes_exactly_when_its_exact_percentage_does(earned in 0..=5_000u32, max in 1..=5_000u32, pass in 1..=100u8) {
        let score = Score { earned: earned.min(max), max };
        prop_assert_eq!(score.passes(pass), score.percent() >= pass);
    }
}

#[test]
fn an_answer_to_another_type_of_question_earns_nothing() {
    let questions = one_of_each();
    for (place, question) in questions.iter().enumerate() {
        for (other, answered) in questions.iter().enumerate() {
            let all = grade(question, Some(&right_answer(&answered.kind))).earned;
            assert_eq!(all, if place == other { 400 } else { 0 });
        }
    }
}

#[test]
fn a_wrong_tick_takes_away_as_much_as_a_right_one_gives() {
    let ticked = |keys: &[&str]| earned(&multiple(), &Answer::Choices(strings(keys).into_iter().collect()));
    assert_eq!(ticked(&["a", "c"]), 400);
    assert_eq!(ticked(&["a"]), 200);
    assert_eq!(ticked(&["a", "b", "c"]), 200);
    assert_eq!(ticked(&["a", "b"]), 0);
    assert_eq!(ticked(&["b", "d"]), 0, "never below zero");
    assert_eq!(ticked(&["a", "b", "c", "d"]), 0, "ticking everything earns nothing");
    assert_eq!(ticked(&[]), 0);
}

#[test]
fn a_matching_earns_the_share_of_its_right_pairs() {
    let matches = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter().map(|(left, right)| ((*left).to_owned(), (*right).to_owned()));
        earned(&matching(), &Answer::Matches(pairs.collect()))
    };
    assert_eq!(matches(&[("1", "b"), ("2", "c"), ("3", "a")]), 400);
    assert_eq!(matches(&[("1", "b"), ("2", "c"), ("3", "d")]), 266, "rounded down to the hundredth");
    assert_eq!(matches(&[("1", "b")]), 133);
}

#[test]
fn an_order_earns_the_share_of_items_in_their_place() {
    let order = |keys: &[&str]| earned(&ordering(), &Answer::Order(strings(keys)));
    assert_eq!(order(&["c", "b", "a", "d"]), 400);
    assert_eq!(order(&["b", "c", "a", "d"]), 200);
    assert_eq!(order(&["b", "a", "d", "c"]), 0);
    assert_eq!(order(&["c", "b"]), 200, "an order cut short is graded on what it says");
}

#[test]
fn items_of_the_same_words_stand_for_one_another() {
    let question = question(Kind::Ordering { items: strings(&["saluer", "écouter", "saluer"]) });
    for keys in [["b", "a", "c"], ["c", "a", "b"]] {
        assert_eq!(earned(&question, &Answer::Order(strings(&keys))), 400);
    }
}

#[test]
fn a_gap_takes_any_accepted_wording() {
    let gaps = |one: &str, two: &str| {
        earned(&gap(), &Answer::Gaps([("1".to_owned(), one.to_owned()), ("2".to_owned(), two.to_owned())].into()))
    };
    assert_eq!(gaps("Son mot  de passe.", "l'accompagne"), 400);
    assert_eq!(gaps("le code", "l’accompagne"), 200);
}

#[test]
fn short_texts_are_compared_without_case_accents_or_punctuation() {
    let text = |text: &str| earned(&short_text(), &Answer::Text(text.to_owned()));
    assert_eq!(text("l'oeil-de-boeuf"), 400);
    assert_eq!(text("  LUCARNE !"), 400);
    assert_eq!(text("l’œil"), 0);
    assert_eq!(text("…"), 0);
}

#[test]
fn numbers_are_read_as_they_are_typed_in_france() {
    let number = |typed: &str| number(typed, Some("km/h"));
    for typed in ["1234,5", "1 234,5", "1\u{202f}234,5", "1\u{a0}234.50", " 1234,5 km/h", "1234,5 Km/H.", "+1234,5"] {
        assert_eq!(number(typed), Some(1234.5), "{typed}");
    }
    assert_eq!(number("−3"), Some(-3.0));
    assert_eq!(number(",5"), Some(0.5));
    for typed in ["", " ", "douze", "12 h", "1,234,5", "1e3", "NaN", "inf", "km/h", "--1", "1-2"] {
        assert_eq!(number(typed), None, "{typed}");
    }
}

#[test]
fn a_unit_that_is_a_sign_is_told_from_another() {
    assert_eq!(number("12 €", Some("€")), Some(12.0));
    assert_eq!(number("12 $", Some("€")), None);
    assert_eq!(number("12 %", Some("%")), Some(12.0));
    assert_eq!(number("12 %", None), None);
}

#[test]
fn the_edges_of_a_tolerance_are_inside_it() {
    assert!(fits_number("0,3", 0.2, 0.1, None));
    assert!(fits_number("0,1", 0.2, 0.1, None));
    assert!(!fits_number("0,301", 0.2, 0.1, None));
    assert!(fits_number("0,3", 0.1 + 0.2, 0.0, None));
    assert!(fits_number("1200,5", 1200.0, 0.5, Some("€")));
    assert!(!fits_number("1200,51", 1200.0, 0.5, Some("€")));
}

#[test]
fn a_score_is_the_sum_of_the_marks() {
    assert_eq!(
        score([Mark { earned: 133, max: 400 }, Mark { earned: 100, max: 100 }]),
        Score { earned: 233, max: 500 }
    );
}

#[test]
fn passing_is_exact_where_percents_round_down() {
    let score = |earned, max| Score { earned, max };
    assert_eq!(score(799, 1000).percent(), 79);
    assert!(!score(799, 1000).passes(80));
    assert!(score(800, 1000).passes(80));
    assert!(score(2, 3).passes(66));
    assert!(!score(2, 3).passes(67));
    assert!(!score(0, 0).passes(1), "where there is nothing to earn nothing passes");
    assert_eq!(score(0, 0).percent(), 0);
}

#[test]
fn scores_out_of_different_totals_are_compared_by_their_share() {
    let score = |earned, max| Score { earned, max };
    assert!(score(9, 10).beats(score(80, 100)));
    assert!(!score(8, 10).beats(score(80, 100)));
    assert!(score(0, 10).beats(score(0, 0)));
}
