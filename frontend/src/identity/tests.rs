use super::*;
use crate::ui::support::{assert_sound, attributes, html};

#[test]
fn the_sign_in_form_keeps_the_address_and_the_way_back() {
    let page = SignIn { email: "lea@socle.example".into(), back: Some("/dossier".into()), ..SignIn::default() };
    let html = html(sign_in_page(page));
    assert_sound(&html);
    assert!(!html.contains("ProConnect"), "{html}");
    assert_eq!(attributes(&html, "input", "name"), ["email", "password", "back"]);
    assert_eq!(attributes(&html, "input", "value"), ["lea@socle.example", "", "/dossier"]);
    assert!(!html.contains("role=\"alert\"") && !html.contains("aria-invalid"));
}

#[test]
fn a_refusal_is_announced_and_tied_to_the_fields() {
    let html = html(sign_in_page(SignIn { problem: Some("Mot de passe incorrect.".into()), ..SignIn::default() }));
    assert_sound(&html);
    assert!(html.find("role=\"alert\"").unwrap() < html.find("<form").unwrap(), "told before the form");
    assert_eq!(html.matches("aria-invalid=\"true\" aria-describedby=\"probleme\"").count(), 2, "{html}");
}

#[test]
fn the_rule_of_passwords_is_told_before() {
    let html = html(invitation_page(Invitation {
        name: "Léa Perrin".into(),
        email: "lea@socle.example".into(),
        problem: None,
        proconnect: None,
    }));
    assert_sound(&html);
    assert!(html.contains("Au moins 12\u{a0}caractères"));
    assert_eq!(attributes(&html, "input", "name"), ["password", "password_again"]);
    assert_eq!(html.matches("autocomplete=\"new-password\"").count(), 2);
}

#[test]
fn a_dead_link_says_what_to_do() {
    let html = html(invitation_dead());
    assert_sound(&html);
    assert!(html.contains("href=\"/connexion\"") && html.contains("demandez un nouveau lien"));
}

#[test]
fn proconnect_comes_first_and_is_a_link() {
    let page = SignIn { proconnect: Some("/connexion/proconnect?back=%2Fdossier".into()), ..SignIn::default() };
    let html = html(sign_in_page(page));
    assert_sound(&html);
    let link = html.find("href=\"/connexion/proconnect?back=%2Fdossier\"").unwrap();
    assert!(link < html.find("<form").unwrap());
    assert!(html.contains("S’identifier avec ProConnect") && html.contains("Qu’est-ce que ProConnect\u{a0}?"));
}

#[test]
fn a_sign_in_by_proconnect_that_leads_nowhere_says_what_to_do_and_offers_both_ways() {
    let unknown = |maison: Option<&str>| NotIn::Unknown {
        name: "Léa Perrin".into(),
        email: "lea@commune.example".into(),
        maison: maison.map(str::to_owned),
    };
    for (why, said) in [
        (NotIn::Declined, "vous y avez renoncé"),
        (NotIn::Unavailable, "il fonctionne toujours"),
        (NotIn::Elsewhere, "un autre onglet"),
        (NotIn::Unverified, "n’a pas pu être vérifiée"),
        (NotIn::Suspended, "est suspendu"),
        (NotIn::Unconfirmed { email: "lea@commune.example".into() }, "lea@commune.example"),
        (NotIn::Unconfirmed { email: String::new() }, "aucune adresse"),
        (unknown(None), "lea@commune.example"),
        (unknown(Some("Maison de Morlaix")), "Maison de Morlaix"),
    ] {
        let html = html(not_in_page(why, "/connexion".into(), "/connexion/proconnect".into()));
        assert_sound(&html);
        assert!(html.contains(said) && html.contains("href=\"/connexion\""), "{said}: {html}");
        assert!(html.contains("href=\"/connexion/proconnect\""), "{html}");
    }
    for there in [None, Some("https://proconnect.example/fin".to_owned())] {
        assert_sound(&html(signed_out_page(there)));
    }
}

#[test]
fn proconnect_is_detached_by_whoever_has_a_password() {
    let page = |password: bool, linked: bool| {
        let since = || Some("1er décembre 2026".to_owned());
        let page = OwnPage {
            password_since: since().filter(|_| password),
            proconnect_since: since().filter(|_| linked),
            offers_proconnect: true,
            ..OwnPage::default()
        };
        let html = html(own_page(page));
        assert_sound(&html);
        html
    };
    assert!(page(true, true).contains("unlink-proconnect"));
    for (password, linked, said) in [
        (false, true, "C’est votre seul accès"),
        (true, false, "Pas encore relié"),
        (false, false, "Vous n’en avez pas"),
    ] {
        let html = page(password, linked);
        assert!(html.contains(said) && !html.contains("unlink-proconnect"), "{html}");
    }
    assert!(!html(own_page(OwnPage::default())).contains("ProConnect"));
}
