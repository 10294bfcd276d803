//! Courses and questions brought in from other platforms, and taken out: read whole, shown, then carried out.
//!
//! Nothing is half-written: what is made is made beside, then takes its place by one renaming.

use super::archive::{self, MOST_PACKED};
use super::publish;
use anyhow::{Context as _, bail, ensure};
use domain::course::Course;
use domain::course::interchange::{self, Fate, Import, Item, NotACourse, Sort, Wanted};
use domain::course::parse::{Problem, SourceFile, parse};
use std::path::{Path, PathBuf};

/// What an import would write.
#[derive(Debug)]
pub struct Plan {
    pub items: Vec<Item>,
    /// What remains to be mended before the course can be published.
    pub problems: Vec<Problem>,
    folder: PathBuf,
    files: Vec<SourceFile>,
    /// Whether the files are the whole folder, or are added to it.
    whole: bool,
}

/// Where questions go, beyond the file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Labels<'l> {
    pub section: Option<&'l str>,
    pub skill: Option<&'l str>,
}

/// Reads a file to import: an archive into a folder, or questions into a chapter's `quiz.toml` or `bank.toml`.
///
/// # Errors
/// When the file cannot be read, is refused, or does not go with where it is to go.
pub fn plan(file: &Path, into: &Path, labels: Labels<'_>) -> anyhow::Result<Plan> {
    let shown = file.display();
    let size = std::fs::metadata(file).with_context(|| format!("{shown} cannot be read"))?.len();
    ensure!(size <= MOST_PACKED, "{shown} weighs more than {} MiB: pack it in several parts", MOST_PACKED >> 20);
    let bytes = std::fs::read(file).with_context(|| format!("{shown} cannot be read"))?;
    let is_archive = bytes.starts_with(b"PK") || bytes.starts_with(&[0x1f, 0x8b]);
    let sort = match into.file_name().and_then(|name| name.to_str()) {
        Some("quiz.toml") => Some(Sort::Quiz),
        Some("bank.toml") => Some(Sort::Bank),
        _ => None,
    };
    match (is_archive, sort) {
        (true, None) => course(&bytes, into).with_context(|| format!("{shown} cannot be imported")),
        (false, Some(sort)) => questions(file, &bytes, into, sort, labels),
        (true, Some(_)) => bail!("{shown} is an archive: --into names the folder to make, not a file of questions"),
        (false, None) => bail!(
            "{shown} is no archive; if it holds questions (GIFT, Moodle XML), --into names a chapter's quiz.toml or bank.toml"
        ),
    }
}

fn course(bytes: &[u8], folder: &Path) -> anyhow::Result<Plan> {
    let slug = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let Brought { items, problems, files } = bring_course(slug, bytes)?;
    Ok(Plan { items, problems, folder: folder.to_owned(), files, whole: true })
}

fn questions(file: &Path, bytes: &[u8], into: &Path, sort: Sort, labels: Labels<'_>) -> anyhow::Result<Plan> {
    let chapter = into.parent().filter(|chapter| chapter.join("chapter.md").is_file());
    let chapter =
        chapter.with_context(|| format!("{} is in no chapter: there is no chapter.md beside it", into.display()))?;
    let chapter = chapter.canonicalize()?;
    let folder = chapter.parent().context("the chapter is in no course")?;
    let (slug, all) = publish::read(folder)?;
    let inside = chapter.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let source = file.file_name().and_then(|name| name.to_str()).unwrap_or("questions");
    let Brought { items, problems, files } = bring_questions((source, bytes), (&slug, all), (inside, sort), labels)?;
    Ok(Plan { items, problems, folder: folder.to_owned(), files, whole: false })
}

/// What a file that comes from elsewhere would make of a course's folder.
#[derive(Debug)]
pub struct Brought {
    pub items: Vec<Item>,
    /// What remains to be mended before the course can be published.
    pub problems: Vec<Problem>,
    /// The whole folder of a course; of questions, the files that change or are added.
    pub files: Vec<SourceFile>,
}

/// Why nothing can be brought in.
#[derive(Debug, thiserror::Error)]
pub enum CannotBring {
    #[error(transparent)]
    Archive(#[from] archive::Refused),
    #[error(transparent)]
    Unread(#[from] NotACourse),
    #[error("each question of a bank.toml has a section to read again: name it with --section")]
    NoSection,
    #[error("each question of a bank.toml tests a skill: define some in course.toml, and name one with --skill")]
    NoSkill,
    #[error("{0} is there already and differs from the one that comes: rename it in the course, and its mentions")]
    Differs(String),
}

/// Reads an archive as the course of that slug: our own zip, or an Open edX export.
///
/// # Errors
/// When the archive is refused, or holds no course.
pub fn bring_course(slug: &str, bytes: &[u8]) -> Result<Brought, CannotBring> {
    let opened = archive::open(bytes)?;
    let Import { mut items, files, problems } = interchange::course(slug, &opened.files)?;
    for file in opened.too_large {
        let notes = vec![String::from("il est trop gros pour être lu : allégez-le et ajoutez-le au cours")];
        items.push(Item { file, line: 1, what: String::from("le fichier"), fate: Fate::Left, notes });
    }
    Ok(Brought { items, problems, files })
}

/// Reads questions into a chapter's quiz or bank: `source` is the name of the file and its bytes, `course` a slug and its
/// whole folder, `into` the folder of the chapter and which of its files.
///
/// # Errors
/// When they cannot be read, or do not go with where they are to go.
pub fn bring_questions(
    (source, bytes): (&str, &[u8]),
    (slug, mut all): (&str, Vec<SourceFile>),
    (inside, sort): (&str, Sort),
    labels: Labels<'_>,
) -> Result<Brought, CannotBring> {
    let name = if sort == Sort::Quiz { "quiz.toml" } else { "bank.toml" };
    let path = format!("{inside}/{name}");
    let text = |path: &str| {
        let file = all.iter().find(|file| file.path == path)?;
        std::str::from_utf8(&file.bytes).ok().map(str::to_owned)
    };
    let existing = text(&path);
    let skills = skills(&text("course.toml").unwrap_or_default());
    if sort == Sort::Bank && labels.section.is_none() {
        return Err(CannotBring::NoSection);
    }
    if sort == Sort::Bank && labels.skill.is_none() && skills.is_empty() {
        return Err(CannotBring::NoSkill);
    }
    let wanted =
        Wanted { sort, existing: existing.as_deref(), section: labels.section, skill: labels.skill, skills: &skills };
    let added = interchange::questions(source, bytes, &wanted)?;
    let mut files = vec![SourceFile { path, bytes: added.text.into_bytes() }];
    for file in added.files {
        let path = format!("{inside}/{}", file.path);
        if all.iter().any(|known| known.path == path && known.bytes != file.bytes) {
            return Err(CannotBring::Differs(path));
        }
        files.push(SourceFile { path, bytes: file.bytes });
    }
    all.retain(|known| files.iter().all(|file| file.path != known.path));
    all.extend(files.iter().cloned());
    all.sort_by(|a, b| a.path.cmp(&b.path));
    let problems = parse(slug, &all).1;
    Ok(Brought { items: added.items, problems, files })
}

/// The keys of the course's skills.
fn skills(course: &str) -> Vec<String> {
    let table: toml::Table = toml::from_str(course).unwrap_or_default();
    let skills = table.get("skill").and_then(toml::Value::as_array).into_iter().flatten();
    skills.filter_map(|skill| Some(skill.get("key")?.as_str()?.to_owned())).collect()
}

/// Writes what was planned; a folder that is there is replaced only if that is wanted.
///
/// # Errors
/// When the folder is there and is not to be replaced, or cannot be written; then it is as it was.
pub fn carry_out(plan: &Plan, replace: bool) -> anyhow::Result<()> {
    if plan.whole {
        return write_folder(&plan.files, &plan.folder, replace);
    }
    // what a question names before the question
    for file in plan.files.iter().rev() {
        let path = plan.folder.join(&file.path);
        std::fs::create_dir_all(path.parent().unwrap_or(&plan.folder))?;
        write_file(&path, &file.bytes, true)?;
    }
    Ok(())
}

fn write_folder(files: &[SourceFile], folder: &Path, replace: bool) -> anyhow::Result<()> {
    let shown = folder.display();
    let exists = folder.symlink_metadata().is_ok();
    ensure!(!exists || replace, "{shown} is there already: name another folder, or say --replace");
    let (made, before) = (beside(folder, "made")?, beside(folder, "before")?);
    let write = || -> anyhow::Result<()> {
        std::fs::create_dir(&made).with_context(|| format!("{} cannot be made", made.display()))?;
        for file in files {
            let path = made.join(&file.path);
            std::fs::create_dir_all(path.parent().unwrap_or(&made))?;
            std::fs::write(&path, &file.bytes).with_context(|| format!("{} cannot be written", path.display()))?;
        }
        if exists {
            std::fs::rename(folder, &before).with_context(|| format!("{shown} cannot be moved away"))?;
        }
        std::fs::rename(&made, folder).with_context(|| format!("{shown} cannot be made"))
    };
    let written = write();
    if written.is_err() {
        let _ = std::fs::remove_dir_all(&made);
        if before.exists() {
            let _ = std::fs::rename(&before, folder);
        }
    } else if exists {
        let _ = std::fs::remove_dir_all(&before);
    }
    written
}

/// Writes a file whole, or not at all.
fn write_file(path: &Path, bytes: &[u8], replace: bool) -> anyhow::Result<()> {
    let shown = path.display();
    ensure!(
        replace || path.symlink_metadata().is_err(),
        "{shown} is there already: name another file, or say --replace"
    );
    let made = beside(path, "made")?;
    let written = std::fs::write(&made, bytes).and_then(|()| std::fs::rename(&made, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&made);
    }
    written.with_context(|| format!("{shown} cannot be written"))
}

/// A hidden name beside a path, for what is not finished.
fn beside(path: &Path, what: &str) -> anyhow::Result<PathBuf> {
    let name = path.file_name().and_then(|name| name.to_str()).context("that path has no name: write it in full")?;
    Ok(path.with_file_name(format!(".{name}.{}.{what}", std::process::id())))
}

/// The form that a course is taken out in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Our own folder, byte for byte.
    Zip,
    /// Its questions alone, for Moodle and others.
    Gift,
    /// An Open edX course, as .tar.gz.
    Olx,
}

/// Takes a course out into a file, and says what that form cannot say.
///
/// # Errors
/// When the folder cannot be read or has problems, or the file is there already or cannot be written.
pub fn export(folder: &Path, form: Form, to: &Path, replace: bool) -> anyhow::Result<Vec<Item>> {
    let checked = publish::check(folder)?;
    let (bytes, items) = pack(&checked.slug, checked.course.as_ref(), &checked.files, form)?;
    write_file(to, &bytes, replace)?;
    Ok(items)
}

/// A course's folder in that form, and what the form cannot say.
///
/// # Errors
/// When it has problems and the form is another's, or there is too much for an archive.
pub fn pack(
    slug: &str,
    course: Option<&Course>,
    files: &[SourceFile],
    form: Form,
) -> anyhow::Result<(Vec<u8>, Vec<Item>)> {
    Ok(match (form, course) {
        (Form::Zip, _) => (archive::zip(files)?, Vec::new()),
        (_, None) => bail!("{slug} has problems: see content check"),
        (Form::Gift, Some(_)) => {
            let (text, items) = interchange::to_gift(slug, files);
            (text.into_bytes(), items)
        }
        (Form::Olx, Some(course)) => {
            let (files, items) = interchange::to_olx(course, files);
            (archive::tar_gz(&files)?, items)
        }
    })
}
