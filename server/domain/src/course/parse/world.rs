//! What a piece of Markdown may refer to, and how its links and images are written in HTML.

use super::files::{Files, Source, Use};
use super::report::{Report, nearest, quoted};
use crate::text::escaped;
use std::collections::{BTreeMap, BTreeSet};

/// The whole course, as far as references go.
#[derive(Debug)]
pub(super) struct World<'a> {
    pub(super) course: &'a str,
    pub(super) files: &'a Files<'a>,
    /// Keys of the glossary.
    pub(super) terms: BTreeSet<String>,
    /// Keys of the skills.
    pub(super) skills: BTreeSet<String>,
    /// Anchors of the sections, by slug of chapter.
    pub(super) anchors: BTreeMap<String, BTreeSet<String>>,
}

/// Where a piece of Markdown stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) world: &'a World<'a>,
    pub(super) file: &'a str,
    /// Folder of the chapter.
    pub(super) folder: &'a str,
    /// Slug of the chapter.
    pub(super) chapter: &'a str,
    /// Shown on another page than the chapter: a quiz.
    pub(super) away: bool,
}

impl Place<'_> {
    /// The attributes of the link to that target, without the brackets of the tag.
    pub(super) fn link(&self, target: &str, line: u32, report: &mut Report) -> String {
        let page = format!("/cours/{}/{}", self.world.course, self.chapter);
        let here = if self.away { page.as_str() } else { "" };
        if let Some(key) = target.strip_prefix("glossaire:") {
            if !self.world.terms.contains(key) {
                let near = nearest(key, self.world.terms.iter().map(String::as_str));
                report.say(
                    self.file,
                    line,
                    format!("le terme « {key} » n’est pas dans glossary.toml : ajoutez-le ou corrigez la clé.{near}"),
                );
            }
            format!("class=\"term\" href=\"{here}#glossaire-{}\"", escaped(key))
        } else if let Some(anchor) = target.strip_prefix('#') {
            self.check_anchor(self.chapter, anchor, line, report);
            format!("href=\"{here}#{}\"", escaped(anchor))
        } else if let Some(there) = target.strip_prefix("chapitre:") {
            let (chapter, anchor) =
                there.split_once('#').map_or((there, None), |(chapter, anchor)| (chapter, Some(anchor)));
            if !self.world.anchors.contains_key(chapter) {
                let near = nearest(chapter, self.world.anchors.keys().map(String::as_str));
                report.say(
                    self.file,
                    line,
                    format!(
                        "le chapitre « {chapter} » n’existe pas : écrivez le nom de son dossier sans le numéro.{near}"
                    ),
                );
            } else if let Some(anchor) = anchor {
                self.check_anchor(chapter, anchor, line, report);
            }
            let anchor = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
            format!("href=\"/cours/{}/{}{}\"", self.world.course, escaped(chapter), escaped(&anchor))
        } else if target.strip_prefix("https://").is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric()))
            && spelled(target)
        {
            format!("href=\"{}\" rel=\"noopener external\"", escaped(target))
        } else if target.strip_prefix("mailto:").is_some_and(|rest| rest.contains('@')) && spelled(target) {
            format!("href=\"{}\"", escaped(target))
        } else {
            let said = format!(
                "le lien « {target} » n’est pas accepté : écrivez https://…, mailto:…, #ancre, chapitre:nom#ancre ou glossaire:clé"
            );
            report.say(self.file, line, said);
            String::from("href=\"#\"")
        }
    }

    fn check_anchor(&self, chapter: &str, anchor: &str, line: u32, report: &mut Report) {
        let Some(known) = self.world.anchors.get(chapter) else { return };
        if !known.contains(anchor) {
            let said = format!(
                "l’ancre « #{anchor} » n’existe pas dans le chapitre « {chapter} ». Ancres possibles : {}",
                quoted(known.iter().map(String::as_str))
            );
            report.say(self.file, line, said);
        }
    }

    /// The tag of an image; `alt` is plain text.
    pub(super) fn image(&self, target: &str, alt: &str, title: &str, line: u32, report: &mut Report) -> String {
        let source = Source { file: self.file, line, folder: self.folder };
        let path = self.world.files.medium(&source, target, Use::Image, report);
        match (alt.trim().is_empty(), title) {
            (true, "décoratif") | (false, "") => {}
            (true, _) => report.say(self.file, line, "cette image n’a pas de description : écrivez ![description](…), ou ![](… \"décoratif\") si elle n’apprend rien"),
            (false, "décoratif") => report.say(self.file, line, "une image décorative n’a pas de description : retirez l’une ou l’autre"),
            (false, _) => report.say(self.file, line, "une image n’a pas de titre : mettez-le dans la description ou dans le texte"),
        }
        // Known before it is there, the page does not jump; and a narrow screen asks for a narrower one.
        let size = path.as_deref().and_then(|path| self.world.files.size(path));
        let size = size.map(|(width, height)| format!(" width=\"{width}\" height=\"{height}\"")).unwrap_or_default();
        let (path, alt) = (path.unwrap_or_default(), escaped(alt.trim()));
        format!("<img src=\"media:///{path}\"{size} alt=\"{alt}\" loading=\"lazy\">")
    }

    /// Reports a problem of this file.
    pub(super) fn say(&self, line: u32, said: impl Into<String>, report: &mut Report) {
        report.say(self.file, line, said);
    }
}

fn spelled(target: &str) -> bool {
    !target.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '\\'))
}
