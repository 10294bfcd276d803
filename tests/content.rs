//! Every course of the content folder is whole, and speaks the French of its readers.

use domain::quiz::Kind;
use std::collections::BTreeSet;
use support::workspace;

fn folders() -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(workspace().join("content")).unwrap();
    entries.map(|entry| entry.unwrap().path()).filter(|path| path.join("course.toml").is_file()).collect()
}

#[test]
fn no_course_has_a_problem() {
    assert!(!folders().is_empty());
    for folder in folders() {
        let checked = server::course::publish::check(&folder).unwrap();
        let problems: Vec<String> = checked.problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems, Vec::<String>::new(), "{}", folder.display());
    }
}

#[test]
fn the_course_uses_every_type_of_question() {
    let checked = server::course::publish::check(&workspace().join("content/mediation-numerique")).unwrap();
    let course = checked.course.expect("no problem");
    let types: BTreeSet<&str> = course
        .chapters
        .iter()
        .filter_map(|chapter| chapter.quiz.as_ref())
        .flat_map(|quiz| &quiz.questions)
        .map(|question| match question.kind {
            Kind::Single { .. } => "single",
            Kind::Multiple { .. } => "multiple",
            Kind::TrueFalse { .. } => "true-false",
            Kind::Numeric { .. } => "numeric",
            Kind::ShortText { .. } => "short-text",
            Kind::Matching { .. } => "matching",
            Kind::Ordering { .. } => "ordering",
            Kind::Gap { .. } => "gap",
        })
        .collect();
    assert_eq!(types.len(), 8, "{types:?}");
}

#[test]
fn french_punctuation_is_spaced_as_french_is() {
    for folder in folders() {
        for entry in walk(&folder).into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "md")) {
            let text = std::fs::read_to_string(&entry).unwrap();
            let prose = text.rsplit("+++").next().unwrap_or_default();
            for (number, line) in prose.lines().enumerate() {
                let bare = !line.starts_with(":::")
                    && !line.starts_with('|')
                    && !line.starts_with(": ")
                    && !line.contains("](")
                    && !line.contains("<http");
                for (wrong, what) in [
                    (" ?", "espace ordinaire avant ?"),
                    (" !", "espace ordinaire avant !"),
                    (" ;", "espace ordinaire avant ;"),
                    ("« ", "espace ordinaire après «"),
                    (" »", "espace ordinaire avant »"),
                    ("'", "apostrophe droite"),
                ] {
                    assert!(!(bare && line.contains(wrong)), "{} (+{number}): {what}: {line}", entry.display());
                }
            }
        }
    }
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}
