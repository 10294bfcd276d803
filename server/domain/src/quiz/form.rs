//! Answers as a plain HTML form sends them, without any script.
//!
//! The field of a question is `q.<slug>`; where there are parts to fill, `q.<slug>.<key>`:
//! a left side is given the key of a right side, an item its place from 1, a gap its text.

#[cfg(test)]
mod tests;

use super::{Answer, Kind, MalformedAnswer, Question, grade, keys};
use crate::ids::QuestionSlug;
use std::collections::BTreeMap;

/// The name of the question's field.
#[must_use]
pub fn field_name(question: &QuestionSlug) -> String {
    format!("q.{question}")
}

/// The name of the field of one part of the question.
#[must_use]
pub fn part_name(question: &QuestionSlug, key: &str) -> String {
    format!("q.{question}.{key}")
}

/// The answer to the question among the fields of a form; none where nothing was filled.
pub fn read_form(question: &Question, fields: &[(String, String)]) -> Result<Option<Answer>, MalformedAnswer> {
    let form = Form { question: &question.slug, fields };
    let answer = match &question.kind {
        Kind::Single { .. } => form.whole().map(Answer::Choice),
        Kind::Multiple { .. } => Some(Answer::Choices(form.all().map(str::to_owned).collect())),
        Kind::TrueFalse { .. } => form.whole().map(|text| truth(&text)).transpose()?,
        Kind::Numeric { .. } => form.whole().map(Answer::Number),
        Kind::ShortText { .. } => form.whole().map(Answer::Text),
        Kind::Matching { pairs, .. } => Some(Answer::Matches(form.parts((0..pairs.len()).map(keys::left)))),
        Kind::Ordering { items } => form.order(items.len())?,
        Kind::Gap { parts } => Some(Answer::Gaps(form.parts(grade::gaps(parts).map(|gap| gap.key.clone())))),
    };
    let answer = answer.filter(|answer| !answer.is_blank());
    answer.iter().try_for_each(|answer| answer.check(question))?;
    Ok(answer)
}

fn truth(text: &str) -> Result<Answer, MalformedAnswer> {
    text.parse().map(Answer::Truth).map_err(|_| MalformedAnswer::WrongType)
}

struct Form<'a> {
    question: &'a QuestionSlug,
    fields: &'a [(String, String)],
}

impl<'a> Form<'a> {
    /// What the field of that name holds, blank ones left out.
    fn named(&self, name: String) -> impl Iterator<Item = &'a str> {
        let filled = self.fields.iter().filter(move |(field, text)| *field == name && !text.trim().is_empty());
        filled.map(|(_, text)| text.trim())
    }

    fn all(&self) -> impl Iterator<Item = &'a str> {
        self.named(field_name(self.question))
    }

    fn whole(&self) -> Option<String> {
        self.all().next().map(str::to_owned)
    }

    fn part(&self, key: &str) -> Option<&'a str> {
        self.named(part_name(self.question, key)).next()
    }

    fn parts(&self, keys: impl Iterator<Item = String>) -> BTreeMap<String, String> {
        keys.filter_map(|key| self.part(&key).map(str::to_owned).map(|text| (key, text))).collect()
    }

    /// The items' keys by the places they were given.
    fn order(&self, count: usize) -> Result<Option<Answer>, MalformedAnswer> {
        let given = self.parts((0..count).map(keys::letter));
        if given.is_empty() {
            return Ok(None);
        }
        let misplaced = MalformedAnswer::Places { count };
        let mut by_place = BTreeMap::new();
        for (key, place) in given {
            let place: usize = place.parse().map_err(|_| misplaced.clone())?;
            by_place.insert(place, key);
        }
        if by_place.keys().copied().eq(1..=count) {
            Ok(Some(Answer::Order(by_place.into_values().collect())))
        } else {
            Err(misplaced)
        }
    }
}
