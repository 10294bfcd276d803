use super::*;
use crate::ids::{CorrectionId, WebinarId};
use crate::record::support::*;
use crate::record::{CourseRecord, Part, StoredEntry, verify};
use jiff::SignedDuration;
use proptest::prelude::*;

/// Facts, each with the minute at which it became so.
type Facts = Vec<(i64, Fact)>;

/// The other account of Léa.
const OTHER: PersonId = PersonId(40);

/// The ledger of that account: each fact at its minute.
fn ledger_at(agent: PersonId, facts: &[(i64, Fact)]) -> Vec<Entry> {
    let mut last = None;
    let link = |(minute, fact): &(i64, Fact)| {
        let (entry, _) = link(agent, last, at(*minute), None, fact.clone());
        last = Some((entry.seq, entry.hash));
        entry
    };
    facts.iter().map(link).collect()
}

fn at(minute: i64) -> Timestamp {
    start() + SignedDuration::from_mins(minute)
}

/// The ledger of the account that is kept, with what it takes in.
fn merged(kept: &[Entry], folded: &[Entry]) -> Vec<Entry> {
    let mut ids = 9_000..;
    let id = || Uuid::from_u128(ids.next().unwrap());
    let merged = merge((LEA, kept), (OTHER, folded), (at(1_000), PersonId(3)), &[pathway()], id);
    let written = merged.written.into_iter().map(|(entry, body)| {
        assert_eq!(Told::read(&body).unwrap(), Told { fact: entry.fact.clone(), origin: entry.origin });
        entry
    });
    let ledger: Vec<Entry> = kept.iter().cloned().chain(written).collect();
    assert_eq!(Record::of(&ledger), merged.record);
    ledger
}

/// The record, without the places of its facts.
fn placeless(record: &Record) -> serde_json::Value {
    fn forget(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(map) => {
                map.remove("seq");
                map.values_mut().for_each(forget);
            }
            serde_json::Value::Array(list) => list.iter_mut().for_each(forget),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(record).unwrap();
    forget(&mut value);
    value
}

fn half_day() -> impl Strategy<Value = HalfDay> {
    (1..5i8, any::<bool>()).prop_map(|(day, is_morning)| HalfDay {
        date: jiff::civil::date(2026, 11, day),
        part: if is_morning { Part::Morning } else { Part::Afternoon },
    })
}

/// Entries and corrections are known by identifiers that no other has.
fn under_its_own_id(minute: i64, mut fact: Fact) -> Fact {
    let own = Uuid::from_u128(500 + u128::from(minute.unsigned_abs()));
    match &mut fact {
        Fact::PresenceCorrected { correction, .. } => *correction = CorrectionId(own),
        Fact::AttendanceEntered { entry, .. } => *entry = EntryId(own),
        _ => {}
    }
    fact
}

/// Two ledgers whose facts became so in any order, each at a minute of its own.
fn two_ledgers() -> impl Strategy<Value = (Facts, Facts)> {
    let attended = (proptest::collection::btree_set(half_day(), 0..3), any::<bool>());
    let attended = attended.prop_map(|(half_days, exempted)| {
        let half_days = if exempted { BTreeSet::new() } else { half_days };
        entered(0, half_days, exempted)
    });
    let fact = prop_oneof![4 => any_fact(), 1 => attended];
    proptest::collection::vec((any::<bool>(), fact), 0..20).prop_map(|facts| {
        let mut both = (Vec::new(), Vec::new());
        for (minute, (is_kept, fact)) in (0..).zip(facts) {
            let fact = under_its_own_id(minute, fact);
            if is_kept { both.0.push((minute, fact)) } else { both.1.push((minute, fact)) }
        }
        both
    })
}

/// Without what is said besides: attendance, and figures of webinars.
fn in_order_alone(record: &Record) -> serde_json::Value {
    let mut record = record.clone();
    for course in record.courses.values_mut() {
        course.attendances.clear();
        course.webinars.clear();
    }
    placeless(&record)
}

/// What a fact says of a webinar: how long, and whether that meets its threshold.
enum Said {
    Measured(u32, bool),
    Corrected(u32, bool),
    Played(u32),
}

fn said_of(of: WebinarId, fact: &Fact) -> Option<Said> {
    match fact {
        Fact::WebinarAttended { webinar, minutes, met, .. } if *webinar == of => Some(Said::Measured(*minutes, *met)),
        Fact::PresenceCorrected { webinar, minutes, met, .. } if *webinar == of => {
            Some(Said::Corrected(*minutes, *met))
        }
        Fact::ReplayFollowed { webinar, minutes, .. } if *webinar == of => Some(Said::Played(*minutes)),
        _ => None,
    }
}

/// The minutes that count of one webinar followed with two accounts, told from the whole at once: those of the last
/// correction, else of the better measure; where these do not meet the threshold, those first played since.
fn counted(mut said: Vec<(Timestamp, Said)>) -> u32 {
    said.sort_by_key(|(at, _)| *at);
    let last = said.iter().rposition(|(_, said)| matches!(said, Said::Corrected(..)));
    let measures = said.iter().filter_map(|(_, said)| match said {
        Said::Measured(minutes, met) => Some((*met, *minutes)),
        _ => None,
    });
    let (met, minutes) = match last.map(|last| &said[last].1) {
        Some(Said::Corrected(minutes, met)) => (*met, *minutes),
        _ => measures.max().unwrap_or_default(),
    };
    let mut since = said.iter().skip(last.map_or(0, |last| last + 1)).filter_map(|(_, said)| match said {
        Said::Played(minutes) => Some(*minutes),
        _ => None,
    });
    if met { minutes } else { since.next().unwrap_or(0) }
}

proptest! {
    #[test]
    fn the_merged_record_is_that_of_one_account((kept, folded) in two_ledgers()) {
        let together = merged(&ledger_at(LEA, &kept), &ledger_at(OTHER, &folded));
        let mut all: Vec<_> = kept.iter().chain(&folded).cloned().collect();
        all.sort_by_key(|(minute, _)| *minute);
        let one = Record::of(&ledger_at(LEA, &all));
        prop_assert_eq!(in_order_alone(&Record::of(&together)), in_order_alone(&one));
    }

    #[test]
    fn nothing_is_counted_twice_and_nothing_is_lost((kept, folded) in two_ledgers()) {
        let (kept, folded) = (ledger_at(LEA, &kept), ledger_at(OTHER, &folded));
        let (first, second) = (Record::of(&kept), Record::of(&folded));
        let both = Record::of(&merged(&kept, &folded));
        let acquired = |record: &Record| record.courses.values().map(CourseRecord::minutes).sum::<u32>();
        prop_assert!(acquired(&both) >= acquired(&first).max(acquired(&second)));
        for (slug, course) in &both.courses {
            let of = |record: &Record| record.courses.get(slug).cloned().unwrap_or_default();
            let (one, other) = (of(&first), of(&second));
            for (component, known) in &course.attendances {
                let side = |course: &CourseRecord| course.attendances.get(component).cloned().unwrap_or_default();
                let union: BTreeSet<HalfDay> =
                    side(&one).half_days.union(&side(&other).half_days).copied().collect();
                prop_assert!(known.exempted || known.half_days == union, "{:?}", known);
                prop_assert!(known.minutes <= 180 * 5);
            }
            for (webinar, known) in &course.webinars {
                let facts = kept.iter().chain(&folded).map(|entry| (entry.when(), &entry.fact));
                let said = facts.filter_map(|(at, fact)| said_of(*webinar, fact).map(|said| (at, said))).collect();
                prop_assert_eq!(known.minutes_counted(), counted(said));
            }
        }
    }

    #[test]
    fn a_merged_ledger_goes_on_as_any_other((kept, folded) in two_ledgers(), after in any_facts()) {
        let mut ledger = merged(&ledger_at(LEA, &kept), &ledger_at(OTHER, &folded));
        let mut record = Record::of(&ledger);
        let mut last = ledger.last().map(|entry| (entry.seq, entry.hash));
        for (minute, fact) in (2_000..).zip(after) {
            let (entry, _) = link(LEA, last, at(minute), None, fact);
            last = Some((entry.seq, entry.hash));
            record.apply(&entry);
            ledger.push(entry);
        }
        prop_assert_eq!(&record, &Record::of(&ledger));
        prop_assert_eq!(record.seq, ledger.last().map_or(0, |entry| entry.seq));
    }
}

#[test]
fn what_began_with_one_account_and_ended_with_the_other_is_acquired_on_the_day_it_was() {
    let kept = ledger_at(LEA, &[(5, graded("caf", 1, 9, crate::quiz::Counts::Best))]);
    let folded = ledger_at(OTHER, &[(2, read("caf", false))]);
    let record = Record::of(&merged(&kept, &folded));
    let chapter = record.chapter(&"mediation-numerique".parse().unwrap(), &"caf".parse().unwrap()).unwrap();
    assert_eq!(chapter.acquired.map(|acquired| acquired.at), Some(at(5)), "not on the day of the merge");
    assert_eq!((chapter.read.map(|read| read.at), chapter.minutes), (Some(at(2)), 20));
    assert!(matches!(crate::record::reason(chapter), crate::record::Reason::AcquiredByQuiz { .. }));
}

#[test]
fn one_webinar_with_two_accounts_counts_once_and_for_the_longer() {
    let (kept, folded) = (ledger_at(LEA, &[(1, attended(0))]), ledger_at(OTHER, &[(1, attended(87))]));
    let record = Record::of(&merged(&kept, &folded));
    assert_eq!(record.minutes_live(), 87);
    let swapped = merged(&ledger_at(LEA, &[(1, attended(87))]), &ledger_at(OTHER, &[(1, attended(0))]));
    assert_eq!((Record::of(&swapped).minutes_live(), swapped.len()), (87, 2), "nothing is to be said besides");
    // A trainer had the last word on one of them.
    let corrected = ledger_at(LEA, &[(1, attended(87)), (2, corrected(1, 10))]);
    assert_eq!(Record::of(&merged(&corrected, &folded)).minutes_live(), 0);
}

#[test]
fn a_fact_brought_over_says_where_it_stands_and_is_bound_in_the_chain() {
    let folded = ledger_at(OTHER, &[(2, read("caf", true))]);
    let ledger = merged(&[], &folded);
    let (entry, body) = link(LEA, None, at(1_000), Some(PersonId(3)), brought_over(OTHER, &folded).next().unwrap());
    assert_eq!(entry, ledger[0]);
    assert_eq!((entry.when(), entry.said_by(), entry.author), (at(2), None, Some(PersonId(3))));
    assert!(body.contains("\"origin\":{\"person\":40,\"seq\":1,\"hash\":\""), "{body}");
    let row = StoredEntry { seq: 1, at: entry.at, author: entry.author, body: body.clone(), hash: entry.hash };
    let head = Some((1, entry.hash));
    assert_eq!(verify(LEA, [row.clone()], head).unwrap(), [entry]);
    let forged = StoredEntry { body: body.replace("\"person\":40", "\"person\":41"), ..row };
    assert!(verify(LEA, [forged], head).is_err(), "its origin is under the hash too");
}
