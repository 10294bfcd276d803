//! From the bytes of a file to its cells, as French spreadsheets write them.

use domain::import::{Line, MAX_LINES, Table};

/// The most columns that a file may have.
const MAX_COLUMNS: usize = 60;

/// The cells of a CSV file: UTF-8 or Windows-1252, between semicolons, commas or tabs. What is wrong is told to
/// whoever sent it.
pub(super) fn read(bytes: &[u8]) -> Result<Table, String> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err("Ce fichier est un classeur\u{a0}: dans votre tableur, enregistrez la feuille sous « CSV UTF-8 », puis envoyez ce fichier-là.".into());
    }
    let text = decoded(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(&text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut table = Table::default();
    for record in reader.records() {
        let record = record.map_err(|_| {
            "Ce fichier ne se lit pas comme un tableau CSV\u{a0}: enregistrez-le de nouveau depuis votre tableur."
                .to_owned()
        })?;
        let number = record.position().map_or(0, csv::Position::line);
        let cells: Vec<String> = record.iter().map(str::to_owned).collect();
        if cells.len() > MAX_COLUMNS {
            return Err(format!("La ligne {number} a {} colonnes\u{a0}: {MAX_COLUMNS} au plus.", cells.len()));
        }
        let line = Line { number: u32::try_from(number).unwrap_or(u32::MAX), cells };
        if table.header.is_empty() {
            table.header = line.cells;
        } else if !line.is_empty() {
            table.lines.push(line);
        }
        if table.lines.len() > MAX_LINES {
            return Err(format!("Ce fichier a plus de {MAX_LINES} lignes\u{a0}: partagez-le en plusieurs."));
        }
    }
    if table.lines.is_empty() {
        return Err("Ce fichier n’a pas de ligne à importer\u{a0}: la première nomme les colonnes, les suivantes sont à importer.".into());
    }
    Ok(table)
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

    #[test]
    fn what_is_no_table_is_refused_with_what_to_do() {
        assert!(read(b"PK\x03\x04rest").unwrap_err().contains("CSV UTF-8"));
        assert!(read(b"").unwrap_err().contains("pas de ligne"));
        assert!(read(b"Nom;Commune\n").unwrap_err().contains("pas de ligne"));
        assert!(read("x;".repeat(100).as_bytes()).unwrap_err().contains("colonnes"));
        let long = "a;b\n".to_owned() + &"1;2\n".repeat(MAX_LINES + 1);
        assert!(read(long.as_bytes()).unwrap_err().contains("lignes"));
        assert!(read(&[0, 159, 146, 150, 10, 1, 2, 3]).is_ok(), "whatever bytes are cells of some kind");
    }
}
