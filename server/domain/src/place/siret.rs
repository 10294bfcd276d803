//! The number of an establishment in the national register (SIRENE).

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// La Poste, whose post offices were numbered without the Luhn key: the sum of their digits is a
/// multiple of five.
const LA_POSTE: &str = "356000000";

/// A SIRET: 14 digits, the first nine being the organisation’s SIREN.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Siret(String);

/// Why a text is not a SIRET.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotASiret {
    #[error("Un numéro SIRET compte 14 chiffres.")]
    WrongLength,
    #[error("Ce numéro SIRET comporte une erreur\u{a0}: vérifiez chacun de ses chiffres.")]
    WrongKey,
}

impl Siret {
    /// The 14 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The organisation’s number: the first nine digits.
    #[must_use]
    pub fn siren(&self) -> &str {
        self.0.get(..9).unwrap_or_default()
    }
}

impl FromStr for Siret {
    type Err = NotASiret;
    fn from_str(text: &str) -> Result<Self, NotASiret> {
        let text: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        let digits: Vec<u32> =
            text.chars().filter(char::is_ascii_digit).filter_map(|digit| digit.to_digit(10)).collect();
        if digits.len() != 14 || text.len() != 14 {
            return Err(NotASiret::WrongLength);
        }
        let post_office = text.starts_with(LA_POSTE) && digits.iter().sum::<u32>().is_multiple_of(5);
        if luhn(&digits) || post_office { Ok(Self(text)) } else { Err(NotASiret::WrongKey) }
    }
}

/// From the right, every second digit counts double, tens and units added; all sum up to tens.
fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => *digit,
            (_, double) if double > 9 => double - 9,
            (_, double) => double,
        })
        .sum();
    sum.is_multiple_of(10)
}

impl TryFrom<String> for Siret {
    type Error = NotASiret;
    fn try_from(text: String) -> Result<Self, NotASiret> {
        text.parse()
    }
}

impl From<Siret> for String {
    fn from(siret: Siret) -> Self {
        siret.0
    }
}

impl fmt::Display for Siret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
