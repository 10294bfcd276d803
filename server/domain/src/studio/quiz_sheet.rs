//! A file of questions, changed without disturbing what is not touched: `quiz.toml`, `positioning.toml`, `bank.toml`.

mod places;
mod rules;
#[cfg(test)]
mod tests;
mod write;

pub use super::quiz_file::{QuizFile, Rules, RulesTable};
pub use places::{field_at, line_of_question};

use super::question::{Rows, Type, Typed, row_field};
use crate::ids::QuestionSlug;
use crate::text::slug;
use std::fmt;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table};

/// A file that is not TOML: the line where it stops being so, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable(pub u32);

/// A question, as a list names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub id: String,
    /// None where the type is missing or unknown.
    pub kind: Option<Type>,
    /// As written, in Markdown.
    pub stem: String,
    pub section: String,
    pub skill: String,
    pub tags: Vec<String>,
}

/// The file.
#[derive(Debug, Clone)]
pub struct Sheet {
    document: DocumentMut,
}

/// A question taken out of a file, to be put into another.
#[derive(Debug, Clone)]
pub struct Taken(Table);

impl fmt::Display for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.document, f)
    }
}

impl Sheet {
    /// Reads a file; an empty one is a file without questions.
    ///
    /// # Errors
    /// Where it is not TOML.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
        let line = |error: toml_edit::TomlError| {
            let at = error.span().map_or(0, |span| span.start);
            let before = text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count();
            Unreadable(u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1))
        };
        Ok(Self { document: text.parse().map_err(line)? })
    }

    /// A quiz that nobody wrote yet.
    #[must_use]
    pub fn new(file: QuizFile) -> Self {
        let text = if file == QuizFile::Quiz { "[rules]\npass = 70\n" } else { "" };
        Self::read(text).unwrap_or_else(|_| Self { document: DocumentMut::new() })
    }

    /// The questions, in their order.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let text = |table: &Table, key: &str| text_of(table, key).unwrap_or_default();
        let entry = |table: &Table| Entry {
            id: text(table, "id"),
            kind: Type::of(&text(table, "type")),
            stem: text(table, "stem"),
            section: text(table, "section"),
            skill: text(table, "skill"),
            tags: list_of(table, "tags"),
        };
        self.tables().into_iter().flat_map(ArrayOfTables::iter).map(entry).collect()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tables().is_none_or(ArrayOfTables::is_empty)
    }

    /// A question as its form shows it; none where there is none of that name, or of no known type.
    #[must_use]
    pub fn typed(&self, id: &str) -> Option<Typed> {
        let table = self.tables()?.get(self.place(id)?)?;
        let mut typed = Typed::new(Type::of(&text_of(table, "type")?)?);
        typed.rows = 0;
        for name in ["stem", "section", "skill", "feedback", "feedback_true", "feedback_false", "unit", "text"] {
            typed.set(name, &text_of(table, name).unwrap_or_default());
        }
        for name in ["points", "answer", "tolerance"] {
            typed.set(name, &plain_value(table, name).unwrap_or_default());
        }
        for name in ["accepted", "distractors"] {
            typed.set(name, &list_of(table, name).join("\n"));
        }
        typed.set("tags", &list_of(table, "tags").join(", "));
        rows_of(table, &mut typed);
        Some(typed)
    }

    /// Writes a question in the place of that name, or at the end; gives its name.
    pub fn put(&mut self, id: Option<&str>, typed: &Typed, file: QuizFile) -> String {
        let place = id.and_then(|id| self.place(id));
        let name = match (place, id) {
            (Some(_), Some(id)) => id.to_owned(),
            _ => self.free_name(&slug(typed.text("stem"), 56)),
        };
        if let Some(table) = place.and_then(|place| self.tables_mut()?.get_mut(place)) {
            write::question(table, &name, typed, file.is_pooled());
            return name;
        }
        let mut table = Table::new();
        write::question(&mut table, &name, typed, file.is_pooled());
        self.push(Taken(table));
        name
    }

    /// Takes a question out.
    pub fn take(&mut self, id: &str) -> Option<Taken> {
        let place = self.place(id)?;
        Some(Taken(self.tables_mut()?.remove(place)))
    }

    /// Puts a question at the end, under a name that no other has; gives that name.
    pub fn push(&mut self, Taken(mut table): Taken) -> String {
        let name = self.free_name(&text_of(&table, "id").unwrap_or_default());
        write::text(&mut table, "id", &name);
        unplace(&mut table);
        let is_first = self.document.as_table().is_empty();
        table.decor_mut().set_prefix(if is_first { "" } else { "\n" });
        if let Some(tables) = self.tables_mut() {
            tables.push(table);
        }
        self.unplace();
        name
    }

    /// Puts a copy at the end; gives its name.
    pub fn copy(&mut self, id: &str) -> Option<String> {
        let table = self.tables()?.get(self.place(id)?)?.clone();
        Some(self.push(Taken(table)))
    }

    /// Moves a question before the one above it, or after the one below it; says whether there was one.
    pub fn shift(&mut self, id: &str, up: bool) -> bool {
        let Some(place) = self.place(id) else { return false };
        let to = if up { place.checked_sub(1) } else { Some(place + 1) };
        let Some(tables) = self.tables_mut() else { return false };
        let Some(to) = to.filter(|to| *to < tables.len()) else { return false };
        let table = tables.remove(place);
        tables.insert(to, table);
        self.unplace();
        true
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.tables()?.iter().position(|table| text_of(table, "id").as_deref() == Some(id))
    }

    fn tables(&self) -> Option<&ArrayOfTables> {
        self.document.get("question")?.as_array_of_tables()
    }

    /// None where something else stands under their name.
    fn tables_mut(&mut self) -> Option<&mut ArrayOfTables> {
        let item = self.document.entry("question").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
        item.as_array_of_tables_mut()
    }

    /// Tables are written in their order here, no longer where they were read.
    fn unplace(&mut self) {
        unplace(self.document.as_table_mut());
    }

    /// An identifier that no question has, as near to that as can be.
    fn free_name(&self, wanted: &str) -> String {
        let first = if wanted.parse::<QuestionSlug>().is_ok() { wanted.to_owned() } else { slug(wanted, 56) };
        let first = if first.is_empty() { "question".to_owned() } else { first };
        let kept: String = first.chars().take(58).collect();
        let numbered = (2..).map(|number| format!("{}-{number}", kept.trim_end_matches('-')));
        std::iter::once(first).chain(numbered).find(|name| self.place(name).is_none()).unwrap_or_default()
    }
}

fn unplace(table: &mut Table) {
    table.set_position(None);
    for (_, item) in table.iter_mut() {
        match item {
            Item::Table(table) => unplace(table),
            Item::ArrayOfTables(tables) => tables.iter_mut().for_each(unplace),
            _ => {}
        }
    }
}

fn text_of(table: &Table, key: &str) -> Option<String> {
    table.get(key)?.as_str().map(|text| text.trim_end().to_owned())
}

/// A number, a truth or a text, as a form shows it: decimals after a comma.
fn plain_value(table: &Table, key: &str) -> Option<String> {
    let item = table.get(key)?;
    let number = item.as_float().map(|number| number.to_string().replace('.', ","));
    number
        .or_else(|| item.as_integer().map(|number| number.to_string()))
        .or_else(|| item.as_bool().map(|truth| truth.to_string()))
        .or_else(|| item.as_str().map(str::to_owned))
}

fn list_of(table: &Table, key: &str) -> Vec<String> {
    let array = table.get(key).and_then(Item::as_array);
    array.into_iter().flatten().filter_map(|value| value.as_str()).map(str::to_owned).collect()
}

/// Whether a form says nothing of it: a choice that is not the right one is not ticked.
fn is_unticked(rows: Rows, field: &str, value: &str) -> bool {
    (rows, field, value) == (Rows::Choice, "right", "false")
}

fn rows_of(table: &Table, typed: &mut Typed) {
    let Some(rows) = typed.kind.rows() else { return };
    match rows {
        Rows::Choice | Rows::Pair => {
            let written = table.get(rows.key()).and_then(Item::as_array_of_tables);
            for (row, one) in written.into_iter().flat_map(ArrayOfTables::iter).take(rows.most()).enumerate() {
                for field in rows.fields() {
                    let value = plain_value(one, field).filter(|value| !is_unticked(rows, field, value));
                    typed.set(&row_field(rows, row, field), &value.unwrap_or_default());
                }
                typed.rows = row + 1;
            }
        }
        Rows::Item => {
            for (row, text) in list_of(table, "items").into_iter().take(rows.most()).enumerate() {
                typed.set(&row_field(rows, row, "text"), &text);
                typed.rows = row + 1;
            }
        }
        Rows::Gap => {
            let written = table.get("gap").and_then(Item::as_table);
            let gaps = written.into_iter().flat_map(Table::iter).filter_map(|(key, gap)| Some((key, gap.as_table()?)));
            for (row, (key, gap)) in gaps.take(rows.most()).enumerate() {
                typed.set(&row_field(rows, row, "key"), key);
                for field in ["accepted", "options"] {
                    typed.set(&row_field(rows, row, field), &list_of(gap, field).join("\n"));
                }
                typed.rows = row + 1;
            }
        }
    }
    typed.rows = typed.rows.max(1);
}
