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
    let wanted =
        ["invitation", "affectation", "temps", "suspendre"].map(|end| format!("/administration/comptes/3/{end}"));
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
fn where_somebody_works_is_told_with_its_history() {
    use jiff::civil::date;
    let period = |from, until, said: &str| Period {
        from,
        until,
        said: said.into(),
        reason: "Mutation".into(),
        by: "Alex".into(),
    };
    let posted = Posted {
        now: "Maison de Bayeux".into(),
        periods: vec![
            period(date(2026, 12, 4), None, "en poste, Maison de Bayeux"),
            period(date(2026, 1, 1), Some(date(2026, 12, 3)), "en poste, Maison de Vouziers"),
        ],
        maisons: vec![(7, "Maison de Bayeux".into())],
        typed: Typed { id: "k".into(), maison: "7".into(), state: "conge".into(), ..Typed::default() },
    };
    let page = account(AccountPage { posted: posted.clone(), ..AccountPage::default() });
    assert!(
        page.contains("du 1er janvier 2026 au 3 décembre 2026") && page.contains("depuis le 4 décembre 2026"),
        "{page}"
    );
    assert!(page.contains("value=\"7\" selected") && page.contains("value=\"conge\" selected"), "{page}");
    let typed = Typed { problem: Some(("depuis", "Indiquez un jour qui existe.".into())), ..posted.typed.clone() };
    let refused = account(AccountPage { posted: Posted { typed, ..posted }, ..AccountPage::default() });
    assert!(refused.contains("role=\"alert\"") && refused.contains("href=\"#depuis\""), "{refused}");
}

#[test]
fn a_new_link_is_shown() {
    let html = account(AccountPage {
        invitation_link: Some("https://socle.example/invitation/s".into()),
        ..AccountPage::default()
    });
    assert!(html.contains("https://socle.example/invitation/s") && html.contains("il ne sera plus affiché"));
}

#[test]
fn what_a_merge_would_give_is_shown_before_it_is_confirmed() {
    let blank =
        MergePage { href: "/administration/comptes/3".into(), name: "Léa Perrin".into(), ..MergePage::default() };
    let page = html(merge_page(blank.clone()));
    assert_sound(&page);
    assert!(page.contains("name=\"compte\"") && !page.contains("method=\"post\""), "{page}");
    let refused = html(merge_page(MergePage { problem: Some("Aucun compte.".into()), ..blank.clone() }));
    assert!(refused.contains("Aucun compte."));
    let side = |email: &str, minutes| Side {
        name: "Léa Perrin".into(),
        email: email.into(),
        facts: 12,
        sum: Sum { chapters: 2, minutes, half_days: 1, minutes_in_room: 180, ..Sum::default() },
        ..Side::default()
    };
    let sides = [side("lea@exemple.fr", 60), side("l.perrin@exemple.fr", 45)];
    let sum = Sum { chapters: 3, minutes: 75, ..Sum::default() };
    let shown = Some(Merged { folded: 9, key: "k".into(), sides, sum });
    let page = html(merge_page(MergePage { shown, ..blank }));
    assert_sound(&page);
    assert!(page.contains("<td>1\u{a0}h</td><td>45\u{a0}min</td><td>1\u{a0}h\u{a0}15\u{a0}min</td>"), "{page}");
    assert!(page.contains("name=\"compte\" value=\"9\"") && page.contains("name=\"cle\" value=\"k\""), "{page}");
}

#[test]
fn an_account_that_was_folded_into_another_leads_there_and_takes_no_order() {
    let other = ("lea@exemple.fr, le 3 décembre 2026".to_owned(), "/administration/comptes/4".to_owned());
    let gone =
        account(AccountPage { gone: Some(Gone::Folded(other.0, other.1)), suspended: true, ..AccountPage::default() });
    assert!(gone.contains("href=\"/administration/comptes/4\"") && !gone.contains("<form"), "{gone}");
    let merged = vec![("l.perrin@exemple.fr".to_owned(), "/administration/comptes/9".to_owned())];
    let kept = account(AccountPage { merged, ..AccountPage::default() });
    assert!(kept.contains("/administration/comptes/9") && kept.contains("/administration/comptes/3/reunion"), "{kept}");
}

fn planned(wrong: u64, refused: bool) -> ImportPage {
    let problem =
        ProblemLine {
            line: 12, column: "SIRET", what: "Ce n’est pas un SIRET.".into(), remedy: "Corrigez-le.".into()
        };
    ImportPage {
        desk: Desk::Administration,
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

fn token(state: TokenState) -> TokenRow {
    let at = "2026-11-24T13:05:00Z".parse().unwrap();
    TokenRow {
        revoke: "/administration/jetons/7/revoquer".into(),
        name: "SIRH".into(),
        user: "7".into(),
        scopes: vec!["people:read"],
        by: None,
        created_at: at,
        used_at: None,
        state,
    }
}

#[test]
fn tokens_that_are_good_can_be_revoked_and_the_secret_is_shown_where_it_was_made() {
    let at = "2027-11-24T13:05:00Z".parse().unwrap();
    let rows = vec![token(TokenState::Good(at)), token(TokenState::Expired(at)), token(TokenState::Revoked(at))];
    let made = MadeToken { whole: "socle_7_secret".into(), ..MadeToken::default() };
    let page = html(tokens_page(TokensPage { rows, made: Some(made.clone()), ..TokensPage::default() }));
    assert_sound(&page);
    assert_eq!(page.matches("/administration/jetons/7/revoquer").count(), 1);
    assert!(page.contains("socle_7_secret") && page.contains("en ligne de commande"), "{page}");
    assert!(!format!("{made:?}").contains("secret_"), "no log shows it");
    assert_eq!(
        attributes(&page, "input", "name").iter().filter(|name| *name == "scopes").count(),
        domain::identity::TokenScope::ALL.len()
    );
}

#[test]
fn a_token_refused_keeps_what_was_typed_and_tells_each_problem_beside_its_field() {
    let form =
        domain::identity::TokenForm { name: "ab".into(), scopes: vec!["records:read".into()], days: "400".into() };
    let problems = vec![("name", "Nommez-le.".to_owned()), ("days", "Moins.".to_owned())];
    let page = html(tokens_page(TokensPage { form, problems, ..TokensPage::default() }));
    assert_sound(&page);
    assert!(page.contains("value=\"records:read\" checked") && page.contains("value=\"400\""), "{page}");
    assert!(page.contains("href=\"#days\"") && page.contains("2\u{a0}points à corriger"), "{page}");
    assert!(page.contains("Aucun autre système"));
}

fn delivery(state: DeliveryState, failure: Option<&str>) -> DeliveryLine {
    DeliveryLine {
        again: "/administration/webhooks/7/messages/8".into(),
        id: "8".into(),
        kind: "fact.recorded".into(),
        body: "{\"type\":\"fact.recorded\"}".into(),
        created_at: "2026-11-24T13:05:00Z".parse().unwrap(),
        attempts: 2,
        state,
        status: failure.map(|_| 500),
        failure: failure.map(str::to_owned),
    }
}

#[test]
fn a_webhook_that_is_disabled_says_what_to_do_and_what_arrived_or_not_can_be_sent_again() {
    let at = "2026-11-24T13:05:00Z".parse().unwrap();
    let deliveries = vec![
        delivery(DeliveryState::Waiting(at), Some("Le système a répondu 500.")),
        delivery(DeliveryState::Delivered(at), None),
        delivery(DeliveryState::GivenUp(at), Some("Pas de réponse.")),
    ];
    let page = WebhookPage {
        href: "/administration/webhooks/7".into(),
        url: "https://sirh.exemple.fr/".into(),
        kinds: vec!["fact.recorded".into()],
        created_at: at,
        disabled_at: Some(at),
        deliveries,
    };
    let shown = html(webhook_page(page.clone()));
    assert_sound(&shown);
    assert!(shown.contains("/administration/webhooks/7/reactiver") && shown.contains("3\u{a0}messages"), "{shown}");
    assert_eq!(
        shown.matches("action=\"/administration/webhooks/7/messages/8\"").count(),
        2,
        "what waits leaves by itself"
    );
    let shown = html(webhook_page(WebhookPage { disabled_at: None, deliveries: vec![], ..page }));
    assert!(!shown.contains("reactiver") && shown.contains("Aucun message n’a encore été écrit."));
}

#[test]
fn a_webhook_s_secret_is_shown_where_it_was_made() {
    let made = MadeWebhook { url: "https://sirh.exemple.fr/".into(), secret: "whsec_abc".into() };
    assert!(!format!("{made:?}").contains("whsec"), "no log shows it");
    let problems = vec![("url", "Indiquez une adresse.".to_owned()), ("kinds", "Choisissez.".to_owned())];
    let page = html(webhooks_page(WebhooksPage { made: Some(made), problems, ..WebhooksPage::default() }));
    assert_sound(&page);
    assert!(page.contains("whsec_abc") && page.contains("href=\"#kinds\"") && page.contains("erreur-url"), "{page}");
}

#[test]
fn an_erased_account_offers_nothing_more() {
    let html = account(AccountPage { gone: Some(Gone::Erased), suspended: true, ..AccountPage::default() });
    assert!(html.contains("Effacé\u{a0}:") && !html.contains("<form"));
}
