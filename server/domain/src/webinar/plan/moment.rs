//! A date and a time of day, as typed by somebody who looks at a clock in Paris.

use super::{Problem, problem};
use crate::text::{date_long, paris_zone};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::AmbiguousOffset;

const DATE_REMEDY: &str = "Indiquez la date en chiffres, par exemple 3/12/2026.";
const TIME_REMEDY: &str = "Indiquez l’heure du début, à l’heure de Paris, par exemple 14:30.";

/// The instant, or what is wrong with the date, the time, or the two together.
///
/// # Errors
/// Each in the field `date` or `time`.
pub fn read(date: &str, time: &str) -> Result<Timestamp, Vec<Problem>> {
    match (read_date(date), read_time(time)) {
        (Ok(date), Ok(time)) => instant(date, time).map_err(|wrong| vec![wrong]),
        (date, time) => Err(date.err().into_iter().chain(time.err()).collect()),
    }
}

fn read_date(text: &str) -> Result<Date, Problem> {
    let (parts, signs) = numbers(text, "-/. ").ok_or_else(|| problem("date", DATE_REMEDY))?;
    let (year, month, day) = match (parts.as_slice(), signs.as_slice()) {
        ([year, month, day], [4, ..]) | ([day, month, year], [_, _, 4]) => (*year, *month, *day),
        _ => return Err(problem("date", DATE_REMEDY)),
    };
    let (Ok(short_year), Ok(short_month), Ok(short_day)) =
        (i16::try_from(year), i8::try_from(month), i8::try_from(day))
    else {
        return Err(problem("date", DATE_REMEDY));
    };
    Date::new(short_year, short_month, short_day).map_err(|_| {
        let said = format!("Le {day}/{month:02}/{year} n’existe pas au calendrier\u{a0}: vérifiez le jour et le mois.");
        problem("date", said)
    })
}

fn read_time(text: &str) -> Result<Time, Problem> {
    let (parts, _) = numbers(text, ":hHmin. \u{a0}\u{202f}").ok_or_else(|| problem("time", TIME_REMEDY))?;
    // Some browsers add the seconds.
    let (hour, minute) = match parts.as_slice() {
        [hour] if text.contains(['h', 'H']) => (*hour, 0),
        [hour, minute] | [hour, minute, 0] => (*hour, *minute),
        _ => return Err(problem("time", TIME_REMEDY)),
    };
    let part = |number: u32| i8::try_from(number).unwrap_or(i8::MAX);
    Time::new(part(hour), part(minute), 0, 0).map_err(|_| problem("time", TIME_REMEDY))
}

/// The numbers between separators, and of how many digits each was written.
fn numbers(text: &str, separators: &str) -> Option<(Vec<u32>, Vec<usize>)> {
    let parts = text.trim().split(|sign| separators.contains(sign)).filter(|part| !part.is_empty());
    let read = |part: &str| {
        let digits = part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse().ok().map(|number: u32| (number, part.len()))).flatten()
    };
    parts.map(read).collect::<Option<Vec<_>>>().map(|parts| parts.into_iter().unzip())
}

/// The instant at which the clocks of Paris show that, once and only once.
fn instant(date: Date, time: Time) -> Result<Timestamp, Problem> {
    let ambiguous = paris_zone().to_ambiguous_timestamp(date.to_datetime(time));
    let told = |said: &str| {
        let shown = format!("{}\u{a0}h\u{a0}{:02}", time.hour(), time.minute());
        let day = paris_zone().to_timestamp(date.at(12, 0, 0, 0)).map(date_long).unwrap_or_default();
        problem(
            "time",
            format!("Le {day}, {shown} {said} Choisissez une heure avant 2\u{a0}h ou à partir de 3\u{a0}h."),
        )
    };
    match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } => ambiguous.compatible().map_err(|_| problem("date", DATE_REMEDY)),
        AmbiguousOffset::Gap { .. } => {
            Err(told("n’existe pas\u{a0}: les horloges passent de 2\u{a0}h à 3\u{a0}h (heure d’été)."))
        }
        AmbiguousOffset::Fold { .. } => {
            Err(told("arrive deux fois\u{a0}: à 3\u{a0}h, les horloges reviennent à 2\u{a0}h (heure d’hiver)."))
        }
    }
}
