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

fn set_up(at: Where, no_passkeys: Option<&'static str>) -> String {
    let set_up =
        SetUp { code: "<svg></svg>".into(), key: "ABCD".repeat(8), uri: "otpauth://totp/x".into(), problem: None };
    let html = html(set_up_page(set_up, at, no_passkeys, Some("/suivi/france".into())));
    assert_sound(&html);
    html
}

#[test]
fn a_passkey_comes_before_a_generator_and_its_form_waits_for_the_script() {
    let html = set_up(Where::AtSignIn, None);
    let form = html.find("action=\"/second-facteur/cles\"").unwrap();
    assert!(form < html.find("action=\"/connexion/code\"").unwrap());
    assert!(html.contains("data-passkey=\"asked\" hidden"), "{html}");
    assert_eq!(html.matches("<noscript>").count(), 1);
    assert_eq!(attributes(&html, "input", "name"), ["name", "challenge", "credential", "back", "code", "back"]);
}

#[test]
fn where_there_are_no_passkeys_the_page_says_why_and_beside_one_it_offers_none() {
    let html = set_up(Where::First, Some("Pas ici."));
    assert!(html.contains("Pas ici.") && !html.contains("data-passkey"));
    assert!(!set_up(Where::Beside, None).contains("data-passkey"));
}

#[test]
fn the_page_that_asks_for_a_factor_offers_those_there_are() {
    let page = |passkey, generator| {
        let html = html(code_page(CodePage { passkey, generator, ..CodePage::default() }));
        assert_sound(&html);
        (html.contains("data-passkey"), html.contains("Code de connexion"), html.contains("Code de secours"))
    };
    assert_eq!(page(true, true), (true, true, false));
    assert_eq!(page(true, false), (true, false, true));
    assert_eq!(page(false, true), (false, true, false));
}

#[test]
fn the_way_in_by_a_passkey_comes_after_the_form_and_is_offered_in_the_field_of_the_address() {
    let page = SignIn { passkey: true, back: Some("/dossier".into()), ..SignIn::default() };
    let html = html(sign_in_page(page));
    assert_sound(&html);
    assert!(html.find("name=\"password\"").unwrap() < html.find("data-passkey=\"offered\"").unwrap());
    assert!(html.contains("autocomplete=\"username webauthn\""));
    assert_eq!(html.matches("name=\"back\" value=\"/dossier\"").count(), 2);
}

#[test]
fn each_passkey_is_named_and_led_to_and_the_last_stays_where_one_is_required() {
    let line = || PasskeyLine { id: 7, name: "Clé <USB>".into(), since: "1er décembre 2026".into(), used: None };
    let page = FactorPage { passkeys: vec![line()], codes_left: 10, required: true, ..FactorPage::default() };
    let listed = html(factor_page(page));
    assert_sound(&listed);
    assert!(listed.contains("href=\"/second-facteur/cles/7\">Clé &lt;USB&gt;</a>") && listed.contains("jamais servie"));
    assert!(!listed.contains("name=\"code\""), "no generator, no code to type");
    for (stays, offered) in [(true, false), (false, true)] {
        let page = html(passkey_page(line(), stays));
        assert_sound(&page);
        assert_eq!(page.contains("value=\"remove\""), offered);
    }
}
