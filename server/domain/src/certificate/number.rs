//! The number of a certificate: read aloud over the telephone, and never guessed.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Crockford's base 32: no letter that passes for a digit.
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Signs of the unguessable part: 60 bits.
const LENGTH: usize = 12;

/// « SF-2026-7F3K-9Q2M-XW4T »
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Number {
    year: u16,
    /// 60 bits.
    lot: u64,
}

/// Why a text is not a number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("un numéro de certificat s’écrit comme SF-2026-7F3K-9Q2M-XW4T")]
pub struct NotANumber;

impl Number {
    /// The number of that year whose signs are drawn from `lot`.
    #[must_use]
    pub fn drawn(year: i16, lot: u64) -> Self {
        Self { year: u16::try_from(year).unwrap_or(0), lot: lot & ((1 << (5 * LENGTH)) - 1) }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SF-{:04}", self.year)?;
        for place in 0..LENGTH {
            if place % 4 == 0 {
                f.write_str("-")?;
            }
            let five = (self.lot >> (5 * (LENGTH - 1 - place))) & 31;
            let sign = usize::try_from(five).ok().and_then(|five| SIGNS.get(five)).copied().unwrap_or(b'0');
            write!(f, "{}", char::from(sign))?;
        }
        Ok(())
    }
}

/// As a person types it: hyphens or not, small letters, O for 0, I or L for 1.
impl FromStr for Number {
    type Err = NotANumber;
    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let signs: Vec<u8> = text
            .bytes()
            .filter(|sign| !matches!(sign, b'-' | b' '))
            .take(64)
            .map(|sign| sign.to_ascii_uppercase())
            .collect();
        let (year, lot) = signs.strip_prefix(b"SF").and_then(|rest| rest.split_at_checked(4)).ok_or(NotANumber)?;
        let digits = std::str::from_utf8(year).ok().filter(|year| year.bytes().all(|sign| sign.is_ascii_digit()));
        let year = digits.and_then(|year| year.parse().ok()).ok_or(NotANumber)?;
        if lot.len() != LENGTH {
            return Err(NotANumber);
        }
        let read = lot.iter().try_fold(0_u64, |sum, sign| {
            let sign = match sign {
                b'O' => b'0',
                b'I' | b'L' => b'1',
                other => *other,
            };
            let five = SIGNS.iter().position(|known| *known == sign)?;
            Some(sum << 5 | u64::try_from(five).ok()?)
        });
        Ok(Self { year, lot: read.ok_or(NotANumber)? })
    }
}

impl TryFrom<String> for Number {
    type Error = NotANumber;
    fn try_from(text: String) -> Result<Self, NotANumber> {
        text.parse()
    }
}

impl From<Number> for String {
    fn from(number: Number) -> Self {
        number.to_string()
    }
}
