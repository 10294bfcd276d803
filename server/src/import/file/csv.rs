//! A CSV file: UTF-8 or Windows-1252, between semicolons, commas or tabs.

use super::{Line, Table, add};

pub(super) fn read(bytes: &[u8]) -> Result<Table, String> {
    let text = decoded(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(&text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut table = Table::default();
    let mut lines = Lines { text: text.as_bytes(), byte: 0, line: 1 };
    for record in reader.records() {
        let record = record.map_err(|_| {
            "Ce fichier ne se lit pas comme un tableau CSV\u{a0}: enregistrez-le de nouveau depuis votre tableur."
                .to_owned()
        })?;
        let number = lines.at(record.position().map_or(0, csv::Position::byte));
        let cells = record.iter().map(str::to_owned).collect();
        add(&mut table, Line { number: u32::try_from(number).unwrap_or(u32::MAX), cells })?;
    }
    Ok(table)
}

/// The lines of a text, as a spreadsheet numbers them.
struct Lines<'t> {
    text: &'t [u8],
    byte: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of what begins at that byte, after the empty lines that may come before it. Asked in order.
    fn at(&mut self, byte: u64) -> u64 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX).min(self.text.len());
        let empty = self.text[byte..].iter().take_while(|sign| **sign == b'\n').count();
        let passed = &self.text[self.byte.min(byte + empty)..byte + empty];
        self.line += passed.split(|sign| *sign == b'\n').skip(1).count() as u64;
        self.byte = byte + empty;
        self.line
    }
}

fn decoded(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    };
    // Ends of lines of one sign, so that lines are counted as people count them.
    text.replace("\r\n", "\n")
}

/// The sign that parts the headings most.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |sign: u8| header.bytes().filter(|byte| *byte == sign).count();
    *[b';', b',', b'\t'].iter().rev().max_by_key(|sign| count(**sign)).unwrap_or(&b';')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
        let Table { header, lines } = read(bytes).unwrap();
        std::iter::once(header).chain(lines.into_iter().map(|line| line.cells)).collect()
    }

    #[test]
    fn what_french_spreadsheets_write_is_read() {
        let expected = [["Nom", "Prénom"], ["Le Goff; dite Marie", "Léa"]];
        assert_eq!(cells("\u{feff}Nom;Prénom\r\n\"Le Goff; dite Marie\";Léa\r\n".as_bytes()), expected);
        assert_eq!(cells(b"Nom,Pr\xe9nom\n\"Le Goff; dite Marie\",L\xe9a"), expected, "Windows-1252");
        assert_eq!(cells("Nom\tPrénom\nLe Goff; dite Marie\tLéa\n\n".as_bytes()), expected);
    }

    #[test]
    fn lines_are_numbered_as_the_file_shows_them() {
        for end in ["\n", "\r\n"] {
            let table = read("a;b\n\n1;2\n;\n3;4\n".replace('\n', end).as_bytes()).unwrap();
            assert_eq!(table.lines.iter().map(|line| line.number).collect::<Vec<_>>(), [3, 5]);
        }
    }
}
