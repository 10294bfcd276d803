use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

const LEA: PersonId = PersonId(1);
const KARIM: PersonId = PersonId(2);
const ZOE: PersonId = PersonId(3);

fn second(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// Two places; Léa and Karim have them, Zoé waits.
fn full() -> Roster {
    let mut roster = Roster::new(2, Vec::new());
    assert_eq!(roster.register(LEA, second(1)), [Change::Registered(LEA)]);
    assert_eq!(roster.register(KARIM, second(2)), [Change::Registered(KARIM)]);
    assert_eq!(roster.register(ZOE, second(3)), [Change::Waits(ZOE)]);
    roster
}

#[test]
fn beyond_the_capacity_one_waits() {
    let roster = full();
    assert_eq!((roster.free(), roster.rank(ZOE), roster.rank(LEA)), (0, Some(1), None));
}

#[test]
fn asking_or_withdrawing_twice_changes_nothing() {
    let mut roster = full();
    let before = roster.clone();
    assert_eq!(roster.register(LEA, second(9)), []);
    assert_eq!(roster.register(ZOE, second(9)), []);
    assert_eq!(roster.withdraw(PersonId(9)), []);
    assert_eq!(roster, before);
    roster.withdraw(ZOE);
    assert_eq!(roster.withdraw(ZOE), []);
}

#[test]
fn a_place_given_up_goes_to_the_first_who_waits() {
    let mut roster = full();
    assert_eq!(roster.withdraw(LEA), [Change::Withdrew(LEA), Change::Promoted(ZOE)]);
    assert_eq!(roster.register(LEA, second(4)), [Change::Waits(LEA)], "and whoever comes back waits in turn");
    assert_eq!(roster.rank(LEA), Some(1));
}

#[test]
fn giving_up_waiting_frees_nothing() {
    let mut roster = full();
    assert_eq!(roster.withdraw(ZOE), [Change::Withdrew(ZOE)]);
    assert_eq!(roster.free(), 0);
}

#[test]
fn more_places_are_offered_in_order_and_fewer_take_none_away() {
    let mut roster = full();
    roster.register(PersonId(4), second(4));
    assert_eq!(roster.resize(3), [Change::Promoted(ZOE)]);
    assert_eq!(roster.resize(1), []);
    assert_eq!((roster.taken(), roster.free()), (3, 0));
    assert_eq!(roster.withdraw(LEA), [Change::Withdrew(LEA)], "still beyond the capacity");
}

#[test]
fn two_who_ask_in_the_same_millisecond_have_an_order() {
    let mut roster = Roster::new(1, Vec::new());
    roster.register(ZOE, second(1));
    roster.register(LEA, second(1));
    assert_eq!(roster.status(ZOE), Some(Status::Registered));
    assert!(roster.entries()[0].at < roster.entries()[1].at);
    assert_eq!(Roster::new(1, roster.entries().to_vec()), roster, "and it is kept when stored");
}

#[derive(Debug, Clone)]
enum Act {
    Register(i64),
    Withdraw(i64),
    Resize(u32),
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0_i64..12).prop_map(Act::Register),
        3 => (0_i64..12).prop_map(Act::Withdraw),
        1 => (0_u32..8).prop_map(Act::Resize),
    ]
}

proptest! {
    #[test]
    fn nobody_waits_while_a_place_is_free_and_nobody_loses_one(acts in prop::collection::vec(any_act(), 0..60)) {
        let mut roster = Roster::new(3, Vec::new());
        let mut told: BTreeMap<PersonId, Status> = BTreeMap::new();
        for (now, act) in acts.into_iter().enumerate() {
            let before = roster.clone();
            // A clock that stands still half of the time.
            let now = second(i64::try_from(now / 2).unwrap());
            let changes = match act {
                Act::Register(person) => roster.register(PersonId(person), now),
                Act::Withdraw(person) => roster.withdraw(PersonId(person)),
                Act::Resize(capacity) => roster.resize(capacity),
            };
            prop_assert!(roster.free() == 0 || roster.having(Status::Waiting).next().is_none());
            for person in before.having(Status::Registered) {
                let withdrew = changes.contains(&Change::Withdrew(person));
                prop_assert!(withdrew || roster.status(person) == Some(Status::Registered));
            }
            // Whoever is promoted was the first who waited.
            let promoted: Vec<_> = changes.iter().filter(|c| matches!(c, Change::Promoted(_))).map(|c| c.person()).collect();
            let waited: Vec<_> = before.having(Status::Waiting).filter(|p| !changes.contains(&Change::Withdrew(*p))).collect();
            prop_assert!(waited.starts_with(&promoted));
            // What is told is all that changed.
            for change in changes {
                let status = match change {
                    Change::Registered(_) | Change::Promoted(_) => Status::Registered,
                    Change::Waits(_) => Status::Waiting,
                    Change::Withdrew(_) => Status::Withdrawn,
                };
                told.insert(change.person(), status);
            }
            let stored = Roster::new(roster.capacity(), roster.entries().to_vec());
            prop_assert_eq!(&stored, &roster);
        }
        let held: BTreeMap<_, _> = roster.entries().iter().map(|entry| (entry.person, entry.status)).collect();
        prop_assert_eq!(held, told);
    }
}
