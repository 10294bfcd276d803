use super::*;
use crate::ui::support::{assert_sound, attributes, html};
use domain::import::Kind;

fn accounts(invite: InviteForm) -> String {
    let row = AccountRow {
        href: "/administration/comptes/3".into(),
        name: "Karim Benali".into(),
        email: "k@socle.example".into(),
        suspended: true,
    };
    let html =
        html(accounts_page(Accounts { rows: vec![row], page: 1, pages: 1, total: 1, invite, ..Accounts::default() }));
    assert_sound(&html);
    html
}

fn account(page: AccountPage) -> String {
    let html = html(account_page(AccountPage {
        href: "/administration/comptes/3".into(),
        name: "Karim Benali".into(),
        ..page
    }));
    assert_sound(&html);
    html
}

#[test]
fn the_invitation_s_fields_are_those_the_server_reads() {
    let html = accounts(InviteForm {
        maisons: vec![(7, "Espace de Rethel".into())],
        courses: vec![("mediation".into(), "La médiation".into())],
        ..InviteForm::default()
    });
    assert_eq!(attributes(&html, "input", "name"), ["q", "first_name", "last_name", "email"]);
    assert_eq!(attributes(&html, "select", "name"), ["role", "maison", "scope"]);
    let options = attributes(&html, "option", "value");
    for wanted in ["agent", "department-pilot", "7", "course:mediation", "departement:2A", ""] {
        assert!(options.contains(&wanted.to_owned()), "{wanted} in {options:?}");
    }
    assert!(html.contains("Suspendu"));
}

#[test]
fn a_refused_invitation_keeps_what_was_typed_and_points_at_the_field() {
    let html = accounts(InviteForm {
        problem: Some("Indiquez une adresse.".into()),
        wrong: Some("email"),
        first_name: "Anne".into(),
        role: "trainer".into(),
        ..InviteForm::default()
    });
    assert!(html.contains("role=\"alert\"") && html.contains("value=\"Anne\""));
    assert_eq!(html.matches("aria-invalid").count(), 1);
    assert!(html.contains("<option value=\"trainer\" selected"), "{html}");
}

#[test]
fn an_account_s_forms_send_under_its_address() {
    let html = account(AccountPage { extra_time: 33, ..AccountPage::default() });
    let actions = attributes(&html, "form", "action");
    let wanted = ["invitation", "temps", "suspendre"].map(|end| format!("/administration/comptes/3/{end}"));
    assert_eq!(actions, wanted);
    assert!(html.contains("name=\"extra_time\" value=\"33\"") && html.contains("Invitation en attente"), "{html}");
}

#[test]
fn open_sessions_can_be_ended_and_a_suspended_account_restored() {
    let at = "2026-11-24T13:05:00Z".parse().unwrap();
    let html = account(AccountPage {
        sessions: vec![SessionLine { since: at, seen: at }],
        suspended: true,
        ..AccountPage::default()
    });
    assert!(html.contains("/administration/comptes/3/sessions") && html.contains("/administration/comptes/3/retablir"));
    assert!(!html.contains("/suspendre"));
}

#[test]
fn a_new_link_is_shown() {
    let html = account(AccountPage {
        invitation_link: Some("https://socle.example/invitation/s".into()),
        ..AccountPage::default()
    });
    assert!(html.contains("https://socle.example/invitation/s") && html.contains("il ne sera plus affiché"));
}

fn planned(wrong: u64, refused: bool) -> ImportPage {
    let problem =
        ProblemLine {
            line: 12, column: "SIRET", what: "Ce n’est pas un SIRET.".into(), remedy: "Corrigez-le.".into()
        };
    ImportPage {
        href: "/administration/importations/7".into(),
        file_name: "agents.csv".into(),
        brings: Kind::Agents,
        header: vec!["Nom".into(), String::new()],
        fields: vec![
            ColumnChoice { name: "nom", label: "Nom", required: true, chosen: Some(0) },
            ColumnChoice { name: "siret", label: "SIRET", required: false, chosen: None },
        ],
        state: ImportState::Planned {
            counts: Imported { created: 3, updated: 0, unchanged: 1, wrong },
            problems: (0..wrong).map(|_| problem.clone()).collect(),
            more: 2,
            refused,
        },
    }
}

#[test]
fn an_import_tells_what_it_would_change_and_what_is_wrong() {
    let page = html(import_page(planned(1, true)));
    assert_sound(&page);
    assert!(page.contains("3\u{a0}agents à créer") && page.contains("Colonne 2"), "{page}");
    assert!(
        page.contains("<th scope=\"row\">12</th>")
            && page.contains("Corrigez-le.")
            && page.contains("Rien n’a été importé")
    );
    assert!(
        page.contains("name=\"c-nom\" value=\"0\"") && !page.contains("name=\"c-siret\" value"),
        "what was matched is sent on"
    );
    assert!(page.contains("value=\"tout\" checked") && page.contains("value=\"valides\""), "{page}");
    assert!(!html(import_page(planned(0, false))).contains("valides"), "nothing is wrong, nothing to choose");
}

#[test]
fn an_import_asks_for_its_columns_and_ends_with_what_was_done() {
    let state = ImportState::Incomplete(vec!["Prénom"]);
    let page = html(import_page(ImportPage { state, ..planned(0, false) }));
    assert_sound(&page);
    assert!(page.contains("Prénom") && !page.contains("method=\"post\""), "nothing is sent before: {page}");
    let state = ImportState::Done(Imported { created: 2, ..Imported::default() });
    let page = html(import_page(ImportPage { state, ..planned(0, false) }));
    assert!(page.contains("2\u{a0}créations") && page.contains("/administration/invitations"));
    let sent = html(send_file_page(SendFile { problem: Some("Un classeur.".into()), ..SendFile::default() }));
    assert_sound(&sent);
    assert!(sent.contains("Un classeur.") && sent.contains("multipart/form-data"));
    assert!(sent.contains("value=\"presences\"") && sent.contains("name=\"sheet\""), "{sent}");
    let attendances = html(import_page(ImportPage { brings: Kind::Attendances, ..planned(1, false) }));
    assert!(attendances.contains("3\u{a0}présences à inscrire"), "{attendances}");
}

#[test]
fn invitations_tell_how_far_their_sending_is() {
    let page = html(invitations_page(Invitations {
        sends: true,
        ready: 3,
        written: 10,
        sent: 6,
        failed: 1,
        days: 14,
        ..Invitations::default()
    }));
    assert_sound(&page);
    assert!(page.contains("Inviter 3\u{a0}personnes") && page.contains("max=\"10\" value=\"6\""), "{page}");
    assert!(page.contains("3\u{a0}messages à envoyer") && page.contains("1\u{a0}message abandonné"), "{page}");
    let none = html(invitations_page(Invitations::default()));
    assert!(none.contains("SOCLE_SMTP_URL") && !none.contains("<form"));
}
