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

    /// That of these parts. Each is preceded by its length, so that no two lists of parts give the same bytes.
    #[must_use]
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
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
    /// Where it was first written, for a fact brought over from another account of the same person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    pub hash: Hash,
}

/// The place of a fact in the ledger of another account of the same person, where it stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    pub person: PersonId,
    pub seq: u64,
    pub hash: Hash,
    /// When it became so. To the millisecond.
    pub at: Timestamp,
    /// Who wrote it there; none: the agent's own doing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<PersonId>,
}

/// What an entry tells: a fact, and where it comes from if it was brought over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub fact: Fact,
    pub origin: Option<Origin>,
}

impl From<Fact> for Told {
    fn from(fact: Fact) -> Self {
        Self { fact, origin: None }
    }
}

impl Entry {
    /// When it became so: for a fact brought over, when it was first written.
    #[must_use]
    pub fn when(&self) -> Timestamp {
        self.origin.map_or(self.at, |origin| origin.at)
    }

    /// Who said so first; none: the agent's own doing.
    #[must_use]
    pub fn said_by(&self) -> Option<PersonId> {
        self.origin.map_or(self.author, |origin| origin.author)
    }
}

impl Told {
    /// As the ledger keeps it: the fact's own JSON, with its origin besides where it has one.
    fn body(&self) -> serde_json::Result<String> {
        #[derive(Serialize)]
        struct Body<'t> {
            #[serde(flatten)]
            fact: &'t Fact,
            origin: Origin,
        }
        match self.origin {
            None => serde_json::to_string(&self.fact),
            Some(origin) => serde_json::to_string(&Body { fact: &self.fact, origin }),
        }
    }

    /// What the text of an entry tells.
    ///
    /// # Errors
    /// Where it is no fact's.
    pub fn read(body: &str) -> serde_json::Result<Self> {
        #[derive(Deserialize)]
        struct Apart {
            origin: Option<Origin>,
        }
        let Apart { origin } = serde_json::from_str(body)?;
        Ok(Self { fact: serde_json::from_str(body)?, origin })
    }
}

/// An entry as it is stored, its fact still in the very text that was hashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    pub seq: u64,
    pub at: Timestamp,
    pub author: Option<PersonId>,
    /// JSON of the [`Fact`], with its origin where it has one, byte for byte as written.
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
    told: impl Into<Told>,
) -> (Entry, String) {
    let told = told.into();
    let body = told.body().expect("facts fit JSON");
    let (last, before) = previous.unwrap_or((0, Hash::ZERO));
    let seq = last + 1;
    let at = to_millisecond(at);
    let hash = digest(agent, before, seq, at, author, &body);
    let Told { fact, origin } = told;
    (Entry { seq, at, author, fact, origin, hash }, body)
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
        let told = Told::read(&row.body).map_err(|error| broken(Fault::Unreadable(error.to_string())))?;
        let Told { fact, origin } = told;
        entries.push(Entry { seq, at: to_millisecond(row.at), author: row.author, fact, origin, hash: row.hash });
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

fn digest(agent: PersonId, before: Hash, seq: u64, at: Timestamp, author: Option<PersonId>, body: &str) -> Hash {
    let author = author.map(|person| person.0.to_be_bytes());
    Hash::of(&[
        PURPOSE,
        &before.0,
        &agent.0.to_be_bytes(),
        &seq.to_be_bytes(),
        &at.as_millisecond().to_be_bytes(),
        author.as_ref().map_or(&[], |bytes| bytes.as_slice()),
        body.as_bytes(),
    ])
}
