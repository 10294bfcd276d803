//! Which account leads to which. One that was folded in leads to one that was not: there is no chain to follow.

use super::entity::merge::{Column, Entity, Model};
use crate::error::{Error, Result};
use crate::identity::entity::person;
use domain::identity::Email;
use domain::ids::PersonId;
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use std::collections::BTreeMap;

/// The account that stands for that person: the one it was folded into, or itself.
///
/// # Errors
/// When the database fails.
pub(crate) async fn standing_for(db: &impl ConnectionTrait, person: PersonId) -> Result<PersonId> {
    let row = Entity::find_by_id(person.0).one(db).await?;
    Ok(row.map_or(person, |row| PersonId(row.into_id)))
}

/// The person of that address, by the account that stands for them.
///
/// # Errors
/// When the database fails.
pub(crate) async fn by_email(db: &impl ConnectionTrait, email: &Email) -> Result<Option<person::Model>> {
    let found = person::Entity::find().filter(person::Column::Email.eq(email.as_str())).one(db).await?;
    let Some(found) = found else { return Ok(None) };
    match standing_for(db, PersonId(found.id)).await? {
        PersonId(same) if same == found.id => Ok(Some(found)),
        PersonId(kept) => Ok(person::Entity::find_by_id(kept).one(db).await?),
    }
}

/// The accounts folded into that one, as a condition of a statement.
pub(crate) fn folded_into(person: PersonId) -> SelectStatement {
    Query::select().column(Column::PersonId).from(Entity).and_where(Column::IntoId.eq(person.0)).to_owned()
}

/// The accounts folded into any of these, each with the one that it was folded into.
///
/// # Errors
/// When the database fails.
pub(crate) async fn folded_into_any(
    db: &impl ConnectionTrait,
    people: Vec<PersonId>,
) -> Result<BTreeMap<i64, PersonId>> {
    let rows = Entity::find().filter(Column::IntoId.is_in(people.iter().map(|person| person.0))).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.person_id, PersonId(row.into_id))).collect())
}

/// How that account was folded in, if it was.
///
/// # Errors
/// When the database fails.
pub(crate) async fn of(db: &impl ConnectionTrait, person: PersonId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(person.0).one(db).await?)
}

/// The accounts folded into that one, in the order in which they were.
///
/// # Errors
/// When the database fails.
pub(crate) async fn into(db: &impl ConnectionTrait, person: PersonId) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::IntoId.eq(person.0)).order_by_asc(Column::At).all(db).await?)
}

/// Every account that was folded in, and the one that stands for it.
///
/// # Errors
/// When the database fails.
pub(crate) async fn all(db: &impl ConnectionTrait) -> Result<BTreeMap<i64, i64>> {
    let rows = Entity::find().all(db).await?;
    Ok(rows.into_iter().map(|row| (row.person_id, row.into_id)).collect())
}

/// The merge that this form made.
pub(super) async fn by_key(db: &impl ConnectionTrait, key: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::Key.eq(key)).one(db).await?)
}

/// Says that nothing more is written about an account that was folded in.
///
/// # Errors
/// [`Error::Conflict`] where it was; when the database fails.
pub(crate) async fn still_stands(db: &impl ConnectionTrait, person: PersonId) -> Result<()> {
    match of(db, person).await? {
        None => Ok(()),
        Some(_) => Err(Error::Conflict(
            "Ce compte a été réuni à un autre de la même personne\u{a0}: c’est dans l’autre dossier que cela s’inscrit."
                .to_owned(),
        )),
    }
}
