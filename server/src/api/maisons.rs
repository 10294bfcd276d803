//! Maisons France Services.

use super::answer::{self, Privacy};
use super::asked::{Asked, CURSOR, DEPARTEMENT, Kind, LIMIT, Parameter};
use crate::access::Machine;
use crate::app::App;
use crate::error::{Error, Result};
use crate::place::{self, maison};
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use domain::identity::TokenScope;
use http::HeaderMap;
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
pub async fn list(
    State(app): State<App>,
    machine: Machine,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    machine.may(TokenScope::MaisonsRead)?;
    let asked = Asked::read(PARAMETERS, query.as_deref())?;
    let (departement, siret) = (asked.text("departement"), asked.text("siret"));
    let rows =
        place::page(app.db.reader(), departement, siret, asked.after()?.unwrap_or_default(), asked.limit() + 1).await?;
    let items = rows.into_iter().map(Maison::from).collect();
    let page = answer::page(&app, "/api/v1/maisons", &asked, items, |maison| maison.id.to_string());
    answer::list(&headers, Privacy::Public, &page)
}

/// `GET /api/v1/maisons/{maison}`
pub async fn one(
    State(app): State<App>,
    machine: Machine,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    Path(id): Path<String>,
) -> Result<Response> {
    machine.may(TokenScope::MaisonsRead)?;
    Asked::read(&[], query.as_deref())?;
    let id: i64 = id.parse().map_err(|_| Error::NotFound)?;
    let maison = place::find(app.db.reader(), [id]).await?.remove(&id).ok_or(Error::NotFound)?;
    answer::one(&headers, Privacy::Public, &Maison::from(maison), None)
}
