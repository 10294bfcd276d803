//! What the editor's tools write in a text.

#![cfg_attr(
    not(feature = "studio"),
    expect(dead_code, reason = "tests write some pieces only; the tools of a browser write them all")
)]

use domain::studio::medium;
use domain::studio::written::one_line;
use domain::text::slug;

/// Something that a tool writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Bold,
    Italic,
    Link,
    Section,
    Heading,
    List,
    Numbers,
    Case,
    Table,
    /// A call-out, by its mark: `TIP`.
    Callout(&'static str),
    /// A term of the glossary: its key and the word itself.
    Term(String, String),
    /// A medium, as chapters name it, and whether it has a transcript.
    Medium(String, bool),
}

/// A change to a text, in bytes: what stands at `from..to` gives way to `with`, then `select` is selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) with: String,
    /// In the text once changed.
    pub(crate) select: (usize, usize),
}

/// Call-outs: mark and name.
pub(crate) const CALLOUTS: [(&str, &str); 5] = [
    ("IMPORTANT", "À retenir"),
    ("TIP", "Astuce"),
    ("NOTE", "À noter"),
    ("WARNING", "Attention"),
    ("CAUTION", "À ne jamais faire"),
];

/// Writes a piece in a text of which `from..to` is selected.
pub(crate) fn insert(text: &str, (from, to): (usize, usize), piece: &Piece) -> Edit {
    let selected = text.get(from..to).unwrap_or_default();
    let or = |words: &'static str| if selected.trim().is_empty() { words.to_owned() } else { selected.to_owned() };
    match piece {
        Piece::Bold => wrapped(text, (from, to), "**", &or("texte important")),
        Piece::Italic => wrapped(text, (from, to), "*", &or("texte")),
        Piece::Link => inline((from, to), "[", &or("mots du lien"), "](https://)"),
        Piece::Term(key, word) => {
            let words = if selected.trim().is_empty() { word.clone() } else { selected.to_owned() };
            inline((from, to), "[", &words, &format!("](glossaire:{key})"))
        }
        Piece::Section => {
            let title = one_line(&or("Titre de la section"));
            let anchor = slug(&title, 40);
            block(text, (from, to), "## ", &title, &format!(" {{#{anchor}}}"))
        }
        Piece::Heading => block(text, (from, to), "### ", &one_line(&or("Titre")), ""),
        Piece::List => listed(text, (from, to), &or("premier point"), |_| "- ".to_owned()),
        Piece::Numbers => listed(text, (from, to), &or("première étape"), |n| format!("{n}. ")),
        Piece::Callout(mark) => {
            let words = or("Ce qu’il faut dire.");
            let (first, rest) =
                words.split_once('\n').map_or((words.as_str(), None), |(first, rest)| (first, Some(rest)));
            let rest = rest.map(|rest| format!("\n> {}", rest.replace('\n', "\n> "))).unwrap_or_default();
            block(text, (from, to), &format!("> [!{mark}]\n> "), first, &rest)
        }
        Piece::Case => block(
            text,
            (from, to),
            ":::cas ",
            &one_line(&or("Titre du cas")),
            "\n\nCe qui se passe.\n\n:::choix Ce que fait l’agent\nCe qui arrive alors.\n:::\n\n:::",
        ),
        Piece::Table => block(
            text,
            (from, to),
            "| ",
            &one_line(&or("Démarche")),
            " | Où |\n| --- | --- |\n| première ligne | … |\n| seconde ligne | … |",
        ),
        Piece::Medium(path, has_transcript) => {
            let (before, words, after) = medium::written(path, *has_transcript).unwrap_or_default();
            block(text, (from, to), &before, words, &after)
        }
    }
}

fn inline((from, to): (usize, usize), before: &str, words: &str, after: &str) -> Edit {
    let start = from + before.len();
    Edit { from, to, with: format!("{before}{words}{after}"), select: (start, start + words.len()) }
}

/// The mark on both sides of the words, or no longer where it is there already.
fn wrapped(text: &str, (from, to): (usize, usize), mark: &str, words: &str) -> Edit {
    let before = text.get(..from).unwrap_or_default();
    let after = text.get(to..).unwrap_or_default();
    // One star inside of two is another mark.
    let is_there = before.ends_with(mark) && after.starts_with(mark) && from < to;
    let count = before.len() - before.trim_end_matches('*').len();
    if is_there && (mark.len() == 2 || count != 2) {
        let from = from - mark.len();
        return Edit { from, to: to + mark.len(), with: words.to_owned(), select: (from, from + words.len()) };
    }
    inline((from, to), mark, words, mark)
}

/// Apart from what stands before and after, by a blank line.
fn block(text: &str, (from, to): (usize, usize), before: &str, words: &str, after: &str) -> Edit {
    let (above, below) = (text.get(..from).unwrap_or_default(), text.get(to..).unwrap_or_default());
    let lead = match above.trim_end_matches([' ', '\t']) {
        "" => "",
        above if above.ends_with("\n\n") => "",
        above if above.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    let tail = match below {
        "" => "\n",
        below if below.starts_with("\n\n") => "",
        below if below.starts_with('\n') => "\n",
        _ => "\n\n",
    };
    let start = from + lead.len() + before.len();
    Edit { from, to, with: format!("{lead}{before}{words}{after}{tail}"), select: (start, start + words.len()) }
}

fn listed(text: &str, range: (usize, usize), words: &str, mark: impl Fn(usize) -> String) -> Edit {
    let lines = words.lines().filter(|line| !line.trim().is_empty()).zip(1..);
    let lines: Vec<String> = lines.map(|(line, n)| format!("{}{}", mark(n), line.trim())).collect();
    let first = mark(1);
    let whole = lines.join("\n");
    block(text, range, &first, whole.strip_prefix(&first).unwrap_or(&whole), "")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text once changed, with what is then selected between `|`. Those of `text` mark what is selected before.
    fn written(text: &str, piece: &Piece) -> String {
        let (before, rest) = text.split_once('|').unwrap();
        let (selected, after) = rest.split_once('|').unwrap();
        let text = format!("{before}{selected}{after}");
        let edit = insert(&text, (before.len(), before.len() + selected.len()), piece);
        let mut new = text;
        new.replace_range(edit.from..edit.to, &edit.with);
        new.insert(edit.select.1, '|');
        new.insert(edit.select.0, '|');
        new
    }

    #[test]
    fn words_are_marked_and_unmarked_where_they_stand() {
        assert_eq!(written("a |mot| b", &Piece::Bold), "a **|mot|** b");
        assert_eq!(written("a **|mot|** b", &Piece::Bold), "a |mot| b");
        assert_eq!(written("a **|mot|** b", &Piece::Italic), "a ***|mot|*** b");
        assert_eq!(written("||", &Piece::Italic), "*|texte|*");
        assert_eq!(written("|ici|", &Piece::Link), "[|ici|](https://)");
        assert_eq!(written("un ||", &Piece::Term("mot".into(), "Mot".into())), "un [|Mot|](glossaire:mot)");
    }

    #[test]
    fn blocks_stand_apart_from_what_is_around_them() {
        assert_eq!(written("a|É|b", &Piece::Heading), "a\n\n### |É|\n\nb");
        assert_eq!(
            written("a\n\n|Écouter d’abord|\n\nb", &Piece::Section),
            "a\n\n## |Écouter d’abord| {#ecouter-d-abord}\n\nb"
        );
        assert_eq!(written("|un\ndeux|", &Piece::Numbers), "1. |un\n2. deux|\n");
        assert_eq!(written("|un\ndeux|\n", &Piece::Callout("TIP")), "> [!TIP]\n> |un|\n> deux\n\n");
        assert!(written("||", &Piece::Case).starts_with(":::cas |Titre du cas|\n\n"));
    }

    #[test]
    fn media_are_shown_by_what_they_are() {
        assert_eq!(
            written("||", &Piece::Medium("media/a.svg".into(), false)),
            "![|Ce que montre l’image|](media/a.svg)\n"
        );
        assert_eq!(
            written("||", &Piece::Medium("media/a.webm".into(), true)),
            ":::video media/a.webm\ntitle = \"|Titre|\"\ncaptions = \"media/a.vtt\"\ntranscript = \"media/a.md\"\n:::\n"
        );
    }
}
