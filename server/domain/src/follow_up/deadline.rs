//! By when an agent is to be done with a course: the one rule of who is late.

use jiff::{SignedDuration, Timestamp};

/// The end of the cohort that they follow the course with, else so many days after they were enrolled.
#[must_use]
pub fn due_at(enrolled_at: Timestamp, cohort: Option<Timestamp>, days: u32) -> Timestamp {
    cohort.unwrap_or_else(|| enrolled_at.saturating_add(window(days)).unwrap_or(Timestamp::MAX))
}

/// How long an agent who is in no cohort has.
#[must_use]
pub fn window(days: u32) -> SignedDuration {
    SignedDuration::from_hours(24 * i64::from(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cohort_gives_its_own_day_whenever_its_members_were_enrolled() {
        let (enrolled, end): (Timestamp, Timestamp) =
            ("2026-12-01T08:00:00Z".parse().unwrap(), "2027-01-31T23:00:00Z".parse().unwrap());
        assert_eq!(due_at(enrolled, None, 90), enrolled + SignedDuration::from_hours(90 * 24));
        assert_eq!(due_at(enrolled, Some(end), 90), end);
        assert_eq!(due_at(Timestamp::UNIX_EPOCH, Some(end), 1), end, "enrolled long ago");
        assert_eq!(due_at(Timestamp::MAX, None, u32::MAX), Timestamp::MAX);
    }
}
