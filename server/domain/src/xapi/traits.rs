//! What a statement is found by (Communication 2.1.3).

use super::actor::{Actor, Identifier};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A verb, an agent, an activity or a registration, as indexes hold it: the first eight bytes of a SHA-256. Two of
/// them with the same key are not to be expected before there are billions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(pub i64);

impl Key {
    fn of(kind: &str, text: &str) -> Self {
        let digest = Sha256::new().chain_update(kind).chain_update("\n").chain_update(text).finalize();
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        Self(i64::from_be_bytes(first))
    }

    /// The key of a verb.
    #[must_use]
    pub fn verb(iri: &str) -> Self {
        Self::of("verb", iri)
    }

    /// The key of an activity.
    #[must_use]
    pub fn activity(iri: &str) -> Self {
        Self::of("activity", iri)
    }

    /// The key of an agent or an identified group.
    #[must_use]
    pub fn agent(identifier: &Identifier) -> Self {
        Self::of("agent", &identifier.to_string())
    }

    /// The key of a registration.
    #[must_use]
    pub fn registration(id: Uuid) -> Self {
        Self::of("registration", &id.to_string())
    }
}

/// What a statement is found by.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Traits {
    pub verb: Key,
    /// The activity that is its object.
    pub activity: Option<Key>,
    /// Its agents, its registration, the other activities it names. True: found in the broad only, by
    /// `related_agents` or `related_activities`.
    pub others: BTreeMap<Key, bool>,
    /// The statement that is its object.
    pub target: Option<Uuid>,
    /// Whether it takes that one back.
    pub voids: bool,
    /// The activities that it defines, by their IRIs.
    pub definitions: BTreeMap<String, Value>,
}

impl Traits {
    fn other(&mut self, key: Key, broad: bool) {
        self.others.entry(key).and_modify(|known| *known &= broad).or_insert(broad);
    }

    pub(super) fn verb(&mut self, iri: &str) {
        self.verb = Key::verb(iri);
    }

    pub(super) fn agents(&mut self, who: Actor, broad: bool) {
        for identifier in who.identifiers() {
            self.other(Key::agent(&identifier), broad);
        }
    }

    /// Found by this agent where agents are taken broadly.
    pub(super) fn broadly(&mut self, agent: &Identifier) {
        self.other(Key::agent(agent), true);
    }

    pub(super) fn registration(&mut self, id: Uuid) {
        self.other(Key::registration(id), false);
    }

    pub(super) fn object_activity(&mut self, iri: &str, definition: Option<&Value>, broad: bool) {
        if broad {
            self.other(Key::activity(iri), true);
        } else {
            self.activity = Some(Key::activity(iri));
        }
        self.define(iri, definition);
    }

    pub(super) fn context_activity(&mut self, iri: &str, definition: Option<&Value>) {
        self.other(Key::activity(iri), true);
        self.define(iri, definition);
    }

    fn define(&mut self, iri: &str, definition: Option<&Value>) {
        if let Some(definition) = definition {
            self.definitions.insert(iri.to_owned(), definition.clone());
        }
    }
}
