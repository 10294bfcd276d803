//! Certificates as they are kept. None is deleted or changed; a withdrawal is a date beside it. But an erasure takes the name
//! out and signs anew, and the night ends those of an erased account at their term.

use super::entity::certificate::{Column, Entity, Model};
use super::keys::{Of, PublicKey};
use crate::error::{Error, Result};
use domain::certificate::{Certificate, Number};
use domain::ids::PersonId;
use jiff::Timestamp;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

/// A certificate, the text that was signed, and whether it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) certificate: Certificate,
    pub(crate) body: String,
    pub(crate) signature: String,
    pub(crate) withdrawn_at: Option<Timestamp>,
}

impl Kept {
    /// Whether one of these keys signed it, as it is.
    pub(crate) fn is_signed(&self, keys: &[PublicKey]) -> bool {
        let key = keys.iter().find(|key| key.name == self.certificate.key);
        key.is_some_and(|key| key.signed(Of::Certificate, self.body.as_bytes(), &self.signature))
    }
}

/// Those of a person that stand.
pub(crate) async fn in_force(db: &impl ConnectionTrait, person: PersonId) -> Result<Vec<Kept>> {
    let rows =
        Entity::find().filter(Column::PersonId.eq(person.0)).filter(Column::WithdrawnAt.is_null()).all(db).await?;
    rows.into_iter().map(read).collect()
}

/// All of a person's, the newest first.
pub(crate) async fn of(db: &impl ConnectionTrait, person: PersonId) -> Result<Vec<Kept>> {
    let rows = Entity::find()
        .filter(Column::PersonId.eq(person.0))
        .order_by_desc(Column::IssuedAt)
        .order_by_asc(Column::Number)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

/// Which certificates.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wanted<'w> {
    pub(crate) person: Option<PersonId>,
    pub(crate) award: Option<&'w str>,
    /// Whether it stands.
    pub(crate) valid: Option<bool>,
    /// Issued or withdrawn at that millisecond or later.
    pub(crate) since: Option<i64>,
}

/// Some certificates, in the order in which they were issued, after that instant and number.
pub(crate) async fn page(
    db: &impl ConnectionTrait,
    wanted: Wanted<'_>,
    after: Option<(i64, Number)>,
    limit: u64,
) -> Result<Vec<Kept>> {
    let mut select = Entity::find();
    if let Some((at, number)) = after {
        let same = Column::IssuedAt.eq(at).and(Column::Number.gt(number.to_string()));
        // Said of the instant alone too, which the index serves.
        select = select.filter(Column::IssuedAt.gte(at)).filter(Column::IssuedAt.gt(at).or(same));
    }
    if let Some(person) = wanted.person {
        select = select.filter(Column::PersonId.eq(person.0));
    }
    if let Some(award) = wanted.award {
        select = select.filter(Column::Award.eq(award));
    }
    if let Some(since) = wanted.since {
        select = select.filter(Column::IssuedAt.gte(since).or(Column::WithdrawnAt.gte(since)));
    }
    select = match wanted.valid {
        None => select,
        Some(true) => select.filter(Column::WithdrawnAt.is_null()),
        Some(false) => select.filter(Column::WithdrawnAt.is_not_null()),
    };
    let rows = select.order_by_asc(Column::IssuedAt).order_by_asc(Column::Number).limit(limit).all(db).await?;
    rows.into_iter().map(read).collect()
}

/// The one of that number.
pub(crate) async fn find(db: &impl ConnectionTrait, number: Number) -> Result<Option<Kept>> {
    Entity::find_by_id(number.to_string()).one(db).await?.map(read).transpose()
}

/// The one that took its place, if there is one.
pub(crate) fn replacement(all: &[Kept], number: Number) -> Option<&Kept> {
    all.iter().find(|kept| kept.certificate.replaces == Some(number))
}

fn read(row: Model) -> Result<Kept> {
    let unreadable = || Error::Internal(format!("certificate {} cannot be read", row.number));
    Ok(Kept {
        certificate: serde_json::from_str(&row.body).map_err(|_| unreadable())?,
        withdrawn_at: row.withdrawn_at.map(Timestamp::from_millisecond).transpose().map_err(|_| unreadable())?,
        body: row.body,
        signature: row.signature,
    })
}
