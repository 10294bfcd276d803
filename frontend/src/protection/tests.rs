use super::*;
use crate::ui::support::{assert_sound, attributes, html};
use jiff::Timestamp;

fn deed(subject: &str) -> DeedLine {
    DeedLine {
        at: Timestamp::UNIX_EPOCH,
        actor: "Marie Le Goff".into(),
        role: "formateur ou formatrice".into(),
        subject: subject.into(),
        deed: "Consultation",
        page: "Dossier".into(),
    }
}

#[test]
fn the_register_tells_of_each_class_all_that_article_30_asks_for() {
    let class = ClassLine {
        name: "Courriels",
        what: "Messages écrits",
        purpose: "Les retrouver",
        basis: "Mission d’intérêt public",
        seen_by: "Administrateurs",
        kept: "30\u{a0}jours après l’envoi".into(),
        erasure: "Effacés",
        source: "Minimisation",
        tables: vec!["mail", "notice"],
    };
    let html = html(register_page(Register {
        publisher: "CNFPT".into(),
        contact_email: "contact@socle.example".into(),
        classes: vec![class],
        free: vec![("maison", "des lieux")],
        ..Register::default()
    }));
    assert_sound(&html);
    for part in [
        "CNFPT",
        "Finalité",
        "Base légale",
        "Destinataires",
        "30\u{a0}jours après l’envoi",
        "mail, notice",
        "des lieux",
    ] {
        assert!(html.contains(part), "{part}");
    }
}

#[test]
fn one_s_own_data_are_told_with_who_looked_at_them() {
    let line = MineLine { name: "Courriels", what: "Messages", kept: "30\u{a0}jours".into(), rows: 2 };
    let none = MineLine { name: "Salles", rows: 0, ..line.clone() };
    let page = Mine { classes: vec![line, none], looks_kept: "1\u{a0}an".into(), ..Mine::default() };
    let alone = html(mine_page(page.clone()));
    assert_sound(&alone);
    assert!(alone.contains("2\u{a0}lignes") && alone.contains("Rien") && alone.contains("Personne d’autre que vous"));
    let looked = html(mine_page(Mine { looks: vec![deed("Lea")], more: Some("/mes-donnees?avant=3".into()), ..page }));
    assert_sound(&looked);
    assert!(looked.contains("Marie Le Goff") && looked.contains("/mes-donnees?avant=3"));
    assert!(!looked.contains("Dossier de"), "all of it is one person’s");
}

#[test]
fn the_log_is_filtered_by_fields_that_keep_what_was_asked() {
    let asked = Asked { subject: "Léa".into(), from: "2026-12-01".into(), ..Asked::default() };
    let html = html(journal_page(Journal {
        asked,
        lines: vec![deed("Léa Perrin"), deed("")],
        csv: "/administration/journal.csv?dossier=L%C3%A9a".into(),
        ..Journal::default()
    }));
    assert_sound(&html);
    assert_eq!(attributes(&html, "input", "name"), ["dossier", "par", "du", "au"]);
    assert!(html.contains("value=\"Léa\"") && html.contains("value=\"2026-12-01\""));
    assert!(html.contains("Léa Perrin") && html.contains("plusieurs personnes"));
}

#[test]
fn a_day_that_is_none_is_told_and_its_fields_marked() {
    let html = html(journal_page(Journal { problem: Some("Ce n’est pas une date.".into()), ..Journal::default() }));
    assert_sound(&html);
    assert!(html.contains("role=\"alert\"") && html.contains("Aucune ligne"));
    assert_eq!(html.matches("aria-invalid").count(), 2);
}

#[test]
fn an_erasure_says_first_what_goes_and_what_stays() {
    let lines = vec![
        EraseLine { name: "Réponses", rows: 1, erasure: "Effacées", ..EraseLine::default() },
        EraseLine {
            name: "Preuves",
            rows: 12,
            erasure: "Gardées",
            until: Some("6\u{a0}ans".into()),
            why: Some("Code du travail"),
        },
    ];
    let page =
        Erase { href: "/administration/comptes/3".into(), name: "Léa Perrin".into(), lines, ..Erase::default() };
    let asked = html(erase_page(page.clone()));
    assert_sound(&asked);
    assert_eq!(attributes(&asked, "form", "action"), ["/administration/comptes/3/effacer"]);
    assert_eq!(attributes(&asked, "input", "name"), ["sure"]);
    assert!(asked.contains("6\u{a0}ans") && asked.contains("Code du travail") && !asked.contains("role=\"alert\""));
    let unconfirmed = html(erase_page(Erase { unconfirmed: true, ..page.clone() }));
    assert_sound(&unconfirmed);
    assert!(unconfirmed.contains("role=\"alert\""));
    let refused = html(erase_page(Erase { refusal: Some("C’est vous.".into()), ..page }));
    assert_sound(&refused);
    assert!(refused.contains("C’est vous.") && !refused.contains("<form"));
}

#[test]
fn the_report_tells_what_went_each_night_and_what_comes() {
    let due = DueLine { name: "Courriels", kept: "30\u{a0}jours".into(), next_night: 0, within_a_month: 1200 };
    let night = NightLine {
        night: "1er décembre 2026".into(),
        gone: vec![("Courriels".into(), 3)],
        done_at: Some(Timestamp::UNIX_EPOCH),
    };
    let quiet = NightLine { night: "2 décembre 2026".into(), ..NightLine::default() };
    let html = html(nights_page(Nights { due: vec![due], nights: vec![quiet, night], more: None }));
    assert_sound(&html);
    assert!(html.contains("1\u{202f}200") && html.contains("3\u{a0}effacements"));
    assert!(html.contains("Rien n’avait passé son terme.") && html.contains("elle sera reprise"));
}
