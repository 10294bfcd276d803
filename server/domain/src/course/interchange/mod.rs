//! Courses and questions that come from elsewhere, or go there.
//!
//! Nothing is written here: reading gives the files that would be, and a report, item by item, of what comes over, what
//! is changed, and what is left out and why. One bad item never stops the rest. The same plan is shown, then carried out.
//!
//! - [`course`]: an Open edX archive (OLX) or our own folder, made into a course folder;
//! - [`questions`]: a GIFT or Moodle XML file, added to a chapter's `quiz.toml` or `bank.toml`;
//! - [`to_gift`], [`to_olx`]: the way out.

/// Adds a formatted text to another; writing to a `String` cannot fail.
macro_rules! push {
    ($out:expr, $($text:tt)*) => {{
        let _ = std::fmt::Write::write_fmt(&mut $out, format_args!($($text)*));
    }};
}

mod draft;
mod gift;
mod html;
mod media;
mod moodle;
mod olx;
mod pool;
mod subtitles;
#[cfg(test)]
mod tests;
mod xml;

pub use pool::{Added, Sort, Wanted, questions};

use super::Course;
use super::parse::{Problem, SourceFile, parse};
use std::fmt;

/// What becomes of an item of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Comes over as it is.
    Kept,
    /// Comes over, and is not quite what it was.
    Changed,
    /// Does not come over.
    Left,
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kept => "repris",
            Self::Changed => "modifié",
            Self::Left => "laissé",
        })
    }
}

/// What is said of an item of the source, in French, since authors read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Path in the source.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// « la question « Q1 » (multichoice) »
    pub what: String,
    pub fate: Fate,
    /// What is changed, or why it is left out; may be empty for what is kept.
    pub notes: Vec<String>,
}

impl Item {
    fn kept(file: &str, line: u32, what: impl Into<String>, notes: Notes) -> Self {
        let fate = if notes.0.is_empty() { Fate::Kept } else { Fate::Changed };
        Self { file: file.to_owned(), line, what: what.into(), fate, notes: notes.0 }
    }

    fn left(file: &str, line: u32, what: impl Into<String>, why: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, what: what.into(), fate: Fate::Left, notes: vec![why.into()] }
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {} : {}", self.file, self.line, self.fate, self.what)?;
        for (place, note) in self.notes.iter().enumerate() {
            write!(f, "{}{note}", if place == 0 { " — " } else { " ; " })?;
        }
        Ok(())
    }
}

/// How many items are kept, changed and left out.
#[must_use]
pub fn tally(items: &[Item]) -> [(Fate, usize); 3] {
    [Fate::Kept, Fate::Changed, Fate::Left].map(|fate| (fate, items.iter().filter(|item| item.fate == fate).count()))
}

/// What was changed on the way, each thing once.
#[derive(Debug, Default, Clone)]
struct Notes(Vec<String>);

impl Notes {
    fn say(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.0.contains(&note) {
            self.0.push(note);
        }
    }
}

/// A course that would be, from files that came from elsewhere.
#[derive(Debug, Clone, Default)]
pub struct Import {
    pub items: Vec<Item>,
    /// The course's folder, in the order of the paths.
    pub files: Vec<SourceFile>,
    /// What remains to be mended in these files before the course can be published.
    pub problems: Vec<Problem>,
}

/// Why no course can be read in some files at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotACourse(pub String);

/// Reads a course of that slug in the files of an archive: a folder of our own, or an Open edX export.
///
/// # Errors
/// When it is neither.
pub fn course(slug: &str, files: &[SourceFile]) -> Result<Import, NotACourse> {
    let mut import = match own(files) {
        Some(import) => import,
        None => olx::read(files)?,
    };
    import.files.sort_by(|a, b| a.path.cmp(&b.path));
    import.problems = parse(slug, &import.files).1;
    Ok(import)
}

/// Our own folder, at the top of the archive or in its one folder.
fn own(files: &[SourceFile]) -> Option<Import> {
    let depth = |path: &str| path.matches('/').count();
    let named = |file: &&SourceFile| file.path.rsplit('/').next() == Some("course.toml") && depth(&file.path) <= 1;
    let root = files.iter().filter(named).min_by_key(|file| depth(&file.path))?;
    let root = root.path.strip_suffix("course.toml").unwrap_or_default();
    let mut import = Import::default();
    for file in files {
        match file.path.strip_prefix(root) {
            Some(path) => {
                import.items.push(Item::kept(&file.path, 1, "le fichier", Notes::default()));
                import.files.push(SourceFile { path: path.to_owned(), bytes: file.bytes.clone() });
            }
            None => import.items.push(Item::left(
                &file.path,
                1,
                "le fichier",
                format!("il est hors du dossier du cours ({root}) : mettez-le dedans s’il en fait partie"),
            )),
        }
    }
    Some(import)
}

/// The questions of a course's files as GIFT, by chapter, with what GIFT cannot say.
#[must_use]
pub fn to_gift(slug: &str, files: &[SourceFile]) -> (String, Vec<Item>) {
    gift::write(slug, files)
}

/// A course as the files of an Open edX export, with what OLX cannot say.
#[must_use]
pub fn to_olx(course: &Course, files: &[SourceFile]) -> (Vec<SourceFile>, Vec<Item>) {
    olx::write(course, files)
}
