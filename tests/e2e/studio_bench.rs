//! The studio's questions and media in Chromium: a question of each type by the keyboard alone, a file whose line drops.

use super::browser::{Browser, Script};
use super::pictures;
use domain::studio::question::Type;
use serde_json::json;
use support::studio::{bytes_of, draft_by, text_of};
use support::{Client, Database, Product, workspace};
use thirtyfour::{By, Key};

const COURSE: &str = "mediation-numerique";
const QUIZ: &str = "/studio/mediation-numerique/questions/accueil-et-posture/quiz";
const MEDIA: &str = "/studio/mediation-numerique/medias";

pub async fn author(product: &Product) -> Client {
    let marie = product.trainer_of("Marie", COURSE).await;
    draft_by(product, COURSE, marie).await;
    product.signed_in(marie).await
}

pub async fn press(browser: &Browser, key: Key) {
    browser.driver.action_chain().send_keys(key).perform().await.expect("a key");
}

/// Goes from stop to stop until that one.
pub async fn tab_to(browser: &Browser, wanted: &str) {
    for _ in 0..120 {
        let there = browser.look("return document.activeElement.matches(arguments[0]);", vec![json!(wanted)]).await;
        if there == true {
            return;
        }
        press(browser, Key::Tab).await;
    }
    panic!("the keyboard does not reach {wanted} at {}", browser.path().await);
}

pub async fn write(browser: &Browser, field: &str, text: &str) {
    tab_to(browser, field).await;
    browser.driver.action_chain().send_keys(text).perform().await.expect("keys");
}

/// What is written in each field, in the order of the page.
pub fn fields(kind: Type) -> Vec<(&'static str, &'static str)> {
    match kind {
        Type::Single | Type::Multiple => vec![
            ("[name=stem]", "Que faire ?"),
            ("#choice-0-right", " "),
            ("[name='choice-0-text']", "Écouter"),
            ("[name='choice-0-feedback']", "Oui."),
            ("[name='choice-1-text']", "Couper"),
            ("[name='choice-1-feedback']", "Non."),
            ("[name='choice-2-text']", "Partir"),
            ("[name='choice-2-feedback']", "Non plus."),
        ],
        Type::TrueFalse => vec![
            ("[name=stem]", "Que faire ?"),
            ("#answer", " "),
            ("[name=feedback_true]", "Oui."),
            ("[name=feedback_false]", "Si."),
        ],
        Type::Numeric => vec![("[name=stem]", "Combien ?"), ("[name=answer]", "2,5"), ("[name=feedback]", "Oui.")],
        Type::ShortText => {
            vec![("[name=stem]", "Où ?"), ("[name=accepted]", "impots.gouv.fr"), ("[name=feedback]", "Là.")]
        }
        Type::Matching => vec![
            ("[name=stem]", "Qui ?"),
            ("[name='pair-0-left']", "Retraite"),
            ("[name='pair-0-right']", "CNAV"),
            ("[name='pair-1-left']", "Famille"),
            ("[name='pair-1-right']", "CAF"),
            ("[name=feedback]", "Voilà."),
        ],
        Type::Ordering => vec![
            ("[name=stem]", "Dans quel ordre ?"),
            ("[name='item-0-text']", "Saluer"),
            ("[name='item-1-text']", "Écouter"),
            ("[name='item-2-text']", "Reformuler"),
            ("[name=feedback]", "Voilà."),
        ],
        Type::Gap => vec![
            ("[name=stem]", "Complétez."),
            ("[name=text]", "Je garde mon {secret}."),
            ("[name='gap-0-key']", "secret"),
            ("[name='gap-0-accepted']", "mot de passe"),
            ("[name=feedback]", "Voilà."),
        ],
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_of_each_type_is_made_with_the_keyboard_alone() {
    let product = Product::start(Database::Sqlite).await;
    let marie = author(&product).await;
    let browser = Browser::open(&product, Script::On).await;
    browser.go("/connexion").await;
    browser.become_client(&marie).await;
    for kind in Type::ALL {
        browser.go(&format!("{QUIZ}/nouvelle:{}", kind.key())).await;
        for (field, text) in fields(kind) {
            write(&browser, field, text).await;
        }
        // Once more to the end, and around to the button that comes first.
        tab_to(&browser, ".question-form .actions:last-child [value=save]").await;
        press(&browser, Key::Enter).await;
        browser.until_text("main", "Question enregistrée").await;
        pictures::take(&browser, &format!("studio-question-{}", kind.key())).await;
    }
    let text = text_of(&product, COURSE, "accueil-et-posture/quiz.toml").await;
    assert_eq!(support::studio::read(&product, COURSE).await.1, [], "{text}");
    // A row is added, and the keyboard is in it.
    browser.go(&format!("{QUIZ}/nouvelle:single")).await;
    tab_to(&browser, "[value=add]").await;
    press(&browser, Key::Enter).await;
    browser
        .until("the new row to have the focus", async || {
            browser.look("return document.activeElement.id;", vec![]).await == "choice-3-text"
        })
        .await;
    browser.assert_quiet(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_whose_line_drops_half_way_goes_on_by_itself_and_after_a_reload() {
    let product = Product::start(Database::Sqlite).await;
    let marie = author(&product).await;
    let browser = Browser::open(&product, Script::On).await;
    browser.go("/connexion").await;
    browser.become_client(&marie).await;
    // Noise, which nothing makes lighter: it takes many pieces on a slow line.
    let folder = tempfile::tempdir().expect("a folder");
    let film =
        std::fs::read(workspace().join("content/mediation-numerique/03-mediation-numerique/media/faire-avec.webm"));
    let film = film.expect("the film");
    let file = folder.path().join("Faire avec.webm");
    std::fs::write(&file, &film).expect("writes");
    let slow =
        |bytes: i64| json!({ "offline": false, "latency": 20, "downloadThroughput": -1, "uploadThroughput": bytes });
    let choose = async |file: &std::path::Path| {
        browser
            .until("the island to be awake", async || {
                browser.look("return !!document.querySelector('[data-awake]');", vec![]).await == true
            })
            .await;
        let field = browser.driver.find(By::Css("#file")).await.expect("the field");
        field.send_keys(file.to_str().expect("text")).await.expect("chosen");
    };
    let stands = async || browser.text("[data-said]").await;
    browser.go(MEDIA).await;
    browser.cdp("Network.enable", json!({})).await;
    browser.cdp("Network.emulateNetworkConditions", slow(15_000)).await;
    choose(&file).await;
    browser.press("Envoyer").await;
    browser.until("sending to begin", async || !stands().await.is_empty()).await;
    browser.cut_line(true).await;
    browser.until_text("[data-told]", "La connexion est coupée").await;
    pictures::take(&browser, "studio-sending-cut").await;
    browser.cut_line(false).await;
    browser.until_text("main", "Fichier rangé").await;
    assert_eq!(bytes_of(&product, COURSE, "media/faire-avec.webm").await, Some(film));
    pictures::take(&browser, "studio-media").await;

    // The page is left half-way: the same file, chosen again, goes on from where it was.
    let again = folder.path().join("Encore.webm");
    std::fs::copy(&file, &again).expect("copies");
    browser.cdp("Network.emulateNetworkConditions", slow(15_000)).await;
    browser.go(MEDIA).await;
    choose(&again).await;
    browser.press("Envoyer").await;
    browser.until("sending to begin", async || !stands().await.is_empty()).await;
    browser.go(MEDIA).await;
    browser.until_text("main", "Envois à reprendre").await;
    browser.cut_line(false).await;
    choose(&again).await;
    browser.press("Envoyer").await;
    browser.until_text("main", "Fichier rangé").await;
    assert!(!browser.text("main").await.contains("Envois à reprendre"), "it was not sent anew beside");
    let left = browser
        .look("return Object.keys(localStorage).filter((key) => key.startsWith('socle-envoi')).length;", vec![])
        .await;
    assert_eq!(left, 0, "nothing is left in the browser");
}
