//! Tables to open in a spreadsheet: `;` between cells as French spreadsheets expect, UTF-8 with its mark, CRLF
//! (RFC 4180), and no cell that a spreadsheet could take for a formula.

#[cfg(test)]
mod tests;

/// What makes a spreadsheet read a cell as a formula (OWASP, CSV Injection), full-width twins included.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// What a file begins with, so that spreadsheets read it as UTF-8.
pub const MARK: &str = "\u{feff}";

/// The rows as a file. A cell that could start a formula is preceded by an apostrophe, which spreadsheets take as
/// « this is text ».
#[must_use]
pub fn written<R, C>(rows: impl IntoIterator<Item = R>) -> String
where
    R: IntoIterator<Item = C>,
    C: AsRef<str>,
{
    let mut file = String::from(MARK);
    for row in rows {
        file.push_str(&line(row));
    }
    file
}

/// One row, for a file that is written bit by bit.
#[must_use]
pub fn line<R, C>(row: R) -> String
where
    R: IntoIterator<Item = C>,
    C: AsRef<str>,
{
    let cells: Vec<String> = row.into_iter().map(|text| cell(text.as_ref())).collect();
    cells.join(";") + "\r\n"
}

fn cell(text: &str) -> String {
    // Some readers skip what is invisible at the start, and see the sign behind it.
    let shown = text.trim_start_matches([' ', '\u{a0}', '\u{202f}', '\u{200b}', '\u{feff}']);
    let neutral = if text.starts_with(FORMULA) || shown.starts_with(FORMULA) { "'" } else { "" };
    if text.contains([';', '"', '\r', '\n', ',', '\t']) {
        format!("\"{neutral}{}\"", text.replace('"', "\"\""))
    } else {
        format!("{neutral}{text}")
    }
}
