//! Certificates: those that stand and those that were withdrawn, as they were signed.

use super::answer::Privacy;
use super::asked::{Kind, LIMIT, MOST_ID, Parameter, UPDATED_SINCE, cursor};
use super::call::Call;
use crate::app::App;
use crate::certificate::store::{self, Kept, Wanted};
use crate::error::{Error, Result};
use axum::extract::Path;
use axum::response::Response;
use domain::certificate::Number;
use domain::identity::TokenScope;
use domain::ids::PersonId;
use jiff::Timestamp;
use serde::Serialize;

pub(super) const STATUSES: [&str; 2] = ["valid", "withdrawn"];

pub(super) const PARAMETERS: &[Parameter] = &[
    Parameter { name: "person", kind: Kind::Integer(1, MOST_ID), meaning: "Those of that agent, by identifier." },
    Parameter { name: "award", kind: Kind::Slug, meaning: "Those of that award of a pathway." },
    Parameter { name: "status", kind: Kind::Word(&STATUSES), meaning: "Those that stand, or those withdrawn." },
    UPDATED_SINCE,
    LIMIT,
    cursor("^[0-9]{1,15}~SF-[0-9]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$"),
];

#[derive(Debug, Serialize)]
struct Summary {
    number: String,
    person: i64,
    pathway: String,
    award: String,
    title: String,
    status: &'static str,
    issued_at: Timestamp,
    withdrawn_at: Option<Timestamp>,
    /// The number of the one that it took the place of.
    replaces: Option<String>,
    /// Where anybody verifies it.
    verify: String,
}

#[derive(Debug, Serialize)]
struct Whole {
    #[serde(flatten)]
    summary: Summary,
    certificate: serde_json::Value,
    /// The same, as it was signed.
    signed: String,
    /// Ed25519, in hexadecimal.
    signature: String,
    /// The name of the key, as published.
    key: String,
}

impl Summary {
    fn of(app: &App, kept: &Kept) -> Self {
        let certificate = &kept.certificate;
        let [valid, withdrawn] = STATUSES;
        Self {
            number: certificate.number.to_string(),
            person: certificate.agent.0,
            pathway: certificate.pathway.to_string(),
            award: certificate.award.to_string(),
            title: certificate.title.clone(),
            status: if kept.withdrawn_at.is_none() { valid } else { withdrawn },
            issued_at: certificate.issued_at,
            withdrawn_at: kept.withdrawn_at,
            replaces: certificate.replaces.map(|number| number.to_string()),
            verify: format!("{}/certificats/{}", app.config.public_url, certificate.number),
        }
    }
}

/// `GET /api/v1/certificates`
pub async fn list(call: Call) -> Result<Response> {
    let asked = call.asks(TokenScope::CertificatesRead, PARAMETERS)?;
    let wanted = Wanted {
        person: asked.value("person").map(PersonId),
        award: asked.text("award"),
        valid: asked.text("status").map(|status| status == STATUSES[0]),
        since: asked.instant("updated_since"),
    };
    let kept = store::page(call.app.db.reader(), wanted, asked.cursor()?, asked.limit() + 1).await?;
    let items = kept.iter().map(|kept| Summary::of(&call.app, kept)).collect();
    let key = |certificate: &Summary| format!("{}~{}", certificate.issued_at.as_millisecond(), certificate.number);
    call.list(Privacy::Personal, &call.page("/api/v1/certificates", &asked, items, key))
}

/// `GET /api/v1/certificates/{number}`
pub async fn one(call: Call, Path(number): Path<String>) -> Result<Response> {
    call.asks(TokenScope::CertificatesRead, &[])?;
    let number: Number = number.parse().map_err(|_| Error::NotFound)?;
    let kept = store::find(call.app.db.reader(), number).await?.ok_or(Error::NotFound)?;
    call.machine.looks_at(kept.certificate.agent);
    let summary = Summary::of(&call.app, &kept);
    let modified = summary.withdrawn_at.unwrap_or(summary.issued_at);
    let certificate = serde_json::to_value(&kept.certificate).map_err(|error| Error::Internal(error.to_string()))?;
    let key = kept.certificate.key.clone();
    let whole = Whole { summary, certificate, signed: kept.body, signature: kept.signature, key };
    call.one(Privacy::Personal, &whole, Some(modified))
}
