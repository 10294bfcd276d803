//! The whole of it: the MOOC ends, a session in the room is signed by phone, a webinar is attended; the certificate
//! appears, is taken away, is verified by a stranger, and falls with a correction.

use super::browser::{Browser, Script};
use super::pictures;
use super::whole_course::{answer_what_is_asked, start};
use domain::identity::{Role, Scope};
use domain::ids::PersonId;
use domain::text::paris;
use jiff::SignedDuration;
use serde_json::{Value, json};
use server::webinar::presence::checkpoint;
use support::answers::questions;
use support::classroom;
use support::completing::whole_course;
use support::held::seen;
use support::{Client, Database, Product};

/// Downloads what a link leads to: its kind, and its bytes as the letters of Latin 1.
const DOWNLOAD: &str = r#"
    const [href, done] = arguments;
    fetch(href).then(async (response) => {
        const bytes = new Uint8Array(await response.arrayBuffer());
        done([response.headers.get("content-type"), Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")]);
    });
"#;

/// What is downloaded from there by the person who looks at the page.
async fn downloaded(browser: &Browser, href: Value) -> (String, Vec<u8>) {
    let file = browser.driver.execute_async(DOWNLOAD, vec![href]).await.expect("downloads").json().clone();
    let text = |place: usize| file[place].as_str().expect("a text").to_owned();
    (text(0), text(1).chars().map(|letter| u8::try_from(letter).expect("a byte")).collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_remote_day_is_done_certified_verified_by_a_stranger_and_corrected() {
    let product = Product::start(Database::Sqlite).await;
    let lea = product.person("Lea", Role::Agent, Scope::Own).await;
    let marie = product.trainer_of("Marie", "mediation-numerique").await;
    let (agent, trainer) = (product.signed_in(lea).await, product.signed_in(marie).await);
    let browser = Browser::open(&product, Script::On).await;
    browser.become_client(&agent).await;

    // The MOOC, from its last page to its end.
    let mut facts = whole_course(&product.app);
    facts.pop();
    product.earns(lea, facts).await;
    browser.go("/cours/mediation-numerique/evaluation/quiz").await;
    start(&browser).await;
    answer_what_is_asked(&browser, &questions(&product, "evaluation")).await;
    browser.until_text("#score", "Réussi").await;
    browser.go("/dossier").await;
    browser.until_text("main", "Prochaine étape : Webinaire").await;
    pictures::take(&browser, "dossier-webinar-next").await;

    signs_in_the_room(&product, &trainer, lea).await;

    // A webinar: the certificate is there as soon as it closes.
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
    let own = browser.path().await;
    let issuer = product.stranger().get("/certificats/emetteur.json").await.body;
    pictures::keep("issuer.json", issuer.as_bytes());
    let (kind, pdf) = downloaded(&browser, format!("{own}/pdf").into()).await;
    assert!(kind == "application/pdf" && pdf.starts_with(b"%PDF-1.7") && pdf.len() > 10_000, "{kind}");
    pictures::paper("certificate", &pdf);
    let (kind, badge) = downloaded(&browser, format!("{own}/badge.json").into()).await;
    pictures::keep("badge.json", &badge);
    let badge: Value = serde_json::from_slice(&badge).expect("a badge");
    assert_eq!((kind.as_str(), &badge["type"][1]), ("application/vc+ld+json", &"OpenBadgeCredential".into()));
    browser.cdp("Page.printToPDF", json!({ "preferCSSPageSize": true, "pageRanges": "1" })).await;
    let second = json!({ "preferCSSPageSize": true, "pageRanges": "2" });
    assert!(browser.driver.cdp().send_raw("Page.printToPDF", second).await.is_err(), "it prints on one page");

    // Whoever holds the paper follows its address.
    let public = browser.look("return document.querySelector('.certificate-code a').href", vec![]).await;
    let path = public.as_str().expect("an address").rsplit_once("/certificats/").expect("a number").1.to_owned();
    browser.become_client(&product.stranger()).await;
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

    // The line that did it says what proves it, and may be disputed.
    browser.click("#faits ~ .facts li:first-child a").await;
    browser.until_text("#preuve ~ ul", "Partie après dix minutes").await;
    browser.until_text("#preuve ~ ul", "relevée toutes les dix secondes").await;
    pictures::take(&browser, "line-of-the-record").await;
    browser.type_in("[name=words]", "J’étais là jusqu’à la fin.").await;
    browser.press("Contester cette ligne").await;
    browser.until_text("#echange ~ .facts", "jusqu’à la fin").await;
    browser.assert_quiet(None).await;
}

/// A code is shown in the room; a phone on which nobody was signed in signs by it; the half day is in the record.
async fn signs_in_the_room(product: &Product, trainer: &Client, lea: PersonId) {
    let today = paris(product.app.clock.now()).date();
    classroom::plan(trainer, today, "lea@exemple.example").await;
    let half_day = format!("{today}-matin");
    let sheet = format!("/presentiel/{}/{half_day}", classroom::ROOM);
    let screen = Browser::open(product, Script::On).await;
    screen.become_client(trainer).await;
    screen.go(&format!("{sheet}/code")).await;
    screen.until_text("main", "0 signature sur 1 personne inscrite").await;
    pictures::take(&screen, "code-to-sign").await;

    let phone = Browser::open(product, Script::Off).await;
    product.give_password(lea).await;
    phone.dress(320, "light").await;
    phone.go(&classroom::shown(product, &half_day).await).await;
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
