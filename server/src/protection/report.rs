//! What nights took away, as they noted it.

use super::entity::{retention_line, retention_night};
use crate::error::Result;
use domain::protection::Night;
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Statement,
};
use std::collections::BTreeMap;

/// Adds to the report of a night.
pub(super) async fn add(db: &impl ConnectionTrait, night: Night, class: &str, gone: u64) -> Result<()> {
    if gone > 0 {
        let sql = "INSERT INTO retention_line (night, class, gone) VALUES ($1, $2, $3) \
                   ON CONFLICT (night, class) DO UPDATE SET gone = retention_line.gone + excluded.gone";
        let values = [night.to_string().into(), class.into(), i64::try_from(gone).unwrap_or(i64::MAX).into()];
        db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    }
    Ok(())
}

/// What a night took away, by class; `done_at` is none while it is under way.
pub(super) struct Report {
    pub(super) night: Night,
    pub(super) done_at: Option<Timestamp>,
    pub(super) gone: BTreeMap<String, u64>,
}

/// The latest nights before `before`, the latest first.
pub(super) async fn latest(db: &impl ConnectionTrait, before: Option<Night>, limit: u64) -> Result<Vec<Report>> {
    let mut select = retention_night::Entity::find();
    if let Some(before) = before {
        select = select.filter(retention_night::Column::Night.lt(before.to_string()));
    }
    let nights = select.order_by_desc(retention_night::Column::Night).limit(limit).all(db).await?;
    let lines = retention_line::Entity::find()
        .filter(retention_line::Column::Night.is_in(nights.iter().map(|row| row.night.clone())))
        .all(db)
        .await?;
    let reports = nights.into_iter().filter_map(|row| {
        let own = lines.iter().filter(|line| line.night == row.night);
        Some(Report {
            night: row.night.parse().ok()?,
            done_at: row.done_at.and_then(|at| Timestamp::from_millisecond(at).ok()),
            gone: own.map(|line| (line.class.clone(), u64::try_from(line.gone).unwrap_or(0))).collect(),
        })
    });
    Ok(reports.collect())
}
