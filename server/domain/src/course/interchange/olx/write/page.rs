//! Our HTML as Open edX serves it: its images in `static/`, its links to elements by their names.

use crate::course::Course;
use crate::course::interchange::Notes;
use std::collections::BTreeMap;

pub(super) struct Pages<'c> {
    course: &'c Course,
    /// Where each file of the course goes in `static/`, which has no folders.
    names: BTreeMap<String, String>,
}

impl<'c> Pages<'c> {
    pub(super) fn new(course: &'c Course) -> Self {
        Self { course, names: BTreeMap::new() }
    }

    /// The name in `static/` of a file of the course.
    pub(super) fn file(&mut self, path: &str) -> String {
        if let Some(known) = self.names.get(path) {
            return known.clone();
        }
        let flat = path.strip_prefix("media/").unwrap_or(path).replace('/', "_");
        let mut name = flat.clone();
        let mut number = 2;
        while self.names.values().any(|known| *known == name) {
            name = format!("{number}_{flat}");
            number += 1;
        }
        self.names.insert(path.to_owned(), name.clone());
        name
    }

    /// Every file that a page named, and its name there.
    pub(super) fn statics(&self) -> Vec<(String, String)> {
        self.names.iter().map(|(path, name)| (path.clone(), name.clone())).collect()
    }

    /// The HTML of a page of that chapter, fit for XML too.
    pub(super) fn html(&mut self, html: &str, chapter: &str, notes: &mut Notes) -> String {
        let mut out = String::with_capacity(html.len());
        let mut rest = html;
        // whether the link that is open has been taken off
        let mut bare = false;
        while let Some((before, tag)) = rest.split_once('<') {
            out.push_str(&before.replace("&nbsp;", "\u{a0}"));
            let end = end_of(tag);
            let (inside, after) = tag.split_at_checked(end).unwrap_or((tag, ""));
            rest = after.strip_prefix('>').unwrap_or(after);
            if inside == "/a" && std::mem::take(&mut bare) {
                continue;
            }
            let target = inside.strip_prefix("a ").and_then(|_| value(inside, "href"));
            match target.map(|target| self.link(target, chapter)) {
                Some(None) => {
                    notes.say("les liens vers le glossaire sont laissés : leurs mots restent");
                    bare = true;
                }
                Some(Some(to)) => {
                    let target = target.unwrap_or_default();
                    push!(out, "<{}>", inside.replace(&format!("href=\"{target}\""), &format!("href=\"{to}\"")));
                }
                None => {
                    let inside = match value(inside, "src")
                        .and_then(|source| Some((source, source.strip_prefix("media:///")?)))
                    {
                        Some((source, path)) => inside.replace(source, &format!("/static/{}", self.file(path))),
                        None => inside.to_owned(),
                    };
                    let void = ["img ", "br", "hr"]
                        .iter()
                        .any(|void| inside == void.trim() || (inside.starts_with(void) && void.ends_with(' ')));
                    push!(out, "<{}{}>", inside.replace("&nbsp;", "\u{a0}"), if void { "/" } else { "" });
                }
            }
        }
        out.push_str(&rest.replace("&nbsp;", "\u{a0}"));
        out
    }

    /// Where a link leads there; none for a term of the glossary.
    fn link(&self, target: &str, chapter: &str) -> Option<String> {
        if target.contains("#glossaire-") {
            return None;
        }
        let pages = format!("/cours/{}/", self.course.slug);
        if let Some(there) = target.strip_prefix(&pages) {
            return Some(format!("/jump_to_id/{}", there.replace('#', "_")));
        }
        let here = target.strip_prefix('#').filter(|anchor| {
            let known = self.course.chapters.iter().find(|known| known.slug.as_str() == chapter);
            known.is_some_and(|known| known.sections.iter().any(|section| section.slug.as_str() == *anchor))
        });
        Some(here.map_or_else(|| target.to_owned(), |anchor| format!("/jump_to_id/{chapter}_{anchor}")))
    }
}

/// Where a tag ends, whatever its values hold.
fn end_of(tag: &str) -> usize {
    let mut quoted = false;
    let end = tag.char_indices().find(|(_, sign)| {
        quoted ^= *sign == '"';
        *sign == '>' && !quoted
    });
    end.map_or(tag.len(), |(at, _)| at)
}

/// The value of an attribute.
fn value<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    tag.split_once(&format!(" {name}=\""))?.1.split('"').next()
}
