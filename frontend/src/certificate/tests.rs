use super::*;
use crate::ui::support::{assert_sound, html};
use leptos::prelude::*;

fn paper(withdrawn: bool) -> Paper {
    Paper {
        number: "SF-2026-7F3K-9Q2M-XW4T".into(),
        name: "Léa <Perrin>".into(),
        employer: Some("Maison de Vouziers".into()),
        title: "La journée à distance".into(),
        nature: "Action de formation".into(),
        days: "du 1er au 3\u{a0}décembre 2026".into(),
        rows: vec![
            Row { title: "MOOC".into(), modality: "à distance, asynchrone", minutes: Some(306) },
            Row { title: "En salle".into(), modality: "en présentiel", minutes: None },
        ],
        hours: vec![("à distance, asynchrone", 306), ("à distance, synchrone", 90)],
        minutes: 396,
        provider: "CNFPT".into(),
        place: "Paris".into(),
        signatory: "La direction".into(),
        issued_at: "2026-12-03T09:00:00Z".parse().unwrap(),
        withdrawn_at: withdrawn.then(|| "2026-12-04T09:00:00Z".parse().unwrap()),
        erased_at: None,
        url: "https://socle.example/certificats/SF-2026-7F3K-9Q2M-XW4T".into(),
        code: "<svg></svg>".into(),
        key: "0123456789abcdef".into(),
    }
}

fn links(next: Option<String>) -> Links {
    Links { record: "/dossier".into(), own: "/dossier/certificats/SF-1".into(), next, is_own: true }
}

fn sound(view: impl IntoView) -> String {
    let html = html(view);
    assert_sound(&html);
    html
}

#[test]
fn the_paper_carries_the_mentions_of_the_law() {
    let html = sound(certificate_page(paper(false), links(None)));
    for mention in [
        "Certificat de réalisation",
        "Léa &lt;Perrin&gt;",
        "Maison de Vouziers",
        "La journée à distance",
        "Action de formation",
        "du 1er au 3\u{a0}décembre 2026",
        "6\u{a0}h\u{a0}36\u{a0}min",
        "5\u{a0}h\u{a0}6\u{a0}min à distance, asynchrone",
        "1\u{a0}h\u{a0}30\u{a0}min à distance, synchrone",
        "CNFPT",
        "Fait à Paris, le 3 décembre 2026",
        "La direction",
        "dispense",
        "<svg></svg>",
    ] {
        assert!(html.contains(mention), "{mention} is not in {html}");
    }
    assert!(!html.contains("Retiré"));
}

#[test]
fn one_withdrawn_says_so_and_leads_to_the_next() {
    let next = Some("/dossier/certificats/SF-2".into());
    let html = sound(certificate_page(paper(true), links(next)));
    assert!(html.contains("Retiré le 4 décembre 2026") && html.contains("href=\"/dossier/certificats/SF-2\""));
    assert!(!html.contains("badge"), "what is withdrawn is taken nowhere");
}

#[test]
fn its_holder_says_whether_the_badge_is_tied_to_their_address() {
    let html = sound(certificate_page(paper(false), links(None)));
    assert!(html.contains("action=\"/dossier/certificats/SF-1/badge.svg\"") && html.contains("name=\"adresse\""));
    let html = sound(certificate_page(paper(false), Links { is_own: false, ..links(None) }));
    assert!(html.contains("formaction=\"/dossier/certificats/SF-1/badge.json\"") && !html.contains("name=\"adresse\""));
}

#[test]
fn whoever_verifies_is_told_whether_it_stands() {
    assert!(sound(verification_page(paper(false), true)).contains("authentique et en vigueur"));
    let withdrawn = sound(verification_page(paper(true), true));
    assert!(
        withdrawn.contains("Certificat retiré le 4 décembre 2026 à 10\u{a0}h\u{a0}00")
            && !withdrawn.contains("authentique")
    );
    let forged = sound(verification_page(paper(false), false));
    assert!(forged.contains("Signature non valable") && !forged.contains("authentique"));
}

#[test]
fn those_held_are_listed_and_those_ready_announced() {
    let one = Held {
        title: "La journée".into(),
        number: "SF-1".into(),
        href: "/dossier/certificats/SF-1".into(),
        issued_at: "2026-12-03T09:00:00Z".parse().unwrap(),
        withdrawn_at: None,
        is_replaced: false,
    };
    let gone = Held { withdrawn_at: Some(one.issued_at), is_replaced: true, number: "SF-0".into(), ..one.clone() };
    let html = sound(view! { <h1>"Mon dossier"</h1>{ready(vec![one.clone()])}{held(vec![one, gone])} });
    assert!(html.contains("En vigueur.") && html.contains("et remplacé, après une correction"), "{html}");
    assert_eq!(html.matches("href=\"/dossier/certificats/SF-1\"").count(), 3);
}

#[test]
fn an_erased_holder_is_told_as_such_and_the_rest_stays() {
    let erased = Paper { erased_at: Some("2026-12-05T09:00:00Z".parse().unwrap()), ..paper(false) };
    let html = html(verification_page(erased, true));
    assert_sound(&html);
    assert!(html.contains("ont été effacés le 5 décembre 2026") && html.contains("authentique et en vigueur"));
}
