//! Each construct that the formats' documentations name, round trips, and whatever bytes.

mod gift;
mod moodle;
mod olx;
mod round;

use super::draft::{Draft, Questions};
use super::{Added, Fate, Item, Sort, Wanted, questions};

/// An empty quiz to add to.
fn wanted<'w>() -> Wanted<'w> {
    Wanted { sort: Sort::Quiz, existing: None, section: None, skill: None, skills: &[] }
}

/// What a file of questions becomes.
#[track_caller]
fn added(name: &str, text: &str) -> Added {
    questions(name, text.as_bytes(), &wanted()).unwrap()
}

/// The questions of a `quiz.toml`.
#[track_caller]
fn drafts(toml: &str) -> Vec<Draft> {
    toml::from_str::<Questions>(toml).unwrap().drafts
}

/// The item at that line.
#[track_caller]
fn at(items: &[Item], line: u32) -> &Item {
    items.iter().find(|item| item.line == line).unwrap_or_else(|| panic!("nothing at line {line} in {items:#?}"))
}

/// Demands that a part of the source is left out, for a reason that says this.
#[track_caller]
fn left(items: &[Item], line: u32, why: &str) {
    let item = at(items, line);
    assert!(item.fate == Fate::Left && item.notes.join(" ; ").contains(why), "{item}");
}

/// Demands that a part of the source is changed, and that this is said.
#[track_caller]
fn changed(items: &[Item], line: u32, what: &str) {
    let item = at(items, line);
    assert!(item.fate == Fate::Changed && item.notes.join(" ; ").contains(what), "{item}");
}
