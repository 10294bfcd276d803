use super::*;
use crate::course::parse::tests::{course, whole};

fn edited(path: &str, from: &str, to: &str) -> Course {
    let mut files = whole();
    let file = files.iter_mut().find(|file| file.path == path).unwrap();
    let text = String::from_utf8(file.bytes.clone()).unwrap();
    assert!(text.contains(from), "{path} holds no {from}: {text}");
    file.bytes = text.replacen(from, to, 1).into_bytes();
    course(&files)
}

#[test]
fn the_same_files_differ_in_nothing() {
    assert!(changes(&course(&whole()), &course(&whole())).is_empty());
}

#[test]
fn a_changed_section_is_told_by_its_words_and_a_quiz_by_its_rules_and_questions() {
    let old = course(&whole());
    let title = &old.chapters[1].title;
    let new = edited("02-posture/chapter.md", &format!("title = \"{title}\""), "title = \"Tout autre chose\"");
    let told = changes(&old, &new);
    let [chapter] = &told.chapters[..] else { panic!("{told:?}") };
    assert_eq!((chapter.fate, chapter.about.as_slice(), chapter.moved), (Fate::Changed, &["le titre"][..], None));

    let new = edited("01-accueil/quiz.toml", "pass = 70", "pass = 75");
    let told = changes(&old, &new);
    let [quiz] = &told.quizzes[..] else { panic!("{told:?}") };
    assert_eq!((quiz.fate, quiz.rules.len(), quiz.questions.len()), (Fate::Changed, 1, 0), "{quiz:?}");
    assert!(told.chapters.is_empty(), "its chapter is the same");

    let mut less = old.clone();
    less.chapters.pop();
    assert_eq!(changes(&old, &less).chapters.iter().map(|it| it.fate).collect::<Vec<_>>(), [Fate::Removed]);
    let added = changes(&less, &old);
    assert!(added.chapters[0].sections.iter().all(|it| it.fate == Fate::Added && it.added > 0), "{added:?}");
}

#[test]
fn a_right_answer_that_changes_is_told_apart_from_a_comment() {
    let old = course(&whole());
    let mut new = old.clone();
    let questions = &mut new.chapters[0].quiz.as_mut().unwrap().questions;
    questions[0].feedback = "<p>Autre</p>".to_owned();
    let at = questions.iter().position(|it| matches!(it.kind, Kind::TrueFalse { .. })).unwrap();
    if let Kind::TrueFalse { answer, .. } = &mut questions[at].kind {
        *answer = !*answer;
    }
    let told = changes(&old, &new);
    let questions = &told.quizzes[0].questions;
    assert_eq!(questions.len(), 2, "{questions:?}");
    let right = questions.iter().find(|it| it.what == ["la bonne réponse"]).unwrap();
    assert!(right.meaning.contains("gardent leur note"));
    assert!(questions.iter().any(|it| it.what == ["l’explication"]));
}
