//! How the product runs, as its administrators read it: what was seen of it ([`State`]), and what needs attention
//! ([`concerns`]). What could not be read is said with why; it hides nothing of the rest.

mod acme;
mod concern;
mod failure;
mod job;
mod storage;
#[cfg(test)]
mod tests;

pub use acme::{Acme, Trouble, due, pause};
pub use concern::{Concern, Degree, Part, concerns};
pub use failure::Failure;
pub use job::{Job, Round, Run, Standing, standings};
pub use storage::{AT_LEAST, Copies, Disk, Folder, Kept, LastCopy, STALE, Space, Storage};

use jiff::{SignedDuration, Timestamp};

/// What was read, or why it could not be.
pub type Seen<T> = Result<T, Failure>;

/// What was seen of the running product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// When it was looked at.
    pub now: Timestamp,
    pub health: Health,
    /// Every job, and its runs since the process began.
    pub jobs: Vec<(Job, Run)>,
    pub mails: Seen<Mails>,
    pub webhooks: Seen<Webhooks>,
    pub storage: Storage,
    pub versions: Versions,
    pub keys: Keys,
}

/// Whether it answers, and whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// When the process began.
    pub since: Timestamp,
    pub production: bool,
    pub public_url: String,
    pub database: Seen<Database>,
    pub clock: Seen<Clock>,
    pub media: Media,
    pub rooms: Seen<Rooms>,
    /// What nodes share viewers over, where something is.
    pub cascade: Option<Cascade>,
    pub sessions: Seen<Sessions>,
}

/// The database, which answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// « SQLite 3.50.4 »
    pub engine: String,
    pub took: SignedDuration,
}

/// What tells that the clock may be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Clock {
    /// How far in the future somebody was last seen: the clock was ahead then, or is behind now.
    pub ahead_of_it: Option<SignedDuration>,
    /// How far the clock of the database's machine is from this one's, either way.
    pub apart: Option<SignedDuration>,
}

/// A clock is wrong from there on: a code of a generator is good for half a minute.
const CLOCK_WRONG: SignedDuration = SignedDuration::from_secs(30);

impl Clock {
    /// By how much the clock is wrong, where it is.
    #[must_use]
    pub fn wrong_by(self) -> Option<SignedDuration> {
        [self.ahead_of_it, self.apart].into_iter().flatten().filter(|by| *by >= CLOCK_WRONG).max()
    }
}

/// The ports of picture and sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Media {
    /// They are bound at the first need of them.
    Waiting,
    /// « UDP 10000 », the best first.
    Open(Vec<String>),
    /// They were, and nobody serves them any more.
    Stopped,
}

/// Rooms of live webinars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rooms {
    pub open: u64,
    pub people: u64,
}

/// The other nodes, over NATS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cascade {
    /// « nats.example:4222 »
    pub hosts: Vec<String>,
    pub connected: bool,
    /// Those that were heard, and how many browsers each serves picture and sound to.
    pub nodes: Vec<(String, u64)>,
}

/// Sessions that are alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sessions {
    pub open: u64,
    /// Used in the last quarter of an hour.
    pub lately: u64,
}

/// The outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mails {
    /// Whether a relay takes them away.
    pub relay: bool,
    /// Whose time has come.
    pub waiting: u64,
    /// From when on the eldest of these could have left.
    pub eldest: Option<Timestamp>,
    /// To be sent later, as reminders are.
    pub planned: u64,
    /// In the last seven days.
    pub given_up: u64,
    pub last_sent: Option<Timestamp>,
}

/// The webhooks, and what is to be delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Webhooks {
    pub all: u64,
    pub disabled: u64,
    pub waiting: u64,
}

/// What is installed and published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versions {
    pub socle: &'static str,
    /// Where whoever built it said so.
    pub commit: Option<&'static str>,
    /// « linux `x86_64` »
    pub target: String,
    pub migrations: Seen<Migrations>,
    pub editions: Seen<Vec<Edition>>,
}

/// The migrations that the database went through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Migrations {
    pub count: u64,
    pub last: String,
}

/// The current version of a course or a pathway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    pub title: String,
    pub pathway: bool,
    pub number: u32,
    pub at: Option<Timestamp>,
    /// Offered no more to those who have not begun it.
    pub withdrawn: bool,
}

/// What signs, what encrypts, what opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    pub signing: Seen<Vec<SigningKey>>,
    /// None where a proxy ends TLS.
    pub tls: Option<Seen<Certificate>>,
    /// How asking an authority for it goes, where Socle does.
    pub acme: Option<Acme>,
    pub tokens: Seen<Tokens>,
    /// Accounts that must have a second factor and have none yet; none where none must.
    pub without_factor: Seen<Option<u64>>,
}

/// A key of certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKey {
    pub name: String,
    pub since: Timestamp,
    /// When the next one took over.
    pub until: Option<Timestamp>,
}

/// The certificate of HTTPS, as its file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    pub names: Vec<String>,
    pub since: Timestamp,
    pub until: Timestamp,
    /// Whether it can be used with its key.
    pub fits: bool,
}

/// A certificate with fewer days left is told of: whoever renews it did so a month before.
const CERTIFICATE_DAYS: i64 = 21;

impl Certificate {
    /// Whether it should have been renewed already: three weeks before its end, or a quarter of its life where that is less.
    #[must_use]
    pub fn is_ending(&self, now: Timestamp) -> bool {
        let quarter = self.until.duration_since(self.since) / 4;
        self.until.duration_since(now) < quarter.min(SignedDuration::from_hours(24 * CERTIFICATE_DAYS))
    }

    /// Whole days that are left of it, less than none once it has expired.
    #[must_use]
    pub fn days_left(&self, now: Timestamp) -> i64 {
        self.until.duration_since(now).as_secs().div_euclid(24 * 60 * 60)
    }
}

/// The tokens of other systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tokens {
    pub good: u64,
    /// Of these, within thirty days.
    pub expiring: u64,
}
