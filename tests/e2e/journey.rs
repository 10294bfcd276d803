//! An agent's whole way: sign in, read, answer, find it in the record.

use super::answering::{answer, assert_every_type, count, until_said};
use super::browser::{Browser, Script};
use super::pictures;
use domain::identity::{Role, Scope};
use domain::quiz::Question;
use support::answers::questions;
use support::{Database, Product};

pub const CHAPTER: &str = "accueil-et-posture";

/// The product, and Léa who has a password.
pub async fn lea() -> Product {
    let product = Product::start(Database::Sqlite).await;
    let lea = product.person("Lea", Role::Agent, Scope::Own).await;
    product.give_password(lea).await;
    product
}

/// From the first page to the first question, every section read on the way; gives the attempt's path.
async fn read_and_start(browser: &Browser) -> String {
    browser.sign_in("lea@exemple.example").await;
    pictures::take(browser, "home").await;
    browser.click(&format!(".step a[href$='/{CHAPTER}']")).await;
    browser.until_at(&format!("/cours/mediation-numerique/{CHAPTER}")).await;
    pictures::take(browser, "chapter").await;
    let unread = "form.section-done:not([data-status=done])";
    let sections = browser.all(unread).await.len();
    assert!(sections > 3, "sections to read");
    for left in (0..sections).rev() {
        browser.click(&format!("{unread} button")).await;
        browser.until(&format!("{left} sections left"), async || browser.all(unread).await.len() == left).await;
    }
    browser.click(".quiz-call a").await;
    browser.until_text("h2", "Règles").await;
    browser.click("main form button").await;
    browser.until_at("/essais/").await;
    browser.path().await
}

/// The result is perfect, and the record holds one attempt.
async fn assert_all_right_and_recorded(product: &Product, browser: &Browser, questions: &[Question]) {
    browser.until_text("#score", "Réussi").await;
    let result = browser.text("main").await;
    assert!(result.contains("Soit 100 %"), "{result}");
    assert_eq!(browser.all(".review.is-right").await.len(), questions.len(), "{result}");
    pictures::take(browser, "quiz-after").await;
    browser.click("nav.places a[href='/dossier']").await;
    browser.until_text("h1", "Mon dossier").await;
    let facts = browser.text(".facts").await;
    assert_eq!(facts.matches("essai 1").count(), 1, "{facts}");
    assert!(!facts.contains("essai 2"), "{facts}");
    let dossier = browser.text("section[aria-labelledby^=cours] table").await;
    assert!(dossier.contains("100 %"), "{dossier}");
    pictures::take(browser, "dossier").await;
    assert_eq!(count(product, "attempt WHERE earned = max AND handed_in_at IS NOT NULL").await, 1);
    assert_eq!(count(product, "attempt").await, 1);
    assert_eq!(count(product, "answer").await, questions.len() as i64);
    for question in questions {
        assert_eq!(
            count(product, &format!("answer WHERE question = '{}'", question.slug)).await,
            1,
            "{}",
            question.slug
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_learns_through_a_dropped_line_and_each_answer_counts_once() {
    let product = lea().await;
    let questions = questions(&product, CHAPTER);
    assert_every_type(&questions);
    let browser = Browser::open(&product, Script::On).await;
    let attempt = read_and_start(&browser).await;
    pictures::take(&browser, "quiz-before").await;

    let [online, cut, again, rest] = quarters(&questions);
    for question in online {
        answer(&browser, question).await;
    }
    until_said(&browser, online, "Enregistré").await;

    browser.cut_line(true).await;
    for question in cut {
        answer(&browser, question).await;
    }
    until_said(&browser, cut, "En attente de connexion").await;
    browser.until_text("[role=status].attempt-said", "Connexion perdue").await;
    assert_eq!(count(&product, "answer").await, online.len() as i64, "the line is really cut");

    // The tab is closed, the line still cut; another one opens the attempt later.
    let closing = browser.driver.window().await.expect("a tab");
    let other = browser.driver.new_tab().await.expect("a tab");
    browser.driver.switch_to_window(closing).await.expect("the first tab");
    browser.driver.close_window().await.expect("closes");
    browser.driver.switch_to_window(other).await.expect("the new tab");
    browser.go(&attempt).await;
    until_said(&browser, &questions[..online.len() + cut.len()], "Enregistré").await;
    assert_eq!(count(&product, "answer").await, (online.len() + cut.len()) as i64);

    // Cut again; the page is reloaded in vain, then for good.
    browser.cut_line(true).await;
    for question in again {
        answer(&browser, question).await;
    }
    until_said(&browser, again, "En attente de connexion").await;
    let _ = browser.driver.refresh().await;
    assert_eq!(browser.all("form.attempt").await.len(), 0, "nothing loads without a line");
    browser.cut_line(false).await;
    browser.go(&attempt).await;
    until_said(&browser, &questions[..questions.len() - rest.len()], "Enregistré").await;

    // The line drops and comes back under the page.
    browser.cut_line(true).await;
    for question in rest {
        answer(&browser, question).await;
    }
    until_said(&browser, rest, "En attente de connexion").await;
    browser.cut_line(false).await;
    until_said(&browser, &questions, "Enregistré").await;
    browser.until_text("[role=status].attempt-said", "Connexion rétablie").await;
    browser.click("button[name=action][value=finish]").await;
    assert_all_right_and_recorded(&product, &browser, &questions).await;
    browser.assert_quiet(Some("net::ERR_INTERNET_DISCONNECTED")).await;
}

/// Four parts of a quiz, in order.
fn quarters(questions: &[Question]) -> [&[Question]; 4] {
    let quarter = questions.len() / 4;
    let (first, rest) = questions.split_at(quarter);
    let (second, rest) = rest.split_at(quarter);
    let (third, rest) = rest.split_at(quarter);
    [first, second, third, rest]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_tabs_keep_one_answer_and_the_last_word_wins() {
    let product = Product::start(Database::Sqlite).await;
    let agent = product.agent("Lea").await;
    let browser = Browser::open(&product, Script::On).await;
    browser.go("/").await;
    browser.become_client(&agent).await;
    browser.go(&format!("/cours/mediation-numerique/{CHAPTER}/quiz")).await;
    browser.click("main form button").await;
    browser.until_at("/essais/").await;
    let attempt = browser.path().await;
    let first = browser.driver.window().await.expect("a tab");
    let second = browser.driver.new_tab().await.expect("a tab");
    let both = [first.clone(), second.clone()];
    for tab in &both {
        browser.driver.switch_to_window(tab.clone()).await.expect("a tab");
        browser.go(&attempt).await;
        browser
            .until("the page to be awake", async || {
                browser.text("form.attempt .actions").await == "Terminer et voir mes résultats"
            })
            .await;
    }
    let question = &questions(&product, CHAPTER)[0];
    let slug = &question.slug;
    for (tab, said) in [(&first, "a"), (&second, "b"), (&first, "c"), (&second, "d"), (&second, "a"), (&first, "b")] {
        browser.driver.switch_to_window(tab.clone()).await.expect("a tab");
        browser.click(&format!("label[for=\"r-{slug}-{said}\"]")).await;
        let kept = format!("answer WHERE question = '{slug}' AND body LIKE '%\"value\":\"{said}\"%'");
        browser.until(&format!("« {said} » to be kept"), async || count(&product, &kept).await == 1).await;
        assert_eq!(count(&product, "answer").await, 1);
        browser.until_text(&format!("#etat-{slug}"), "Enregistré").await;
    }
    for tab in both {
        browser.driver.switch_to_window(tab).await.expect("a tab");
        browser.go(&attempt).await;
        assert_eq!(browser.all(&format!("#r-{slug}-b:checked")).await.len(), 1, "the last word shows");
    }
    browser.assert_quiet(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_journey_without_script() {
    let product = lea().await;
    let questions = questions(&product, CHAPTER);
    let browser = Browser::open(&product, Script::Off).await;
    read_and_start(&browser).await;
    let (before, after) = questions.split_at(questions.len() / 2);
    for question in before {
        answer(&browser, question).await;
    }
    browser.click("button[name=action][value=save]").await;
    browser.until("what is saved to show", async || count(&product, "answer").await == before.len() as i64).await;
    until_said(&browser, before, "Enregistré").await;
    for question in after {
        answer(&browser, question).await;
    }
    browser.click("button[name=action][value=finish]").await;
    assert_all_right_and_recorded(&product, &browser, &questions).await;
    browser.assert_quiet(None).await;
}
