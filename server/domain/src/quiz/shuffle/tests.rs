use super::*;
use proptest::prelude::*;

proptest! {
    #[test]
    fn the_order_things_come_in_changes_nothing(
        (items, mixed) in proptest::collection::btree_set("[a-z]{1,4}", 0..10)
            .prop_map(Vec::from_iter)
            .prop_flat_map(|items| (Just(items.clone()), Just(items).prop_shuffle())),
        seed: u64,
    ) {
        let drawn = shuffled(items.clone(), seed, "x", |item| item);
        prop_assert_eq!(&drawn, &shuffled(mixed, seed, "x", |item| item));
        let mut sorted = drawn;
        sorted.sort();
        prop_assert_eq!(sorted, items);
    }
}

#[test]
fn every_place_is_as_likely() {
    let firsts = (0..6000).map(|seed| shuffled(vec!["a", "b", "c"], seed, "x", |item| item)[0]);
    let count = firsts.filter(|first| *first == "b").count();
    assert!((1800..2200).contains(&count), "b came first {count} times out of 6000");
}

#[test]
fn the_order_drawn_today_is_the_order_drawn_in_ten_years() {
    let drawn = shuffled(vec!["a", "b", "c", "d", "e"], 42, "accueil", |item| item);
    assert_eq!(drawn, ["d", "b", "a", "e", "c"]);
}
