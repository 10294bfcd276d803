//! Open edX's format (OLX): the archive that Studio exports, <https://docs.openedx.org/en/latest/educators/olx/>.

mod archive;
mod links;
mod markdown;
mod problem;
mod video;
mod write;

pub(super) use write::write;

use super::draft::Ids;
use super::html::{self, literal};
use super::pool::Found;
use super::{Import, Item, NotACourse, Notes, xml};
use crate::course::parse::SourceFile;
use crate::course::{ASSESSMENT, POSITIONING};
use crate::text::{counted, slug};
use archive::{Archive, Block};
use links::Links;
use std::collections::{BTreeMap, BTreeSet};

/// The most chapters that the numbers of folders allow.
const CHAPTERS: usize = 99;

/// Reads a course.
///
/// # Errors
/// When the files hold no course.
pub(super) fn read(files: &[SourceFile]) -> Result<Import, NotACourse> {
    let archive = Archive::new(files)?;
    let outline = outline(&archive);
    let mut reader = Reader { links: Links::new(&archive, &outline), archive: &archive, items: Vec::new() };
    reader.items.extend(archive.unreadable());
    let mut chapters = Vec::new();
    for Planned { block, slug, sections } in &outline {
        let chapter = reader.chapter(block, slug, sections);
        if chapter.sections.is_empty() && chapter.found.is_empty() {
            reader.items.push(Item::left(
                block.file,
                block.line,
                format!("le chapitre « {} »", chapter.title),
                "il n’a ni texte ni question à reprendre",
            ));
        } else if chapters.len() >= CHAPTERS {
            reader.items.push(Item::left(
                block.file,
                block.line,
                format!("le chapitre « {} »", chapter.title),
                "un cours a 99 chapitres au plus : coupez-le en deux",
            ));
        } else {
            chapters.push(chapter);
        }
    }
    let about = archive.about();
    let mut import = Import::default();
    let pass = archive.pass();
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for chapter in &mut chapters {
        chapter.complete(&mut reader.items);
        known.insert(chapter.slug.clone(), chapter.sections.iter().map(|section| section.anchor.clone()).collect());
    }
    let (mut course, notes) = about.toml(&chapters.iter().map(|chapter| chapter.title.clone()).collect::<Vec<_>>());
    course.push('\n');
    import.files.push(SourceFile { path: String::from("course.toml"), bytes: course.into_bytes() });
    reader.items.insert(0, Item::kept(&about.file, 1, format!("le cours « {} »", about.title), notes));
    for (number, chapter) in (1..).zip(&chapters) {
        let folder = format!("{number:02}-{}", chapter.slug);
        let text = reader.links.settled(&chapter.markdown(), &known);
        import.files.push(SourceFile { path: format!("{folder}/chapter.md"), bytes: text.into_bytes() });
        if let Some(quiz) = chapter.quiz(pass) {
            let quiz = reader.links.settled(&quiz, &known);
            import.files.push(SourceFile { path: format!("{folder}/quiz.toml"), bytes: quiz.into_bytes() });
        }
    }
    reader.items.extend(archive.beside(&|path| reader.links.is_used(path)));
    let Reader { links, mut items, .. } = reader;
    for item in &mut items {
        item.file = archive.shown(&item.file);
    }
    import.items = items;
    // a question that is left out may have brought an image
    let texts: Vec<&[u8]> = import.files.iter().map(|file| file.bytes.as_slice()).collect();
    let texts = String::from_utf8_lossy(&texts.concat()).into_owned();
    import.files.extend(links.shelf.files().filter(|file| texts.contains(&file.path)));
    Ok(import)
}

/// A chapter and its sequentials, with the names that they have here.
struct Planned<'a> {
    block: Block<'a>,
    slug: String,
    sections: Vec<(Block<'a>, String)>,
}

/// The chapters, named before anything is read, so that links find them.
fn outline<'a>(archive: &'a Archive<'a>) -> Vec<Planned<'a>> {
    let mut slugs = Ids::default();
    slugs.0.extend([POSITIONING, ASSESSMENT, "media"].map(str::to_owned));
    let blocks = archive.whole().map(|course| archive.children(&course)).unwrap_or_default();
    blocks
        .into_iter()
        .filter(|block| block.tag() == "chapter")
        .map(|block| {
            let mut anchors = Ids::default();
            anchors.0.extend(["contenu", "suite", "q-entete"].map(str::to_owned));
            let sections = archive.children(&block).into_iter().map(|section| {
                let title = archive.title(&section);
                // anchors that begin so are the page's own
                let named =
                    named(section.name.strip_prefix(&format!("{}_", block.name)).unwrap_or(&section.name), &title);
                let framed = if named.starts_with("p-") || named.starts_with("glossaire-") {
                    format!("s-{named}")
                } else {
                    named
                };
                let anchor = anchors.take(&[framed.as_str(), "section"]);
                (section, anchor)
            });
            let sections = sections.collect();
            let slug = slugs.take(&[&named(&block.name, &archive.title(&block)), "chapitre"]);
            Planned { block, slug, sections }
        })
        .collect()
}

/// The slug of an element: from its name where people chose it, else from its title.
fn named(name: &str, title: &str) -> String {
    let drawn = name.len() >= 16 && name.bytes().all(|sign| sign.is_ascii_hexdigit());
    let chosen = slug(name, 40);
    if drawn || chosen.is_empty() { slug(title, 40) } else { chosen }
}

/// A chapter as it comes over.
struct Chapter {
    title: String,
    slug: String,
    file: String,
    line: u32,
    sections: Vec<Section>,
    found: Vec<(Found, Option<String>)>,
    notes: Notes,
    /// Of its videos.
    seconds: u32,
}

struct Section {
    title: String,
    anchor: String,
    text: String,
}

struct Reader<'a> {
    archive: &'a Archive<'a>,
    links: Links<'a>,
    items: Vec<Item>,
}

/// What a unit brings.
#[derive(Default)]
struct Unit {
    texts: Vec<String>,
    found: Vec<Found>,
    seconds: u32,
}

impl<'a> Reader<'a> {
    fn chapter(&mut self, block: &Block<'a>, slug: &str, sections: &[(Block<'a>, String)]) -> Chapter {
        let mut chapter = Chapter {
            title: self.archive.title(block),
            slug: slug.to_owned(),
            file: block.file.to_owned(),
            line: block.line,
            sections: Vec::new(),
            found: Vec::new(),
            notes: Notes::default(),
            seconds: 0,
        };
        if self.hidden(block) {
            return chapter;
        }
        for (sequential, anchor) in sections {
            if self.hidden(sequential) {
                continue;
            }
            if !matches!(sequential.tag(), "sequential" | "vertical" | "videosequence") {
                let mut unit = Unit::default();
                self.block(sequential, 3, &mut unit);
                chapter.take(sequential, self.archive, anchor, unit);
                continue;
            }
            let units = self.archive.children(sequential);
            let several = units.iter().filter(|unit| unit.tag() == "vertical").count() > 1;
            let mut whole = Unit::default();
            for block in units.iter().filter(|_| sequential.tag() != "vertical") {
                let mut unit = Unit::default();
                if !self.hidden(block) {
                    self.block(block, if several { 4 } else { 3 }, &mut unit);
                }
                if several && !unit.texts.is_empty() && block.tag() == "vertical" {
                    let title = literal(&self.archive.title(block)).replace('{', "(").replace('}', ")");
                    unit.texts.insert(0, format!("### {title}"));
                }
                whole.texts.append(&mut unit.texts);
                whole.found.append(&mut unit.found);
                whole.seconds += unit.seconds;
            }
            if sequential.tag() == "vertical" {
                self.block(sequential, 3, &mut whole);
            }
            chapter.take(sequential, self.archive, anchor, whole);
        }
        chapter
    }

    /// Whether learners do not see it, which is told.
    fn hidden(&mut self, block: &Block<'a>) -> bool {
        let hidden = self.archive.attribute(block, "visible_to_staff_only").is_some_and(|value| value == "true");
        if hidden {
            let what = self.archive.named(block);
            self.items.push(Item::left(
                block.file,
                block.line,
                what,
                "il est caché aux apprenants (visible_to_staff_only)",
            ));
        }
        hidden
    }

    fn block(&mut self, block: &Block<'a>, level: usize, unit: &mut Unit) {
        let what = self.archive.named(block);
        match block.tag() {
            "vertical" | "sequential" | "wrapper" | "videosequence" => {
                for child in self.archive.children(block) {
                    if !self.hidden(&child) {
                        self.block(&child, level, unit);
                    }
                }
            }
            "html" => {
                let mut notes = Notes::default();
                let (file, source) = self.archive.html(block);
                let text = html::markdown(&source, level, &mut self.links, &mut notes);
                if text.trim().is_empty() {
                    self.items.push(Item::left(&file, 1, what, "il n’a pas de texte à reprendre"));
                } else {
                    self.items.push(Item::kept(&file, 1, what, notes));
                    unit.texts.push(text);
                }
            }
            "video" => {
                let (item, text, seconds) = video::read(self.archive, block, &mut self.links);
                self.items.push(item);
                unit.texts.extend(text);
                unit.seconds += seconds;
            }
            "problem" => {
                let found = problem::read(self.archive, block, &mut self.links);
                self.items.extend(found.iter().map(|found| found.item.clone()));
                unit.found.extend(found.into_iter().filter(|found| found.draft.is_some()));
            }
            "library_content" | "itembank" | "randomize" => {
                let children = self.archive.children(block);
                if children.is_empty() {
                    self.items.push(Item::left(block.file, block.line, what, "ses questions sont dans une bibliothèque hors de l’archive : exportez-la et importez-la à part"));
                    return;
                }
                let mut notes = Notes::default();
                notes.say("une partie de ses questions était tirée au sort : elles viennent toutes, réglez « draw » dans [rules]");
                self.items.push(Item::kept(block.file, block.line, what, notes));
                for child in children {
                    self.block(&child, level, unit);
                }
            }
            tag => self.items.push(Item::left(block.file, block.line, what, archive::reason(tag))),
        }
    }
}

impl Chapter {
    /// Adds what a sequential brings: a section where it has text, and its questions.
    fn take(&mut self, block: &Block<'_>, archive: &Archive<'_>, anchor: &str, unit: Unit) {
        let has_text = !unit.texts.is_empty();
        if has_text {
            let title = archive.title(block).replace(['*', '`', '<', '[', '{', '}'], " ");
            let title = html::squeezed(&title);
            self.sections.push(Section { title, anchor: anchor.to_owned(), text: unit.texts.join("\n\n") });
        }
        let section = has_text.then(|| anchor.to_owned());
        self.found.extend(unit.found.into_iter().map(|found| (found, section.clone())));
        self.seconds += unit.seconds;
    }

    /// Gives what our format asks for and OLX does not say.
    fn complete(&mut self, items: &mut Vec<Item>) {
        if self.sections.is_empty() {
            self.notes.say("il n’avait que des questions : une section les annonce, écrivez-la");
            let count = counted(self.found.len() as u64, "question", "questions");
            self.sections.push(Section {
                title: String::from("Avant de répondre"),
                anchor: String::from("avant-de-repondre"),
                text: format!("Ce chapitre est un quiz de {count}."),
            });
        }
        self.notes.say(
            "résumé, objectifs et durée n’étaient pas dits : ils sont tirés des titres et de la longueur, relisez-les",
        );
        items.push(Item::kept(&self.file, self.line, format!("le chapitre « {} »", self.title), self.notes.clone()));
    }

    fn markdown(&self) -> String {
        let titles: Vec<&str> = self.sections.iter().map(|section| section.title.as_str()).collect();
        let words: usize = self.sections.iter().map(|section| section.text.split_whitespace().count()).sum();
        let minutes = words / 200 + self.found.len() + usize::try_from(self.seconds / 60).unwrap_or(0);
        let objectives: Vec<String> = titles.iter().take(12).map(|title| archive::line_of(title, 300)).collect();
        let mut out = format!(
            "+++\ntitle = {}\nsummary = {}\nminutes = {}\nobjectives = [{}]\n+++\n",
            archive::line_of(&self.title, 200),
            archive::line_of(&format!("Au programme\u{a0}: {}.", titles.join(", ")), 1000),
            minutes.clamp(1, 240),
            objectives.join(", ")
        );
        for section in &self.sections {
            push!(out, "\n## {} {{#{}}}\n\n{}\n", section.title, section.anchor, section.text);
        }
        out
    }

    fn quiz(&self, pass: u8) -> Option<String> {
        if self.found.is_empty() {
            return None;
        }
        let mut ids = Ids::default();
        let mut out = format!("[rules]\npass = {pass}\n");
        for (found, section) in &self.found {
            let Some(mut draft) = found.draft.clone() else { continue };
            draft.id = ids.take(&[&draft.id, &draft.stem]);
            draft.section.clone_from(section);
            push!(out, "\n{}", draft.toml());
        }
        Some(out)
    }
}

/// All the text of an element, on one line.
fn said(node: roxmltree::Node<'_, '_>) -> String {
    html::squeezed(&xml::text(node))
}
