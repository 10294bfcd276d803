//! Single sign-on in Chromium: to ProConnect and back, and out at both ends; and what axe-core says of its pages.

use super::axe::{Judge, bring_axe};
use super::browser::{Browser, Script};
use super::pictures;
use domain::identity::{Role, Scope};
use serde_json::json;
use support::proconnect::{Door, Signs};
use support::{Database, Product};

const WAY_IN: &str = "main a[href^='/connexion/proconnect']";

async fn journey(script: Script) {
    let product = Product::start(Database::Sqlite).await;
    product.person("Lea", Role::Agent, Scope::Own).await;
    let door = product.with_proconnect(Signs::Es256).await;
    door.knows_lea(json!({})).await;
    let browser = Browser::open_at(&door.url, script, &[]).await;

    browser.go("/dossier").await;
    browser.until_at("/connexion?back=").await;
    pictures::take(&browser, "proconnect").await;
    identify(&browser).await;
    browser.until_at("/dossier").await;
    browser.until_text("h1", "Mon dossier").await;
    browser.go("/compte").await;
    browser.until_text("main", "Relié depuis le").await;

    sign_out(&browser).await;
    browser.until_text("main", "Vous êtes déconnecté de Socle et de ProConnect").await;
    browser.go("/dossier").await;
    browser.until_at("/connexion?back=").await;
    // Nobody is known there any more: it asks again.
    identify(&browser).await;
    browser.until_text("h1", "Mon dossier").await;
    let there = door.provider.issuer.trim_end_matches("/api/v2");
    browser.assert_quiet_with(None, there).await;
}

/// From the sign-in page to ProConnect, and back.
async fn identify(browser: &Browser) {
    browser.click(WAY_IN).await;
    browser.until_text("h1", "S’identifier").await;
    browser.click("button[value=lea]").await;
}

/// Here, then there, where one is led without doing anything.
async fn sign_out(browser: &Browser) {
    browser.click("form[action='/deconnexion'] button").await;
    browser.until_text("h1", "Se déconnecter de ProConnect").await;
    browser.click("button[name=logout]").await;
    browser.until_at("/connexion?fait=deconnecte").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_enters_by_proconnect_and_leaves_both() {
    journey(Script::On).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_way_without_script() {
    journey(Script::Off).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_the_way_passes_axe() {
    let product = Product::start(Database::Sqlite).await;
    let lea = product.person("Lea", Role::Agent, Scope::Own).await;
    let nadia = product.person("Nadia", Role::Agent, Scope::Own).await;
    let secret = server::identity::store::invite(&product.app, nadia).await.expect("an invitation");
    let door: Door = product.with_proconnect(Signs::Es256).await;
    let browser = Browser::open_at(&door.url, Script::On, &[]).await;
    bring_axe(&browser).await;
    let mut judge = Judge::new(&browser);
    judge.go("sign-in", "/connexion").await;
    judge.go("invitation", &format!("/invitation/{secret}")).await;
    judge.go("signed out of both", "/connexion?fait=deconnecte").await;
    judge.go("an answer to nothing", "/connexion/proconnect/retour?code=x&state=y").await;
    door.knows_lea(json!({ "email": "une.adresse.plutot.longue@commune-nouvelle-de-quelque-part.example" })).await;
    browser.go("/connexion").await;
    identify(&browser).await;
    browser.until_text("h1", "Aucun compte Socle").await;
    judge.look("nobody of that address").await;
    let client = door.stranger();
    door.knows_lea(json!({})).await;
    door.sign_in(&client, "/").await;
    browser.become_client(&client).await;
    judge.go("own account, by ProConnect alone", "/compte").await;
    product.give_password(lea).await;
    judge.go("own account, linked", "/compte").await;
    door.provider.goes();
    // What was read of it is not for ever.
    product.wait(jiff::SignedDuration::from_mins(61));
    browser.click("form[action='/deconnexion'] button").await;
    browser.until_text("main", "votre session y reste ouverte").await;
    judge.look("signed out here alone").await;
    judge.go("ProConnect does not answer", "/connexion/proconnect").await;
    assert_eq!(judge.wrong, "");
}
