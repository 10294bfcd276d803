//! What a badge says, as N-Quads in canonical order: the form of it that is signed.
//!
//! A JSON-LD processor would read the contexts to learn what each word means. The words of our badges are few and known,
//! so they stand here, and a document that has any other is refused. The blank nodes get the names that RDF Dataset
//! Canonicalization gives them (W3C RDFC-1.0, §4.4), for as long as no two of them say the same: it is refused too.
//! The tests hold this against what `jsonld.js` makes of the same documents.

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const CREDENTIALS: &str = "https://www.w3.org/2018/credentials#";
const BADGES: &str = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#";
const SECURITY: &str = "https://w3id.org/security#";
const SCHEMA: &str = "https://schema.org/";

/// How a value is to be read.
enum Kind {
    Text,
    /// A text of that type.
    Typed(&'static str),
    Flag,
    /// One of the names.
    Name,
    Address,
    Node,
}

/// What a word means: the vocabulary, the word in it, and how its value is to be read. Open Badges writes `https` in
/// the names of two types of XML Schema where everybody else writes `http`: so is it signed.
fn word(word: &str) -> Option<(&'static str, &'static str, Kind)> {
    Some(match word {
        "issuer" => (CREDENTIALS, "issuer", Kind::Node),
        "validFrom" => (CREDENTIALS, "validFrom", Kind::Typed("http://www.w3.org/2001/XMLSchema#dateTime")),
        "credentialSubject" => (CREDENTIALS, "credentialSubject", Kind::Node),
        "credentialStatus" => (CREDENTIALS, "credentialStatus", Kind::Node),
        "credentialSchema" => (CREDENTIALS, "credentialSchema", Kind::Node),
        "evidence" => (CREDENTIALS, "evidence", Kind::Node),
        "achievement" => (BADGES, "achievement", Kind::Node),
        "achievementType" => (BADGES, "achievementType", Kind::Text),
        "criteria" => (BADGES, "Criteria", Kind::Node),
        "narrative" => (BADGES, "narrative", Kind::Text),
        "identifier" => (BADGES, "identifier", Kind::Node),
        "identityType" => (BADGES, "identityType", Kind::Text),
        "identityHash" => (BADGES, "identityHash", Kind::Text),
        "salt" => (BADGES, "salt", Kind::Text),
        "hashed" => (BADGES, "hashed", Kind::Flag),
        "url" => (SCHEMA, "url", Kind::Typed("https://www.w3.org/2001/XMLSchema#anyURI")),
        "name" => (SCHEMA, "name", Kind::Text),
        "description" => (SCHEMA, "description", Kind::Text),
        "inLanguage" => (SCHEMA, "inLanguage", Kind::Text),
        "created" => ("http://purl.org/dc/terms/", "created", Kind::Typed("http://www.w3.org/2001/XMLSchema#dateTime")),
        "cryptosuite" => (SECURITY, "cryptosuite", Kind::Typed("https://w3id.org/security#cryptosuiteString")),
        "proofPurpose" => (SECURITY, "proofPurpose", Kind::Name),
        "verificationMethod" => (SECURITY, "verificationMethod", Kind::Address),
        _ => return None,
    })
}

/// What stands for itself: the types of things, and what a proof is for.
fn name(name: &str) -> Option<String> {
    let vocabulary = match name {
        "VerifiableCredential" => CREDENTIALS,
        "OpenBadgeCredential" | "Profile" | "AchievementSubject" | "Achievement" | "IdentityObject" | "Evidence" => {
            BADGES
        }
        "1EdTechRevocationList" => "https://purl.imsglobal.org/spec/vcrl/v1p0/context.json#",
        "1EdTechJsonSchemaValidator2019" => "https://purl.imsglobal.org/spec/vccs/v1p0/context.json#",
        "DataIntegrityProof" | "assertionMethod" => SECURITY,
        _ => return None,
    };
    Some(format!("<{vocabulary}{name}>"))
}

/// A document says what no badge of ours says: the word, or the value, that is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("« {0} » n’est pas d’un badge de ce site")]
pub struct Unspoken(pub(super) String);

/// The document in canonical N-Quads. Its `@context` is for whoever calls to have checked.
pub(super) fn canonical(document: &Value) -> Result<String, Unspoken> {
    let mut quads = Quads::default();
    let document = document.as_object().ok_or_else(|| Unspoken(document.to_string()))?;
    quads.node(document)?;
    let blanks = quads.names()?;
    let named = |term: &Term| match term {
        Term::Known(known) => known.clone(),
        Term::Blank(blank) => blanks.get(blank).cloned().unwrap_or_default(),
    };
    let lines: BTreeSet<String> = quads.0.iter().map(|quad| quad.line(named)).collect();
    Ok(lines.into_iter().collect())
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Blank(usize);

/// What a quad is about, or says of it.
#[derive(Clone)]
enum Term {
    /// As it is written.
    Known(String),
    Blank(Blank),
}

struct Quad {
    subject: Term,
    predicate: String,
    object: Term,
}

impl Quad {
    fn line(&self, named: impl Fn(&Term) -> String) -> String {
        format!("{} <{}> {} .\n", named(&self.subject), self.predicate, named(&self.object))
    }

    fn has(&self, blank: Blank) -> bool {
        [&self.subject, &self.object].into_iter().any(|term| matches!(term, Term::Blank(it) if *it == blank))
    }
}

#[derive(Default)]
struct Quads(Vec<Quad>, usize);

impl Quads {
    /// Says all that an object says; returns what it is known by.
    fn node(&mut self, object: &Map<String, Value>) -> Result<Term, Unspoken> {
        let subject = if let Some(id) = object.get("id") {
            Term::Known(address(id)?)
        } else {
            self.1 += 1;
            Term::Blank(Blank(self.1))
        };
        for (key, value) in object {
            let (predicate, kind) = match key.as_str() {
                "id" | "@context" => continue,
                "type" => (TYPE.to_owned(), Kind::Name),
                key => {
                    let (vocabulary, known, kind) = word(key).ok_or_else(|| Unspoken(key.to_owned()))?;
                    (format!("{vocabulary}{known}"), kind)
                }
            };
            for value in value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice) {
                let object = self.object(&kind, value)?;
                self.0.push(Quad { subject: subject.clone(), predicate: predicate.clone(), object });
            }
        }
        Ok(subject)
    }

    fn object(&mut self, kind: &Kind, value: &Value) -> Result<Term, Unspoken> {
        let known = match (kind, value) {
            (Kind::Text, Value::String(text)) => Some(literal(text)?),
            (Kind::Typed(of), Value::String(text)) => Some(format!("{}^^<{of}>", literal(text)?)),
            (Kind::Flag, Value::Bool(flag)) => Some(format!("\"{flag}\"^^<https://www.w3.org/2001/XMLSchema#boolean>")),
            (Kind::Name, Value::String(text)) => name(text),
            (Kind::Address, value) => Some(address(value)?),
            (Kind::Node, Value::Object(object)) => return self.node(object),
            _ => None,
        };
        known.map(Term::Known).ok_or_else(|| Unspoken(value.to_string()))
    }

    /// The names of blank nodes: in the order of the digests of what is said of each (RDFC-1.0, §4.6).
    fn names(&self) -> Result<BTreeMap<Blank, String>, Unspoken> {
        let mut digests = BTreeMap::new();
        for blank in (1..=self.1).map(Blank) {
            let named = |term: &Term| match term {
                Term::Known(known) => known.clone(),
                Term::Blank(it) if *it == blank => "_:a".to_owned(),
                Term::Blank(_) => "_:z".to_owned(),
            };
            let about = self.0.iter().filter(|quad| quad.has(blank));
            let mut lines: Vec<String> = about.map(|quad| quad.line(named)).collect();
            lines.sort();
            if digests.insert(Sha256::digest(lines.concat()), blank).is_some() {
                return Err(Unspoken("deux fois le même".to_owned()));
            }
        }
        Ok(digests.into_values().enumerate().map(|(place, blank)| (blank, format!("_:c14n{place}"))).collect())
    }
}

fn literal(text: &str) -> Result<String, Unspoken> {
    if text.chars().any(char::is_control) {
        return Err(Unspoken(text.to_owned()));
    }
    Ok(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

fn address(value: &Value) -> Result<String, Unspoken> {
    let odd = |letter: char| letter.is_control() || letter.is_whitespace() || "<>\"{}|^`\\".contains(letter);
    let text = value.as_str().filter(|text| text.starts_with("http") && text.contains("://") && !text.contains(odd));
    text.map(|text| format!("<{text}>")).ok_or_else(|| Unspoken(value.to_string()))
}
