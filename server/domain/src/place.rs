//! Départements and maisons France Services.

mod departements;
mod siret;
#[cfg(test)]
mod tests;

pub use departements::DEPARTEMENTS;
pub use siret::{NotASiret, Siret};

use crate::ids::MaisonId;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A département: its official code and name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Departement {
    /// `01` to `95`, `2A`, `2B`, `971` to `976`.
    pub code: &'static str,
    pub name: &'static str,
}

/// The département of that code.
#[must_use]
pub fn departement(code: &str) -> Option<&'static Departement> {
    DEPARTEMENTS.iter().find(|departement| departement.code == code)
}

/// Where agents are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Territory {
    Nation,
    Departement(DepartementCode),
    /// A maison and its département.
    Maison(MaisonId, DepartementCode),
}

/// The code of a département that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DepartementCode(&'static str);

/// Why a text is not the code of a département.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«\u{a0}{0}\u{a0}» n’est pas le code d’un département.")]
pub struct NotADepartement(pub String);

impl DepartementCode {
    /// The code: `2A`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// The name of the département.
    #[must_use]
    pub fn name(self) -> &'static str {
        departement(self.0).map_or("", |departement| departement.name)
    }
}

impl From<&Departement> for DepartementCode {
    fn from(departement: &Departement) -> Self {
        Self(departement.code)
    }
}

impl FromStr for DepartementCode {
    type Err = NotADepartement;
    fn from_str(text: &str) -> Result<Self, NotADepartement> {
        departement(text).map(Self::from).ok_or_else(|| NotADepartement(text.to_owned()))
    }
}

impl TryFrom<String> for DepartementCode {
    type Error = NotADepartement;
    fn try_from(text: String) -> Result<Self, NotADepartement> {
        text.parse()
    }
}

impl From<DepartementCode> for String {
    fn from(code: DepartementCode) -> Self {
        code.0.to_owned()
    }
}

impl fmt::Display for DepartementCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
