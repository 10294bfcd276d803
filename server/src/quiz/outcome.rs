//! What attempts came to, for proof files.

use super::entity::attempt;
use crate::error::Result;
use domain::ids::PersonId;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _};

/// An attempt and its result, as proof files tell it.
#[derive(Debug, serde::Serialize)]
pub(crate) struct Outcome {
    attempt: String,
    course: String,
    /// The chapter's slug, or that of a quiz of the whole course.
    quiz: String,
    number: i64,
    /// Milliseconds since 1970, as all instants here.
    started_at: i64,
    handed_in_at: Option<i64>,
    /// Hundredths of a point.
    earned: Option<i64>,
    /// Hundredths of a point.
    max: Option<i64>,
}

/// Every attempt of a person, in the order of time.
pub(crate) async fn results(db: &impl ConnectionTrait, person: PersonId) -> Result<Vec<Outcome>> {
    let rows = attempt::Entity::find()
        .filter(attempt::Column::PersonId.eq(person.0))
        .order_by_asc(attempt::Column::StartedAt)
        .order_by_asc(attempt::Column::Id)
        .all(db)
        .await?;
    let outcome = |row: attempt::Model| Outcome {
        attempt: row.id,
        course: row.course,
        quiz: row.chapter,
        number: row.number,
        started_at: row.started_at,
        handed_in_at: row.handed_in_at,
        earned: row.earned,
        max: row.max,
    };
    Ok(rows.into_iter().map(outcome).collect())
}
