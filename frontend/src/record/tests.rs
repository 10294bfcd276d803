use super::*;
use crate::ui::support::{assert_sound, html};

fn dossier(owner_view: bool) -> Dossier {
    let at = "2026-11-24T13:05:00Z".parse().unwrap();
    let line = ChapterLine {
        title: "1. L’accueil".into(),
        acquired: None,
        minutes: 20,
        reason: "Lu\u{a0}; il reste à réussir le quiz.".into(),
        read: Some(at),
        quiz: None,
    };
    let acquired = ChapterLine { acquired: Some((at, 3)), quiz: Some("90\u{a0}%".into()), ..line.clone() };
    Dossier {
        name: "Léa Perrin".into(),
        minutes: 20,
        minutes_live: 87,
        certificates: Vec::new(),
        pathways: Vec::new(),
        courses: vec![CourseLines {
            title: "La médiation".into(),
            minutes: 20,
            minutes_total: 40,
            chapters: vec![line, acquired],
            webinars: vec![WebinarLine {
                title: "Les outils en direct".into(),
                held_at: at,
                said: "87\u{a0}min sur 90\u{a0}min, 97\u{a0}%, seuil atteint".into(),
                met: true,
                minutes: 87,
                corrections: vec!["Corrigé par Marie Le Goff\u{a0}: ligne coupée".into()],
            }],
        }],
        facts: vec![FactLine {
            seq: 7,
            at,
            said: "Chapitre lu".into(),
            version: Some(3),
            by: Some("Marie Le Goff".into()),
            proof: Some("/dossier/faits/7".into()),
            dispute: Some(("/dossier/faits/7#contester".into(), "Je conteste")),
        }],
        more: Some("/dossier?avant=7#faits".into()),
        owner_view,
        proof: Some((7, "a1b2c3d4e5f60718293a".into())),
        proof_file: Some("/dossier/preuve.zip".into()),
    }
}

fn page(dossier: Dossier) -> String {
    let html = html(dossier_page(dossier));
    assert_sound(&html);
    html
}

#[test]
fn each_chapter_has_its_reason_and_what_it_counts_for() {
    let html = page(dossier(true));
    assert!(html.contains("il reste à réussir le quiz") && html.contains("0\u{a0}min sur 20\u{a0}min"), "{html}");
    assert!(html.contains("90\u{a0}%") && html.contains("Version\u{a0}3 du cours"));
    assert_eq!(html.matches("scope=\"row\"").count(), 3);
}

#[test]
fn the_facts_are_told_with_their_place_their_moment_and_their_author() {
    let html = page(dossier(true));
    assert!(html.contains("<li value=\"7\">") && html.contains("24 novembre 2026 à 14\u{a0}h\u{a0}05"), "{html}");
    assert!(
        html.contains("inscrit par Marie Le Goff")
            && html.contains("href=\"/dossier?avant=7#faits\"")
            && html.contains("href=\"/dossier/faits/7\"")
            && html.contains("href=\"/dossier/faits/7#contester\"")
    );
    assert!(html.contains("7\u{a0}faits") && html.contains("<code>a1b2c3d4e5f60718</code>"));
}

#[test]
fn another_s_record_names_the_agent() {
    assert!(page(dossier(true)).contains("<h1>Mon dossier</h1>"));
    let html = page(dossier(false));
    assert!(html.contains("<h1>Dossier de Léa Perrin</h1>") && html.contains("href=\"/suivi\""));
}

#[test]
fn an_empty_record_says_what_will_fill_it() {
    let empty = Dossier {
        facts: Vec::new(),
        courses: Vec::new(),
        more: None,
        proof: None,
        minutes: 0,
        minutes_live: 0,
        ..dossier(true)
    };
    assert!(page(empty).contains("Rien n’est encore inscrit"));
}

#[test]
fn webinars_are_told_with_what_they_count_for_and_who_corrected_them() {
    let html = page(dossier(true));
    assert!(html.contains("97\u{a0}%, seuil atteint") && html.contains("Corrigé par Marie Le Goff"), "{html}");
    assert!(html.contains("1\u{a0}h\u{a0}27\u{a0}min</strong> de formation à distance en direct"));
    let none = Dossier { minutes_live: 0, ..dossier(true) };
    assert!(!page(none).contains("en direct, webinaires"));
}

#[test]
fn a_fact_of_no_version_tells_only_who_wrote_it() {
    let mut dossier = dossier(true);
    dossier.facts[0].version = None;
    let html = page(dossier);
    assert!(html.contains(">Inscrit par Marie Le Goff<") && !html.contains("Version\u{a0}None"), "{html}");
}
