use super::*;
use proptest::prelude::*;

proptest! {
    #[test]
    fn folding_twice_is_folding_once(text in any::<String>()) {
        let once = folded(&text);
        prop_assert_eq!(folded(&once), once);
    }

    #[test]
    fn folding_does_not_see_case_in_french(text in "[a-zA-Zàâäéèêëîïôöùûüçœæ' ’-]{0,20}") {
        prop_assert_eq!(folded(&text.to_uppercase()), folded(&text.to_lowercase()));
    }

    #[test]
    fn escaped_text_opens_nothing_in_html(text in any::<String>()) {
        prop_assert!(!escaped(&text).contains(['<', '>', '"', '\'']));
    }
}

#[test]
fn texts_that_a_reader_takes_for_the_same_fold_to_the_same() {
    for same in ["L’œil-de-bœuf", "l'oeil de boeuf", "  L‘ŒIL—DE\u{202f}BŒUF !", "« l’œil\u{a0}de\nbœuf »."]
    {
        assert_eq!(folded(same), "l oeil de boeuf");
    }
    assert_eq!(folded("Élève reçu à Noël"), "eleve recu a noel");
    assert_eq!(folded("e\u{301}le\u{300}ve"), "eleve");
    assert_eq!(folded("co\u{ad}opération"), "cooperation");
    assert_eq!(folded("…"), "");
}

#[test]
fn signs_that_carry_meaning_stay() {
    assert_eq!(folded("12 % & 3 €"), "12 % & 3 €");
}

#[test]
fn zero_and_one_are_singular() {
    assert_eq!(plural(0, "minute", "minutes"), "minute");
    assert_eq!(counted(1, "agent", "agents"), "1\u{a0}agent");
    assert_eq!(counted(6800, "agent", "agents"), "6\u{202f}800\u{a0}agents");
}

#[test]
fn thousands_are_set_apart() {
    assert_eq!(integer(0), "0");
    assert_eq!(integer(999), "999");
    assert_eq!(integer(1_234_567), "1\u{202f}234\u{202f}567");
}

#[test]
fn points_are_written_with_a_comma_and_no_idle_zero() {
    assert_eq!(points(0), "0\u{a0}point");
    assert_eq!(points(150), "1,5\u{a0}point");
    assert_eq!(points(200), "2\u{a0}points");
    assert_eq!(points(750), "7,5\u{a0}points");
    assert_eq!(points(266), "2,66\u{a0}points");
    assert_eq!(points(305), "3,05\u{a0}points");
}

#[test]
fn durations_are_written_in_hours_and_minutes() {
    assert_eq!(duration(0), "0\u{a0}min");
    assert_eq!(duration(45), "45\u{a0}min");
    assert_eq!(duration(60), "1\u{a0}h");
    assert_eq!(duration(80), "1\u{a0}h\u{a0}20\u{a0}min");
    assert_eq!(duration(420), "7\u{a0}h");
}

#[test]
fn percents_and_ranks() {
    assert_eq!(percent(80), "80\u{a0}%");
    assert_eq!((rank(1), rank(2)), ("1re".to_owned(), "2e".to_owned()));
}

#[test]
fn dates_are_those_of_paris_in_winter_and_in_summer() {
    let told = |text: &str| date_time(text.parse().unwrap());
    assert_eq!(told("2026-11-24T13:05:59Z"), "24 novembre 2026 à 14\u{a0}h\u{a0}05");
    assert_eq!(told("2026-07-31T22:30:00Z"), "1er août 2026 à 0\u{a0}h\u{a0}30");
    assert_eq!(told("2026-12-31T23:00:00Z"), "1er janvier 2027 à 0\u{a0}h\u{a0}00");
}

#[test]
fn clocks_change_on_the_last_sundays_of_march_and_october() {
    let hour = |text: &str| paris(text.parse().unwrap()).hour();
    assert_eq!((hour("2026-03-29T00:59:59Z"), hour("2026-03-29T01:00:00Z")), (1, 3));
    assert_eq!((hour("2026-10-25T00:59:59Z"), hour("2026-10-25T01:00:00Z")), (2, 2));
    assert_eq!(hour("2026-10-25T02:00:00Z"), 3);
}

#[test]
fn days_are_told_without_repeating_what_they_share() {
    use jiff::civil::date;
    let told = |from, to| days_long(from, to);
    assert_eq!(told(date(2026, 12, 1), date(2026, 12, 1)), "le 1er décembre 2026");
    assert_eq!(told(date(2026, 12, 1), date(2026, 12, 3)), "du 1er au 3 décembre 2026");
    assert_eq!(told(date(2026, 11, 30), date(2026, 12, 3)), "du 30 novembre au 3 décembre 2026");
    assert_eq!(told(date(2026, 12, 31), date(2027, 1, 2)), "du 31 décembre 2026 au 2 janvier 2027");
}

#[test]
fn how_long_something_lasted_is_told_as_precisely_as_matters() {
    for (ms, said) in [
        (0, "moins de 1 ms"),
        (12, "12 ms"),
        (999, "999 ms"),
        (1000, "1 s"),
        (1234, "1,2 s"),
        (12_345, "12 s"),
        (60_000, "1 min"),
        (7_800_000, "2 h 10 min"),
        (172_799_999, "47 h 59 min"),
        (259_200_000, "3 jours"),
        (-5, "moins de 1 ms"),
    ] {
        assert_eq!(lasting(SignedDuration::from_millis(ms)).replace(NBSP, " "), said, "{ms}");
    }
    let long_ago = [0, 999, 3000].map(|ms| ago(SignedDuration::from_millis(ms)).replace(NBSP, " "));
    assert_eq!(long_ago, ["à l’instant", "à l’instant", "il y a 3 s"]);
}
