//! Reading a statement: everything that Data 2.4 requires of it, and what it will be found by.

use super::activity::activity;
use super::actor::{actor, agent, authority, group};
use super::attachment::attachment;
use super::json::{Object, Problem, each};
use super::traits::Traits;
use super::values::{
    boolean, duration, extensions, iri, language, language_map, number, one_of, statement_ref, text, timestamp, uuid,
    version,
};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// The verb that takes a statement back (Data 2.3.2).
pub const VOIDED: &str = "http://adlnet.gov/expapi/verbs/voided";

/// A statement as another system sent it, known to follow the specification.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    body: Map<String, Value>,
    /// As sent, where it was.
    pub id: Option<Uuid>,
    pub traits: Traits,
}

/// Reads what was sent: one statement, or a list of them.
pub fn statements(sent: Value) -> Result<Vec<Statement>, Problem> {
    match sent {
        Value::Array(list) => list
            .into_iter()
            .enumerate()
            .map(|(rank, value)| Statement::read(value).map_err(|problem| problem.at(rank).within("$")))
            .collect(),
        one => Ok(vec![Statement::read(one).map_err(|problem| problem.within("$"))?]),
    }
}

impl Statement {
    fn read(value: Value) -> Result<Self, Problem> {
        let mut traits = Traits::default();
        let object = Object::of(
            &value,
            &[
                "id",
                "actor",
                "verb",
                "object",
                "result",
                "context",
                "timestamp",
                "stored",
                "authority",
                "version",
                "attachments",
            ],
        )?;
        let id = object.optional("id", uuid)?;
        object.optional("stored", timestamp)?;
        object.optional("authority", authority)?;
        object.optional("version", version)?;
        what_happened(object, &mut traits, Depth::Whole)?;
        let mut value = value;
        as_lists(&mut value);
        if let Some(inner) = value.get_mut("object") {
            as_lists(inner);
        }
        let Value::Object(body) = value else { return Err(Problem::new("une déclaration est un objet.")) };
        Ok(Self { body, id, traits })
    }

    /// Gives it the identifier that it lacks.
    pub fn identify(&mut self, id: Uuid) {
        self.id = Some(id);
        self.body.insert("id".into(), id.to_string().into());
    }

    /// The statement as it is kept and told from now on: with what only who keeps it can say (Data 2.4.7 to 2.4.10).
    pub fn seal(&mut self, stored: Timestamp, authority: &Value) {
        let stored = told(stored);
        self.body.entry("timestamp").or_insert_with(|| stored.clone().into());
        self.body.entry("version").or_insert_with(|| "1.0.0".into());
        self.body.insert("stored".into(), stored.into());
        self.body.insert("authority".into(), authority.clone());
        if let Ok(agent) = agent(authority) {
            self.traits.broadly(&agent);
        }
    }

    /// The statement.
    #[must_use]
    pub fn body(&self) -> &Map<String, Value> {
        &self.body
    }

    /// What is attached to it, as it says itself.
    pub fn attachments(&self) -> impl Iterator<Item = &Value> {
        self.body.get("attachments").and_then(Value::as_array).into_iter().flatten()
    }
}

/// An instant as statements tell it: in UTC, to the millisecond.
#[must_use]
pub fn told(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// Whether a statement is one, or the object of another (Data 2.4.4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    Whole,
    Sub,
}

/// What a statement and a statement within it have in common.
fn what_happened(object: Object<'_>, traits: &mut Traits, depth: Depth) -> Result<(), Problem> {
    let broad = depth == Depth::Sub;
    let who = object.required("actor", actor)?;
    traits.agents(who, broad);
    let id = object.required("verb", |value| {
        let verb = Object::of(value, &["id", "display"])?;
        verb.optional("display", language_map)?;
        verb.required("id", iri)
    })?;
    if depth == Depth::Whole {
        traits.verb(id);
    }
    let target = object.required("object", |value| object_of(value, traits, depth))?;
    if id == VOIDED && !matches!(target, Target::Statement) {
        let remedy = "ce qui est retiré est une autre déclaration\u{a0}: un objet StatementRef.";
        return Err(Problem::new(remedy).of("object"));
    }
    traits.voids |= id == VOIDED && depth == Depth::Whole;
    object.optional("result", result)?;
    object.optional("context", |value| context(value, traits, target, depth))?;
    object.optional("timestamp", timestamp)?;
    object.optional("attachments", |value| each(value, attachment))?;
    Ok(())
}

/// What kind of thing the object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Activity,
    Statement,
    Other,
}

fn object_of(value: &Value, traits: &mut Traits, depth: Depth) -> Result<Target, Problem> {
    let broad = depth == Depth::Sub;
    let kind = match value.get("objectType") {
        None => "Activity",
        Some(kind) => one_of(kind, &["Activity", "Agent", "Group", "StatementRef", "SubStatement"])
            .map_err(|problem| problem.of("objectType"))?,
    };
    match kind {
        "Agent" | "Group" => {
            traits.agents(actor(value)?, broad);
            return Ok(Target::Other);
        }
        "StatementRef" => {
            let id = statement_ref(value)?;
            if depth == Depth::Whole {
                traits.target = Some(id);
            }
            return Ok(Target::Statement);
        }
        "SubStatement" if depth == Depth::Sub => {
            let remedy = "une déclaration incluse n’en inclut pas une autre.";
            return Err(Problem::new(remedy).of("objectType"));
        }
        "SubStatement" => {
            let object = Object::of(
                value,
                &["objectType", "actor", "verb", "object", "result", "context", "timestamp", "attachments"],
            )?;
            what_happened(object, traits, Depth::Sub)?;
            return Ok(Target::Other);
        }
        _ => {}
    }
    let (id, definition) = activity(value)?;
    traits.object_activity(id, definition, broad);
    Ok(Target::Activity)
}

/// How it went (Data 2.4.5).
fn result(value: &Value) -> Result<(), Problem> {
    let object = Object::of(value, &["score", "success", "completion", "response", "duration", "extensions"])?;
    object.optional("score", score)?;
    object.optional("success", boolean)?;
    object.optional("completion", boolean)?;
    object.optional("response", text)?;
    object.optional("duration", duration)?;
    object.optional("extensions", extensions)?;
    Ok(())
}

/// Data 2.4.5.1.
fn score(value: &Value) -> Result<(), Problem> {
    let object = Object::of(value, &["scaled", "raw", "min", "max"])?;
    let [scaled, raw, min, max] = [
        object.optional("scaled", number)?,
        object.optional("raw", number)?,
        object.optional("min", number)?,
        object.optional("max", number)?,
    ];
    if scaled.is_some_and(|scaled| !(-1.0..=1.0).contains(&scaled)) {
        return Err(Problem::new("un nombre de -1 à 1 est attendu ici.").of("scaled"));
    }
    if min.zip(max).is_some_and(|(min, max)| min >= max) {
        return Err(Problem::new("min doit être inférieur à max.").of("min"));
    }
    let below = raw.zip(min).is_some_and(|(raw, min)| raw < min);
    let above = raw.zip(max).is_some_and(|(raw, max)| raw > max);
    if below || above { Err(Problem::new("un nombre de min à max est attendu ici.").of("raw")) } else { Ok(()) }
}

/// What surrounds it (Data 2.4.6).
fn context(value: &Value, traits: &mut Traits, target: Target, depth: Depth) -> Result<(), Problem> {
    let object = Object::of(
        value,
        &[
            "registration",
            "instructor",
            "team",
            "contextActivities",
            "revision",
            "platform",
            "language",
            "statement",
            "extensions",
        ],
    )?;
    if let Some(registration) = object.optional("registration", uuid)?
        && depth == Depth::Whole
    {
        traits.registration(registration);
    }
    for (key, read) in [("instructor", actor as fn(&Value) -> _), ("team", group)] {
        if let Some(who) = object.optional(key, read)? {
            traits.agents(who, true);
        }
    }
    object.optional("contextActivities", |value| context_activities(value, traits))?;
    for key in ["revision", "platform"] {
        if object.optional(key, text)?.is_some() && target != Target::Activity {
            let remedy = "cette propriété n’est admise que lorsque l’objet est une activité.";
            return Err(Problem::new(remedy).of(key));
        }
    }
    object.optional("language", language)?;
    object.optional("statement", statement_ref)?;
    object.optional("extensions", extensions)?;
    Ok(())
}

/// Data 2.4.6.2.
fn context_activities(value: &Value, traits: &mut Traits) -> Result<(), Problem> {
    let kinds = ["parent", "grouping", "category", "other"];
    let object = Object::of(value, &kinds)?;
    for kind in kinds {
        for (id, definition) in object.optional(kind, one_or_more)?.unwrap_or_default() {
            traits.context_activity(id, definition);
        }
    }
    Ok(())
}

fn one_or_more(value: &Value) -> Result<Vec<(&str, Option<&Value>)>, Problem> {
    if value.is_array() { each(value, activity) } else { Ok(vec![activity(value)?]) }
}

/// Each kind of context activities is told as a list, even of one (Data 2.4.6.2).
pub(super) fn as_lists(statement: &mut Value) {
    let kinds = statement.pointer_mut("/context/contextActivities").and_then(Value::as_object_mut);
    for activities in kinds.into_iter().flat_map(Map::values_mut) {
        if activities.is_object() {
            *activities = json!([activities.take()]);
        }
    }
}
