//! Passkeys: set up, shown after the password and before what weighs most, enough alone; kept and taken away.

use crate::second_factor::{codes_in, sign_in, somebody};
use domain::identity::{Role, Scope, TotpKey};
use jiff::SignedDuration;
use reqwest::StatusCode;
use support::authenticator::{Authenticator, SITE, answer, asked, enrol, enter, show};
use support::{Database, Page, Product};

/// The product at an address that has passkeys.
async fn start(database: Database, demanded: &str) -> Product {
    let settings = [("SOCLE_SECOND_FACTOR", demanded.to_owned()), ("SOCLE_PUBLIC_URL", SITE.to_owned())];
    Product::start_with(database, &settings).await
}

fn is_shut(page: &Page) -> bool {
    page.location.as_deref().is_some_and(|to| to.starts_with("/connexion?"))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_must_have_a_factor_makes_a_passkey_and_enters_with_both() {
    for database in [Database::Sqlite, Database::Postgres] {
        let product = start(database, "required").await;
        let (_, email) = somebody(&product, "Paul", Role::NationalPilot, Scope::Nation).await;
        let client = product.stranger();
        sign_in(&client, &email, "/suivi/france").await;
        let page = client.get("/connexion/code?back=%2Fsuivi%2Ffrance").await;
        let (passkey, application) = (page.body.find("Par une clé d’accès"), page.body.find("Par une application"));
        assert!(passkey.is_some() && passkey < application, "both are offered, the passkey first");
        let mut key = Authenticator::default();
        assert_eq!(codes_in(&enrol(&client, &mut key, "Téléphone").await).len(), 10);
        assert_eq!(client.get("/suivi/france").await.status, StatusCode::OK);

        let other = product.stranger();
        assert_eq!(sign_in(&other, &email, "/suivi/france").await, "/connexion/code?back=%2Fsuivi%2Ffrance");
        assert!(is_shut(&other.get("/suivi/france").await), "the password alone opens nothing");
        assert!(other.get("/connexion/code").await.body.contains("Continuer avec une clé d’accès"));
        assert_eq!(show(&other, &mut key, "/suivi/france").await.location.as_deref(), Some("/suivi/france"));
        assert_eq!(other.get("/suivi/france").await.status, StatusCode::OK);
        assert!(
            other.get("/second-facteur").await.text().contains("Téléphone : ajoutée le 1er décembre 2026, servie en")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_alone_opens_an_account_and_is_both_factors() {
    for database in [Database::Sqlite, Database::Postgres] {
        let product = start(database, "required").await;
        let (_, email) = somebody(&product, "Paul", Role::NationalPilot, Scope::Nation).await;
        let client = product.stranger();
        sign_in(&client, &email, "/").await;
        let mut key = Authenticator::default();
        enrol(&client, &mut key, "").await;
        let other = product.stranger();
        assert!(other.get("/connexion").await.body.contains("Se connecter avec une clé d’accès"));
        let entered = enter(&other, &mut key, "/suivi/france").await;
        assert_eq!((entered.status, entered.location.as_deref()), (StatusCode::SEE_OTHER, Some("/suivi/france")));
        assert_eq!(other.get("/suivi/agents/fichier/csv").await.status, StatusCode::OK, "nothing more is asked");
        let elsewhere = enter(&product.stranger(), &mut key, "https://autre.example").await;
        assert_eq!(elsewhere.location.as_deref(), Some("/"));
        let entered = "SELECT COUNT(*) FROM audit WHERE deed = 'entered' AND page = 'connexion/cle-d-acces'";
        assert_eq!(product.number(entered).await, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_weighs_most_asks_for_the_passkey_again_and_so_does_taking_one_away() {
    let product = start(Database::Sqlite, "offered").await;
    let (_, email) = somebody(&product, "Paul", Role::NationalPilot, Scope::Nation).await;
    let client = product.stranger();
    sign_in(&client, &email, "/").await;
    let mut key = Authenticator::default();
    let codes = codes_in(&enrol(&client, &mut key, "Téléphone").await);
    product.wait(SignedDuration::from_mins(16));
    for page in
        ["/suivi/agents/fichier/csv", "/second-facteur/cles", "/second-facteur/cles/1", "/second-facteur/application"]
    {
        let to = client.get(page).await.location;
        assert!(to.as_deref().is_some_and(|to| to.starts_with("/connexion/code?back=")), "{page}: {to:?}");
    }
    let removed = client.post("/second-facteur/cles/1", &[("do", "remove")]).await;
    assert_eq!(removed.location.as_deref(), Some("/connexion/code?back=%2Fsecond-facteur%2Fcles%2F1"));
    let refused = client.post_json("/second-facteur/cles/defi", &serde_json::json!({})).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "one more needs the first");
    let renewed = client.post("/second-facteur", &[("do", "renew-codes")]).await;
    assert_eq!(renewed.location.as_deref(), Some("/connexion/code?back=%2Fsecond-facteur"));

    assert_eq!(
        show(&client, &mut key, "/second-facteur/cles/1").await.location.as_deref(),
        Some("/second-facteur/cles/1")
    );
    let renamed = client.post("/second-facteur/cles/1", &[("do", "rename"), ("name", " Clé\u{7} USB  ")]).await;
    assert_eq!(renamed.location.as_deref(), Some("/second-facteur?fait=cle-renommee"));
    assert!(client.get("/second-facteur/cles/1").await.body.contains("value=\"Clé USB\""));
    assert_eq!(codes_in(&client.post("/second-facteur", &[("do", "renew-codes")]).await).len(), 10);
    let other = product.stranger();
    sign_in(&other, &email, "/").await;
    let former = other.post("/connexion/code", &[("code", codes[0].as_str())]).await;
    assert_eq!(former.status, StatusCode::UNPROCESSABLE_ENTITY, "the codes before are worth nothing");

    let removed = client.post("/second-facteur/cles/1", &[("do", "remove")]).await;
    assert_eq!(removed.location.as_deref(), Some("/connexion"), "the last takes every session with it");
    assert!(is_shut(&client.get("/dossier").await));
    assert_eq!(sign_in(&product.stranger(), &email, "/dossier").await, "/dossier");
    assert_eq!(product.number("SELECT COUNT(*) FROM recovery_code").await, 0);
    assert_eq!(product.number("SELECT COUNT(*) FROM mail WHERE subject LIKE 'Une clé%'").await, 2, "both are told of");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_stands_for_a_passkey_and_several_factors_stand_beside_each_other() {
    let product = start(Database::Sqlite, "required").await;
    let (_, email) = somebody(&product, "Paul", Role::NationalPilot, Scope::Nation).await;
    let client = product.stranger();
    sign_in(&client, &email, "/").await;
    let (mut telephone, mut computer) = (Authenticator::default(), Authenticator::default());
    let codes = codes_in(&enrol(&client, &mut telephone, "Téléphone").await);
    let asked_for = asked(&client, "/second-facteur/cles").await;
    assert_eq!(asked_for["publicKey"]["excludeCredentials"].as_array().map(Vec::len), Some(1), "not the same twice");
    let more = enrol(&client, &mut computer, "Ordinateur").await;
    assert_eq!(more.location.as_deref(), Some("/second-facteur?fait=cle-ajoutee"));
    assert_eq!(client.get("/suivi/france").await.status, StatusCode::OK, "no session ended");

    // A generator too, with the first factor shown lately.
    let page = client.get("/second-facteur/application").await;
    let shown = page.body.split("<code class=\"secret\">").nth(1).unwrap().split("</code>").next().unwrap();
    let key = TotpKey::read(&shown.replace([' ', '\u{a0}'], "")).unwrap();
    let code = |steps: i64| key.code(product.app.clock.now().as_second() / 30 + steps);
    let added = client.post("/second-facteur", &[("do", "set-up"), ("code", code(0).as_str())]).await;
    assert_eq!(added.location.as_deref(), Some("/second-facteur?fait=application-ajoutee"));
    for key in [&mut telephone, &mut computer] {
        let other = product.stranger().from_address("192.0.2.9");
        sign_in(&other, &email, "/").await;
        assert_eq!(show(&other, key, "/").await.status, StatusCode::SEE_OTHER);
    }
    for typed in [codes[0].clone(), code(1)] {
        let other = product.stranger().from_address("192.0.2.9");
        sign_in(&other, &email, "/").await;
        assert_eq!(other.post("/connexion/code", &[("code", typed.as_str())]).await.status, StatusCode::SEE_OTHER);
    }

    // All but the last are taken away where one is required.
    for id in [1, 2] {
        let removed = client.post(&format!("/second-facteur/cles/{id}"), &[("do", "remove")]).await;
        assert_eq!(removed.location.as_deref(), Some("/second-facteur?fait=cle-retiree"));
    }
    let last = client.post("/second-facteur", &[("do", "remove"), ("code", codes[1].as_str())]).await;
    assert_eq!(last.status, StatusCode::CONFLICT);
    enrol(&client, &mut telephone, "Téléphone").await;
    product.wait(SignedDuration::from_mins(16));
    let asked_first = client.post("/second-facteur", &[("do", "remove"), ("code", "")]).await;
    assert_eq!(asked_first.location.as_deref(), Some("/connexion/code?back=%2Fsecond-facteur"));
    show(&client, &mut telephone, "/second-facteur").await;
    let removed = client.post("/second-facteur", &[("do", "remove"), ("code", "")]).await;
    assert_eq!(removed.location.as_deref(), Some("/second-facteur?fait=application-retiree"), "the passkey does");
    let last = client.post("/second-facteur/cles/3", &[("do", "remove")]).await;
    assert_eq!(last.status, StatusCode::CONFLICT);
    assert!(client.get("/second-facteur/cles/3").await.body.contains("le dernier qui vous reste"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_takes_passkeys_away_and_another_factor_is_set_up() {
    let product = start(Database::Sqlite, "required").await;
    let (paul, email) = somebody(&product, "Paul", Role::NationalPilot, Scope::Nation).await;
    let client = product.stranger();
    sign_in(&client, &email, "/").await;
    let mut key = Authenticator::default();
    enrol(&client, &mut key, "Téléphone").await;
    let missing = server::identity::second_factor::missing(product.app.db.reader()).await.expect("reads");
    assert_eq!(missing, 0);

    let (_, address) = somebody(&product, "Anne", Role::Administrator, Scope::Nation).await;
    let administrator = product.stranger();
    sign_in(&administrator, &address, "/").await;
    enrol(&administrator, &mut Authenticator::default(), "").await;
    let account = format!("/administration/comptes/{paul}");
    assert!(administrator.get(&account).await.body.contains("Retirer le second facteur"));
    administrator.post(&format!("{account}/second-facteur"), &[]).await;
    assert!(is_shut(&client.get("/suivi/france").await), "every session is ended");
    let entered = enter(&product.stranger(), &mut key, "/").await;
    assert_eq!(entered.status, StatusCode::UNPROCESSABLE_ENTITY, "it opens nothing any more");
    sign_in(&client, &email, "/").await;
    assert!(client.get("/connexion/code").await.body.contains("Créer une clé d’accès"));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_site_has_no_name_the_pages_say_why_there_are_no_passkeys() {
    let product = Product::start_with(Database::Sqlite, &[("SOCLE_SECOND_FACTOR", "offered".to_owned())]).await;
    let (_, email) = somebody(&product, "Lea", Role::Agent, Scope::Own).await;
    let client = product.stranger();
    let page = client.get("/connexion").await;
    assert!(!page.body.contains("clé d’accès") && !page.body.contains("<script"), "{}", page.body);
    let refused = client.post_json("/connexion/cle/defi", &serde_json::json!({})).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.json()["said"].as_str().unwrap().contains("SOCLE_PUBLIC_URL"));
    sign_in(&client, &email, "/").await;
    let page = client.get("/second-facteur").await;
    assert!(page.body.contains("adresse IP") && page.body.contains("Vérifier le code"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_asks_for_a_passkey_has_its_small_script_alone() {
    let product = start(Database::Sqlite, "offered").await;
    let page = product.stranger().get("/connexion").await;
    assert_eq!(page.body.matches("<script").count(), 1);
    assert!(!page.body.contains(".wasm") && page.body.len() < 12_000, "{}", page.body.len());
    assert!(page.body.contains("autocomplete=\"username webauthn\""));
    assert!(page.body.contains("<noscript>") && page.body.contains("JavaScript"));
    let agent = product.agent("Lea").await;
    assert_eq!(agent.get("/compte").await.body.matches("<script").count(), 0);
    // A name that others gave is no script.
    let mut key = Authenticator::default();
    enrol(&agent, &mut key, "<b>\"Clé\"</b>").await;
    assert!(agent.get("/second-facteur").await.body.contains("&lt;b&gt;"));
    let copy = agent.get("/second-facteur/cles/1").await;
    assert!(copy.body.contains("value=\"&lt;b&gt;&quot;Clé&quot;&lt;/b&gt;\""), "{}", copy.body);
    let unasked =
        answer(&agent, "/second-facteur/cles", &serde_json::json!({"challenge": "x"}), "{}", &[("name", "")]).await;
    assert_eq!(unasked.status, StatusCode::UNPROCESSABLE_ENTITY);
}
