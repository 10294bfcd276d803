//! Whether two statements say the same (Data 2.3.1): what a store may add or write otherwise makes no difference.

use super::statement::as_lists;
use super::values::read_timestamp;
use serde_json::Value;

/// Whether `received` says what `kept` says.
#[must_use]
pub fn equivalent(received: &Value, kept: &Value) -> bool {
    let (mut received, mut kept) = (received.clone(), kept.clone());
    // What the store sets, or set because the other did not say.
    for key in ["id", "stored", "authority", "timestamp", "version"] {
        let unsaid = received.get(key).is_none() || kept.get(key).is_none();
        if unsaid || !matches!(key, "timestamp" | "version") {
            for side in [&mut received, &mut kept] {
                side.as_object_mut().and_then(|side| side.remove(key));
            }
        }
    }
    for side in [&mut received, &mut kept] {
        plain(side);
        if let Some(inner) = side.get_mut("object").filter(|object| object.get("actor").is_some()) {
            plain(inner);
        }
    }
    received == kept
}

/// Leaves out of a statement all that may be told in several ways.
fn plain(statement: &mut Value) {
    as_lists(statement);
    if let Some(at) = statement.get_mut("timestamp")
        && let Some(read) = at.as_str().and_then(|at| read_timestamp(at).ok())
    {
        *at = read.to_string().into();
    }
    if let Some(verb) = statement.get_mut("verb").and_then(Value::as_object_mut) {
        verb.remove("display");
    }
    let activities =
        ["parent", "grouping", "category", "other"].map(|kind| format!("/context/contextActivities/{kind}"));
    for list in activities {
        for activity in statement.pointer_mut(&list).and_then(Value::as_array_mut).into_iter().flatten() {
            undefined(activity);
        }
    }
    if let Some(object) = statement.get_mut("object") {
        undefined(object);
    }
    for who in ["/actor", "/object", "/context/instructor", "/context/team"] {
        if let Some(who) = statement.pointer_mut(who) {
            members_in_order(who);
        }
    }
    for id in ["/object/id", "/context/registration", "/context/statement/id"] {
        let id = statement.pointer_mut(id).and_then(|id| match id {
            Value::String(id) => Some(id),
            _ => None,
        });
        if let Some(id) = id.filter(|id| id.len() == 36) {
            id.make_ascii_lowercase();
        }
    }
}

/// The definition of an activity is no part of the statement.
fn undefined(activity: &mut Value) {
    if let Some(activity) = activity.as_object_mut()
        && !activity.contains_key("actor")
    {
        activity.remove("definition");
    }
}

/// Members come in any order, and the domain of an address in any case.
fn members_in_order(who: &mut Value) {
    if let Some(members) = who.get_mut("member").and_then(Value::as_array_mut) {
        members.iter_mut().for_each(small_domain);
        members.sort_by_cached_key(Value::to_string);
    }
    small_domain(who);
}

fn small_domain(who: &mut Value) {
    if let Some(mbox) = who.get_mut("mbox")
        && let Some((local, domain)) = mbox.as_str().and_then(|mbox| mbox.rsplit_once('@'))
    {
        *mbox = format!("{local}@{}", domain.to_lowercase()).into();
    }
}
