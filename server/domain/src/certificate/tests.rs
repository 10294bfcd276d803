use super::*;
use crate::record::support::*;
use crate::record::{Fact, HalfDay, Part};
use jiff::civil::date;
use proptest::prelude::*;

fn record(facts: &[Fact]) -> Record {
    Record::of(&entries(facts.iter().cloned()))
}

/// What the certificate in force says after those facts, each followed by its decision; and how many were issued.
fn followed(facts: &[Fact]) -> (Option<Vec<Attested>>, u32) {
    let pathway = pathway();
    let (mut in_force, mut issued) = (None, 0);
    for count in 1..=facts.len() {
        match decide(&pathway, &pathway.awards[0], &record(&facts[..count]), in_force.as_deref()) {
            Decision::Nothing => {}
            Decision::Withdraw => in_force = None,
            Decision::Issue(lines) | Decision::Replace(lines) => {
                in_force = Some(lines);
                issued += 1;
            }
        }
    }
    (in_force, issued)
}

fn whole_day() -> Vec<Fact> {
    vec![read("accueil", true), completed(), attended(80)]
}

#[test]
fn it_is_issued_by_the_fact_that_meets_the_rule_and_once() {
    assert_eq!(followed(&whole_day()[..2]), (None, 0));
    let (lines, issued) = followed(&whole_day());
    let minutes: Vec<_> = lines.unwrap().iter().map(|line| line.earned.unwrap().minutes).collect();
    assert_eq!((minutes, issued), (vec![20, 80], 1));
    let more = [whole_day(), vec![read("caf", true), graded("caf", 1, 9, crate::quiz::Counts::Best)]].concat();
    assert_eq!(followed(&more).1, 1);
}

#[test]
fn a_correction_that_changes_what_it_says_replaces_it() {
    let more = [whole_day(), vec![corrected(1, 75)]].concat();
    let (lines, issued) = followed(&more);
    assert_eq!((lines.unwrap()[1].earned.unwrap().minutes, issued), (75, 2));
}

#[test]
fn a_correction_below_the_threshold_withdraws_it_and_one_back_issues_another() {
    let below = [whole_day(), vec![corrected(1, 10)]].concat();
    assert_eq!(followed(&below), (None, 1));
    let back = [below, vec![corrected(2, 80)]].concat();
    let (lines, issued) = followed(&back);
    assert!(lines.is_some() && issued == 2);
}

#[test]
fn a_webinar_watched_later_is_certified_as_asynchronous_and_a_correction_tells_it_anew() {
    let later = [&whole_day()[..2], &[attended(40), replayed(75)]].concat();
    let (lines, issued) = followed(&later);
    let webinar = lines.unwrap().remove(1);
    assert_eq!((webinar.modality, webinar.earned.unwrap().minutes, issued), (Modality::Asynchronous, 75, 1));
    let live = [later, vec![corrected(1, 80)]].concat();
    let (lines, issued) = followed(&live);
    assert_eq!((lines.unwrap()[1].modality, issued), (Modality::Synchronous, 2));
}

#[test]
fn a_correction_that_leaves_the_same_words_reissues_nothing() {
    let same = [whole_day(), vec![corrected(1, 80)]].concat();
    assert_eq!(followed(&same).1, 1);
}

#[test]
fn half_days_taken_away_withdraw_what_rested_on_them() {
    let mut pathway = pathway();
    pathway.awards[0].components = vec!["salle".parse().unwrap()];
    let days = |count: i8| (0..count).map(|day| HalfDay { date: date(2026, 12, 1 + day), part: Part::Morning });
    let five = record(&[entered(1, days(5), false)]);
    let Decision::Issue(lines) = decide(&pathway, &pathway.awards[0], &five, None) else { panic!("met") };
    let four = record(&[entered(1, days(5), false), entered(2, days(4), false)]);
    assert_eq!(decide(&pathway, &pathway.awards[0], &four, Some(&lines)), Decision::Withdraw);
    let exempted = record(&[entered(1, days(5), false), entered(2, days(0), true)]);
    assert_eq!(decide(&pathway, &pathway.awards[0], &exempted, Some(&lines)), Decision::Withdraw);
}

#[test]
fn another_version_of_the_pathway_leaves_certificates_alone() {
    let mut longer = pathway();
    let (lines, _) = followed(&whole_day());
    longer.awards[0].components.push("salle".parse().unwrap());
    let known = record(&whole_day());
    assert_eq!(decide(&longer, &longer.awards[0], &known, lines.as_deref()), Decision::Nothing);
    assert_eq!(decide(&longer, &longer.awards[0], &known, None), Decision::Nothing);
}

#[test]
fn a_number_reads_as_a_person_types_it() {
    let number = Number::drawn(2026, u64::MAX / 3);
    let text = number.to_string();
    assert_eq!(text, "SF-2026-ANAN-ANAN-ANAN");
    for typed in [text.clone(), text.to_lowercase(), text.replace('-', ""), text.replace('-', " ")] {
        assert_eq!(typed.parse(), Ok(number), "{typed}");
    }
    let zero = Number::drawn(2026, 1);
    assert_eq!("SF-2026-OOOO-0000-000l".parse(), Ok(zero));
    for odd in [
        "",
        "SF",
        "SF-2026",
        "SF-2026-7F3K-9Q2M-XW4",
        "XX-2026-7F3K-9Q2M-XW4T",
        "SF-2O26-7F3K-9Q2M-XW4T",
        "SF-2026-7F3K-9Q2M-XWUT",
        "é",
    ] {
        assert_eq!(odd.parse::<Number>(), Err(NotANumber), "{odd}");
    }
}

proptest! {
    #[test]
    fn whatever_happens_there_is_one_exactly_when_the_rule_holds(facts in any_facts()) {
        let pathway = pathway();
        let known = record(&facts);
        let met = standing(&pathway, &known).attests(&pathway.awards[0]);
        let (in_force, _) = followed(&facts);
        prop_assert_eq!(in_force.is_some(), met.is_some());
        prop_assert!(in_force.is_none_or(|lines| lines.iter().all(|line| line.holds(&known))));
    }

    #[test]
    fn every_number_reads_back(year in 2000..9999_i16, lot: u64) {
        let number = Number::drawn(year, lot);
        prop_assert_eq!(number.to_string().parse(), Ok(number));
    }
}
