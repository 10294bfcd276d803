//! A draft's files, and the course's folder that they make.
//!
//! In a folder the numbers of chapters are part of their files' names; in a draft they are not, so that a file keeps its
//! name, its history and its editors when chapters are moved. The order is a file of its own, [`ORDER`]: a slug a line.

use crate::course::parse::SourceFile;
use std::collections::BTreeMap;

/// The file of a draft that gives the order of the chapters.
pub const ORDER: &str = "ordre";

/// The slug of a chapter's folder: `accueil` of `01-accueil`.
fn slug_of(folder: &str) -> Option<(u32, &str)> {
    let (number, slug) = folder.split_once('-')?;
    let is_number = number.len() >= 2 && number.bytes().all(|b| b.is_ascii_digit());
    Some((number.parse().ok().filter(|_| is_number)?, slug))
}

/// The chapters of a draft, in order, as its file of order says.
#[must_use]
pub fn order(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// A file of order.
#[must_use]
pub fn order_text(chapters: &[String]) -> String {
    chapters.iter().flat_map(|chapter| [chapter.as_str(), "\n"]).collect()
}

/// A draft's files, from a course's folder.
#[must_use]
pub fn from_folder(files: Vec<SourceFile>) -> Vec<SourceFile> {
    let mut chapters: BTreeMap<u32, String> = BTreeMap::new();
    let mut draft = Vec::with_capacity(files.len() + 1);
    for SourceFile { path, bytes } in files {
        let known = path.split_once('/').and_then(|(folder, rest)| Some((slug_of(folder)?, rest)));
        let path = match known {
            Some(((number, slug), rest)) => {
                chapters.insert(number, slug.to_owned());
                format!("{slug}/{rest}")
            }
            None => path,
        };
        draft.push(SourceFile { path, bytes });
    }
    let order = order_text(&chapters.into_values().collect::<Vec<_>>());
    draft.push(SourceFile { path: ORDER.to_owned(), bytes: order.into_bytes() });
    draft
}

/// The course's folder that a draft makes, in the order of its paths. Files of chapters that the order does not name
/// are left out: they were removed from the course, and can be put back.
#[must_use]
pub fn to_folder(files: Vec<SourceFile>) -> Vec<SourceFile> {
    let text =
        files.iter().find(|file| file.path == ORDER).map(|file| String::from_utf8_lossy(&file.bytes).into_owned());
    let folders = folders(&order(&text.unwrap_or_default()));
    let mut folder: Vec<SourceFile> = files
        .into_iter()
        .filter(|file| file.path != ORDER)
        .filter_map(|SourceFile { path, bytes }| Some(SourceFile { path: path_in_folder(&path, &folders)?, bytes }))
        .collect();
    folder.sort_by(|a, b| a.path.cmp(&b.path));
    folder
}

/// The folder of each chapter, by its slug: `accueil` → `01-accueil`.
#[must_use]
pub fn folders(order: &[String]) -> BTreeMap<String, String> {
    let width = if order.len() > 99 { 3 } else { 2 };
    order.iter().zip(1..).map(|(slug, number)| (slug.clone(), format!("{number:0width$}-{slug}"))).collect()
}

/// Where a draft's file stands in the folder; none where its chapter is not in the order.
#[must_use]
pub fn path_in_folder(path: &str, folders: &BTreeMap<String, String>) -> Option<String> {
    match path.split_once('/') {
        Some(("media", _)) | None => Some(path.to_owned()),
        Some((slug, rest)) => folders.get(slug).map(|folder| format!("{folder}/{rest}")),
    }
}

/// The draft's name of a file of the folder: what problems name, as authors know it.
#[must_use]
pub fn path_in_draft(path: &str) -> String {
    match path.split_once('/').and_then(|(folder, rest)| Some((slug_of(folder)?, rest))) {
        Some(((_, slug), rest)) => format!("{slug}/{rest}"),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> SourceFile {
        SourceFile { path: path.to_owned(), bytes: path.as_bytes().to_vec() }
    }

    #[test]
    fn a_folder_comes_back_as_it_was() {
        let paths =
            ["01-accueil/chapter.md", "01-accueil/media/a.svg", "02-droits/chapter.md", "course.toml", "media/b.svg"];
        let folder: Vec<SourceFile> = paths.iter().map(|path| file(path)).collect();
        let draft = from_folder(folder.clone());
        assert!(draft.iter().any(|file| file.path == ORDER && file.bytes == b"accueil\ndroits\n"));
        assert!(draft.iter().any(|file| file.path == "accueil/media/a.svg"));
        assert_eq!(to_folder(draft), folder);
    }

    #[test]
    fn a_chapter_that_moves_keeps_the_name_of_its_files_in_the_draft() {
        let draft = |order: &str| {
            let order = SourceFile { path: ORDER.to_owned(), bytes: order.as_bytes().to_vec() };
            vec![order, file("accueil/chapter.md"), file("droits/chapter.md")]
        };
        let paths = |files: Vec<SourceFile>| files.into_iter().map(|file| file.path).collect::<Vec<_>>();
        assert_eq!(paths(to_folder(draft("droits\naccueil\n"))), ["01-droits/chapter.md", "02-accueil/chapter.md"]);
        assert_eq!(paths(to_folder(draft("droits\n"))), ["01-droits/chapter.md"], "what is removed is left out");
    }

    #[test]
    fn a_problem_is_named_as_the_author_knows_the_file() {
        assert_eq!(path_in_draft("12-droits/quiz.toml"), "droits/quiz.toml");
        assert_eq!(path_in_draft("media/b.svg"), "media/b.svg");
    }
}
