//! A question as its author writes it in `quiz.toml`: in Markdown, not yet checked.

mod fit;
mod toml;

pub(super) use toml::quoted;

use crate::ids::QuestionSlug;
use crate::quiz::Pair;
use crate::text::{folded, slug};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// A `[[question]]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Draft {
    pub(super) id: String,
    pub(super) stem: String,
    #[serde(default = "one")]
    pub(super) points: u32,
    #[serde(default)]
    pub(super) feedback: String,
    #[serde(default)]
    pub(super) section: Option<String>,
    #[serde(default)]
    pub(super) skill: Option<String>,
    #[serde(flatten)]
    pub(super) asked: Asked,
}

fn one() -> u32 {
    1
}

/// What is asked, by type.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(super) enum Asked {
    Single {
        choice: Vec<Choice>,
    },
    Multiple {
        choice: Vec<Choice>,
    },
    TrueFalse {
        answer: bool,
        feedback_true: String,
        feedback_false: String,
    },
    Numeric {
        answer: f64,
        #[serde(default)]
        tolerance: f64,
        #[serde(default)]
        unit: Option<String>,
    },
    ShortText {
        accepted: Vec<String>,
    },
    Matching {
        pair: Vec<Pair>,
        #[serde(default)]
        distractors: Vec<String>,
    },
    Ordering {
        items: Vec<String>,
    },
    Gap {
        text: String,
        gap: BTreeMap<String, Gap>,
    },
}

/// A choice, in Markdown.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Choice {
    pub(super) text: String,
    pub(super) right: bool,
    #[serde(default)]
    pub(super) feedback: String,
}

/// What a gap takes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Gap {
    pub(super) accepted: Vec<String>,
    #[serde(default)]
    pub(super) options: Vec<String>,
}

/// The questions of a `quiz.toml`, a `bank.toml` or a `positioning.toml`.
#[derive(Debug, Deserialize)]
pub(super) struct Questions {
    #[serde(default, rename = "question")]
    pub(super) drafts: Vec<Draft>,
}

/// Identifiers already taken in a quiz.
#[derive(Debug, Default)]
pub(super) struct Ids(pub(super) BTreeSet<String>);

impl Ids {
    /// An identifier made from the first of these names that has letters, unlike any other.
    pub(super) fn take(&mut self, names: &[&str]) -> String {
        let slugs = names.iter().map(|name| if is_identifier(name) { (*name).to_owned() } else { slug(name, 56) });
        let first = slugs.into_iter().find(|name| !name.is_empty()).unwrap_or_else(|| String::from("question"));
        let mut id = first.clone();
        for number in 2.. {
            if self.0.insert(id.clone()) {
                break;
            }
            let kept: String = first.chars().take(56).collect();
            id = format!("{}-{number}", kept.trim_end_matches('-'));
        }
        id
    }
}

/// Whether a name is already an identifier, to be kept as it is.
fn is_identifier(name: &str) -> bool {
    name.parse::<QuestionSlug>().is_ok()
}

/// What makes two short texts the same for a reader; without letters, signs make the difference.
fn key(text: &str) -> String {
    Some(folded(text)).filter(|key| key.contains(char::is_alphabetic)).unwrap_or_else(|| text.trim().to_owned())
}
