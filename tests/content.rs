//! Every course of the content folder is whole, and speaks the French of its readers.

use domain::course::{Block, Chapter, Course};
use domain::quiz::{Kind, Question};
use domain::text::folded;
use domain::webinar::kit::Kit;
use std::collections::{BTreeMap, BTreeSet};
use support::workspace;

fn folders() -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(workspace().join("content")).unwrap();
    entries.map(|entry| entry.unwrap().path()).filter(|path| path.join("course.toml").is_file()).collect()
}

/// The MOOC, without a problem.
fn course() -> Course {
    let checked = server::course::publish::check(&workspace().join("content/mediation-numerique")).unwrap();
    let problems: Vec<String> = checked.problems.iter().map(ToString::to_string).collect();
    checked.course.unwrap_or_else(|| panic!("{problems:#?}"))
}

/// The files of questions of the MOOC: where, and what.
fn question_files(course: &Course) -> Vec<(String, Vec<&Question>)> {
    let mut files: BTreeMap<String, Vec<&Question>> = BTreeMap::new();
    for chapter in &course.chapters {
        let quiz = chapter.quiz.iter().flat_map(|quiz| &quiz.questions);
        files.insert(format!("{:02} quiz", chapter.number), quiz.collect());
    }
    let whole = [
        ("positioning", course.positioning.as_ref().map(|it| &it.quiz)),
        ("bank", course.assessment.as_ref().map(|it| &it.quiz)),
    ];
    for (name, quiz) in whole {
        for question in quiz.into_iter().flat_map(|quiz| &quiz.questions) {
            let chapter = course.chapter(question.chapter.as_ref().unwrap()).unwrap();
            files.entry(format!("{:02} {name}", chapter.number)).or_default().push(question);
        }
    }
    files.into_iter().collect()
}

fn words(text: &str) -> usize {
    text.split(|c: char| !c.is_alphanumeric() && c != '’' && c != '-')
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .count()
}

/// The words of rendered HTML.
fn plain(html: &str) -> String {
    let pieces = html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    pieces.collect::<Vec<_>>().join(" ").replace("&nbsp;", "\u{a0}")
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
fn the_mooc_is_whole() {
    let course = course();
    assert_eq!(course.chapters.len(), 10);
    let total: u32 = course.chapters.iter().map(|chapter| chapter.minutes).sum();
    assert!((240..=300).contains(&total), "{total} minutes of chapters");
    for chapter in &course.chapters {
        assert_whole(chapter, &course);
    }
    assert_eq!(course.positioning.as_ref().unwrap().quiz.questions.len(), 24);
    let assessment = &course.assessment.as_ref().unwrap().quiz;
    assert!(assessment.questions.len() >= 120);
    let rules = &assessment.rules;
    assert_eq!((rules.pass, rules.draw, rules.attempts_per_day), (70, Some(30), Some(2)));
}

fn assert_whole(chapter: &Chapter, course: &Course) {
    let name = format!("chapter {}", chapter.number);
    let prose: Vec<&str> = chapter
        .sections
        .iter()
        .flat_map(|section| &section.blocks)
        .filter_map(|block| match block {
            Block::Prose { html } => Some(html.as_str()),
            Block::Media(_) => None,
        })
        .collect();
    let html = prose.join("\n");
    let told = chapter
        .sections
        .iter()
        .flat_map(|section| &section.passages)
        .map(|passage| words(&passage.text))
        .sum::<usize>();
    let questions = chapter.quiz.as_ref().map_or(0, |quiz| quiz.questions.len());
    let read = told / 200 + questions;
    assert!((20..=35).contains(&chapter.minutes), "{name} says {} minutes", chapter.minutes);
    assert!(
        read.abs_diff(chapter.minutes as usize) <= 6,
        "{name} says {} minutes and takes {read}: {told} words, {questions} questions",
        chapter.minutes
    );
    assert!(questions >= 12, "{name} has {questions} questions");
    assert!((3..=6).contains(&chapter.objectives.len()), "{name}: objectives");
    assert!((5..=8).contains(&chapter.sections.len()), "{name}: {} sections", chapter.sections.len());
    assert_eq!(chapter.sections.last().unwrap().slug.as_str(), "sources", "{name}");
    assert!(
        html.contains("<details class=\"case\">") && html.matches("<details class=\"choice\">").count() >= 2,
        "{name}: a case with choices"
    );
    assert!(html.contains(".svg\" alt=\""), "{name}: a drawing with its words");
    assert!(course.terms_used(chapter).len() >= 6, "{name}: {} terms", course.terms_used(chapter).len());
    let sheet = plain(&chapter.sheet.as_ref().unwrap_or_else(|| panic!("{name}: no sheet")).html);
    assert!((150..=340).contains(&words(&sheet)), "{name}: a sheet of {} words", words(&sheet));
}

#[test]
fn sentences_are_short() {
    for path in
        walk(&workspace().join("content")).into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "md"))
    {
        let text = std::fs::read_to_string(&path).unwrap();
        let body = text.rsplit("+++").next().unwrap_or_default().split("## Sources").next().unwrap_or_default();
        let prose =
            body.lines().filter(|line| !line.starts_with('|') && !line.starts_with("![") && !line.starts_with('['));
        let prose = prose.collect::<Vec<_>>().join("\n");
        let lengths: Vec<usize> =
            prose.split(['.', '?', '!', '…', '\n']).map(words).filter(|length| *length > 0).collect();
        let mean = lengths.iter().sum::<usize>() as f64 / lengths.len().max(1) as f64;
        assert!(mean <= 20.0, "{}: sentences of {mean:.1} words", path.display());
    }
}

#[test]
fn images_are_light() {
    for folder in folders() {
        for chapter in
            std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir())
        {
            let images = walk(&chapter).into_iter().filter(|path| {
                path.extension()
                    .is_some_and(|kind| ["svg", "png", "jpg", "webp", "avif"].iter().any(|image| kind == *image))
            });
            let bytes: u64 = images.map(|path| path.metadata().unwrap().len()).sum();
            assert!(bytes <= 120_000, "{}: {bytes} bytes of images", chapter.display());
        }
        for video in walk(&folder).into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "webm")) {
            assert!(video.metadata().unwrap().len() <= 2_000_000, "{}", video.display());
        }
    }
}

#[test]
fn the_course_uses_every_type_of_question() {
    let course = course();
    let types: BTreeSet<&str> = question_files(&course)
        .iter()
        .flat_map(|(_, questions)| questions)
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

/// Each demonstration and each poll has its moment, and the quiz its own.
#[test]
fn the_webinar_is_ready_to_be_led() {
    let checked = server::document::check::<Kit>(&workspace().join("content/webinaire-outils-numeriques")).unwrap();
    let problems: Vec<String> = checked.problems.iter().map(ToString::to_string).collect();
    let kit = checked.document.unwrap_or_else(|| panic!("{problems:#?}"));
    assert_eq!((kit.minutes, kit.polls.len()), (90, 6));
    assert_eq!(kit.quiz.as_ref().unwrap().questions.len(), 10);
    assert_eq!(kit.steps.iter().filter(|step| step.quiz).count(), 1);
    let asked: BTreeSet<_> = kit.steps.iter().filter_map(|step| step.poll.as_ref()).collect();
    assert_eq!(asked, kit.polls.iter().map(|poll| &poll.id).collect(), "each poll has its moment");
    let shown: BTreeSet<_> = kit.steps.iter().filter_map(|step| step.demonstration.as_ref()).collect();
    assert_eq!(shown, kit.demonstrations.iter().map(|section| &section.anchor).collect(), "each demonstration too");
    let course = course();
    for link in kit.links {
        let chapter = link.url.strip_prefix("/cours/mediation-numerique/").and_then(|slug| slug.parse().ok());
        assert!(course.chapter(&chapter.unwrap()).is_some(), "{}", link.url);
    }
}

#[test]
fn no_question_is_asked_twice() {
    let course = course();
    let mut asked = BTreeMap::new();
    for (file, questions) in question_files(&course) {
        for question in questions {
            let known = asked.insert(folded(&plain(&question.stem)), format!("{file}, {}", question.slug));
            assert_eq!(known, None, "{file}, {}", question.slug);
        }
    }
}

/// Neither the place nor the length of a choice tells that it is the right one, and each teaches.
#[test]
fn the_right_choice_is_not_given_away() {
    let course = course();
    for (file, questions) in question_files(&course) {
        let (mut places, mut longest, mut singles) = (BTreeMap::<usize, usize>::new(), 0, 0);
        for question in questions {
            let (Kind::Single { choices } | Kind::Multiple { choices }) = &question.kind else { continue };
            for choice in choices {
                assert!(words(&plain(&choice.feedback)) >= 3, "{file}, {}: a choice without feedback", question.slug);
                assert!(!folded(&choice.text).contains("toutes les reponses"), "{file}, {}", question.slug);
            }
            let Kind::Single { choices } = &question.kind else { continue };
            let length = |choice: &domain::quiz::Choice| plain(&choice.text).chars().count();
            let right = choices.iter().position(|choice| choice.right).unwrap();
            let others =
                choices.iter().enumerate().filter(|(place, _)| *place != right).map(|(_, choice)| length(choice)).max();
            singles += 1;
            longest += usize::from(Some(length(&choices[right])) > others);
            *places.entry(right).or_default() += 1;
        }
        assert!(longest * 3 <= singles, "{file}: the right choice is the longest in {longest} of {singles}");
        let most = places.values().max().copied().unwrap_or(0);
        assert!(
            singles < 3 || most * 2 <= singles + 1,
            "{file}: the right choice is at one place in {most} of {singles}"
        );
    }
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
