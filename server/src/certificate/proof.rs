//! The proof file of an agent: all that proves their training, in a form that is checked without us.
//!
//! ```text
//! LISEZ-MOI.txt       what this is
//! dossier.json        whose it is, and the head of the chain
//! faits.jsonl         the facts, one a line, as they were hashed
//! essais.json         the attempts at quizzes, with their results
//! presences.json      the intervals of presence at webinars
//! contestations.json  what the agent disputes, and the answers
//! certificats.json    every certificate, as it was signed, and whether it was withdrawn
//! badges.json         those that stand, as Open Badges
//! cles.json           the public keys
//! scelle.json         the SHA-256 of each of these files
//! scelle.sig.json     the signature of that seal
//! ```

mod check;
#[cfg(test)]
mod tests;

pub use check::{Checked, check};

use super::badge;
use super::keys::{Key, Of};
use super::store::{self, Kept};
use crate::app::App;
use crate::error::{Error, Result};
use crate::{dispute, identity, quiz, record, webinar};
use domain::certificate::Head;
use domain::ids::PersonId;
use domain::record::{Hash, StoredEntry};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const README: &str = "LISEZ-MOI.txt";
const RECORD: &str = "dossier.json";
const FACTS: &str = "faits.jsonl";
const ATTEMPTS: &str = "essais.json";
const PRESENCES: &str = "presences.json";
const DISPUTES: &str = "contestations.json";
const CERTIFICATES: &str = "certificats.json";
const BADGES: &str = "badges.json";
const KEYS: &str = "cles.json";
const SEAL: &str = "scelle.json";
const SIGNATURE: &str = "scelle.sig.json";

/// What the seal covers.
const SEALED: [&str; 9] = [README, RECORD, FACTS, ATTEMPTS, PRESENCES, DISPUTES, CERTIFICATES, BADGES, KEYS];

/// Whose record it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Whose {
    agent: PersonId,
    name: String,
    /// The last fact; none for an empty ledger.
    head: Option<Head>,
    made_at: Timestamp,
    site: String,
}

/// A fact as it was hashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct FactLine {
    seq: u64,
    /// Milliseconds since 1970.
    at: i64,
    author: Option<PersonId>,
    /// JSON of the fact, byte for byte.
    body: String,
    hash: Hash,
}

/// A certificate as it was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Signed {
    /// JSON of the certificate, byte for byte.
    body: String,
    /// In hexadecimal.
    signature: String,
    withdrawn_at: Option<Timestamp>,
}

/// The signature of the seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct SealSignature {
    key: String,
    signature: String,
}

/// The files before they are sealed, by name.
type Files = BTreeMap<&'static str, Vec<u8>>;

/// The proof file of that agent.
///
/// # Errors
/// When the database fails.
pub(crate) async fn write(app: &App, agent: PersonId) -> Result<Vec<u8>> {
    let files = gather(app, agent).await?;
    let key = app.keys.current()?;
    let packed = tokio::task::spawn_blocking(move || pack(&files, &key)).await;
    packed.map_err(|error| Error::Internal(error.to_string()))?
}

async fn gather(app: &App, agent: PersonId) -> Result<Files> {
    let db = app.db.reader();
    let account = identity::store::account(app, agent).await?.ok_or(Error::NotFound)?;
    // The facts first: what comes after them rests on no later one.
    let ledger = record::store::ledger(db, agent).await?;
    let whose = Whose {
        agent,
        name: format!("{} {}", account.first_name, account.last_name),
        head: ledger.last().map(|entry| Head { seq: entry.seq, hash: entry.hash }),
        made_at: app.clock.now(),
        site: app.config.public_url.clone(),
    };
    let mut facts = Vec::new();
    for entry in &ledger {
        facts.extend(json(&line(entry))?);
        facts.push(b'\n');
    }
    let last = whose.head.map_or(0, |head| head.seq);
    let known = |kept: &Kept| kept.certificate.ledger.seq <= last;
    let certificates: Vec<Kept> = store::of(db, agent).await?.into_iter().filter(known).collect();
    let key = app.keys.current()?;
    let badge = |kept: &Kept| badge::signed(&whose.site, &kept.certificate, None, &key, whose.made_at);
    let badges =
        certificates.iter().filter(|kept| kept.withdrawn_at.is_none()).map(badge).collect::<Result<Vec<_>>>()?;
    let certificates: Vec<Signed> = certificates.into_iter().map(signed).collect();
    Ok(BTreeMap::from([
        (README, readme(&whose).into_bytes()),
        (RECORD, json(&whose)?),
        (FACTS, facts),
        (ATTEMPTS, json(&quiz::outcome::results(db, agent).await?)?),
        (PRESENCES, json(&webinar::presence::all_of(db, agent).await?)?),
        (DISPUTES, json(&dispute::store::of(db, agent).await?)?),
        (CERTIFICATES, json(&certificates)?),
        (BADGES, json(&badges)?),
        (KEYS, json(&app.keys.published()?)?),
    ]))
}

fn line(entry: &StoredEntry) -> FactLine {
    let StoredEntry { seq, at, author, body, hash } = entry.clone();
    FactLine { seq, at: at.as_millisecond(), author, body, hash }
}

fn signed(Kept { body, signature, withdrawn_at, .. }: Kept) -> Signed {
    Signed { body, signature, withdrawn_at }
}

fn json(value: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(|error| Error::Internal(error.to_string()))
}

fn digests(files: &Files) -> BTreeMap<&'static str, String> {
    files.iter().map(|(name, bytes)| (*name, hex::encode(Sha256::digest(bytes)))).collect()
}

/// Seals the files and puts them in one.
fn pack(files: &Files, key: &Key) -> Result<Vec<u8>> {
    let seal = json(&digests(files))?;
    let signature = json(&SealSignature { key: key.name.clone(), signature: key.sign(Of::Proof, &seal) })?;
    let all = files.iter().map(|(name, bytes)| (*name, bytes)).chain([(SEAL, &seal), (SIGNATURE, &signature)]);
    zipped(all).map_err(|error| Error::Internal(format!("a proof file cannot be made: {error}")))
}

fn zipped<'f>(files: impl IntoIterator<Item = (&'static str, &'f Vec<u8>)>) -> zip::result::ZipResult<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        writer.start_file(name, options)?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

fn readme(whose: &Whose) -> String {
    format!(
        "Fichier de preuve de la formation de {}\nTiré de {} le {}\n\n\
         Ce fichier contient tout ce qui prouve cette formation : les faits inscrits au dossier (faits.jsonl, un par\n\
         ligne, chacun lié au précédent par son empreinte), les essais aux quiz (essais.json), les présences aux\n\
         webinaires (presences.json) et les certificats, avec leur signature (certificats.json), que d’autres plateformes\n\
         lisent comme badges (badges.json, Open Badges 3.0). Les corrections sont des faits comme les autres. Un fait venu\n\
         d’un autre compte de la même personne dit son origine : la personne, la place et l’empreinte qu’il garde dans le\n\
         registre de ce compte, et sa date. Le scellé (scelle.json) porte l’empreinte de chaque fichier, et il est signé.\n\n\
         Pour le vérifier, sans connexion :\n\n    socle record verify CE-FICHIER.zip\n\n\
         Les clés publiques sont jointes (cles.json). Comparez-les avec celles que le site publie :\n\
         {}/certificats/cles.json\n",
        whose.name,
        whose.site,
        domain::text::date_time(whose.made_at),
        whose.site
    )
}
