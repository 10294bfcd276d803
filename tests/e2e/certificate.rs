//! The remote day is done: the certificate appears, is printed, is verified by a stranger, and falls with a correction.

use super::browser::{Browser, Script};
use super::pictures;
use domain::identity::{Role, Scope};
use domain::text::paris;
use jiff::SignedDuration;
use serde_json::json;
use server::webinar::presence::checkpoint;
use support::classroom;
use support::held::seen;
use support::{Database, Product};

/// Downloads what a link leads to, and says how it begins and how long it is.
const DOWNLOAD: &str = r#"
    const [href, done] = arguments;
    fetch(href).then((response) => response.arrayBuffer()).then((bytes) => done(
        [new TextDecoder("latin1").decode(bytes.slice(0, 8)), bytes.byteLength],
    ));
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_certificate_appears_is_verified_by_a_stranger_and_falls_with_a_correction() {
    let product = Product::start(Database::Sqlite).await;
    let lea = product.person("Lea", Role::Agent, Scope::Own).await;
    let marie = product.trainer_of("Marie", "mediation-numerique").await;
    let (agent, trainer) = (product.signed_in(lea).await, product.signed_in(marie).await);
    let browser = Browser::open(&product, Script::On).await;
    browser.become_client(&agent).await;
    product.complete_course(lea).await;
    browser.go("/dossier").await;
    browser.until_text("main", "Prochaine étape : Webinaire").await;
    pictures::take(&browser, "dossier-webinar-next").await;

    let webinar = product.webinar(marie, &[lea]).await;
    let live_at = product.begin(webinar).await;
    checkpoint(&product.app, vec![seen(webinar, lea, 1, live_at, (0, 85))]).await.expect("a checkpoint");
    product.wait(SignedDuration::from_mins(90));
    product.close(webinar, live_at).await;
    browser.go("/").await;
    browser.until_text("main", "Certificat de réalisation délivré").await;
    pictures::take(&browser, "home-certificate").await;
    browser.click("main .notice.is-good a").await;
    browser.until_text("h1", "Certificat de réalisation").await;
    pictures::take(&browser, "certificate").await;
    let pdf = browser.look("return document.querySelector('.certificate-actions a').href", vec![]).await;
    let public = browser.look("return document.querySelector('.certificate-code a').href", vec![]).await;
    let file = browser.driver.execute_async(DOWNLOAD, vec![pdf]).await.expect("downloads").json().clone();
    assert!(file[0] == "%PDF-1.7" && file[1].as_u64() > Some(10_000), "{file}");
    browser.cdp("Page.printToPDF", json!({ "preferCSSPageSize": true, "pageRanges": "1" })).await;
    let second = json!({ "preferCSSPageSize": true, "pageRanges": "2" });
    assert!(browser.driver.cdp().send_raw("Page.printToPDF", second).await.is_err(), "it prints on one page");

    browser.become_client(&product.stranger()).await;
    let path = public.as_str().expect("an address").rsplit_once("/certificats/").expect("a number").1.to_owned();
    browser.go(&format!("/certificats/{path}")).await;
    browser.until_text(".notice-title", "authentique et en vigueur").await;
    pictures::take(&browser, "certificate-verified").await;

    let correction = product.app.dice.uuid().to_string();
    let sent =
        [("correction", correction.as_str()), ("minutes", "12"), ("why", "Partie après dix minutes"), ("sure", "yes")];
    trainer.post(&format!("/webinaires/{webinar}/presences/{lea}"), &sent).await;
    browser.go(&format!("/certificats/{path}")).await;
    browser.until_text(".notice-title", "Certificat retiré le").await;
    pictures::take(&browser, "certificate-withdrawn").await;
    browser.become_client(&agent).await;
    browser.go("/dossier").await;
    browser.until_text("#certificats ~ .facts", "Retiré le").await;
    pictures::take(&browser, "dossier-withdrawn").await;
    browser.assert_quiet(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_signs_in_the_room_on_their_phone_and_the_half_day_is_in_their_record() {
    let product = Product::start(Database::Sqlite).await;
    let lea = product.person("Lea", Role::Agent, Scope::Own).await;
    let trainer = product.trainer().await;
    let today = paris(product.app.clock.now()).date();
    classroom::plan(&trainer, today, "lea@exemple.example").await;
    let half_day = format!("{today}-matin");
    let sheet = format!("/presentiel/{}/{half_day}", classroom::ROOM);
    let screen = Browser::open(&product, Script::On).await;
    screen.become_client(&trainer).await;
    screen.go(&format!("{sheet}/code")).await;
    screen.until_text("main", "0 signature sur 1 personne inscrite").await;
    pictures::take(&screen, "code-to-sign").await;

    // A phone on which nobody is signed in yet.
    let phone = Browser::open(&product, Script::Off).await;
    product.give_password(lea).await;
    phone.dress(320, "light").await;
    phone.go(&classroom::shown(&product, &half_day).await).await;
    phone.until_text("h1", "Se connecter").await;
    phone.type_in("[name=email]", "lea@exemple.example").await;
    phone.type_in("[name=password]", support::accounts::PASSWORD).await;
    phone.click("main form button").await;
    phone.until_text("main", "Signer ma présence").await;
    pictures::take(&phone, "to-sign").await;
    phone.click("main form button").await;
    phone.until_text("main", "Vous avez signé à").await;
    screen.go(&format!("{sheet}/code")).await;
    screen.until_text("main", "1 signature sur 1 personne inscrite").await;
    screen.go(&sheet).await;
    pictures::take(&screen, "sheet-to-close").await;
    screen.press("Clore la feuille et l’inscrire aux dossiers").await;
    screen.until_text("main", "Close le").await;
    phone.go("/dossier").await;
    phone.until_text("main", "feuille signée sur téléphone").await;
    pictures::take(&phone, "dossier-half-day").await;
}
