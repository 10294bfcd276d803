//! What people type, made fit to be kept, or refused.

use super::act::{Ballot, Written, WrittenChoice};
use super::decide::limits;
use super::refusal::Refusal;

/// The text without what nobody sees, if there is something left and not too much.
pub(super) fn written(text: &str, limit: usize) -> Result<String, Refusal> {
    let visible = |letter: &char| !letter.is_control() || *letter == '\n';
    let text: String = text.chars().filter(visible).collect();
    let text = text.trim();
    if text.is_empty() {
        Err(Refusal::Empty)
    } else if text.chars().count() > limit {
        Err(Refusal::TooLong(limit))
    } else {
        Ok(text.to_owned())
    }
}

/// The poll, if it can be put.
pub(super) fn checked(ballot: &Ballot) -> Result<Ballot, Refusal> {
    let choices = different(ballot.choices.iter().map(String::as_str))?;
    Ok(Ballot { stem: written(&ballot.stem, limits::STEM)?, choices, many: ballot.many })
}

/// The questions, if they can be put.
pub(super) fn well_written(wrote: &[Written]) -> Result<Vec<Written>, Refusal> {
    if wrote.len() > limits::WRITTEN {
        return Err(Refusal::TooManyQuestions);
    }
    let well = |question: &Written| {
        let texts = different(question.choices.iter().map(|choice| choice.text.as_str()))?;
        let right = question.choices.iter().filter(|choice| choice.right).count();
        if right == 0 || right == texts.len() {
            return Err(Refusal::RightChoices);
        }
        let choices = texts.into_iter().zip(&question.choices);
        let choices = choices.map(|(text, choice)| WrittenChoice { text, right: choice.right }).collect();
        Ok(Written { stem: written(&question.stem, limits::STEM)?, choices })
    };
    wrote.iter().map(well).collect()
}

fn different<'a>(choices: impl Iterator<Item = &'a str>) -> Result<Vec<String>, Refusal> {
    let choices = choices.map(|text| written(text, limits::CHOICE)).collect::<Result<Vec<_>, _>>()?;
    let mut apart = choices.clone();
    apart.sort_unstable();
    apart.dedup();
    let fits = (2..=limits::CHOICES).contains(&choices.len()) && apart.len() == choices.len();
    if fits { Ok(choices) } else { Err(Refusal::Choices) }
}

/// A place on this site, or an https address of a named host, without name or password in it.
pub(super) fn is_link(url: &str) -> bool {
    if url.contains(|letter: char| letter.is_whitespace() || "\"<>\\".contains(letter)) {
        return false;
    }
    if url.starts_with('/') {
        return !url.starts_with("//");
    }
    let Some(rest) = url.strip_prefix("https://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.contains('.') && !host.contains('@')
}
