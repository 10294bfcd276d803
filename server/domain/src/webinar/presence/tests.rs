use super::*;
use proptest::prelude::*;

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(1_796_113_800_000 + ms).unwrap()
}

fn span(from: i64, to: i64) -> Span {
    Span { from: at(from), to: at(to) }
}

const MIN: i64 = 60_000;

/// A live time of an hour and a half.
fn live() -> Vec<Span> {
    vec![span(0, 90 * MIN)]
}

fn present(seen: &[(i64, i64)]) -> u64 {
    Attendance::of(seen.iter().map(|(from, to)| span(*from, *to)), &live()).present_ms()
}

fn own(from: i64, to: i64) -> Evidence {
    Evidence { span: span(from, to), beside: None }
}

fn beside(from: i64, to: i64) -> Evidence {
    Evidence { beside: Some(PersonId(7)), ..own(from, to) }
}

#[test]
fn two_tabs_at_once_count_once() {
    assert_eq!(present(&[(0, 30 * MIN), (0, 30 * MIN)]), 30 * 60_000);
}

#[test]
fn overlapping_and_nested_tabs_are_a_union() {
    assert_eq!(present(&[(0, 20), (10, 40), (15, 18)]), 40);
}

#[test]
fn intervals_that_touch_are_one() {
    assert_eq!(union([span(0, 10), span(10, 20)]), [span(0, 20)]);
    assert_eq!(present(&[(0, 10), (10, 20)]), 20);
}

#[test]
fn one_millisecond_apart_stays_apart_and_one_millisecond_counts() {
    assert_eq!(union([span(0, 10), span(11, 20)]), [span(0, 10), span(11, 20)]);
    assert_eq!(present(&[(0, 10), (11, 20)]), 19);
    assert_eq!(present(&[(5, 6)]), 1);
}

#[test]
fn an_interval_without_length_or_backwards_counts_for_nothing() {
    assert_eq!(present(&[(5, 5)]), 0);
    assert_eq!(present(&[(9, 5)]), 0);
    assert_eq!(present(&[(9, 5), (0, 2)]), 2);
    assert_eq!(judge(&[own(5, 5)], &live(), 80).1, Reason::Absent);
}

#[test]
fn the_order_in_which_intervals_came_is_nothing() {
    assert_eq!(present(&[(50, 60), (0, 10), (5, 20)]), 30);
}

#[test]
fn what_is_before_or_after_the_live_time_does_not_count() {
    assert_eq!(present(&[(-15 * MIN, 0)]), 0);
    assert_eq!(present(&[(90 * MIN, 120 * MIN)]), 0);
    assert_eq!(present(&[(-15 * MIN, 2 * MIN), (89 * MIN, 100 * MIN)]), 3 * 60_000);
    assert_eq!(present(&[(-1, 90 * MIN + 1)]), 90 * 60_000);
}

#[test]
fn a_pause_in_the_live_time_is_nobodys() {
    let live = [span(0, 10 * MIN), span(20 * MIN, 30 * MIN)];
    let attendance = Attendance::of([span(5 * MIN, 25 * MIN)], &live);
    assert_eq!((attendance.minutes(), attendance.live_minutes(), attendance.percent()), (10, 20, 50));
}

#[test]
fn figures_are_rounded_down_and_the_threshold_is_what_they_say() {
    let of = |ms: i64| Attendance::of([span(0, ms)], &live());
    let nearly = of(90 * MIN * 80 / 100 - 1);
    assert_eq!((nearly.minutes(), nearly.percent(), nearly.meets(80)), (71, 79, false));
    let just = of(90 * MIN * 80 / 100);
    assert_eq!((just.minutes(), just.percent(), just.meets(80)), (72, 80, true));
    let whole = of(90 * MIN);
    assert_eq!((whole.minutes(), whole.live_minutes(), whole.percent()), (90, 90, 100));
    assert_eq!((of(87 * MIN + 30_000).minutes(), of(87 * MIN + 30_000).percent()), (87, 97));
}

#[test]
fn a_webinar_that_was_never_live_has_no_one_present() {
    let attendance = Attendance::of([span(0, 10)], &[]);
    assert_eq!((attendance.percent(), attendance.live_minutes(), attendance.meets(1)), (0, 0, false));
}

#[test]
fn the_reason_tells_present_below_absent_and_beside() {
    let reason = |seen: &[Evidence]| judge(seen, &live(), 80).1;
    assert_eq!(reason(&[own(0, 80 * MIN)]), Reason::Present);
    assert_eq!(reason(&[own(0, 40 * MIN)]), Reason::BelowThreshold);
    assert_eq!(reason(&[own(0, 1)]), Reason::BelowThreshold);
    assert_eq!(reason(&[own(-10, 0)]), Reason::Absent);
    assert_eq!(reason(&[]), Reason::Absent);
    assert_eq!(reason(&[beside(0, 80 * MIN)]), Reason::PresentBeside);
    assert_eq!(reason(&[own(0, 30 * MIN), beside(30 * MIN, 80 * MIN)]), Reason::PresentBeside);
    assert_eq!(reason(&[own(0, 80 * MIN), beside(0, 90 * MIN)]), Reason::Present);
    assert_eq!(reason(&[beside(0, 10 * MIN)]), Reason::BelowThreshold);
}

#[test]
fn a_trainer_never_states_more_than_the_live_time() {
    let stated = Attendance::stated(200, 90);
    assert_eq!((stated.minutes(), stated.percent(), stated.meets(100)), (90, 100, true));
    assert!(!Attendance::stated(0, 90).meets(1));
}

/// The instants of a short day, one boolean each.
const DAY: i64 = 64;

fn bitmap(spans: &[Span]) -> Vec<bool> {
    (0..DAY).map(|ms| spans.iter().any(|span| span.from <= at(ms) && at(ms) < span.to)).collect()
}

fn any_spans() -> impl Strategy<Value = Vec<Span>> {
    proptest::collection::vec((0..DAY, 0..DAY).prop_map(|(from, to)| span(from, to)), 0..9)
}

proptest! {
    #[test]
    fn union_and_cut_are_those_of_the_instants(spans in any_spans(), live in any_spans()) {
        let (seen, shown) = (bitmap(&spans), bitmap(&live));
        prop_assert_eq!(bitmap(&union(spans.clone())), seen.clone());
        let both: Vec<bool> = seen.iter().zip(&shown).map(|(seen, shown)| *seen && *shown).collect();
        prop_assert_eq!(bitmap(&cut(spans.clone(), &live)), both.clone());
        let count = |bits: &[bool]| bits.iter().filter(|bit| **bit).count() as u64;
        let attendance = Attendance::of(spans, &live);
        prop_assert_eq!((attendance.present_ms(), attendance.live_ms()), (count(&both), count(&shown)));
    }

    #[test]
    fn a_union_is_in_order_apart_and_stays_itself(spans in any_spans()) {
        let apart = union(spans);
        prop_assert!(apart.windows(2).all(|pair| pair[0].to < pair[1].from));
        prop_assert!(apart.iter().all(|span| span.from < span.to));
        prop_assert_eq!(union(apart.clone()), apart);
    }

    #[test]
    fn more_evidence_never_takes_presence_away(spans in any_spans(), more in any_spans(), live in any_spans()) {
        let before = Attendance::of(spans.clone(), &live);
        let after = Attendance::of(spans.into_iter().chain(more), &live);
        prop_assert!(after.present_ms() >= before.present_ms() && after.present_ms() <= after.live_ms());
        prop_assert!(after.percent() <= 100 && after.minutes() <= after.live_minutes());
    }

    #[test]
    fn the_threshold_is_met_exactly_when_the_milliseconds_reach_it(spans in any_spans(), live in any_spans(), threshold in 1..=100u8) {
        let attendance = Attendance::of(spans, &live);
        let reaches = attendance.present_ms() > 0
            && attendance.present_ms() * 100 >= u64::from(threshold) * attendance.live_ms();
        prop_assert_eq!(attendance.meets(threshold), reaches);
    }
}
