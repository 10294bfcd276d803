use super::*;
use crate::protection::ClassLine;
use crate::ui::support::{assert_sound, html};

fn facts(status: &str, date: Option<&str>) -> About {
    About {
        publisher: "CNFPT".into(),
        publication_director: "Mme D.".into(),
        host: "Un hébergeur, 1 rue du Port, Nantes".into(),
        contact_email: "contact@socle.example".into(),
        accessibility_status: status.into(),
        accessibility_date: date.map(str::to_owned),
        public_url: "https://socle.example".into(),
    }
}

#[test]
fn the_statement_has_the_parts_that_the_law_asks_for() {
    let html = html(accessibility_page(facts("non conforme", None)));
    assert_sound(&html);
    for part in [
        "État de conformité",
        "Contenus non accessibles",
        "Établissement de cette déclaration",
        "Retour d’information et contact",
        "Voies de recours",
    ] {
        assert!(html.contains(&format!("<h2>{part}</h2>")), "{part}");
    }
    assert!(
        html.contains("<strong>non conforme</strong>")
            && html.contains("aucun audit de conformité n’a encore été mené")
    );
    assert!(html.contains("Défenseur des droits") && html.contains("mailto:contact@socle.example"));
}

#[test]
fn an_audit_is_dated() {
    let html = html(accessibility_page(facts("partiellement conforme", Some("2 mars 2027"))));
    assert!(html.contains("établie le 2 mars 2027") && !html.contains("aucun audit"));
}

#[test]
fn the_legal_page_names_who_answers() {
    let html = html(legal_page(facts("non conforme", None)));
    assert_sound(&html);
    assert!(html.contains("CNFPT") && html.contains("Mme D.") && html.contains("Un hébergeur, 1 rue du Port, Nantes"));
}

#[test]
fn the_privacy_page_tells_what_why_how_long_and_the_rights() {
    let class = ClassLine {
        name: "Courriels",
        what: "Ce qui vous est écrit",
        purpose: "Le retrouver",
        kept: "30\u{a0}jours après l’envoi".into(),
        ..ClassLine::default()
    };
    let html = html(privacy_page(facts("non conforme", None), vec![class]));
    assert_sound(&html);
    assert!(
        html.contains("30\u{a0}jours après l’envoi")
            && html.contains("Jusqu’à quand")
            && html.contains("Vos droits")
            && html.contains("CNIL")
    );
}
