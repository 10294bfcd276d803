//! What may be shown of a question before the answer, and what is shown after it.

#[cfg(test)]
mod tests;

use super::{GapPart, Kind, Mark, Question, keys, shuffle::shuffled};
use crate::ids::{ChapterSlug, QuestionSlug, SectionSlug};
use serde::{Deserialize, Serialize};

/// A question without its right answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prompt {
    pub slug: QuestionSlug,
    /// Sanitised HTML.
    pub stem: String,
    pub points: u32,
    /// How points are given, in a French sentence.
    pub rule: String,
    pub field: Field,
}

/// What the agent has to fill.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Field {
    Single {
        choices: Vec<Labelled>,
    },
    Multiple {
        choices: Vec<Labelled>,
    },
    TrueFalse,
    Numeric {
        unit: Option<String>,
    },
    ShortText,
    /// Every left side is given one of the right sides. Keys tell nothing of the pairs.
    Matching {
        lefts: Vec<Labelled>,
        rights: Vec<Labelled>,
    },
    /// Items in an order that is not the right one to start from. Keys tell nothing of the order.
    Ordering {
        items: Vec<Labelled>,
    },
    Gap {
        parts: Vec<PromptPart>,
    },
}

/// A thing to choose or place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labelled {
    pub key: String,
    /// Sanitised HTML for choices, plain text for the sides of a matching and the items of an ordering.
    pub label: String,
}

/// A piece of a text with gaps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "part", rename_all = "kebab-case")]
pub enum PromptPart {
    Text {
        text: String,
    },
    /// Typed when `options` is empty, else picked among them.
    Gap {
        key: String,
        options: Vec<String>,
    },
}

/// A question after the answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    pub slug: QuestionSlug,
    /// Sanitised HTML.
    pub stem: String,
    pub mark: Mark,
    /// Whether the agent answered at all.
    pub answered: bool,
    pub lines: Vec<ReviewLine>,
    /// Sanitised HTML, may be empty.
    pub feedback: String,
    /// The section to read again.
    pub section: Option<SectionSlug>,
    /// The chapter of that section, when it is not the quiz's own.
    pub chapter: Option<ChapterSlug>,
}

/// One line of a review: a choice, a pair, a place in an order, a gap, or the whole typed answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewLine {
    /// Sanitised HTML: the choice, the left side, « 1re place », the gap's words before it; empty for a typed answer.
    pub label: String,
    /// What the agent gave, plain text; for choices: « choisi » is told by `chosen`.
    pub given: Option<String>,
    /// What was expected, plain text; none for choices.
    pub expected: Option<String>,
    /// For choices: whether the agent chose it.
    pub chosen: bool,
    /// Whether this line is as it should be (for a choice: chosen if and only if right).
    pub right: bool,
    /// For choices: whether the choice is a right one.
    pub is_answer: bool,
    /// Sanitised HTML, may be empty.
    pub feedback: String,
}

/// The question as it may be shown before the answer, its parts in the order that `seed` draws.
///
/// Nothing here depends on what is right, but for one thing: an ordering is never presented in
/// its right order.
#[must_use]
pub fn prompt(question: &Question, seed: u64) -> Prompt {
    Prompt {
        slug: question.slug.clone(),
        stem: question.stem.clone(),
        points: question.points,
        rule: rule(&question.kind).to_owned(),
        field: field(question, seed),
    }
}

fn field(question: &Question, seed: u64) -> Field {
    let mixed = |labels: Vec<Labelled>| shuffled(labels, seed, question.slug.as_str(), |labelled| &labelled.key);
    let choices =
        |choices: &[super::Choice]| mixed(labelled(choices.iter().map(|choice| choice.text.as_str()), keys::letter));
    match &question.kind {
        Kind::Single { choices: all } => Field::Single { choices: choices(all) },
        Kind::Multiple { choices: all } => Field::Multiple { choices: choices(all) },
        Kind::TrueFalse { .. } => Field::TrueFalse,
        Kind::Numeric { unit, .. } => Field::Numeric { unit: unit.clone() },
        Kind::ShortText { .. } => Field::ShortText,
        Kind::Matching { pairs, distractors } => Field::Matching {
            lefts: labelled(pairs.iter().map(|pair| pair.left.as_str()), keys::left),
            rights: mixed(labelled(keys::rights(pairs, distractors).into_iter().map(|(_, text)| text), keys::letter)),
        },
        Kind::Ordering { items } => {
            let mixed = mixed(labelled(keys::items(items).into_iter().map(|(_, text)| text), keys::letter));
            Field::Ordering { items: disordered(mixed, items) }
        }
        Kind::Gap { parts } => Field::Gap { parts: parts.iter().map(|part| gap_part(part, question, seed)).collect() },
    }
}

fn labelled<'a>(texts: impl Iterator<Item = &'a str>, key: impl Fn(usize) -> String) -> Vec<Labelled> {
    texts.enumerate().map(|(place, text)| Labelled { key: key(place), label: text.to_owned() }).collect()
}

/// The items as they come, or, if that happens to be their right order, with the first put last.
fn disordered(mut items: Vec<Labelled>, right: &[String]) -> Vec<Labelled> {
    if items.len() > 1 && items.iter().map(|item| &item.label).eq(right) {
        items.rotate_left(1);
    }
    items
}

/// Options are shuffled too: authors tend to write the right one first.
fn gap_part(part: &GapPart, question: &Question, seed: u64) -> PromptPart {
    match part {
        GapPart::Text { text } => PromptPart::Text { text: text.clone() },
        GapPart::Gap(gap) => PromptPart::Gap {
            key: gap.key.clone(),
            options: shuffled(gap.options.clone(), seed, &format!("{}.{}", question.slug, gap.key), |option| option),
        },
    }
}

fn rule(kind: &Kind) -> &'static str {
    match kind {
        Kind::Single { .. } => "Une seule réponse est juste.",
        Kind::Multiple { .. } => {
            "Chaque bonne réponse cochée compte, chaque mauvaise en retire autant\u{a0}; jamais moins de zéro."
        }
        Kind::TrueFalse { .. } => "Vrai ou faux\u{a0}: une seule réponse est juste.",
        Kind::Numeric { .. } => "Un nombre est attendu, avec une virgule ou un point pour les décimales.",
        Kind::ShortText { .. } => {
            "Quelques mots suffisent\u{a0}; les majuscules, les accents et la ponctuation ne comptent pas."
        }
        Kind::Matching { .. } => "Chaque association juste compte pour une part égale des points.",
        Kind::Ordering { .. } => "Chaque élément mis à sa place compte pour une part égale des points.",
        Kind::Gap { .. } => "Chaque blanc bien rempli compte pour une part égale des points.",
    }
}
