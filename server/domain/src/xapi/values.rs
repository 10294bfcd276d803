//! The words that statements are made of: IRIs, identifiers, languages, instants, durations (Data 4.0).

use super::json::{Object, Problem};
use iri_string::types::IriStr;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use oxilangtag::LanguageTag;
use serde_json::Value;
use uuid::{Uuid, Variant};

pub(super) fn text(value: &Value) -> Result<&str, Problem> {
    value.as_str().ok_or_else(|| Problem::new("une chaîne est attendue ici."))
}

pub(super) fn boolean(value: &Value) -> Result<bool, Problem> {
    value.as_bool().ok_or_else(|| Problem::new("true ou false est attendu ici, sans guillemets."))
}

pub(super) fn number(value: &Value) -> Result<f64, Problem> {
    value.as_f64().ok_or_else(|| Problem::new("un nombre est attendu ici, sans guillemets."))
}

pub(super) fn iri(value: &Value) -> Result<&str, Problem> {
    text(value).and_then(read_iri)
}

pub(super) fn uuid(value: &Value) -> Result<Uuid, Problem> {
    text(value).and_then(read_uuid)
}

pub(super) fn timestamp(value: &Value) -> Result<Timestamp, Problem> {
    text(value).and_then(read_timestamp)
}

pub(super) fn language(value: &Value) -> Result<&str, Problem> {
    text(value).and_then(read_language)
}

/// An absolute IRI (RFC 3987): with its scheme.
pub fn read_iri(text: &str) -> Result<&str, Problem> {
    IriStr::new(text).map(|_| text).map_err(|_| {
        Problem::new("un IRI complet est attendu ici, avec son schéma\u{a0}: https://exemple.fr/verbes/lu.")
    })
}

/// A UUID in its standard form (RFC 4122, variant 2).
pub fn read_uuid(text: &str) -> Result<Uuid, Problem> {
    let uuid = Uuid::try_parse(text).ok().filter(|uuid| text.len() == 36 && uuid.get_variant() == Variant::RFC4122);
    uuid.ok_or_else(|| Problem::new("un UUID est attendu ici (RFC 4122)\u{a0}: 6690e6c9-3ef0-4ed3-8b37-7f3964730bee."))
}

/// An instant in ISO 8601, date and time together; in UTC where it names no offset. An offset of minus zero says
/// that the place is unknown (RFC 3339 §4.3), which ISO 8601 has no word for.
pub(super) fn read_timestamp(text: &str) -> Result<Timestamp, Problem> {
    let known = text.bytes().all(|byte| byte.is_ascii_digit() || b"-+:.,TZ".contains(&byte));
    let nowhere = ["-00", "-0000", "-00:00"].iter().any(|end| text.contains('T') && text.ends_with(end));
    let read = text.parse::<Timestamp>().ok().or_else(|| {
        let civil: DateTime = text.parse().ok()?;
        TimeZone::UTC.to_timestamp(civil).ok()
    });
    read.filter(|_| known && text.contains('T') && !nowhere).ok_or_else(|| {
        Problem::new("une date et une heure en ISO 8601 sont attendues ici\u{a0}: 2026-11-28T09:30:00.000Z.")
    })
}

/// A language tag (RFC 5646).
pub(super) fn read_language(text: &str) -> Result<&str, Problem> {
    LanguageTag::parse(text)
        .map(|_| text)
        .map_err(|_| Problem::new("une langue est attendue ici (RFC 5646)\u{a0}: fr-FR."))
}

/// A duration in ISO 8601:2004 §4.4.3.2: `PT16559.14S`, `P3Y1M29DT4H35M59.14S`, `P4W`.
pub(super) fn duration(value: &Value) -> Result<&str, Problem> {
    let text = text(value)?;
    is_duration(text)
        .then_some(text)
        .ok_or_else(|| Problem::new("une durée en ISO 8601 est attendue ici\u{a0}: PT1H30M."))
}

fn is_duration(text: &str) -> bool {
    let Some(whole) = text.strip_prefix('P') else { return false };
    if let Some(weeks) = whole.strip_suffix('W') {
        return is_amount(weeks, true);
    }
    let (days, time) = whole.split_once('T').map_or((whole, None), |(days, time)| (days, Some(time)));
    let last = time.is_none();
    match time {
        Some(time) => (days.is_empty() || in_units(days, "YMD", last)) && in_units(time, "HMS", true),
        None => in_units(days, "YMD", last),
    }
}

/// Whether the text is one amount or more, each with one of the units, in their order. The last of a duration may
/// have decimals.
fn in_units(text: &str, units: &str, last: bool) -> bool {
    let mut units = units.chars();
    let mut rest = text;
    while let Some(end) = rest.find(|sign: char| sign.is_ascii_uppercase()) {
        let (amount, unit) = rest.split_at(end);
        let decimals = last && unit.len() == 1;
        if !is_amount(amount, decimals) || !unit.chars().next().is_some_and(|unit| units.any(|known| known == unit)) {
            return false;
        }
        rest = &unit[1..];
    }
    rest.is_empty() && !text.is_empty()
}

fn is_amount(text: &str, decimals: bool) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once(['.', ',']) {
        Some((whole, part)) => decimals && digits(whole) && digits(part),
        None => digits(text),
    }
}

/// A version of the specification that is understood: 1.0, or any 1.0.x (Data 2.4.10).
pub(super) fn version(value: &Value) -> Result<&str, Problem> {
    let text = text(value)?;
    is_version(text).then_some(text).ok_or_else(|| Problem::new("la version d’une déclaration est ici 1.0.0."))
}

/// Whether that version of the specification is understood (Communication 3.3).
#[must_use]
pub fn is_version(text: &str) -> bool {
    text == "1.0"
        || text.strip_prefix("1.0.").is_some_and(|patch| {
            !patch.is_empty() && patch.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+".contains(&byte))
        })
}

/// A text in one or more languages (Data 4.2).
pub(super) fn language_map(value: &Value) -> Result<(), Problem> {
    let map = value.as_object().ok_or_else(|| Problem::new("un objet est attendu ici\u{a0}: {\"fr-FR\": \"…\"}."))?;
    map.iter().try_for_each(|(key, value)| {
        read_language(key).and_then(|_| text(value)).map(|_| ()).map_err(|problem| problem.of(key))
    })
}

/// Whatever else is said, under IRIs (Data 4.1). What is under them is nobody's business here.
pub(super) fn extensions(value: &Value) -> Result<(), Problem> {
    let map = value.as_object().ok_or_else(|| Problem::new("un objet est attendu ici."))?;
    map.keys().try_for_each(|key| read_iri(key).map(|_| ()).map_err(|problem| problem.of(key)))
}

/// Bytes in hexadecimal, in small letters.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// One of the words that the specification lists, in its very letters.
pub(super) fn one_of<'v>(value: &'v Value, words: &[&str]) -> Result<&'v str, Problem> {
    let word = text(value)?;
    words
        .contains(&word)
        .then_some(word)
        .ok_or_else(|| Problem::new(format!("un de ces mots est attendu ici\u{a0}: {}.", words.join(", "))))
}

/// A reference to a statement (Data 2.4.4.3).
pub(super) fn statement_ref(value: &Value) -> Result<Uuid, Problem> {
    let object = Object::of(value, &["objectType", "id"])?;
    object.required("objectType", |value| one_of(value, &["StatementRef"]))?;
    object.required("id", uuid)
}
