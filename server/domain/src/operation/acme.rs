//! The certificate of HTTPS that Socle asks an authority for by itself (ACME, RFC 8555).

use super::Failure;
use jiff::{SignedDuration, Timestamp};

/// How asking for it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acme {
    /// When the one that is served came, where there is one.
    pub came: Option<Timestamp>,
    /// The last failure, where none came since.
    pub failed: Option<(Timestamp, Trouble)>,
    /// When it is asked for next.
    pub next: Timestamp,
}

/// Why the authority gave none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// It does not answer, or not as an authority does.
    Unreachable,
    /// It was not answered where the name leads, or by somebody else.
    NotFound,
    /// It gives none for that name.
    Name,
    /// It was asked too often.
    TooOften,
    /// Something else is not right for it, such as the account.
    Refused,
    /// It gave one, which could not be kept.
    Kept(Failure),
}

/// From when on a certificate is to be renewed: a third of its life is left.
#[must_use]
pub fn due(since: Timestamp, until: Timestamp) -> Timestamp {
    until - until.duration_since(since) / 3
}

/// How long an authority is left in peace after so many failures in a row: twice as long each time, and up to half as much
/// again by the dice, so that nobody asks at the same moment as all others. One that does not answer is asked again soon;
/// what it refused counts there (Let's Encrypt: five an hour, and one attempt may be two).
#[must_use]
pub fn pause(trouble: Trouble, failures: u32, dice: u64) -> SignedDuration {
    let (first, longest) = match trouble {
        Trouble::Unreachable => (2, 15 * 60),
        Trouble::TooOften => (60 * 60, 12 * 60 * 60),
        Trouble::NotFound | Trouble::Name | Trouble::Refused | Trouble::Kept(_) => (10 * 60, 6 * 60 * 60),
    };
    let doubled = (first << failures.saturating_sub(1).min(20)).min(longest);
    let more = i64::try_from(dice % 1000).unwrap_or(0);
    SignedDuration::from_millis(doubled * 1000 + doubled * more / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_renewed_when_a_third_of_its_life_is_left() {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        assert_eq!(due(at("2026-09-01T00:00:00Z"), at("2026-11-30T00:00:00Z")), at("2026-10-31T00:00:00Z"));
        assert_eq!(due(at("2026-09-01T00:00:00Z"), at("2026-09-01T00:00:30Z")), at("2026-09-01T00:00:20Z"));
    }

    #[test]
    fn an_authority_is_asked_less_and_less_often_and_refusals_weigh_more() {
        let pauses = |trouble, dice| [1, 2, 3, 4, 50].map(|failures| pause(trouble, failures, dice).as_secs());
        assert_eq!(pauses(Trouble::Unreachable, 0), [2, 4, 8, 16, 900]);
        assert_eq!(pauses(Trouble::NotFound, 0), [600, 1200, 2400, 4800, 21_600]);
        assert_eq!(pauses(Trouble::NotFound, 999), [899, 1799, 3598, 7197, 32_389]);
        assert_eq!(pauses(Trouble::TooOften, 0), [3600, 7200, 14_400, 28_800, 43_200]);
    }
}
