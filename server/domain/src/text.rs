//! French text: comparing it the way a reader would, and writing numbers, durations and dates.

#[cfg(test)]
mod tests;

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

/// The space that keeps a number and its word on one line.
pub const NBSP: char = '\u{a0}';

/// The text as it is compared: lower case, without accents, ligatures opened, punctuation
/// (apostrophes, quotes, hyphens, dashes…) turned to space, spaces of all kinds made one, trimmed.
///
/// Signs that carry meaning stay: `%`, `€`, `@`, `+`, `°`…
#[must_use]
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut apart = false;
    for letter in text.chars().flat_map(char::to_lowercase).filter(|letter| !is_silent(*letter)) {
        if letter.is_whitespace() || is_punctuation(letter) {
            apart = true;
            continue;
        }
        if apart && !out.is_empty() {
            out.push(' ');
        }
        apart = false;
        push_unaccented(letter, &mut out);
    }
    out
}

/// Accents typed apart from their letter, soft hyphens and signs without width.
fn is_silent(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

fn is_punctuation(letter: char) -> bool {
    matches!(
        letter,
        '\'' | '"' | '`' | '´' | '-' | '_' | '.' | ',' | ';' | ':' | '!' | '?' | '/' | '(' | ')' | '[' | ']' | '{' | '}'
            | '«' | '»' | '·' | '¿' | '¡' | 'ʼ' | '−'
            | '\u{2010}'..='\u{2015}' // hyphens and dashes
            | '\u{2018}'..='\u{201f}' // quotation marks and apostrophes
            | '‹' | '›' | '•' | '…' | '′' | '″'
    )
}

fn push_unaccented(letter: char, out: &mut String) {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' => out.push('a'),
        'ç' | 'č' | 'ć' => out.push('c'),
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ě' => out.push('e'),
        'ì' | 'í' | 'î' | 'ï' | 'ī' => out.push('i'),
        'ñ' | 'ń' => out.push('n'),
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' => out.push('o'),
        'š' => out.push('s'),
        'ù' | 'ú' | 'û' | 'ü' | 'ū' => out.push('u'),
        'ý' | 'ÿ' => out.push('y'),
        'ž' => out.push('z'),
        'æ' => out.push_str("ae"),
        'œ' => out.push_str("oe"),
        'ß' => out.push_str("ss"),
        other => out.push(other),
    }
}

/// The text as the slug that it could have, of that many signs at most; empty when it has no letter nor digit.
#[must_use]
pub fn slug(text: &str, most: usize) -> String {
    let folded = folded(text);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug: String = words.collect::<Vec<_>>().join("-").chars().take(most).collect();
    slug.trim_end_matches('-').to_owned()
}

/// Plain text made fit to stand in HTML, in content or in a quoted attribute.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// The form that agrees with `n`: in French 0 and 1 are singular.
#[must_use]
pub fn plural<'a>(n: u64, one: &'a str, many: &'a str) -> &'a str {
    if n < 2 { one } else { many }
}

/// « 1 chapitre », « 6 800 agents ».
#[must_use]
pub fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{}{NBSP}{}", integer(n), plural(n, one, many))
}

/// A whole number, thousands set apart by a narrow non-breaking space: « 6 800 ».
#[must_use]
pub fn integer(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() * 2);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// Hundredths as a decimal number with a comma and no idle zero: 750 → « 7,5 ».
#[must_use]
pub fn hundredths(n: u32) -> String {
    let whole = integer(u64::from(n / 100));
    match n % 100 {
        0 => whole,
        part if part % 10 == 0 => format!("{whole},{}", part / 10),
        part => format!("{whole},{part:02}"),
    }
}

/// Points given in hundredths: « 7,5 points », « 1,5 point » (the plural starts at two).
#[must_use]
pub fn points(n: u32) -> String {
    format!("{}{NBSP}{}", hundredths(n), plural(u64::from(n / 100), "point", "points"))
}

/// « 80 % ».
#[must_use]
pub fn percent(n: u8) -> String {
    format!("{n}{NBSP}%")
}

/// A duration in minutes: « 45 min », « 1 h », « 1 h 20 min ».
#[must_use]
pub fn duration(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes}{NBSP}min"),
        (hours, 0) => format!("{hours}{NBSP}h"),
        (hours, minutes) => format!("{hours}{NBSP}h{NBSP}{minutes}{NBSP}min"),
    }
}

/// How long something lasted, as precisely as matters: « 12 ms », « 1,2 s », « 45 s », « 12 min », « 2 h 10 min »,
/// « 3 jours ».
#[must_use]
pub fn lasting(duration: SignedDuration) -> String {
    let ms = u64::try_from(duration.as_millis()).unwrap_or(0);
    let (seconds, minutes) = (ms / 1000, u32::try_from(ms / 60_000).unwrap_or(u32::MAX));
    match ms {
        0 => format!("moins de 1{NBSP}ms"),
        1..1000 => format!("{ms}{NBSP}ms"),
        1000..10_000 if ms % 1000 >= 100 => format!("{seconds},{}{NBSP}s", ms % 1000 / 100),
        1000..60_000 => format!("{seconds}{NBSP}s"),
        60_000..172_800_000 => self::duration(minutes),
        _ => counted(seconds / 86_400, "jour", "jours"),
    }
}

/// How long ago it was: « à l’instant », « il y a 3 s ».
#[must_use]
pub fn ago(since: SignedDuration) -> String {
    if since.as_secs() < 1 { "à l’instant".to_owned() } else { format!("il y a {}", lasting(since)) }
}

/// « 1re », « 2e », « 3e »: the rank of a feminine noun (place, question).
#[must_use]
pub fn rank(n: usize) -> String {
    if n == 1 { "1re".to_owned() } else { format!("{n}e") }
}

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// The time zone of mainland France. The rule is that of directive 2000/84/CE, written here
/// rather than read from the machine's zone files, so that server and browser say the same.
#[must_use]
pub fn paris_zone() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap_or(TimeZone::UTC)
}

/// What the clocks of Paris show at that instant.
#[must_use]
pub fn paris(at: Timestamp) -> DateTime {
    paris_zone().to_datetime(at)
}

/// The day in Paris: « 24 novembre 2026 », « 1er mai 2026 ».
#[must_use]
pub fn date_long(at: Timestamp) -> String {
    day_long(paris(at).date())
}

/// A day: « 24 novembre 2026 », « 1er mai 2026 ».
#[must_use]
pub fn day_long(day: Date) -> String {
    let month = usize::try_from(day.month() - 1).ok().and_then(|month| MONTHS.get(month));
    let first = if day.day() == 1 { "er" } else { "" };
    format!("{}{first} {} {}", day.day(), month.unwrap_or(&""), day.year())
}

/// « le 24 novembre 2026 », « du 1er au 3 décembre 2026 », « du 30 novembre au 3 décembre 2026 ».
#[must_use]
pub fn days_long(from: Date, to: Date) -> String {
    let whole = day_long(from);
    let short = match (from.year() == to.year(), from.month() == to.month()) {
        _ if from == to => return format!("le {whole}"),
        (true, true) => whole.split(' ').next().unwrap_or_default(),
        (true, false) => whole.rsplit_once(' ').map_or(whole.as_str(), |(start, _)| start),
        (false, _) => whole.as_str(),
    };
    format!("du {short} au {}", day_long(to))
}

/// The month of a day: « mars 2026 ».
#[must_use]
pub fn month_year(day: Date) -> String {
    let month = usize::try_from(day.month() - 1).ok().and_then(|month| MONTHS.get(month));
    format!("{} {}", month.unwrap_or(&""), day.year())
}

/// The day in Paris with the day of the week: « jeudi 3 décembre 2026 ».
#[must_use]
pub fn weekday_long(at: Timestamp) -> String {
    const DAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
    let place = usize::try_from(paris(at).weekday().to_monday_zero_offset()).ok();
    let day = place.and_then(|place| DAYS.get(place)).unwrap_or(&"");
    format!("{day}{NBSP}{}", date_long(at))
}

/// The time of day in Paris: « 14 h 05 ».
#[must_use]
pub fn hour(at: Timestamp) -> String {
    let day = paris(at);
    format!("{}{NBSP}h{NBSP}{:02}", day.hour(), day.minute())
}

/// The day and time in Paris: « 24 novembre 2026 à 14 h 05 ».
#[must_use]
pub fn date_time(at: Timestamp) -> String {
    format!("{} à {}", date_long(at), hour(at))
}
