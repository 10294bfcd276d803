//! A sheet of an XLSX workbook, its cells as people see them.
//!
//! A workbook is a zip of XML: a few kilobytes may hold gigabytes, and a cell in the last row and column a table of
//! billions. What it unfolds to is measured first, and cells are taken one at a time, by bounds.

use super::{Line, MAX_COLUMNS, MAX_LINES, Table, add};
use calamine::{DataRef, Reader as _, SheetVisible, Style, Xlsx};
use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use zip::ZipArchive;

/// What a workbook may unfold to: ten times what a full file takes.
const MAX_UNFOLDED: u64 = 32 * 1024 * 1024;

/// Files within one workbook.
const MAX_PARTS: usize = 500;

/// What the cells may hold in all: one text may be shared by each of them.
const MAX_TEXT: usize = 8 * 1024 * 1024;

const UNREADABLE: &str =
    "Ce classeur ne se lit pas\u{a0}: enregistrez-le de nouveau depuis votre tableur, au format XLSX ou CSV UTF-8.";
const TOO_LARGE: &str = "Ce classeur est trop grand une fois déplié\u{a0}: n’y laissez que la feuille à importer, ou enregistrez-la en CSV.";

pub(super) fn read(bytes: &[u8], sheet: &str) -> Result<Table, String> {
    measure(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let name = chosen(&book, sheet.trim())?;
    let mut reader = book.worksheet_cells_reader(&name).map_err(unreadable)?;
    let styles = reader.styles().to_vec();
    let mut rows: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let mut length = 0;
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(unreadable)? {
        let text = shown(cell.get_value(), styles.get(style));
        if text.trim().is_empty() {
            continue;
        }
        let (row, column) = cell.get_position();
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= MAX_COLUMNS {
            let row = u64::from(row) + 1;
            return Err(format!("La ligne {row} a une case au-delà de la colonne {MAX_COLUMNS}\u{a0}: videz-la."));
        }
        length += text.len();
        if length > MAX_TEXT || rows.len() > MAX_LINES + 1 {
            return Err(if length > MAX_TEXT {
                TOO_LARGE.to_owned()
            } else {
                format!("Ce fichier a plus de {MAX_LINES} lignes\u{a0}: partagez-le en plusieurs.")
            });
        }
        let cells = rows.entry(row).or_default();
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        cells[column] = text;
    }
    let mut table = Table::default();
    for (row, cells) in rows {
        add(&mut table, Line { number: row.saturating_add(1), cells })?;
    }
    Ok(table)
}

/// Unfolds everything once, to nowhere: what a file says of its own size is not believed.
fn measure(bytes: &[u8]) -> Result<(), String> {
    let mut parts = ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    if parts.len() > MAX_PARTS {
        return Err(TOO_LARGE.to_owned());
    }
    if parts.index_for_name("xl/workbook.xml").is_none() {
        return Err("Ce fichier n’est ni un classeur XLSX ni un fichier CSV\u{a0}: enregistrez-le dans l’un de ces formats depuis votre tableur.".into());
    }
    let mut left = MAX_UNFOLDED;
    for place in 0..parts.len() {
        let part = parts.by_index(place).map_err(unreadable)?;
        left -= std::io::copy(&mut part.take(left), &mut std::io::sink()).map_err(unreadable)?;
        if left == 0 {
            return Err(TOO_LARGE.to_owned());
        }
    }
    Ok(())
}

/// The sheet of that name; the first that is shown where none is named.
fn chosen(book: &Xlsx<Cursor<&[u8]>>, wanted: &str) -> Result<String, String> {
    let sheets = book.sheets_metadata();
    let mut shown = sheets.iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    if wanted.is_empty() {
        return shown.next().map(|sheet| sheet.name.clone()).ok_or_else(|| UNREADABLE.to_owned());
    }
    let found = sheets.iter().find(|sheet| sheet.name.trim() == wanted).map(|sheet| sheet.name.clone());
    found.ok_or_else(|| {
        let names: Vec<_> = shown.map(|sheet| format!("«\u{a0}{}\u{a0}»", sheet.name)).take(20).collect();
        format!("Ce classeur n’a pas de feuille «\u{a0}{wanted}\u{a0}». Les siennes\u{a0}: {}.", names.join(", "))
    })
}

/// A cell as it is seen: a day as 31/01/2026, a whole number without a point, with the zeros that its format puts before.
fn shown(value: &DataRef<'_>, style: Option<&Style>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(n) => padded(n.to_string(), style),
        DataRef::Float(n) => padded(n.to_string().replace('.', ","), style),
        DataRef::Bool(is_true) => if *is_true { "VRAI" } else { "FAUX" }.to_owned(),
        DataRef::DateTime(at) if at.is_datetime() => {
            let (year, month, day, hour, minute, ..) = at.to_ymd_hms_milli();
            let date = format!("{day:02}/{month:02}/{year}");
            if (hour, minute) == (0, 0) { date } else { format!("{date} {hour:02}:{minute:02}") }
        }
        DataRef::DateTime(duration) => duration.as_f64().to_string(),
        DataRef::Error(error) => error.to_string(),
    }
}

/// « 8 » under the format `00` is seen « 08 ».
fn padded(digits: String, style: Option<&Style>) -> String {
    let format = style.and_then(|style| style.number_format.as_ref()).map_or("", |format| &format.format_code);
    let is_zeros = !format.is_empty() && format.bytes().all(|sign| sign == b'0');
    let is_whole = digits.bytes().all(|sign| sign.is_ascii_digit());
    if is_zeros && is_whole { format!("{digits:0>width$}", width = format.len()) } else { digits }
}

/// Whatever is wrong inside, what is to be done is the same.
fn unreadable<E>(_: E) -> String {
    UNREADABLE.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
    use std::io::Write as _;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    /// A workbook of a hidden sheet, then « Agents », then « Autre ».
    fn book() -> Vec<u8> {
        let mut book = Workbook::new();
        book.add_worksheet().set_name("Cachée").unwrap().set_hidden(true);
        // The first sheet is hidden only where another is the active one.
        let sheet = book.add_worksheet().set_name("Agents").unwrap().set_active(true);
        for (column, heading) in ["Département", "SIRET", "Jour", "Actif", "Nom"].iter().enumerate() {
            sheet.write_string(1, u16::try_from(column).unwrap(), *heading).unwrap();
        }
        sheet.write_number_with_format(3, 0, 8.0, &Format::new().set_num_format("00")).unwrap();
        sheet.write_number(3, 1, 35_600_000_000_048.0).unwrap();
        let day = ExcelDateTime::from_ymd(2026, 1, 31).unwrap();
        sheet.write_datetime_with_format(3, 2, &day, &Format::new().set_num_format("dd/mm/yyyy")).unwrap();
        sheet.write_boolean(3, 3, true).unwrap();
        sheet.write_string(3, 4, "Léa « Perrin »").unwrap();
        sheet.write_number(5, 0, 2.5).unwrap();
        book.add_worksheet().set_name("Autre").unwrap().write_string(0, 0, "a").unwrap();
        book.save_to_buffer().unwrap()
    }

    fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn cells_are_read_as_people_see_them_from_the_first_sheet_that_is_shown() {
        let table = read(&book(), "").unwrap();
        assert_eq!(table.header, ["Département", "SIRET", "Jour", "Actif", "Nom"]);
        assert_eq!(table.lines[0].cells, ["08", "35600000000048", "31/01/2026", "VRAI", "Léa « Perrin »"]);
        assert_eq!(table.lines[1].cells, ["2,5"]);
        let numbers: Vec<_> = table.lines.iter().map(|line| line.number).collect();
        assert_eq!(numbers, [4, 6], "as the spreadsheet numbers them");
    }

    #[test]
    fn a_sheet_is_chosen_by_its_name() {
        assert_eq!(read(&book(), " Autre ").unwrap().header, ["a"]);
        let said = read(&book(), "Agent").unwrap_err();
        assert!(said.contains("«\u{a0}Agents\u{a0}», «\u{a0}Autre\u{a0}»") && !said.contains("Cachée"), "{said}");
    }

    #[test]
    fn what_unfolds_to_too_much_is_refused_before_it_is_read() {
        let bomb = zip_of(&[("xl/workbook.xml", b"<workbook/>"), ("xl/x.xml", &vec![b' '; 40 << 20])]);
        assert!(bomb.len() < 200_000, "{}", bomb.len());
        assert_eq!(read(&bomb, "").unwrap_err(), TOO_LARGE);
        let many: Vec<(String, &[u8])> = (0..600).map(|n| (format!("xl/{n}"), &b""[..])).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
        assert_eq!(read(&zip_of(&many), "").unwrap_err(), TOO_LARGE);
    }

    #[test]
    fn a_cell_far_away_takes_no_room() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "a").unwrap();
        sheet.write_string(1_048_575, 0, "loin").unwrap();
        let table = read(&book.save_to_buffer().unwrap(), "").unwrap();
        assert_eq!((table.lines.len(), table.lines[0].number), (1, 1_048_576));
        let mut book = Workbook::new();
        book.add_worksheet().write_string(0, 16_383, "loin").unwrap();
        assert!(read(&book.save_to_buffer().unwrap(), "").unwrap_err().contains("colonne 60"));
    }

    #[test]
    fn one_text_shared_by_many_cells_is_counted_as_often() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let long = "x".repeat(30_000);
        for row in 0..300 {
            sheet.write_string(row, 0, &long).unwrap();
        }
        assert_eq!(read(&book.save_to_buffer().unwrap(), "").unwrap_err(), TOO_LARGE);
    }

    #[test]
    fn what_is_no_workbook_is_refused() {
        assert_eq!(read(b"PK\x03\x04rest", "").unwrap_err(), UNREADABLE);
        assert!(read(&zip_of(&[("content.xml", b"<x/>")]), "").unwrap_err().contains("ni un classeur XLSX"));
        assert_eq!(read(&zip_of(&[("xl/workbook.xml", b"<workbook")]), "").unwrap_err(), UNREADABLE);
    }
}
