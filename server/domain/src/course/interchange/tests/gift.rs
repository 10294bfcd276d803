//! GIFT: every construct of <https://docs.moodle.org/en/GIFT_format>.

use super::{added, at, changed, drafts, left};
use crate::course::interchange::Fate;
use crate::course::interchange::draft::{Asked, Draft};

/// The one question that a text holds, read without its being left out.
#[track_caller]
fn one(text: &str) -> Draft {
    let added = added("q.gift", text);
    let mut drafts = drafts(&added.text);
    assert_eq!(drafts.len(), 1, "{:#?}", added.items);
    drafts.remove(0)
}

/// The choices, right ones marked.
fn choices(draft: &Draft) -> Vec<String> {
    match &draft.asked {
        Asked::Single { choice } | Asked::Multiple { choice } => {
            choice.iter().map(|choice| format!("{}{}", if choice.right { "=" } else { "~" }, choice.text)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn multiple_choice_with_feedback_and_a_title() {
    let text = "// une ligne de commentaire\n::Le titre:: Qui paie la retraite ?{\n  =La CNAV#Oui.\n  ~La CAF # Non : la famille.\n####Voir *le chapitre*.\n}\n";
    let draft = one(text);
    assert_eq!((draft.id.as_str(), draft.stem.as_str()), ("le-titre", "Qui paie la retraite ?"));
    assert_eq!(choices(&draft), ["=La CNAV", "~La CAF"]);
    assert_eq!(draft.feedback, "Voir \\*le chapitre\\*.", "without [markdown], a star is a star");
    let Asked::Single { choice } = &draft.asked else { panic!("{draft:?}") };
    assert_eq!((choice[0].feedback.as_str(), choice[1].feedback.as_str()), ("Oui.", "Non : la famille."));
    assert_eq!(at(&added("q.gift", text).items, 2).fate, Fate::Kept);
}

#[test]
fn a_missing_word_leaves_its_place_in_the_text() {
    let draft = one("Le {~vélo =train ~bus} arrive en gare.");
    assert_eq!(draft.stem, "Le \\_\\_\\_\\_\\_ arrive en gare.");
    assert_eq!(choices(&draft), ["~vélo", "=train", "~bus"]);
    assert_eq!(one("Le tout.{=a ~b}").stem, "Le tout.");
}

#[test]
fn several_answers_are_weighted() {
    let text = "Lesquels ?{ ~%-50%personne ~%50%Grant ~%50%sa femme ~%-50%son père }";
    assert_eq!(choices(&one(text)), ["~personne", "=Grant", "=sa femme", "~son père"]);
    assert!(matches!(one(text).asked, Asked::Multiple { .. }));
    changed(&added("q", "Q ?{~%-10%a ~%50%b ~%50%c}").items, 1, "poids");
    changed(&added("q", "Q ?{~%50%a =b ~c}").items, 1, "une partie des points");
    changed(&added("q", "Q ?{=a =b ~c}").items, 1, "tous à cocher");
    left(&added("q", "Q ?{~%50%a ~%50%b}").items, 1, "un choix juste et un faux");
}

#[test]
fn true_and_false_say_why() {
    for (answer, expected) in [("T", true), ("TRUE", true), ("F", false), ("FALSE", false)] {
        let draft = one(&format!("Vrai ?{{{answer}#Raté.#Bravo.####Pour tous.}}"));
        let Asked::TrueFalse { answer, feedback_true, feedback_false } = draft.asked else { panic!() };
        let (right, wrong) = if expected { (feedback_true, feedback_false) } else { (feedback_false, feedback_true) };
        assert_eq!((answer, right.as_str(), wrong.as_str()), (expected, "Bravo.", "Raté."));
        assert_eq!(draft.feedback, "Pour tous.");
    }
}

#[test]
fn short_answers_keep_those_that_are_right() {
    let draft = one("::Ville:: Né à {=Nazareth#Oui. =Nazaret =%75%Nazereth#Presque. =%0%*#Non.}");
    assert_eq!(draft.asked, Asked::ShortText { accepted: vec!["Nazareth".into(), "Nazaret".into()] });
    assert_eq!(draft.feedback, "Oui.");
    changed(&added("q", "Q ?{=a =%75%b#Presque.}").items, 1, "75 %");
    changed(&added("q", "Q ?{=a =b*}").items, 1, "n’importe quels signes");
    left(&added("q", "Q ?{=%50%a}").items, 1, "aucune réponse");
}

#[test]
fn numbers_have_ranges_tolerances_and_spans() {
    let numeric = |answer: f64, tolerance: f64| Asked::Numeric { answer, tolerance, unit: None };
    assert_eq!(one("Q ?{#1822}").asked, numeric(1822.0, 0.0));
    assert_eq!(one("Q ?{#1822:5}").asked, numeric(1822.0, 5.0));
    assert_eq!(one("Q ?{#2.141..2.142}.").asked, numeric(2.1415, 0.0005));
    assert_eq!(one("Q ?{#-5..-1}").asked, numeric(-3.0, 2.0));
    assert_eq!(one("Q ?{#\n =1822:0#Oui.\n =%50%1822:2#Presque.\n}").asked, numeric(1822.0, 0.0));
    let draft = one("::Q5:: Un nombre de 1 à 5 ? {#3:2~#Raté}\";");
    assert_eq!(draft.asked, numeric(3.0, 2.0));
    left(&added("q", "Q ?{#=1 =2}").items, 1, "plusieurs nombres");
    left(&added("q", "Q ?{#douze}").items, 1, "n’est pas un nombre");
}

#[test]
fn pairs_match_and_one_without_left_side_is_a_decoy() {
    let draft = one("Associez. {\n =Canada -> Ottawa\n =[html]<b>Italie</b> -> Rome\n =Japon -> Tokyo\n = -> Lima\n}");
    let Asked::Matching { pair, distractors } = draft.asked else { panic!() };
    assert_eq!(pair.iter().map(|pair| pair.left.as_str()).collect::<Vec<_>>(), ["Canada", "Italie", "Japon"]);
    assert_eq!((pair[1].right.as_str(), distractors), ("Rome", vec![String::from("Lima")]));
    let draft = one("Associez. {=Brest -> Bretagne =Rennes -> Bretagne =Lille -> Nord}");
    let Asked::Gap { text, gap } = draft.asked else { panic!() };
    assert_eq!(text, "Brest : {a}\nRennes : {b}\nLille : {c}");
    assert_eq!(gap["b"].options, ["Bretagne", "Nord"]);
}

#[test]
fn formats_and_escapes_are_read() {
    assert_eq!(one("[html]<p>Un <b>mot</b></p>{=[plain]*a* ~[markdown]*b*}").stem, "Un **mot**");
    assert_eq!(choices(&one("[html]Q{=[plain]*a* ~[markdown]*b*}")), ["=\\*a\\*", "~*b*"]);
    assert_eq!(one("[markdown]**Qui**\\n\\n- a{=x ~y}").stem, "**Qui**\n\n- a");
    assert_eq!(one("[moodle]Un\\ndeux{=x ~y}").stem, "Un\\\ndeux");
    assert_eq!(choices(&one("Q ?{ ~ \\= 2 + 2 = \\= 2 + 3 ~ \\~\\#\\{\\}\\: }")), ["~= 2 + 2", "== 2 + 3", "~~#{}:"]);
    assert_eq!(choices(&one("Q ?{=C\\:\\\\a ~b}")), ["=C:\\\\a", "~b"]);
}

#[test]
fn what_is_no_question_is_left_out_and_said() {
    let text = "$CATEGORY: $course$/Retraite\n\n::Dissertation:: Racontez. {}\n\nUne simple description.\n\nQ ouverte {=a ~b\n\nBonne ?{=a ~b}\n";
    let added = added("q.gift", text);
    left(&added.items, 1, "catégories");
    left(&added.items, 3, "composition");
    left(&added.items, 5, "description");
    left(&added.items, 7, "accolade");
    assert_eq!(drafts(&added.text).len(), 1, "one bad item never stops the rest");
    assert!(added.text.starts_with("[rules]\npass = 70\n"));
}

#[test]
fn identifiers_and_tags_in_comments_are_used() {
    let skills = [String::from("accueillir")];
    let wanted = super::Wanted { section: Some("ecouter"), skills: &skills, ..super::wanted() };
    let text = "// [id:ma-question] [tag:Accueillir] [tag:autre]\n::Titre::Q ?{=a ~b}\n";
    let added = super::questions("q", text.as_bytes(), &wanted).unwrap();
    let draft = &drafts(&added.text)[0];
    assert_eq!(
        (draft.id.as_str(), draft.skill.as_deref(), draft.section.as_deref()),
        ("ma-question", Some("accueillir"), Some("ecouter"))
    );
}

/// Found by `cargo fuzz run questions`.
#[test]
fn signs_that_no_text_keeps_make_no_other_question_of_one_that_is_there() {
    let text = include_str!("../../../../../../tests/fuzz/seeds/questions/lines-and-control-signs");
    let once = added("q.gift", text).text;
    let wanted = super::Wanted { existing: Some(&once), ..super::wanted() };
    let again = super::questions("q.gift", text.as_bytes(), &wanted).unwrap();
    assert_eq!(again.text, once);
}

#[test]
fn what_is_there_is_kept_byte_for_byte_and_not_added_twice() {
    let text = "::Un::Q1 ?{=a#o ~b#n}\n\n::Deux::Q2 ?{=a#o ~b#n}\n";
    let first = added("q", text);
    let wanted = super::Wanted { existing: Some(&first.text), ..super::wanted() };
    let again = super::questions("q", text.as_bytes(), &wanted).unwrap();
    assert_eq!(again.text, first.text);
    left(&again.items, 1, "elle y est déjà");
    let more = super::questions("q", b"::Un::Q3 ?{=a#o ~b#n}", &wanted).unwrap();
    assert!(more.text.starts_with(&first.text));
    assert_eq!(drafts(&more.text)[2].id, "un-2");
}
