use super::*;
use crate::quiz::Counts;
use crate::record::support::*;
use proptest::prelude::*;

type Rows = Vec<StoredEntry>;

fn rows(facts: impl IntoIterator<Item = Fact>) -> Rows {
    ledger(facts).into_iter().map(|(_, row)| row).collect()
}

fn head(rows: &[StoredEntry]) -> Option<(u64, Hash)> {
    rows.last().map(|row| (row.seq, row.hash))
}

/// Three facts, then something done to the rows; what verification says of it.
fn tampered(tamper: impl FnOnce(&mut Rows)) -> (u64, Fault) {
    let mut rows = rows([read("accueil", true), read("caf", false), graded("caf", 1, 9, Counts::Best)]);
    let head = head(&rows);
    tamper(&mut rows);
    let broken = verify(LEA, rows, head).unwrap_err();
    assert_eq!(broken.agent, LEA);
    (broken.seq, broken.fault)
}

proptest! {
    #[test]
    fn a_ledger_as_it_was_written_reads_back(facts in any_facts()) {
        let (entries, rows): (Vec<_>, Rows) = ledger(facts).into_iter().unzip();
        let head = head(&rows);
        prop_assert_eq!(verify(LEA, rows, head), Ok(entries));
    }

    #[test]
    fn a_fact_changed_by_one_byte_is_named(facts in any_facts(), place: prop::sample::Index, byte: prop::sample::Index) {
        let mut rows = rows(facts);
        let head = head(&rows);
        let place = place.index(rows.len());
        let mut body = rows[place].body.clone().into_bytes();
        // A letter of several bytes broken in two is no text, and cannot be stored.
        let plain: Vec<usize> = (0..body.len()).filter(|byte| body[*byte].is_ascii()).collect();
        let byte = plain[byte.index(plain.len())];
        body[byte] = if body[byte] == b'7' { b'8' } else { b'7' };
        rows[place].body = String::from_utf8(body).unwrap();
        let seq = rows[place].seq;
        prop_assert_eq!(verify(LEA, rows, head), Err(BrokenLink { agent: LEA, seq, fault: Fault::Changed }));
    }

    #[test]
    fn a_fact_taken_out_is_named(facts in any_facts(), place: prop::sample::Index) {
        let mut rows = rows(facts);
        let head = head(&rows);
        let gone = rows.remove(place.index(rows.len()));
        prop_assert_eq!(verify(LEA, rows, head).unwrap_err().seq, gone.seq);
    }

    #[test]
    fn a_hash_reads_back_from_its_text(bytes: [u8; 32]) {
        let text = Hash(bytes).to_string();
        prop_assert_eq!(text.len(), 64);
        prop_assert_eq!(text.parse(), Ok(Hash(bytes)));
    }
}

#[test]
fn a_ledger_without_a_fact_is_whole() {
    assert_eq!(verify(LEA, [], None), Ok(Vec::new()));
}

#[test]
fn a_missing_fact_is_told_from_a_moved_one() {
    assert_eq!(tampered(|rows| drop(rows.remove(0))), (1, Fault::Missing));
    assert_eq!(tampered(|rows| drop(rows.remove(1))), (2, Fault::Missing));
    assert_eq!(tampered(|rows| rows.swap(0, 1)), (1, Fault::Reordered));
    assert_eq!(tampered(|rows| rows.insert(1, rows[0].clone())), (2, Fault::Reordered));
}

#[test]
fn facts_that_changed_places_and_numbers_are_changed_ones() {
    let swap = |rows: &mut Rows| {
        rows.swap(1, 2);
        (rows[1].seq, rows[2].seq) = (2, 3);
    };
    assert_eq!(tampered(swap), (2, Fault::Changed));
}

#[test]
fn the_last_facts_cannot_be_taken_out_unseen() {
    assert_eq!(tampered(|rows| rows.truncate(1)), (2, Fault::LastMissing { expected: 3 }));
    assert_eq!(tampered(Rows::clear), (1, Fault::LastMissing { expected: 3 }));
}

#[test]
fn a_ledger_written_anew_does_not_end_as_expected() {
    let forged = rows([read("caf", true), read("accueil", true), read("impots", true)]);
    assert_eq!(tampered(|rows| *rows = forged), (3, Fault::WrongHead));
}

#[test]
fn a_fact_added_behind_the_back_of_the_head_shows() {
    let rows = rows([read("accueil", true), read("caf", true)]);
    let head = head(&rows[..1]);
    assert_eq!(verify(LEA, rows, head).unwrap_err().fault, Fault::WrongHead);
}

#[test]
fn the_instant_the_author_and_the_agent_are_part_of_what_is_bound() {
    assert_eq!(tampered(|rows| rows[2].at += jiff::SignedDuration::from_millis(1)), (3, Fault::Changed));
    assert_eq!(tampered(|rows| rows[0].author = Some(PersonId(1))), (1, Fault::Changed));
    assert_eq!(tampered(|rows| rows[1].author = None), (2, Fault::Changed));
    let rows = rows([read("accueil", true)]);
    let head = head(&rows);
    assert_eq!(verify(PersonId(13), rows, head).unwrap_err().fault, Fault::Changed, "another agent's ledger");
}

#[test]
fn a_fact_this_version_cannot_read_is_not_said_to_be_changed() {
    let body = r#"{"kind":"moon-walk"}"#.to_owned();
    let hash = digest(LEA, Hash::ZERO, 1, start(), None, &body);
    let rows = vec![StoredEntry { seq: 1, at: start(), author: None, body, hash }];
    let head = head(&rows);
    assert!(matches!(verify(LEA, rows, head).unwrap_err().fault, Fault::Unreadable(_)));
}

#[test]
fn what_is_finer_than_a_millisecond_is_left_out() {
    let fine = "2026-11-24T09:00:00.123456789Z".parse().unwrap();
    let (entry, _) = link(LEA, None, fine, None, read("accueil", true));
    assert_eq!(entry.at.to_string(), "2026-11-24T09:00:00.123Z");
}

#[test]
fn a_broken_link_is_told_in_one_sentence() {
    let broken = BrokenLink { agent: LEA, seq: 4, fault: Fault::Changed };
    assert_eq!(broken.to_string(), "registre de la personne 12, fait n°\u{a0}4\u{a0}: il a été modifié");
}

/// If this fails, every ledger already written would be said to be broken.
#[test]
fn the_first_hash_of_the_first_ledger_never_changes() {
    let (entry, body) = link(LEA, None, start(), None, read("accueil", true));
    assert_eq!(
        body,
        r#"{"kind":"chapter-read","course":"mediation-numerique","version":1,"chapter":"accueil","minutes":20,"suffices":true}"#
    );
    assert_eq!(entry.hash.to_string(), "aaa0efd121f5fcd1a3a3682bc5e50768cb76f3c66ae2365af705ba02a1334db3");
}

#[test]
fn a_text_that_is_not_a_hash_is_refused() {
    for text in ["", "abc", &"g".repeat(64), &"+1".repeat(32), &"é".repeat(32)] {
        assert_eq!(text.parse::<Hash>(), Err(NotAHash), "{text}");
    }
}
