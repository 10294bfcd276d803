//! The texts of a question, each in its format, with the files that it carries.

use crate::course::interchange::html::{self, Around};
use crate::course::interchange::media::{For, Shelf};
use crate::course::interchange::{Notes, xml};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::Node;

/// What texts are read with.
pub(super) struct Texts<'n> {
    pub(super) shelf: Shelf,
    pub(super) notes: &'n mut Notes,
}

/// The files that a text carries, and where they go.
struct Files<'f, 'a, 'd> {
    node: Node<'a, 'd>,
    shelf: &'f mut Shelf,
}

impl Around for Files<'_, '_, '_> {
    fn image(&mut self, source: &str) -> Result<String, String> {
        let Some(name) = source.strip_prefix("@@PLUGINFILE@@/") else {
            return Err(format!("l’image « {} » n’est pas dans le fichier : ajoutez-la au cours", html::short(source)));
        };
        let wanted = name.split('?').next().unwrap_or_default().replace("%20", " ");
        let held = xml::children(self.node, "file").find(|file| file.attribute("name") == Some(wanted.as_str()));
        let bytes = held.and_then(|file| {
            let text: String = xml::text(file).split_whitespace().collect();
            STANDARD.decode(text).ok()
        });
        self.shelf.take(&wanted, bytes.as_deref(), For::Image)
    }
}

impl Texts<'_> {
    /// The format of a text and the text.
    fn raw<'a>(node: Node<'a, '_>) -> (&'a str, String) {
        let text = xml::child(node, "text").map(xml::text).unwrap_or_default();
        (node.attribute("format").unwrap_or("html"), text.trim().to_owned())
    }

    /// Some paragraphs of Markdown; none when there is no text.
    pub(super) fn blocks(&mut self, node: Option<Node<'_, '_>>) -> String {
        let Some(node) = node else { return String::new() };
        let (format, text) = Self::raw(node);
        match format {
            "markdown" => text,
            "plain_text" => text.lines().map(html::literal).collect::<Vec<_>>().join("\\\n"),
            _ => html::markdown(&text, 3, &mut Files { node, shelf: &mut self.shelf }, self.notes),
        }
    }

    /// One paragraph of Markdown.
    pub(super) fn line(&mut self, node: Node<'_, '_>) -> String {
        let (format, text) = Self::raw(node);
        match format {
            "markdown" => text,
            "plain_text" => html::literal(&text),
            _ => html::line(&text, &mut Files { node, shelf: &mut self.shelf }, self.notes),
        }
    }

    /// The words alone; says where there was an image.
    pub(super) fn words(&mut self, node: Option<Node<'_, '_>>) -> String {
        let Some(node) = node else { return String::new() };
        let (format, text) = Self::raw(node);
        if matches!(format, "markdown" | "plain_text") {
            return html::sound(&text);
        }
        if text.contains("<img") {
            self.notes.say("une image est laissée là où nos questions ne portent que du texte");
        }
        html::plain(&text)
    }

    /// The text as it is, in HTML.
    pub(super) fn html(&mut self, node: Option<Node<'_, '_>>) -> String {
        let Some(node) = node else { return String::new() };
        let (_, text) = Self::raw(node);
        if text.contains("<img") {
            self.notes.say("une image est laissée là où nos questions ne portent que du texte");
        }
        text
    }
}
