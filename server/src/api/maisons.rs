//! Maisons France Services.

use super::answer::Privacy;
use super::asked::{CURSOR, DEPARTEMENT, Kind, LIMIT, Parameter};
use super::call::Call;
use crate::error::{Error, Result};
use crate::place::{self, maison};
use axum::extract::Path;
use axum::response::Response;
use domain::identity::TokenScope;
use serde::Serialize;

pub(super) const PARAMETERS: &[Parameter] = &[
    DEPARTEMENT,
    Parameter { name: "siret", kind: Kind::Text, meaning: "The one of that SIRET, in 14 digits." },
    LIMIT,
    CURSOR,
];

#[derive(Debug, Clone, Serialize)]
pub(super) struct Maison {
    id: i64,
    name: String,
    commune: String,
    departement: String,
    siret: Option<String>,
    labelled_on: Option<String>,
}

impl From<maison::Model> for Maison {
    fn from(row: maison::Model) -> Self {
        let maison::Model { id, name, commune, departement, siret, labelled_on } = row;
        Self { id, name, commune, departement, siret, labelled_on }
    }
}

/// `GET /api/v1/maisons`
pub async fn list(call: Call) -> Result<Response> {
    let asked = call.asks(TokenScope::MaisonsRead, PARAMETERS)?;
    let (departement, siret) = (asked.text("departement"), asked.text("siret"));
    let rows =
        place::page(call.app.db.reader(), departement, siret, asked.after()?.unwrap_or_default(), asked.limit() + 1)
            .await?;
    let items = rows.into_iter().map(Maison::from).collect();
    let page = call.page("/api/v1/maisons", &asked, items, |maison| maison.id.to_string());
    call.list(Privacy::Public, &page)
}

/// `GET /api/v1/maisons/{maison}`
pub async fn one(call: Call, Path(id): Path<String>) -> Result<Response> {
    call.asks(TokenScope::MaisonsRead, &[])?;
    let id: i64 = id.parse().map_err(|_| Error::NotFound)?;
    let maison = place::find(call.app.db.reader(), [id]).await?.remove(&id).ok_or(Error::NotFound)?;
    call.one(Privacy::Public, &Maison::from(maison), None)
}
