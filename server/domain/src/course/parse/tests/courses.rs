//! The problems of a course as a whole: folders, names, `course.toml`, `glossary.toml`.

use super::super::parse;
use super::{COURSE, POSTURE, check, file, section_files, whole, with, without};

#[test]
fn an_empty_folder_is_told_what_it_misses() {
    check(&[], &[("course.toml", 1, "il manque ce fichier"), ("course.toml", 1, "pas de chapitre")]);
}

#[test]
fn the_name_of_the_course_is_a_slug() {
    let (course, problems) = parse("Mon Cours", &whole());
    assert!(course.is_none());
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].said.contains("« Mon Cours » n’est pas un identifiant"));
}

#[test]
fn problems_are_shown_with_file_and_line_in_order() {
    let mut files = with("course.toml", "title = \"A\"\nsummary = \"B\"\nobjectives = [\"C\", 4]\nlicense = \"D\"\n");
    files.push(file("a.txt", "a"));
    let shown: Vec<String> = parse("socle", &files).1.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "a.txt:1: ce fichier ne sert à rien : retirez-le.",
            "course.toml:1: il manque « licence » : ajoutez cette clé",
            "course.toml:3: « objectives » doit être un texte entre guillemets",
            "course.toml:4: la clé « license » n’est pas connue ici : retirez-la. Vouliez-vous écrire « licence » ? Clés possibles : « title », « summary », « objectives », « licence », « skill », « positioning », « assessment »",
        ]
    );
}

#[test]
fn texts_are_short_and_not_empty() {
    let long = "a".repeat(201);
    let text = format!(
        "title = \"{long}\"\nsummary = \" \"\nobjectives = [\"\"\"a\nb\"\"\"]\nlicence = \"D\"\ntitle = \"B\"\n"
    );
    check(
        &with("course.toml", text),
        &[
            ("course.toml", 1, "trop long : 200 signes"),
            ("course.toml", 2, "ce texte est vide"),
            ("course.toml", 3, "sur une ligne"),
            ("course.toml", 6, "écrite deux fois"),
        ],
    );
}

#[test]
fn terms_have_a_key_and_are_defined_once() {
    let term = |key: &str, term: &str| format!("[[term]]\nkey = \"{key}\"\nterm = \"{term}\"\ndefinition = \"x\"\n");
    let text =
        [term("usager", "Usager"), term("illectronisme", "usager"), term("usager", "C"), term("Clé", "D")].concat();
    check(
        &with("glossary.toml", text),
        &[
            ("glossary.toml", 5, "« usager » est déjà défini"),
            ("glossary.toml", 9, "« C » est déjà défini"),
            ("glossary.toml", 14, "la clé « Clé » est refusée"),
        ],
    );
    check(
        &with("glossary.toml", "term = 3\n"),
        &[
            ("glossary.toml", 1, "[[term]]"),
            ("01-accueil/chapter.md", 10, "n’est pas dans glossary.toml"),
            ("media/demo.md", 1, "n’est pas dans glossary.toml"),
        ],
    );
}

#[test]
fn folders_are_numbered_without_hole_nor_double() {
    let chapter =
        |folder: &str| file(&format!("{folder}/chapter.md"), POSTURE.replace("chapitre:accueil#ecouter", "#distance"));
    let course = |folders: &[&str]| {
        let mut files = vec![file("course.toml", COURSE)];
        files.extend(folders.iter().map(|folder| chapter(folder)));
        files
    };
    check(&course(&["01-a", "03-b"]), &[("03-b/chapter.md", 1, "il manque le chapitre 02")]);
    check(&course(&["02-a"]), &[("02-a/chapter.md", 1, "il manque le chapitre 01")]);
    check(&course(&["01-a", "01-b"]), &[("01-b/chapter.md", 1, "le numéro 01 est déjà pris")]);
    check(&course(&["01-a", "02-a"]), &[("02-a/chapter.md", 1, "deux chapitres s’appellent « a »")]);
    check(&course(&["01-a", "deux"]), &[("deux/chapter.md", 1, "01-nom-du-chapitre")]);
    check(&course(&["01-a", "2-b"]), &[("2-b/chapter.md", 1, "01-nom-du-chapitre")]);
}

#[test]
fn a_folder_of_a_chapter_holds_a_chapter() {
    let mut files = whole();
    files.push(file("03-vide/quiz.toml", super::QUIZ));
    check(&files, &[("03-vide/chapter.md", 1, "il manque ce fichier"), ("03-vide/quiz.toml", 1, "ne sert à rien")]);
}

#[test]
fn every_file_serves() {
    for path in
        ["notes.txt", "media/autre.svg", "01-accueil/brouillon.md", "media/autre.vtt", "01-accueil/media/autre.md"]
    {
        let mut files = whole();
        files.push(file(path, super::SVG));
        check(&files, &[(path, 1, "ne sert à rien")]);
    }
}

#[test]
fn names_of_files_are_plain() {
    for path in [
        "../course.toml",
        "media/../x.svg",
        "/etc/passwd",
        "media/été.svg",
        "media/a b.svg",
        "media\\x.svg",
        "media//x.svg",
        ".DS_Store",
        "media/.x.svg",
        "",
    ] {
        let mut files = whole();
        files.push(file(path, "x"));
        check(&files, &[(path, 1, "nom de fichier refusé")]);
    }
    let mut files = whole();
    files.push(file("course.toml", COURSE));
    check(&files, &[("course.toml", 1, "donné deux fois")]);
}

#[test]
fn texts_are_in_utf8_and_not_too_big() {
    check(
        &with("02-posture/chapter.md", b"+++\n\xe9\n"),
        &[("02-posture/chapter.md", 2, "UTF-8")]
            .into_iter()
            .chain(
                [
                    ("01-accueil/chapter.md", 11, "le chapitre « posture » n’existe pas"),
                    ("01-accueil/chapter.md", 11, "le chapitre « posture » n’existe pas"),
                ]
                .into_iter()
                .take(1),
            )
            .collect::<Vec<_>>(),
    );
    let big = format!("{POSTURE}{}", "a".repeat(512 * 1024));
    let problems = super::problems(&with("02-posture/chapter.md", big));
    assert!(problems.iter().any(|problem| problem.said.contains("512 Kio")), "{problems:?}");
}

#[test]
fn a_course_without_glossary_nor_quiz_is_a_course() {
    let mut files = section_files("Texte");
    files.retain(|file| file.path != "glossary.toml");
    check(&files, &[]);
    check(&without("01-accueil/quiz.toml"), &[]);
}
