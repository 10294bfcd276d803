use super::*;
use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn every_class_says_all_that_a_register_must() {
    let slugs: BTreeSet<_> = CLASSES.iter().map(|class| class.slug).collect();
    assert_eq!(slugs.len(), CLASSES.len(), "each has its own file");
    for class in CLASSES {
        for text in [class.name, class.what, class.purpose, class.seen_by, class.erasure, class.source] {
            assert!(!text.is_empty() && !text.ends_with('.'), "{}: {text}", class.slug);
        }
        let by_rows = matches!(class.kept, Kept::For { past: Past::Rows, .. });
        for part in class.parts {
            assert!(part.whose.contains("{person}"), "{} of {}", part.table, class.slug);
            assert_eq!(by_rows, part.past.is_some() && class.slug != "journal", "{} of {}", part.table, class.slug);
            assert!(part.columns.iter().any(|column| column.shown.label().is_some()), "{} tells something", part.name);
            assert!(FREE.iter().all(|(table, _)| *table != part.table), "{} holds something or nothing", part.table);
        }
    }
}

#[test]
fn terms_are_read_as_settings_say_them_and_told_as_pages_do() {
    for (text, said) in [
        ("6 years", "6\u{a0}ans"),
        ("1 year", "1\u{a0}an"),
        ("12 months", "12\u{a0}mois"),
        ("30 days", "30\u{a0}jours"),
    ] {
        assert_eq!(text.parse::<Term>().unwrap().to_string(), said);
    }
    for wrong in ["", "6", "years", "0 days", "-1 days", "1001 days", "6 ans", "6  weeks"] {
        assert_eq!(wrong.parse::<Term>(), Err(NotATerm), "{wrong}");
    }
}

#[test]
fn terms_are_counted_in_the_calendar_of_paris() {
    // The clocks went forward on 29 March 2026: the day had 23 hours.
    assert_eq!(Term::Days(1).before(at("2026-03-29T10:00:00Z")), at("2026-03-28T11:00:00Z"));
    // And back on 25 October 2026.
    assert_eq!(Term::Days(1).before(at("2026-10-25T11:00:00Z")), at("2026-10-24T10:00:00Z"));
    assert_eq!(Term::Years(4).before(at("2028-02-29T12:00:00Z")), at("2024-02-29T12:00:00Z"));
    assert_eq!(Term::Months(1).before(at("2026-03-31T12:00:00Z")), at("2026-02-28T13:00:00Z"));
}

#[test]
fn a_night_is_due_from_half_past_three_in_paris_and_once() {
    let winter = |done| due(at("2026-12-01T02:30:00Z"), done);
    assert_eq!(winter(None), Some(date(2026, 12, 1)));
    assert_eq!(winter(Some(date(2026, 11, 30))), Some(date(2026, 12, 1)));
    assert_eq!(winter(Some(date(2026, 12, 1))), None);
    assert_eq!(due(at("2026-12-01T02:29:59Z"), Some(date(2026, 11, 30))), None, "not before");
    assert_eq!(due(at("2026-12-01T02:29:59Z"), Some(date(2026, 11, 28))), Some(date(2026, 11, 30)), "one was missed");
    assert_eq!(due(at("2026-07-01T01:30:00Z"), Some(date(2026, 6, 30))), Some(date(2026, 7, 1)), "summer time");
}

#[test]
fn each_night_of_the_years_comes_once_whatever_the_clocks_do() {
    let mut now = at("2026-01-01T12:00:00Z");
    let (mut done, mut nights) = (None, 0);
    // Every ten minutes of two years, changes of the clocks among them.
    while now < at("2028-01-01T12:00:00Z") {
        if let Some(night) = due(now, done) {
            let clock = crate::text::paris(now);
            assert!(nights == 0 || (clock.hour(), clock.minute()) == (3, 30), "{clock}");
            done = Some(night);
            nights += 1;
        }
        now += jiff::SignedDuration::from_mins(10);
    }
    assert_eq!(nights, 731);
}

proptest! {
    #[test]
    fn what_is_past_stays_past(days in 1u16..1000, first in 0i64..2_000_000_000, later in 0i64..100_000_000) {
        let instant = |second| Timestamp::from_second(second).unwrap();
        let (now, then) = (instant(first), instant(first + later));
        prop_assert!(Term::Days(days).before(now) <= Term::Days(days).before(then));
        prop_assert!(Term::Days(days).before(now) < now);
    }
}
