//! HTML made into our Markdown: what has a counterpart is kept, what has none is told.

mod blocks;
mod inline;
mod tree;

use super::Notes;
use inline::Inline;
use tree::{Element, Node};

/// Where HTML stands: what its images and links lead to here.
pub(super) trait Around {
    /// Where the image of that address is in our folder, `media/plan.png`, or why it is not.
    fn image(&mut self, source: &str) -> Result<String, String>;

    /// The link as our Markdown writes it, or why it goes nowhere.
    fn link(&mut self, target: &str, notes: &mut Notes) -> Result<String, String> {
        elsewhere(target, notes)
    }
}

/// A link out of the course.
pub(super) fn elsewhere(target: &str, notes: &mut Notes) -> Result<String, String> {
    let target = target.trim();
    let secured = match target.split_once(':') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => {
            notes.say("un lien http:// est écrit https:// : vérifiez qu’il mène toujours quelque part");
            format!("https:{rest}")
        }
        Some((scheme, rest)) => format!("{}:{rest}", scheme.to_ascii_lowercase()),
        None => target.strip_prefix("//").map(|rest| format!("https://{rest}")).unwrap_or_default(),
    };
    let web = secured.strip_prefix("https://").is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric()));
    let mail = secured.strip_prefix("mailto:").is_some_and(|rest| rest.contains('@'));
    if !web && !mail {
        return Err(format!("le lien « {} » ne mène nulle part hors de son site : son texte est gardé", short(target)));
    }
    Ok(percent(&secured))
}

/// The address without the signs that Markdown or our format would stumble upon.
fn percent(target: &str) -> String {
    let mut out = String::with_capacity(target.len());
    for sign in target.chars() {
        if sign.is_whitespace() || sign.is_control() || "\"<>\\()`".contains(sign) {
            let mut bytes = [0; 4];
            for byte in sign.encode_utf8(&mut bytes).bytes() {
                push!(out, "%{byte:02X}");
            }
        } else {
            out.push(sign);
        }
    }
    out
}

/// The first words of something long.
pub(super) fn short(text: &str) -> String {
    let text = squeezed(text);
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Blocks of Markdown; headings are `first` levels deep at the least.
pub(super) fn markdown(html: &str, first: usize, around: &mut dyn Around, notes: &mut Notes) -> String {
    let tree = tree::read(&sound(html));
    let mut writer = Writer { around, notes, level: first.saturating_sub(1), first, nested: false };
    let blocks = writer.blocks(&tree);
    blocks.join("\n\n")
}

/// One paragraph of Markdown, fit for a label.
pub(super) fn line(html: &str, around: &mut dyn Around, notes: &mut Notes) -> String {
    let tree = tree::read(&sound(html));
    let mut writer = Writer { around, notes, level: 2, first: 3, nested: true };
    let line = writer.flat(&tree);
    // alone, an image would be a figure: its words go before it
    match line.strip_prefix("![").and_then(|rest| rest.split_once("](")) {
        Some((words, target)) if !words.is_empty() && !target.contains(' ') && target.ends_with(')') => {
            let target = target.trim_end_matches(')');
            format!("{words} ![]({target} \"décoratif\")")
        }
        _ => line,
    }
}

/// The words alone, spaces made one.
pub(super) fn plain(html: &str) -> String {
    fn gather(nodes: &[Node], out: &mut String) {
        for node in nodes {
            match node {
                Node::Text(text) => out.push_str(text),
                Node::Element(element) if matches!(element.name.as_str(), "script" | "style") => {}
                Node::Element(element) => {
                    let apart = is_block(&element.name) || element.name == "br";
                    out.push_str(if apart { " " } else { "" });
                    gather(&element.children, out);
                    out.push_str(if apart { " " } else { "" });
                }
            }
        }
    }
    let mut out = String::new();
    gather(&tree::read(&sound(html)), &mut out);
    squeezed(&out)
}

/// The text on one line; French no-break spaces stay.
pub(super) fn squeezed(text: &str) -> String {
    text.split([' ', '\n', '\t', '\r']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Plain text as Markdown that says the same.
pub(super) fn literal(text: &str) -> String {
    let mut inline = Inline::default();
    inline.text(&sound(text));
    inline.finish()
}

/// Without the signs that our format refuses.
pub(super) fn sound(text: &str) -> String {
    let refused = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.replace("\r\n", "\n").replace(refused, " ")
}

/// Elements that are blocks of their own.
const BLOCKS: [&str; 34] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "ul",
];

fn is_block(name: &str) -> bool {
    BLOCKS.contains(&name)
}

/// Why an element cannot come over, for those that are more than their words.
fn dropped(name: &str) -> Option<&'static str> {
    Some(match name {
        "script" => "un script est laissé : nos pages n’en portent pas",
        "style" | "link" => "une feuille de style est laissée : la mise en forme est celle du site",
        "form" | "input" | "button" | "select" | "textarea" => "un champ ou un bouton est laissé : une page se lit",
        "object" | "embed" | "applet" | "canvas" => "un objet inséré est laissé : nos pages n’en portent pas",
        "svg" | "math" => "un dessin ou une formule dans le texte est laissé : faites-en une image décrite",
        "audio" | "video" => {
            "un son ou une vidéo dans le texte est laissé : ajoutez-le avec ses sous-titres dans un bloc :::"
        }
        _ => return None,
    })
}

struct Writer<'w> {
    around: &'w mut dyn Around,
    notes: &'w mut Notes,
    /// Level of the last heading, and of the first.
    level: usize,
    first: usize,
    /// In a list, a quote or a cell, where there is no heading.
    nested: bool,
}

fn as_element(node: &Node) -> Option<&Element> {
    match node {
        Node::Element(element) => Some(element),
        Node::Text(_) => None,
    }
}

fn holds_block(element: &Element) -> bool {
    element.children.iter().filter_map(as_element).any(|child| is_block(&child.name) || holds_block(child))
}

/// The text as it is, line ends kept.
fn words(nodes: &[Node]) -> String {
    let words = nodes.iter().map(|node| match node {
        Node::Text(text) => text.clone(),
        Node::Element(element) if element.name == "br" => String::from("\n"),
        Node::Element(element) => words(&element.children),
    });
    words.collect()
}
