//! Passkeys in Chromium, with authenticators that it simulates: made, shown, enough alone, taken away.

use super::axe::{Judge, bring_axe};
use super::browser::{Browser, Script};
use super::keyboard::{press, tab_to};
use super::pictures;
use domain::identity::{Role, Scope};
use jiff::SignedDuration;
use serde_json::{Value, json};
use support::accounts::PASSWORD;
use support::{Database, Product};
use thirtyfour::Key;

const EMAIL: &str = "paul@exemple.example";

/// Paul, who must have a second factor, the site by its name, and his browser.
async fn paul(script: Script) -> (Product, Browser) {
    let product = Product::start_with(Database::Sqlite, &[("SOCLE_SECOND_FACTOR", "required".to_owned())]).await;
    let paul = product.person("Paul", Role::NationalPilot, Scope::Nation).await;
    product.give_password(paul).await;
    let (_, url) = product.at_localhost().await;
    let browser = Browser::open_at(&url, script, &[]).await;
    (product, browser)
}

/// Puts an authenticator beside the browser, whose holder is there or is not; returns what names it.
async fn authenticator(browser: &Browser, transport: &str) -> Value {
    let options = json!({
        "protocol": "ctap2", "transport": transport, "hasResidentKey": true, "hasUserVerification": true,
        "isUserVerified": true, "automaticPresenceSimulation": true,
    });
    browser.cdp("WebAuthn.addVirtualAuthenticator", json!({ "options": options })).await["authenticatorId"].clone()
}

/// Whether its holder unlocks it.
async fn unlocks(browser: &Browser, authenticator: &Value, yes: bool) {
    let verified = json!({ "authenticatorId": authenticator, "isUserVerified": yes });
    browser.cdp("WebAuthn.setUserVerified", verified).await;
}

/// Whether its holder is there.
async fn there(browser: &Browser, authenticator: &Value, yes: bool) {
    let present = json!({ "authenticatorId": authenticator, "enabled": yes });
    browser.cdp("WebAuthn.setAutomaticPresenceSimulation", present).await;
}

async fn type_password(browser: &Browser, to: &str) {
    browser.go(to).await;
    browser.until_at("/connexion").await;
    browser.type_in("[name=email]", EMAIL).await;
    browser.type_in("[name=password]", PASSWORD).await;
    browser.click("form[action='/connexion'] button").await;
}

async fn sign_out(browser: &Browser) {
    browser.click("form[action='/deconnexion'] button").await;
    browser.until("to be out", async || browser.text("header").await.contains("Se connecter")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passkey_is_made_shown_enough_alone_and_taken_away() {
    let (product, browser) = paul(Script::On).await;
    browser.cdp("WebAuthn.enable", json!({})).await;
    let telephone = authenticator(&browser, "internal").await;
    there(&browser, &telephone, true).await;

    // Where one is required and none is there: made, with recovery codes, and on to where one was going.
    type_password(&browser, "/suivi/france").await;
    browser.until_text("h1", "Protéger votre compte").await;
    pictures::take(&browser, "passkey-set-up").await;
    browser.type_in("form[action='/second-facteur/cles'] [name=name]", "Téléphone du travail").await;
    browser.press("Créer une clé d’accès").await;
    browser.until_text("h1", "Vos codes de secours").await;
    browser.click("main a.button").await;
    browser.until_at("/suivi/france").await;

    // After the password, with the keyboard.
    sign_out(&browser).await;
    there(&browser, &telephone, false).await;
    type_password(&browser, "/suivi/france").await;
    browser.until_text("h1", "Votre second facteur").await;
    pictures::take(&browser, "passkey-after-password").await;
    there(&browser, &telephone, true).await;
    tab_to(&browser, "form[action='/connexion/code/cle'] button").await;
    press(&browser, Key::Enter).await;
    browser.until_at("/suivi/france").await;

    // Alone; whoever does not unlock it is told what to do, and may do it again.
    sign_out(&browser).await;
    there(&browser, &telephone, false).await;
    browser.go("/dossier").await;
    browser.until_at("/connexion").await;
    pictures::take(&browser, "passkey-sign-in").await;
    unlocks(&browser, &telephone, false).await;
    there(&browser, &telephone, true).await;
    tab_to(&browser, "form[action='/connexion/cle'] button").await;
    press(&browser, Key::Enter).await;
    browser.until_text("form[action='/connexion/cle']", "La clé d’accès n’a pas été donnée").await;
    pictures::take(&browser, "passkey-not-given").await;
    unlocks(&browser, &telephone, true).await;
    browser.press("Se connecter avec une clé d’accès").await;
    browser.until_at("/dossier").await;
    browser.until_text("h1", "Mon dossier").await;

    // Another one, beside; a quarter of an hour later the first has to be shown again before it goes.
    browser.go("/second-facteur/cles").await;
    let spare = authenticator(&browser, "usb").await;
    browser.press("Créer une clé d’accès").await;
    browser.until_at("/second-facteur?fait=cle-ajoutee").await;
    pictures::take(&browser, "passkeys").await;
    there(&browser, &spare, true).await;
    product.wait(SignedDuration::from_mins(16));
    browser.click("main li a[href='/second-facteur/cles/1']").await;
    browser.until_at("/connexion/code").await;
    browser.press("Continuer avec une clé d’accès").await;
    browser.until_at("/second-facteur/cles/1").await;
    pictures::take(&browser, "passkey").await;
    browser.press("Retirer cette clé d’accès").await;
    browser.until_text("main", "Clé d’accès retirée").await;
    assert_eq!(product.number("SELECT COUNT(*) FROM passkey").await, 1);
    browser.assert_quiet(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn browsers_offer_it_in_the_field_of_the_address() {
    let (_product, browser) = paul(Script::On).await;
    browser.cdp("WebAuthn.enable", json!({})).await;
    let telephone = authenticator(&browser, "internal").await;
    type_password(&browser, "/dossier").await;
    browser.press("Créer une clé d’accès").await;
    browser.until_text("h1", "Vos codes de secours").await;
    browser.click("main a.button").await;
    browser.until_at("/dossier").await;
    sign_out(&browser).await;
    // Chromium chooses for whoever is simulated.
    there(&browser, &telephone, true).await;
    browser.go("/connexion?back=%2Fdossier").await;
    browser.until_at("/dossier").await;
    browser.assert_quiet(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_script_the_pages_say_that_a_code_does() {
    let (_product, browser) = paul(Script::Off).await;
    browser.go("/connexion").await;
    browser.until_text("main", "sans lui, votre mot de passe suffit").await;
    assert!(!browser.text("main").await.contains("Se connecter avec une clé d’accès"), "no button that does nothing");
    pictures::take(&browser, "passkey-sign-in").await;
    type_password(&browser, "/suivi/france").await;
    browser.until_text("main", "prenez une application de codes").await;
    assert!(!browser.text("main").await.contains("Créer une clé d’accès"));
    browser.assert_quiet(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_passkeys_passes_axe() {
    let (_product, browser) = paul(Script::On).await;
    bring_axe(&browser).await;
    browser.cdp("WebAuthn.enable", json!({})).await;
    let telephone = authenticator(&browser, "internal").await;
    let mut judge = Judge::new(&browser);
    judge.go("sign-in", "/connexion").await;
    type_password(&browser, "/dossier").await;
    browser.until_text("h1", "Protéger votre compte").await;
    judge.look("passkey, to make").await;
    browser
        .type_in("form[action='/second-facteur/cles'] [name=name]", &"Clé-d’accès-de-la-maison-sans-".repeat(2))
        .await;
    browser.press("Créer une clé d’accès").await;
    browser.until_text("h1", "Vos codes de secours").await;
    for (name, path) in [
        ("second factor, a passkey", "/second-facteur"),
        ("a passkey, the last", "/second-facteur/cles/1"),
        ("one more passkey", "/second-facteur/cles"),
        ("a generator beside", "/second-facteur/application"),
        ("second factor to show", "/connexion/code"),
    ] {
        judge.go(name, path).await;
    }
    unlocks(&browser, &telephone, false).await;
    browser.press("Continuer avec une clé d’accès").await;
    browser.until_text("form[action='/connexion/code/cle']", "La clé d’accès n’a pas été donnée").await;
    judge.look("passkey, not given").await;
    assert_eq!(judge.wrong, "");
}
