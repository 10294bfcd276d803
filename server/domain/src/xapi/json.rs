//! JSON read strictly, and where something in it is wrong.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// Why something is refused: where, and what is expected there. Texts are French.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}\u{a0}: {remedy}")]
pub struct Problem {
    /// As a path: `$.actor.mbox`, `$[3].verb.id`; the name of a parameter outside of a body.
    place: String,
    remedy: String,
}

impl Problem {
    /// A problem with what is being read, as a whole.
    pub fn new(remedy: impl Into<String>) -> Self {
        Self { place: String::new(), remedy: remedy.into() }
    }

    /// The same, told from what it is in.
    #[must_use]
    pub fn within(mut self, outer: &str) -> Self {
        self.place.insert_str(0, outer);
        self
    }

    /// The same, told from the object of which it is a property.
    #[must_use]
    pub fn of(self, key: &str) -> Self {
        let plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if plain { self.within(&format!(".{key}")) } else { self.within(&format!("[{key:?}]")) }
    }

    /// The same, told from the list in which it is.
    #[must_use]
    pub fn at(self, rank: usize) -> Self {
        self.within(&format!("[{rank}]"))
    }
}

/// Reads a text of JSON in which no property is given twice (Data 2.2): which of the two was meant, nobody knows.
pub fn read(text: &[u8]) -> Result<Value, Problem> {
    let Once(value) = serde_json::from_slice(text)
        .map_err(|error| Problem::new(format!("ce n’est pas du JSON bien formé ({error}).")).within("$"))?;
    Ok(value)
}

/// A value of which no object has the same property twice.
struct Once(Value);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OnceVisitor).map(Self)
    }
}

struct OnceVisitor;

impl<'de> Visitor<'de> for OnceVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number is too large"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Once(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(format_args!("the property `{key}` is given twice")));
            }
            let Once(value) = map.next_value()?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

/// An object of which every property is known here, and none is null (Data 2.2).
#[derive(Debug, Clone, Copy)]
pub(super) struct Object<'v>(&'v Map<String, Value>);

impl<'v> Object<'v> {
    /// Takes `value` for an object whose properties are among `known`.
    pub(super) fn of(value: &'v Value, known: &[&str]) -> Result<Self, Problem> {
        let map = value.as_object().ok_or_else(|| Problem::new("un objet est attendu ici."))?;
        for (key, value) in map {
            if !known.contains(&key.as_str()) {
                let near = known.iter().find(|known| known.eq_ignore_ascii_case(key));
                return Err(Problem::new(match near {
                    Some(near) => format!("cette propriété s’écrit «\u{a0}{near}\u{a0}», sans autre casse."),
                    None => format!(
                        "cette propriété n’a pas sa place ici\u{a0}; y sont admises\u{a0}: {}.",
                        known.join(", ")
                    ),
                })
                .of(key));
            }
            if value.is_null() {
                return Err(Problem::new("null n’est pas une valeur admise\u{a0}: retirez la propriété.").of(key));
            }
        }
        Ok(Self(map))
    }

    pub(super) fn has(self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    pub(super) fn get(self, key: &str) -> Option<&'v Value> {
        self.0.get(key)
    }

    /// The property, read by `read`; none where it is absent.
    pub(super) fn optional<T>(
        self,
        key: &str,
        read: impl FnOnce(&'v Value) -> Result<T, Problem>,
    ) -> Result<Option<T>, Problem> {
        self.0.get(key).map(|value| read(value).map_err(|problem| problem.of(key))).transpose()
    }

    /// The property, read by `read`.
    pub(super) fn required<T>(
        self,
        key: &str,
        read: impl FnOnce(&'v Value) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.optional(key, read)?.ok_or_else(|| Problem::new("cette propriété est obligatoire.").of(key))
    }
}

/// Each value of a list, read by `read`.
pub(super) fn each<'v, T>(
    value: &'v Value,
    mut read: impl FnMut(&'v Value) -> Result<T, Problem>,
) -> Result<Vec<T>, Problem> {
    let list = value.as_array().ok_or_else(|| Problem::new("une liste est attendue ici."))?;
    list.iter().enumerate().map(|(rank, value)| read(value).map_err(|problem| problem.at(rank))).collect()
}
