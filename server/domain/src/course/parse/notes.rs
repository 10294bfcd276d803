//! The footnotes of a section, gathered at its end.

use std::fmt::Write as _;

/// What is known of the notes while the section is rendered.
#[derive(Debug, Default)]
pub(super) struct Notes {
    section: String,
    /// Names in the order of the first call, with the numbers of the calls.
    order: Vec<(String, Vec<usize>)>,
    /// Name, place and HTML of each definition.
    defined: Vec<(String, usize, String)>,
    /// The definition we are in: name, place, and the HTML that it interrupts.
    open: Vec<(String, usize, String)>,
    calls: usize,
}

impl Notes {
    pub(super) fn new(section: &str) -> Self {
        Self { section: section.to_owned(), ..Self::default() }
    }

    /// The call of a note.
    pub(super) fn refer(&mut self, name: &str) -> String {
        self.calls += 1;
        let at = self.order.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.order.push((name.to_owned(), Vec::new()));
            self.order.len() - 1
        });
        if let Some((_, calls)) = self.order.get_mut(at) {
            calls.push(self.calls);
        }
        let (section, number, call) = (&self.section, at + 1, self.calls);
        format!(
            "<sup class=\"footnote-ref\"><a id=\"p-{section}-r{call}\" href=\"#p-{section}-n{number}\" aria-label=\"Note {number}\">{number}</a></sup>"
        )
    }

    /// A definition starts; `before` is the HTML that it interrupts.
    pub(super) fn define(&mut self, name: &str, before: String, offset: usize) {
        self.open.push((name.to_owned(), offset, before));
    }

    /// The definition ends; gives back the HTML that it interrupted.
    pub(super) fn defined(&mut self, html: String) -> String {
        let Some((name, offset, before)) = self.open.pop() else { return html };
        self.defined.push((name, offset, html));
        before
    }

    /// The definitions that nothing calls, or that come again: their places and what to say of them.
    pub(super) fn useless(&self) -> Vec<(usize, String)> {
        let mut seen = Vec::new();
        let mut useless = Vec::new();
        for (name, offset, _) in &self.defined {
            if !self.order.iter().any(|(known, _)| known == name) {
                useless.push((
                    *offset,
                    format!("rien n’appelle la note [^{name}] dans la section : appelez-la ou retirez-la"),
                ));
            } else if seen.contains(&name) {
                useless
                    .push((*offset, format!("la note [^{name}] est déjà définie dans la section : changez son nom")));
            }
            seen.push(name);
        }
        useless
    }

    /// The list of the notes, with links back to their calls.
    pub(super) fn html(&self) -> String {
        if self.defined.is_empty() {
            return String::new();
        }
        let section = &self.section;
        let mut html = String::from("<aside class=\"footnotes\"><p class=\"footnotes-title\">Notes</p>\n<ol>\n");
        let mut notes: Vec<(&str, &[usize])> =
            self.order.iter().map(|(name, calls)| (name.as_str(), calls.as_slice())).collect();
        for (name, ..) in &self.defined {
            // a note that nothing calls has been reported; it keeps a place, after the others
            if !notes.iter().any(|(known, _)| known == name) {
                notes.push((name, &[]));
            }
        }
        for (number, (name, calls)) in (1..).zip(notes) {
            let text: String =
                self.defined.iter().filter(|(known, ..)| known == name).map(|(.., html)| html.as_str()).collect();
            // writing to a String cannot fail
            let _ = write!(html, "<li id=\"p-{section}-n{number}\">{text}");
            for call in calls {
                let _ = write!(
                    html,
                    " <a class=\"footnote-back\" href=\"#p-{section}-r{call}\" aria-label=\"Retour au texte, note {number}\">↩</a>"
                );
            }
            html.push_str("</li>\n");
        }
        html.push_str("</ol></aside>\n");
        html
    }
}
