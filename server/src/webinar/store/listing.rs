//! Webinars as other systems list them, in the order in which they begin.

use super::super::entity::webinar::{Column, Entity};
use super::{Webinar, whole};
use crate::error::Result;
use domain::ids::WebinarId;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

/// Which webinars.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wanted<'w> {
    pub(crate) course: Option<&'w str>,
    /// `planned`, `live`, `closed` or `cancelled`.
    pub(crate) status: Option<&'w str>,
    /// Beginning at that millisecond or later, and before that one.
    pub(crate) from: Option<i64>,
    pub(crate) before: Option<i64>,
}

/// Some webinars after that beginning and identifier.
///
/// # Errors
/// When the database fails.
pub(crate) async fn page(
    db: &impl ConnectionTrait,
    wanted: Wanted<'_>,
    after: Option<(i64, WebinarId)>,
    limit: u64,
) -> Result<Vec<Webinar>> {
    let mut select = Entity::find();
    if let Some((at, id)) = after {
        let same = Column::StartsAt.eq(at).and(Column::Id.gt(id.to_string()));
        // Said of the beginning alone too, which the index serves.
        select = select.filter(Column::StartsAt.gte(at)).filter(Column::StartsAt.gt(at).or(same));
    }
    if let Some(course) = wanted.course {
        select = select.filter(Column::Course.eq(course));
    }
    if let Some(from) = wanted.from {
        select = select.filter(Column::StartsAt.gte(from));
    }
    if let Some(before) = wanted.before {
        select = select.filter(Column::StartsAt.lt(before));
    }
    let (began, closed, cancelled) = (Column::LiveAt, Column::ClosedAt, Column::CancelledAt);
    select = match wanted.status {
        Some("planned") => select.filter(began.is_null().and(cancelled.is_null())),
        Some("live") => select.filter(began.is_not_null().and(closed.is_null())),
        Some("closed") => select.filter(closed.is_not_null()),
        Some("cancelled") => select.filter(cancelled.is_not_null()),
        _ => select,
    };
    let rows = select.order_by_asc(Column::StartsAt).order_by_asc(Column::Id).limit(limit).all(db).await?;
    whole(db, rows).await
}
