//! The keys by which answers name choices, sides and items.
//!
//! A choice's key is its authored place. What goes with what, and in which order, is the answer
//! itself: right sides and items are therefore named by their rank in the alphabet.

use super::Pair;
use crate::text::folded;

/// `a`, `b`, … `z`, `a1`, `b1`…
pub(crate) fn letter(place: usize) -> String {
    let letter = u8::try_from(place % 26).map_or('a', |step| char::from(b'a' + step));
    if place < 26 { letter.to_string() } else { format!("{letter}{}", place / 26) }
}

/// The key of a matching's left side: its place from 1.
pub(super) fn left(place: usize) -> String {
    (place + 1).to_string()
}

/// The right sides on offer, each text once, with their keys, in alphabetical order.
pub(super) fn rights<'a>(pairs: &'a [Pair], distractors: &'a [String]) -> Vec<(String, &'a str)> {
    let mut texts = alphabetical(pairs.iter().map(|pair| &pair.right).chain(distractors));
    texts.dedup();
    keyed(texts)
}

/// The items of an ordering with their keys, in alphabetical order.
pub(super) fn items(items: &[String]) -> Vec<(String, &str)> {
    keyed(alphabetical(items))
}

fn alphabetical<'a>(texts: impl IntoIterator<Item = &'a String>) -> Vec<&'a str> {
    let mut texts: Vec<&str> = texts.into_iter().map(String::as_str).collect();
    texts.sort_by_cached_key(|text| (folded(text), *text));
    texts
}

fn keyed(texts: Vec<&str>) -> Vec<(String, &str)> {
    texts.into_iter().enumerate().map(|(rank, text)| (letter(rank), text)).collect()
}

/// The text that a key stands for.
pub(super) fn text<'a>(keyed: &[(String, &'a str)], key: &str) -> Option<&'a str> {
    keyed.iter().find(|(own, _)| own == key).map(|(_, text)| *text)
}
