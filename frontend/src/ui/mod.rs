//! Fields, notices, tables, dates: no word of the trade.

mod chart;
mod field;
mod listing;
pub(crate) mod rooted;
#[cfg(test)]
pub(crate) mod support;
mod url;

pub(crate) use chart::{growth, parts};
#[cfg(feature = "ssr")]
pub(crate) use field::told;
pub(crate) use field::{AreaField, Choice, SelectField, TextField, problem_box, problem_list};
pub(crate) use listing::{around, filter, pagination, scrolling};
pub(crate) use url::encoded;

use domain::text::date_long;
use jiff::Timestamp;
use leptos::prelude::*;

/// A day, for people and for machines.
pub(crate) fn day(at: Timestamp) -> impl IntoView {
    view! { <time datetime=at.to_string()>{date_long(at)}</time> }
}
