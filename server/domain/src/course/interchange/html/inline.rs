//! What stands in a line: words, emphasis, links, images.

use super::tree::{Element, Node};
use super::{Writer, as_element, dropped, words};

/// Emphasis whose ends wait until what stands around them is known.
const MARKS: [(char, &str); 4] = [('\u{e001}', "**"), ('\u{e002}', "**"), ('\u{e003}', "*"), ('\u{e004}', "*")];

/// A paragraph being written.
#[derive(Debug, Default)]
pub(super) struct Inline(String);

impl Inline {
    /// Adds plain text: spaces made one, and what Markdown would take for its own escaped.
    pub(super) fn text(&mut self, text: &str) {
        let mut previous = self.0.chars().next_back();
        let mut rest = text.chars().peekable();
        while let Some(sign) = rest.next() {
            let next = rest.peek().copied();
            match sign {
                ' ' | '\n' | '\t' | '\r' => {
                    if !matches!(previous, Some(' ' | '\n')) {
                        self.0.push(' ');
                    }
                    previous = Some(' ');
                    continue;
                }
                '_' if previous.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric) => {
                    self.0.push('_');
                }
                '\\' | '*' | '_' | '[' | ']' | '`' | '<' | '|' => {
                    self.0.push('\\');
                    self.0.push(sign);
                }
                '&' if next.is_some_and(|next| next.is_alphanumeric() || next == '#') => self.0.push_str("\\&"),
                sign => self.0.push(sign),
            }
            previous = Some(sign);
        }
    }

    /// Begins a link, which no exclamation mark may make an image.
    fn open_bracket(&mut self) {
        if self.0.ends_with('!') {
            self.0.insert(self.0.len() - 1, '\\');
        }
        self.0.push('[');
    }

    /// The paragraph, whose lines begin with nothing that would make them something else.
    pub(super) fn finish(self) -> String {
        let text = emphasis(&self.0);
        // our format takes these for a link, a call-out or a note badly written
        let mut text = text.replace("\\](", "\\] (").replace("\\[!", "\\[ !").replace("\\[^", "\\[ ^");
        while text.contains("  ") {
            text = text.replace("  ", " ");
        }
        let lines = text.split("\\\n").map(|line| line.trim_matches([' ', '\n'])).collect::<Vec<_>>();
        let first = lines.iter().position(|line| !line.trim().is_empty()).unwrap_or(lines.len());
        let last = lines.iter().rposition(|line| !line.trim().is_empty()).map_or(first, |last| last + 1);
        let kept: Vec<String> = lines.get(first..last).unwrap_or_default().iter().map(|line| guarded(line)).collect();
        kept.join("\\\n")
    }
}

/// A line that begins like a list, a heading, a quote or a `:::` is made to begin like a text.
fn guarded(line: &str) -> String {
    let mut signs = line.chars();
    let (first, next) = (signs.next(), signs.next());
    let apart = next.is_none_or(char::is_whitespace);
    let escaped = match first {
        Some('#' | '>' | ':') => true,
        Some('-' | '+') => apart || next == first,
        Some('=') => line.chars().all(|sign| sign == '=' || sign == ' '),
        Some('~') => line.starts_with("~~~"),
        _ => false,
    };
    if escaped {
        let line = line.strip_prefix("::").map_or_else(|| line.to_owned(), |rest| format!(": :{rest}"));
        return format!("\\{line}");
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    match line.split_at_checked(digits) {
        Some((number, rest)) if digits > 0 && rest.starts_with(['.', ')']) => format!("{number}\\{rest}"),
        _ => line.to_owned(),
    }
}

/// Writes emphasis where Markdown would see it, and leaves it out where it would not.
fn emphasis(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let is_mark = |sign: char| MARKS.iter().any(|(mark, _)| *mark == sign);
    let around = |at: usize| {
        let before = signs.iter().take(at).rev().copied().find(|sign| !is_mark(*sign));
        let after = signs.iter().skip(at + 1).copied().find(|sign| !is_mark(*sign));
        (before, after)
    };
    let apart = |sign: Option<char>| sign.is_none_or(|sign| sign.is_whitespace() || is_punctuation(sign));
    let mut kept = vec![false; signs.len()];
    let mut open: Vec<(usize, char)> = Vec::new();
    for (at, sign) in signs.iter().copied().enumerate() {
        match sign {
            '\u{e001}' | '\u{e003}' => open.push((at, sign)),
            '\u{e002}' | '\u{e004}' => {
                let Some((start, _)) = open.pop() else { continue };
                let ((before, first), (last, after)) = (around(start), around(at));
                let tight = |sign: Option<char>| sign.is_some_and(|sign| !sign.is_whitespace());
                let empty = signs.get(start + 1..at).unwrap_or_default().iter().all(|sign| is_mark(*sign));
                let opens = tight(first) && (!first.is_some_and(is_punctuation) || apart(before));
                let closes = tight(last) && (!last.is_some_and(is_punctuation) || apart(after));
                // emphasis beside emphasis would run into it, and so would emphasis in emphasis
                let beside = signs.get(at + 1).is_some_and(|next| is_mark(*next))
                    || start.checked_sub(1).and_then(|before| signs.get(before)).is_some_and(|before| is_mark(*before));
                if opens && closes && !empty && !beside && open.is_empty() {
                    for place in [start, at] {
                        if let Some(kept) = kept.get_mut(place) {
                            *kept = true;
                        }
                    }
                }
            }
            _ => {}
        }
    }
    let mut out = String::with_capacity(text.len());
    for (sign, kept) in signs.iter().copied().zip(kept) {
        match MARKS.iter().find(|(mark, _)| *mark == sign) {
            Some((_, mark)) => out.push_str(if kept { mark } else { "" }),
            None => out.push(sign),
        }
    }
    out
}

fn is_punctuation(sign: char) -> bool {
    !sign.is_alphanumeric() && !sign.is_whitespace()
}

impl Writer<'_> {
    /// Adds an element of a line, or a text.
    pub(super) fn inline(&mut self, node: &Node, out: &mut Inline) {
        let element = match node {
            Node::Text(text) => {
                if text.contains("\\(") || text.contains("\\[") || text.contains("$$") {
                    self.notes.say("une formule est gardée comme elle est écrite : faites-en une image décrite");
                }
                return out.text(text);
            }
            Node::Element(element) => element,
        };
        match element.name.as_str() {
            "strong" | "b" => self.marked(element, ['\u{e001}', '\u{e002}'], out),
            "em" | "i" | "cite" | "dfn" | "var" => self.marked(element, ['\u{e003}', '\u{e004}'], out),
            "code" | "kbd" | "samp" | "tt" => {
                let text = super::squeezed(&words(&element.children));
                if !text.is_empty() {
                    let longest = text.split(|sign| sign != '`').map(str::len).max().unwrap_or(0);
                    let fence = "`".repeat(longest + 1);
                    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
                    push!(out.0, "{fence}{pad}{text}{pad}{fence}");
                }
            }
            "br" => out.0.push_str("\\\n"),
            "img" => self.image(element, out),
            "a" => self.link(element, out),
            "sup" if element.has_class("footnote-ref") => {
                let number = words(&element.children);
                out.open_bracket();
                push!(out.0, "^{}]", number.trim());
            }
            "iframe" => self.frame(element, out),
            "sup" | "sub" => {
                self.notes.say("un exposant ou un indice est écrit sur la ligne");
                self.all(element, out);
            }
            name => match dropped(name) {
                Some(why) => self.notes.say(why),
                None => self.all(element, out),
            },
        }
    }

    fn all(&mut self, element: &Element, out: &mut Inline) {
        for child in &element.children {
            self.inline(child, out);
        }
    }

    /// Emphasis, with the spaces at its ends put outside.
    fn marked(&mut self, element: &Element, [start, end]: [char; 2], out: &mut Inline) {
        let mut inner = Inline::default();
        self.all(element, &mut inner);
        let text = inner.0.trim_matches([' ', '\u{a0}', '\u{202f}']);
        if text.is_empty() || text.contains("\\\n") {
            return out.0.push_str(&inner.0);
        }
        if inner.0.starts_with(' ') {
            out.text(" ");
        }
        out.0.push(start);
        out.0.push_str(text);
        out.0.push(end);
        if inner.0.ends_with(' ') {
            out.text(" ");
        }
    }

    fn image(&mut self, element: &Element, out: &mut Inline) {
        let alt = super::squeezed(element.attribute("alt").unwrap_or_default());
        match self.around.image(element.attribute("src").unwrap_or_default()) {
            Ok(path) if alt.is_empty() => {
                self.notes.say("une image n’avait pas de description : elle est prise pour décorative, décrivez-la si elle ne l’est pas");
                push!(out.0, "![]({path} \"décoratif\")");
            }
            Ok(path) => {
                let mut words = Inline::default();
                words.text(&super::sound(&alt));
                push!(out.0, "![{}]({path})", words.finish());
            }
            Err(why) => {
                self.notes.say(why);
                out.text(&alt);
            }
        }
    }

    fn link(&mut self, element: &Element, out: &mut Inline) {
        let has_image = has_image(element);
        let target = element.attribute("href").filter(|target| !target.trim().is_empty());
        let Some(target) = target.filter(|_| !has_image) else { return self.all(element, out) };
        let mut inner = Inline::default();
        self.all(element, &mut inner);
        let text = emphasis(inner.0.replace("\\\n", " ").trim());
        match self.around.link(target, self.notes) {
            Ok(_) if text.contains("](") => out.0.push_str(&inner.0),
            Ok(target) if text.is_empty() => {
                let shown = target.trim_start_matches("https://").trim_start_matches("mailto:").to_owned();
                out.open_bracket();
                out.text(&shown);
                push!(out.0, "]({target})");
            }
            Ok(target) => {
                let spaced = |at: bool| if at { " " } else { "" };
                out.text(spaced(inner.0.starts_with(' ')));
                out.open_bracket();
                push!(out.0, "{text}]({target})");
                out.text(spaced(inner.0.ends_with(' ')));
            }
            Err(why) => {
                self.notes.say(why);
                out.0.push_str(&inner.0);
            }
        }
    }

    /// A page of another site set in this one: a link to it.
    fn frame(&mut self, element: &Element, out: &mut Inline) {
        let source = element.attribute("src").unwrap_or_default();
        match super::elsewhere(source, self.notes) {
            Ok(target) => {
                self.notes.say(
                    "une page d’un autre site était insérée : un lien y mène, nos pages n’appellent aucun autre site",
                );
                let title = element.attribute("title").filter(|title| !title.trim().is_empty());
                out.open_bracket();
                out.text(title.unwrap_or("Contenu à voir sur un autre site"));
                push!(out.0, "]({target})");
            }
            Err(_) => {
                self.notes.say("une page insérée du même cours est laissée : nos pages ne portent pas de programme");
            }
        }
    }
}

fn has_image(element: &Element) -> bool {
    element.children.iter().filter_map(as_element).any(|child| child.name == "img" || has_image(child))
}
