//! Training records: what agents' facts add up to, and the facts with their chain.

use super::answer::Privacy;
use super::asked::{CURSOR, DEPARTEMENT, LIMIT, MAISON, Parameter, UPDATED_SINCE, cursor};
use super::call::Call;
use super::instant;
use crate::error::{Error, Result};
use crate::record::store::{self, Head, Wanted};
use axum::extract::Path;
use axum::response::Response;
use domain::identity::TokenScope;
use domain::ids::{CourseSlug, PersonId};
use domain::record::{CourseRecord, StoredEntry};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

pub(super) const PARAMETERS: &[Parameter] =
    &[DEPARTEMENT, MAISON, UPDATED_SINCE, LIMIT, cursor("^[0-9]{1,15}~[0-9]{1,18}$")];
pub(super) const FACT_PARAMETERS: &[Parameter] = &[LIMIT, CURSOR];

/// A record as a list tells it.
#[derive(Debug, Serialize)]
struct Summary {
    person: i64,
    /// How many facts it holds.
    seq: i64,
    /// The hash of the last of them.
    hash: String,
    updated_at: Timestamp,
}

#[derive(Debug, Serialize)]
struct Record {
    #[serde(flatten)]
    summary: Summary,
    minutes_at_distance: u32,
    minutes_live: u32,
    courses: BTreeMap<CourseSlug, CourseRecord>,
}

#[derive(Debug, Serialize)]
struct Entry {
    seq: u64,
    at: Timestamp,
    /// Who said it, where it was not the platform.
    author: Option<i64>,
    fact: serde_json::Value,
    /// The same, as its hash covers it.
    sealed: String,
    hash: String,
}

impl From<Head> for Summary {
    fn from(Head { person_id, seq, hash, updated_at }: Head) -> Self {
        Self { person: person_id, seq, hash, updated_at: instant(updated_at) }
    }
}

/// `GET /api/v1/records`
pub async fn list(call: Call) -> Result<Response> {
    let asked = call.asks(TokenScope::RecordsRead, PARAMETERS)?;
    let wanted = Wanted {
        departement: asked.text("departement"),
        maison: asked.value("maison"),
        since: asked.instant("updated_since"),
    };
    let rows = store::page(call.app.db.reader(), wanted, asked.cursor()?, asked.limit() + 1).await?;
    let items = rows.into_iter().map(Summary::from).collect();
    let key = |record: &Summary| format!("{}~{}", record.updated_at.as_millisecond(), record.person);
    call.list(Privacy::Personal, &call.page("/api/v1/records", &asked, items, key))
}

/// `GET /api/v1/records/{person}`
pub async fn one(call: Call, Path(id): Path<String>) -> Result<Response> {
    call.asks(TokenScope::RecordsRead, &[])?;
    let (folded, head) = store::whole(call.app.db.reader(), person(&id)?).await?.ok_or(Error::NotFound)?;
    let summary = Summary::from(head);
    let modified = summary.updated_at;
    let record = Record {
        summary,
        minutes_at_distance: folded.minutes_at_distance(),
        minutes_live: folded.minutes_live(),
        courses: folded.courses,
    };
    call.one(Privacy::Personal, &record, Some(modified))
}

/// `GET /api/v1/records/{person}/facts`
pub async fn facts(call: Call, Path(id): Path<String>) -> Result<Response> {
    let asked = call.asks(TokenScope::RecordsRead, FACT_PARAMETERS)?;
    let (db, agent) = (call.app.db.reader(), person(&id)?);
    let after = asked.after()?.unwrap_or_default();
    let entries = store::ledger_after(db, agent, after, asked.limit() + 1).await?;
    if entries.is_empty() && store::load(db, agent).await?.head.is_none() {
        return Err(Error::NotFound);
    }
    let items = entries.into_iter().map(entry).collect::<Result<_>>()?;
    let path = format!("/api/v1/records/{agent}/facts");
    let page = call.page(&path, &asked, items, |entry: &Entry| entry.seq.to_string());
    call.list(Privacy::Personal, &page)
}

fn entry(StoredEntry { seq, at, author, body, hash }: StoredEntry) -> Result<Entry> {
    let fact = serde_json::from_str(&body).map_err(|_| Error::Internal(format!("a fact {seq} cannot be read")))?;
    Ok(Entry { seq, at, author: author.map(|author| author.0), fact, sealed: body, hash: hash.to_string() })
}

fn person(id: &str) -> Result<PersonId> {
    id.parse().map(PersonId).map_err(|_| Error::NotFound)
}
