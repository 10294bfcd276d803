//! The ways of telling a statement (Communication 2.1.3): only what identifies things, or with one language chosen.

use serde_json::{Map, Value};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Leaves only what identifies agents, verbs and activities.
pub fn to_ids(statement: &mut Value) {
    if let Some(verb) = statement.get_mut("verb") {
        keep(verb, &["id"]);
    }
    for who in ["/actor", "/authority", "/context/instructor", "/context/team"] {
        if let Some(who) = statement.pointer_mut(who) {
            who_alone(who);
        }
    }
    each_context_activity(statement, |activity| keep(activity, &["id"]));
    if let Some(object) = statement.get_mut("object") {
        match object.get("objectType").and_then(Value::as_str) {
            Some("Agent" | "Group") => who_alone(object),
            Some("SubStatement") => to_ids(object),
            Some("StatementRef") => {}
            _ => keep(object, &["id"]),
        }
    }
}

/// What identifies an agent or a group; the members, for a group that nothing else identifies.
fn who_alone(who: &mut Value) {
    let identifiers = ["mbox", "mbox_sha1sum", "openid", "account"];
    if identifiers.iter().any(|key| who.get(key).is_some()) {
        keep(who, &["objectType", "mbox", "mbox_sha1sum", "openid", "account"]);
    } else {
        keep(who, &["objectType", "member"]);
        who.get_mut("member").and_then(Value::as_array_mut).into_iter().flatten().for_each(who_alone);
    }
}

fn keep(value: &mut Value, keys: &[&str]) {
    if let Some(object) = value.as_object_mut() {
        object.retain(|key, _| keys.contains(&key.as_str()));
    }
}

fn each_context_activity(statement: &mut Value, mut change: impl FnMut(&mut Value)) {
    let kinds = statement.pointer_mut("/context/contextActivities").and_then(Value::as_object_mut);
    for activities in kinds.into_iter().flat_map(Map::values_mut) {
        activities.as_array_mut().into_iter().flatten().for_each(&mut change);
    }
}

/// The activities that statements name.
#[must_use]
pub fn activities_of(statements: &[Value]) -> BTreeSet<&str> {
    let mut named = BTreeSet::new();
    for statement in statements {
        let inner = statement.get("object").filter(|object| object.get("actor").is_some());
        for whole in [Some(statement), inner].into_iter().flatten() {
            let kinds = whole.pointer("/context/contextActivities").and_then(Value::as_object);
            let around = kinds.into_iter().flat_map(Map::values).filter_map(Value::as_array).flatten();
            named.extend(around.chain(whole.get("object")).filter_map(|activity| activity.get("id")?.as_str()));
        }
    }
    named
}

/// Gives activities the definitions that `definition` knows for good, and leaves one language in each text, the best
/// for who asks.
pub fn to_canonical(statement: &mut Value, languages: &Languages, definition: &impl Fn(&str) -> Option<Value>) {
    if let Some(display) = statement.pointer_mut("/verb/display") {
        languages.choose(display);
    }
    let told = |activity: &mut Value| {
        if let Some(known) = activity.get("id").and_then(Value::as_str).and_then(definition) {
            activity["definition"] = known;
        }
        if let Some(definition) = activity.get_mut("definition") {
            in_one_language(definition, languages);
        }
    };
    each_context_activity(statement, told);
    if let Some(object) = statement.get_mut("object") {
        match object.get("objectType").and_then(Value::as_str) {
            Some("Agent" | "Group" | "StatementRef") => {}
            Some("SubStatement") => to_canonical(object, languages, definition),
            _ => told(object),
        }
    }
}

fn in_one_language(definition: &mut Value, languages: &Languages) {
    for key in ["name", "description"] {
        if let Some(texts) = definition.get_mut(key) {
            languages.choose(texts);
        }
    }
    for list in ["choices", "scale", "source", "target", "steps"] {
        for component in definition.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(texts) = component.get_mut("description") {
                languages.choose(texts);
            }
        }
    }
}

/// Languages that somebody reads, the best first (`Accept-Language`, RFC 2616 §14.4).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Languages(Vec<String>);

impl Languages {
    /// Reads the header; what is malformed in it is passed over.
    #[must_use]
    pub fn read(header: &str) -> Self {
        let mut ranges: Vec<(f32, String)> = header
            .split(',')
            .filter_map(|range| {
                let (tag, weight) = range.split_once(';').map_or((range, None), |(tag, rest)| (tag, Some(rest)));
                let weight = match weight {
                    Some(weight) => weight.trim().strip_prefix("q=")?.parse().ok()?,
                    None => 1.0,
                };
                // Any language is what is chosen among anyway.
                (weight > 0.0 && tag.trim() != "*").then(|| (weight, tag.trim().to_lowercase()))
            })
            .collect();
        ranges.sort_by(|(left, _), (right, _)| right.partial_cmp(left).unwrap_or(Ordering::Equal));
        Self(ranges.into_iter().map(|(_, tag)| tag).collect())
    }

    /// Leaves one language of a text in several: the best that is there, or else French, or else any.
    fn choose(&self, texts: &mut Value) {
        let Some(map) = texts.as_object_mut() else { return };
        let french = "fr".to_owned();
        let best = self.0.iter().chain([&french]).find_map(|range| {
            let fits = |tag: &&String| {
                let tag = tag.to_lowercase();
                tag == *range || tag.strip_prefix(range.as_str()).is_some_and(|rest| rest.starts_with('-'))
            };
            map.keys().find(fits).cloned()
        });
        if let Some(best) = best.or_else(|| map.keys().next().cloned()) {
            map.retain(|tag, _| *tag == best);
        }
    }
}
