//! Polls.

use super::act::Ballot;
use crate::ids::PersonId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A poll that was put to the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poll {
    pub ballot: Ballot,
    pub open: bool,
    /// Who chose what, by places in the ballot. An agent is told their own only.
    pub votes: BTreeMap<PersonId, Vec<u8>>,
    /// How many chose what, once it is shown.
    pub shown: Option<Tally>,
}

/// How many chose what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub voters: u32,
    /// In the ballot's order.
    pub counts: Vec<u32>,
}

impl Poll {
    /// One that was just put.
    #[must_use]
    pub fn new(ballot: Ballot) -> Self {
        Self { ballot, open: true, votes: BTreeMap::new(), shown: None }
    }

    /// How many chose what, by the votes that are known here.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut counts = vec![0; self.ballot.choices.len()];
        for choice in self.votes.values().flatten() {
            if let Some(count) = counts.get_mut(usize::from(*choice)) {
                *count += 1;
            }
        }
        Tally { voters: u32::try_from(self.votes.len()).unwrap_or(u32::MAX), counts }
    }
}
