//! What makes « démarches administratives » find « démarche administrative ».
//!
//! The same terms are indexed by SQLite (FTS5) and PostgreSQL (`to_tsvector('simple', …)`), so
//! that both find the same passages: the databases only ever see [`normalised`] text.

use crate::text::folded;
use rust_stemmers::{Algorithm, Stemmer};
use std::sync::LazyLock;

#[cfg(test)]
mod tests;

static STEMMER: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::French));

/// Words cut short before a vowel; the apostrophe makes them words of their own.
const ELISIONS: [&str; 13] = ["l", "d", "j", "m", "n", "s", "t", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"];

/// Words too common to find anything, folded.
const STOP_WORDS: [&str; 83] = [
    "a", "ai", "ainsi", "as", "au", "aux", "avec", "c", "ce", "ces", "cet", "cette", "comme", "d", "dans", "de", "des",
    "du", "elle", "elles", "en", "entre", "est", "et", "etre", "eux", "fait", "il", "ils", "j", "je", "l", "la", "le",
    "les", "leur", "leurs", "lui", "m", "ma", "mais", "me", "mes", "moi", "mon", "n", "ne", "nos", "notre", "nous",
    "on", "ont", "ou", "par", "pas", "plus", "pour", "qu", "que", "qui", "s", "sa", "se", "ses", "si", "son", "sont",
    "sur", "t", "ta", "te", "tes", "toi", "ton", "tu", "un", "une", "vos", "votre", "vous", "y", "sans", "soit",
];

/// A piece of an excerpt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub text: String,
    /// Whether it is one of the words that were looked for.
    pub hit: bool,
}

/// The terms of a text, in order: no accent, no capital, no elision, no stop-word, no ending.
///
/// A text that holds only stop-words gives no term.
#[must_use]
pub fn terms(text: &str) -> Vec<String> {
    words(text).filter_map(|(_, word)| term(word)).collect()
}

/// The terms joined by spaces: what the databases index, and what they are asked for.
#[must_use]
pub fn normalised(text: &str) -> String {
    terms(text).join(" ")
}

/// About `around` words on each side of the first word looked for, cut at words, with every word
/// looked for marked. `query_terms` come from [`terms`]. Without any hit: the start of the text.
#[must_use]
pub fn excerpt(text: &str, query_terms: &[String], around: usize) -> Vec<Span> {
    let words: Vec<(usize, &str)> = words(text).collect();
    let hit = |word: &str| term(word).is_some_and(|term| query_terms.contains(&term));
    let first = words.iter().position(|(_, word)| hit(word)).unwrap_or_default();
    let (from, to) = (first.saturating_sub(around), first.saturating_add(around).saturating_add(1));
    let start = if from == 0 { 0 } else { words.get(from).map_or(0, |(at, _)| *at) };
    let end =
        if to >= words.len() { text.len() } else { words.get(to - 1).map_or(text.len(), |(at, word)| at + word.len()) };

    let mut spans = Vec::new();
    let mut plain = start;
    let mut push = |from: usize, to: usize, hit: bool| {
        if let Some(text) = text.get(from..to).filter(|text| !text.is_empty()) {
            spans.push(Span { text: text.to_owned(), hit });
        }
    };
    for (at, word) in words.into_iter().take(to).skip(from).filter(|(_, word)| hit(word)) {
        push(plain, at, false);
        plain = at + word.len();
        push(at, plain, true);
    }
    push(plain, end, false);
    if start > 0 {
        spans.insert(0, Span { text: String::from("… "), hit: false });
    }
    if end < text.len() {
        spans.push(Span { text: String::from(" …"), hit: false });
    }
    spans
}

/// The words of a text and where they start.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let start = text.as_ptr() as usize;
    text.split(|c: char| !c.is_alphanumeric() && !is_silent(c))
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr() as usize - start, word))
}

/// The term of a word, unless it is too common. The ending is taken off the folded word, so that
/// « telephone » and « téléphone » lose the same one.
fn term(word: &str) -> Option<String> {
    let word = folded(word);
    if word.is_empty() || ELISIONS.contains(&word.as_str()) || STOP_WORDS.contains(&word.as_str()) {
        return None;
    }
    // the French algorithm keeps « usagers » and « usager » apart, and counts on the accent of « formée »
    let singular = word.strip_suffix('s').filter(|word| word.len() > 2).unwrap_or(&word);
    let singular = singular.strip_suffix("ee").map_or_else(|| singular.to_owned(), |stem| format!("{stem}e"));
    Some(STEMMER.stem(&singular).into_owned())
}

/// Part of a word without being a letter: accents typed apart, soft hyphens, signs without width.
fn is_silent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}
