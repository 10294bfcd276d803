//! Recovery codes: ten, shown once, that stand for a second factor on the day it is lost. Kept as slow hashes under one salt of
//! theirs (ASVS 5.0, 6.5.2): their 60 bits would be few for whoever has the database, and trying one costs one hash.

use super::entity::recovery_code;
use super::password;
use super::session::hashed;
use crate::app::App;
use crate::error::{Error, Result};
use domain::identity::{RECOVERY_CODES, recovery_code, typed_recovery_code};
use domain::ids::PersonId;
use jiff::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, Set,
};
use std::collections::BTreeSet;

/// What is kept of a code: the salt, this, and the hash.
const BETWEEN: char = '$';

/// New ones, not in the database yet.
#[derive(Debug)]
pub(super) struct Made {
    codes: Vec<String>,
    kept: Vec<String>,
}

/// Makes new ones.
///
/// # Errors
/// When the server stops.
pub(super) async fn make(app: &App) -> Result<Made> {
    let codes: Vec<_> = (0..RECOVERY_CODES).map(|_| recovery_code(app.dice.secret())).collect();
    let salt = app.dice.uuid().simple().to_string();
    let kept = kept(codes.clone(), salt).await?;
    Ok(Made { codes, kept })
}

impl Made {
    /// Keeps them; those before are worth nothing then. What is to be shown.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep(self, db: &impl ConnectionTrait, person: PersonId) -> Result<Vec<String>> {
        delete(db, person).await?;
        let row = |code_hash| recovery_code::ActiveModel {
            person_id: Set(person.0),
            code_hash: Set(code_hash),
            used_at: Set(None),
        };
        recovery_code::Entity::insert_many(self.kept.into_iter().map(row)).exec_without_returning(db).await?;
        Ok(self.codes)
    }
}

/// All that a code as it was typed may be kept as; nothing where it can be none.
///
/// # Errors
/// When the database fails.
pub(super) async fn may_be_kept_as(db: &impl ConnectionTrait, person: PersonId, typed: &str) -> Result<Vec<String>> {
    let Some(code) = typed_recovery_code(typed) else { return Ok(Vec::new()) };
    let rows = recovery_code::Entity::find().filter(is_unused_of(person)).all(db).await?;
    let salts: BTreeSet<_> = rows.iter().filter_map(|row| Some(row.code_hash.split_once(BETWEEN)?.0)).collect();
    // Those given before they were salted.
    let mut may = vec![hashed(&code)];
    for salt in salts {
        may.extend(kept(vec![code.clone()], salt.to_owned()).await?);
    }
    Ok(may)
}

/// Takes one that is kept as one of those; whether it was there, and unused.
///
/// # Errors
/// When the database fails.
pub(super) async fn take(
    db: &impl ConnectionTrait,
    person: PersonId,
    kept_as: Vec<String>,
    now: Timestamp,
) -> Result<bool> {
    if kept_as.is_empty() {
        return Ok(false);
    }
    let taken = recovery_code::Entity::update_many()
        .col_expr(recovery_code::Column::UsedAt, Expr::value(now.as_millisecond()))
        .filter(is_unused_of(person))
        .filter(recovery_code::Column::CodeHash.is_in(kept_as))
        .exec(db)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// How many were not used yet.
///
/// # Errors
/// When the database fails.
pub(super) async fn left(db: &impl ConnectionTrait, person: PersonId) -> Result<u64> {
    Ok(recovery_code::Entity::find().filter(is_unused_of(person)).count(db).await?)
}

/// There are none any more.
///
/// # Errors
/// When the database fails.
pub(super) async fn delete(db: &impl ConnectionTrait, person: PersonId) -> Result<()> {
    recovery_code::Entity::delete_many().filter(recovery_code::Column::PersonId.eq(person.0)).exec(db).await?;
    Ok(())
}

fn is_unused_of(person: PersonId) -> Condition {
    Condition::all().add(recovery_code::Column::PersonId.eq(person.0)).add(recovery_code::Column::UsedAt.is_null())
}

async fn kept(codes: Vec<String>, salt: String) -> Result<Vec<String>> {
    let hashes = password::slow_hashes(codes, salt.clone()).await;
    let hashes = hashes.ok_or_else(|| Error::Internal("recovery codes cannot be hashed".to_owned()))?;
    Ok(hashes.into_iter().map(|hash| format!("{salt}{BETWEEN}{hash}")).collect())
}
