//! How cohorts stand: sums over the enrolments of their members, as far as one may list them.

use super::agents::{self, Filter};
use super::store::Question;
use crate::access::AgentLister;
use crate::error::Result;
use domain::ids::CohortId;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use std::collections::BTreeMap;

/// The members of a cohort, counted; who is away or suspended is not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) members: u64,
    pub(crate) done: u64,
    pub(crate) late: u64,
}

#[derive(Debug, FromQueryResult)]
struct Counted {
    cohort_id: String,
    members: i64,
    done: i64,
    late: i64,
}

/// Each cohort of the course of which this person lists a member; that one only, where it is named.
///
/// # Errors
/// When the database fails.
pub(crate) async fn standings(
    db: &impl ConnectionTrait,
    asked: &Question,
    lister: &AgentLister,
    only: Option<CohortId>,
) -> Result<BTreeMap<CohortId, Standing>> {
    let filter = Filter { cohort: only.map(agents::Among::Cohort), ..Filter::default() };
    let (condition, values) = agents::condition(asked, lister, &filter);
    let late = asked.late();
    let sql = format!(
        "SELECT e.cohort_id, COUNT(*) AS members, COUNT(e.done_at) AS done, COUNT(CASE WHEN {late} THEN 1 END) AS late \
         FROM enrolment e WHERE {condition} AND e.cohort_id IS NOT NULL GROUP BY e.cohort_id"
    );
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let unsigned = |n: i64| u64::try_from(n).unwrap_or(0);
    let rows = Counted::find_by_statement(statement).all(db).await?;
    let standing = |row: Counted| {
        let id = row.cohort_id.parse().ok()?;
        Some((id, Standing { members: unsigned(row.members), done: unsigned(row.done), late: unsigned(row.late) }))
    };
    Ok(rows.into_iter().filter_map(standing).collect())
}
