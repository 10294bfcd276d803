//! Numbers and moments in French words.

use domain::quiz::Score;
use jiff::{Timestamp, tz::TimeZone};

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// Hundredths as a French number: `12`, `7,5`, `0,25`.
pub(crate) fn hundredths(value: u32) -> String {
    let (whole, rest) = (value / 100, value % 100);
    match (rest, rest % 10) {
        (0, _) => format!("{whole}"),
        (_, 0) => format!("{whole},{}", rest / 10),
        _ => format!("{whole},{rest:02}"),
    }
}

/// `7,5 points`, `1 point`.
pub(crate) fn points(value: u32) -> String {
    // In French the plural starts at two.
    let unit = if value < 200 { "point" } else { "points" };
    format!("{}\u{a0}{unit}", hundredths(value))
}

/// Percent of the maximum, rounded down so that a score never seems to reach a mark it does not reach.
pub(crate) fn percent(score: Score) -> u32 {
    if score.max == 0 { 0 } else { u32::try_from(u64::from(score.earned) * 100 / u64::from(score.max)).unwrap_or(100) }
}

/// `1re`, `2e`…
pub(crate) fn ordinal(place: usize) -> String {
    if place == 1 { "1re".to_owned() } else { format!("{place}e") }
}

/// Metropolitan time, by its rule rather than by a database.
fn paris() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap_or(TimeZone::UTC)
}

/// `24 novembre 2026 à 14 h 05`.
pub(crate) fn moment(at: Timestamp) -> String {
    let local = at.to_zoned_datetime(paris());
    let month = usize::try_from(local.month() - 1).ok().and_then(|month| MONTHS.get(month)).unwrap_or(&"");
    let day = if local.day() == 1 { "1er".to_owned() } else { format!("{}", local.day()) };
    format!("{day}\u{a0}{month} {} à {}", local.year(), hour(at))
}

/// `14 h 05`.
pub(crate) fn hour(at: Timestamp) -> String {
    let local = at.to_zoned_datetime(paris());
    format!("{}\u{a0}h\u{a0}{:02}", local.hour(), local.minute())
}

/// `3`, `3 et 5`, `3, 5 et 8`.
pub(crate) fn list(numbers: &[usize]) -> String {
    match numbers {
        [] => String::new(),
        [one] => format!("{one}"),
        [first @ .., last] => {
            let first = first.iter().map(|number| format!("{number}")).collect::<Vec<_>>();
            format!("{} et {last}", first.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_a_comma_and_no_more_digits_than_needed() {
        assert_eq!(hundredths(1200), "12");
        assert_eq!(hundredths(750), "7,5");
        assert_eq!(hundredths(5), "0,05");
        assert_eq!(points(150), "1,5\u{a0}point");
        assert_eq!(points(200), "2\u{a0}points");
        assert_eq!(percent(Score { earned: 799, max: 1000 }), 79);
        assert_eq!(percent(Score { earned: 0, max: 0 }), 0);
    }

    #[test]
    fn moments_are_told_in_metropolitan_time_summer_and_winter() {
        let winter: Timestamp = "2026-11-24T13:05:00Z".parse().unwrap();
        assert_eq!(moment(winter), "24\u{a0}novembre 2026 à 14\u{a0}h\u{a0}05");
        let summer: Timestamp = "2026-07-01T13:05:00Z".parse().unwrap();
        assert_eq!(moment(summer), "1er\u{a0}juillet 2026 à 15\u{a0}h\u{a0}05");
    }

    #[test]
    fn lists_end_with_et() {
        assert_eq!(list(&[3]), "3");
        assert_eq!(list(&[3, 5, 8]), "3, 5 et 8");
    }
}
