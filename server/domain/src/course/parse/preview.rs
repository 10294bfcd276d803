//! A course while it is being written: what can be seen of it before it is whole.

use super::chapter_file::{Draft, Pools};
use super::files::Files;
use super::report::Report;
use super::world::{Place, World};
use super::{Problem, SourceFile, folders, glossary, read};
use crate::course::{Chapter, Course, Term};
use crate::ids::CourseSlug;

/// A chapter as agents would read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    pub chapter: Chapter,
    /// The terms that it uses.
    pub terms: Vec<Term>,
    /// Those of `chapter.md`, by line.
    pub problems: Vec<Problem>,
}

/// What there is of a course, with every problem but those of its media's contents, which may be given empty. Such a
/// course may lack anything: it is to be looked at, and never published.
#[must_use]
pub fn look(slug: &str, files: &[SourceFile]) -> (Option<Course>, Vec<Problem>) {
    let mut report = Report::default();
    let course = read(slug, files, false, &mut report);
    (course, report.in_order())
}

/// The chapter of that folder with `text` as its `chapter.md`. Of the other chapters only the headings are read, and
/// media may be given empty. None where there is no such chapter.
#[must_use]
pub fn preview(slug: &CourseSlug, files: &[SourceFile], folder: &str, text: &str) -> Option<Preview> {
    let mut aside = Report::default();
    let file = format!("{folder}/chapter.md");
    files.iter().find(|known| known.path == file)?;
    let mut files = Files::new(files, &mut aside);
    files.replace(&file, text.as_bytes());
    let glossary = glossary(&files, &mut aside);
    let (mut anchors, mut found) = (Vec::new(), None);
    for other in folders(&files, &mut aside) {
        let path = format!("{}/chapter.md", other.name);
        let mut report = Report::default();
        let Some(text) = files.text(&path, &mut report) else { continue };
        let draft = Draft::read(path, &text, &mut report);
        let slugs = draft.cuts.iter().filter_map(|cut| cut.slug.clone()).map(String::from).collect();
        anchors.push((other.slug.to_string(), slugs));
        if other.name == folder {
            found = Some((other, draft, report));
        }
    }
    let (folder, draft, mut report) = found?;
    let world = World {
        course: slug.as_str(),
        files: &files,
        terms: glossary.iter().map(|term| term.key.clone()).collect(),
        skills: std::collections::BTreeSet::new(),
        anchors: anchors.into_iter().collect(),
    };
    let place = Place { world: &world, file: &file, folder: folder.name, chapter: folder.slug.as_str(), away: false };
    let chapter = draft.finish(&place, &folder, &mut Pools::default(), &mut report);
    let mut problems = report.in_order();
    problems.retain(|problem| problem.file == file);
    let course = Course {
        slug: slug.clone(),
        title: String::new(),
        summary: String::new(),
        objectives: Vec::new(),
        licence: String::new(),
        chapters: Vec::new(),
        skills: Vec::new(),
        positioning: None,
        assessment: None,
        glossary,
    };
    let terms = course.terms_used(&chapter).into_iter().cloned().collect();
    Some(Preview { chapter, terms, problems })
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::super::tests::whole;
    use super::*;
    use crate::studio::merge::MARKS;

    fn text() -> String {
        let files = whole();
        let file = files.iter().find(|file| file.path == "01-accueil/chapter.md").unwrap();
        String::from_utf8(file.bytes.clone()).unwrap()
    }

    /// As the studio gives them: media are named, and not read.
    fn texts() -> Vec<SourceFile> {
        let is_text = |path: &str| [".md", ".toml", ".vtt"].iter().any(|end| path.ends_with(end));
        let emptied =
            |file: SourceFile| if is_text(&file.path) { file } else { SourceFile { bytes: Vec::new(), ..file } };
        whole().into_iter().map(emptied).collect()
    }

    #[test]
    fn a_chapter_is_seen_as_it_would_be_published() {
        let (published, problems) = parse("socle", &whole());
        assert_eq!(problems, []);
        let published = published.unwrap();
        let seen = preview(&published.slug, &texts(), "01-accueil", &text()).unwrap();
        assert_eq!(seen.problems, []);
        assert_eq!(seen.chapter, published.chapters[0]);
        assert_eq!(seen.terms.iter().collect::<Vec<_>>(), published.terms_used(&published.chapters[0]));
        assert_eq!(look("socle", &texts()), (Some(published), Vec::new()));
    }

    #[test]
    fn problems_are_told_with_their_line_and_the_rest_is_seen_all_the_same() {
        let slug = "socle".parse().unwrap();
        let [before, between, after] = MARKS;
        let text = format!("{}\n{before}\n\nUn.\n\n{between}\n\nDeux.\n\n{after}\n\n[rien](#nulle-part)\n", text());
        let seen = preview(&slug, &texts(), "01-accueil", &text).unwrap();
        let last = u32::try_from(text.lines().count()).unwrap();
        let lines: Vec<u32> = seen.problems.iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [last - 10, last - 6, last - 2, last]);
        assert!(!seen.chapter.sections.is_empty());
        assert_eq!(preview(&slug, &texts(), "09-rien", &text), None);
    }
}
