//! Somebody's rows, read by the list alone: what nobody wrote a reader for is told all the same.

use crate::audit::pages;
use crate::error::{Error, Result};
use crate::webinar::presence::{by, names};
use domain::audit::Deed;
use domain::identity::Role;
use domain::ids::PersonId;
use domain::protection::{Column, Part, Shown};
use jiff::Timestamp;
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Rows read at a time.
pub(super) const TOGETHER: u64 = 500;

/// A row as its person is told it: the columns that are theirs to read, in the order of the list.
pub(super) type Row = Vec<(&'static Column, Value)>;

/// How many rows of that part are about the person.
pub(super) async fn count(db: &impl ConnectionTrait, part: &Part, person: PersonId) -> Result<u64> {
    let sql = format!("SELECT COUNT(*) AS n FROM {} WHERE {}", part.table, part.of(&person.to_string()));
    counted(db, sql).await
}

/// The `n` of a statement that counts.
pub(super) async fn counted(db: &impl ConnectionTrait, sql: String) -> Result<u64> {
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    let n: i64 = row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or(0);
    Ok(u64::try_from(n).unwrap_or(0))
}

/// Some of the person's rows of that part, from that one on.
pub(super) async fn some(
    db: &impl ConnectionTrait,
    part: &'static Part,
    person: PersonId,
    from: u64,
) -> Result<Vec<Row>> {
    let told: Vec<&Column> = part.columns.iter().filter(|column| column.shown.label().is_some()).collect();
    let backend = db.get_database_backend();
    let pairs: Vec<String> = told.iter().map(|column| format!("'{0}', \"{0}\"", column.name)).collect();
    let object = match backend {
        DatabaseBackend::Postgres => format!("CAST(json_build_object({}) AS text)", pairs.join(", ")),
        _ => format!("json_object({})", pairs.join(", ")),
    };
    let order: Vec<String> = told.iter().map(|column| format!("\"{}\"", column.name)).collect();
    let sql = format!(
        "SELECT {object} AS row_as_json FROM {} WHERE {} ORDER BY {} LIMIT {TOGETHER} OFFSET {from}",
        part.table,
        part.of(&person.to_string()),
        order.join(", ")
    );
    let rows = db.query_all_raw(Statement::from_string(backend, sql)).await?;
    let rows: Vec<Map<String, Value>> = rows
        .into_iter()
        .map(|row| {
            let text: String = row.try_get("", "row_as_json")?;
            serde_json::from_str(&text).map_err(|error| Error::Internal(error.to_string()))
        })
        .collect::<Result<_>>()?;
    let people = rows.iter().flat_map(|row| {
        let named = told.iter().filter(|column| matches!(column.shown, Shown::Person(_)));
        named.filter_map(|column| row.get(column.name)?.as_i64()).map(PersonId).collect::<Vec<_>>()
    });
    let people = names(db, people.collect::<Vec<_>>()).await?;
    Ok(rows
        .into_iter()
        .map(|mut row| {
            let value = |column: &&'static Column| {
                let value = row.remove(column.name).unwrap_or(Value::Null);
                (*column, tell(part, column, value, &people))
            };
            told.iter().map(value).collect()
        })
        .collect())
}

/// What a column says, to the person.
fn tell(part: &Part, column: &Column, value: Value, people: &BTreeMap<PersonId, String>) -> Value {
    if value.is_null() {
        return if matches!(column.shown, Shown::Someone(_)) { Value::Bool(false) } else { Value::Null };
    }
    match column.shown {
        Shown::Instant(_) => {
            let at = value.as_i64().and_then(|at| Timestamp::from_millisecond(at).ok());
            at.map_or(value, |at| Value::String(at.to_string()))
        }
        // SQLite has no other truth than a number.
        Shown::Flag(_) => Value::Bool(value.as_bool().unwrap_or_else(|| value.as_i64() != Some(0))),
        Shown::Json(_) => parsed(value),
        Shown::Room(_) => deed(parsed(value)),
        Shown::Person(_) => Value::String(by(value.as_i64().map(PersonId), people)),
        Shown::Someone(_) => Value::Bool(true),
        Shown::Plain(_) if part.table == "audit" => worded(column.name, value),
        Shown::Plain(_) | Shown::Own | Shown::Secret(_) | Shown::Free => value,
    }
}

fn parsed(value: Value) -> Value {
    value.as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or(value)
}

/// An entry of a room's log without who did it, which is known, and without whom else it names.
fn deed(mut entry: Value) -> Value {
    let mut change = entry.get_mut("change").map(Value::take).unwrap_or_default();
    if let Some(inside) =
        change.as_object_mut().and_then(|change| change.values_mut().next()).and_then(Value::as_object_mut)
    {
        // The questions of a quiz are the trainer's, and their answers nobody's.
        for other in ["person", "name", "questions", "prompts"] {
            inside.remove(other);
        }
    }
    change
}

/// The words of the log rather than its codes.
fn worded(column: &str, value: Value) -> Value {
    let text = value.as_str().unwrap_or_default();
    let said = match column {
        "role" if text.starts_with("token:") => Some("autre système, par un jeton".to_owned()),
        "role" => text.parse::<Role>().ok().map(|role| role.name().to_owned()),
        "deed" => text.parse::<Deed>().ok().map(|deed| deed.name().to_owned()),
        "page" => Some(pages::name(text).to_owned()),
        _ => None,
    };
    said.map_or(value, Value::String)
}
