//! What was done: activities, their definitions, the interactions they may describe (Data 2.4.4.1).

use super::json::{Object, Problem, each};
use super::values::{extensions, iri, language_map, one_of, text};
use serde_json::Value;
use std::collections::BTreeSet;

/// The kinds of interactions, after SCORM 2004.
const INTERACTIONS: [&str; 10] = [
    "true-false",
    "choice",
    "fill-in",
    "long-fill-in",
    "matching",
    "performance",
    "sequencing",
    "likert",
    "numeric",
    "other",
];

/// Lists that describe an interaction.
const COMPONENTS: [&str; 5] = ["choices", "scale", "source", "target", "steps"];

/// An activity; gives its identifier and its definition.
pub(super) fn activity(value: &Value) -> Result<(&str, Option<&Value>), Problem> {
    let object = Object::of(value, &["objectType", "id", "definition"])?;
    object.optional("objectType", |value| one_of(value, &["Activity"]))?;
    let id = object.required("id", iri)?;
    object.optional("definition", definition)?;
    Ok((id, object.get("definition")))
}

fn definition(value: &Value) -> Result<(), Problem> {
    let object = Object::of(
        value,
        &[
            "name",
            "description",
            "type",
            "moreInfo",
            "extensions",
            "interactionType",
            "correctResponsesPattern",
            "choices",
            "scale",
            "source",
            "target",
            "steps",
        ],
    )?;
    object.optional("name", language_map)?;
    object.optional("description", language_map)?;
    object.optional("type", iri)?;
    object.optional("moreInfo", iri)?;
    object.optional("extensions", extensions)?;
    object.optional("interactionType", |value| one_of(value, &INTERACTIONS))?;
    object.optional("correctResponsesPattern", |value| each(value, text))?;
    for list in COMPONENTS {
        object.optional(list, components)?;
    }
    let described = COMPONENTS.iter().chain(&["correctResponsesPattern"]).find(|list| object.has(list));
    match described {
        Some(list) if !object.has("interactionType") => {
            Err(Problem::new(format!("«\u{a0}{list}\u{a0}» ne va pas sans interactionType.")).of("interactionType"))
        }
        _ => Ok(()),
    }
}

/// What is known of an activity once another definition of it was brought: the last word on each property, and on each
/// language of its texts (Communication 2.5).
#[must_use]
pub fn redefined(mut known: Value, brought: &Value) -> Value {
    let (Some(whole), Some(brought)) = (known.as_object_mut(), brought.as_object()) else { return brought.clone() };
    for (key, value) in brought {
        match (whole.get_mut(key), value) {
            (Some(Value::Object(texts)), Value::Object(more)) if key == "name" || key == "description" => {
                texts.extend(more.clone());
            }
            _ => {
                whole.insert(key.clone(), value.clone());
            }
        }
    }
    known
}

/// The parts of an interaction, each with an identifier of its own.
fn components(value: &Value) -> Result<(), Problem> {
    let mut known = BTreeSet::new();
    each(value, |value| {
        let object = Object::of(value, &["id", "description"])?;
        let id = object.required("id", text)?;
        object.optional("description", language_map)?;
        let new = known.insert(id);
        if new { Ok(()) } else { Err(Problem::new("cet identifiant est déjà pris dans la liste.").of("id")) }
    })?;
    Ok(())
}
