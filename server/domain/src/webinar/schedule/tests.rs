use super::*;
use proptest::prelude::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Thursday 3 December 2026, 10:00 in Paris, an hour.
fn planned() -> Schedule {
    Schedule::planned(at("2026-12-03T09:00:00Z"), 60)
}

#[test]
fn the_waiting_room_opens_a_quarter_of_an_hour_before() {
    assert_eq!(planned().stage(at("2026-12-03T08:44:59.999Z")), Stage::Scheduled);
    assert_eq!(planned().stage(at("2026-12-03T08:45:00Z")), Stage::Open);
    assert_eq!(planned().stage(at("2026-12-03T09:30:00Z")), Stage::Open, "the trainer is late");
    assert_eq!(planned().ends_at(), at("2026-12-03T10:00:00Z"));
}

#[test]
fn a_webinar_goes_from_stage_to_stage_and_never_back() {
    let (early, open, later) = (at("2026-12-03T08:00:00Z"), at("2026-12-03T08:58:00Z"), at("2026-12-03T10:02:00Z"));
    assert_eq!(planned().begin(early), Err(WrongStage::TooEarly));
    assert_eq!(planned().close(open), Err(WrongStage::NotBegun));
    let live = planned().begin(open).unwrap();
    assert_eq!(live.stage(later), Stage::Live);
    assert_eq!(live.begin(later), Ok(live), "said twice");
    assert_eq!(live.cancel(later), Err(WrongStage::Live));
    let closed = live.close(later).unwrap();
    assert_eq!((closed.stage(later), closed.close(later)), (Stage::Closed, Ok(closed)));
    assert_eq!((closed.begin(later), closed.cancel(later)), (Err(WrongStage::Closed), Err(WrongStage::Closed)));
}

#[test]
fn a_cancelled_webinar_stays_cancelled() {
    let cancelled = planned().cancel(at("2026-12-01T09:00:00Z")).unwrap();
    let open = at("2026-12-03T09:00:00Z");
    assert_eq!(cancelled.stage(open), Stage::Cancelled);
    assert_eq!(cancelled.cancel(open), Ok(cancelled));
    assert_eq!(
        (cancelled.begin(open), cancelled.close(open)),
        (Err(WrongStage::Cancelled), Err(WrongStage::Cancelled))
    );
}

#[test]
fn a_webinar_that_nobody_began_is_over_four_hours_later() {
    assert_eq!(planned().stage(at("2026-12-03T12:59:59Z")), Stage::Open);
    assert_eq!(planned().stage(at("2026-12-03T13:00:00Z")), Stage::Closed);
    assert_eq!(planned().begin(at("2026-12-03T13:00:00Z")), Err(WrongStage::Closed));
}

#[test]
fn the_day_before_is_a_day_of_the_calendar() {
    let reminds = |start: &str| Schedule::planned(at(start), 60).reminds_at(Reminder::DayBefore);
    assert_eq!(reminds("2026-12-03T09:00:00Z"), at("2026-12-02T09:00:00Z"));
    // The clocks go forward in the night of 27 to 28 March 2027: 10:00 the day before is 23 hours before.
    assert_eq!(reminds("2027-03-28T08:00:00Z"), at("2027-03-27T09:00:00Z"));
    // They go back in the night of 30 to 31 October 2027: 25 hours.
    assert_eq!(reminds("2027-10-31T09:00:00Z"), at("2027-10-30T08:00:00Z"));
}

#[test]
fn an_hour_before_is_sixty_minutes() {
    // 3:30 in Paris on the night the clocks go forward: an hour before, they showed 1:30.
    let schedule = Schedule::planned(at("2027-03-28T01:30:00Z"), 60);
    assert_eq!(schedule.reminds_at(Reminder::HourBefore), at("2027-03-28T00:30:00Z"));
}

proptest! {
    #[test]
    fn the_day_before_the_clocks_show_the_same_hour(start in 1_767_225_600_i64..2_082_758_400) {
        let schedule = Schedule::planned(Timestamp::from_second(start).unwrap(), 60);
        let reminder = schedule.reminds_at(Reminder::DayBefore);
        let hours = (schedule.starts_at.as_second() - reminder.as_second()) / 3600;
        prop_assert!((23..=25).contains(&hours));
        let (then, now) = (crate::text::paris(reminder), crate::text::paris(schedule.starts_at));
        prop_assert_eq!(then.date().tomorrow().unwrap(), now.date());
        // 2:30 does not exist on the day the clocks go forward.
        prop_assert!(then.time() == now.time() || then.hour() == 3);
    }

    #[test]
    fn time_alone_never_takes_a_webinar_back(start in 0_i64..4_000_000_000, first in 0_i64..4_000_000_000, wait in 0_i64..90_000) {
        let second = |second| Timestamp::from_second(second).unwrap();
        let schedule = Schedule::planned(second(start), 60);
        prop_assert!(schedule.stage(second(first)) <= schedule.stage(second(first + wait)));
    }
}
