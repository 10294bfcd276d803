//! Tests of the reading of courses: a whole course, every problem, and whatever bytes.

mod chapters;
mod courses;
mod media;
mod quizzes;
mod whatever;
mod whole;
mod whole_quizzes;

use super::{Problem, SourceFile, parse};
use crate::course::{Block, Course, Section};

pub(super) const COURSE: &str = include_str!("tests/course.toml");
pub(super) const GLOSSARY: &str = include_str!("tests/glossary.toml");
pub(super) const WELCOME: &str = include_str!("tests/accueil.md");
pub(super) const POSTURE: &str = include_str!("tests/posture.md");
pub(super) const QUIZ: &str = include_str!("tests/quiz.toml");
pub(super) const VTT: &str = "WEBVTT - démonstration\n\nNOTE relu\n\n1\n00:01.000 --> 00:04.500 align:start\n<v Camille>Bonjour &amp; bienvenue</v>\n\n01:00:05.000 --> 01:00:06.000\nAu revoir\n";
pub(crate) const SVG: &str = "<?xml version=\"1.0\"?>\n<!-- a > b -->\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox='0 0 2 2'><style>.a{fill:url(#g)}</style><a href=\"#g\"><rect id=\"g\" width=\"2\" height=\"2\"/></a><text>Un &lt; deux</text></svg>\n";

pub(crate) fn file(path: &str, bytes: impl AsRef<[u8]>) -> SourceFile {
    SourceFile { path: path.to_owned(), bytes: bytes.as_ref().to_vec() }
}

/// A course that uses every block and every type of question.
pub(crate) fn whole() -> Vec<SourceFile> {
    vec![
        file("course.toml", COURSE),
        file("glossary.toml", GLOSSARY),
        file("media/plan.svg", SVG),
        file("media/frise.png", b"\x89PNG\r\n\x1a\n...."),
        file("media/demo.webm", b"\x1a\x45\xdf\xa3...."),
        file("media/demo.vtt", VTT),
        file("media/demo.md", "Camille **accueille** un usager, voir [illectronisme](glossaire:illectronisme).\n"),
        file("01-accueil/chapter.md", WELCOME),
        file("01-accueil/quiz.toml", QUIZ),
        file("01-accueil/media/temoin.ogg", b"OggS...."),
        file("01-accueil/media/temoin.vtt", "WEBVTT\n\n00:00.000 --> 00:02.000\nJ’ai eu peur de mal faire.\n"),
        file("02-posture/chapter.md", POSTURE),
    ]
}

/// The whole course with one file in place of another, or added.
pub(super) fn with(path: &str, bytes: impl AsRef<[u8]>) -> Vec<SourceFile> {
    let mut files = whole();
    files.retain(|file| file.path != path);
    files.push(file(path, bytes));
    files
}

/// The whole course without a file.
pub(super) fn without(path: &str) -> Vec<SourceFile> {
    let mut files = whole();
    files.retain(|file| file.path != path);
    files
}

pub(super) fn problems(files: &[SourceFile]) -> Vec<Problem> {
    parse("socle", files).1
}

/// Demands exactly these problems: file, line, and a part of what is said.
#[track_caller]
pub(super) fn check(files: &[SourceFile], expected: &[(&str, u32, &str)]) {
    let (course, found) = parse("socle", files);
    let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
    let same = found.len() == expected.len()
        && expected.iter().all(|(file, line, said)| {
            found.iter().any(|p| p.file == *file && p.line == *line && p.said.contains(said))
        });
    assert!(same, "expected {expected:#?}\nfound {shown:#?}");
    assert_eq!(course.is_some(), expected.is_empty());
}

#[track_caller]
pub(crate) fn course(files: &[SourceFile]) -> Course {
    let (course, problems) = parse("socle", files);
    assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
    course.unwrap()
}

/// A first chapter that holds only this section, which starts on line 7; its text on line 9.
pub(super) fn section_files(text: &str) -> Vec<SourceFile> {
    let front = "+++\ntitle = \"Un\"\nsummary = \"Deux\"\nminutes = 5\nobjectives = [\"Trois\"]\n+++\n";
    vec![
        file("course.toml", COURSE),
        file("glossary.toml", GLOSSARY),
        file("01-accueil/chapter.md", format!("{front}## Écouter {{#ecouter}}\n\n{text}\n")),
    ]
}

/// What such a section becomes.
#[track_caller]
pub(super) fn section(text: &str) -> Section {
    course(&section_files(text)).chapters[0].sections[0].clone()
}

pub(super) fn html(section: &Section) -> String {
    let prose = section.blocks.iter().map(|block| match block {
        Block::Prose { html } => html.clone(),
        Block::Media(media) => format!("<figure id=\"{}\"></figure>", media.anchor),
    });
    prose.collect()
}
