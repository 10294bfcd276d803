//! From the line of a problem to the field where it was typed.

use crate::studio::question::{FIELDS, Rows, row_field};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The lines, from 1, that a question takes in its file, and none where it is not there.
#[must_use]
pub fn line_of_question(text: &str, id: &str) -> Option<std::ops::Range<u32>> {
    let (root, _) = DeTable::parse_recoverable(text);
    let tables = questions(root.get_ref())?;
    let place = tables.iter().position(|table| is_named(table, id))?;
    let start = tables.get(place).map(|table| line(text, table.span().start))?;
    let end = tables.get(place + 1).map_or(u32::MAX, |next| line(text, next.span().start));
    Some(start..end)
}

/// The field of a question where a problem lies that was found at that line: its name in the form, or that of the group
/// of its rows. None for what concerns the question as a whole.
#[must_use]
pub fn field_at(text: &str, id: &str, at: u32, said: &str) -> Option<String> {
    let (root, _) = DeTable::parse_recoverable(text);
    let tables = questions(root.get_ref())?;
    let table = tables.iter().find(|table| is_named(table, id))?;
    let keys = table.get_ref().as_table()?;
    let found = keys.iter().find_map(|(key, value)| within(text, key, value, at, said));
    found.or_else(|| named(said, &FIELDS)).or_else(|| about_rows(said))
}

fn questions<'t>(root: &'t DeTable<'t>) -> Option<&'t [Spanned<DeValue<'t>>]> {
    root.get("question")?.get_ref().as_array().map(|array| &**array)
}

fn is_named(table: &Spanned<DeValue<'_>>, id: &str) -> bool {
    let named = table.get_ref().as_table().and_then(|keys| keys.get("id"));
    named.and_then(|named| named.get_ref().as_str()) == Some(id)
}

fn line(text: &str, offset: usize) -> u32 {
    let before = text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count();
    u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
}

fn within(
    text: &str,
    key: &Spanned<std::borrow::Cow<'_, str>>,
    value: &Spanned<DeValue<'_>>,
    at: u32,
    said: &str,
) -> Option<String> {
    let holds = |from: usize, to: usize| (line(text, from)..=line(text, to.saturating_sub(1).max(from))).contains(&at);
    let name = key.get_ref().as_ref();
    match (name, value.get_ref()) {
        ("choice", DeValue::Array(tables)) => in_tables(text, Rows::Choice, tables, at, said),
        ("pair", DeValue::Array(tables)) => in_tables(text, Rows::Pair, tables, at, said),
        ("items", DeValue::Array(items)) => {
            let item = items.iter().position(|item| holds(item.span().start, item.span().end));
            let whole = || holds(key.span().start, value.span().end).then(|| Rows::Item.key().to_owned());
            item.map(|row| row_field(Rows::Item, row, "text")).or_else(whole)
        }
        ("gap", DeValue::Table(gaps)) => gaps.iter().enumerate().find_map(|(row, (_, gap))| {
            let fields = gap.get_ref().as_table()?;
            let field = fields.iter().find(|(key, value)| holds(key.span().start, value.span().end));
            let own = || line(text, gap.span().start) == at;
            field
                .map(|(key, _)| row_field(Rows::Gap, row, key.get_ref()))
                .or_else(|| own().then(|| row_field(Rows::Gap, row, "key")))
        }),
        (name, _) => {
            let is_own = FIELDS.contains(&name) && holds(key.span().start, value.span().end);
            is_own.then(|| name.to_owned())
        }
    }
}

fn in_tables(text: &str, rows: Rows, tables: &[Spanned<DeValue<'_>>], at: u32, said: &str) -> Option<String> {
    tables.iter().enumerate().find_map(|(row, table)| {
        let keys = table.get_ref().as_table()?;
        let field = keys.iter().find(|(key, value)| {
            let (from, to) = (line(text, key.span().start), line(text, value.span().end.saturating_sub(1)));
            (from..=to).contains(&at)
        });
        let missing = || {
            let here = line(text, table.span().start) == at;
            here.then(|| named(said, rows.fields())).flatten().map(|field| row_field(rows, row, &field))
        };
        field.map(|(key, _)| row_field(rows, row, key.get_ref())).or_else(missing)
    })
}

/// The first of these fields that is named between guillemets.
fn named(said: &str, fields: &[&str]) -> Option<String> {
    fields.iter().find(|field| said.contains(&format!("« {field} »"))).map(|field| (*field).to_owned())
}

/// The rows that a problem of the whole question is about.
fn about_rows(said: &str) -> Option<String> {
    let rows = if said.contains("paire") {
        Rows::Pair
    } else if said.contains("choix") || said.contains("réponse(s)") {
        Rows::Choice
    } else if said.contains("trou") {
        Rows::Gap
    } else {
        return None;
    };
    Some(rows.key().to_owned())
}
