//! The chain: each fact of an agent's ledger is bound by hash to the one before it, so that a
//! changed, missing or moved one shows.

#[cfg(test)]
mod tests;

use super::Fact;
use crate::ids::PersonId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// Sets these hashes apart from any other use of SHA-256; a new way of hashing takes a new number.
const PURPOSE: &[u8] = b"socle/record/1";

/// A SHA-256, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hash(pub [u8; 32]);

/// Why a text is not a hash.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("une empreinte s’écrit en 64 chiffres hexadécimaux")]
pub struct NotAHash;

impl Hash {
    /// What stands before the first fact.
    pub const ZERO: Self = Self([0; 32]);
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl std::str::FromStr for Hash {
    type Err = NotAHash;
    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(NotAHash);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            let pair = std::str::from_utf8(pair).ok().filter(|pair| !pair.starts_with('+')).ok_or(NotAHash)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| NotAHash)?;
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for Hash {
    type Error = NotAHash;
    fn try_from(text: String) -> Result<Self, NotAHash> {
        text.parse()
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> Self {
        hash.to_string()
    }
}

/// A fact in its place in an agent's ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Place in the agent's ledger, from 1, without a gap.
    pub seq: u64,
    /// To the millisecond.
    pub at: Timestamp,
    /// None: the agent's own doing, recorded by the platform.
    pub author: Option<PersonId>,
    pub fact: Fact,
    pub hash: Hash,
}

/// An entry as it is stored, its fact still in the very text that was hashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    pub seq: u64,
    pub at: Timestamp,
    pub author: Option<PersonId>,
    /// JSON of the [`Fact`], byte for byte as written.
    pub body: String,
    pub hash: Hash,
}

/// Where a ledger is no longer what was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("registre de la personne {agent}, fait n°\u{a0}{seq}\u{a0}: {fault}")]
pub struct BrokenLink {
    pub agent: PersonId,
    /// The place where the ledger first departs from what it should be.
    pub seq: u64,
    pub fault: Fault,
}

/// What is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("il manque")]
    Missing,
    #[error("il n’est pas à sa place")]
    Reordered,
    #[error("il a été modifié")]
    Changed,
    #[error("il est intact mais illisible ({0})")]
    Unreadable(String),
    #[error("le registre devrait finir au fait n°\u{a0}{expected}, et les derniers manquent")]
    LastMissing { expected: u64 },
    #[error("le registre ne finit pas par le fait attendu")]
    WrongHead,
}

/// The instant without what is finer than a millisecond: all the ledger knows of time.
#[must_use]
pub fn to_millisecond(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

/// Puts a fact after `previous` (the place and hash of the last one; none for the first) in the
/// agent's ledger. Returns the entry and the text of the fact, to be stored as it is.
#[must_use]
#[expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a fact is made of texts and numbers, which JSON always takes"
)]
pub fn link(
    agent: PersonId,
    previous: Option<(u64, Hash)>,
    at: Timestamp,
    author: Option<PersonId>,
    fact: Fact,
) -> (Entry, String) {
    let body = serde_json::to_string(&fact).expect("facts fit JSON");
    let (last, before) = previous.unwrap_or((0, Hash::ZERO));
    let seq = last + 1;
    let at = to_millisecond(at);
    let hash = digest(agent, before, seq, at, author, &body);
    (Entry { seq, at, author, fact, hash }, body)
}

/// Reads an agent's ledger back, in the order of its places, and proves that it is whole and as it
/// was written. `head` is the last place and hash, kept apart from the rows: it shows that the
/// last facts were removed, which the chain alone cannot.
pub fn verify(
    agent: PersonId,
    rows: impl IntoIterator<Item = StoredEntry>,
    head: Option<(u64, Hash)>,
) -> Result<Vec<Entry>, BrokenLink> {
    let rows: Vec<StoredEntry> = rows.into_iter().collect();
    let mut last = (0, Hash::ZERO);
    let mut entries = Vec::with_capacity(rows.len());
    for row in &rows {
        let seq = last.0 + 1;
        let broken = |fault| BrokenLink { agent, seq, fault };
        if row.seq != seq {
            let elsewhere = row.seq < seq || rows.iter().any(|other| other.seq == seq);
            return Err(broken(if elsewhere { Fault::Reordered } else { Fault::Missing }));
        }
        if row.hash != digest(agent, last.1, seq, row.at, row.author, &row.body) {
            return Err(broken(Fault::Changed));
        }
        let fact = serde_json::from_str(&row.body).map_err(|error| broken(Fault::Unreadable(error.to_string())))?;
        entries.push(Entry { seq, at: to_millisecond(row.at), author: row.author, fact, hash: row.hash });
        last = (seq, row.hash);
    }
    let (expected, hash) = head.unwrap_or((0, Hash::ZERO));
    if expected > last.0 {
        return Err(BrokenLink { agent, seq: last.0 + 1, fault: Fault::LastMissing { expected } });
    }
    if (expected, hash) != last {
        return Err(BrokenLink { agent, seq: last.0, fault: Fault::WrongHead });
    }
    Ok(entries)
}

/// Every part is preceded by its length, so that no two ledgers give the same bytes.
fn digest(agent: PersonId, before: Hash, seq: u64, at: Timestamp, author: Option<PersonId>, body: &str) -> Hash {
    let author = author.map(|person| person.0.to_be_bytes());
    let parts: [&[u8]; 7] = [
        PURPOSE,
        &before.0,
        &agent.0.to_be_bytes(),
        &seq.to_be_bytes(),
        &at.as_millisecond().to_be_bytes(),
        author.as_ref().map_or(&[], |bytes| bytes.as_slice()),
        body.as_bytes(),
    ];
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    Hash(hash.finalize().into())
}
