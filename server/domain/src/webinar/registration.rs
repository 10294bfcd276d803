//! Who has a place at a webinar, and who waits for one.
//!
//! Places go in the order of asking. Beyond the capacity one waits; a place that frees, or a capacity that
//! grows, is offered to the first who waits. Nobody ever loses a place to somebody else.

#[cfg(test)]
mod tests;

use crate::ids::PersonId;
use jiff::Timestamp;
use std::fmt;
use std::str::FromStr;

/// Where somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Has a place.
    Registered,
    /// Waits for one.
    Waiting,
    /// Gave it up.
    Withdrawn,
}

/// Somebody's place in the order of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Registration {
    pub person: PersonId,
    /// When they asked, or asked again after withdrawing; no two are equal in a roster.
    pub at: Timestamp,
    pub status: Status,
}

/// Something that happened to somebody, to be told to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Registered(PersonId),
    /// Waits, beyond the capacity.
    Waits(PersonId),
    /// Waited and now has a place.
    Promoted(PersonId),
    Withdrew(PersonId),
}

impl Change {
    /// Whom it happened to.
    #[must_use]
    pub fn person(self) -> PersonId {
        match self {
            Self::Registered(person) | Self::Waits(person) | Self::Promoted(person) | Self::Withdrew(person) => person,
        }
    }
}

/// Everybody who asked for a place, in the order of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    capacity: u32,
    entries: Vec<Registration>,
}

/// Why a text is not a status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the status of a registration")]
pub struct NotAStatus(pub String);

impl Roster {
    /// The roster as it was stored.
    #[must_use]
    pub fn new(capacity: u32, mut entries: Vec<Registration>) -> Self {
        entries.sort_by_key(|entry| (entry.at, entry.person));
        Self { capacity, entries }
    }

    /// Asks for a place. Asking twice changes nothing.
    pub fn register(&mut self, person: PersonId, now: Timestamp) -> Vec<Change> {
        if self.status(person).is_some_and(|status| status != Status::Withdrawn) {
            return Vec::new();
        }
        let has_place = self.free() > 0;
        let status = if has_place { Status::Registered } else { Status::Waiting };
        let at = self.next_instant(now);
        self.entries.retain(|entry| entry.person != person);
        self.entries.push(Registration { person, at, status });
        vec![if has_place { Change::Registered(person) } else { Change::Waits(person) }]
    }

    /// Gives a place up, or a place in the waiting list; the first who waits has it. Doing it twice changes nothing.
    pub fn withdraw(&mut self, person: PersonId) -> Vec<Change> {
        let standing = |entry: &&mut Registration| entry.person == person && entry.status != Status::Withdrawn;
        let Some(entry) = self.entries.iter_mut().find(standing) else { return Vec::new() };
        entry.status = Status::Withdrawn;
        let mut changes = vec![Change::Withdrew(person)];
        changes.extend(self.promote());
        changes
    }

    /// Changes the capacity. Whoever has a place keeps it, even beyond a smaller one.
    pub fn resize(&mut self, capacity: u32) -> Vec<Change> {
        self.capacity = capacity;
        self.promote()
    }

    fn promote(&mut self) -> Vec<Change> {
        let mut free = self.free();
        let mut changes = Vec::new();
        for entry in self.entries.iter_mut().filter(|entry| entry.status == Status::Waiting) {
            if free == 0 {
                break;
            }
            free -= 1;
            entry.status = Status::Registered;
            changes.push(Change::Promoted(entry.person));
        }
        changes
    }

    /// Later than every instant in the roster, so that two who ask in the same millisecond have an order.
    fn next_instant(&self, now: Timestamp) -> Timestamp {
        let last = self.entries.iter().map(|entry| entry.at.as_millisecond()).max();
        let next = last.map_or(now.as_millisecond(), |last| now.as_millisecond().max(last.saturating_add(1)));
        Timestamp::from_millisecond(next).unwrap_or(now)
    }

    /// Everybody, withdrawn too, in the order of asking.
    #[must_use]
    pub fn entries(&self) -> &[Registration] {
        &self.entries
    }

    /// Those of that status, in the order of asking.
    pub fn having(&self, status: Status) -> impl Iterator<Item = PersonId> + '_ {
        self.entries.iter().filter(move |entry| entry.status == status).map(|entry| entry.person)
    }

    /// Where that person stands, if they ever asked.
    #[must_use]
    pub fn status(&self, person: PersonId) -> Option<Status> {
        self.entry(person).map(|entry| entry.status)
    }

    /// Their entry, if they ever asked.
    #[must_use]
    pub fn entry(&self, person: PersonId) -> Option<&Registration> {
        self.entries.iter().find(|entry| entry.person == person)
    }

    /// Their rank among those who wait, from 1.
    #[must_use]
    pub fn rank(&self, person: PersonId) -> Option<usize> {
        self.having(Status::Waiting).position(|waiting| waiting == person).map(|place| place + 1)
    }

    #[must_use]
    pub fn capacity(&self) -> u32 {
        self.capacity
    }

    /// How many have a place.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.having(Status::Registered).count()
    }

    /// Places left.
    #[must_use]
    pub fn free(&self) -> usize {
        usize::try_from(self.capacity).unwrap_or(usize::MAX).saturating_sub(self.taken())
    }
}

impl Status {
    /// As stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Waiting => "waiting",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Status {
    type Err = NotAStatus;
    fn from_str(text: &str) -> Result<Self, NotAStatus> {
        [Self::Registered, Self::Waiting, Self::Withdrawn]
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| NotAStatus(text.to_owned()))
    }
}
