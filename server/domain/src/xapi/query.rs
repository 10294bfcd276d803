//! What is asked of the statements, as parameters say it (Communication 2.1.3).

use super::actor::{Actor, actor};
use super::json::{self, Problem};
use super::traits::Key;
use super::values::{read_iri, read_timestamp, read_uuid};
use jiff::Timestamp;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The most statements on a page.
pub const PAGE: u64 = 100;

/// Parameters, each known here and given once.
#[derive(Debug, Clone, Copy)]
pub struct Parameters<'p>(&'p [(String, String)]);

impl<'p> Parameters<'p> {
    /// Takes the parameters for some of those that are `known`.
    pub fn of(given: &'p [(String, String)], known: &[&str]) -> Result<Self, Problem> {
        let mut seen = BTreeSet::new();
        for (name, _) in given {
            if !known.contains(&name.as_str()) {
                let near = known.iter().find(|known| known.eq_ignore_ascii_case(name));
                return Err(Problem::new(match near {
                    Some(near) => format!("ce paramètre s’écrit «\u{a0}{near}\u{a0}», sans autre casse."),
                    None => format!("ce paramètre n’est pas connu ici\u{a0}; le sont\u{a0}: {}.", known.join(", ")),
                })
                .within(name));
            }
            if !seen.insert(name) {
                return Err(Problem::new("ce paramètre est donné deux fois.").within(name));
            }
        }
        Ok(Self(given))
    }

    /// The parameter, read by `read`; none where it is absent.
    pub fn optional<T>(
        self,
        name: &str,
        read: impl FnOnce(&'p str) -> Result<T, Problem>,
    ) -> Result<Option<T>, Problem> {
        let given = self.0.iter().find(|(known, _)| known == name);
        given.map(|(_, value)| read(value).map_err(|problem| problem.within(name))).transpose()
    }

    /// The parameter, read by `read`.
    pub fn required<T>(self, name: &str, read: impl FnOnce(&'p str) -> Result<T, Problem>) -> Result<T, Problem> {
        self.optional(name, read)?.ok_or_else(|| Problem::new("ce paramètre est obligatoire.").within(name))
    }

    fn flag(self, name: &str) -> Result<bool, Problem> {
        let read = |value: &str| match value {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(Problem::new("true ou false est attendu ici.")),
        };
        Ok(self.optional(name, read)?.unwrap_or(false))
    }
}

/// How much of a statement is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Only what identifies agents, verbs and activities.
    Ids,
    /// As it was received.
    #[default]
    Exact,
    /// With the definitions that the store holds for good, in one language.
    Canonical,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    pub wanted: Wanted,
    pub format: Format,
    /// Whether what is attached is to come along.
    pub attachments: bool,
}

/// Which statements are asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    One { id: Uuid, voided: bool },
    Many(Filter),
}

/// What statements must be to be told.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// True: taken broadly.
    pub agent: Option<(Key, bool)>,
    pub verb: Option<Key>,
    /// True: taken broadly.
    pub activity: Option<(Key, bool)>,
    pub registration: Option<Key>,
    /// Stored later than that.
    pub since: Option<Timestamp>,
    /// Stored then at the latest.
    pub until: Option<Timestamp>,
    /// From 1 to [`PAGE`].
    pub limit: u64,
    /// The oldest first.
    pub ascending: bool,
    /// Where the page before ended.
    pub after: Option<i64>,
}

impl Filter {
    /// Whether it chooses among statements by anything but when they were stored.
    #[must_use]
    pub fn chooses(&self) -> bool {
        self.agent.is_some() || self.verb.is_some() || self.activity.is_some() || self.registration.is_some()
    }
}

/// The parameter that says where the page before ended: ours alone, within `more`.
pub const AFTER: &str = "after";

/// Reads what is asked by these parameters.
pub fn query(given: &[(String, String)]) -> Result<Query, Problem> {
    let known = [
        "statementId",
        "voidedStatementId",
        "agent",
        "verb",
        "activity",
        "registration",
        "related_activities",
        "related_agents",
        "since",
        "until",
        "limit",
        "format",
        "attachments",
        "ascending",
        AFTER,
    ];
    let parameters = Parameters::of(given, &known)?;
    let format = parameters.optional("format", |value| match value {
        "ids" => Ok(Format::Ids),
        "exact" => Ok(Format::Exact),
        "canonical" => Ok(Format::Canonical),
        _ => Err(Problem::new("ids, exact ou canonical est attendu ici.")),
    })?;
    let attachments = parameters.flag("attachments")?;
    let one = parameters.optional("statementId", read_uuid)?.map(|id| (id, false));
    let voided = parameters.optional("voidedStatementId", read_uuid)?.map(|id| (id, true));
    let wanted = match one.or(voided) {
        Some((id, voided)) => {
            let alone = ["statementId", "voidedStatementId"][usize::from(voided)];
            let other = given.iter().find(|(name, _)| ![alone, "format", "attachments"].contains(&name.as_str()));
            if let Some((other, _)) = other {
                let remedy =
                    format!("ce paramètre ne va pas avec {alone}\u{a0}: seuls format et attachments l’accompagnent.");
                return Err(Problem::new(remedy).within(other));
            }
            Wanted::One { id, voided }
        }
        None => Wanted::Many(filter(parameters)?),
    };
    Ok(Query { wanted, format: format.unwrap_or_default(), attachments })
}

fn filter(parameters: Parameters<'_>) -> Result<Filter, Problem> {
    let agent = parameters.optional("agent", |value| match actor(&json::read(value.as_bytes())?)? {
        Actor::Agent(identifier) | Actor::Group { identifier: Some(identifier), .. } => Ok(Key::agent(&identifier)),
        Actor::Group { .. } => Err(Problem::new("un groupe est cherché par son identifiant.")),
    })?;
    let broadly = parameters.flag("related_agents")?;
    let activity = parameters.optional("activity", |value| read_iri(value).map(Key::activity))?;
    let related = parameters.flag("related_activities")?;
    let whole = |value: &str| value.parse::<u64>().map_err(|_| Problem::new("un nombre entier est attendu ici."));
    let limit = parameters.optional("limit", whole)?.filter(|limit| *limit > 0).unwrap_or(PAGE).min(PAGE);
    let after = parameters.optional(AFTER, |value| {
        value
            .parse()
            .map_err(|_| Problem::new("l’adresse de la suite est à prendre dans «\u{a0}more\u{a0}», telle quelle."))
    })?;
    Ok(Filter {
        agent: agent.map(|agent| (agent, broadly)),
        verb: parameters.optional("verb", |value| read_iri(value).map(Key::verb))?,
        activity: activity.map(|activity| (activity, related)),
        registration: parameters.optional("registration", |value| read_uuid(value).map(Key::registration))?,
        since: parameters.optional("since", read_timestamp)?,
        until: parameters.optional("until", read_timestamp)?,
        limit,
        ascending: parameters.flag("ascending")?,
        after,
    })
}
