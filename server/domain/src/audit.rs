//! The log of who looked at or changed whose record, who entered, and who was refused: one chain for everybody, each line bound
//! by hash to the one before.
//!
//! Unlike an agent's ledger it is not kept for ever: its oldest lines go once their term is past, and the chain then
//! begins after the last that went, whose place and hash are kept.

#[cfg(test)]
mod tests;

use crate::ids::PersonId;
use crate::record::{Hash, to_millisecond};
use jiff::{SignedDuration, Timestamp};
use std::fmt;
use std::str::FromStr;

/// Sets these hashes apart from any other use of SHA-256; a new way of hashing takes a new number.
const PURPOSE: &[u8] = b"socle/audit/1";

/// Looks of the same person at the same page within so long are one line.
pub const ONE_LOOK: SignedDuration = SignedDuration::from_mins(10);

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deed {
    Looked,
    Changed,
    /// Opened an account, or showed a factor of it.
    Entered,
    /// Was not let at a page about others, or not into an account.
    Refused,
}

/// What is to be noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// To the millisecond.
    pub at: Timestamp,
    /// None: the platform itself, its command line, another system, or whoever was not let into an account.
    pub actor: Option<PersonId>,
    /// The role that opened the page, as stored: `trainer`; `token:` and its identifier for another system; empty for the
    /// platform.
    pub role: String,
    /// Whose record; none for a page about many.
    pub subject: Option<PersonId>,
    pub deed: Deed,
    /// The route: `/suivi/{person}`; by what an account was entered, or was not: `connexion/mot-de-passe`.
    pub page: String,
    /// The address, without its query; empty where it tells nothing more.
    pub path: String,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Place in the log, from 1, without a gap.
    pub seq: u64,
    pub note: Note,
    pub hash: Hash,
}

/// An end of the chain: a place and its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    pub seq: u64,
    pub hash: Hash,
}

/// Where the log is no longer what was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("ligne n°\u{a0}{0}\u{a0}: elle manque, ou n’est pas à sa place")]
    Missing(u64),
    #[error("ligne n°\u{a0}{0}\u{a0}: elle a été modifiée")]
    Changed(u64),
    #[error("le journal devrait finir à la ligne n°\u{a0}{expected}, et finit à la ligne n°\u{a0}{found}")]
    WrongHead { expected: u64, found: u64 },
}

impl End {
    /// Before the first line there ever was.
    pub const START: Self = Self { seq: 0, hash: Hash::ZERO };

    /// The line that comes next, and the end that it makes.
    #[must_use]
    pub fn then(self, note: Note) -> Line {
        let seq = self.seq + 1;
        let note = Note { at: to_millisecond(note.at), ..note };
        Line { seq, hash: digest(self.hash, seq, &note), note }
    }

    /// Whether the line is the very one that came next.
    ///
    /// # Errors
    /// Names what is wrong.
    pub fn check(self, line: &Line) -> Result<Self, Broken> {
        let seq = self.seq + 1;
        if line.seq != seq {
            return Err(Broken::Missing(seq));
        }
        if line.hash == digest(self.hash, seq, &line.note) {
            Ok(Self { seq, hash: line.hash })
        } else {
            Err(Broken::Changed(seq))
        }
    }

    /// Whether the log ends where it should: what shows that its last lines were removed.
    ///
    /// # Errors
    /// Where it does not.
    pub fn is_head(self, head: Self) -> Result<(), Broken> {
        if self == head { Ok(()) } else { Err(Broken::WrongHead { expected: head.seq, found: self.seq }) }
    }
}

fn digest(before: Hash, seq: u64, note: &Note) -> Hash {
    let number = |person: Option<PersonId>| person.map(|person| person.0.to_be_bytes());
    let (actor, subject) = (number(note.actor), number(note.subject));
    Hash::of(&[
        PURPOSE,
        &before.0,
        &seq.to_be_bytes(),
        &note.at.as_millisecond().to_be_bytes(),
        actor.as_ref().map_or(&[], |bytes| bytes.as_slice()),
        note.role.as_bytes(),
        subject.as_ref().map_or(&[], |bytes| bytes.as_slice()),
        note.deed.as_str().as_bytes(),
        note.page.as_bytes(),
        note.path.as_bytes(),
    ])
}

impl Deed {
    pub const ALL: [Self; 4] = [Self::Looked, Self::Changed, Self::Entered, Self::Refused];

    /// As stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Looked => "looked",
            Self::Changed => "changed",
            Self::Entered => "entered",
            Self::Refused => "refused",
        }
    }

    /// As shown.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Looked => "Consultation",
            Self::Changed => "Modification",
            Self::Entered => "Connexion",
            Self::Refused => "Refus",
        }
    }
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Deed {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|deed| deed.as_str() == text).ok_or(())
    }
}
