//! Before the chapters and after them: the positioning and the final assessment, in a browser.

use super::answering::{answer, until_said};
use super::browser::{Browser, Script};
use super::journey::lea;
use super::pictures;
use domain::quiz::Question;
use serde_json::json;
use support::answers::questions;

/// Answers right what is asked, among these; returns how many were.
pub async fn answer_what_is_asked(browser: &Browser, known: &[Question]) -> usize {
    let page = browser.driver.source().await.expect("the page");
    // In the order of the page, as a person goes down it.
    let place = |question: &&Question| page.find(&format!("id=\"etat-{}\"", question.slug));
    let mut asked: Vec<&Question> = known.iter().filter(|question| place(question).is_some()).collect();
    asked.sort_by_key(place);
    let asked: Vec<Question> = asked.into_iter().cloned().collect();
    for question in &asked {
        answer(browser, question).await;
    }
    until_said(browser, &asked, "Enregistré").await;
    browser.click("button[name=action][value=finish]").await;
    browser.until_text("h1", "résultat").await;
    asked.len()
}

pub async fn start(browser: &Browser) {
    browser.until_text("h2", "Règles").await;
    browser.click("main form button").await;
    browser.until_at("/essais/").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_takes_stock_is_spared_what_they_know_and_is_assessed_in_the_end() {
    let product = lea().await;
    let browser = Browser::open(&product, Script::On).await;
    browser.sign_in("lea@exemple.example").await;
    pictures::take(&browser, "home-first-day").await;
    browser.click(".go-on a").await;
    start(&browser).await;
    assert_eq!(answer_what_is_asked(&browser, &questions(&product, "positionnement")).await, 24);
    browser.until_text("#conseils", "conseillons").await;
    pictures::take(&browser, "positioning-after").await;

    browser.click("nav.places a[href='/dossier']").await;
    browser.until_text("h1", "Mon dossier").await;
    let facts = browser.text(".facts").await;
    assert!(facts.contains("Dispense du chapitre") && facts.contains("Quiz de positionnement"), "{facts}");

    browser.go("/").await;
    browser.click(".step a[href$='/evaluation/quiz']").await;
    start(&browser).await;
    assert_eq!(answer_what_is_asked(&browser, &questions(&product, "evaluation")).await, 30);
    browser.until_text("#score", "Réussi").await;
    browser.until_text("#competences", "Par compétence").await;
    pictures::take(&browser, "assessment-after").await;

    browser.click("nav.places a[href='/dossier']").await;
    browser.until_text("h1", "Mon dossier").await;
    let dossier = browser.text("main").await;
    assert!(dossier.contains("Évaluation finale, essai 1") && dossier.contains("Réussie le"), "{dossier}");
    pictures::take(&browser, "dossier-assessed").await;

    browser.go("/cours/mediation-numerique/accueil-et-posture/fiche").await;
    pictures::take(&browser, "sheet").await;
    browser.assert_quiet(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_sheet_prints_on_one_page() {
    let product = lea().await;
    let browser = Browser::open(&product, Script::Off).await;
    browser.sign_in("lea@exemple.example").await;
    let course = product.app.library.course(&"mediation-numerique".parse().expect("a slug")).expect("the course");
    let mut longer = Vec::new();
    for chapter in &course.course.chapters {
        browser.go(&format!("/cours/mediation-numerique/{}/fiche", chapter.slug)).await;
        browser.cdp("Page.printToPDF", json!({ "preferCSSPageSize": true, "pageRanges": "1" })).await;
        // Asking for a page that is not there is refused.
        let second = json!({ "preferCSSPageSize": true, "pageRanges": "2" });
        if browser.driver.cdp().send_raw("Page.printToPDF", second).await.is_ok() {
            longer.push(chapter.slug.as_str());
        }
    }
    assert_eq!(longer, Vec::<&str>::new());
}
