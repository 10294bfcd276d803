//! Certificates as they are kept. None is ever deleted or changed; a withdrawal is a date beside it.

use super::entity::certificate::{Column, Entity, Model};
use super::keys::{Of, PublicKey};
use crate::error::{Error, Result};
use domain::certificate::{Certificate, Number};
use domain::ids::PersonId;
use jiff::Timestamp;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _};

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
