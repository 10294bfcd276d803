//! xAPI 1.0.3: statements as other systems send them and ask for them, and the statement of each fact of the record.
//!
//! Sections are those of the specification: « Data » is its second part, « Communication » its third.

mod activity;
mod actor;
mod attachment;
mod compare;
mod document;
mod fact;
mod format;
mod json;
mod query;
mod signature;
mod statement;
#[cfg(test)]
mod tests;
mod traits;
mod values;

pub use activity::redefined;
pub use actor::{Identifier, person};
pub use attachment::{Part, hash_of, match_parts};
pub use compare::equivalent;
pub use document::{Address, Change, Kind, Refused, Supposed, may_change, merged};
pub use fact::{Titles, account, id_of_fact, of_fact, platform, platform_key};
pub use format::{Languages, activities_of, to_canonical, to_ids};
pub use json::{Problem, read};
pub use query::{AFTER, Filter, Format, PAGE, Parameters, Query, Wanted, query};
pub use signature::{Algorithm, Signed, signatures};
pub use statement::{Statement, VOIDED, statements, told};
pub use traits::{Key, Traits};
pub use values::{is_version, read_iri, read_uuid};

use serde_json::Value;

/// Reads an agent given as a parameter (Communication 2.4).
pub fn read_agent(text: &str) -> Result<Value, Problem> {
    let value = read(text.as_bytes())?;
    actor::agent(&value).map_err(|problem| problem.within("$"))?;
    Ok(value)
}
