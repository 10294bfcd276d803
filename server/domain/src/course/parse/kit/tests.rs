use super::*;
use crate::course::parse::tests::file;
use proptest::prelude::*;

const WEBINAR_FILE: &str = r#"title = "En direct"
summary = "Voir faire."
minutes = 15
objectives = ["Rendre un poste propre."]
licence = "CC BY 4.0"

[[step]]
at = 0
minutes = 5
title = "Un sondage"
trainer = "Je lance."
screen = "Le sondage."
agents = "Ils votent."
poll = "perdu"

[[step]]
at = 5
minutes = 5
title = "Une démonstration"
trainer = "Je montre."
screen = "Le poste."
agents = "Ils regardent."
demonstration = "propre"

[[step]]
at = 10
minutes = 5
title = "Un quiz"
trainer = "Je lance."
screen = "Le quiz."
agents = "Ils répondent."
quiz = true

[[link]]
title = "Le chapitre 5"
url = "/cours/mediation-numerique/outils-de-l-agent"
"#;
const POLLS_FILE: &str = r#"[[poll]]
id = "perdu"
type = "multiple"
stem = "Où passe le temps ?"
choices = ["Mots de passe", "Papiers"]
trainer = "Commentez."
"#;
const QUIZ_FILE: &str = r#"[rules]
pass = 60
[[question]]
id = "vrai"
type = "true-false"
stem = "Fermer suffit."
answer = false
feedback_true = "Non."
feedback_false = "En effet."
"#;
const DEMONSTRATIONS_FILE: &str = "+++\ntitle = \"D\"\nsummary = \"S\"\nminutes = 5\nobjectives = [\"O\"]\n+++\n\n## Un poste propre {#propre}\n\n**La situation.** <https://a.example>\n";
const SUITE_FILE: &str =
    "+++\ntitle = \"S\"\nsummary = \"S\"\nminutes = 5\nobjectives = [\"O\"]\n+++\n\n## Vu {#vu}\n\nUn [lien](#vu).\n";

fn whole() -> Vec<SourceFile> {
    vec![
        file(WEBINAR, WEBINAR_FILE),
        file(POLLS, POLLS_FILE),
        file(QUIZ, QUIZ_FILE),
        file(DEMONSTRATIONS, DEMONSTRATIONS_FILE),
        file(SUITE, SUITE_FILE),
    ]
}

fn with(path: &str, text: &str) -> Vec<SourceFile> {
    let mut files = whole();
    files.retain(|file| file.path != path);
    files.push(file(path, text));
    files
}

/// Demands exactly these problems.
#[track_caller]
fn check(files: &[SourceFile], expected: &[(&str, u32, &str)]) {
    let (kit, found) = parse("en-direct", files);
    let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
    let same = found.len() == expected.len()
        && expected.iter().all(|(file, line, said)| {
            found.iter().any(|it| it.file == *file && it.line == *line && it.said.contains(said))
        });
    assert!(same, "expected {expected:#?}\nfound {shown:#?}");
    assert_eq!(kit.is_some(), expected.is_empty());
}

#[test]
fn a_whole_kit_is_read_with_all_it_holds() {
    check(&whole(), &[]);
    let kit = parse("en-direct", &whole()).0.unwrap();
    assert_eq!((kit.minutes, kit.steps.len(), kit.polls.len(), kit.links.len()), (15, 3, 1, 1));
    assert_eq!(kit.steps[0].poll, Some(kit.polls[0].id.clone()));
    assert_eq!(kit.polls[0].kind, PollKind::Multiple);
    assert_eq!(kit.steps[1].demonstration, Some(kit.demonstrations[0].anchor.clone()));
    assert!(kit.steps[2].quiz && kit.quiz.as_ref().unwrap().questions.len() == 1);
    assert_eq!(kit.quiz.as_ref().unwrap().title, "Quiz : En direct");
    assert!(kit.demonstrations[0].html.contains("<strong>La situation.</strong>"));
    assert!(kit.demonstrations[0].html.contains("rel=\"noopener external\""));
    assert!(kit.suite[0].html.contains("href=\"#vu\""));
    assert_eq!(kit.step_at(4).unwrap().at, 0);
    assert_eq!(kit.step_at(99).unwrap().at, 10);
    assert_eq!(serde_json::from_str::<Kit>(&serde_json::to_string(&kit).unwrap()).unwrap(), kit);
}

#[test]
fn what_is_optional_may_be_left_out() {
    let bare = "title = \"T\"\nsummary = \"S\"\nminutes = 5\nobjectives = [\"O\"]\nlicence = \"L\"\n[[step]]\nat = 0\nminutes = 5\ntitle = \"T\"\ntrainer = \"T\"\nscreen = \"S\"\nagents = \"A\"\n";
    check(&[file(WEBINAR, bare)], &[]);
    check(&[], &[(WEBINAR, 1, "il manque ce fichier")]);
}

#[test]
fn steps_follow_each_other_and_fill_the_time() {
    let holed = WEBINAR_FILE.replace("at = 5\n", "at = 6\n");
    check(
        &with(WEBINAR, &holed),
        &[(WEBINAR, 17, "la précédente finit à 5"), (WEBINAR, 26, "la précédente finit à 11")],
    );
    let long = WEBINAR_FILE.replace("minutes = 15", "minutes = 20");
    check(&with(WEBINAR, &long), &[(WEBINAR, 3, "durent 15 minutes")]);
}

#[test]
fn a_step_names_only_what_there_is() {
    let wrong = WEBINAR_FILE.replace("\"perdu\"", "\"perdus\"").replace("\"propre\"", "\"sale\"");
    check(
        &with(WEBINAR, &wrong),
        &[(WEBINAR, 14, "Vouliez-vous écrire « perdu »"), (WEBINAR, 23, "« sale » n’est pas dans demonstrations.md")],
    );
    let mut files = whole();
    files.retain(|file| file.path != QUIZ);
    check(&files, &[(WEBINAR, 32, "il n’y a pas de quiz.toml")]);
}

#[test]
fn a_poll_is_whole_and_its_own() {
    let odd = POLLS_FILE.replace("multiple", "several").replace("\"Papiers\"", "\"mots de passe\"");
    check(&with(POLLS, &odd), &[(POLLS, 3, "le type « several »"), (POLLS, 5, "écrit deux fois")]);
    check(&with(POLLS, &POLLS_FILE.repeat(2)), &[(POLLS, 8, "est déjà écrit")]);
    let alone = POLLS_FILE.replace(", \"Papiers\"", "");
    check(&with(POLLS, &alone), &[(POLLS, 5, "de 2 à 8 choix")]);
}

#[test]
fn links_lead_to_https_or_to_this_site() {
    for wrong in ["http://a.example", "//a.example", "javascript:alert(1)", "https://", "/cours/<x>"] {
        let files = with(WEBINAR, &WEBINAR_FILE.replace("/cours/mediation-numerique/outils-de-l-agent", wrong));
        check(&files, &[(WEBINAR, 36, "n’est pas acceptée")]);
    }
}

#[test]
fn what_nothing_serves_and_what_is_not_known_is_refused() {
    check(&[whole(), vec![file("media/x.svg", "<svg/>")]].concat(), &[("media/x.svg", 1, "ne sert à rien")]);
    let media = format!("{SUITE_FILE}\n:::video media/x.webm\ntitle = \"X\"\n:::\n");
    check(&with(SUITE, &media), &[(SUITE, 8, "ni son ni vidéo")]);
    let raw = format!("{SUITE_FILE}\n<script>alert(1)</script>\n");
    let (kit, problems) = parse("en-direct", &with(SUITE, &raw));
    assert!(kit.is_none() && problems.len() == 1 && problems[0].file == SUITE, "{problems:?}");
    let (kit, problems) = parse("En direct", &whole());
    assert!(kit.is_none() && problems[0].said.contains("mal nommé"), "{problems:?}");
}

proptest! {
    /// Whatever the bytes, reading reports and never panics.
    #[test]
    fn whatever_the_files_hold_reading_ends(texts in proptest::collection::vec("\\PC{0,80}", 5), cut in 0..700usize) {
        let names = [WEBINAR, POLLS, QUIZ, DEMONSTRATIONS, SUITE];
        let files: Vec<SourceFile> = names.iter().zip(&texts).map(|(name, text)| file(name, text)).collect();
        let _ = parse("en-direct", &files);
        let torn: Vec<SourceFile> = whole().into_iter().map(|mut file| { file.bytes.truncate(cut); file }).collect();
        let _ = parse("en-direct", &torn);
    }
}
