//! Where things are kept, how much of it there is, and how much room is left.

use super::{Failure, Seen};
use jiff::{SignedDuration, Timestamp};

/// What is kept, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Storage {
    /// When it was measured.
    pub at: Timestamp,
    pub database: Seen<u64>,
    pub recordings: Seen<Kept>,
    /// The address of the bucket where recordings are, where they are in one.
    pub bucket: Option<String>,
    /// Files of courses.
    pub media: Seen<Kept>,
    pub uploads: Seen<Folder>,
    pub copies: Copies,
    pub disks: Vec<Disk>,
}

/// Things in number and in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kept {
    pub count: u64,
    pub bytes: u64,
}

/// What a folder holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Folder {
    pub bytes: u64,
    /// Whether all of it was counted: there is a bound to how many files are.
    pub whole: bool,
}

/// A disk, and what is kept on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disk {
    /// « Données, copies »
    pub holds: Vec<&'static str>,
    /// A folder of it.
    pub path: String,
    pub space: Seen<Space>,
}

/// The room of a disk, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    pub all: u64,
    pub free: u64,
}

/// Less room than that is too little, on any disk.
pub const AT_LEAST: u64 = 2_000_000_000;

impl Space {
    /// Whether less than a tenth, or less than [`AT_LEAST`], is left.
    #[must_use]
    pub fn is_short(self) -> bool {
        self.free < AT_LEAST || self.free < self.all / 10
    }

    /// How much of a hundred is left.
    #[must_use]
    pub fn percent(self) -> u8 {
        let percent = u128::from(self.free) * 100 / u128::from(self.all.max(1));
        u8::try_from(percent.min(100)).unwrap_or(100)
    }
}

/// The copies of nights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Copies {
    /// `PostgreSQL` has its own tools.
    Elsewhere,
    /// A demonstration makes none that was not told where.
    None,
    Made {
        folder: String,
        all: Seen<Folder>,
        last: Seen<Option<LastCopy>>,
    },
}

/// A copy that is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastCopy {
    pub at: Timestamp,
    /// Where what it tells of itself can be read.
    pub bytes: Result<u64, Failure>,
    pub path: String,
}

/// The last copy is too old from there on: one is made each night.
pub const STALE: SignedDuration = SignedDuration::from_hours(26);

impl Copies {
    /// Whether a copy is missing, for a process that began `since` then: the first one is made as it starts.
    #[must_use]
    pub fn are_stale(&self, since: Timestamp, now: Timestamp) -> bool {
        match self {
            Self::Made { last: Ok(last), .. } => {
                let last = last.as_ref().map_or(since, |last| last.at);
                now.duration_since(last) > STALE
            }
            Self::Elsewhere | Self::None | Self::Made { last: Err(_), .. } => false,
        }
    }

    /// The last one, where there is one.
    #[must_use]
    pub fn last(&self) -> Option<&LastCopy> {
        match self {
            Self::Made { last: Ok(last), .. } => last.as_ref(),
            _ => None,
        }
    }
}
