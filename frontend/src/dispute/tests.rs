use super::*;
use crate::record::{Evidence, FactLine};
use crate::ui::support::{assert_sound, html};

fn page(raised: bool, answered: bool, asks: Option<Asks>, owner_view: bool) -> String {
    let at: jiff::Timestamp = "2026-12-03T09:00:00Z".parse().unwrap();
    let words = |by: &str, said: &str| Words { at, by: by.into(), said: said.into() };
    let line = FactLine { seq: 3, at, said: "Absence".into(), version: None, by: None, proof: None, dispute: None };
    let html = html(dispute_page(DisputePage {
        href: "/dossier/faits/3".into(),
        record: "/dossier".into(),
        name: "Léa Perrin".into(),
        line,
        evidence: vec![Evidence { said: "Aucune connexion à la salle".into(), href: None }],
        raised: raised.then(|| words("Léa Perrin", "J’y étais, <b>vraiment</b>.")),
        answered: answered.then(|| words("Marie Le Goff", "Corrigé.")),
        asks,
        owner_view,
    }));
    assert_sound(&html);
    html
}

#[test]
fn an_agent_is_asked_why_and_told_what_is_wrong_with_it() {
    let asks = Asks { raises: true, words: "?".into(), problem: Some("Expliquez.".into()) };
    let html = page(false, false, Some(asks), true);
    assert!(
        html.contains("Contester cette ligne") && html.contains("À corriger") && html.contains("Aucune connexion"),
        "{html}"
    );
}

#[test]
fn both_sides_stay_on_the_page() {
    let waiting = page(true, false, None, true);
    assert!(waiting.contains("vous répondra ici") && waiting.contains("&lt;b&gt;vraiment"), "{waiting}");
    let both = page(true, true, None, true);
    assert!(both.contains("J’y étais") && both.contains("Corrigé.") && both.contains("Marie Le Goff"));
    assert!(!both.contains("<form") && !both.contains("vous répondra ici"));
    let asks = Asks { raises: false, words: String::new(), problem: None };
    assert!(page(true, false, Some(asks), false).contains(">Répondre<"));
}

#[test]
fn trainers_find_those_that_wait() {
    let at: jiff::Timestamp = "2026-12-03T09:00:00Z".parse().unwrap();
    let row = |answered_at| Row {
        href: "/suivi/1/faits/3".into(),
        name: "Léa Perrin".into(),
        at,
        said: "J’y étais.".into(),
        answered_at,
    };
    let html = html(disputes_page(vec![row(None), row(Some(at))]));
    assert_sound(&html);
    assert!(html.contains("À répondre") && html.contains("Répondue le 3 décembre 2026"), "{html}");
    let none = crate::ui::support::html(disputes_page(Vec::new()));
    assert!(none.contains("Personne ne conteste rien"));
}
