//! `chapter.md` as a form: its heading in TOML, then its text.

use super::toml_fields::{document, set_number, set_text, set_texts, text, texts};
use super::written::Written;
use toml_edit::Item;

/// The line between which the heading stands.
const FENCE: &str = "+++";

/// The heading and the text of a file; all is text where there is no heading.
fn parts(file: &str) -> (&str, &str) {
    let whole = ("", file);
    let Some(rest) = file.split_once('\n').filter(|(line, _)| line.trim_end() == FENCE).map(|(_, rest)| rest) else {
        return whole;
    };
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == FENCE {
            return (rest.get(..at).unwrap_or_default(), rest.get(at + line.len()..).unwrap_or_default());
        }
        at += line.len();
    }
    whole
}

/// Lines of the file before its text: what a problem's line is less, in the text.
#[must_use]
pub fn lines_before_text(file: &str) -> u32 {
    let file = unmarked(file);
    let before = file.len() - text_of(parts(&file).1).len();
    u32::try_from(file.bytes().take(before).filter(|byte| *byte == b'\n').count()).unwrap_or(u32::MAX)
}

/// Without byte order mark, with Unix line ends.
fn unmarked(file: &str) -> String {
    file.strip_prefix('\u{feff}').unwrap_or(file).replace("\r\n", "\n")
}

/// The text without the blank line after its heading.
fn text_of(body: &str) -> &str {
    body.strip_prefix('\n').unwrap_or(body)
}

/// What the editor shows of a file.
#[must_use]
pub fn read(file: &str) -> Written {
    let file = unmarked(file);
    let (heading, body) = parts(&file);
    let heading = document(heading);
    Written {
        title: text(&heading, "title"),
        summary: text(&heading, "summary"),
        minutes: heading.get("minutes").and_then(Item::as_integer).and_then(|minutes| u32::try_from(minutes).ok()),
        objectives: texts(&heading, "objectives"),
        text: text_of(body).to_owned(),
    }
}

/// The file with what was written; of its heading, only what is otherwise changes.
#[must_use]
pub fn write(file: &str, written: &Written) -> String {
    let file = unmarked(file);
    if read(&file) == *written {
        return file;
    }
    let written = written.clone().canonical();
    let mut heading = document(parts(&file).0);
    set_text(&mut heading, "title", &written.title);
    set_text(&mut heading, "summary", &written.summary);
    if let Some(minutes) = written.minutes {
        set_number(&mut heading, "minutes", minutes.into());
    }
    set_texts(&mut heading, "objectives", &written.objectives);
    format!("{FENCE}\n{heading}{FENCE}\n\n{}", written.text)
}

/// The file of a chapter that begins: a section to write in.
#[must_use]
pub fn begun(title: &str) -> String {
    let written = Written {
        title: title.to_owned(),
        minutes: Some(15),
        text: "## Première section {#premiere-section}\n\n".to_owned(),
        ..Written::default()
    };
    write("", &written)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "+++\n# À relire\ntitle = \"Accueillir\" # court\nsummary = \"Bref.\"\nminutes = 15\nobjectives = [\n  \"Écouter\",\n]\n+++\n\n## Un {#un}\n\nTexte.\n";

    #[test]
    fn a_file_written_with_what_was_read_of_it_is_the_same() {
        assert_eq!(write(FILE, &read(FILE)), FILE);
        assert_eq!(lines_before_text(FILE), 10);
    }

    #[test]
    fn what_is_not_touched_of_the_heading_stays() {
        let written = Written {
            title: "Accueillir  bien".into(),
            minutes: None,
            objectives: vec!["Écouter".into(), "Redire « quoi\u{a0}? »".into()],
            ..read(FILE)
        };
        let file = write(FILE, &written);
        assert!(file.contains("# À relire\ntitle = \"Accueillir bien\" # court\n"), "{file}");
        assert!(file.contains("minutes = 15\n"), "{file}");
        assert_eq!(read(&file).objectives, written.objectives);
        assert!(file.ends_with("+++\n\n## Un {#un}\n\nTexte.\n"));
    }

    #[test]
    fn a_chapter_that_begins_has_a_heading_and_a_section() {
        let written = read(&begun("Droits \"et\" démarches"));
        assert_eq!((written.title.as_str(), written.minutes), ("Droits \"et\" démarches", Some(15)));
        assert!(written.text.starts_with("## Première section {#"));
    }

    #[test]
    fn a_text_without_a_heading_is_all_text() {
        assert_eq!(read("## Un\n").text, "## Un\n");
        assert_eq!(read("+++\ntitle = \"x\"\n").text, "+++\ntitle = \"x\"\n");
    }
}
