//! Bringing maisons, agents, their presence and the members of cohorts in from a file: what its columns are, what each line says, what is wrong with it, and
//! what would change. Nothing is written here: the same plan is shown, then carried out.

mod agents;
mod attendance;
mod maisons;
mod members;
#[cfg(test)]
mod tests;

pub use agents::{AgentLine, KnownPerson, plan_agents};
pub use attendance::{AttendanceLine, Attended, Training, agents_named, plan_attendance};
use maisons::Day;
pub use maisons::{KnownMaison, MaisonLine, plan_maisons};
pub use members::{Group, MemberLine, plan_members};

use crate::place::{DEPARTEMENTS, DepartementCode};
use crate::text::folded;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

/// The most lines that a file may have.
pub const MAX_LINES: usize = 20_000;

/// A file, read into cells.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub header: Vec<String>,
    pub lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// As spreadsheets number it: the header is line 1.
    pub number: u32,
    pub cells: Vec<String>,
}

/// What a file brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Maisons,
    Agents,
    /// Presence at what is followed away from the platform.
    Attendances,
    /// Agents of a cohort.
    Members,
}

/// Something that a column may hold.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub label: &'static str,
    pub required: bool,
    /// Headings by which it is known, folded.
    known_as: &'static [&'static str],
}

const NAME: Field = Field {
    name: "maison",
    label: "Nom de la maison",
    required: true,
    known_as: &["maison", "nom de la maison", "nom maison", "nom", "maison france services", "structure", "lib fs"],
};
const COMMUNE: Field =
    Field { name: "commune", label: "Commune", required: true, known_as: &["commune", "ville", "nom commune"] };
const DEPARTEMENT: Field = Field {
    name: "departement",
    label: "Département",
    required: true,
    known_as: &["departement", "code departement", "dept", "dep", "n departement"],
};
const SIRET: Field =
    Field { name: "siret", label: "SIRET", required: false, known_as: &["siret", "n siret", "numero siret"] };
const LABELLED: Field = Field {
    name: "labellisee",
    label: "Labellisée le",
    required: false,
    known_as: &["labellisee le", "date de labellisation", "labellisation", "date labellisation"],
};

const EMAIL: Field = Field {
    name: "email",
    label: "Adresse électronique",
    required: true,
    known_as: &[
        "adresse electronique",
        "email",
        "e mail",
        "mail",
        "courriel",
        "adresse mail",
        "adresse email",
        "adresse e mail",
        "adresse courriel",
    ],
};

static MAISONS: [Field; 5] = [NAME, COMMUNE, DEPARTEMENT, SIRET, LABELLED];

static AGENTS: [Field; 9] = [
    Field {
        name: "nom",
        label: "Nom",
        required: true,
        known_as: &["nom", "nom de famille", "nom agent", "nom de l agent"],
    },
    Field {
        name: "prenom",
        label: "Prénom",
        required: true,
        known_as: &["prenom", "prenom agent", "prenom de l agent"],
    },
    EMAIL,
    Field {
        name: "maison",
        label: "Nom de la maison",
        required: false,
        known_as: &["maison", "nom de la maison", "nom maison", "maison france services", "structure"],
    },
    Field { required: false, ..COMMUNE },
    Field { required: false, ..DEPARTEMENT },
    SIRET,
    Field {
        name: "situation",
        label: "Situation",
        required: false,
        known_as: &["situation", "statut", "etat", "en poste"],
    },
    Field {
        name: "depuis",
        label: "Depuis le",
        required: false,
        known_as: &["depuis le", "depuis", "a partir du", "date d effet", "date d arrivee"],
    },
];

static ATTENDANCES: [Field; 5] = [
    EMAIL,
    Field {
        name: "composante",
        label: "Composante",
        required: true,
        known_as: &["composante", "composante du parcours", "module", "formation", "session", "intitule"],
    },
    Field {
        name: "date",
        label: "Date",
        required: true,
        known_as: &["date", "dates", "jour", "jours", "date de la session", "date de presence"],
    },
    Field {
        name: "demi-journee",
        label: "Demi-journée",
        required: true,
        known_as: &["demi journee", "demi journees", "presence", "moment", "creneau"],
    },
    Field {
        name: "source",
        label: "Source",
        required: true,
        known_as: &["source", "origine", "justificatif", "feuille", "commentaire"],
    },
];

static MEMBERS: [Field; 2] = [
    EMAIL,
    Field {
        name: "deplacer",
        label: "Déplacer d’une autre cohorte",
        required: false,
        known_as: &["deplacer", "deplacement", "deplacer d une autre cohorte", "changer de cohorte"],
    },
];

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Maisons, Self::Agents, Self::Attendances, Self::Members];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Maisons => "maisons",
            Self::Agents => "agents",
            Self::Attendances => "presences",
            Self::Members => "membres",
        }
    }

    /// What its columns may hold.
    #[must_use]
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Maisons => &MAISONS,
            Self::Agents => &AGENTS,
            Self::Attendances => &ATTENDANCES,
            Self::Members => &MEMBERS,
        }
    }
}

impl FromStr for Kind {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}

/// Which column holds what, from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matching(BTreeMap<&'static str, usize>);

impl Matching {
    /// What the headings tell. No column is taken twice.
    #[must_use]
    pub fn guess(kind: Kind, header: &[String]) -> Self {
        let headings: Vec<String> = header.iter().map(|heading| folded(heading)).collect();
        let mut taken = BTreeSet::new();
        let mut found = BTreeMap::new();
        for field in kind.fields() {
            let column = field.known_as.iter().find_map(|name| {
                headings.iter().enumerate().find(|(at, heading)| heading == name && !taken.contains(at))
            });
            if let Some((column, _)) = column {
                taken.insert(column);
                found.insert(field.name, column);
            }
        }
        Self(found)
    }

    /// What somebody chose.
    #[must_use]
    pub fn chosen(kind: Kind, columns: usize, choice: impl Fn(&str) -> Option<usize>) -> Self {
        let fields = kind.fields().iter();
        Self(fields.filter_map(|field| Some((field.name, choice(field.name).filter(|at| *at < columns)?))).collect())
    }

    /// The column that holds that field.
    #[must_use]
    pub fn column(&self, field: &str) -> Option<usize> {
        self.0.get(field).copied()
    }

    /// What is required and has no column.
    #[must_use]
    pub fn missing(&self, kind: Kind) -> Vec<&'static Field> {
        kind.fields().iter().filter(|field| field.required && self.column(field.name).is_none()).collect()
    }

    /// The cell of that field, trimmed; empty where there is none.
    fn cell<'l>(&self, line: &'l Line, field: &str) -> &'l str {
        self.column(field).and_then(|at| line.cells.get(at)).map_or("", |cell| cell.trim())
    }
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub line: u32,
    /// The field's label.
    pub column: &'static str,
    pub what: String,
    pub remedy: String,
}

/// What a file would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan<T> {
    pub create: Vec<T>,
    /// What becomes of those known by that number.
    pub update: Vec<(i64, T)>,
    /// Lines that say what is known already.
    pub unchanged: u64,
    pub problems: Vec<Problem>,
}

impl<T> Default for Plan<T> {
    fn default() -> Self {
        Self { create: Vec::new(), update: Vec::new(), unchanged: 0, problems: Vec::new() }
    }
}

impl<T> Plan<T> {
    /// How many lines have a problem.
    #[must_use]
    pub fn wrong(&self) -> u64 {
        self.problems.iter().map(|problem| problem.line).collect::<BTreeSet<_>>().len() as u64
    }
}

/// Collects what is wrong with one line.
struct Reader<'l> {
    line: &'l Line,
    matching: &'l Matching,
    fields: &'static [Field],
    problems: Vec<Problem>,
}

impl<'l> Reader<'l> {
    fn new(kind: Kind, line: &'l Line, matching: &'l Matching) -> Self {
        Self { line, matching, fields: kind.fields(), problems: Vec::new() }
    }

    fn cell(&self, field: &str) -> &'l str {
        self.matching.cell(self.line, field)
    }

    fn wrong(&mut self, field: &str, what: impl Into<String>, remedy: impl Into<String>) {
        let column = self.fields.iter().find(|known| known.name == field).map_or("", |known| known.label);
        self.problems.push(Problem { line: self.line.number, column, what: what.into(), remedy: remedy.into() });
    }

    /// A text that must be there, of a hundred characters at most.
    fn text(&mut self, field: &str) -> String {
        let text = self.cell(field).split_whitespace().collect::<Vec<_>>().join(" ");
        let length = text.chars().count();
        if length == 0 {
            self.wrong(field, "La case est vide.", "Remplissez-la.");
        } else if length > 100 || text.chars().any(char::is_control) {
            self.wrong(field, format!("Le texte a {length} caractères."), "Raccourcissez-le à 100 caractères au plus.");
        }
        text
    }

    /// A value that may be left out.
    fn value<T: FromStr>(&mut self, field: &str, what: &str, remedy: &str) -> Option<T> {
        let cell = self.cell(field);
        if cell.is_empty() {
            return None;
        }
        let value = cell.parse().ok();
        if value.is_none() {
            self.wrong(field, format!("«\u{a0}{}\u{a0}» {what}", excerpt(cell)), remedy);
        }
        value
    }

    /// A département by its code or its name, where the case is filled.
    fn departement(&mut self) -> Option<DepartementCode> {
        let cell = self.cell("departement");
        if cell.is_empty() {
            return None;
        }
        let found = departement(cell);
        if found.is_none() {
            let what = format!("«\u{a0}{}\u{a0}» n’est pas un département.", excerpt(cell));
            self.wrong("departement", what, "Écrivez son code (08, 2A, 974) ou son nom entier.");
        }
        found
    }
}

/// « 8 », « 08 », « Ardennes », « 08 - Ardennes ».
fn departement(text: &str) -> Option<DepartementCode> {
    let text = folded(text);
    let code = text.split(' ').next().unwrap_or_default().to_uppercase();
    let code = if code.len() == 1 { format!("0{code}") } else { code };
    let named = || DEPARTEMENTS.iter().find(|known| folded(known.name) == text).map(DepartementCode::from);
    code.parse().ok().or_else(named)
}

/// The beginning of a cell, to be quoted.
fn excerpt(cell: &str) -> String {
    let short: String = cell.chars().filter(|sign| !sign.is_control()).take(40).collect();
    if cell.chars().count() > 40 { short + "…" } else { short }
}
