//! Checking every ledger.

use super::entity::{fact, record};
use super::store::{ledger, load};
use crate::db::Db;
use crate::error::Result;
use domain::ids::PersonId;
use domain::record::{BrokenLink, Record, verify};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

/// What a check of the ledger found.
#[derive(Debug)]
pub enum Finding {
    Broken(BrokenLink),
    /// The chain holds, but the stored record is not its fold.
    Diverged {
        agent: PersonId,
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
            Ok(_) => {}
        }
    }
    Ok((checked, findings))
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Broken(broken) => broken.fmt(f),
            Self::Diverged { agent } => write!(f, "agent {agent}: the stored record is not the fold of its facts"),
        }
    }
}
