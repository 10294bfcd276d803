//! Where every problem of a course is gathered.

use super::Problem;
use std::collections::BTreeSet;

/// What the reading of a course has found so far.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) problems: Vec<Problem>,
    /// Files that something refers to.
    pub(super) used: BTreeSet<String>,
}

impl Report {
    /// Adds a problem.
    pub(super) fn say(&mut self, file: &str, line: u32, said: impl Into<String>) {
        self.problems.push(Problem { file: file.to_owned(), line: line.max(1), said: said.into() });
    }

    /// Every problem, once, by file and line.
    pub(super) fn in_order(self) -> Vec<Problem> {
        let mut problems = self.problems;
        problems.sort();
        problems.dedup();
        problems
    }
}

/// `« a », « b »`, for the lists of what was expected.
pub(super) fn quoted<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("« {word} »")).collect();
    words.join(", ")
}

/// ` Vouliez-vous écrire « … » ?`, when a known word is near enough; else nothing.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let near = known
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 4)
        .min();
    near.map_or_else(String::new, |(_, candidate)| format!(" Vouliez-vous écrire « {candidate} » ?"))
}

/// Levenshtein's distance, on a bounded number of characters.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(100).collect(), b.chars().take(100).collect());
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        let (mut diagonal, mut left) = (i, i + 1);
        for (above, y) in row.iter().skip(1).zip(&b) {
            left = (diagonal + usize::from(x != y)).min(left + 1).min(above + 1);
            next.push(left);
            diagonal = *above;
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

/// The number of the line that holds this byte, from 1.
pub(super) fn line_at(text: &str, offset: usize) -> u32 {
    let before = text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count();
    u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
}
