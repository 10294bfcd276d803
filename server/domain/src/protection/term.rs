//! Terms: « 30 jours », « 6 ans », counted in the calendar of Paris.

use crate::text::{counted, paris_zone};
use jiff::{Span, Timestamp};
use std::fmt;
use std::str::FromStr;

/// How long something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    Days(u16),
    Months(u16),
    Years(u16),
}

/// Why a text is not a term.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a number from 1 to 1000 and `days`, `months` or `years`, such as 6 years")]
pub struct NotATerm;

impl Term {
    /// About how many days it is: months of thirty, years of 365.
    #[must_use]
    pub fn days(self) -> u32 {
        match self {
            Self::Days(n) => n.into(),
            Self::Months(n) => u32::from(n) * 30,
            Self::Years(n) => u32::from(n) * 365,
        }
    }

    /// The instant before which what began is past its term: a whole number of days, months or years ago at the same
    /// hour of Paris, whatever the clocks did in between.
    #[must_use]
    pub fn before(self, now: Timestamp) -> Timestamp {
        let span = match self {
            Self::Days(n) => Span::new().days(n),
            Self::Months(n) => Span::new().months(n),
            Self::Years(n) => Span::new().years(n),
        };
        let then = now.to_zoned_datetime(paris_zone()).checked_sub(span);
        then.map_or(Timestamp::MIN, |then| then.timestamp())
    }
}

/// As settings say it: `6 years`.
impl FromStr for Term {
    type Err = NotATerm;
    fn from_str(text: &str) -> Result<Self, NotATerm> {
        let (count, unit) = text.trim().split_once(' ').ok_or(NotATerm)?;
        let count: u16 = count.parse().ok().filter(|count| (1..=1000).contains(count)).ok_or(NotATerm)?;
        match unit.trim() {
            "day" | "days" => Ok(Self::Days(count)),
            "month" | "months" => Ok(Self::Months(count)),
            "year" | "years" => Ok(Self::Years(count)),
            _ => Err(NotATerm),
        }
    }
}

/// As pages say it: « 6 ans ».
impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, one, many) = match self {
            Self::Days(n) => (n, "jour", "jours"),
            Self::Months(n) => (n, "mois", "mois"),
            Self::Years(n) => (n, "an", "ans"),
        };
        f.write_str(&counted(u64::from(*count), one, many))
    }
}
