use super::*;
use crate::course::parse::parse;
use crate::course::parse::tests::{SVG, file};

/// A course that uses everything, and says it well.
fn whole() -> Vec<SourceFile> {
    let mut files = crate::course::parse::tests::whole();
    for file in &mut files {
        if let Ok(text) = std::str::from_utf8(&file.bytes) {
            file.bytes =
                text.replace("![Plan](", "![Le plan de la salle](").replace("[la suite](", "[la posture](").into();
        }
    }
    files
}

fn judged(files: &[SourceFile]) -> Report {
    let (course, problems) = parse("socle", files);
    check(course.as_ref(), &problems, files)
}

/// The whole course, with that paragraph more in its second chapter.
fn with(paragraph: &str) -> Vec<SourceFile> {
    let mut files = whole();
    for file in &mut files {
        if file.path == "02-posture/chapter.md" {
            file.bytes.extend(format!("\n{paragraph}\n").bytes());
        }
    }
    files
}

fn blocking(report: &Report) -> Vec<&Finding> {
    report.findings.iter().filter(|finding| finding.severity == Severity::Blocking).collect()
}

#[test]
fn a_good_course_is_not_blocked_and_each_chapter_has_its_figures() {
    let report = judged(&whole());
    assert_eq!(blocking(&report), Vec::<&Finding>::new());
    let [welcome, posture] = &report.figures[..] else { panic!("two chapters") };
    assert!(welcome.weight.images > 0 && welcome.weight.media > 0 && welcome.reading.words > 50, "{welcome:?}");
    assert!(posture.weight.text > 0 && posture.reading.level().is_some());
    assert_eq!((seconds(16_000, THIN_LINE), seconds(250_001, SLOW_LINE)), (1, 2));
}

#[test]
fn what_the_parser_says_blocks_at_its_place_in_the_draft_and_is_never_waived() {
    let mut files = whole();
    files.push(file("02-posture/media/perdu.svg", SVG));
    let report = judged(&files);
    let found = blocking(&report);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].file.as_str(), found[0].rule), ("posture/media/perdu.svg", Rule::Format));
    assert!(found[0].blocks(std::slice::from_ref(&found[0].key)), "{:?}", found[0]);
    assert!(report.figures.is_empty(), "no course, no figures");
}

#[test]
fn words_that_say_nothing_are_told_with_their_line_and_may_be_waived() {
    for (paragraph, rule) in [
        ("![image](media/plan.svg)", Rule::Alternative),
        ("![plan.svg](media/plan.svg)", Rule::Alternative),
        ("![Plan](media/plan.svg)", Rule::Alternative),
        ("Voyez [cliquez ici](chapitre:accueil).", Rule::LinkText),
        ("Voyez [Ici](https://exemple.example/).", Rule::LinkText),
    ] {
        let files = with(paragraph);
        let report = judged(&files);
        let found = blocking(&report);
        let [found] = found[..] else { panic!("{paragraph}: {found:?}") };
        assert_eq!((found.rule, found.file.as_str()), (rule, "posture/chapter.md"), "{paragraph}");
        let text = files.iter().find(|file| file.path == "02-posture/chapter.md").map(|file| file.bytes.clone());
        let text = String::from_utf8(text.unwrap()).unwrap();
        let line = text.lines().nth(found.line as usize - 1).unwrap();
        assert_eq!(line, paragraph);
        assert!(found.blocks(&[]) && !found.blocks(std::slice::from_ref(&found.key)));
        // The waiver holds when the paragraph moves, and not for another file.
        let moved = judged(&with(&format!("Un mot.\n\n{paragraph}")));
        assert_eq!(blocking(&moved)[0].key, found.key);
    }
    for good in ["![Le plan de la maison](media/plan.svg)", "Voyez [la page de la CAF](https://www.caf.fr/)."] {
        assert_eq!(blocking(&judged(&with(good))).len(), 0, "{good}");
    }
}

#[test]
fn advice_does_not_block() {
    let long = "a".repeat(251);
    for (paragraph, rule) in [
        ("<https://exemple.example/>", Rule::LinkText),
        ("![Photo de la maison](media/plan.svg)", Rule::Alternative),
        ("| Où | |\n| --- | --- |\n| Ici | Là |", Rule::Label),
        (&format!("![{long}](media/plan.svg)"), Rule::Alternative),
    ] {
        let report = judged(&with(paragraph));
        assert!(blocking(&report).is_empty(), "{paragraph}: {report:?}");
        assert!(
            report.findings.iter().any(|finding| finding.rule == rule && finding.file == "posture/chapter.md"),
            "{paragraph}: {:?}",
            report.findings
        );
    }
}

#[test]
fn captions_that_pass_too_fast_and_heavy_pictures_are_told() {
    let mut files = whole();
    for source in &mut files {
        if source.path == "media/demo.vtt" {
            source.bytes = format!("WEBVTT\n\n00:01.000 --> 00:02.000\n{}\n", "un mot ".repeat(8)).into_bytes();
        }
        if source.path == "media/frise.png" {
            source.bytes.resize(700_000, 0);
        }
    }
    let report = judged(&files);
    assert!(blocking(&report).is_empty());
    for rule in [Rule::Captions, Rule::Weight] {
        assert!(report.findings.iter().any(|finding| finding.rule == rule), "{rule:?}: {:?}", report.findings);
    }
}
