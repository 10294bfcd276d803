//! `course.toml` and `glossary.toml` as forms. What the form does not show of them (skills, quizzes) stays as it is.

use super::toml_fields::{document, set_text, set_texts, text, texts};
use crate::course::Term;
use toml_edit::{ArrayOfTables, Item, Table};

/// What a course says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Description {
    pub title: String,
    pub summary: String,
    pub objectives: Vec<String>,
    pub licence: String,
}

/// What `course.toml` says.
#[must_use]
pub fn read(file: &str) -> Description {
    let file = document(file);
    Description {
        title: text(&file, "title"),
        summary: text(&file, "summary"),
        objectives: texts(&file, "objectives"),
        licence: text(&file, "licence"),
    }
}

/// `course.toml` with that description.
#[must_use]
pub fn write(file: &str, said: &Description) -> String {
    let mut file = document(file);
    set_text(&mut file, "title", &said.title);
    set_text(&mut file, "summary", &said.summary);
    set_texts(&mut file, "objectives", &said.objectives);
    set_text(&mut file, "licence", &said.licence);
    file.to_string()
}

/// The terms of `glossary.toml`, in their order.
#[must_use]
pub fn terms(file: &str) -> Vec<Term> {
    let file = document(file);
    let tables = file.get("term").and_then(Item::as_array_of_tables);
    let term = |table: &Table| Term {
        key: text(table, "key"),
        term: text(table, "term"),
        definition: text(table, "definition"),
    };
    tables.into_iter().flatten().map(term).collect()
}

/// `glossary.toml` with these terms: those that it has keep their place, what was taken away goes, new ones are added.
#[must_use]
pub fn write_terms(file: &str, terms: &[Term]) -> String {
    let mut file = document(file);
    let known = file.remove("term").and_then(|item| item.into_array_of_tables().ok()).unwrap_or_default();
    let mut tables = ArrayOfTables::new();
    for table in &known {
        if let Some(term) = terms.iter().find(|term| term.key == text(table, "key")) {
            tables.push(said(table.clone(), term));
        }
    }
    let is_known = |key: &str| known.iter().any(|table| text(table, "key") == key);
    for term in terms.iter().filter(|term| !is_known(&term.key)) {
        tables.push(said(Table::new(), term));
    }
    if !tables.is_empty() {
        file.insert("term", Item::ArrayOfTables(tables));
    }
    file.to_string()
}

fn said(mut table: Table, Term { key, term, definition }: &Term) -> Table {
    set_text(&mut table, "key", key);
    set_text(&mut table, "term", term);
    set_text(&mut table, "definition", definition);
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_changes_and_the_rest_stays() {
        let file = "title = \"A\" # le titre\nsummary = \"B\"\nobjectives = [\"C\"]\nlicence = \"CC BY 4.0\"\n\n[[skill]]\nkey = \"k\"\nname = \"N\"\n";
        assert_eq!(write(file, &read(file)), file);
        let said = Description { title: "Autre".into(), ..read(file) };
        assert_eq!(write(file, &said), file.replace("\"A\"", "\"Autre\""));
        assert_eq!(read(&write("", &said)), said);
    }

    #[test]
    fn terms_are_changed_added_and_taken_away_in_place() {
        let file = "# Les mots\n\n[[term]]\nkey = \"a\"\nterm = \"A\"\ndefinition = \"Un.\"\n\n[[term]]\nkey = \"b\"\nterm = \"B\"\ndefinition = \"Deux.\"\n";
        let mut known = terms(file);
        assert_eq!(write_terms(file, &known), file);
        known.remove(0);
        known.push(Term { key: "c".into(), term: "C".into(), definition: "Trois.".into() });
        let written = write_terms(file, &known);
        assert_eq!(terms(&written), known);
        assert_eq!(terms(&write_terms(&written, &[])), []);
        assert_eq!(terms(&write_terms("", &known)), known);
    }
}
