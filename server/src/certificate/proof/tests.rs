use super::*;
use crate::certificate::keys::PublicKey;
use domain::ids::CourseSlug;
use domain::record::{Fact, link};
use std::sync::Arc;

const LEA: PersonId = PersonId(12);

fn key() -> (Arc<Key>, PublicKey) {
    Key::of_test([7; 32])
}

fn facts() -> Vec<StoredEntry> {
    let course: CourseSlug = "mediation-numerique".parse().unwrap();
    let at: Timestamp = "2026-12-01T09:00:00Z".parse().unwrap();
    let (mut last, mut rows) = (None, Vec::new());
    for minutes in [20, 25, 30] {
        let chapter = format!("chapitre-{minutes}").parse().unwrap();
        let fact = Fact::ChapterRead { course: course.clone(), version: 1, chapter, minutes, suffices: true };
        let (entry, body) = link(LEA, last, at, None, fact);
        last = Some((entry.seq, entry.hash));
        rows.push(StoredEntry { seq: entry.seq, at: entry.at, author: None, body, hash: entry.hash });
    }
    rows
}

fn files() -> Files {
    let rows = facts();
    let head = rows.last().map(|last| Head { seq: last.seq, hash: last.hash });
    let made_at = "2026-12-02T09:00:00Z".parse().unwrap();
    let site = "https://socle.example".to_owned();
    let whose = Whose { agent: LEA, name: "Léa Perrin".into(), head, made_at, site };
    let lines: Vec<String> = rows.iter().map(|row| serde_json::to_string(&line(row)).unwrap() + "\n").collect();
    BTreeMap::from([
        (README, readme(&whose).into_bytes()),
        (RECORD, json(&whose).unwrap()),
        (FACTS, lines.concat().into_bytes()),
        (ATTEMPTS, b"[]".to_vec()),
        (PRESENCES, b"[]".to_vec()),
        (DISPUTES, b"{}".to_vec()),
        (CERTIFICATES, b"[]".to_vec()),
        (BADGES, b"[]".to_vec()),
        (KEYS, json(&[key().1]).unwrap()),
    ])
}

/// What the check says of the files, sealed as they were made, then changed.
fn problems(change: impl FnOnce(&mut Files)) -> Vec<String> {
    let sealed = pack(&files(), &key().0).unwrap();
    let mut changed = files();
    change(&mut changed);
    let mut archive = zip::ZipArchive::new(Cursor::new(&sealed)).unwrap();
    let mut seal = |name| {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut archive.by_name(name).unwrap(), &mut bytes).unwrap();
        bytes
    };
    let (seal_of, signature) = (seal(SEAL), seal(SIGNATURE));
    let all = changed.iter().map(|(name, bytes)| (*name, bytes)).chain([(SEAL, &seal_of), (SIGNATURE, &signature)]);
    check(&zipped(all).unwrap(), None).unwrap().problems
}

fn change_facts(files: &mut Files, change: impl FnOnce(&mut Vec<String>)) {
    let text = String::from_utf8(files[FACTS].clone()).unwrap();
    let mut lines: Vec<String> = text.lines().map(|line| format!("{line}\n")).collect();
    change(&mut lines);
    files.insert(FACTS, lines.concat().into_bytes());
}

#[test]
fn a_proof_as_it_was_made_holds() {
    let checked = check(&pack(&files(), &key().0).unwrap(), None).unwrap();
    assert_eq!(checked.problems, Vec::<String>::new());
    assert_eq!((checked.name.as_str(), checked.facts, checked.key), ("Léa Perrin", 3, key().1.name));
}

#[test]
fn one_byte_changed_in_a_fact_is_found_and_named() {
    let told = problems(|files| change_facts(files, |lines| lines[1] = lines[1].replace("25,", "95,")));
    assert!(told.iter().any(|said| said.contains("fait n°\u{a0}2\u{a0}: il a été modifié")), "{told:?}");
}

#[test]
fn a_fact_removed_is_found_and_named() {
    let told = problems(|files| change_facts(files, |lines| drop(lines.remove(1))));
    assert!(told.iter().any(|said| said.contains("fait n°\u{a0}2\u{a0}: il manque")), "{told:?}");
    let told = problems(|files| change_facts(files, |lines| drop(lines.pop())));
    assert!(told.iter().any(|said| said.contains("les derniers manquent")), "{told:?}");
}

#[test]
fn two_facts_swapped_are_found_and_named() {
    let told = problems(|files| change_facts(files, |lines| lines.swap(0, 1)));
    assert!(told.iter().any(|said| said.contains("fait n°\u{a0}1\u{a0}: il n’est pas à sa place")), "{told:?}");
}

#[test]
fn whatever_byte_is_changed_in_whatever_file_is_found() {
    for name in SEALED {
        let length = files()[name].len();
        for place in (0..length).step_by(1 + length / 7) {
            let told = problems(|files| files.get_mut(name).unwrap()[place] ^= 1);
            assert!(told.iter().any(|said| said.contains(name)), "{name} at {place}: {told:?}");
        }
    }
}

#[test]
fn a_file_that_is_missing_is_named() {
    for name in SEALED {
        let told = problems(|files| drop(files.remove(name)));
        assert!(told.contains(&format!("{name} : il manque")), "{told:?}");
    }
}

#[test]
fn a_seal_made_with_another_key_holds_alone_and_not_against_those_published() {
    let (other, public) = Key::of_test([8; 32]);
    let mut forged = files();
    forged.insert(KEYS, json(&[&public]).unwrap());
    let forged = pack(&forged, &other).unwrap();
    assert_eq!(check(&forged, None).unwrap().key, public.name, "named, for whoever compares it");
    let told = check(&forged, Some(vec![key().1])).unwrap().problems;
    assert!(told.iter().any(|said| said.contains("n’est pas connue")), "{told:?}");
}

#[test]
fn what_is_no_proof_file_is_refused() {
    assert!(check(b"not a zip", None).is_err());
    let empty = zipped([]).unwrap();
    assert_eq!(check(&empty, None).unwrap().problems.len(), SEALED.len() + 2);
}

#[test]
fn one_sealed_before_there_were_badges_still_holds() {
    let mut old = files();
    old.remove(BADGES);
    assert_eq!(check(&pack(&old, &key().0).unwrap(), None).unwrap().problems, Vec::<String>::new());
}

#[test]
fn a_badge_of_no_certificate_is_named() {
    let certificate = include_str!("../../../domain/src/certificate/badge/certificate.json");
    let certificate = serde_json::from_str(certificate).unwrap();
    let badge = badge::signed("https://socle.example", &certificate, None, &key().0, Timestamp::UNIX_EPOCH).unwrap();
    let mut forged = files();
    forged.insert(BADGES, json(&[badge]).unwrap());
    let told = check(&pack(&forged, &key().0).unwrap(), None).unwrap().problems;
    assert_eq!(told, ["badge 1 : il dit ce qu’aucun certificat en vigueur ne dit"]);
}
