//! A chapter as its author writes it: the fields of its heading, and its text.

use super::merge::{is_mark, merge};
use serde::{Deserialize, Serialize};

/// What the editor of a chapter shows, and what it saves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    pub title: String,
    pub summary: String,
    /// None where what is typed is no number of minutes: a save then leaves it as it was.
    pub minutes: Option<u32>,
    pub objectives: Vec<String>,
    /// Markdown, as `domain::course::parse` reads it under the heading.
    pub text: String,
}

impl Written {
    /// As a save keeps it: no idle spaces, Unix line ends, a line end at the end.
    #[must_use]
    pub fn canonical(self) -> Self {
        let mut text = self.text.replace("\r\n", "\n");
        if !text.ends_with('\n') {
            text.push('\n');
        }
        let objectives = self.objectives.iter().map(|line| one_line(line)).filter(|line| !line.is_empty()).collect();
        Self { title: one_line(&self.title), summary: one_line(&self.summary), minutes: self.minutes, objectives, text }
    }
}

/// The text on one line, without idle spaces; those that keep words together stay.
#[must_use]
pub fn one_line(text: &str) -> String {
    let words = text.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Puts together what is `saved` already and what is `coming`, both made from `base`, field by field; the number of
/// places where both are kept side by side. Of two durations the saved one stays.
#[must_use]
pub fn merge_written(base: &Written, saved: &Written, coming: &Written) -> (Written, u32) {
    let mut conflicts = 0;
    let mut line = |base: &str, saved: &str, coming: &str| {
        if coming == base || coming == saved {
            saved.to_owned()
        } else if saved == base {
            coming.to_owned()
        } else {
            conflicts += 1;
            format!("{saved} / {coming}")
        }
    };
    let title = line(&base.title, &saved.title, &coming.title);
    let summary = line(&base.summary, &saved.summary, &coming.summary);
    let unchanged = saved.minutes == base.minutes;
    let minutes = if unchanged { coming.minutes.or(saved.minutes) } else { saved.minutes };
    let listed = |written: &Written| written.objectives.join("\n\n");
    let objectives = merge(&listed(base), &listed(saved), &listed(coming));
    let text = merge(&base.text, &saved.text, &coming.text);
    conflicts += text.conflicts + objectives.conflicts;
    let objectives = objectives.text.lines().filter(|line| !line.trim().is_empty() && !is_mark(line));
    let objectives = objectives.map(str::to_owned).collect();
    (Written { title, summary, minutes, objectives, text: text.text }, conflicts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_changed_apart_are_both_there_and_together_are_kept_side_by_side() {
        let base = Written {
            title: "Accueil".into(),
            summary: "Bref.".into(),
            minutes: Some(15),
            objectives: vec!["Écouter".into()],
            text: "## Un {#un}\n\nTexte.\n".into(),
        };
        let saved = Written { title: "Accueillir".into(), minutes: Some(20), ..base.clone() };
        let coming = Written {
            summary: "Très bref.".into(),
            minutes: Some(30),
            objectives: vec!["Écouter".into(), "Redire".into()],
            ..base.clone()
        };
        let (merged, conflicts) = merge_written(&base, &saved, &coming);
        assert_eq!((merged.title.as_str(), merged.summary.as_str(), conflicts), ("Accueillir", "Très bref.", 0));
        assert_eq!((merged.minutes, merged.objectives.len()), (Some(20), 2));
        let coming = Written { title: "Bienvenue".into(), objectives: vec!["Redire".into()], ..base.clone() };
        let saved = Written { objectives: vec!["Entendre".into()], ..saved };
        let (merged, conflicts) = merge_written(&base, &saved, &coming);
        assert_eq!((merged.title.as_str(), conflicts), ("Accueillir / Bienvenue", 2));
        assert_eq!(merged.objectives, ["Entendre", "Redire"]);
    }
}
