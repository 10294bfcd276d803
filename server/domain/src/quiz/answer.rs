//! What an agent answers, and which of several sayings counts.

#[cfg(test)]
mod tests;

use super::{Kind, Question, grade, keys};
use crate::ids::{AnswerId, QuestionSlug};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Characters that a short text or a gap may hold.
pub const TEXT_LIMIT: usize = 500;
/// Characters that a number may hold.
pub const NUMBER_LIMIT: usize = 40;

/// An answer to one question, in the keys of its [`super::Prompt`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Answer {
    /// Single choice: the key of the choice.
    Choice(String),
    /// Multiple choice: the keys ticked, maybe none.
    Choices(BTreeSet<String>),
    Truth(bool),
    /// Numeric: as typed, French or English decimal mark.
    Number(String),
    Text(String),
    /// Matching: key of the left side → key of the right side.
    Matches(BTreeMap<String, String>),
    /// Ordering: every item's key, first to last.
    Order(Vec<String>),
    /// Gap text: key of the gap → what was typed or picked.
    Gaps(BTreeMap<String, String>),
}

/// One saying of an answer: what travels, is kept in the browser and resent until acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saying {
    pub question: QuestionSlug,
    /// Made in the browser; the same saying resent keeps its id.
    pub id: AnswerId,
    /// One more than the greatest revision of this question that the browser knew of.
    pub revision: u32,
    pub answer: Answer,
}

/// Why an answer cannot be one to this question.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MalformedAnswer {
    #[error("Cette réponse n’est pas du type que la question attend.")]
    WrongType,
    #[error("«\u{a0}{0}\u{a0}» n’est pas une des réponses proposées.")]
    UnknownKey(String),
    #[error("Chaque place, de 1 à {count}, doit être donnée une fois et une seule.")]
    Places { count: usize },
    #[error("La réponse est trop longue\u{a0}: {limit} caractères au plus.")]
    TooLong { limit: usize },
}

impl Answer {
    /// Whether this could be an answer to that question, right or wrong. What is not filled in a
    /// matching or a text with gaps is just absent.
    pub fn check(&self, question: &Question) -> Result<(), MalformedAnswer> {
        match (&question.kind, self) {
            (Kind::Single { choices }, Self::Choice(key)) => known(key, &choice_keys(choices.len())),
            (Kind::Multiple { choices }, Self::Choices(ticked)) => {
                let keys = choice_keys(choices.len());
                ticked.iter().try_for_each(|key| known(key, &keys))
            }
            (Kind::TrueFalse { .. }, Self::Truth(_)) => Ok(()),
            (Kind::Numeric { .. }, Self::Number(typed)) => short(typed, NUMBER_LIMIT),
            (Kind::ShortText { .. }, Self::Text(typed)) => short(typed, TEXT_LIMIT),
            (Kind::Matching { pairs, distractors }, Self::Matches(matches)) => {
                let lefts: Vec<String> = (0..pairs.len()).map(keys::left).collect();
                let rights: Vec<String> = keys::rights(pairs, distractors).into_iter().map(|(key, _)| key).collect();
                matches.iter().try_for_each(|(left, right)| known(left, &lefts).and(known(right, &rights)))
            }
            (Kind::Ordering { items }, Self::Order(order)) => {
                let keys = choice_keys(items.len());
                order.iter().try_for_each(|key| known(key, &keys))?;
                let each_once =
                    order.len() == items.len() && order.iter().collect::<BTreeSet<_>>().len() == items.len();
                if each_once { Ok(()) } else { Err(MalformedAnswer::Places { count: items.len() }) }
            }
            (Kind::Gap { parts }, Self::Gaps(typed)) => typed.iter().try_for_each(|(key, typed)| {
                let gap = grade::gaps(parts).find(|gap| gap.key == *key);
                let gap = gap.ok_or_else(|| MalformedAnswer::UnknownKey(quoted(key)))?;
                short(typed, TEXT_LIMIT)?;
                if gap.options.is_empty() { Ok(()) } else { known(typed, &gap.options) }
            }),
            _ => Err(MalformedAnswer::WrongType),
        }
    }

    /// Whether nothing is said: nothing ticked, typed or placed.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Choice(text) | Self::Number(text) | Self::Text(text) => text.trim().is_empty(),
            Self::Choices(ticked) => ticked.is_empty(),
            Self::Truth(_) => false,
            Self::Matches(given) | Self::Gaps(given) => given.values().all(|text| text.trim().is_empty()),
            Self::Order(order) => order.is_empty(),
        }
    }
}

/// Items of an ordering are as many letters as choices are.
fn choice_keys(count: usize) -> Vec<String> {
    (0..count).map(keys::letter).collect()
}

fn known(key: &str, keys: &[String]) -> Result<(), MalformedAnswer> {
    if keys.iter().any(|known| known == key) { Ok(()) } else { Err(MalformedAnswer::UnknownKey(quoted(key))) }
}

/// The start of a text that came from outside, to be shown in a sentence.
fn quoted(text: &str) -> String {
    text.chars().take(NUMBER_LIMIT).collect()
}

fn short(text: &str, limit: usize) -> Result<(), MalformedAnswer> {
    if text.chars().count() <= limit { Ok(()) } else { Err(MalformedAnswer::TooLong { limit }) }
}

/// Of two sayings about one question, the one that counts: the greater revision, then the greater
/// id. So any order of arrival, repeated or not, leaves the same one.
#[must_use]
pub fn latest<'a>(a: &'a Saying, b: &'a Saying) -> &'a Saying {
    if (b.revision, b.id) > (a.revision, a.id) { b } else { a }
}

/// The saying that counts for each question.
#[must_use]
pub fn survivors<'a>(sayings: impl IntoIterator<Item = &'a Saying>) -> BTreeMap<&'a QuestionSlug, &'a Saying> {
    let mut kept: BTreeMap<_, &Saying> = BTreeMap::new();
    for saying in sayings {
        kept.entry(&saying.question).and_modify(|known| *known = latest(known, saying)).or_insert(saying);
    }
    kept
}
