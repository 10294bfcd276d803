use super::*;
use crate::record::support::*;
use proptest::prelude::*;

/// What Léa's record says of the chapter after these facts.
fn chapter(facts: impl IntoIterator<Item = Fact>) -> ChapterRecord {
    let record = Record::of(&entries(facts));
    record.chapter(&"mediation-numerique".parse().unwrap(), &"caf".parse().unwrap()).unwrap().clone()
}

fn attempt(number: u32, points: u32) -> Fact {
    graded("caf", number, points, Counts::Best)
}

fn score(points: u32) -> Score {
    Score { earned: points * 100, max: 1000 }
}

proptest! {
    #[test]
    fn a_record_stored_halfway_ends_up_the_same(facts in any_facts(), cut: prop::sample::Index) {
        let entries = entries(facts);
        let cut = cut.index(entries.len());
        let stored = serde_json::to_string(&Record::of(&entries[..cut])).unwrap();
        let mut record: Record = serde_json::from_str(&stored).unwrap();
        entries[cut..].iter().for_each(|entry| record.apply(entry));
        prop_assert_eq!(record, Record::of(&entries));
    }

    #[test]
    fn an_entry_told_twice_counts_once(facts in any_facts()) {
        let entries = entries(facts);
        let twice = entries.iter().flat_map(|entry| [entry, entry]);
        prop_assert_eq!(Record::of(twice), Record::of(&entries));
    }

    #[test]
    fn what_is_acquired_is_never_lost(facts in any_facts()) {
        let mut record = Record::default();
        let mut minutes = 0;
        for entry in &entries(facts) {
            let before = record.clone();
            record.apply(entry);
            for (slug, course) in &before.courses {
                for (name, chapter) in course.chapters.iter().filter(|(_, chapter)| chapter.acquired.is_some()) {
                    prop_assert_eq!(record.courses[slug].chapters[name].acquired, chapter.acquired);
                }
            }
            let acquired: u32 = record.courses.values().map(CourseRecord::minutes).sum();
            prop_assert!(acquired >= minutes);
            minutes = acquired;
        }
    }

    #[test]
    fn the_order_of_what_is_earned_does_not_change_whether_it_is_acquired(
        (facts, mixed) in any_facts().prop_flat_map(|facts| (Just(facts.clone()), Just(facts).prop_shuffle()))
    ) {
        let acquired = |facts: Vec<Fact>| {
            let record = Record::of(&entries(facts));
            let chapters = record.courses.into_values().flat_map(|course| course.chapters);
            chapters.map(|(slug, chapter)| (slug, chapter.acquired.is_some(), chapter.minutes)).collect::<Vec<_>>()
        };
        prop_assert_eq!(acquired(facts), acquired(mixed));
    }
}

#[test]
fn an_exempted_chapter_is_done_and_gives_no_minutes_until_it_is_followed() {
    let facts = [exempted("caf"), read("caf", false), attempt(1, 9)];
    let record = Record::of(&entries(facts[..1].to_vec()));
    let course = record.courses.values().next().unwrap();
    assert_eq!((course.chapters_done(), course.minutes()), (1, 0));
    let by_then = chapter(facts[..2].to_vec());
    assert_eq!(reason(&by_then), Reason::Exempted { exempted: by_then.exempted.unwrap() });
    let followed = chapter(facts);
    assert!(matches!(reason(&followed), Reason::AcquiredByQuiz { .. }));
    assert_eq!(followed.minutes, 20);
}

#[test]
fn the_assessment_counts_once_from_the_first_attempt_that_passes() {
    let minutes = |facts: Vec<Fact>| Record::of(&entries(facts)).minutes_at_distance();
    assert_eq!(minutes(vec![assessed(1, 6)]), 0);
    assert_eq!(minutes(vec![assessed(1, 6), assessed(2, 7)]), 40);
    assert_eq!(minutes(vec![assessed(1, 6), assessed(2, 7), assessed(3, 9), assessed(4, 1)]), 40);
    let record = Record::of(&entries([assessed(1, 9), assessed(2, 1)]));
    let assessment = record.courses.values().next().unwrap().assessment.clone().unwrap();
    assert_eq!((assessment.quiz.kept.earned, assessment.quiz.passed.unwrap().seq), (900, 1));
}

#[test]
fn reading_acquires_a_chapter_without_a_quiz() {
    let chapter = chapter([read("caf", true)]);
    let acquired = chapter.acquired.unwrap();
    assert_eq!(acquired, Earned { at: start(), version: 1, seq: 1 });
    assert_eq!(chapter.minutes, 20);
    assert_eq!(reason(&chapter), Reason::AcquiredByReading { acquired });
}

#[test]
fn a_chapter_read_remains_to_be_passed() {
    let unread = chapter([read("caf", false)]);
    assert_eq!((unread.acquired, unread.minutes), (None, 0));
    assert_eq!(reason(&unread), Reason::QuizRemains { kept: None });
    let failed = chapter([read("caf", false), attempt(1, 7)]);
    assert_eq!(reason(&failed), Reason::QuizRemains { kept: Some(score(7)) });
}

#[test]
fn a_quiz_passed_first_leaves_the_chapter_to_be_read() {
    let passed = chapter([attempt(1, 9)]);
    assert_eq!(reason(&passed), Reason::ReadingRemains { kept: score(9) });
    assert_eq!(passed.minutes, 0);
    let failed = chapter([attempt(1, 2)]);
    assert_eq!(reason(&failed), Reason::NothingYet);
}

#[test]
fn a_chapter_is_acquired_when_the_second_of_both_is_met() {
    for facts in [[read("caf", false), attempt(1, 8)], [attempt(1, 8), read("caf", false)]] {
        let chapter = chapter(facts);
        let acquired = chapter.acquired.unwrap();
        assert_eq!(acquired.seq, 2);
        assert_eq!(chapter.minutes, 20);
        assert_eq!(reason(&chapter), Reason::AcquiredByQuiz { acquired, kept: score(8) });
    }
}

#[test]
fn a_chapter_stays_acquired_when_the_last_attempt_counts_and_fails() {
    let last = |number, points| graded("caf", number, points, Counts::Last);
    let chapter = chapter([read("caf", false), last(1, 9), last(2, 3)]);
    let quiz = chapter.quiz.unwrap();
    assert_eq!((quiz.attempts, quiz.best, quiz.last, quiz.kept), (2, score(9), score(3), score(3)));
    assert_eq!(quiz.passed.unwrap().seq, 2);
    assert_eq!(chapter.acquired.unwrap().seq, 2);
    assert_eq!(chapter.minutes, 20);
}

#[test]
fn why_a_chapter_was_acquired_does_not_change_with_what_comes_after() {
    let by_quiz = [read("caf", false), attempt(1, 9)];
    let later = chapter([by_quiz.to_vec(), vec![read("caf", true)]].concat());
    assert_eq!(reason(&later), reason(&chapter(by_quiz)));
    let by_reading = [read("caf", true)];
    let later = chapter([by_reading.to_vec(), vec![attempt(1, 9)]].concat());
    assert_eq!(reason(&later), reason(&chapter(by_reading)));
}

#[test]
fn minutes_count_once_however_often_the_chapter_is_read_and_passed() {
    let facts = [read("caf", true), read("caf", true), attempt(1, 9), read("accueil", true), attempt(2, 10)];
    let record = Record::of(&entries(facts));
    assert_eq!(record.minutes_at_distance(), 40);
    assert_eq!(record.seq, 5);
}

#[test]
fn an_old_entry_told_again_does_not_take_the_record_back() {
    let entries = entries([read("caf", false), attempt(1, 9)]);
    let mut record = Record::of(&entries);
    record.apply(&entries[0]);
    assert_eq!(record, Record::of(&entries));
}

#[test]
fn an_attempt_handed_in_late_does_not_pass_for_the_last_one() {
    let last = |number, points| graded("caf", number, points, Counts::Last);
    let quiz = chapter([last(2, 9), last(1, 4)]).quiz.unwrap();
    assert_eq!((quiz.attempts, quiz.last, quiz.kept), (2, score(9), score(9)));
}

#[test]
fn the_best_attempt_is_kept_and_the_last_is_known() {
    let quiz = chapter([attempt(1, 5), attempt(2, 9), attempt(3, 6)]).quiz.unwrap();
    assert_eq!((quiz.attempts, quiz.best, quiz.last, quiz.kept), (3, score(9), score(6), score(9)));
}

#[test]
fn a_new_version_without_a_quiz_acquires_the_chapter_when_it_is_read_again() {
    let chapter = chapter([read("caf", false), attempt(1, 2), read("caf", true)]);
    let acquired = chapter.acquired.unwrap();
    assert_eq!((chapter.read.unwrap().seq, acquired.seq), (1, 3));
    assert_eq!(reason(&chapter), Reason::AcquiredByReading { acquired });
}
