//! The eight types of question.

use super::Field;
use serde::{Deserialize, Serialize};

/// The types of question, as files name them: what a question is without its texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Type {
    #[default]
    Single,
    Multiple,
    TrueFalse,
    Numeric,
    ShortText,
    Matching,
    Ordering,
    Gap,
}

impl Type {
    pub const ALL: [Self; 8] = [
        Self::Single,
        Self::Multiple,
        Self::TrueFalse,
        Self::Numeric,
        Self::ShortText,
        Self::Matching,
        Self::Ordering,
        Self::Gap,
    ];

    /// As a file names it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Multiple => "multiple",
            Self::TrueFalse => "true-false",
            Self::Numeric => "numeric",
            Self::ShortText => "short-text",
            Self::Matching => "matching",
            Self::Ordering => "ordering",
            Self::Gap => "gap",
        }
    }

    /// As authors name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Single => "Choix unique",
            Self::Multiple => "Choix multiple",
            Self::TrueFalse => "Vrai ou faux",
            Self::Numeric => "Nombre",
            Self::ShortText => "Réponse courte",
            Self::Matching => "Association",
            Self::Ordering => "Mise en ordre",
            Self::Gap => "Texte à trous",
        }
    }

    #[must_use]
    pub fn of(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.key() == key)
    }
}

impl From<&Field> for Type {
    fn from(field: &Field) -> Self {
        match field {
            Field::Single { .. } => Self::Single,
            Field::Multiple { .. } => Self::Multiple,
            Field::TrueFalse => Self::TrueFalse,
            Field::Numeric { .. } => Self::Numeric,
            Field::ShortText => Self::ShortText,
            Field::Matching { .. } => Self::Matching,
            Field::Ordering { .. } => Self::Ordering,
            Field::Gap { .. } => Self::Gap,
        }
    }
}
