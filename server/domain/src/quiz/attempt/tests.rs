use super::*;
use crate::quiz::support::*;
use proptest::prelude::*;
use uuid::Uuid;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn score(earned: u32) -> Score {
    Score { earned, max: 1000 }
}

fn open(number: u32) -> Attempt {
    Attempt {
        id: AttemptId(Uuid::from_u128(number.into())),
        number,
        seed: 7,
        questions: Vec::new(),
        started_at: at("2026-11-24T09:00:00Z"),
        deadline: None,
        state: AttemptState::Open,
    }
}

fn handed_in(number: u32) -> Attempt {
    open(number).hand_in(at("2026-11-24T09:30:00Z"), score(500)).unwrap()
}

proptest! {
    #[test]
    fn a_draw_is_of_distinct_questions_as_many_as_the_rules_say(count in 1..12usize, wanted in 1..15u32, seed: u64, shuffle: bool) {
        let mut quiz = quiz(count);
        quiz.rules = Rules { draw: Some(wanted), shuffle, ..rules() };
        let drawn = draw(&quiz, seed);
        prop_assert_eq!(drawn.len(), count.min(wanted as usize));
        prop_assert_eq!(drawn.iter().collect::<std::collections::BTreeSet<_>>().len(), drawn.len());
        prop_assert_eq!(&drawn, &draw(&quiz, seed));
        let place = |slug: &QuestionSlug| quiz.questions.iter().position(|question| question.slug == *slug).unwrap();
        prop_assert!(shuffle || drawn.is_sorted_by_key(place));
    }

    #[test]
    fn a_draw_is_balanced_by_chapter_and_among_skills(per_chapter in 6..14usize, seed: u64) {
        let mut quiz = quiz(10 * per_chapter);
        quiz.rules = Rules { draw: Some(30), shuffle: true, ..rules() };
        for (place, question) in quiz.questions.iter_mut().enumerate() {
            question.chapter = Some(format!("c{}", place / per_chapter).parse().unwrap());
            question.skill = Some(format!("s{}", place % 6).parse().unwrap());
        }
        let drawn = draw(&quiz, seed);
        let of = |slug: &QuestionSlug| quiz.questions.iter().find(|question| question.slug == *slug).unwrap();
        let (mut chapters, mut skills) = (std::collections::BTreeMap::new(), std::collections::BTreeMap::new());
        for question in drawn.iter().map(of) {
            *chapters.entry(&question.chapter).or_insert(0) += 1;
            *skills.entry(&question.skill).or_insert(0) += 1;
        }
        prop_assert!(chapters.len() == 10 && chapters.values().all(|count| *count == 3), "{chapters:?}");
        prop_assert!(skills.values().all(|count| (4..=6).contains(count)), "{skills:?}");
    }

    #[test]
    fn the_best_is_kept_whatever_the_order(
        (scores, mixed) in proptest::collection::vec(0..1000u32, 1..8)
            .prop_flat_map(|scores| (Just(scores.clone()), Just(scores).prop_shuffle()))
    ) {
        let best = scores.iter().max().copied().map(score);
        prop_assert_eq!(standing(&rules(), mixed.into_iter().map(score)), best);
    }
}

#[test]
fn without_a_draw_or_a_shuffle_all_questions_come_as_written() {
    let drawn: Vec<_> = draw(&quiz(4), 99).into_iter().map(String::from).collect();
    assert_eq!(drawn, ["q0", "q1", "q2", "q3"]);
}

#[test]
fn every_question_of_the_bank_is_drawn_by_some_seed() {
    let mut quiz = quiz(10);
    quiz.rules.draw = Some(3);
    let drawn: std::collections::BTreeSet<_> = (0..60).flat_map(|seed| draw(&quiz, seed)).collect();
    assert_eq!(drawn.len(), 10);
}

#[test]
fn an_attempt_is_handed_in_once() {
    let again = handed_in(1).hand_in(at("2026-11-24T09:31:00Z"), score(1000)).unwrap_err();
    assert_eq!(again, AlreadyHandedIn { at: at("2026-11-24T09:30:00Z"), score: score(500) });
    assert_eq!(again.to_string(), "Cet essai a déjà été rendu le 24 novembre 2026 à 10\u{a0}h\u{a0}30.");
    assert_eq!(handed_in(1).score(), Some(score(500)));
}

#[test]
fn a_deadline_is_lengthened_for_those_who_were_granted_more_time() {
    let timed = Rules { time_limit: Some(45), ..rules() };
    let start = at("2026-11-24T09:00:00Z");
    assert_eq!(deadline(&rules(), start, 33), None);
    assert_eq!(deadline(&timed, start, 0), Some(at("2026-11-24T09:45:00Z")));
    assert_eq!(deadline(&timed, start, 33), Some(at("2026-11-24T09:59:51Z")));
}

#[test]
fn the_closing_of_the_quiz_ends_every_attempt() {
    let closing = Rules { closes: Some(at("2026-11-24T09:20:00Z")), ..rules() };
    let start = at("2026-11-24T09:00:00Z");
    assert_eq!(deadline(&closing, start, 0), closing.closes);
    assert_eq!(deadline(&Rules { time_limit: Some(45), ..closing.clone() }, start, 100), closing.closes);
    assert_eq!(deadline(&Rules { time_limit: Some(10), ..closing }, start, 0), Some(at("2026-11-24T09:10:00Z")));
}

#[test]
fn an_endless_time_limit_does_not_overflow() {
    let endless = Rules { time_limit: Some(u32::MAX), ..rules() };
    assert_eq!(deadline(&endless, at("2026-11-24T09:00:00Z"), u32::MAX), Some(Timestamp::MAX));
}

#[test]
fn answers_are_taken_two_minutes_past_the_deadline_and_no_more() {
    let attempt = Attempt { deadline: Some(at("2026-11-24T09:45:00Z")), ..open(1) };
    assert!(attempt.accepts(at("2026-11-24T09:47:00Z")));
    assert!(!attempt.accepts(at("2026-11-24T09:47:00.001Z")));
    assert!(attempt.is_overdue(at("2026-11-24T09:47:00.001Z")));
    assert!(open(1).accepts(at("2036-11-24T09:00:00Z")), "no deadline, no hurry");
    assert!(!handed_in(1).accepts(at("2026-11-24T09:30:00Z")));
}

#[test]
fn attempts_are_numbered_from_one() {
    let now = at("2026-11-24T09:00:00Z");
    assert_eq!(may_start(&rules(), &[], now), Ok(1));
    assert_eq!(may_start(&rules(), &[handed_in(2), handed_in(1)], now), Ok(3));
}

#[test]
fn an_open_attempt_is_resumed_before_anything_else() {
    let closed = Rules { closes: Some(at("2026-01-01T00:00:00Z")), ..rules() };
    let refused = may_start(&closed, &[handed_in(1), open(2)], at("2026-11-24T09:00:00Z"));
    assert_eq!(refused, Err(Refusal::OneIsOpen { id: open(2).id }));
}

#[test]
fn a_quiz_takes_attempts_from_its_opening_until_its_closing() {
    let (opens, closes) = (at("2026-11-24T09:00:00Z"), at("2026-11-25T09:00:00Z"));
    let dated = Rules { opens: Some(opens), closes: Some(closes), ..rules() };
    assert_eq!(may_start(&dated, &[], at("2026-11-24T08:59:59Z")), Err(Refusal::NotYetOpen { at: opens }));
    assert_eq!(may_start(&dated, &[], opens), Ok(1));
    assert_eq!(may_start(&dated, &[], closes), Err(Refusal::Closed { at: closes }));
}

#[test]
fn attempts_run_out_where_they_are_counted() {
    let counted = Rules { attempts: Some(2), ..rules() };
    let now = at("2026-11-24T09:00:00Z");
    assert_eq!(may_start(&counted, &[handed_in(1)], now), Ok(2));
    let refused = may_start(&counted, &[handed_in(1), handed_in(2)], now).unwrap_err();
    assert_eq!(refused, Refusal::NoAttemptLeft { allowed: 2 });
    assert_eq!(refused.to_string(), "Vous avez fait tous vos essais\u{a0}: ce quiz en accorde 2.");
}

#[test]
fn a_day_in_paris_has_its_attempts() {
    let daily = Rules { attempts_per_day: Some(2), ..rules() };
    let same_day = at("2026-11-24T22:59:00Z");
    let refused = may_start(&daily, &[handed_in(1), handed_in(2)], same_day).unwrap_err();
    assert_eq!(refused, Refusal::NoneLeftToday { allowed: 2 });
    assert_eq!(refused.to_string(), "Vous avez fait vos 2 essais du jour\u{a0}: revenez demain.");
    // Midnight in Paris: another day.
    assert_eq!(may_start(&daily, &[handed_in(1), handed_in(2)], at("2026-11-24T23:00:00Z")), Ok(3));
    assert_eq!(may_start(&daily, &[handed_in(1)], same_day), Ok(2));
}

#[test]
fn the_last_score_is_kept_where_the_rules_say_so() {
    let last = Rules { counts: Counts::Last, ..rules() };
    assert_eq!(standing(&last, [score(900), score(300)]), Some(score(300)));
    assert_eq!(standing(&rules(), [score(900), score(300)]), Some(score(900)));
    assert_eq!(standing(&last, []), None);
}
