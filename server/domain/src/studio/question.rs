//! A question as its author types it, one field a text, before it is known to be sound.
//!
//! The names of the fields are those of the form: `stem`, `choice-0-text`, `gap-1-accepted`.

#[cfg(test)]
mod tests;

pub use crate::quiz::Type;
use std::fmt;

impl Type {
    /// The rows that its form has, if any.
    #[must_use]
    pub fn rows(self) -> Option<Rows> {
        match self {
            Self::Single | Self::Multiple => Some(Rows::Choice),
            Self::Matching => Some(Rows::Pair),
            Self::Ordering => Some(Rows::Item),
            Self::Gap => Some(Rows::Gap),
            Self::TrueFalse | Self::Numeric | Self::ShortText => None,
        }
    }

    /// Whether one feedback is given for the whole answer, rather than one a choice.
    #[must_use]
    pub fn is_explained_at_once(self) -> bool {
        !matches!(self, Self::Single | Self::Multiple | Self::TrueFalse)
    }
}

/// What a form has several of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    Choice,
    Pair,
    Item,
    Gap,
}

impl Rows {
    pub const ALL: [Self; 4] = [Self::Choice, Self::Pair, Self::Item, Self::Gap];

    /// In the names of fields and buttons, and of the group.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Choice => "choice",
            Self::Pair => "pair",
            Self::Item => "item",
            Self::Gap => "gap",
        }
    }

    /// The fields of a row.
    #[must_use]
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Choice => &["text", "right", "feedback"],
            Self::Pair => &["left", "right"],
            Self::Item => &["text"],
            Self::Gap => &["key", "accepted", "options"],
        }
    }

    /// How many a question has at most.
    #[must_use]
    pub fn most(self) -> usize {
        match self {
            Self::Gap => 20,
            Self::Choice | Self::Pair | Self::Item => 8,
        }
    }

    /// How many a new question begins with.
    #[must_use]
    pub fn at_first(self) -> usize {
        match self {
            Self::Choice | Self::Item => 3,
            Self::Pair => 2,
            Self::Gap => 1,
        }
    }
}

/// The name of a row's field: `choice-0-text`.
#[must_use]
pub fn row_field(rows: Rows, row: usize, field: &str) -> String {
    format!("{}-{row}-{field}", rows.key())
}

/// The fields that stand alone, whatever the type.
pub const FIELDS: [&str; 14] = [
    "stem",
    "points",
    "section",
    "skill",
    "tags",
    "feedback",
    "answer",
    "feedback_true",
    "feedback_false",
    "tolerance",
    "unit",
    "accepted",
    "distractors",
    "text",
];

/// What was typed: a list of fields and their texts, each name once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Typed {
    pub kind: Type,
    fields: Vec<(String, String)>,
    /// How many rows there are.
    pub rows: usize,
}

/// What a button of the form asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Add,
    Up(usize),
    Down(usize),
    Drop(usize),
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Add => f.write_str("add"),
            Self::Up(row) => write!(f, "up-{row}"),
            Self::Down(row) => write!(f, "down-{row}"),
            Self::Drop(row) => write!(f, "drop-{row}"),
        }
    }
}

impl std::str::FromStr for Act {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text == "add" {
            return Ok(Self::Add);
        }
        let (what, row) = text.split_once('-').ok_or(())?;
        let row = row.parse().map_err(|_| ())?;
        match what {
            "up" => Ok(Self::Up(row)),
            "down" => Ok(Self::Down(row)),
            "drop" => Ok(Self::Drop(row)),
            _ => Err(()),
        }
    }
}

impl Typed {
    /// A new question of that type.
    #[must_use]
    pub fn new(kind: Type) -> Self {
        Self { kind, fields: Vec::new(), rows: kind.rows().map_or(0, Rows::at_first) }
    }

    /// Reads a form; what is no field of that type is passed over.
    #[must_use]
    pub fn read(kind: Type, entries: &[(String, String)]) -> Self {
        let mut typed = Self { kind, ..Self::default() };
        let known = |name: &str| entries.iter().rev().find(|(known, _)| known == name).map(|(_, text)| plain(text));
        for name in FIELDS {
            typed.set(name, &known(name).unwrap_or_default());
        }
        let Some(rows) = kind.rows() else { return typed };
        let first = rows.fields().first().copied().unwrap_or_default();
        let is_there = |row: &usize| known(&row_field(rows, *row, first)).is_some();
        typed.rows = (0..rows.most()).take_while(is_there).count();
        for row in 0..typed.rows {
            for field in rows.fields() {
                let name = row_field(rows, row, field);
                // the one right choice is a group of buttons, whose value is the row
                let chosen = known("right").is_some_and(|right| right == row.to_string());
                let text = match (kind, *field) {
                    (Type::Single, "right") => chosen.then(|| "true".to_owned()),
                    _ => known(&name),
                };
                typed.set(&name, &text.unwrap_or_default());
            }
        }
        typed
    }

    /// The entries that [`Typed::read`] would read it from.
    #[must_use]
    pub fn entries(&self) -> Vec<(String, String)> {
        let mut entries: Vec<_> = self.fields.clone();
        if self.kind == Type::Single {
            let right = (0..self.rows).find(|row| self.is_right(*row));
            entries.extend(right.map(|row| ("right".to_owned(), row.to_string())));
        }
        entries.retain(|(name, text)| !text.is_empty() || name.ends_with("-text") || name.ends_with("-left"));
        if let Some(rows) = self.kind.rows() {
            // an empty row is a row all the same
            let first = rows.fields().first().copied().unwrap_or_default();
            for name in (0..self.rows).map(|row| row_field(rows, row, first)) {
                if !entries.iter().any(|(known, _)| *known == name) {
                    entries.push((name, String::new()));
                }
            }
        }
        entries
    }

    /// What stands in a field; empty where nothing does.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, text)| text)
    }

    /// What stands in a field of a row.
    #[must_use]
    pub fn row(&self, row: usize, field: &str) -> &str {
        self.kind.rows().map_or("", |rows| self.text(&row_field(rows, row, field)))
    }

    #[must_use]
    pub fn is_right(&self, row: usize) -> bool {
        self.row(row, "right") == "true"
    }

    /// The lines of a field that holds one text a line.
    #[must_use]
    pub fn lines(&self, name: &str) -> Vec<String> {
        self.text(name).lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }

    /// The tags, which are set apart by commas.
    #[must_use]
    pub fn tags(&self) -> Vec<String> {
        let tags = self.text("tags").split([',', '\n']).map(str::trim);
        tags.filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
    }

    pub fn set(&mut self, name: &str, text: &str) {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), text.to_owned()));
    }

    /// Does what a button asks for; says which field the keyboard goes to then, none where there is nothing to do.
    pub fn act(&mut self, act: Act) -> Option<String> {
        let rows = self.kind.rows()?;
        let first = rows.fields().first()?;
        let last = self.rows.checked_sub(1);
        let row = match act {
            Act::Add if self.rows < rows.most() => {
                self.rows += 1;
                self.rows - 1
            }
            Act::Up(row) if row > 0 && row < self.rows => {
                self.swap(rows, row, row - 1);
                row - 1
            }
            Act::Down(row) if Some(row) < last => {
                self.swap(rows, row, row + 1);
                row + 1
            }
            Act::Drop(row) if row < self.rows && self.rows > 1 => {
                for next in row + 1..self.rows {
                    self.swap(rows, next, next - 1);
                }
                self.rows -= 1;
                for field in rows.fields() {
                    self.set(&row_field(rows, self.rows, field), "");
                }
                row.min(self.rows - 1)
            }
            _ => return None,
        };
        Some(row_field(rows, row, first))
    }

    fn swap(&mut self, rows: Rows, one: usize, other: usize) {
        for field in rows.fields() {
            let (one, other) = (row_field(rows, one, field), row_field(rows, other, field));
            let (here, there) = (self.text(&one).to_owned(), self.text(&other).to_owned());
            self.set(&one, &there);
            self.set(&other, &here);
        }
    }
}

/// As browsers send a text of several lines, with the ends of lines of files.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").trim_end().to_owned()
}
