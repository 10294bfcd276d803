//! Where agents stand, as other systems ask.

use super::entity::enrolment::{Column, Entity, Model};
use crate::app::App;
use crate::error::Result;
use domain::follow_up::{State, due_at};
use jiff::Timestamp;
use sea_orm::sea_query::{ExprTrait as _, SelectStatement};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _,
};
use std::collections::BTreeMap;

/// How agents must stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'w> {
    /// In that course; in any where none is named.
    pub(crate) course: Option<&'w str>,
    pub(crate) state: Option<State>,
    /// With that cohort.
    pub(crate) cohort: Option<&'w str>,
}

impl Wanted<'_> {
    /// Those who stand so.
    pub(crate) fn people(&self) -> SelectStatement {
        let mut select = Entity::find().select_only().column(Column::PersonId);
        if let Some(course) = self.course {
            select = select.filter(Column::Course.eq(course));
        }
        if let Some(cohort) = self.cohort {
            select = select.filter(Column::CohortId.eq(cohort));
        }
        let open = Column::DoneAt.is_null();
        let select = match self.state {
            None => select,
            Some(State::Done) => select.filter(Column::DoneAt.is_not_null()),
            Some(State::NotBegun) => select.filter(open.and(Column::Begun.eq(0))),
            Some(State::UnderWay) => select.filter(open.and(Column::Begun.eq(1))),
        };
        select.into_query()
    }
}

/// Whether that enrolment is late now.
pub(crate) fn is_late(app: &App, row: &Model) -> bool {
    let instant = |at: i64| Timestamp::from_millisecond(at).unwrap_or(Timestamp::MAX);
    let due_at = due_at(instant(row.enrolled_at), row.due_at.map(instant), app.config.training_days);
    row.active == 1 && row.done_at.is_none() && due_at < app.clock.now()
}

/// Where each of these agents stands in each course.
///
/// # Errors
/// When the database fails.
pub(crate) async fn of(db: &impl ConnectionTrait, people: &[i64]) -> Result<BTreeMap<i64, Vec<Model>>> {
    let rows = Entity::find().filter(Column::PersonId.is_in(people.iter().copied())).order_by_asc(Column::Course);
    let mut standings: BTreeMap<i64, Vec<Model>> = BTreeMap::new();
    for row in rows.all(db).await? {
        standings.entry(row.person_id).or_default().push(row);
    }
    Ok(standings)
}
