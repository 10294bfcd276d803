//! The shape of each answer: every field is always there. A test sees to it that there is no other.

use crate::api::{certificates, people, webinars};
use domain::identity::TokenScope;
use serde_json::{Map, Value, json};

pub(super) fn reference(shape: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{shape}") })
}

/// A page of a list.
pub(super) fn page(item: &Value) -> Value {
    object(&[("items", many(item.clone())), ("next", maybe("string"))])
}

/// An identifier of a person or a maison.
pub(super) fn id() -> Value {
    json!({ "type": "integer", "minimum": 1 })
}

pub(super) fn schemas() -> Value {
    let mut schemas = Map::new();
    let mut tell = |name: &str, shape: Value| schemas.insert(name.to_owned(), shape);
    tell("Problem", problem());
    let scopes: Vec<&str> = TokenScope::ALL.iter().map(|scope| scope.as_str()).collect();
    let scope = json!({ "type": "string", "enum": scopes });
    tell("Token", object(&[("id", text()), ("name", text()), ("scopes", many(scope)), ("expires_at", instant())]));
    tell("Maison", object(&maison()));
    tell("Person", object(&person()));
    tell("Enrolment", object(&enrolment()));
    let webinar = webinar();
    tell("Webinar", object(&webinar));
    let more = [("present", maybe("integer")), ("roster", many(object(&attendee())))];
    tell("WebinarWhole", object(&[webinar.as_slice(), &more].concat()));
    let classroom = classroom();
    tell("Classroom", object(&classroom));
    let mark = object(&[("half_day", text()), ("present", truth()), ("signed_at", maybe_instant())]);
    let roster = object(&[("person", id()), ("marks", many(mark))]);
    tell("ClassroomWhole", object(&[classroom.as_slice(), &[("roster", many(roster))]].concat()));
    let summary = [("person", id()), ("seq", id()), ("hash", hash()), ("updated_at", instant())];
    tell("RecordSummary", object(&summary));
    let courses = json!({ "type": "object", "additionalProperties": { "type": "object" } });
    let more = [("minutes_at_distance", count()), ("minutes_live", count()), ("courses", courses)];
    tell("Record", object(&[summary.as_slice(), &more].concat()));
    tell("Fact", object(&fact()));
    let certificate = certificate();
    tell("CertificateSummary", object(&certificate));
    let signed = json!({ "type": "string", "description": "The text that is signed: the certificate as JSON." });
    let more = [
        ("certificate", json!({ "type": "object" })),
        ("signed", signed),
        ("signature", json!({ "type": "string", "description": "Ed25519, in hexadecimal." })),
        ("key", json!({ "type": "string", "description": "The name of the key, at /certificats/cles.json." })),
    ];
    tell("Certificate", object(&[certificate.as_slice(), &more].concat()));
    Value::Object(schemas)
}

type Field = (&'static str, Value);

/// RFC 9457.
fn problem() -> Value {
    object(&[
        ("type", json!({ "type": "string", "format": "uri-reference" })),
        ("title", text()),
        ("status", json!({ "type": "integer" })),
        ("detail", text()),
    ])
}

fn maison() -> [Field; 6] {
    [
        ("id", id()),
        ("name", text()),
        ("commune", text()),
        ("departement", json!({ "type": "string", "description": "Its code: 08, 2A." })),
        ("siret", maybe("string")),
        ("labelled_on", json!({ "type": ["string", "null"], "format": "date" })),
    ]
}

fn person() -> [Field; 8] {
    [
        ("id", id()),
        ("first_name", text()),
        ("last_name", text()),
        ("email", text()),
        ("active", json!({ "type": "boolean", "description": "Whether the account is open: not suspended." })),
        ("created_at", instant()),
        ("maison", json!({ "anyOf": [reference("Maison"), { "type": "null" }] })),
        ("enrolments", many(reference("Enrolment"))),
    ]
}

fn enrolment() -> [Field; 14] {
    [
        ("course", text()),
        ("state", json!({ "type": "string", "enum": people::STATES })),
        ("late", truth()),
        ("enrolled_at", instant()),
        ("cohort", maybe("string")),
        ("due_at", maybe_instant()),
        ("chapters", json!({ "type": "integer", "minimum": 0, "description": "Chapters acquired, or exempted from." })),
        ("minutes", json!({ "type": "integer", "minimum": 0, "description": "At a distance, asynchronous." })),
        ("minutes_live", json!({ "type": "integer", "minimum": 0, "description": "At a distance, synchronous." })),
        (
            "webinars",
            json!({ "type": "integer", "minimum": 0, "description": "Webinars held, with this agent registered." }),
        ),
        ("webinars_met", json!({ "type": "integer", "minimum": 0, "description": "Those attended for long enough." })),
        ("mooc_at", maybe_instant()),
        ("webinar_at", maybe_instant()),
        ("done_at", maybe_instant()),
    ]
}

fn webinar() -> [Field; 14] {
    [
        ("id", uuid()),
        ("course", text()),
        ("title", text()),
        ("status", json!({ "type": "string", "enum": webinars::STATUSES })),
        ("starts_at", instant()),
        ("minutes", count()),
        ("live_at", maybe_instant()),
        ("closed_at", maybe_instant()),
        ("cancelled_at", maybe_instant()),
        ("capacity", count()),
        (
            "threshold",
            json!({ "type": "integer", "description": "Percent of the live time that makes somebody present." }),
        ),
        (
            "departement",
            json!({ "type": ["string", "null"], "description": "Whose agents it is open to; null for all." }),
        ),
        ("trainers", many(id())),
        ("registered", count()),
    ]
}

fn attendee() -> [Field; 6] {
    [
        ("person", id()),
        ("registered", truth()),
        ("minutes", count()),
        ("percent", count()),
        ("met", truth()),
        ("reason", text()),
    ]
}

fn classroom() -> [Field; 7] {
    let half_day = object(&[("half_day", text()), ("closed_at", maybe_instant())]);
    [
        ("id", uuid()),
        ("pathway", text()),
        ("component", text()),
        ("course", text()),
        ("place", text()),
        ("leader", id()),
        ("half_days", many(half_day)),
    ]
}

fn fact() -> [Field; 6] {
    let kind = json!({ "type": "object", "properties": { "kind": text() }, "required": ["kind"] });
    [
        ("seq", id()),
        ("at", instant()),
        ("author", maybe("integer")),
        ("fact", kind),
        ("sealed", json!({ "type": "string", "description": "The fact as its hash covers it." })),
        ("hash", hash()),
    ]
}

fn certificate() -> [Field; 10] {
    [
        ("number", text()),
        ("person", id()),
        ("pathway", text()),
        ("award", text()),
        ("title", text()),
        ("status", json!({ "type": "string", "enum": certificates::STATUSES })),
        ("issued_at", instant()),
        ("withdrawn_at", maybe_instant()),
        ("replaces", maybe("string")),
        ("verify", json!({ "type": "string", "format": "uri" })),
    ]
}

fn object(fields: &[Field]) -> Value {
    let properties: Map<String, Value> =
        fields.iter().map(|(name, shape)| ((*name).to_owned(), shape.clone())).collect();
    let required: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn truth() -> Value {
    json!({ "type": "boolean" })
}

fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

fn instant() -> Value {
    json!({ "type": "string", "format": "date-time" })
}

fn maybe_instant() -> Value {
    json!({ "type": ["string", "null"], "format": "date-time" })
}

fn uuid() -> Value {
    json!({ "type": "string", "format": "uuid" })
}

fn hash() -> Value {
    json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" })
}

fn maybe(kind: &str) -> Value {
    json!({ "type": [kind, "null"] })
}

fn many(item: Value) -> Value {
    Value::Object(Map::from_iter([("type".to_owned(), "array".into()), ("items".to_owned(), item)]))
}
