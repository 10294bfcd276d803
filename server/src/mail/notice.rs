//! Mails that are not repeated within a week, whoever asks for them.

use crate::error::Result;
use jiff::{SignedDuration, Timestamp};
use sea_orm::{ConnectionTrait, Statement, Value};
use std::collections::BTreeSet;

/// How long nobody is written to again.
pub const QUIET: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Rows written by one statement.
const TOGETHER: usize = 400;

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// To open an account.
    Invitation,
    /// To go on with a training.
    Reminder,
}

impl Kind {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reminder => "reminder",
        }
    }
}

/// Those of these people who were not told within a week; from now on they were. Of two who ask at once, one gets
/// each person.
///
/// # Errors
/// When the database fails.
pub async fn claim(db: &impl ConnectionTrait, kind: Kind, people: &[i64], now: Timestamp) -> Result<BTreeSet<i64>> {
    let mut claimed = BTreeSet::new();
    for people in people.chunks(TOGETHER) {
        let mut values: Vec<Value> = vec![kind.as_str().into(), now.as_millisecond().into(), before(now).into()];
        let rows = people.iter().map(|person| {
            values.push((*person).into());
            format!("(${}, $1, $2)", values.len())
        });
        let rows = rows.collect::<Vec<_>>().join(", ");
        let sql = format!(
            "INSERT INTO notice (person_id, kind, at) VALUES {rows} ON CONFLICT (person_id, kind) \
             DO UPDATE SET at = excluded.at WHERE notice.at <= $3 RETURNING person_id"
        );
        let rows = db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
        for row in rows {
            claimed.insert(row.try_get::<i64>("", "person_id")?);
        }
    }
    Ok(claimed)
}

/// The last instant of which a week has gone, in milliseconds.
#[must_use]
pub fn before(now: Timestamp) -> i64 {
    now.checked_sub(QUIET).unwrap_or(Timestamp::UNIX_EPOCH).as_millisecond()
}
