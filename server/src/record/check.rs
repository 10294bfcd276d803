//! Checking every ledger.

use super::entity::{fact, record};
use super::store::{ledger, load};
use crate::db::Db;
use crate::error::Result;
use domain::ids::PersonId;
use domain::record::{BrokenLink, Entry, Record, verify};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

/// What a check of the ledger found.
#[derive(Debug)]
pub enum Finding {
    Broken(BrokenLink),
    /// The chain holds, but the stored record is not its fold.
    Diverged {
        agent: PersonId,
    },
    /// The fact at that place is said to come from another ledger, which does not hold it.
    Strayed {
        agent: PersonId,
        seq: u64,
    },
}

/// Checks the whole ledger: every agent's chain, and that the stored record is its fold.
///
/// # Errors
/// When the database fails; what is wrong with the ledger is in the findings.
pub async fn check(db: &Db) -> Result<(u64, Vec<Finding>)> {
    let mut findings = Vec::new();
    let mut checked = 0;
    let known: Vec<i64> = record::Entity::find()
        .select_only()
        .column(record::Column::PersonId)
        .order_by_asc(record::Column::PersonId)
        .into_tuple()
        .all(db.reader())
        .await?;
    let orphaned: Vec<i64> = fact::Entity::find()
        .select_only()
        .column(fact::Column::PersonId)
        .distinct()
        .filter(fact::Column::PersonId.is_not_in(known.clone()))
        .into_tuple()
        .all(db.reader())
        .await?;
    for agent in known.into_iter().chain(orphaned).map(PersonId) {
        let folded = load(db.reader(), agent).await?;
        let rows = ledger(db.reader(), agent).await?;
        checked += rows.len() as u64;
        match verify(agent, rows, folded.head) {
            Err(broken) => findings.push(Finding::Broken(broken)),
            Ok(entries) if Record::of(&entries) != folded.record => findings.push(Finding::Diverged { agent }),
            Ok(entries) => findings.extend(strayed(db, agent, &entries).await?),
        }
    }
    Ok((checked, findings))
}

/// The facts brought over that are not, word for word, in the ledger that they are said to come from.
async fn strayed(db: &Db, agent: PersonId, entries: &[Entry]) -> Result<Vec<Finding>> {
    let mut sources: BTreeMap<PersonId, Vec<Entry>> = BTreeMap::new();
    let mut found = Vec::new();
    for (entry, origin) in entries.iter().filter_map(|entry| Some((entry, entry.origin?))) {
        if let Slot::Vacant(slot) = sources.entry(origin.person) {
            let head = load(db.reader(), origin.person).await?.head;
            // One that is broken is found broken by itself.
            slot.insert(verify(origin.person, ledger(db.reader(), origin.person).await?, head).unwrap_or_default());
        }
        let is_there = sources.get(&origin.person).into_iter().flatten().any(|source| {
            (source.seq, source.hash, &source.fact) == (origin.seq, origin.hash, &entry.fact)
                && (source.when(), source.said_by()) == (origin.at, origin.author)
        });
        if !is_there {
            found.push(Finding::Strayed { agent, seq: entry.seq });
        }
    }
    Ok(found)
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Broken(broken) => broken.fmt(f),
            Self::Diverged { agent } => write!(f, "agent {agent}: the stored record is not the fold of its facts"),
            Self::Strayed { agent, seq } => {
                write!(f, "agent {agent}, fact {seq}: the ledger that it is said to come from does not hold it")
            }
        }
    }
}
