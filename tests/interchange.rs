//! Courses brought in and taken out, on disk: our own course there and back, and nothing half-written.

use domain::course::interchange::{Fate, tally};
use domain::quiz::{Kind, Question};
use server::course::interchange::{Form, Labels, carry_out, export, plan};
use server::course::publish::check;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use support::workspace;
use tempfile::{TempDir, tempdir};

fn mooc() -> PathBuf {
    workspace().join("content/mediation-numerique")
}

/// A folder to work in, with the MOOC exported in that form as `out`.
fn exported(form: Form) -> (TempDir, PathBuf) {
    let folder = tempdir().unwrap();
    let file = folder.path().join("out");
    export(&mooc(), form, &file, false).unwrap();
    (folder, file)
}

fn imported(file: &Path, into: &Path) {
    let plan = plan(file, into, Labels::default()).unwrap();
    assert_eq!(plan.problems.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
    assert!(!into.exists(), "a plan writes nothing");
    carry_out(&plan, false).unwrap();
}

/// What stands in a folder, hidden files too.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn our_course_goes_through_a_zip_and_back_byte_for_byte() {
    let (folder, file) = exported(Form::Zip);
    let into = folder.path().join("mediation-numerique");
    imported(&file, &into);
    let (before, after) = (check(&mooc()).unwrap(), check(&into).unwrap());
    assert!(before.files == after.files, "a file is not what it was");
    assert_eq!(names(folder.path()), ["mediation-numerique", "out"], "nothing is left beside");
}

/// Questions by identifier, each by what is asked.
fn questions<'q>(questions: impl IntoIterator<Item = &'q Question>) -> BTreeMap<String, &'q Question> {
    questions.into_iter().map(|question| (question.slug.to_string(), question)).collect()
}

#[test]
fn the_questions_of_our_course_go_through_gift_and_back() {
    let (folder, file) = exported(Form::Gift);
    let into = folder.path().join("cours");
    let (course, text) = (check(&mooc()).unwrap().course.unwrap(), std::fs::read_to_string(&file).unwrap());
    let chapter = into.join("01-accueil");
    std::fs::create_dir_all(&chapter).unwrap();
    std::fs::write(into.join("course.toml"), "title = \"T\"\nsummary = \"S\"\nobjectives = [\"O\"]\nlicence = \"L\"\n")
        .unwrap();
    let front =
        "+++\ntitle = \"T\"\nsummary = \"S\"\nminutes = 5\nobjectives = [\"O\"]\n+++\n\n## Un {#un}\n\nTexte.\n";
    std::fs::write(chapter.join("chapter.md"), front).unwrap();
    // links lead into the course they were written for
    let text = text.replace("](glossaire\\:", "](https\\://a.fr/").replace("](chapitre\\:", "](https\\://a.fr/");
    std::fs::write(&file, text).unwrap();
    let quiz = chapter.join("quiz.toml");
    imported(&file, &quiz);

    let read = check(&into).unwrap().course.unwrap();
    let theirs = questions(&read.chapters[0].quiz.as_ref().unwrap().questions);
    let all = course.chapters.iter().filter_map(|chapter| chapter.quiz.as_ref());
    let all =
        all.chain(course.assessment.iter().map(|it| &it.quiz)).chain(course.positioning.iter().map(|it| &it.quiz));
    let ours: Vec<&Question> = all.flat_map(|quiz| &quiz.questions).collect();
    let sayable = |question: &&&Question| !matches!(question.kind, Kind::Ordering { .. } | Kind::Gap { .. });
    assert_eq!(theirs.len(), ours.iter().filter(sayable).count(), "those that GIFT can say, and no other");
    assert!(theirs.len() > 100);
    for (slug, question) in theirs {
        // two quizzes may have given one identifier, which is changed in one quiz
        let same: Vec<&&Question> = ours.iter().filter(|ours| ours.slug.as_str() == slug).collect();
        let [ours] = same[..] else { continue };
        let right = |question: &Question| match &question.kind {
            Kind::Single { choices } | Kind::Multiple { choices } => {
                choices.iter().map(|choice| choice.right).collect()
            }
            Kind::TrueFalse { answer, .. } => vec![*answer],
            _ => Vec::new(),
        };
        assert_eq!(right(question), right(ours), "{slug}");
        match (&question.kind, &ours.kind) {
            (Kind::Matching { .. } | Kind::ShortText { .. }, ours) => assert_eq!(&question.kind, ours, "{slug}"),
            (Kind::Numeric { answer, tolerance, .. }, Kind::Numeric { answer: a, tolerance: t, .. }) => {
                assert_eq!((answer, tolerance), (a, t), "{slug}");
            }
            _ => {}
        }
    }
    let again = plan(&file, &quiz, Labels::default()).unwrap();
    let [(_, kept), (_, changed), _] = tally(&again.items);
    assert_eq!((kept, changed), (0, 0), "a second run adds nothing");
}

#[test]
fn our_course_goes_through_olx_and_back_as_far_as_olx_can_say() {
    let (folder, file) = exported(Form::Olx);
    let into = folder.path().join("mediation-numerique");
    imported(&file, &into);
    let (ours, theirs) = (check(&mooc()).unwrap().course.unwrap(), check(&into).unwrap().course.unwrap());
    assert_eq!((&ours.title, &ours.objectives, &ours.licence), (&theirs.title, &theirs.objectives, &theirs.licence));
    assert_eq!(theirs.chapters.len(), ours.chapters.len() + 2, "the positioning and the assessment are chapters there");
    for ours in &ours.chapters {
        let theirs = theirs.chapter(&ours.slug).unwrap();
        assert_eq!(theirs.title, ours.title);
        let sections = |chapter: &domain::course::Chapter| -> Vec<(String, String)> {
            chapter.sections.iter().map(|section| (section.slug.to_string(), section.title.clone())).collect()
        };
        let (mut there, here) = (sections(theirs), sections(ours));
        there.truncate(here.len());
        assert_eq!(there, here, "in {}; the sheet comes after", ours.slug);
        let videos = |chapter: &domain::course::Chapter| {
            let blocks = chapter.sections.iter().flat_map(|section| &section.blocks);
            blocks
                .filter_map(|block| match block {
                    domain::course::Block::Media(media) if media.kind == domain::course::MediaKind::Video => {
                        Some(media.cues.len())
                    }
                    _ => None,
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(videos(theirs), videos(ours), "with their captions");
        let theirs = questions(&theirs.quiz.as_ref().unwrap().questions);
        for question in &ours.quiz.as_ref().unwrap().questions {
            match (&question.kind, theirs.get(question.slug.as_str()).map(|question| &question.kind)) {
                // their gaps are as many questions; their order is a matching
                (Kind::Gap { .. }, None) | (Kind::Ordering { .. }, Some(Kind::Matching { .. })) => {}
                (
                    Kind::Single { choices: a } | Kind::Multiple { choices: a },
                    Some(Kind::Single { choices: b } | Kind::Multiple { choices: b }),
                ) => {
                    assert_eq!(
                        a.iter().map(|choice| (&choice.text, choice.right)).collect::<Vec<_>>(),
                        b.iter().map(|choice| (&choice.text, choice.right)).collect::<Vec<_>>()
                    );
                }
                (Kind::TrueFalse { answer: a, .. }, Some(Kind::TrueFalse { answer: b, .. })) => assert_eq!(a, b),
                (Kind::Matching { pairs, distractors }, Some(Kind::Matching { pairs: p, distractors: d })) => {
                    assert_eq!((pairs, distractors), (p, d), "{}", question.slug);
                }
                (a @ (Kind::Numeric { .. } | Kind::ShortText { .. }), Some(b)) => assert_eq!(a, b),
                (Kind::Gap { .. }, Some(_)) => {}
                (a, b) => panic!("{}: {a:?} became {b:?}", question.slug),
            }
        }
    }
}

#[test]
fn a_folder_that_is_there_is_replaced_only_if_that_is_said() {
    let (folder, file) = exported(Form::Zip);
    let into = folder.path().join("mediation-numerique");
    std::fs::create_dir(&into).unwrap();
    std::fs::write(into.join("mine.txt"), "precious").unwrap();
    let plan = plan(&file, &into, Labels::default()).unwrap();
    assert!(carry_out(&plan, false).unwrap_err().to_string().contains("--replace"));
    assert_eq!(names(&into), ["mine.txt"], "it is as it was");
    carry_out(&plan, true).unwrap();
    assert!(into.join("course.toml").is_file() && !into.join("mine.txt").exists());
    assert_eq!(names(folder.path()), ["mediation-numerique", "out"]);
    assert!(export(&mooc(), Form::Zip, &file, false).unwrap_err().to_string().contains("--replace"));
}

#[test]
fn what_cannot_be_written_leaves_nothing_behind() {
    let (folder, file) = exported(Form::Zip);
    let nowhere = folder.path().join("absent/mediation-numerique");
    let plan = plan(&file, &nowhere, Labels::default()).unwrap();
    assert!(carry_out(&plan, false).is_err());
    assert_eq!(names(folder.path()), ["out"]);
}

#[test]
fn each_mistake_is_said_with_its_remedy() {
    let (folder, zip) = exported(Form::Zip);
    let gift = folder.path().join("q.gift");
    std::fs::write(&gift, "Q ?{=a ~b}\n").unwrap();
    let chapter = mooc().join("01-maison-france-services");
    let refused = |file: &Path, into: &Path, labels: Labels<'_>| format!("{:#}", plan(file, into, labels).unwrap_err());
    assert!(refused(&gift, &folder.path().join("x"), Labels::default()).contains("quiz.toml or bank.toml"));
    assert!(refused(&zip, &chapter.join("quiz.toml"), Labels::default()).contains("names the folder to make"));
    assert!(refused(&gift, &chapter.join("bank.toml"), Labels::default()).contains("--section"));
    assert!(refused(&gift, &folder.path().join("quiz.toml"), Labels::default()).contains("chapter.md"));
    assert!(
        refused(&folder.path().join("absent"), &folder.path().join("x"), Labels::default()).contains("cannot be read")
    );
    std::fs::write(&zip, b"PK\x03\x04 nothing more").unwrap();
    assert!(refused(&zip, &folder.path().join("x"), Labels::default()).contains("cannot be imported"));

    let labels = Labels { section: Some("nulle-part"), skill: Some("accueillir") };
    let plan = plan(&gift, &chapter.join("bank.toml"), labels).unwrap();
    assert!(
        plan.problems.iter().all(|problem| problem.file == "01-maison-france-services/bank.toml" && problem.line > 1)
    );
    assert!(plan.problems.iter().any(|problem| problem.said.contains("nulle-part")), "{:?}", plan.problems);
    assert!(plan.items.iter().all(|item| item.fate != Fate::Left));
}
