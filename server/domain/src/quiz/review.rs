//! The question after the answer: what was given, what was right, why.

#[cfg(test)]
mod tests;

use super::grade::{self, grade};
use super::{Answer, Choice, Gap, GapPart, Kind, Pair, Question, Review, ReviewLine, keys};
use crate::text::{NBSP, escaped, rank};

/// Everything about the question, beside what the agent answered, in the author's order. Lines are
/// all right if and only if the mark is full.
#[must_use]
pub fn review(question: &Question, answer: Option<&Answer>) -> Review {
    Review {
        slug: question.slug.clone(),
        stem: question.stem.clone(),
        mark: grade(question, answer),
        answered: answer.is_some_and(|answer| !answer.is_blank()),
        lines: lines(&question.kind, answer),
        feedback: question.feedback.clone(),
        section: question.section.clone(),
        chapter: question.chapter.clone(),
    }
}

fn lines(kind: &Kind, answer: Option<&Answer>) -> Vec<ReviewLine> {
    match kind {
        Kind::Single { choices } => {
            choice_lines(choices, |key| matches!(answer, Some(Answer::Choice(chosen)) if chosen == key))
        }
        Kind::Multiple { choices } => {
            choice_lines(choices, |key| matches!(answer, Some(Answer::Choices(ticked)) if ticked.contains(key)))
        }
        Kind::TrueFalse { answer: right, feedback_true, feedback_false } => {
            let line = |label: &str, truth: bool, feedback: &str| {
                choice_line(label, answer == Some(&Answer::Truth(truth)), truth == *right, feedback)
            };
            vec![line("Vrai", true, feedback_true), line("Faux", false, feedback_false)]
        }
        Kind::Numeric { answer: number, tolerance, unit } => {
            let typed = match answer {
                Some(Answer::Number(typed)) => Some(typed.as_str()),
                _ => None,
            };
            let right = typed.is_some_and(|typed| grade::fits_number(typed, *number, *tolerance, unit.as_deref()));
            vec![line(String::new(), typed, expected_number(*number, *tolerance, unit.as_deref()), right)]
        }
        Kind::ShortText { accepted } => {
            let typed = match answer {
                Some(Answer::Text(typed)) => Some(typed.as_str()),
                _ => None,
            };
            let right = typed.is_some_and(|typed| grade::fits_text(typed, accepted));
            vec![line(String::new(), typed, accepted.first().cloned().unwrap_or_default(), right)]
        }
        Kind::Matching { pairs, distractors } => matching_lines(pairs, distractors, answer),
        Kind::Ordering { items } => ordering_lines(items, answer),
        Kind::Gap { parts } => gap_lines(parts, answer),
    }
}

fn choice_lines(choices: &[Choice], chosen: impl Fn(&str) -> bool) -> Vec<ReviewLine> {
    let lines = choices.iter().enumerate();
    lines
        .map(|(place, choice)| choice_line(&choice.text, chosen(&keys::letter(place)), choice.right, &choice.feedback))
        .collect()
}

fn choice_line(label: &str, chosen: bool, is_answer: bool, feedback: &str) -> ReviewLine {
    ReviewLine {
        label: label.to_owned(),
        given: None,
        expected: None,
        chosen,
        right: chosen == is_answer,
        is_answer,
        feedback: feedback.to_owned(),
    }
}

/// A line that is not a choice; what was given blank was not given.
fn line(label: String, given: Option<&str>, expected: String, right: bool) -> ReviewLine {
    ReviewLine {
        label,
        given: given.filter(|given| !given.trim().is_empty()).map(str::to_owned),
        expected: Some(expected),
        chosen: false,
        right,
        is_answer: false,
        feedback: String::new(),
    }
}

fn matching_lines(pairs: &[Pair], distractors: &[String], answer: Option<&Answer>) -> Vec<ReviewLine> {
    let rights = keys::rights(pairs, distractors);
    let given = |place: usize| match answer {
        Some(Answer::Matches(matches)) => matches.get(&keys::left(place)).and_then(|key| keys::text(&rights, key)),
        _ => None,
    };
    let lines = pairs.iter().enumerate();
    lines
        .map(|(place, pair)| {
            let given = given(place);
            line(escaped(&pair.left), given, pair.right.clone(), given == Some(pair.right.as_str()))
        })
        .collect()
}

fn ordering_lines(items: &[String], answer: Option<&Answer>) -> Vec<ReviewLine> {
    let keyed = keys::items(items);
    let given = |place: usize| match answer {
        Some(Answer::Order(order)) => order.get(place).and_then(|key| keys::text(&keyed, key)),
        _ => None,
    };
    let lines = items.iter().enumerate();
    lines
        .map(|(place, item)| {
            let given = given(place);
            line(format!("{} place", rank(place + 1)), given, item.clone(), given == Some(item.as_str()))
        })
        .collect()
}

fn gap_lines(parts: &[GapPart], answer: Option<&Answer>) -> Vec<ReviewLine> {
    let given = |gap: &Gap| match answer {
        Some(Answer::Gaps(typed)) => typed.get(&gap.key).map(String::as_str),
        _ => None,
    };
    let mut before = "";
    let mut lines = Vec::new();
    for part in parts {
        match part {
            GapPart::Text { text } => before = text.trim(),
            GapPart::Gap(gap) => {
                let given = given(gap);
                let right = given.is_some_and(|given| grade::fits_text(given, &gap.accepted));
                let expected = gap.accepted.first().cloned().unwrap_or_default();
                lines.push(line(escaped(before), given, expected, right));
                before = "";
            }
        }
    }
    lines
}

/// « 12,5 € », « 100 ± 5 km ».
fn expected_number(number: f64, tolerance: f64, unit: Option<&str>) -> String {
    let written = |number: f64| number.to_string().replace('.', ",");
    let mut out = written(number);
    if tolerance > 0.0 {
        out = format!("{out}{NBSP}±{NBSP}{}", written(tolerance));
    }
    match unit {
        Some(unit) => format!("{out}{NBSP}{unit}"),
        None => out,
    }
}
