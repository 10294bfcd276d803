//! The rules of a quiz as a form shows them: `[rules]` of `quiz.toml`, `[assessment]` and `[positioning]` of `course.toml`,
//! `exempts_at` of `positioning.toml`.

use super::{Rules, RulesTable, Sheet, plain_value, write};
use toml_edit::{Item, Table};

/// The numbers that hold attempts back.
const LIMITS: [&str; 5] = ["pass", "attempts", "attempts_per_day", "draw", "time_limit"];

impl Sheet {
    /// The rules, as their form shows them.
    #[must_use]
    pub fn rules(&self, table: RulesTable) -> Rules {
        let shown = |field: &&str| {
            let known = self.of_rules(table, field).and_then(|known| plain_value(known, field));
            let default = match *field {
                "counts" => "best",
                "shuffle" => "true",
                _ => "",
            };
            ((*field).to_owned(), known.unwrap_or_else(|| default.to_owned()))
        };
        table.fields().iter().map(shown).collect()
    }

    fn of_rules(&self, table: RulesTable, field: &str) -> Option<&Table> {
        match (table, field, table.key()) {
            (RulesTable::Rules, "title", _) | (_, _, None) => Some(self.document.as_table()),
            (_, _, Some(key)) => self.document.get(key)?.as_table(),
        }
    }

    /// Writes the rules.
    pub fn set_rules(&mut self, table: RulesTable, rules: &Rules) {
        let root = self.document.as_table_mut();
        for (field, text) in rules.iter().filter(|(field, _)| table.fields().contains(&field.as_str())) {
            let text = text.trim();
            let within = match (table, field.as_str(), table.key()) {
                (RulesTable::Rules, "title", _) | (_, _, None) => &mut *root,
                (_, _, Some(key)) => {
                    let item = root.entry(key).or_insert(Item::Table(Table::new()));
                    let Some(within) = item.as_table_mut() else { continue };
                    within
                }
            };
            match field.as_str() {
                "shuffle" => write::flag(within, field, text == "true", true),
                "counts" if text == "best" && !within.contains_key(field) => {}
                "minutes" | "exempts_at" => write::whole(within, field, text),
                limit if LIMITS.contains(&limit) => write::whole(within, field, text),
                "title" if table == RulesTable::Rules => write::optional(within, field, text),
                "title" | "summary" => write::text(within, field, text),
                _ => write::optional(within, field, text),
            }
        }
    }
}
