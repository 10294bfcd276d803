//! The words of images and links, in whatever file an author writes Markdown.

use super::{Finding, Rule, Severity};
use crate::course::parse::SourceFile;
use crate::text::folded;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

const OPTIONS: Options = Options::ENABLE_TABLES.union(Options::ENABLE_FOOTNOTES).union(Options::ENABLE_GFM);

/// Characters of a description beyond which it belongs to the text.
const LONGEST: usize = 250;

/// What says that there is an image, and not what it shows.
const NOTHING_SHOWN: [&str; 16] = [
    "image",
    "photo",
    "photographie",
    "illustration",
    "dessin",
    "schema",
    "logo",
    "icone",
    "figure",
    "graphique",
    "capture",
    "capture d ecran",
    "copie d ecran",
    "diagramme",
    "infographie",
    "sans titre",
];

/// What says that there is a link, and not where it leads.
const NOWHERE: [&str; 22] = [
    "ici",
    "cliquez ici",
    "cliquer ici",
    "clic ici",
    "en cliquant ici",
    "la",
    "lien",
    "ce lien",
    "le lien",
    "suivez ce lien",
    "en savoir plus",
    "savoir plus",
    "plus d informations",
    "plus",
    "lire la suite",
    "la suite",
    "suite",
    "voir",
    "voir ici",
    "page",
    "cette page",
    "site",
];

/// What a file's images and links say. TOML is looked through as it stands: what is Markdown in it reads the same.
pub(super) fn check(file: &SourceFile) -> Vec<Finding> {
    if !matches!(file.path.rsplit('.').next(), Some("md" | "toml")) {
        return Vec::new();
    }
    let Ok(text) = std::str::from_utf8(&file.bytes) else { return Vec::new() };
    let mut findings = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let (mut in_head, mut cell) = (false, String::new());
    for (event, range) in Parser::new_ext(text, OPTIONS).into_offset_iter() {
        match event {
            Event::Start(Tag::Image { dest_url, title, .. }) => {
                open.push(Open::new(true, &dest_url, &title, range));
            }
            Event::Start(Tag::Link { dest_url, title, .. }) => open.push(Open::new(false, &dest_url, &title, range)),
            Event::Start(Tag::TableHead) => in_head = true,
            Event::End(TagEnd::TableHead) => in_head = false,
            Event::Start(Tag::TableCell) => cell.clear(),
            Event::End(TagEnd::TableCell) if in_head && cell.trim().is_empty() => {
                findings.push(column((file.path.as_str(), line_at(text, range.start))));
            }
            Event::Text(words) | Event::Code(words) => {
                cell.push_str(&words);
                for one in &mut open {
                    one.words.push_str(&words);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                for one in &mut open {
                    one.words.push(' ');
                }
            }
            Event::End(TagEnd::Image | TagEnd::Link) => {
                let Some(done) = open.pop() else { continue };
                let place = (file.path.as_str(), line_at(text, done.range.start));
                findings.extend(if done.is_image { image(&done, place) } else { link(&done, place) });
            }
            _ => {}
        }
    }
    findings
}

fn column(place: (&str, u32)) -> Finding {
    let said = "une colonne de ce tableau n’a pas de titre".to_owned();
    let remedy = "Donnez-lui en un\u{a0}: les lecteurs d’écran le répètent devant chaque case.";
    Finding::new((Severity::Advice, Rule::Label), place, "column", said, remedy)
}

/// An image or a link that is being read.
struct Open {
    is_image: bool,
    target: String,
    title: String,
    range: Range<usize>,
    words: String,
}

impl Open {
    fn new(is_image: bool, target: &str, title: &str, range: Range<usize>) -> Self {
        Self { is_image, target: target.to_owned(), title: title.to_owned(), range, words: String::new() }
    }
}

fn image(image: &Open, place: (&str, u32)) -> Vec<Finding> {
    let words = image.words.trim();
    let plain = folded(words);
    let is_decorative = words.is_empty() && image.title == "décoratif";
    let name = image.target.rsplit('/').next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let is_file_name = plain == folded(name) || (plain == folded(stem) && !plain.contains(' ')) || has_extension(words);
    let said = |said: String, remedy: &str, severity| {
        vec![Finding::new((severity, Rule::Alternative), place, &format!("{} {words}", image.target), said, remedy)]
    };
    if words.is_empty() || is_decorative {
        // The format itself speaks for an image without a description.
        Vec::new()
    } else if NOTHING_SHOWN.contains(&plain.as_str()) || is_file_name {
        said(
            format!("la description «\u{a0}{words}\u{a0}» ne dit pas ce que l’image montre"),
            "Écrivez ce qu’elle apprend à qui ne la voit pas, ou rendez-la décorative\u{a0}: ![](… \"décoratif\").",
            Severity::Blocking,
        )
    } else if words.chars().count() > LONGEST {
        said(
            format!("la description de l’image dépasse {LONGEST} signes"),
            "Gardez-en l’essentiel, et dites le reste dans le texte, où tout le monde le lit.",
            Severity::Advice,
        )
    } else if ["image de ", "image d ", "photo de ", "illustration de "].iter().any(|start| plain.starts_with(start)) {
        said(
            format!("la description «\u{a0}{words}\u{a0}» commence par dire que c’est une image"),
            "Les lecteurs d’écran l’annoncent déjà\u{a0}: commencez par ce qu’elle montre.",
            Severity::Advice,
        )
    } else {
        Vec::new()
    }
}

fn link(link: &Open, place: (&str, u32)) -> Vec<Finding> {
    let words = link.words.trim();
    let plain = folded(words);
    let subject = format!("{} {words}", link.target);
    if NOWHERE.contains(&plain.as_str()) {
        vec![Finding::new(
            (Severity::Blocking, Rule::LinkText),
            place,
            &subject,
            format!("le lien «\u{a0}{words}\u{a0}» ne dit pas où il mène"),
            "Nommez la page\u{a0}: les lecteurs d’écran lisent les liens hors de leur phrase.",
        )]
    } else if words.contains("://") || words.starts_with("www.") {
        vec![Finding::new(
            (Severity::Advice, Rule::LinkText),
            place,
            &subject,
            format!("le lien montre son adresse, «\u{a0}{words}\u{a0}»"),
            "Écrivez le nom du site ou de la page à la place de l’adresse.",
        )]
    } else {
        Vec::new()
    }
}

fn has_extension(words: &str) -> bool {
    let known = ["svg", "png", "jpg", "jpeg", "webp", "avif", "gif", "pdf"];
    !words.contains(' ')
        && words.rsplit_once('.').is_some_and(|(_, extension)| known.contains(&extension.to_lowercase().as_str()))
}

fn line_at(text: &str, offset: usize) -> u32 {
    let before = text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count();
    u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
}
