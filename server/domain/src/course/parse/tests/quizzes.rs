//! The problems of `quiz.toml`.

use super::{QUIZ, check, with};

const FILE: &str = "01-accueil/quiz.toml";

#[track_caller]
fn check_quiz(text: &str, expected: &[(u32, &str)]) {
    let expected: Vec<(&str, u32, &str)> = expected.iter().map(|(line, said)| (FILE, *line, *said)).collect();
    check(&with(FILE, text), &expected);
}

/// A quiz of one question, whose keys start on line 4.
#[track_caller]
fn check_question(keys: &str, expected: &[(u32, &str)]) {
    check_quiz(&format!("[rules]\npass = 70\n[[question]]\nid = \"q\"\nstem = \"Q ?\"\n{keys}"), expected);
}

fn choice(text: &str, right: bool) -> String {
    format!("[[question.choice]]\ntext = \"{text}\"\nright = {right}\nfeedback = \"F\"\n")
}

#[test]
fn a_quiz_has_rules_and_questions() {
    check_quiz("", &[(1, "il manque « rules »"), (1, "il manque « question »")]);
    check_quiz("rules = 3\nquestion = []\n", &[(1, "une ligne [rules]"), (2, "au moins une question")]);
    check_quiz("title = \"A\"\n[rules]\n[[question]]\n", &[(2, "il manque « pass »"), (3, "il manque « type »")]);
}

#[test]
fn the_rules_are_within_bounds() {
    for (from, to, line, said) in [
        ("pass = 70", "pass = 0", 2, "de 1 à 100"),
        ("pass = 70", "pass = \"70\"", 2, "un nombre entier"),
        ("attempts = 3", "attempts = 0", 3, "de 1 à 100"),
        ("draw = 8", "draw = 9", 4, "dépasse le nombre de questions (8)"),
        ("draw = 8", "draw = -1", 4, "de 1 à 1000"),
        ("time_limit = 20", "shuffle = \"oui\"", 5, "true (oui) ou false (non)"),
        ("time_limit = 20", "counts = \"first\"", 5, "\"best\""),
        ("time_limit = 20", "timelimit = 20", 5, "Vouliez-vous écrire « time_limit » ?"),
        ("2026-12-01T09:00", "1er décembre", 6, "une heure de Paris"),
        ("2026-12-01T09:00", "2026-02-30T09:00", 6, "une heure de Paris"),
        ("2026-12-01T09:00", "2026-03-29T02:30", 6, "l’heure qui n’existe pas"),
        ("2026-12-01T09:00", "2027-07-01T18:00", 7, "ferme avant d’avoir ouvert"),
        ("\"2026-12-01T09:00\"", "2026-12-01T09:00:00", 6, "entre guillemets"),
    ] {
        check_quiz(&QUIZ.replace(from, to), &[(line, said)]);
    }
}

#[test]
fn a_question_has_an_identity_of_its_own() {
    check_quiz(&QUIZ.replace("id = \"vrai\"", "id = \"ordre\""), &[(79, "« ordre » est écrit deux fois")]);
    check_quiz(&QUIZ.replace("id = \"vrai\"", "id = \"Vrai !\""), &[(42, "« Vrai ! » n’est pas un identifiant")]);
    check_question("type = \"unique\"\n", &[(6, "le type « unique » n’existe pas")]);
    check_question("type = \"multipel\"\n", &[(6, "Vouliez-vous écrire « multiple » ?")]);
    check_quiz(
        &QUIZ.replace("section = \"ecouter\"", "section = \"ecoute\""),
        &[(13, "« ecoute » n’existe pas dans ce chapitre")],
    );
    check_quiz(&QUIZ.replace("points = 2", "points = 0"), &[(31, "de 1 à 100")]);
}

#[test]
fn keys_of_another_type_are_refused_and_feedback_is_required() {
    check_question(
        "type = \"numeric\"\nanswer = 3\naccepted = [\"a\"]\n",
        &[(3, "il manque « feedback »"), (8, "« accepted » n’est pas connue ici")],
    );
    check_question(
        "type = \"true-false\"\nanswer = 1\n",
        &[(7, "true (oui)"), (3, "il manque « feedback_true »"), (3, "il manque « feedback_false »")],
    );
}

#[test]
fn choices_are_right_and_wrong_as_the_type_wants() {
    let single = |choices: &[String]| format!("type = \"single\"\n{}", choices.concat());
    let multiple = |choices: &[String]| format!("type = \"multiple\"\n{}", choices.concat());
    check_question(&single(&[choice("A", true), choice("B", true)]), &[(3, "exactement une")]);
    check_question(&single(&[choice("A", false), choice("B", false)]), &[(3, "exactement une")]);
    check_question(&multiple(&[choice("A", true), choice("B", true)]), &[(3, "au moins une bonne et une mauvaise")]);
    check_question(&multiple(&[choice("A", false), choice("B", false)]), &[(3, "au moins une bonne et une mauvaise")]);
    check_question(&single(&[choice("A", true)]), &[(3, "de 2 à 8 choix")]);
    check_question(&single(&[choice("*À côté*", true), choice("a cote", false)]), &[(12, "est écrit deux fois")]);
    check_question(&single(&[choice("-5", true), choice("5", false)]), &[]);
    check_question(&single(&[choice("A", true), choice("- B", false)]), &[(12, "un seul paragraphe")]);
    check_question(
        &single(&[choice("A", true), choice("B", false).replace("feedback = \"F\"\n", "")]),
        &[(11, "il manque « feedback »")],
    );
}

#[test]
fn answers_are_of_the_right_kind() {
    check_question("type = \"numeric\"\nanswer = \"dix\"\nfeedback = \"F\"\n", &[(7, "un nombre")]);
    check_question("type = \"numeric\"\nanswer = nan\nfeedback = \"F\"\n", &[(7, "un nombre")]);
    check_question("type = \"numeric\"\nanswer = 1\ntolerance = -1\nfeedback = \"F\"\n", &[(8, "négative")]);
    check_question("type = \"short-text\"\naccepted = []\nfeedback = \"F\"\n", &[(7, "au moins un texte")]);
    check_question("type = \"short-text\"\naccepted = [\"À\", \"a\"]\nfeedback = \"F\"\n", &[(7, "écrit deux fois")]);
    check_question("type = \"ordering\"\nitems = [\"a\", \"b\"]\nfeedback = \"F\"\n", &[(7, "3 à 8")]);
    check_question("type = \"ordering\"\nitems = [\"a\", \"b\", \"A\"]\nfeedback = \"F\"\n", &[(7, "écrit deux fois")]);
}

#[test]
fn pairs_go_together_without_doubt() {
    let pair = |left: &str, right: &str| format!("[[question.pair]]\nleft = \"{left}\"\nright = \"{right}\"\n");
    let matching =
        |top: &str, pairs: &[String]| format!("type = \"matching\"\nfeedback = \"F\"\n{top}{}", pairs.concat());
    check_question(&matching("", &[pair("a", "b")]), &[(3, "2 à 8 paires")]);
    check_question(&matching("", &[pair("a", "b"), pair("c", "B")]), &[(13, "écrit deux fois")]);
    check_question(&matching("", &[pair("a", "b"), pair("A", "c")]), &[(12, "écrit deux fois")]);
    check_question(&matching("distractors = [\"b\"]\n", &[pair("a", "b"), pair("c", "d")]), &[(8, "écrit deux fois")]);
}

#[test]
fn gaps_and_their_definitions_meet() {
    let gap = |text: &str, gaps: &str| format!("type = \"gap\"\nfeedback = \"F\"\ntext = \"{text}\"\n{gaps}");
    let a = "[question.gap.a]\naccepted = [\"x\"]\n";
    check_question(&gap("Un {a}.", a), &[]);
    check_question(&gap("Un.", a), &[(8, "pas de trou"), (9, "n’est pas dans le texte")]);
    check_question(&gap("Un {a} {b}.", a), &[(8, "{b} n’est pas défini")]);
    check_question(&gap("Un {a} {a}.", a), &[(8, "{a} est écrit deux fois")]);
    check_question(&gap("Un {a} {b", a), &[(8, "pas fermée")]);
    check_question(
        &gap("Un {a}.", "[question.gap.a]\naccepted = [\"x\"]\noptions = [\"y\", \"z\"]\n"),
        &[(11, "aucune proposition")],
    );
    check_question(
        &gap("Un {É}.", "[question.gap.\"É\"]\naccepted = [\"x\"]\n"),
        &[(9, "clé de trou « É » est refusée")],
    );
}

#[test]
fn markdown_of_a_question_has_its_lines() {
    let stem = "stem = \"\"\"\nUn\n\n<b>deux</b> [a](#rien)\n\"\"\"\n";
    let text = format!(
        "[rules]\npass = 70\n[[question]]\nid = \"q\"\ntype = \"numeric\"\nanswer = 1\nfeedback = \"F[^1]\"\n{stem}"
    );
    check_quiz(&text, &[(11, "HTML"), (11, "« #rien » n’existe pas"), (7, "n’est définie nulle part")]);
}
