//! A TOML file read by hand, so that each problem has its line and its remedy.
//!
//! Every getter returns something harmless when it has reported a problem: the course is dropped
//! in the end, and what follows is checked all the same.

use super::report::{Report, line_at, nearest, quoted};
use std::fmt;
use std::ops::RangeInclusive;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A piece of TOML: a whole file, a front matter or the inside of a `:::video`.
#[derive(Debug)]
pub(super) struct Doc<'t> {
    pub(super) file: &'t str,
    text: &'t str,
    /// Line of the file where `text` starts.
    first: u32,
    /// Keys may have been lost to a mistake of syntax, already reported.
    broken: bool,
    root: DeTable<'t>,
}

/// A text and the line where it stands.
#[derive(Debug, Default, Clone)]
pub(super) struct Text {
    pub(super) said: String,
    pub(super) line: u32,
}

impl<'t> Doc<'t> {
    /// Reads TOML, and reports each line that is not.
    pub(super) fn read(file: &'t str, text: &'t str, first: u32, report: &mut Report) -> Self {
        let (root, errors) = DeTable::parse_recoverable(text);
        let doc = Self { file, text, first, broken: !errors.is_empty(), root: root.into_inner() };
        let mut last = 0;
        for error in errors {
            let line = doc.line(error.span().map_or(0, |span| span.start));
            if line != last {
                report.say(file, line, syntax(error.message()));
            }
            last = line;
        }
        doc
    }

    fn line(&self, offset: usize) -> u32 {
        (self.first - 1).saturating_add(line_at(self.text, offset))
    }

    /// The top of the document.
    pub(super) fn root(&self) -> Table<'_> {
        Table { doc: self, keys: &self.root, line: self.first }
    }
}

/// The message of the TOML parser, said to someone who does not write TOML every day.
fn syntax(message: &str) -> &'static str {
    if message.contains("duplicate key") {
        "cette clé est écrite deux fois : gardez-en une seule"
    } else if message.contains("unquoted key") {
        "nom de clé mal écrit : lettres sans accent, chiffres et tirets, puis le signe ="
    } else if message.contains("quote") || message.contains("string") {
        "texte mal fermé ou sans guillemets : écrivez clé = \"texte\""
    } else if message.contains("array") || message.contains("comma") {
        "liste ou table mal écrite : vérifiez les crochets et les virgules, comme dans [\"un\", \"deux\"]"
    } else if message.contains("assignment") || message.contains("no value") || message.contains("missing value") {
        "il manque le signe = ou la valeur : écrivez clé = valeur"
    } else {
        "ce n’est pas du TOML bien écrit : vérifiez les guillemets, le signe = et les crochets"
    }
}

/// A table of the document.
#[derive(Clone, Copy)]
pub(super) struct Table<'t> {
    doc: &'t Doc<'t>,
    keys: &'t DeTable<'t>,
    pub(super) line: u32,
}

impl fmt::Debug for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "table of {} at line {}", self.doc.file, self.line)
    }
}

impl<'t> Table<'t> {
    /// Reports the keys that are missing and those that have no business here.
    pub(super) fn shape(&self, required: &[&str], optional: &[&str], report: &mut Report) {
        for key in required.iter().filter(|key| !self.has(key) && !self.doc.broken) {
            report.say(self.doc.file, self.line, format!("il manque « {key} » : ajoutez cette clé"));
        }
        let known = || required.iter().chain(optional).copied();
        for (key, _) in self.keys {
            let name = key.get_ref().as_ref();
            if !known().any(|known| known == name) {
                let near = nearest(name, known());
                let line = self.doc.line(key.span().start);
                let said = format!(
                    "la clé « {name} » n’est pas connue ici : retirez-la.{near} Clés possibles : {}",
                    quoted(known())
                );
                report.say(self.doc.file, line, said);
            }
        }
    }

    /// Whether the key is there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.keys.contains_key(key)
    }

    /// The names of the keys and their lines.
    pub(super) fn names(&self) -> impl Iterator<Item = Text> {
        let doc = self.doc;
        self.keys.keys().map(move |key| Text { said: key.get_ref().to_string(), line: doc.line(key.span().start) })
    }

    /// The line of a key, or of the table when the key is absent.
    pub(super) fn line_of(&self, key: &str) -> u32 {
        self.keys.get_key_value(key).map_or(self.line, |(key, _)| self.doc.line(key.span().start))
    }

    fn wrong(&self, key: &str, value: &Spanned<DeValue<'_>>, expected: &str, report: &mut Report) {
        let line = self.doc.line(value.span().start);
        report.say(self.doc.file, line, format!("« {key} » doit être {expected}"));
    }

    fn as_text(&self, key: &str, value: &Spanned<DeValue<'_>>, report: &mut Report) -> Text {
        let span = value.span();
        let raw = self.doc.text.get(span.clone()).unwrap_or_default();
        let below = u32::from(["\"\"\"\n", "'''\n"].iter().any(|quote| raw.starts_with(quote)));
        let line = self.doc.line(span.start) + below;
        match value.get_ref().as_str() {
            None => {
                self.wrong(key, value, "un texte entre guillemets", report);
                Text { said: String::new(), line }
            }
            Some(said) => {
                if said.trim().is_empty() {
                    self.wrong(key, value, "rempli : ce texte est vide", report);
                }
                Text { said: said.trim_end().to_owned(), line }
            }
        }
    }

    /// A text that is not empty. Absent: empty, and [`Table::shape`] has said so if need be.
    pub(super) fn text(&self, key: &str, report: &mut Report) -> Text {
        match self.keys.get(key) {
            Some(value) => self.as_text(key, value, report),
            None => Text { said: String::new(), line: self.line },
        }
    }

    /// A text of one line that is no longer than that.
    pub(super) fn line_of_text(&self, key: &str, most: usize, report: &mut Report) -> Text {
        let text = self.text(key, report);
        one_line(self.doc.file, key, text, most, report)
    }

    /// A list of such lines, not empty.
    pub(super) fn lines_of_text(&self, key: &str, most: usize, report: &mut Report) -> Vec<Text> {
        let Some(value) = self.keys.get(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong(key, value, "une liste de textes : [\"un\", \"deux\"]", report);
            return Vec::new();
        };
        if array.is_empty() {
            self.wrong(key, value, "une liste d’au moins un texte : celle-ci est vide", report);
        }
        let texts: Vec<Text> = array.iter().map(|item| self.as_text(key, item, report)).collect();
        texts.into_iter().map(|text| one_line(self.doc.file, key, text, most, report)).collect()
    }

    /// A whole number within bounds. Absent: the lower bound.
    pub(super) fn whole(&self, key: &str, bounds: RangeInclusive<u32>, report: &mut Report) -> u32 {
        let Some(value) = self.keys.get(key) else { return *bounds.start() };
        let read = value.get_ref().as_integer().and_then(|int| u32::from_str_radix(int.as_str(), int.radix()).ok());
        match read {
            Some(number) if bounds.contains(&number) => number,
            _ => {
                let expected = format!("un nombre entier de {} à {}, sans guillemets", bounds.start(), bounds.end());
                self.wrong(key, value, &expected, report);
                *bounds.start()
            }
        }
    }

    /// A number, whole or not. Absent: 0.
    pub(super) fn number(&self, key: &str, report: &mut Report) -> f64 {
        let Some(value) = self.keys.get(key) else { return 0.0 };
        let read = match value.get_ref() {
            DeValue::Integer(int) if int.radix() == 10 => int.as_str().parse::<f64>().ok(),
            DeValue::Float(float) => float.as_str().parse::<f64>().ok(),
            _ => None,
        };
        read.filter(|number| number.is_finite() && number.abs() <= 1e12).unwrap_or_else(|| {
            self.wrong(key, value, "un nombre (avec un point pour les décimales), sans guillemets", report);
            0.0
        })
    }

    /// `true` or `false`. Absent: the given default.
    pub(super) fn flag(&self, key: &str, default: bool, report: &mut Report) -> bool {
        let Some(value) = self.keys.get(key) else { return default };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong(key, value, "true (oui) ou false (non), sans guillemets", report);
            default
        })
    }

    /// The table under a key.
    pub(super) fn table(&self, key: &str, report: &mut Report) -> Option<Table<'t>> {
        let value = self.keys.get(key)?;
        let table = self.under(value);
        if table.is_none() {
            self.wrong(key, value, &format!("une table, commencée par une ligne [{key}]"), report);
        }
        table
    }

    /// The tables under a key written `[[key]]`, in their order.
    pub(super) fn tables(&self, key: &str, report: &mut Report) -> Vec<Table<'t>> {
        let Some(value) = self.keys.get(key) else { return Vec::new() };
        let tables = value
            .get_ref()
            .as_array()
            .map(|array| array.iter().map(|item| self.under(item)).collect::<Option<Vec<_>>>());
        tables.flatten().unwrap_or_else(|| {
            self.wrong(key, value, &format!("écrit en tables, chacune commencée par une ligne [[{key}]]"), report);
            Vec::new()
        })
    }

    fn under(&self, value: &'t Spanned<DeValue<'t>>) -> Option<Table<'t>> {
        let keys = value.get_ref().as_table()?;
        Some(Table { doc: self.doc, keys, line: self.doc.line(value.span().start) })
    }
}

fn one_line(file: &str, key: &str, mut text: Text, most: usize, report: &mut Report) -> Text {
    text.said = text.said.trim().to_owned();
    if text.said.contains('\n') {
        report.say(file, text.line, format!("« {key} » doit tenir sur une ligne"));
    }
    if text.said.chars().count() > most {
        report.say(file, text.line, format!("« {key} » est trop long : {most} signes au plus"));
    }
    text
}
