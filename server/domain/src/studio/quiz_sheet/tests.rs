use super::*;
use crate::course::parse::{SourceFile, parse};
use crate::studio::question::Act;

const FILE: &str = r#"# Relu par Marie.
[rules]
pass = 70 # de tous les points

# La question de l’accueil.
[[question]]
id = "accueil"
type = "single"
stem = '''
Que dire ?
'''
section = "ecouter" # la première
[[question.choice]]
text = "Bonjour"
right = true
feedback = "Oui."
[[question.choice]]
text = "Rien"
right = false
feedback = "Non."

[[question]]
id = "combien"
type = "numeric"
stem = "Combien ?"
answer = 2.5
feedback = "Deux et demi."
"#;

fn course(quiz: &str) -> Vec<crate::course::parse::Problem> {
    let file = |path: &str, text: &str| SourceFile { path: path.to_owned(), bytes: text.as_bytes().to_vec() };
    let chapter = "+++\ntitle = \"Accueil\"\nsummary = \"Accueillir.\"\nminutes = 5\nobjectives = [\"Accueillir\"]\n+++\n\
                   ## Écouter {#ecouter}\n\nÉcouter d’abord.\n";
    let described = "title = \"Cours\"\nsummary = \"Un cours.\"\nobjectives = [\"Savoir\"]\nlicence = \"CC BY 4.0\"\n";
    let files =
        [file("course.toml", described), file("01-accueil/chapter.md", chapter), file("01-accueil/quiz.toml", quiz)];
    parse("cours", &files).1
}

#[test]
fn what_is_not_touched_stays_to_the_letter() {
    let mut sheet = Sheet::read(FILE).unwrap();
    assert_eq!(sheet.to_string(), FILE);
    for id in ["accueil", "combien"] {
        let typed = sheet.typed(id).unwrap();
        assert_eq!(sheet.put(Some(id), &typed, QuizFile::Quiz), id);
    }
    assert_eq!(sheet.to_string(), FILE, "saving what is there changes nothing");
    let mut typed = sheet.typed("accueil").unwrap();
    typed.set("choice-1-feedback", "Non, jamais.");
    sheet.put(Some("accueil"), &typed, QuizFile::Quiz);
    assert_eq!(sheet.to_string(), FILE.replace("\"Non.\"", "\"Non, jamais.\""));
}

#[test]
fn questions_are_moved_copied_and_taken_away() {
    let mut sheet = Sheet::read(FILE).unwrap();
    let ids = |sheet: &Sheet| sheet.entries().into_iter().map(|entry| entry.id).collect::<Vec<_>>();
    assert!(!sheet.shift("accueil", true) && sheet.shift("accueil", false));
    assert_eq!(ids(&Sheet::read(&sheet.to_string()).unwrap()), ["combien", "accueil"]);
    assert!(sheet.to_string().contains("# La question de l’accueil."), "{sheet}");
    assert_eq!(sheet.copy("accueil").as_deref(), Some("accueil-2"));
    assert_eq!(sheet.copy("accueil").as_deref(), Some("accueil-3"));
    let taken = sheet.take("accueil").unwrap();
    let mut other = Sheet::new(QuizFile::Quiz);
    assert_eq!(other.push(taken), "accueil");
    let (one, other) = (sheet.to_string(), other.to_string());
    assert_eq!(ids(&Sheet::read(&one).unwrap()), ["combien", "accueil-2", "accueil-3"]);
    assert_eq!((course(&one), course(&other)), (vec![], vec![]), "{one}\n{other}");
}

#[test]
fn each_type_is_written_as_the_reader_of_courses_wants_it() {
    let mut sheet = Sheet::new(QuizFile::Quiz);
    for kind in Type::ALL {
        let mut typed = Typed::new(kind);
        typed.set("stem", &format!("Question {}\n\nEn deux paragraphes.", kind.name()));
        typed.set("tags", "posture, accueil");
        typed.set("points", "2");
        if kind.is_explained_at_once() {
            typed.set("feedback", "Parce que \"oui\".");
        }
        match kind {
            Type::Single | Type::Multiple => {
                for row in 0..3 {
                    typed.set(&row_field(Rows::Choice, row, "text"), &format!("Choix {row}"));
                    typed.set(&row_field(Rows::Choice, row, "feedback"), "Pourquoi.");
                }
                typed.set("choice-1-right", "true");
            }
            Type::TrueFalse => {
                typed.set("answer", "false");
                typed.set("feedback_true", "Non.");
                typed.set("feedback_false", "Oui.");
            }
            Type::Numeric => {
                typed.set("answer", "1 250,5");
                typed.set("unit", "€");
            }
            Type::ShortText => typed.set("accepted", "impots.gouv.fr\nles impôts"),
            Type::Matching => {
                for (row, side) in ["Retraite", "Santé"].iter().enumerate() {
                    typed.set(&row_field(Rows::Pair, row, "left"), side);
                    typed.set(&row_field(Rows::Pair, row, "right"), &format!("Caisse {row}"));
                }
                typed.set("distractors", "La Poste");
            }
            Type::Ordering => {
                for row in 0..3 {
                    typed.set(&row_field(Rows::Item, row, "text"), &format!("Étape {row}"));
                }
            }
            Type::Gap => {
                typed.set("text", "Je garde mon {secret} pour moi.");
                typed.set("gap-0-key", "secret");
                typed.set("gap-0-accepted", "mot de passe");
                typed.set("gap-0-options", "mot de passe\nnom");
            }
        }
        let id = sheet.put(None, &typed, QuizFile::Quiz);
        let back = sheet.typed(&id).unwrap();
        assert_eq!(back.entries().len(), typed.entries().len(), "{:?} {:?}", back.entries(), typed.entries());
        for (name, text) in typed.entries() {
            let text = if text == "1 250,5" { "1250,5".to_owned() } else { text };
            assert!(back.entries().contains(&(name.clone(), text.clone())), "{kind:?} {name} {text}\n{sheet}");
        }
    }
    let text = sheet.to_string();
    assert_eq!(course(&text), [], "{text}");
    let (_, tags) = (0, Sheet::read(&text).unwrap().entries()[0].tags.clone());
    assert_eq!(tags, ["posture", "accueil"]);
}

#[test]
fn a_problem_leads_to_the_field_where_it_was_typed() {
    let sheet = Sheet::read(FILE).unwrap();
    let fields = |change: &dyn Fn(&mut Typed)| {
        let mut sheet = sheet.clone();
        let mut typed = sheet.typed("accueil").unwrap();
        change(&mut typed);
        sheet.put(Some("accueil"), &typed, QuizFile::Quiz);
        let text = sheet.to_string();
        let lines = line_of_question(&text, "accueil").unwrap();
        let problems = course(&text);
        assert!(problems.iter().all(|problem| lines.contains(&problem.line)), "{problems:?} {lines:?}\n{text}");
        let at = problems.iter().map(|problem| field_at(&text, "accueil", problem.line, &problem.said));
        at.collect::<Vec<_>>()
    };
    let named = |name: &str| vec![Some(name.to_owned())];
    assert_eq!(fields(&|typed| typed.set("stem", "")), named("stem"));
    assert_eq!(fields(&|typed| typed.set("stem", "Un [lien](ici)\nà deux lignes")), named("stem"));
    assert_eq!(fields(&|typed| typed.set("choice-1-feedback", "")), named("choice-1-feedback"));
    assert_eq!(fields(&|typed| typed.set("choice-1-text", "Bonjour")), named("choice-1-text"));
    assert_eq!(fields(&|typed| typed.set("section", "nulle-part")), named("section"));
    assert_eq!(fields(&|typed| typed.set("points", "beaucoup")), named("points"));
    assert_eq!(fields(&|typed| typed.set("choice-0-right", "")), named("choice"));
    assert_eq!(fields(&|typed| drop(typed.act(Act::Drop(1)))), named("choice"));
}

#[test]
fn rules_are_shown_and_written_back() {
    let mut sheet = Sheet::read(FILE).unwrap();
    let rules = sheet.rules(RulesTable::Rules);
    let shown = |rules: &Rules, name: &str| rules.iter().find(|(known, _)| known == name).unwrap().1.clone();
    assert_eq!(
        (shown(&rules, "pass"), shown(&rules, "counts"), shown(&rules, "shuffle")),
        ("70".into(), "best".into(), "true".into())
    );
    sheet.set_rules(RulesTable::Rules, &rules);
    assert_eq!(sheet.to_string(), FILE);
    let typed = [("title", "Le point"), ("pass", "80"), ("draw", "2"), ("shuffle", "false"), ("counts", "last")];
    let typed: Rules = typed.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    sheet.set_rules(RulesTable::Rules, &typed);
    let text = sheet.to_string();
    assert!(text.contains("pass = 80 # de tous les points") && text.contains("title = \"Le point\""), "{text}");
    assert_eq!(course(&text), [], "{text}");
}

#[test]
fn a_file_that_is_not_toml_says_where() {
    assert_eq!(Sheet::read("[rules]\npass = \n").unwrap_err(), Unreadable(2));
}
