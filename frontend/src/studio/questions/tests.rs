use super::*;
use crate::studio::{Framed, Tab};
use crate::ui::support::{assert_sound, html};
use domain::studio::question::{Type, Typed};

fn framed() -> Framed {
    Framed { course: "cours".to_owned(), title: "Un cours".to_owned(), publishes: true, tab: Tab::Questions }
}

fn page(kind: Type) -> EditorPage {
    EditorPage {
        framed: framed(),
        href: "/studio/cours/questions/accueil/quiz/nouvelle:single".to_owned(),
        quiz: "Accueil\u{a0}: Quiz du chapitre".to_owned(),
        anchor: "accueil-quiz".to_owned(),
        is_new: true,
        is_pooled: true,
        typed: Typed::new(kind),
        base: String::new(),
        request: "r".to_owned(),
        sections: vec![("ecouter".to_owned(), "Écouter".to_owned())],
        skills: vec![("accueillir".to_owned(), "Accueillir".to_owned())],
        problems: Vec::new(),
        focus: None,
        said: None,
        theirs: None,
        prompt: None,
        tried: None,
        typed_again: String::new(),
        others: Vec::new(),
    }
}

#[test]
fn the_form_of_each_type_is_sound_and_its_fields_are_those_that_are_read() {
    for kind in Type::ALL {
        let html = html(editor_page(page(kind)));
        assert_sound(&html);
        for (name, _) in page(kind).typed.entries() {
            assert!(html.contains(&format!("name=\"{name}\"")), "{kind:?}: {name}");
        }
    }
}

#[test]
fn what_is_wrong_is_beside_its_field_and_leads_there_from_the_top() {
    let mut page = page(Type::Single);
    page.typed.set("choice-1-text", "</textarea><script>");
    page.problems =
        vec![("choice-1-text".to_owned(), "Ce texte est vide".to_owned()), (String::new(), "Autre chose".to_owned())];
    let html = html(editor_page(page));
    assert_sound(&html);
    assert!(html.contains("href=\"#choice-1-text\"") && html.contains("id=\"erreur-choice-1-text\""), "{html}");
    assert!(html.contains("2\u{a0}points à corriger") && !html.contains("<script>"));
}

#[test]
fn problems_are_said_in_the_words_of_the_form() {
    assert_eq!(in_words("il manque « skill » : ajoutez cette clé"), "il manque « Compétence » : remplissez ce champ");
    let said = "« points » doit être un nombre entier de 1 à 100, sans guillemets";
    assert_eq!(in_words(said), "« Points » doit être un nombre entier de 1 à 100");
}
