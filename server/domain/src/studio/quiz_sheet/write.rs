//! What was typed, as TOML. What says the same already is left as its author wrote it.

use crate::studio::question::{Rows, Type, Typed};
use toml_edit::{Array, ArrayOfTables, Item, Table, Value, value};

/// The keys that belong to some type.
const OF_TYPES: [&str; 14] = [
    "feedback",
    "choice",
    "answer",
    "feedback_true",
    "feedback_false",
    "tolerance",
    "unit",
    "accepted",
    "pair",
    "distractors",
    "items",
    "text",
    "gap",
    "type",
];

/// Writes a question into its table. A field that its type needs is written even when it is empty, so that what is wrong
/// with it has a line; one that it can do without is left out.
pub(super) fn question(table: &mut Table, id: &str, typed: &Typed, pooled: bool) {
    let before = table.get("type").and_then(Item::as_str).map(str::to_owned);
    if before.is_some_and(|before| before != typed.kind.key()) {
        for key in OF_TYPES {
            table.remove(key);
        }
    }
    text(table, "id", id);
    text(table, "type", typed.kind.key());
    text(table, "stem", typed.text("stem"));
    whole(table, "points", typed.text("points"));
    for key in ["section", "skill"] {
        if pooled {
            text(table, key, typed.text(key));
        } else {
            optional(table, key, typed.text(key));
        }
    }
    let tags = typed.tags();
    if tags.is_empty() {
        table.remove("tags");
    } else {
        list(table, "tags", &tags, false);
    }
    if typed.kind.is_explained_at_once() {
        text(table, "feedback", typed.text("feedback"));
    } else {
        optional(table, "feedback", typed.text("feedback"));
    }
    match typed.kind {
        Type::Single | Type::Multiple => tables(table, Rows::Choice, typed),
        Type::TrueFalse => {
            match typed.text("answer").parse::<bool>() {
                Ok(truth) => put(table, "answer", Value::from(truth)),
                Err(_) => drop(table.remove("answer")),
            }
            text(table, "feedback_true", typed.text("feedback_true"));
            text(table, "feedback_false", typed.text("feedback_false"));
        }
        Type::Numeric => {
            number(table, "answer", typed.text("answer"), true);
            number(table, "tolerance", typed.text("tolerance"), false);
            optional(table, "unit", typed.text("unit"));
        }
        Type::ShortText => list(table, "accepted", &typed.lines("accepted"), true),
        Type::Matching => {
            match typed.lines("distractors") {
                none if none.is_empty() => drop(table.remove("distractors")),
                some => list(table, "distractors", &some, true),
            }
            tables(table, Rows::Pair, typed);
        }
        Type::Ordering => {
            let items: Vec<String> = (0..typed.rows).map(|row| typed.row(row, "text").to_owned()).collect();
            list(table, "items", &items, true);
        }
        Type::Gap => {
            text(table, "text", typed.text("text"));
            gaps(table, typed);
        }
    }
}

/// A value in the place of another, whose comments stay.
pub(super) fn put(table: &mut Table, key: &str, new: Value) {
    match table.get_mut(key) {
        Some(Item::Value(old)) => {
            let decor = old.decor().clone();
            *old = new;
            *old.decor_mut() = decor;
        }
        _ => drop(table.insert(key, Item::Value(new))),
    }
}

pub(super) fn text(table: &mut Table, key: &str, new: &str) {
    if table.get(key).and_then(Item::as_str).is_none_or(|old| old.trim_end() != new) {
        put(table, key, Value::from(new));
    }
}

pub(super) fn optional(table: &mut Table, key: &str, new: &str) {
    if new.trim().is_empty() {
        table.remove(key);
    } else {
        text(table, key, new);
    }
}

/// A whole number, left out where it is blank; what is none is written as it is, for the reader to say so.
pub(super) fn whole(table: &mut Table, key: &str, new: &str) {
    match new.trim().parse::<i64>() {
        Ok(number) if table.get(key).and_then(Item::as_integer) == Some(number) => {}
        Ok(number) => put(table, key, Value::from(number)),
        Err(_) => optional(table, key, new),
    }
}

fn number(table: &mut Table, key: &str, new: &str, needed: bool) {
    let read = new.trim().replace(',', ".").replace(['\u{a0}', '\u{202f}', ' '], "").parse::<f64>();
    match read {
        Ok(number) if number.is_finite() => {
            let known = table.get(key).and_then(|item| item.as_float().or_else(|| item.as_integer().map(as_float)));
            if known.is_none_or(|known| known.to_bits() != number.to_bits()) {
                // as short as it can be: 12, not 12.0
                let whole = format!("{number}").parse::<i64>();
                put(table, key, whole.map_or_else(|_| Value::from(number), Value::from));
            }
        }
        _ if needed => text(table, key, new),
        _ => optional(table, key, new),
    }
}

#[expect(clippy::cast_precision_loss, reason = "answers stay far below")]
fn as_float(number: i64) -> f64 {
    number as f64
}

/// A list, on a line each where asked, so that what is wrong with one of them has a line of its own.
fn list(table: &mut Table, key: &str, new: &[String], apart: bool) {
    let known = table.get(key).and_then(Item::as_array);
    if known.is_some_and(|known| known.iter().map(Value::as_str).eq(new.iter().map(|text| Some(text.as_str())))) {
        return;
    }
    let mut array = Array::new();
    for text in new {
        if apart {
            array.push_formatted(Value::from(text).decorated("\n  ", ""));
        } else {
            array.push(text);
        }
    }
    if apart && !new.is_empty() {
        array.set_trailing("\n");
        array.set_trailing_comma(true);
    }
    put(table, key, Value::Array(array));
}

fn tables(table: &mut Table, rows: Rows, typed: &Typed) {
    let item = table.entry(rows.key()).or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    if !item.is_array_of_tables() {
        *item = Item::ArrayOfTables(ArrayOfTables::new());
    }
    let Some(written) = item.as_array_of_tables_mut() else { return };
    while written.len() > typed.rows {
        written.remove(written.len() - 1);
    }
    while written.len() < typed.rows {
        written.push(Table::new());
    }
    for (row, one) in written.iter_mut().enumerate() {
        for field in rows.fields() {
            if (rows, *field) == (Rows::Choice, "right") {
                put(one, field, Value::from(typed.is_right(row)));
            } else {
                text(one, field, typed.row(row, field));
            }
        }
    }
}

fn gaps(table: &mut Table, typed: &Typed) {
    let mut written = Table::new();
    written.set_implicit(true);
    for row in 0..typed.rows {
        let key = typed.row(row, "key").trim();
        let lines = |field: &str| typed.lines(&format!("gap-{row}-{field}"));
        let mut gap = Table::new();
        list(&mut gap, "accepted", &lines("accepted"), true);
        if !lines("options").is_empty() {
            list(&mut gap, "options", &lines("options"), true);
        }
        if !(key.is_empty() && gap_is_blank(&lines("accepted"), &lines("options"))) {
            written.insert(key, Item::Table(gap));
        }
    }
    let same = table.get("gap").and_then(Item::as_table).is_some_and(|known| same_gaps(known, &written));
    if !same {
        table.insert("gap", Item::Table(written));
    }
}

fn gap_is_blank(accepted: &[String], options: &[String]) -> bool {
    accepted.is_empty() && options.is_empty()
}

fn same_gaps(known: &Table, new: &Table) -> bool {
    let said = |table: &Table| -> Vec<(String, Vec<String>, Vec<String>)> {
        let gaps = table.iter().filter_map(|(key, gap)| Some((key.to_owned(), gap.as_table()?)));
        gaps.map(|(key, gap)| (key, super::list_of(gap, "accepted"), super::list_of(gap, "options"))).collect()
    };
    said(known) == said(new)
}

/// A truth, left out where it is what is meant without it.
pub(super) fn flag(table: &mut Table, key: &str, new: bool, default: bool) {
    if (table.contains_key(key) || new != default) && table.get(key).and_then(Item::as_bool) != Some(new) {
        table.insert(key, value(new));
    }
}
