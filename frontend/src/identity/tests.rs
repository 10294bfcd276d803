use super::*;
use crate::ui::support::{assert_sound, attributes, html};

#[test]
fn the_sign_in_form_keeps_the_address_and_the_way_back() {
    let page = SignIn { email: "lea@socle.example".into(), problem: None, back: Some("/dossier".into()) };
    let html = html(sign_in_page(page));
    assert_sound(&html);
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
