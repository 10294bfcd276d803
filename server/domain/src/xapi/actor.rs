//! Who: agents and groups (Data 2.4.2).

use super::json::{Object, Problem, each};
use super::values::{iri, one_of, read_iri, text};
use serde_json::{Value, json};
use std::fmt;

/// The one thing by which an agent or a group is known: its inverse functional identifier (Data 2.4.2.3).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Identifier {
    /// `mailto:` and an address; its domain is written in small letters.
    Mbox(String),
    /// The SHA-1 of such an IRI, in small letters.
    MboxSha1(String),
    OpenId(String),
    Account {
        home_page: String,
        name: String,
    },
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mbox(mbox) => f.write_str(mbox),
            Self::MboxSha1(digest) => write!(f, "sha1:{digest}"),
            Self::OpenId(openid) => write!(f, "openid:{openid}"),
            Self::Account { home_page, name } => write!(f, "account:{home_page} {name}"),
        }
    }
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    Agent(Identifier),
    /// Known by an identifier, or else by its members only.
    Group {
        identifier: Option<Identifier>,
        members: Vec<Identifier>,
    },
}

impl Actor {
    /// Everybody it names.
    pub fn identifiers(self) -> impl Iterator<Item = Identifier> {
        let (one, members) = match self {
            Self::Agent(identifier) => (Some(identifier), Vec::new()),
            Self::Group { identifier, members } => (identifier, members),
        };
        one.into_iter().chain(members)
    }
}

/// An agent or a group; an agent where it does not say.
pub(super) fn actor(value: &Value) -> Result<Actor, Problem> {
    match value.get("objectType").and_then(Value::as_str) {
        Some("Group") => group(value),
        _ => agent(value).map(Actor::Agent),
    }
}

/// An agent, and no group.
pub(super) fn agent(value: &Value) -> Result<Identifier, Problem> {
    let object = Object::of(value, &["objectType", "name", "mbox", "mbox_sha1sum", "openid", "account"])?;
    object.optional("objectType", |value| one_of(value, &["Agent"]))?;
    object.optional("name", text)?;
    identifier(object)?
        .ok_or_else(|| Problem::new("un identifiant est attendu ici\u{a0}: mbox, mbox_sha1sum, openid ou account."))
}

/// A group, with or without an identifier.
pub(super) fn group(value: &Value) -> Result<Actor, Problem> {
    let object = Object::of(value, &["objectType", "name", "member", "mbox", "mbox_sha1sum", "openid", "account"])?;
    object.required("objectType", |value| one_of(value, &["Group"]))?;
    object.optional("name", text)?;
    let identifier = identifier(object)?;
    let members = object.optional("member", |value| each(value, agent))?.unwrap_or_default();
    if identifier.is_none() && members.is_empty() {
        return Err(Problem::new("un groupe sans identifiant nomme ses membres.").of("member"));
    }
    Ok(Actor::Group { identifier, members })
}

/// The one identifier; two are one too many.
fn identifier(object: Object<'_>) -> Result<Option<Identifier>, Problem> {
    let known = [
        object.optional("mbox", mbox)?,
        object.optional("mbox_sha1sum", mbox_sha1)?,
        object.optional("openid", |value| iri(value).map(|openid| Identifier::OpenId(openid.to_owned())))?,
        object.optional("account", account)?,
    ];
    let mut known = known.into_iter().flatten();
    let first = known.next();
    match known.next() {
        None => Ok(first),
        Some(_) => Err(Problem::new("un seul identifiant est admis parmi mbox, mbox_sha1sum, openid et account.")),
    }
}

fn mbox(value: &Value) -> Result<Identifier, Problem> {
    let wrong = || Problem::new("mailto: et une adresse sont attendus ici\u{a0}: mailto:lea@exemple.fr.");
    let text = text(value)?;
    let (local, domain) = text.strip_prefix("mailto:").and_then(|address| address.split_once('@')).ok_or_else(wrong)?;
    let plain = |part: &str| !part.is_empty() && !part.contains(['@', '?', '/', ',', '#']);
    let good = plain(local) && plain(domain) && read_iri(text).is_ok();
    good.then(|| Identifier::Mbox(format!("mailto:{local}@{}", domain.to_lowercase()))).ok_or_else(wrong)
}

fn mbox_sha1(value: &Value) -> Result<Identifier, Problem> {
    let text = text(value)?;
    let good = text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    good.then(|| Identifier::MboxSha1(text.to_lowercase()))
        .ok_or_else(|| Problem::new("un SHA-1 en quarante chiffres hexadécimaux est attendu ici."))
}

fn account(value: &Value) -> Result<Identifier, Problem> {
    let object = Object::of(value, &["homePage", "name"])?;
    let home_page = object.required("homePage", iri)?.to_owned();
    let name = object.required("name", text)?.to_owned();
    Ok(Identifier::Account { home_page, name })
}

/// Who says so, as who sends a statement may say it: an agent, or an application and the person it acts for, of
/// which one is known by an account (Data 2.4.9). It is replaced by who really sends it.
pub(super) fn authority(value: &Value) -> Result<(), Problem> {
    match actor(value)? {
        Actor::Agent(_) => Ok(()),
        Actor::Group { identifier: None, members }
            if members.len() == 2 && members.iter().any(|member| matches!(member, Identifier::Account { .. })) =>
        {
            Ok(())
        }
        Actor::Group { .. } => Err(Problem::new(
            "un agent est attendu ici, ou un groupe sans identifiant de deux agents, dont l’application par son compte.",
        )),
    }
}

/// What is known of an agent, as `GET /xapi/agents` tells it (Communication 2.4): what was asked, and nothing more.
#[must_use]
pub fn person(agent: &Value) -> Value {
    let mut person = json!({ "objectType": "Person" });
    for key in ["name", "mbox", "mbox_sha1sum", "openid", "account"] {
        if let Some(value) = agent.get(key) {
            person[key] = json!([value]);
        }
    }
    person
}
