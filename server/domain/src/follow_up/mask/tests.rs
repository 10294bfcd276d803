use super::*;
use proptest::prelude::*;

fn of(people: &[u64]) -> Hidden {
    hidden(&people.iter().map(|people| Cell { people: *people, known: 0 }).collect::<Vec<_>>())
}

#[test]
fn a_small_part_is_hidden_and_never_alone() {
    assert_eq!(of(&[12, 3, 40]).parts, [true, true, false], "else 3 is the whole less the others");
    assert_eq!(of(&[12, 4, 4, 40]).parts, [false, true, true, false]);
    assert_eq!(of(&[12, 1, 2, 40]).parts, [true, true, true, false], "three people together are few still");
    assert_eq!(of(&[12, 5, 40]).parts, [false, false, false]);
}

#[test]
fn nobody_is_not_few() {
    assert_eq!(of(&[0, 8, 0]), Hidden { whole: false, parts: vec![false, false, false] });
    assert_eq!(of(&[0, 3, 9]).parts, [false, true, true], "an empty part protects nobody");
}

#[test]
fn a_small_whole_is_hidden() {
    assert!(of(&[2, 1]).whole && of(&[4]).whole);
    assert!(!of(&[2, 3]).whole && !of(&[]).whole);
    assert_eq!(of(&[2, 3]).parts, [true, true]);
}

#[test]
fn what_the_reader_knows_protects_nobody() {
    let cell = |people, known| Cell { people, known };
    let own = hidden(&[cell(6, 6), cell(3, 0), cell(9, 0)]);
    assert_eq!(own.parts, [false, true, true], "their own part is no cover for another");
    assert_eq!(hidden(&[cell(7, 4), cell(30, 0)]).parts, [true, true], "three strangers among their own");
}

proptest! {
    /// Everything a reader can add or take away: the whole, the parts shown, the agents they know.
    #[test]
    fn no_subtraction_leaves_fewer_than_five(parts in proptest::collection::vec((0..12u64, 0..12u64), 0..8)) {
        let cells: Vec<Cell> =
            parts.iter().map(|(people, known)| Cell { people: *people, known: (*known).min(*people) }).collect();
        let Hidden { whole, parts } = hidden(&cells);
        let left: Vec<u64> =
            cells.iter().zip(&parts).filter(|(_, hidden)| **hidden).map(|(cell, _)| cell.unknown()).collect();
        for (cell, _) in cells.iter().zip(&parts).filter(|(_, hidden)| !**hidden) {
            prop_assert!(cell.unknown() == 0 || cell.unknown() >= FEW);
        }
        if !whole && !left.is_empty() {
            prop_assert!(left.iter().sum::<u64>() >= FEW, "{cells:?}");
            prop_assert!(left.len() >= 2, "{cells:?}");
            prop_assert!(left.iter().all(|n| *n > 0), "each has a share in the doubt: {cells:?}");
        }
        let all: u64 = cells.iter().map(|cell| cell.unknown()).sum();
        prop_assert_eq!(whole, (1..FEW).contains(&all));
    }
}
