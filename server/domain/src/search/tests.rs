use super::{Span, excerpt, normalised, terms};
use crate::text::folded;
use proptest::prelude::*;

fn finds(query: &str, text: &str) -> bool {
    let text = terms(text);
    terms(query).iter().all(|term| text.contains(term))
}

#[test]
fn what_a_person_types_finds_what_an_author_wrote() {
    for (query, text) in [
        ("démarches administratives", "La démarche administrative"),
        ("telephone", "Répondre au téléphone"),
        ("téléphones", "répondre au telephone"),
        ("TÉLÉPHONE", "le téléphone"),
        ("l'usager", "les usagers"),
        ("l’usager", "un usager"),
        ("accompagner", "l’accompagnement des usagers, on accompagne"),
        ("qu'est-ce que la CAF", "La CAF verse"),
        ("oeuvre", "une œuvre"),
        ("cœur", "coeur"),
        ("e\u{301}coute", "écoute"),
        ("retraités", "retraite"),
        ("personnes accompagnées", "accompagner une personne"),
        ("formation", "les formations"),
        ("impôts", "impot"),
    ] {
        assert!(finds(query, text), "{query} → {:?}, {text} → {:?}", terms(query), terms(text));
    }
    assert!(!finds("impôts", "retraite"));
}

#[test]
fn common_words_are_not_terms() {
    assert_eq!(terms("le la les de l' d’ et où"), Vec::<String>::new());
    assert_eq!(normalised(""), "");
}

#[test]
fn an_excerpt_marks_the_words_looked_for_as_they_were_written() {
    let text = "Le médiateur aide. Chaque démarche administrative demande du temps et de l’écoute attentive.";
    let spans = excerpt(text, &terms("démarches"), 2);
    assert_eq!(
        spans,
        [
            Span { text: "… ".into(), hit: false },
            Span { text: "aide. Chaque ".into(), hit: false },
            Span { text: "démarche".into(), hit: true },
            Span { text: " administrative demande".into(), hit: false },
            Span { text: " …".into(), hit: false },
        ]
    );
}

#[test]
fn an_excerpt_without_hit_is_the_start_of_the_text() {
    assert_eq!(excerpt("un deux", &terms("trois"), 5), [Span { text: "un deux".into(), hit: false }]);
    assert_eq!(excerpt("", &[], 5), []);
}

proptest! {
    #[test]
    fn normalising_is_only_words_and_spaces(text in "\\PC{0,80}") {
        for term in terms(&text) {
            prop_assert!(!term.is_empty() && !term.contains(char::is_whitespace));
        }
    }

    #[test]
    fn an_excerpt_is_a_part_of_the_text(text in "[a-zéèà ,.’]{0,120}", query in "[a-zéè]{1,8}", around in 0usize..8) {
        let spans = excerpt(&text, &terms(&query), around);
        let whole: String = spans.iter().map(|span| span.text.as_str()).filter(|text| !text.contains('…')).collect();
        prop_assert!(text.contains(&whole));
    }

    #[test]
    fn accents_and_capitals_never_matter(word in "[a-zéèêàùçîô]{3,12}") {
        prop_assert_eq!(terms(&word), terms(&folded(&word.to_uppercase())));
    }
}
