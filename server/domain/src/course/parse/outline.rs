//! A chapter cut into its sections, before any Markdown is read: `## Titre {#ancre}` and `:::`.

use super::report::Report;
use crate::course::MediaKind;
use crate::ids::SectionSlug;
use crate::studio::merge::is_mark;
use crate::text;

/// Anchors that the page around a chapter has of its own.
const PAGE_ANCHORS: [&str; 3] = ["contenu", "suite", "q-entete"];

/// Said of each mark around two versions of a passage.
const MARKED: &str =
    "deux versions d’un même passage attendent ici : gardez ce qui convient, puis effacez les trois lignes de repère";

/// A section still in Markdown.
#[derive(Debug)]
pub(super) struct Cut {
    /// None when the anchor is missing or wrong, which has been reported.
    pub(super) slug: Option<SectionSlug>,
    pub(super) title: String,
    /// Line of the heading.
    pub(super) line: u32,
    /// The Markdown; each `:::` line is replaced by a paragraph that holds only [`marker`].
    pub(super) text: String,
    /// For each line of `text`, its line in the file.
    pub(super) lines: Vec<u32>,
    pub(super) inserts: Vec<Insert>,
}

/// What a `:::` line brings.
#[derive(Debug)]
pub(super) enum Insert {
    /// `:::cas` and its end.
    Open {
        title: String,
    },
    Close,
    /// `:::choix` and its end, in a case.
    OpenChoice {
        title: String,
    },
    CloseChoice,
    Media {
        kind: MediaKind,
        path: String,
        line: u32,
        toml: String,
    },
}

/// The text of the paragraph that stands for an insert.
pub(super) fn marker(index: usize) -> String {
    format!("\u{e000}{index}\u{e000}")
}

/// The insert that a text stands for.
pub(super) fn marked(text: &str) -> Option<usize> {
    text.strip_prefix('\u{e000}')?.strip_suffix('\u{e000}')?.parse().ok()
}

/// Cuts the body of a chapter, whose first line is `first`.
pub(super) fn cut(file: &str, body: &str, first: u32, report: &mut Report) -> Vec<Cut> {
    let mut cutter = Cutter { file, report, sections: Vec::new(), fence: None, case: None, choice: None };
    let mut lines = body.lines().zip(first..);
    while let Some((line, number)) = lines.next() {
        if is_mark(line) {
            cutter.report.say(file, number, MARKED);
        }
        if cutter.fenced(line) {
            cutter.keep(line, number);
        } else if let Some(heading) = line.strip_prefix("## ") {
            cutter.close_case();
            cutter.heading(heading, number);
        } else if let Some(insert) = line.strip_prefix(":::") {
            cutter.insert(insert.trim(), number, &mut lines);
        } else {
            if line.starts_with("##") && line.trim_start_matches('#').starts_with(|c: char| !c.is_whitespace()) {
                cutter.report.say(file, number, "mettez une espace entre les # et le titre");
            }
            cutter.keep(line, number);
        }
    }
    cutter.close_case();
    if cutter.sections.is_empty() {
        cutter.report.say(file, first, "ce chapitre n’a pas de section : ajoutez un titre ## Titre {#ancre}");
    }
    cutter.sections
}

struct Cutter<'a> {
    file: &'a str,
    report: &'a mut Report,
    sections: Vec<Cut>,
    /// The character and the length of the code fence we are in.
    fence: Option<(char, usize)>,
    /// Line of the `:::cas` we are in, and of its `:::choix`.
    case: Option<u32>,
    choice: Option<u32>,
}

impl Cutter<'_> {
    /// Whether the line is in a code fence or one of its ends.
    fn fenced(&mut self, line: &str) -> bool {
        let text = line.trim_start_matches(' ');
        let mark = text.chars().next().filter(|c| matches!(c, '`' | '~') && line.len() - text.len() <= 3);
        let length = mark.map_or(0, |mark| text.chars().take_while(|c| *c == mark).count());
        match (self.fence, mark) {
            (Some((open, least)), Some(mark)) if open == mark && length >= least && text.trim_end().len() == length => {
                self.fence = None;
            }
            (None, Some(mark))
                if length >= 3 && !(mark == '`' && text.get(length..).is_some_and(|info| info.contains('`'))) =>
            {
                self.fence = Some((mark, length));
            }
            (fence, _) => return fence.is_some(),
        }
        true
    }

    fn keep(&mut self, line: &str, number: u32) {
        match self.sections.last_mut() {
            Some(section) => {
                section.text.push_str(line);
                section.text.push('\n');
                section.lines.push(number);
            }
            None if line.trim().is_empty() => {}
            None if line.starts_with("# ") => {
                self.report.say(
                    self.file,
                    number,
                    "le titre du chapitre est dans l’en-tête : retirez ce titre, et commencez par ## Titre {#ancre}",
                );
            }
            None => self.report.say(
                self.file,
                number,
                "ce texte vient avant la première section : mettez-le sous un titre ## Titre {#ancre}",
            ),
        }
    }

    fn heading(&mut self, heading: &str, line: u32) {
        let heading = heading.trim();
        let (title, anchor) = match heading.strip_suffix('}').and_then(|heading| heading.rsplit_once("{#")) {
            Some((title, anchor)) => (title.trim(), Some(anchor)),
            None => (heading, None),
        };
        if title.is_empty() || title.contains(['*', '`', '<', '[', '{']) {
            self.report.say(
                self.file,
                line,
                "le titre d’une section est un texte simple et non vide : retirez la mise en forme",
            );
        }
        let slug = anchor.and_then(|anchor| anchor.parse::<SectionSlug>().ok());
        let is_taken = |slug: &SectionSlug| {
            ["p-", "glossaire-"].iter().any(|start| slug.as_str().starts_with(start))
                || PAGE_ANCHORS.contains(&slug.as_str())
        };
        let slug = slug.filter(|slug| !is_taken(slug));
        if slug.is_none() {
            let proposed = text::slug(title, 40);
            let said = match anchor {
                None => format!("ce titre n’a pas d’ancre : ajoutez {{#{proposed}}} à la fin de la ligne"),
                Some(anchor) => format!(
                    "l’ancre « {anchor} » est refusée : lettres minuscules sans accent, chiffres et tirets, sans commencer par p- ni glossaire-, autre que contenu, suite et q-entete. Par exemple {{#{proposed}}}"
                ),
            };
            self.report.say(self.file, line, said);
        } else if self.sections.iter().any(|section| section.slug == slug) {
            self.report.say(self.file, line, "cette ancre est déjà prise dans le chapitre : changez-la");
        }
        self.sections.push(Cut {
            slug,
            title: title.to_owned(),
            line,
            text: String::new(),
            lines: Vec::new(),
            inserts: Vec::new(),
        });
    }

    fn close_case(&mut self) {
        // An open choice is of an open case, which is told.
        self.choice = None;
        if let Some(line) = self.case.take() {
            self.report.say(
                self.file,
                line,
                "ce cas n’est pas fermé : ajoutez une ligne ::: à sa fin, avant le titre suivant",
            );
        }
    }

    fn insert<'l>(&mut self, insert: &str, number: u32, lines: &mut impl Iterator<Item = (&'l str, u32)>) {
        let (name, rest) =
            insert.split_once(char::is_whitespace).map_or((insert, ""), |(name, rest)| (name, rest.trim()));
        let insert = match name {
            "" if self.choice.take().is_some() => Insert::CloseChoice,
            "" if self.case.take().is_some() => Insert::Close,
            "" => {
                self.report.say(self.file, number, "cette ligne ::: ne ferme rien : retirez-la");
                return;
            }
            "cas" => {
                if self.case.is_some() {
                    self.report.say(
                        self.file,
                        number,
                        "un cas ne contient pas d’autre cas : fermez le premier par une ligne :::",
                    );
                    return;
                }
                if rest.is_empty() {
                    self.report.say(self.file, number, "ce cas n’a pas de titre : écrivez :::cas Titre du cas");
                }
                self.case = Some(number);
                Insert::Open { title: rest.to_owned() }
            }
            "choix" => {
                let wrong = match (self.case, self.choice, rest) {
                    (None, ..) => "un choix se met dans un cas : ouvrez d’abord :::cas Titre du cas",
                    (_, Some(_), _) => "le choix précédent n’est pas fermé : ajoutez une ligne ::: à sa fin",
                    (_, _, "") => "ce choix ne dit rien : écrivez :::choix Ce que fait l’agent",
                    _ => "",
                };
                if !wrong.is_empty() {
                    self.report.say(self.file, number, wrong);
                    return;
                }
                self.choice = Some(number);
                Insert::OpenChoice { title: rest.to_owned() }
            }
            "video" | "audio" => {
                let mut toml = String::new();
                if !until_closed(lines, &mut toml) {
                    self.report.say(
                        self.file,
                        number,
                        format!("ce bloc :::{name} n’est pas fermé : ajoutez une ligne ::: à sa fin"),
                    );
                }
                if self.case.is_some() {
                    self.report.say(
                        self.file,
                        number,
                        "un son ou une vidéo ne se met pas dans un cas : sortez-le du cas",
                    );
                }
                let kind = if name == "video" { MediaKind::Video } else { MediaKind::Audio };
                Insert::Media { kind, path: rest.to_owned(), line: number, toml }
            }
            _ => {
                self.report.say(
                    self.file,
                    number,
                    format!("le bloc « :::{name} » n’existe pas : écrivez :::cas, :::choix, :::video ou :::audio"),
                );
                return;
            }
        };
        let Some(index) = self.sections.last().map(|section| section.inserts.len()) else {
            return self.keep("insert", number);
        };
        for line in ["", &marker(index), ""] {
            self.keep(line, number);
        }
        if let Some(section) = self.sections.last_mut() {
            section.inserts.push(insert);
        }
    }
}

/// Gathers lines up to a closing `:::`; says whether there was one.
fn until_closed<'l>(lines: &mut impl Iterator<Item = (&'l str, u32)>, into: &mut String) -> bool {
    lines.any(|(line, _)| {
        let end = line.trim_end() == ":::";
        if !end {
            into.push_str(line);
            into.push('\n');
        }
        end
    })
}
