use super::*;
use crate::follow_up::Tally;
use crate::quiz::Counts;
use crate::record::support::{any_facts, assessed, attended, corrected, entries, exempted, graded, read, start};
use crate::record::{Fact, Record};
use jiff::SignedDuration;
use proptest::prelude::*;

fn syllabus() -> Syllabus {
    let chapters = ["accueil", "caf"].map(|slug| slug.parse().unwrap());
    Syllabus { chapters: chapters.into(), assessment: true }
}

fn course(facts: impl IntoIterator<Item = Fact>) -> CourseRecord {
    let record = Record::of(&entries(facts));
    record.courses.into_values().next().unwrap_or_default()
}

fn minute(n: i64) -> Timestamp {
    start() + SignedDuration::from_mins(n)
}

fn mooc() -> Vec<Fact> {
    vec![read("accueil", true), exempted("caf"), assessed(1, 9)]
}

#[test]
fn the_mooc_is_completed_by_every_chapter_and_the_assessment() {
    let standing = |facts: Vec<Fact>| Standing::of(&course(facts), &syllabus(), None);
    assert_eq!(standing(mooc()).mooc_at, Some(minute(2)));
    assert_eq!(standing(mooc()[..2].to_vec()).mooc_at, None, "the assessment remains");
    assert_eq!(standing(vec![read("accueil", true), assessed(1, 9)]).mooc_at, None, "a chapter remains");
    let without = Syllabus { assessment: false, ..syllabus() };
    assert_eq!(
        Standing::of(&course(mooc()), &without, None).mooc_at,
        Some(minute(1)),
        "where there is none, none is asked"
    );
}

#[test]
fn done_takes_the_mooc_and_a_webinar() {
    let mut facts = mooc();
    let standing = Standing::of(&course(facts.clone()), &syllabus(), None);
    assert_eq!((standing.state(), standing.done_at()), (State::UnderWay, None));
    facts.push(attended(87));
    let standing = Standing::of(&course(facts.clone()), &syllabus(), None);
    assert_eq!((standing.state(), standing.done_at()), (State::Done, Some(minute(2))), "held before the MOOC was done");
    facts.push(corrected(1, 10));
    let standing = Standing::of(&course(facts), &syllabus(), None);
    assert_eq!((standing.state(), standing.webinars, standing.webinars_met), (State::UnderWay, 1, 0));
}

#[test]
fn a_chapter_added_later_undoes_nothing() {
    let mut longer = syllabus();
    longer.chapters.insert("impots".parse().unwrap());
    let before = Standing::of(&course(mooc()), &syllabus(), None);
    let after = Standing::of(&course(mooc()), &longer, before.mooc_at);
    assert_eq!((after.mooc_at, after.chapters), (before.mooc_at, 2));
    assert_eq!(Standing::of(&course(mooc()), &longer, None).mooc_at, None, "who comes later follows it too");
}

#[test]
fn a_webinar_that_was_missed_begins_nothing() {
    assert_eq!(Standing::of(&course([attended(0)]), &syllabus(), None).state(), State::NotBegun);
    assert_eq!(Standing::of(&course([attended(3)]), &syllabus(), None).state(), State::UnderWay);
    let tried = graded("accueil", 2, 4, Counts::Best);
    let standing = Standing::of(&course([tried.clone()]), &syllabus(), None);
    assert_eq!((standing.state(), standing.chapters), (State::UnderWay, 0));
    let quiz = course([tried]).chapters.into_values().next().unwrap().quiz.unwrap();
    assert_eq!(Tried::of(&quiz), Tried { attempts: 2, passed: false, best: 40 });
}

proptest! {
    /// Kept fact by fact, or made again from all of them: the same.
    #[test]
    fn folding_each_fact_comes_to_what_they_all_come_to(agents in proptest::collection::vec(any_facts(), 0..6)) {
        let syllabus = syllabus();
        let now = start() + SignedDuration::from_mins(3);
        let mut kept = Vec::new();
        for facts in &agents {
            let mut record = Record::default();
            let mut standing = Standing::default();
            for entry in entries(facts.clone()) {
                record.apply(&entry);
                standing = Standing::of(&record.courses[entry.fact.course()], &syllabus, standing.mooc_at);
            }
            prop_assert_eq!(standing, Standing::of(&course(facts.clone()), &syllabus, None));
            kept.push(standing);
        }
        let tally: Tally = kept.iter().map(|standing| Tally::of(standing, start(), now)).sum();
        prop_assert_eq!(tally.agents, agents.len() as u64);
        let count = |state| kept.iter().filter(|standing| standing.state() == state).count() as u64;
        prop_assert_eq!((tally.not_begun(), tally.under_way, tally.done),
            (count(State::NotBegun), count(State::UnderWay), count(State::Done)));
        prop_assert_eq!(tally.late, tally.agents - tally.done);
        let minutes: u64 = agents.iter().map(|facts| u64::from(course(facts.clone()).minutes_at_distance())).sum();
        prop_assert_eq!(tally.minutes, minutes);
    }
}
