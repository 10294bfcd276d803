//! The remote day is done: the certificate appears, is printed, is verified by a stranger, and falls with a correction.

use super::browser::{Browser, Script};
use super::pictures;
use domain::identity::{Role, Scope};
use jiff::SignedDuration;
use serde_json::json;
use server::webinar::presence::checkpoint;
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
