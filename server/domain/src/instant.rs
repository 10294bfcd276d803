//! Reading instants in few bytes of code.
//!
//! A browser that reads instants by jiff's own reader carries every form that a date may take and the words for all
//! that may be wrong with them: a sixth of what the room weighs. It reads the one form that is written here.

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::de::{Deserialize, Deserializer, Error};

/// Reads what `Timestamp` writes: `2026-12-01T09:00:02.25Z`. Nothing else.
#[must_use]
pub fn read(text: &str) -> Option<Timestamp> {
    let (day, time) = text.strip_suffix('Z')?.split_once('T')?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let [year, month, day] = numbers(day.split('-'))?;
    let [hour, minute, second] = numbers(time.split(':'))?;
    let plain = fraction.len() <= 9 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let nanosecond = format!("{fraction:0<9}").parse().ok().filter(|_| plain)?;
    let small = |number: i16| i8::try_from(number).ok();
    let (month, day, hour, minute, second) = (small(month)?, small(day)?, small(hour)?, small(minute)?, small(second)?);
    let read = DateTime::new(year, month, day, hour, minute, second, nanosecond).ok()?;
    Timestamp::from_duration(read.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0))).ok()
}

fn numbers<'t>(mut parts: impl Iterator<Item = &'t str>) -> Option<[i16; 3]> {
    let mut next = || {
        let part = parts.next()?;
        let plain = (2..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|_| plain)
    };
    let all = [next()?, next()?, next()?];
    parts.next().is_none().then_some(all)
}

/// As a field's reader.
///
/// # Errors
/// Where it is no instant.
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
    read(&String::deserialize(from)?).ok_or_else(|| D::Error::custom("an instant"))
}

/// The same for a field that may be null.
pub mod maybe {
    use super::{Deserialize, Deserializer, Error, Timestamp, read};

    /// As a field's reader.
    ///
    /// # Errors
    /// Where it is neither null nor an instant.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| read(&text).ok_or_else(|| D::Error::custom("an instant"))).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_instant_is_read_as_it_is_written(second in -62_000_000_000..253_000_000_000_i64, nanosecond in 0..1_000_000_000) {
            let at = Timestamp::new(second, nanosecond).unwrap();
            prop_assert_eq!(read(&at.to_string()), Some(at));
        }

        #[test]
        fn what_is_read_jiff_reads_too(text in "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{1,9})?Z") {
            if let Some(at) = read(&text) {
                prop_assert_eq!(text.parse::<Timestamp>().ok(), Some(at));
            }
        }
    }

    #[test]
    fn nothing_else_is_read() {
        for text in [
            "",
            "Z",
            "2026-12-01",
            "2026-12-01T09:00:02",
            "2026-12-01T09:00Z",
            "2026-13-01T09:00:02Z",
            "2026-02-29T09:00:02Z",
            "2026-12-01T09:00:02+01:00",
            "2026-12-01T09:00:02.1234567890Z",
            "2026-12-01T09:00:02.+1Z",
            "+026-12-01T09:00:02Z",
            "2026-12-01-02T09:00:02Z",
            "20261-12-01T09:00:02Z",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert!(read("2024-02-29T23:59:59.5Z").is_some());
    }
}
