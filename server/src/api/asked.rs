//! What a request asks in its query: a table of parameters, which both reads it and documents it.

use crate::error::{Error, Result};
use domain::place::DepartementCode;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::str::FromStr;

/// Items on a page, where nothing is asked, and at most.
pub(super) const LIMITS: (u64, u64) = (50, 200);

/// Characters of a parameter's value.
const LONGEST: usize = 256;

/// A parameter of a query.
#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) meaning: &'static str,
}

/// What a parameter's value must be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// A whole number between these.
    Integer(u64, u64),
    /// An instant with its offset (RFC 3339).
    Instant,
    /// One of these words.
    Word(&'static [&'static str]),
    /// The code of a département.
    Departement,
    /// Lower-case letters, digits and hyphens.
    Slug,
    /// As this regular expression says, for those who ask; whoever reads it is exact.
    Spelled(&'static str),
    Text,
}

pub(super) const LIMIT: Parameter = Parameter {
    name: "limit",
    kind: Kind::Integer(1, LIMITS.1),
    meaning: "Items on a page; 50 where it is not given.",
};
/// Where a page begins, by the key of the item before it, which is spelled so.
pub(super) const fn cursor(spelled: &'static str) -> Parameter {
    let meaning = "Where the page begins, as the `next` link of the page before gives it.";
    Parameter { name: "cursor", kind: Kind::Spelled(spelled), meaning }
}

/// The cursor of a list in the order of identifiers.
pub(super) const CURSOR: Parameter = cursor("^[0-9]{1,18}$");
pub(super) const DEPARTEMENT: Parameter = Parameter {
    name: "departement",
    kind: Kind::Departement,
    meaning: "Those of the maisons of that département, by its code: `08`, `2A`.",
};
pub(super) const MAISON: Parameter =
    Parameter { name: "maison", kind: Kind::Integer(1, MOST_ID), meaning: "Those of that maison, by its identifier." };
pub(super) const UPDATED_SINCE: Parameter = Parameter {
    name: "updated_since",
    kind: Kind::Instant,
    meaning: "Those that changed at that instant or later: `2026-12-01T09:00:00Z`.",
};

/// The greatest identifier that JavaScript reads without loss.
pub(super) const MOST_ID: u64 = (1 << 53) - 1;

/// A query that was understood.
#[derive(Debug)]
pub(super) struct Asked<'q>(BTreeMap<&'static str, std::borrow::Cow<'q, str>>);

impl<'q> Asked<'q> {
    /// Reads a query that may have these parameters, each once.
    ///
    /// # Errors
    /// [`Error::Parameter`] for one that is unknown, given twice or malformed.
    pub(super) fn read(parameters: &'static [Parameter], query: Option<&'q str>) -> Result<Self> {
        let mut values = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            let Some(parameter) = parameters.iter().find(|parameter| parameter.name == name) else {
                let known: Vec<&str> = parameters.iter().map(|parameter| parameter.name).collect();
                let shown: String = name.chars().take(40).collect();
                let said = format!(
                    "Le paramètre «\u{a0}{shown}\u{a0}» est inconnu ici. Sont connus\u{a0}: {}.",
                    known.join(", ")
                );
                return Err(Error::Parameter(said));
            };
            let wrong = |said: &str| Err(Error::Parameter(format!("{}\u{a0}: {said}.", parameter.name)));
            if value.chars().count() > LONGEST {
                return wrong("256 caractères au plus");
            }
            if let Some(said) = parameter.kind.wrong(&value) {
                return wrong(&said);
            }
            if values.insert(parameter.name, value).is_some() {
                return wrong("donné deux fois");
            }
        }
        Ok(Self(values))
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(AsRef::as_ref)
    }

    /// The value, which its kind has made sure can be read as that.
    pub(super) fn value<T: FromStr>(&self, name: &str) -> Option<T> {
        self.text(name)?.parse().ok()
    }

    /// Milliseconds since 1970.
    pub(super) fn instant(&self, name: &str) -> Option<i64> {
        self.value::<Timestamp>(name).map(Timestamp::as_millisecond)
    }

    pub(super) fn limit(&self) -> u64 {
        self.value("limit").unwrap_or(LIMITS.0)
    }

    /// The identifier after which the page begins; none for the first.
    ///
    /// # Errors
    /// [`Error::Parameter`] for what no page gave.
    pub(super) fn after<T: FromStr>(&self) -> Result<Option<T>> {
        let cursor = self.text("cursor").map(str::parse).transpose();
        cursor.map_err(|_| unknown_cursor())
    }

    /// The parts of the cursor.
    ///
    /// # Errors
    /// [`Error::Parameter`] for what no page gave.
    pub(super) fn cursor<K: FromStr, T: FromStr>(&self) -> Result<Option<(K, T)>> {
        let Some(cursor) = self.text("cursor") else { return Ok(None) };
        let parts = cursor.split_once('~').and_then(|(key, id)| Some((key.parse().ok()?, id.parse().ok()?)));
        parts.map(Some).ok_or_else(unknown_cursor)
    }

    /// The query of the next page: the same with that cursor.
    pub(super) fn next(&self, cursor: &str) -> String {
        let others = self.0.iter().filter(|(name, _)| **name != "cursor");
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(others).append_pair("cursor", cursor);
        query.finish()
    }
}

fn unknown_cursor() -> Error {
    Error::Parameter("cursor\u{a0}: reprenez celui du lien «\u{a0}next\u{a0}» d’une page.".into())
}

impl Kind {
    /// What is wrong with a value, if anything.
    fn wrong(self, value: &str) -> Option<String> {
        let (right, said) = match self {
            Self::Integer(least, most) => {
                let plain = value.bytes().all(|byte| byte.is_ascii_digit());
                let within = value.parse().is_ok_and(|value: u64| (least..=most).contains(&value));
                (plain && within, format!("un nombre entier de {least} à {most}"))
            }
            Self::Instant => {
                (value.parse::<Timestamp>().is_ok(), "une date et une heure comme 2026-12-01T09:00:00Z".to_owned())
            }
            Self::Word(words) => (words.contains(&value), format!("un de ces mots, {}", words.join(", "))),
            Self::Departement => (value.parse::<DepartementCode>().is_ok(), "un code de département".to_owned()),
            Self::Slug => {
                (value.parse::<domain::ids::CourseSlug>().is_ok(), "un nom court comme mediation-numerique".to_owned())
            }
            Self::Spelled(_) => (!value.is_empty(), "une valeur".to_owned()),
            Self::Text => (!value.is_empty() && !value.chars().any(char::is_control), "un texte".to_owned()),
        };
        (!right).then(|| format!("attend {said}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[Parameter] = &[LIMIT, CURSOR, DEPARTEMENT, UPDATED_SINCE];

    fn refused(query: &str) -> String {
        match Asked::read(KNOWN, Some(query)) {
            Err(Error::Parameter(said)) => said,
            other => panic!("{query}: {other:?}"),
        }
    }

    #[test]
    fn a_query_is_read_and_its_next_page_asks_the_same() {
        let asked = Asked::read(KNOWN, Some("departement=2A&limit=3&cursor=7%7E9")).unwrap();
        assert_eq!((asked.limit(), asked.text("departement")), (3, Some("2A")));
        assert_eq!(asked.cursor::<i64, i64>().unwrap(), Some((7, 9)));
        assert_eq!(asked.next("8~1"), "departement=2A&limit=3&cursor=8%7E1");
        assert_eq!(Asked::read(KNOWN, None).unwrap().limit(), 50);
    }

    #[test]
    fn what_is_unknown_repeated_or_malformed_is_refused_by_its_name() {
        assert!(refused("limite=3").contains("«\u{a0}limite\u{a0}» est inconnu"));
        assert!(refused("limit=3&limit=4").contains("limit\u{a0}: donné deux fois"));
        for wrong in ["limit=0", "limit=201", "limit=%2B3", "limit=", "departement=99", "updated_since=hier"] {
            assert!(refused(wrong).contains("attend"), "{wrong}");
        }
        assert!(refused(&format!("cursor={}", "x".repeat(257))).contains("256"));
        assert!(refused("cursor=").contains("attend"));
        let asked = Asked::read(KNOWN, Some("cursor=x")).unwrap();
        assert!(matches!(asked.cursor::<i64, i64>(), Err(Error::Parameter(_))));
    }
}
