//! What the images and the links of an export lead to here.

use super::Planned;
use super::archive::Archive;
use crate::course::interchange::Notes;
use crate::course::interchange::html::{self, Around};
use crate::course::interchange::media::{For, Shelf};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Links<'a> {
    pub(super) shelf: Shelf,
    /// The files under `static/`, by their names as Open edX writes them in addresses.
    statics: BTreeMap<String, (&'a str, &'a [u8])>,
    used: RefCell<BTreeSet<&'a str>>,
    /// Chapter, and section if any, by the name of an element.
    places: BTreeMap<String, (String, Option<String>)>,
}

impl<'a> Links<'a> {
    pub(super) fn new(archive: &'a Archive<'a>, outline: &[Planned<'a>]) -> Self {
        let mut places = BTreeMap::new();
        for Planned { block, slug, sections } in outline {
            places.insert(block.name.clone(), (slug.clone(), None));
            for (sequential, anchor) in sections {
                let place = (slug.clone(), Some(anchor.clone()));
                let mut inside = vec![sequential.clone()];
                while let Some(block) = inside.pop() {
                    places.entry(block.name.clone()).or_insert_with(|| place.clone());
                    if matches!(block.tag(), "sequential" | "vertical") {
                        inside.extend(archive.children(&block));
                    }
                }
            }
        }
        let statics = archive
            .statics()
            .map(|(path, bytes)| (canonical(path.strip_prefix("static/").unwrap_or(path)), (path, bytes)));
        Self { shelf: Shelf::default(), statics: statics.collect(), used: RefCell::default(), places }
    }

    /// The file under `static/` that an address names.
    pub(super) fn file(&self, address: &str) -> Option<(&'a str, &'a [u8])> {
        let address = address.split(['?', '#']).next().unwrap_or_default().trim();
        let name =
            [("/static/", 1), ("static/", 1), ("block@", 2), ("/asset/", 2)].into_iter().find_map(|(mark, sort)| {
                let found = if sort == 1 {
                    address.strip_prefix(mark)
                } else {
                    address.rsplit_once(mark).map(|(_, name)| name)
                };
                found.filter(|name| !name.is_empty())
            })?;
        let found = self.statics.get(&canonical(name)).copied()?;
        self.used.borrow_mut().insert(found.0);
        Some(found)
    }

    /// The file under `static/` of that name.
    pub(super) fn named(&self, name: &str) -> Option<&'a [u8]> {
        let (path, bytes) = self.statics.get(&canonical(name)).copied()?;
        self.used.borrow_mut().insert(path);
        Some(bytes)
    }

    pub(super) fn is_used(&self, path: &str) -> bool {
        self.used.borrow().contains(path)
    }

    /// The text whose links to sections that did not come over lead to their chapter, or nowhere.
    pub(super) fn settled(&self, text: &str, known: &BTreeMap<String, BTreeSet<String>>) -> String {
        let mut out = text.to_owned();
        let linked = text.contains("](chapitre:");
        for (chapter, section) in self.places.values().filter(|_| linked) {
            let link = section.as_ref().map(|section| format!("](chapitre:{chapter}#{section})"));
            match (known.get(chapter), section, link) {
                (Some(sections), Some(section), Some(link)) if !sections.contains(section) && out.contains(&link) => {
                    out = out.replace(&link, &format!("](chapitre:{chapter})"));
                }
                (None, _, Some(link)) if out.contains(&link) => out = unlinked(&out, &link),
                (None, None, _) => out = unlinked(&out, &format!("](chapitre:{chapter})")),
                _ => {}
            }
        }
        out
    }
}

/// The text without the links that end so; their words stay.
fn unlinked(text: &str, end: &str) -> String {
    let mut out = text.to_owned();
    while let Some(at) = out.find(end) {
        let open = out.get(..at).and_then(|before| before.rfind('['));
        out.replace_range(at..at + end.len(), "");
        if let Some(open) = open {
            out.replace_range(open..=open, "");
        }
    }
    out
}

impl Around for Links<'_> {
    fn image(&mut self, source: &str) -> Result<String, String> {
        let shown = html::short(source);
        let elsewhere = ["http:", "https:", "//", "data:"].iter().any(|start| source.trim().starts_with(start));
        match self.file(source) {
            Some((path, bytes)) => self.shelf.take(path, Some(bytes), For::Image),
            None if elsewhere => Err(format!("l’image « {shown} » est sur un autre site : ajoutez-la au cours")),
            None => Err(format!("l’image « {shown} » n’est pas dans l’archive : ajoutez-la au cours")),
        }
    }

    fn link(&mut self, target: &str, notes: &mut Notes) -> Result<String, String> {
        let jump = ["/jump_to_id/", "/jump_to/"].into_iter().find_map(|mark| target.split_once(mark));
        let named = self.places.contains_key(target).then_some(target);
        if let Some(there) = jump.map(|(_, there)| there).or(named) {
            let name = there.split(['#', '?', '/']).next().unwrap_or_default();
            let name = name.rsplit('@').next().unwrap_or_default();
            return match self.places.get(name) {
                Some((chapter, Some(section))) => Ok(format!("chapitre:{chapter}#{section}")),
                Some((chapter, None)) => Ok(format!("chapitre:{chapter}")),
                None => Err(String::from(
                    "un lien vers un endroit du cours qui n’est pas repris est laissé : son texte est gardé",
                )),
            };
        }
        if self.file(target).is_some() {
            return Err(format!(
                "le fichier joint « {} » est laissé : un cours porte des images, des sons et des vidéos",
                html::short(target)
            ));
        }
        html::elsewhere(target, notes)
    }
}

/// The name as Open edX makes it fit for an address: `Mon image(1).PNG` is `mon_image_1_.png`.
fn canonical(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let escaped = escaped.filter(|_| *first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    let name = String::from_utf8_lossy(&bytes).to_lowercase();
    name.chars().map(|sign| if sign.is_alphanumeric() || matches!(sign, '.' | '-') { sign } else { '_' }).collect()
}
