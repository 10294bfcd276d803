//! From the bytes of a file to its cells, as French spreadsheets write them.

mod csv;
mod workbook;

use domain::import::{Line, MAX_LINES, Table};

/// The most columns that a file may have.
const MAX_COLUMNS: usize = 60;

/// The cells of a CSV file, or of a sheet of an XLSX workbook: the one of that name, else the first that is shown. What
/// is wrong is told to whoever sent it.
pub(super) fn read(bytes: &[u8], sheet: &str) -> Result<Table, String> {
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(
            "Ce classeur est d’un ancien format, ou protégé par un mot de passe\u{a0}: enregistrez-le au format XLSX."
                .into(),
        );
    }
    let table = if bytes.starts_with(b"PK") { workbook::read(bytes, sheet)? } else { csv::read(bytes)? };
    if table.lines.is_empty() {
        return Err("Ce fichier n’a pas de ligne à importer\u{a0}: la première nomme les colonnes, les suivantes sont à importer.".into());
    }
    Ok(table)
}

/// Takes a line in: the first names the columns.
fn add(table: &mut Table, line: Line) -> Result<(), String> {
    let Line { number, cells } = &line;
    if cells.len() > MAX_COLUMNS {
        return Err(format!("La ligne {number} a {} colonnes\u{a0}: {MAX_COLUMNS} au plus.", cells.len()));
    }
    if table.header.is_empty() {
        table.header = line.cells;
    } else if !line.is_empty() {
        table.lines.push(line);
    }
    if table.lines.len() > MAX_LINES {
        return Err(format!("Ce fichier a plus de {MAX_LINES} lignes\u{a0}: partagez-le en plusieurs."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_table_is_refused_with_what_to_do() {
        let read = |bytes: &[u8]| read(bytes, "");
        assert!(read(b"PK\x03\x04rest").unwrap_err().contains("CSV UTF-8"));
        assert!(read(b"\xd0\xcf\x11\xe0rest").unwrap_err().contains("XLSX"));
        assert!(read(b"").unwrap_err().contains("pas de ligne"));
        assert!(read(b"Nom;Commune\n").unwrap_err().contains("pas de ligne"));
        assert!(read("x;".repeat(100).as_bytes()).unwrap_err().contains("colonnes"));
        let long = "a;b\n".to_owned() + &"1;2\n".repeat(MAX_LINES + 1);
        assert!(read(long.as_bytes()).unwrap_err().contains("lignes"));
        assert!(read(&[0, 159, 146, 150, 10, 1, 2, 3]).is_ok(), "whatever bytes are cells of some kind");
    }
}
