//! What is held of people: one list. The register of processing, the page on personal data, everybody's own copy, what an
//! erasure does and what each night takes away are all made from it, so that they say the same.
//!
//! Conditions are SQL that both databases read; only the server runs them. `{person}` stands for the person's number,
//! `{before}` for the instant, in milliseconds, before which what is past its term began.

mod list;
mod night;
mod term;
#[cfg(test)]
mod tests;

pub use list::{CLASSES, FREE};
pub use night::{Night, due};
pub use term::{NotATerm, Term};

/// A class of personal data: a line of the register.
#[derive(Debug)]
pub struct Class {
    /// Names its file in everybody's copy, and its lines in the report of a night.
    pub slug: &'static str,
    pub name: &'static str,
    /// What it is, in plain words.
    pub what: &'static str,
    pub purpose: &'static str,
    pub basis: Basis,
    /// Who sees it, beside the person.
    pub seen_by: &'static str,
    pub kept: Kept,
    /// What an erasure does to it, in plain words.
    pub erasure: &'static str,
    /// Where the term comes from.
    pub source: &'static str,
    /// In the order in which their rows may be deleted.
    pub parts: &'static [Part],
}

/// Why it is lawful (RGPD, article 6, paragraph 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// e)
    PublicTask,
    /// c)
    LegalObligation,
}

/// How long it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// As long as the account.
    Account,
    /// For the term that the setting gives.
    For {
        setting: &'static str,
        /// From when: « après l’envoi ».
        from: &'static str,
        past: Past,
    },
}

/// Which rows are past their term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Past {
    /// Those that the part's own condition tells.
    Rows,
    /// All those of the people `p` whom this condition tells, a person at a time.
    People(&'static str),
    /// The accounts that this condition tells are erased, as on request.
    Accounts(&'static str),
    /// Lines of a chain, from its oldest end.
    Chain,
}

/// Rows of a table, in a class.
#[derive(Debug)]
pub struct Part {
    pub table: &'static str,
    /// What the rows are, in plain words.
    pub name: &'static str,
    /// Which rows are about the person.
    pub whose: &'static str,
    pub columns: &'static [Column],
    /// Which rows began before `{before}`.
    pub past: Option<&'static str>,
    pub erased: Erased,
}

/// What an erasure does to the rows about the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erased {
    Deleted,
    /// They name nobody but by number.
    Kept,
    /// These columns are given these values, in SQL.
    Rewritten(&'static str),
    /// By code that knows the table: what it says is made anew without the name.
    Remade,
}

/// A column, and how the person is told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub shown: Shown,
}

/// How a column is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// A text or a number, as it is.
    Plain(&'static str),
    /// Milliseconds since 1970.
    Instant(&'static str),
    /// Yes or no.
    Flag(&'static str),
    /// JSON.
    Json(&'static str),
    /// Somebody, by name.
    Person(&'static str),
    /// That there is somebody, never who.
    Someone(&'static str),
    /// An entry of a room's log, without the names of others.
    Room(&'static str),
    /// The person's own number, which says whose row it is.
    Own,
    /// Of the person, and told to nobody: what it is, and why.
    Secret(&'static str),
    /// Says nothing of anybody.
    Free,
}

impl Class {
    /// The setting that gives its term, where one does.
    #[must_use]
    pub fn setting(&self) -> Option<&'static str> {
        match self.kept {
            Kept::Account => None,
            Kept::For { setting, .. } => Some(setting),
        }
    }

    /// « 6 ans après le dernier résultat », as that term is set.
    #[must_use]
    pub fn duration(&self, term: Option<Term>) -> String {
        match (self.kept, term) {
            (Kept::For { from, .. }, Some(term)) => format!("{term} {from}"),
            _ => "Tant que le compte existe".to_owned(),
        }
    }
}

impl Basis {
    /// As the register says it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PublicTask => "Mission d’intérêt public (RGPD, art.\u{a0}6, 1,\u{a0}e)",
            Self::LegalObligation => "Obligation légale (RGPD, art.\u{a0}6, 1,\u{a0}c)",
        }
    }
}

impl Part {
    /// The condition for that person's rows; `person` is a number, or a column that holds one.
    #[must_use]
    pub fn of(&self, person: &str) -> String {
        self.whose.replace("{person}", person)
    }
}

impl Shown {
    /// What it is called, unless it is not told.
    #[must_use]
    pub fn label(self) -> Option<&'static str> {
        match self {
            Self::Plain(label)
            | Self::Instant(label)
            | Self::Flag(label)
            | Self::Json(label)
            | Self::Person(label)
            | Self::Someone(label)
            | Self::Room(label) => Some(label),
            Self::Own | Self::Secret(_) | Self::Free => None,
        }
    }
}
