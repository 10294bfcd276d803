//! Grading: pure, exact, in hundredths of a point.

#[cfg(test)]
mod tests;

use super::{Answer, Gap, GapPart, Kind, Question, keys};
use crate::text::folded;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What one question earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Hundredths of a point.
    pub earned: u32,
    /// Hundredths of a point.
    pub max: u32,
}

/// What an attempt earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// Hundredths of a point.
    pub earned: u32,
    /// Hundredths of a point.
    pub max: u32,
}

impl Score {
    /// Whole percents earned, rounded down so that nobody reads 80 % who has not got it.
    #[must_use]
    pub fn percent(self) -> u8 {
        let percent = (u64::from(self.earned) * 100).checked_div(u64::from(self.max)).unwrap_or(0);
        u8::try_from(percent.min(100)).unwrap_or(100)
    }

    /// Whether `pass` percent of the points are earned. Where there was nothing to earn, nothing passes.
    #[must_use]
    pub fn passes(self, pass: u8) -> bool {
        self.max > 0 && u64::from(self.earned) * 100 >= u64::from(pass) * u64::from(self.max)
    }

    /// Whether a greater share is earned than by the other; attempts of two versions of a quiz
    /// may be out of different totals.
    #[must_use]
    pub fn beats(self, other: Self) -> bool {
        match (self.max, other.max) {
            (0, _) => false,
            (_, 0) => true,
            (max, other_max) => {
                u64::from(self.earned) * u64::from(other_max) > u64::from(other.earned) * u64::from(max)
            }
        }
    }
}

/// The sum of the marks.
#[must_use]
pub fn score(marks: impl IntoIterator<Item = Mark>) -> Score {
    marks.into_iter().fold(Score { earned: 0, max: 0 }, |sum, mark| Score {
        earned: sum.earned.saturating_add(mark.earned),
        max: sum.max.saturating_add(mark.max),
    })
}

/// The sum of the marks of each key.
#[must_use]
pub fn scores_by<K: Ord>(marks: impl IntoIterator<Item = (K, Mark)>) -> BTreeMap<K, Score> {
    let mut scores = BTreeMap::new();
    for (key, mark) in marks {
        let sum = scores.entry(key).or_insert(Score { earned: 0, max: 0 });
        *sum = score([Mark { earned: sum.earned, max: sum.max }, mark]);
    }
    scores
}

/// What the answer earns; nothing for no answer, or for an answer that does not fit the question.
///
/// All or nothing for a single choice, true/false, a number and a short text. Multiple choice:
/// right ones ticked less wrong ones ticked, never below zero, out of the right ones. Matching,
/// gaps, ordering: the share of what is right.
#[must_use]
pub fn grade(question: &Question, answer: Option<&Answer>) -> Mark {
    let max = question.points.saturating_mul(100);
    let (won, parts) = answer.map_or((0, 1), |answer| share(&question.kind, answer));
    Mark { earned: portion(max, won, parts), max }
}

/// Parts won, out of how many.
fn share(kind: &Kind, answer: &Answer) -> (usize, usize) {
    match (kind, answer) {
        (Kind::Single { choices }, Answer::Choice(key)) => {
            let right = choices.iter().position(|choice| choice.right);
            whole(right.is_some_and(|place| keys::letter(place) == *key))
        }
        (Kind::Multiple { choices }, Answer::Choices(ticked)) => {
            let right: BTreeSet<String> = (0..choices.len())
                .zip(choices)
                .filter(|(_, choice)| choice.right)
                .map(|(place, _)| keys::letter(place))
                .collect();
            let good = ticked.intersection(&right).count();
            (good.saturating_sub(ticked.len() - good), right.len())
        }
        (Kind::TrueFalse { answer: right, .. }, Answer::Truth(given)) => whole(given == right),
        (Kind::Numeric { answer, tolerance, unit }, Answer::Number(typed)) => {
            whole(fits_number(typed, *answer, *tolerance, unit.as_deref()))
        }
        (Kind::ShortText { accepted }, Answer::Text(typed)) => whole(fits_text(typed, accepted)),
        (Kind::Matching { pairs, distractors }, Answer::Matches(matches)) => {
            let rights = keys::rights(pairs, distractors);
            let good = pairs.iter().enumerate().filter(|(place, pair)| {
                let given = matches.get(&keys::left(*place)).and_then(|key| keys::text(&rights, key));
                given == Some(pair.right.as_str())
            });
            (good.count(), pairs.len())
        }
        (Kind::Ordering { items }, Answer::Order(order)) => {
            let keyed = keys::items(items);
            let good = items.iter().zip(order).filter(|(item, key)| keys::text(&keyed, key) == Some(item.as_str()));
            (good.count(), items.len())
        }
        (Kind::Gap { parts }, Answer::Gaps(typed)) => {
            let good =
                gaps(parts).filter(|gap| typed.get(&gap.key).is_some_and(|typed| fits_text(typed, &gap.accepted)));
            (good.count(), gaps(parts).count())
        }
        _ => (0, 1),
    }
}

fn whole(right: bool) -> (usize, usize) {
    (usize::from(right), 1)
}

/// `won` parts of `parts`, rounded down to the hundredth.
fn portion(max: u32, won: usize, parts: usize) -> u32 {
    let (won, parts) = (u64::try_from(won).unwrap_or(0), u64::try_from(parts).unwrap_or(0));
    let earned = (u64::from(max) * won).checked_div(parts).unwrap_or(0);
    u32::try_from(earned).map_or(max, |earned| earned.min(max))
}

/// The gaps of a text, in order.
pub(super) fn gaps(parts: &[GapPart]) -> impl Iterator<Item = &Gap> {
    parts.iter().filter_map(|part| match part {
        GapPart::Gap(gap) => Some(gap),
        GapPart::Text { .. } => None,
    })
}

/// Whether the typed text is one of the accepted ones, but for case, accents and punctuation.
pub(super) fn fits_text(typed: &str, accepted: &[String]) -> bool {
    let typed = folded(typed);
    !typed.is_empty() && accepted.iter().any(|accepted| folded(accepted) == typed)
}

/// Whether the typed number is within the tolerance. A hair more is granted for what binary
/// numbers cannot say exactly: 0,3 is within 0,1 of 0,2.
pub(super) fn fits_number(typed: &str, answer: f64, tolerance: f64, unit: Option<&str>) -> bool {
    let hair = 1e-9 * answer.abs().max(1.0);
    number(typed, unit).is_some_and(|given| (given - answer).abs() <= tolerance + hair)
}

/// Reads a number as typed in France: comma or point, spaces of any kind between thousands, the
/// unit after it or not. None: this is not a number, or not in that unit.
#[must_use]
pub fn number(typed: &str, unit: Option<&str>) -> Option<f64> {
    let in_number = |letter: char| {
        letter.is_ascii_digit() || letter.is_whitespace() || matches!(letter, ',' | '.' | '+' | '-' | '−')
    };
    let end = typed.find(|letter| !in_number(letter)).unwrap_or(typed.len());
    let (digits, after) = typed.split_at(end);
    let after = folded(after);
    if !after.is_empty() && unit.map(folded) != Some(after) {
        return None;
    }
    let plain: String = digits
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| match letter {
            ',' => '.',
            '−' => '-',
            other => other,
        })
        .collect();
    plain.parse().ok()
}
