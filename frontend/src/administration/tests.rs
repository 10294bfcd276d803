use super::*;
use crate::ui::support::{assert_sound, attributes, html};

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
