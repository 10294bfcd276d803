//! The quizzes of the whole course, the sheets, and the choices of a case.

use super::super::SourceFile;
use super::{COURSE, check, course, file, html, section, section_files, whole, with};
use crate::course::{Exemption, Exercise};
use crate::ids::ChapterSlug;

const TABLES: &str = r#"
[[skill]]
key = "accueillir"
name = "Accueillir et écouter"
[positioning]
title = "Faites le point"
summary = "Ce que vous savez déjà."
minutes = 20
[assessment]
title = "Évaluation finale"
summary = "Ce que vous avez appris."
minutes = 40
pass = 70
draw = 2
attempts_per_day = 2
"#;

fn question(id: &str, section: &str) -> String {
    format!(
        "[[question]]\nid = \"{id}\"\ntype = \"true-false\"\nstem = \"Vrai pour l’[usager](glossaire:usager) ?\"\nskill = \"accueillir\"\nsection = \"{section}\"\nanswer = true\nfeedback_true = \"Oui.\"\nfeedback_false = \"Si.\"\n"
    )
}

/// A course of two chapters that both bring questions to both quizzes.
fn tested() -> Vec<SourceFile> {
    let mut files = with("course.toml", format!("{COURSE}{TABLES}"));
    files.extend([
        file("01-accueil/positioning.toml", format!("exempts_at = 100\n{}", question("p1", "ecouter"))),
        file("02-posture/positioning.toml", question("p2", "distance")),
        file("01-accueil/bank.toml", question("b1", "ecouter")),
        file("02-posture/bank.toml", format!("{}{}", question("b2", "distance"), question("b3", "distance"))),
    ]);
    files
}

#[track_caller]
fn check_with(path: &str, text: &str, expected: &[(&str, u32, &str)]) {
    let mut files = tested();
    files.retain(|file| file.path != path);
    files.push(file(path, text));
    check(&files, expected);
}

#[test]
fn the_chapters_bring_the_questions_of_the_whole_course() {
    let course = course(&tested());
    let slug = |text: &str| text.parse::<ChapterSlug>().unwrap();
    let Some(Exercise::Positioning(positioning)) = course.exercise(&slug("positionnement")) else { panic!() };
    assert_eq!(positioning.exemptions, [Exemption { chapter: slug("accueil"), percent: 100 }]);
    assert_eq!((positioning.quiz.rules.pass, positioning.quiz.rules.attempts), (0, Some(1)));
    let Some(Exercise::Assessment(assessment)) = course.exercise(&slug("evaluation")) else { panic!() };
    let rules = &assessment.quiz.rules;
    assert_eq!((rules.pass, rules.draw, rules.attempts_per_day), (70, Some(2), Some(2)));
    let of: Vec<(&str, &str)> = assessment
        .quiz
        .questions
        .iter()
        .map(|question| (question.slug.as_str(), question.chapter.as_ref().unwrap().as_str()))
        .collect();
    assert_eq!(of, [("b1", "accueil"), ("b2", "posture"), ("b3", "posture")]);
    assert!(assessment.quiz.questions[0].stem.contains("href=\"/cours/socle/accueil#glossaire-usager\""));
    let terms: Vec<&str> = course.terms_used(&course.chapters[1]).iter().map(|term| term.key.as_str()).collect();
    assert_eq!(terms, ["usager"], "the link leads to a definition");
    assert_eq!(course.minutes(), 35 + 40);
    assert!(matches!(course.exercise(&slug("accueil")), Some(Exercise::Chapter(..))));
    assert_eq!(course.exercise(&slug("posture")), None, "a chapter without a quiz");
}

#[test]
fn questions_and_tables_go_together() {
    let mut files = whole();
    files.push(file("01-accueil/bank.toml", "[[question]]\n"));
    check(
        &files,
        &[("01-accueil/bank.toml", 1, "il manque « id »"), ("01-accueil/bank.toml", 1, "il manque « type »")][1..],
    );
    check(
        &with("course.toml", format!("{COURSE}{TABLES}")),
        &[
            ("course.toml", 9, "aucun chapitre n’a de positioning.toml"),
            ("course.toml", 13, "aucun chapitre n’a de bank.toml"),
        ],
    );
    let mut files = whole();
    files.push(file("01-accueil/positioning.toml", question("p1", "ecouter").replace("skill", "#")));
    check(
        &files,
        &[
            ("01-accueil/positioning.toml", 1, "il manque « skill »"),
            ("course.toml", 1, "ajoutez une table [positioning]"),
        ],
    );
}

#[test]
fn a_question_is_named_once_in_the_course_and_tests_a_known_skill() {
    let two = |first: &str| format!("{first}{}", question("b3", "distance"));
    check_with(
        "02-posture/bank.toml",
        &two(&question("b1", "distance")),
        &[("02-posture/bank.toml", 2, "déjà pris dans 01-accueil/bank.toml")],
    );
    check_with(
        "02-posture/bank.toml",
        &two(&question("b2", "distance").replace("accueillir", "accueil")),
        &[("02-posture/bank.toml", 5, "Compétences possibles : « accueillir »")],
    );
    check_with(
        "02-posture/bank.toml",
        &two(&question("b2", "ecouter")),
        &[("02-posture/bank.toml", 6, "n’existe pas dans ce chapitre")],
    );
    check_with(
        "01-accueil/bank.toml",
        &format!("exempts_at = 50\n{}", question("b1", "ecouter")),
        &[("01-accueil/bank.toml", 1, "« exempts_at » n’est pas connue")],
    );
}

#[test]
fn a_sheet_is_one_page_under_a_title() {
    let mut files = whole();
    files.push(file(
        "01-accueil/fiche.md",
        "+++\ntitle = \"La fiche\"\n+++\n### Dire\n\n- Bonjour à l’[usager](glossaire:usager)\n",
    ));
    let course = course(&files);
    let sheet = course.chapters[0].sheet.as_ref().unwrap();
    assert_eq!(sheet.title, "La fiche");
    assert!(
        sheet.html.contains("<h2>Dire</h2>") && sheet.html.contains("/cours/socle/accueil#glossaire-usager"),
        "{}",
        sheet.html
    );
    files.pop();
    files.push(file("01-accueil/fiche.md", "+++\ntitle = \"\"\n+++\n\n"));
    check(&files, &[("01-accueil/fiche.md", 2, "vide"), ("01-accueil/fiche.md", 4, "cette fiche est vide")]);
}

#[test]
fn a_case_offers_choices_and_their_consequences() {
    let html = html(&section(
        ":::cas Le carnet\n\nElle le tend.\n\n:::choix Vous le prenez\nUn **paiement** disparaît.\n:::\n\n:::choix Vous refusez\nElle repart.\n:::\n\nEt après ?\n:::",
    ));
    assert_eq!(html.matches("<details class=\"choice\">").count(), 2);
    assert_eq!(html.matches("</details>").count(), 3);
    assert!(html.contains("Vous le prenez</summary>") && html.contains("<strong>paiement</strong>"), "{html}");
    let told =
        |text: &str, line: u32, said: &str| check(&section_files(text), &[("01-accueil/chapter.md", line, said)]);
    told(":::choix Seul\nx\n", 9, "se met dans un cas");
    told(":::cas A\nx\n\n:::choix\n:::\n", 12, "ne dit rien");
    told(":::cas A\nx\n\n:::choix B\nx\n\n:::choix C\n:::\n:::\n", 15, "n’est pas fermé");
    told(":::cas A\nx\n\n:::choix B\nx\n", 9, "ce cas n’est pas fermé");
}
