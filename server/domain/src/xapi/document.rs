//! Documents kept for other systems (Communication 2.2, 2.3, 2.6, 2.7), and who may overwrite whom (3.1).

use super::actor::{Identifier, agent};
use super::json::{self, Problem};
use super::query::Parameters;
use super::values::{hex, read_iri, read_timestamp, read_uuid};
use jiff::Timestamp;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// What a document is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// How far an agent is in an activity.
    State,
    ActivityProfile,
    AgentProfile,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::ActivityProfile => "activity-profile",
            Self::AgentProfile => "agent-profile",
        }
    }

    /// The parameter that names a document among those of the same place.
    fn name(self) -> &'static str {
        if self == Self::State { "stateId" } else { "profileId" }
    }
}

/// Where documents are kept, and which of them is meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Address {
    pub kind: Kind,
    pub activity: Option<String>,
    pub agent: Option<Identifier>,
    pub registration: Option<Uuid>,
    /// None: all of them.
    pub name: Option<String>,
    /// Only those changed later than that.
    pub since: Option<Timestamp>,
}

impl Address {
    /// Reads it from parameters. `one` says that a document must be named; a document that is named is never asked
    /// for by when it changed.
    pub fn read(kind: Kind, given: &[(String, String)], one: bool) -> Result<Self, Problem> {
        let known: &[&str] = match kind {
            Kind::State => &["activityId", "agent", "registration", "stateId", "since"],
            Kind::ActivityProfile => &["activityId", "profileId", "since"],
            Kind::AgentProfile => &["agent", "profileId", "since"],
        };
        let parameters = Parameters::of(given, known)?;
        let read_activity = |value: &str| read_iri(value).map(str::to_owned);
        // PostgreSQL holds no text with a zero in it.
        let whole = |text: &str| {
            if text.contains('\0') {
                Err(Problem::new("le caractère nul n’est pas admis ici."))
            } else {
                Ok(text.to_owned())
            }
        };
        let read_agent = |value: &str| {
            let agent = agent(&json::read(value.as_bytes())?).map_err(|problem| problem.within("$"))?;
            whole(&agent.to_string()).map(|_| agent)
        };
        let activity =
            if kind == Kind::AgentProfile { None } else { Some(parameters.required("activityId", read_activity)?) };
        let agent = if kind == Kind::ActivityProfile { None } else { Some(parameters.required("agent", read_agent)?) };
        let name = parameters.optional(kind.name(), whole)?;
        let since = parameters.optional("since", read_timestamp)?;
        if one && name.is_none() {
            return Err(Problem::new("ce paramètre est obligatoire.").within(kind.name()));
        }
        Ok(Self { kind, activity, agent, registration: parameters.optional("registration", read_uuid)?, name, since })
    }

    /// What the documents of one activity, one agent, or both have in common.
    #[must_use]
    pub fn place(&self) -> String {
        self.digest([
            self.activity.as_deref().unwrap_or_default(),
            &self.agent.as_ref().map(ToString::to_string).unwrap_or_default(),
        ])
    }

    /// What one document has alone.
    #[must_use]
    pub fn id(&self) -> String {
        let registration = self.registration.map(|id| id.to_string()).unwrap_or_default();
        self.digest([self.place().as_str(), &registration, self.name.as_deref().unwrap_or_default()])
    }

    fn digest<const N: usize>(&self, parts: [&str; N]) -> String {
        let mut digest = Sha256::new().chain_update(self.kind.as_str());
        for part in parts {
            // Each after its length, so that no two addresses give the same bytes.
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        hex(&digest.finalize())
    }
}

/// What is done to a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Put,
    Post,
    Delete,
}

/// What whoever changes a document supposes of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Supposed<'h> {
    pub if_match: Option<&'h str>,
    pub if_none_match: Option<&'h str>,
}

/// Why a document is not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It is not what was supposed.
    Otherwise,
    /// It exists, and nothing was supposed of it.
    Unseen,
    /// Nothing was supposed, and something must be.
    Unsaid,
}

/// Whether a document whose tag is `known` may be changed, on what is supposed (Communication 3.1). State documents
/// may be changed without a word.
pub fn may_change(kind: Kind, change: Change, known: Option<&str>, supposed: Supposed<'_>) -> Result<(), Refused> {
    let names = |header: &str, tag: &str| {
        header.split(',').map(str::trim).any(|named| {
            let named = named.strip_prefix("W/").unwrap_or(named).trim_matches('"');
            named == "*" || named.eq_ignore_ascii_case(tag)
        })
    };
    if supposed.if_match.is_some_and(|header| !known.is_some_and(|tag| names(header, tag)))
        || supposed.if_none_match.is_some_and(|header| known.is_some_and(|tag| names(header, tag)))
    {
        return Err(Refused::Otherwise);
    }
    let silent = supposed.if_match.is_none() && supposed.if_none_match.is_none();
    match (kind, change) {
        (Kind::ActivityProfile | Kind::AgentProfile, Change::Put) if silent => {
            Err(if known.is_some() { Refused::Unseen } else { Refused::Unsaid })
        }
        _ => Ok(()),
    }
}

/// A document's content and its type.
pub type Content<'c> = (&'c str, &'c [u8]);

/// What a document becomes when `posted` is added to it: its properties replace those of the same names. Both are
/// objects in JSON (Communication 2.2).
pub fn merged(known: Option<Content<'_>>, posted: Content<'_>) -> Result<Vec<u8>, Problem> {
    let object = |(kind, content): Content<'_>, whose: &str| {
        let wrong = |remedy: &str| Problem::new(remedy).within(whose);
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            return Err(wrong("son type doit être application/json pour y ajouter\u{a0}; remplacez-le par PUT."));
        }
        match json::read(content) {
            Ok(Value::Object(object)) => Ok(object),
            _ => Err(wrong("ce doit être un objet en JSON pour y ajouter\u{a0}; remplacez-le par PUT.")),
        }
    };
    let (_, sent) = posted;
    let posted = object(posted, "document envoyé")?;
    let Some(known) = known else { return Ok(sent.to_vec()) };
    let mut whole = object(known, "document existant")?;
    whole.extend(posted);
    Ok(Value::Object(whole).to_string().into_bytes())
}
