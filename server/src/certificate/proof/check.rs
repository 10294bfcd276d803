//! Checking a proof file, alone: what holds, and everything that does not.

use super::super::badge;
use super::super::keys::{Of, PublicKey};
use super::{
    BADGES, CERTIFICATES, FACTS, FactLine, KEYS, RECORD, SEAL, SEALED, SIGNATURE, SealSignature, Signed, Whose,
};
use domain::certificate::Certificate;
use domain::certificate::badge::says;
use domain::ids::PersonId;
use domain::record::{Entry, Hash, Record, StoredEntry, verify};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use zip::ZipArchive;

/// No file of a proof is larger; what claims to be is not one.
const MOST: u64 = 64 * 1024 * 1024;

/// What the check of a proof file found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    pub name: String,
    pub made_at: Option<Timestamp>,
    pub facts: usize,
    pub certificates: usize,
    /// Those that stand, for other platforms.
    pub badges: usize,
    /// The key that sealed it, to compare with those that are published.
    pub key: String,
    /// Each in a sentence, in French; none: all holds.
    pub problems: Vec<String>,
}

/// Checks a proof file with the keys that it brings, or with `trusted` ones where they are given.
///
/// # Errors
/// When it is no proof file at all.
pub fn check(bytes: &[u8], trusted: Option<Vec<PublicKey>>) -> anyhow::Result<Checked> {
    let mut problems = Vec::new();
    let files = unzipped(bytes, &mut problems)?;
    let sealed: BTreeMap<String, String> = read(&files, SEAL, &mut Vec::new()).unwrap_or_default();
    let all = SEALED.iter().chain(&[SEAL, SIGNATURE]);
    // A file that was sealed before there were badges has none.
    let all = all.filter(|name| **name != BADGES || sealed.is_empty() || sealed.contains_key(BADGES));
    for name in all.filter(|name| !files.contains_key(**name)) {
        problems.push(format!("{name} : il manque"));
    }
    let keys = trusted.unwrap_or_else(|| read(&files, KEYS, &mut problems).unwrap_or_default());
    let key = seal(&files, &keys, &mut problems);
    let whose: Option<Whose> = read(&files, RECORD, &mut problems);
    let (facts, entries) = ledger(&files, whose.as_ref(), &mut problems);
    let certificates: Vec<Signed> = read(&files, CERTIFICATES, &mut problems).unwrap_or_default();
    for (place, signed) in certificates.iter().enumerate() {
        certificate(place + 1, signed, whose.as_ref(), entries.as_deref(), &keys, &mut problems);
    }
    let badges = badges(&files, &certificates, &keys, &mut problems);
    Ok(Checked {
        made_at: whose.as_ref().map(|whose| whose.made_at),
        name: whose.map(|whose| whose.name).unwrap_or_default(),
        facts,
        certificates: certificates.len(),
        badges,
        key,
        problems,
    })
}

fn unzipped(bytes: &[u8], problems: &mut Vec<String>) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let mut files = BTreeMap::new();
    for place in 0..archive.len() {
        let file = match archive.by_index(place) {
            Ok(file) => file,
            Err(error) => {
                problems.push(format!("le fichier n° {} de l’archive est illisible : {error}", place + 1));
                continue;
            }
        };
        let name = file.name()?.into_owned();
        let mut read = Vec::new();
        match file.take(MOST).read_to_end(&mut read) {
            Ok(_) => {
                files.insert(name, read);
            }
            Err(error) => problems.push(format!("{name} : il est abîmé ({error})")),
        }
    }
    Ok(files)
}

fn read<T: DeserializeOwned>(files: &BTreeMap<String, Vec<u8>>, name: &str, problems: &mut Vec<String>) -> Option<T> {
    let read = serde_json::from_slice(files.get(name)?);
    read.map_err(|error| problems.push(format!("{name} : il est illisible ({error})"))).ok()
}

/// The seal is signed, and each file is as it was sealed. Returns the name of the key.
fn seal(files: &BTreeMap<String, Vec<u8>>, keys: &[PublicKey], problems: &mut Vec<String>) -> String {
    let signature: Option<SealSignature> = read(files, SIGNATURE, problems);
    let (Some(bytes), Some(signature)) = (files.get(SEAL), signature) else { return String::new() };
    let known = keys.iter().find(|key| key.name == signature.key);
    match known {
        None => problems.push(format!("{SEAL} : la clé {} qui le signe n’est pas connue", signature.key)),
        Some(key) if !key.signed(Of::Proof, bytes, &signature.signature) => {
            problems.push(format!("{SEAL} : sa signature n’est pas celle de la clé {}", key.name));
        }
        Some(_) => {}
    }
    let sealed: BTreeMap<String, String> = read(files, SEAL, problems).unwrap_or_default();
    for name in SEALED {
        let Some(bytes) = files.get(name) else { continue };
        if sealed.get(name) != Some(&hex::encode(Sha256::digest(bytes))) {
            problems.push(format!("{name} : il n’est plus tel qu’il a été scellé"));
        }
    }
    signature.key
}

/// The chain holds from the first fact to the head. Returns how many facts there are, and those that were proven.
fn ledger(
    files: &BTreeMap<String, Vec<u8>>,
    whose: Option<&Whose>,
    problems: &mut Vec<String>,
) -> (usize, Option<Vec<Entry>>) {
    let text = files.get(FACTS).map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default();
    let mut rows = Vec::new();
    for (place, line) in text.lines().enumerate() {
        let read = serde_json::from_str::<FactLine>(line).map_err(|error| error.to_string());
        let row = read.and_then(|line| {
            let at = Timestamp::from_millisecond(line.at).map_err(|error| error.to_string())?;
            Ok(StoredEntry { seq: line.seq, at, author: line.author, body: line.body, hash: line.hash })
        });
        match row {
            Ok(row) => rows.push(row),
            Err(error) => problems.push(format!("{FACTS}, ligne {} : elle est illisible ({error})", place + 1)),
        }
    }
    let count = rows.len();
    let agent = whose.map_or(PersonId(0), |whose| whose.agent);
    let head: Option<(u64, Hash)> = whose.and_then(|whose| whose.head).map(|head| (head.seq, head.hash));
    match verify(agent, rows, head) {
        Ok(entries) => (count, Some(entries)),
        Err(broken) => {
            problems.push(format!("{FACTS} : {broken}"));
            (count, None)
        }
    }
}

/// It is signed, it is this agent's, it rests on a fact of this chain, and the record said then what it says.
fn certificate(
    place: usize,
    signed: &Signed,
    whose: Option<&Whose>,
    entries: Option<&[Entry]>,
    keys: &[PublicKey],
    problems: &mut Vec<String>,
) {
    let Ok(certificate) = serde_json::from_str::<Certificate>(&signed.body) else {
        problems.push(format!("{CERTIFICATES} : le certificat {place} est illisible"));
        return;
    };
    let number = certificate.number;
    let key = keys.iter().find(|key| key.name == certificate.key);
    if !key.is_some_and(|key| key.signed(Of::Certificate, signed.body.as_bytes(), &signed.signature)) {
        problems.push(format!("certificat {number} : sa signature n’est pas celle de la clé {}", certificate.key));
    }
    if whose.is_some_and(|whose| whose.agent != certificate.agent) {
        problems.push(format!("certificat {number} : il est à quelqu’un d’autre"));
    }
    let Some(entries) = entries else { return };
    let until: Vec<&Entry> = entries.iter().take_while(|entry| entry.seq <= certificate.ledger.seq).collect();
    if until.last().is_none_or(|last| (last.seq, last.hash) != (certificate.ledger.seq, certificate.ledger.hash)) {
        problems.push(format!(
            "certificat {number} : le fait n° {} sur lequel il repose n’est pas celui-ci",
            certificate.ledger.seq
        ));
        return;
    }
    let record = Record::of(until);
    if !certificate.lines.iter().all(|line| line.holds(&record)) {
        problems.push(format!("certificat {number} : il dit ce que les faits ne disaient pas"));
    }
}

/// Each is signed, and says what a certificate that stands says.
fn badges(
    files: &BTreeMap<String, Vec<u8>>,
    certificates: &[Signed],
    keys: &[PublicKey],
    problems: &mut Vec<String>,
) -> usize {
    let standing = certificates.iter().filter(|signed| signed.withdrawn_at.is_none());
    let standing: Vec<Certificate> = standing.filter_map(|signed| serde_json::from_str(&signed.body).ok()).collect();
    let badges: Vec<Value> = read(files, BADGES, problems).unwrap_or_default();
    for (place, badge) in badges.iter().enumerate() {
        if !badge::is_signed(badge, keys) {
            problems.push(format!("badge {} : sa signature n’est d’aucune de ces clés", place + 1));
        }
        if !standing.iter().any(|certificate| says(badge, certificate)) {
            problems.push(format!("badge {} : il dit ce qu’aucun certificat en vigueur ne dit", place + 1));
        }
    }
    badges.len()
}
