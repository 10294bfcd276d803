//! Moodle XML: the types that question banks export.

use super::{added, at, changed, drafts, left};
use crate::course::interchange::Fate;
use crate::course::interchange::draft::Asked;

/// A question of that type, on line 2.
fn question(sort: &str, inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><quiz>\n<question type=\"{sort}\"><name><text>Nom</text></name>\
        <questiontext format=\"html\"><text><![CDATA[<p>Laquelle ?</p>]]></text></questiontext>{inside}</question></quiz>"
    )
}

fn answer(fraction: &str, text: &str, feedback: &str) -> String {
    format!(
        "<answer fraction=\"{fraction}\" format=\"html\"><text>{text}</text><feedback format=\"html\"><text>{feedback}</text></feedback></answer>"
    )
}

#[track_caller]
fn asked(sort: &str, inside: &str) -> Asked {
    let added = added("q.xml", &question(sort, inside));
    let mut drafts = drafts(&added.text);
    assert_eq!(drafts.len(), 1, "{:#?}", added.items);
    drafts.remove(0).asked
}

#[test]
fn choices_with_their_feedback_their_points_and_their_tags() {
    let inside = [
        answer("100", "&lt;b&gt;Oui&lt;/b&gt;", "Bien."),
        answer("0", "Non", ""),
        String::from(
            "<single>true</single><defaultgrade>2.0000000</defaultgrade><penalty>0.33</penalty><idnumber>Q-7</idnumber>\
         <generalfeedback format=\"html\"><text>Pour tous.</text></generalfeedback>\
         <incorrectfeedback format=\"html\"><text>Pas tout à fait.</text></incorrectfeedback>\
         <hint><text>Indice</text></hint><tags><tag><text>Un tag</text></tag></tags>",
        ),
    ]
    .concat();
    let added = added("q.xml", &question("multichoice", &inside));
    let draft = &drafts(&added.text)[0];
    assert_eq!((draft.id.as_str(), draft.points, draft.feedback.as_str()), ("q-7", 2, "Pour tous."));
    let Asked::Single { choice } = &draft.asked else { panic!("{draft:?}") };
    assert_eq!((choice[0].text.as_str(), choice[0].feedback.as_str()), ("**Oui**", "Bien."));
    assert_eq!(choice[1].feedback, "Pas tout à fait.", "the shared feedback where there is none of its own");
    assert_eq!(at(&added.items, 2).fate, Fate::Kept);
    left(&added.items, 1, "une seule réponse par essai");
}

#[test]
fn each_type_has_its_counterpart() {
    let several =
        [answer("50", "a", ""), answer("50", "b", ""), answer("-100", "c", ""), "<single>false</single>".into()]
            .concat();
    assert!(
        matches!(asked("multichoice", &several), Asked::Multiple { choice } if choice.iter().filter(|c| c.right).count() == 2)
    );
    let truth = [answer("100", "true", "Oui."), answer("0", "false", "Non.")].concat();
    assert!(
        matches!(asked("truefalse", &truth), Asked::TrueFalse { answer: true, feedback_false, .. } if feedback_false == "Non.")
    );
    let short = [answer("100", "CNAV", ""), answer("50", "Cnaf", ""), answer("0", "*", "")].concat();
    assert_eq!(asked("shortanswer", &short), Asked::ShortText { accepted: vec!["CNAV".into()] });
    let numeric = "<answer fraction=\"100\"><text>12,5</text><tolerance>0.5</tolerance></answer>\
        <units><unit><multiplier>1</multiplier><unit_name>€</unit_name></unit></units>";
    assert_eq!(asked("numerical", numeric), Asked::Numeric { answer: 12.5, tolerance: 0.5, unit: Some("€".into()) });
    let sub = |left: &str, right: &str| {
        format!("<subquestion format=\"html\"><text>{left}</text><answer><text>{right}</text></answer></subquestion>")
    };
    let matching = [sub("Retraite", "CNAV"), sub("Famille", "CAF"), sub("", "La Poste")].concat();
    assert!(
        matches!(asked("matching", &matching), Asked::Matching { pair, distractors } if pair.len() == 2 && distractors == ["La Poste"])
    );
    let ordering = [answer("1.0", "Saluer", ""), answer("2.0", "Écouter", ""), answer("3.0", "Orienter", "")].concat();
    assert_eq!(
        asked("ordering", &ordering),
        Asked::Ordering { items: vec!["Saluer".into(), "Écouter".into(), "Orienter".into()] }
    );
}

#[test]
fn words_to_put_in_a_text_are_gaps() {
    let picked = |option: &str, sort: &str| {
        let text = question(
            sort,
            &[("un", 1), ("deux", 1), ("vert", 2), ("bleu", 2)]
                .map(|(text, group)| format!("<{option}><text>{text}</text><group>{group}</group></{option}>"))
                .concat(),
        );
        text.replace("Laquelle ?", "Prends [[2]], en [[3]].")
    };
    for text in [picked("selectoption", "gapselect"), picked("dragbox", "ddwtos")] {
        let drafts = drafts(&added("q.xml", &text).text);
        let Asked::Gap { text, gap } = &drafts[0].asked else { panic!() };
        assert_eq!(text, "Prends {a}, en {b}.");
        assert_eq!(
            (gap["a"].accepted.as_slice(), gap["a"].options.as_slice()),
            (&["deux".to_owned()][..], &["un".to_owned(), "deux".into()][..])
        );
        assert_eq!(gap["b"].accepted, ["vert"]);
    }
    let cloze = question("cloze", "").replace(
        "Laquelle ?",
        "Brest est en {1:MULTICHOICE:=Bretagne#Oui~Nord#Non}, l’eau bout à {2:NUMERICAL:=100:1} et {:SHORTANSWER:%100%Paris~%50%Lyon~*} est \\~ {libre}.",
    );
    let added = added("q.xml", &cloze);
    let Asked::Gap { text, gap } = &drafts(&added.text)[0].asked else { panic!() };
    assert_eq!(text, "Brest est en {a}, l’eau bout à {b} et {c} est \\~ libre.");
    assert_eq!(
        (gap["a"].options.len(), gap["b"].accepted[0].as_str(), gap["c"].accepted[0].as_str()),
        (2, "100", "Paris")
    );
    changed(&added.items, 2, "nombres voisins");
}

#[test]
fn files_come_with_the_question() {
    let text = question("multichoice", &[answer("100", "a", ""), answer("0", "b", "")].concat()).replace(
        "<p>Laquelle ?</p>]]></text>",
        "<p>Ici ? <img src=\"@@PLUGINFILE@@/Mon%20Plan.PNG\" alt=\"Le plan\"></p>]]></text><file name=\"Mon Plan.PNG\" encoding=\"base64\">iVBORw0KGgo=</file>",
    );
    let added = added("q.xml", &text);
    assert_eq!(drafts(&added.text)[0].stem, "Ici ? ![Le plan](media/mon-plan.png)");
    assert_eq!(
        (added.files[0].path.as_str(), added.files[0].bytes.as_slice()),
        ("media/mon-plan.png", &b"\x89PNG\r\n\x1a\n"[..])
    );
}

#[test]
fn what_has_no_counterpart_is_left_out_with_its_reason() {
    for (sort, why) in [
        ("essay", "composition"),
        ("description", "sans question"),
        ("calculated", "formule"),
        ("ddmarker", "clavier"),
        ("random", "au sort"),
        ("coderunner", "« coderunner »"),
        ("numerical", "aucun nombre"),
        ("multichoice", "pas de choix"),
    ] {
        left(&added("q.xml", &question(sort, "")).items, 2, why);
    }
    let category =
        "<quiz>\n<question type=\"category\"><category><text>top/Retraite</text></category></question></quiz>";
    left(&added("q.xml", category).items, 2, "catégories");
}

#[test]
fn xml_is_read_without_trust() {
    let refused = |text: &str| super::questions("q.xml", text.as_bytes(), &super::wanted()).unwrap_err().0;
    assert!(refused("<!DOCTYPE quiz [<!ENTITY a \"x\"><!ENTITY b \"&a;&a;\">]><quiz>&b;</quiz>").contains("DOCTYPE"));
    assert!(refused("<!DOCTYPE quiz SYSTEM \"file:///etc/passwd\"><quiz/>").contains("DOCTYPE"));
    assert!(refused("<quiz>&nbsp;</quiz>").contains("&nbsp;"));
    assert!(refused(&"<a>".repeat(100_000)).contains("les uns dans les autres"));
    assert!(refused("<quiz>\n<question></quiz>").starts_with("q.xml:2:"));
    assert!(refused("<course/>").contains("<quiz>"));
}
