use super::*;
use crate::ids::EntryId;
use crate::record::support::*;
use crate::record::{Fact, HalfDay, Part, Record};
use jiff::civil::date;
use proptest::prelude::*;
use uuid::Uuid;

fn days(count: i8) -> impl Iterator<Item = HalfDay> {
    (0..count).map(|place| HalfDay {
        date: date(2026, 12, 1 + place / 2),
        part: if place % 2 == 0 { Part::Morning } else { Part::Afternoon },
    })
}

fn record(facts: impl IntoIterator<Item = Fact>) -> Record {
    Record::of(&entries(facts))
}

fn state(facts: impl IntoIterator<Item = Fact>, component: &str) -> State {
    let (pathway, record) = (pathway(), record(facts));
    let standing = standing(&pathway, &record);
    standing.line(&component.parse().unwrap()).unwrap().state.clone()
}

#[test]
fn the_platform_s_own_facts_earn_the_course_and_the_webinar() {
    assert_eq!(state([], "mooc"), State::Todo);
    assert_eq!(state([read("accueil", true)], "mooc"), State::Ongoing { minutes: 20, half_days_left: 0 });
    let day = date(2026, 11, 24);
    assert_eq!(
        state([read("accueil", true), completed()], "mooc"),
        State::Earned(Earned { minutes: 20, from: day, to: day })
    );
    assert_eq!(state([attended(40)], "webinaire"), State::Todo, "below the threshold");
    assert_eq!(
        state([attended(40), corrected(1, 80)], "webinaire"),
        State::Earned(Earned { minutes: 80, from: day, to: day })
    );
}

#[test]
fn a_webinar_watched_later_is_earned_at_a_distance_asynchronously() {
    let (pathway, record) = (pathway(), record([attended(40), replayed(75)]));
    let standing = standing(&pathway, &record);
    let line = standing.line(&"webinaire".parse().unwrap()).unwrap();
    // It was partly followed live: from that day on.
    let day = date(2026, 11, 24);
    assert_eq!(line.state, State::Earned(Earned { minutes: 75, from: day, to: day }));
    assert_eq!((line.modality, line.component.modality), (Modality::Asynchronous, Modality::Synchronous));
    assert_eq!(standing.minutes_by_modality().into_values().collect::<Vec<_>>(), [75, 0, 0]);
}

#[test]
fn half_days_count_one_by_one_and_the_last_entry_says_how_many() {
    assert_eq!(state([entered(1, days(3), false)], "salle"), State::Ongoing { minutes: 540, half_days_left: 2 });
    let whole = State::Earned(Earned { minutes: 900, from: date(2026, 12, 1), to: date(2026, 12, 3) });
    assert_eq!(state([entered(1, days(3), false), entered(2, days(5), false)], "salle"), whole);
    assert_eq!(state([entered(1, days(5), false), entered(2, days(0), false)], "salle"), State::Todo);
    assert_eq!(state([entered(1, days(2), false), entered(2, days(0), true)], "salle"), State::Exempted);
    let twice = record([entered(1, days(3), false), entered(1, days(5), false)]);
    let known = twice.attendance(&"mediation-numerique".parse().unwrap(), &"salle".parse().unwrap()).unwrap();
    assert_eq!((known.entries.len(), known.minutes), (1, 540), "what is sent twice is entered once");
}

#[test]
fn what_is_missing_comes_in_order_and_hours_by_modality() {
    let (pathway, record) = (pathway(), record([attended(85), entered(1, days(2), false)]));
    let standing = standing(&pathway, &record);
    let missing: Vec<&str> = standing.missing().map(|line| line.component.slug.as_str()).collect();
    assert_eq!(missing, ["mooc", "salle"]);
    let minutes: Vec<u32> = standing.minutes_by_modality().into_values().collect();
    assert_eq!(minutes, [0, 85, 360]);
}

#[test]
fn nobody_is_certified_for_exemptions_alone() {
    let mut pathway = pathway();
    pathway.awards[0].components = vec!["salle".parse().unwrap()];
    let exempted = record([entered(1, days(0), true)]);
    assert_eq!(standing(&pathway, &exempted).attests(&pathway.awards[0]), None);
}

#[test]
fn a_later_version_of_the_course_takes_nothing_away() {
    let course = course_of(&["accueil"]);
    let longer = course_of(&["accueil", "caf"]);
    let known = record([read("accueil", true)]);
    let fact = crate::record::completion(&known, &course, 1).expect("all is done");
    assert_eq!(crate::record::completion(&known, &longer, 2), None, "a chapter remains");
    let known = record([read("accueil", true), fact]);
    assert_eq!(crate::record::completion(&known, &course, 1), None, "it is told once");
    assert!(standing(&pathway(), &known).lines[0].state.is_done());
}

#[test]
fn an_entry_is_told_with_its_author_and_its_reason() {
    let known = record([attended(80), entered(1, days(2), false)]);
    let known = known.attendance(&"mediation-numerique".parse().unwrap(), &"salle".parse().unwrap()).unwrap();
    let last = known.last().unwrap();
    assert_eq!((last.by, last.why.as_str()), (Some(crate::ids::PersonId(3)), "Feuille de présence"));
    assert_eq!(last.id, EntryId(Uuid::from_u128(1)));
}

proptest! {
    #[test]
    fn hours_by_modality_are_the_sum_of_the_components(facts in any_facts()) {
        let (pathway, record) = (pathway(), record(facts));
        let standing = standing(&pathway, &record);
        let lines: u32 = standing.lines.iter().map(|line| line.state.minutes()).sum();
        prop_assert_eq!(standing.minutes_by_modality().into_values().sum::<u32>(), lines);
        prop_assert_eq!(standing.missing().count() + standing.lines.iter().filter(|line| line.state.is_done()).count(), 3);
    }
}
