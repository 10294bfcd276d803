//! Statements whose object is another statement (Data 2.3.2, 2.4.4.3).

use super::entity::{statement, statement_reach, statement_target};
use super::keep::{TOGETHER, known};
use crate::crowd::evened;
use crate::error::Result;
use domain::xapi::Statement;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _, Set};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Whether statements that came before point at one of these.
pub(super) async fn awaited(db: &impl ConnectionTrait, fresh: &[(Uuid, &Statement)]) -> Result<bool> {
    for group in fresh.chunks(TOGETHER) {
        let ids = evened(group.iter().map(|(id, _)| id.as_bytes().to_vec()));
        let one = statement_target::Entity::find().filter(statement_target::Column::Target.is_in(ids)).one(db).await?;
        if one.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Follows references, in both directions: what these statements reach, and who reaches them (Communication 2.1.3);
/// takes back what is taken back (Data 2.3.2).
pub(super) async fn follow(
    db: &impl ConnectionTrait,
    fresh: &[(Uuid, &Statement)],
    seqs: &mut BTreeMap<Uuid, i64>,
) -> Result<()> {
    let targets: BTreeSet<Uuid> = fresh.iter().filter_map(|(_, statement)| statement.traits.target).collect();
    let there = known(db, targets.into_iter().collect()).await?;
    seqs.extend(there.iter().map(|(id, row)| (*id, row.seq)));
    let rows: Vec<_> = fresh
        .iter()
        .filter_map(|(id, statement)| {
            let target = statement.traits.target?.as_bytes().to_vec();
            Some(statement_target::ActiveModel { target: Set(target), referrer: Set(*seqs.get(id)?) })
        })
        .collect();
    for rows in rows.chunks(TOGETHER) {
        statement_target::Entity::insert_many(rows.iter().cloned()).exec_without_returning(db).await?;
    }
    for (id, statement) in fresh {
        let Some(&seq) = seqs.get(id) else { continue };
        let mut reached = BTreeSet::from([seq]);
        if let Some(target) = statement.traits.target.and_then(|target| seqs.get(&target)) {
            reached.insert(*target);
            reached.extend(reach(db, statement_reach::Column::Referrer, *target).await?);
            if statement.traits.voids {
                void(db, &[*target]).await?;
            }
        }
        let referrers: Vec<i64> = statement_target::Entity::find()
            .select_only()
            .column(statement_target::Column::Referrer)
            .filter(statement_target::Column::Target.eq(id.as_bytes().to_vec()))
            .into_tuple()
            .all(db)
            .await?;
        let mut reaching = BTreeSet::from([seq]);
        for referrer in &referrers {
            reaching.insert(*referrer);
            reaching.extend(reach(db, statement_reach::Column::Reached, *referrer).await?);
        }
        let pairs = reaching.iter().flat_map(|from| reached.iter().map(move |to| (*from, *to)));
        let rows: Vec<_> = pairs
            .filter(|(from, to)| from != to)
            .map(|(from, to)| statement_reach::ActiveModel { referrer: Set(from), reached: Set(to) })
            .collect();
        let columns = [statement_reach::Column::Referrer, statement_reach::Column::Reached];
        for rows in rows.chunks(TOGETHER) {
            let once = OnConflict::columns(columns).do_nothing_on(columns).to_owned();
            let insert = statement_reach::Entity::insert_many(rows.iter().cloned()).on_conflict(once);
            insert.try_insert().exec_without_returning(db).await?;
        }
        let voided = statement::Entity::find()
            .filter(statement::Column::Seq.is_in(referrers))
            .filter(statement::Column::Voids.eq(true))
            .one(db)
            .await?;
        if voided.is_some() {
            void(db, &[seq]).await?;
        }
    }
    Ok(())
}

/// The other end of what a statement reaches, or is reached from.
async fn reach(db: &impl ConnectionTrait, from: statement_reach::Column, seq: i64) -> Result<Vec<i64>> {
    let other = match from {
        statement_reach::Column::Referrer => statement_reach::Column::Reached,
        statement_reach::Column::Reached => statement_reach::Column::Referrer,
    };
    let rows = statement_reach::Entity::find().select_only().column(other).filter(from.eq(seq));
    Ok(rows.into_tuple().all(db).await?)
}

/// Takes statements back; one that itself takes another back stays.
async fn void(db: &impl ConnectionTrait, seqs: &[i64]) -> Result<()> {
    statement::Entity::update_many()
        .col_expr(statement::Column::Voided, Expr::value(true))
        .filter(statement::Column::Seq.is_in(seqs.iter().copied()))
        .filter(statement::Column::Voids.eq(false))
        .exec(db)
        .await?;
    Ok(())
}
