use super::*;

#[test]
fn totals_run_from_the_first_month_to_this_one() {
    let days = [(date(2026, 9, 30), 2), (date(2026, 11, 1), 3), (date(2026, 11, 30), 1)];
    let months = monthly(&days, date(2026, 12, 1));
    assert_eq!(months.iter().map(|month| month.total).collect::<Vec<_>>(), [2, 2, 6, 6]);
    assert_eq!(months[0].name(), "septembre 2026");
    assert_eq!(monthly(&[], date(2026, 12, 1)), []);
}

#[test]
fn what_is_long_ago_is_in_the_first_month_shown() {
    let months = monthly(&[(date(2020, 1, 1), 7), (date(2026, 12, 1), 1)], date(2026, 12, 1));
    assert_eq!((months.len(), months[0].total, months[23].total), (24, 7, 8));
    assert_eq!(months[0].first, date(2025, 1, 1));
}
