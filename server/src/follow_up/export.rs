//! What is taken away, as rows of cells.

use super::agents::Row;
use super::store::Question;
use super::territory::Part;
use domain::text::paris;
use jiff::Timestamp;

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    Text(String),
    Number(u64),
}

pub(crate) const AGENT_COLUMNS: [&str; 19] = [
    "Nom",
    "Prénom",
    "Adresse électronique",
    "Maison",
    "Commune",
    "Département",
    "Inscription",
    "Avancement",
    "En retard",
    "Chapitres acquis",
    "Chapitres du cours",
    "Minutes à distance (MOOC)",
    "Minutes en direct (webinaires)",
    "Webinaires au seuil",
    "MOOC terminé le",
    "Terminé le",
    "Dernier résultat",
    "Cohorte",
    "À terminer avant le",
];

pub(crate) const PART_COLUMNS: [&str; 10] = [
    "Nom",
    "Agents",
    "Pas commencé",
    "En cours",
    "Terminé",
    "Part (%)",
    "En retard",
    "Heures à distance (MOOC)",
    "Heures en direct (webinaires)",
    "Assiduité aux webinaires (%)",
];

pub(crate) fn agent(row: &Row, asked: &Question, chapters: u32) -> Vec<Cell> {
    let text = |text: &str| Cell::Text(text.to_owned());
    let number = |n: i32| Cell::Number(u64::try_from(n).unwrap_or(0));
    let day = |at: Option<i64>| Cell::Text(at.map(day).unwrap_or_default());
    vec![
        text(&row.last_name),
        text(&row.first_name),
        text(&row.email),
        text(row.maison.as_deref().unwrap_or_default()),
        text(row.commune.as_deref().unwrap_or_default()),
        text(&row.departement),
        day(Some(row.enrolled_at)),
        text(row.state().name()),
        text(if row.is_late(asked) { "oui" } else { "non" }),
        number(row.chapters),
        Cell::Number(chapters.into()),
        number(row.minutes),
        number(row.minutes_live),
        number(row.webinars_met),
        day(row.mooc_at),
        day(row.done_at),
        day(Some(row.last_at).filter(|at| *at > 0)),
        text(row.cohort.as_deref().unwrap_or_default()),
        day(row.due_at),
    ]
}

pub(crate) fn part(part: &Part) -> Vec<Cell> {
    let Some(tally) = part.tally else {
        let mut cells = vec![Cell::Text(part.name.clone())];
        cells.resize(PART_COLUMNS.len(), Cell::Text("masqué".to_owned()));
        return cells;
    };
    let numbers = [
        tally.agents,
        tally.not_begun(),
        tally.under_way,
        tally.done,
        tally.percent_done().into(),
        tally.late,
        tally.minutes / 60,
        tally.minutes_live / 60,
        tally.percent_met().into(),
    ];
    std::iter::once(Cell::Text(part.name.clone())).chain(numbers.map(Cell::Number)).collect()
}

/// The day in Paris: `2026-12-01`.
fn day(at: i64) -> String {
    Timestamp::from_millisecond(at).map(|at| paris(at).date().to_string()).unwrap_or_default()
}

impl Cell {
    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(n) => n.to_string(),
        }
    }
}
