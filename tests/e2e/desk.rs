//! Writing a chapter in Chromium: two authors at once, one of them offline; the keyboard alone; how fast one sees it.

use super::axe::{Judge, bring_axe};
use super::browser::{Browser, Script};
use super::pictures;
use serde_json::json;
use std::time::Duration;
use support::studio::draft_of;
use support::{Database, Product};
use thirtyfour::Key;
use tokio::time::Instant;

const COURSE: &str = "mediation-numerique";
const EDITOR: &str = "/studio/mediation-numerique/chapitres/accueil-et-posture";

const TEXT: &str = "return document.getElementById('ed-text').value";

/// Puts the caret at the end of the first line that holds these words, as a click would.
const CARET: &str = "const area = document.getElementById('ed-text'); area.focus();
    const at = area.value.indexOf(arguments[0]) + arguments[0].length; area.setSelectionRange(at, at);";

async fn open(product: &Product, name: &str) -> Browser {
    let trainer = product.trainer_of(name, COURSE).await;
    let browser = Browser::open(product, Script::On).await;
    browser.become_client(&product.signed_in(trainer).await).await;
    browser.go(EDITOR).await;
    browser.until("the tools", async || !browser.all(".tool").await.is_empty()).await;
    browser
}

async fn text(browser: &Browser) -> String {
    browser.look(TEXT, vec![]).await.as_str().unwrap_or_default().to_owned()
}

/// Types where the caret is.
async fn write(browser: &Browser, words: &str) {
    browser.driver.action_chain().send_keys(words).perform().await.expect("keys");
}

async fn caret_after(browser: &Browser, words: &str) {
    browser.look(CARET, vec![json!(words)]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_authors_one_of_them_offline_lose_no_word() {
    let product = Product::start(Database::Sqlite).await;
    draft_of(&product, COURSE).await;
    let (marie, paul) = (open(&product, "Marie").await, open(&product, "Paul").await);
    marie.until_text("#ed-ici", "Paul Durand écrit ici aussi").await;
    let whole = text(&marie).await;
    let first = whole.split("\n\n").nth(1).expect("a paragraph").to_owned();
    let last = whole.trim_end().rsplit("\n\n").next().expect("a paragraph").to_owned();

    marie.cut_line(true).await;
    caret_after(&marie, &first).await;
    write(&marie, " Marie écrit hors ligne.").await;
    marie.until_text("#ed-etat", "Hors ligne : gardé sur cet ordinateur").await;
    caret_after(&paul, &last).await;
    write(&paul, " Paul écrit en ligne.").await;
    paul.until_text("#ed-etat", "Enregistré à").await;
    pictures::take(&paul, "editor").await;
    // `SOCLE_OFFLINE` says for how many seconds more both go on, each at their own.
    let offline = std::env::var("SOCLE_OFFLINE").map_or(0, |text| text.parse().expect("seconds"));
    let (since, mut rounds) = (Instant::now(), 0);
    while since.elapsed() < Duration::from_secs(offline) {
        write(&marie, " Encore.").await;
        write(&paul, " Aussi.").await;
        tokio::time::sleep(Duration::from_secs(3)).await;
        rounds += 1;
    }
    write(&marie, " Et encore.").await;
    // The page is left and opened again while the line is still down: this computer has it all.
    marie.until_text("#ed-etat", "Hors ligne : gardé").await;
    marie.cut_line(false).await;
    marie.go(EDITOR).await;

    let of_marie = format!("Marie écrit hors ligne.{} Et encore.", " Encore.".repeat(rounds));
    let of_paul = format!("Paul écrit en ligne.{}", " Aussi.".repeat(rounds));
    for browser in [&marie, &paul] {
        let both = async || {
            let text = text(browser).await;
            text.contains(&of_marie) && text.contains(&of_paul)
        };
        browser.until("both authors' words", both).await;
        browser.until_text("#ed-etat", "Enregistré à").await;
    }
    // Paul's caret is still where he writes.
    write(&paul, " Puis la suite.").await;
    let whole = format!("{of_paul} Puis la suite.");
    let after = async || text(&paul).await.contains(&whole);
    paul.until("the caret to have stayed", after).await;
    marie.until("the rest", async || text(&marie).await.contains("Puis la suite.")).await;

    // Both in one paragraph: both versions, between marks that the page tells.
    caret_after(&marie, "Et encore.").await;
    caret_after(&paul, "Et encore.").await;
    marie.cut_line(true).await;
    write(&marie, " Version de Marie.").await;
    write(&paul, " Version de Paul.").await;
    paul.until_text("#ed-etat", "Enregistré à").await;
    marie.cut_line(false).await;
    for browser in [&marie, &paul] {
        let both = async || {
            let text = text(browser).await;
            text.contains("Version de Marie.") && text.contains("Version de Paul.") && text.contains("▼▼▼")
        };
        browser.until("both versions", both).await;
        browser.until_text("#ed-problemes", "deux versions").await;
    }
    pictures::take(&marie, "editor-with-two-versions").await;
    marie.click("#ed-problemes [data-line]").await;
    let line = "const area = document.activeElement; return area.value.slice(area.selectionStart, area.selectionEnd)";
    marie
        .until("its line", async || marie.look(line, vec![]).await.as_str().is_some_and(|at| at.starts_with("▼▼▼")))
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chapter_is_begun_and_written_with_the_keyboard_alone() {
    let product = Product::start(Database::Sqlite).await;
    let marie = product.trainer_of("Marie", COURSE).await;
    let browser = Browser::open(&product, Script::On).await;
    browser.become_client(&product.signed_in(marie).await).await;
    let press = async |key: Key| browser.driver.action_chain().send_keys(key).perform().await.expect("a key");
    let reach = async |css: &str| {
        for _ in 0..200 {
            press(Key::Tab).await;
            if browser.look("return document.activeElement.matches(arguments[0])", vec![json!(css)]).await == true {
                return;
            }
        }
        panic!("{css} is not reached by the keyboard");
    };
    browser.go("/studio/nouveau").await;
    for (field, words) in [("title", "Les aides"), ("summary", "Sans jargon."), ("objectives", "Les connaître")] {
        reach(&format!("[name={field}]")).await;
        write(&browser, words).await;
    }
    press(Key::Enter).await; // a line more, in a field of several
    reach("form.form button").await;
    press(Key::Enter).await;
    browser.until_at("/studio/les-aides").await;
    for title in ["Premier", "Second"] {
        reach("#nouveau-chapitre [name=title]").await;
        write(&browser, title).await;
        press(Key::Enter).await;
        browser.until_text(".outline > li:last-child h3", title).await;
    }
    pictures::take(&browser, "outline").await;
    reach(".outline > li:last-child [name=do][value=up]").await;
    press(Key::Enter).await;
    browser.until_text(".outline > li:first-child h3", "Second").await;
    browser.go("/studio/les-aides").await;
    reach(".outline > li:first-child h3 a").await;
    press(Key::Enter).await;
    browser.until_at("/studio/les-aides/chapitres/second").await;
    browser.until("the tools", async || !browser.all(".tool").await.is_empty()).await;
    reach("#ed-summary").await;
    write(&browser, "Le second.").await;
    reach("#ed-objectives").await;
    write(&browser, "Savoir").await;
    reach(".tool[aria-label=Gras]").await;
    press(Key::Right).await;
    let at = "return document.activeElement.getAttribute('aria-label')";
    assert_eq!(browser.look(at, vec![]).await, "Italique");
    reach("#ed-text").await;
    let keys = browser.driver.action_chain().key_down(Key::Control).send_keys(Key::End).key_up(Key::Control);
    keys.perform().await.expect("keys");
    write(&browser, "Voici un mot ").await;
    let keys = browser.driver.action_chain().key_down(Key::Control).send_keys("b").key_up(Key::Control);
    keys.perform().await.expect("keys");
    write(&browser, "fort").await;
    assert!(text(&browser).await.ends_with("Voici un mot **fort**"), "{}", text(&browser).await);
    browser.until_text("#ed-apercu strong", "fort").await;
    let announced = "return document.getElementById('ed-annonce').textContent";
    assert!(browser.look(announced, vec![]).await.as_str().is_some_and(|said| said.starts_with("Gras")));
    let keys = browser.driver.action_chain().key_down(Key::Control).send_keys("z").key_up(Key::Control);
    keys.perform().await.expect("keys");
    browser.until("the browser to undo", async || !text(&browser).await.ends_with("fort**")).await;
    browser.until_text("#ed-etat", "Enregistré à").await;
    browser.assert_quiet(None).await;
}

/// Types a word in the text, letter by letter, and tells how long after each the preview showed it, in milliseconds.
const TYPED: &str = "
    const done = arguments[arguments.length - 1];
    const [area, seen] = [document.getElementById('ed-text'), document.getElementById('ed-apercu')];
    const times = [];
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
    const type = (n) => {
        if (n === 40) return done(times);
        const word = `mot${n}fin`;
        const before = performance.now();
        const look = new MutationObserver(() => {
            if (!seen.textContent.includes(word)) return;
            look.disconnect();
            times.push(performance.now() - before);
            setTimeout(() => type(n + 1), 20);
        });
        look.observe(seen, { childList: true, subtree: true, characterData: true });
        document.execCommand('insertText', false, ` ${word}`);
    };
    type(0);";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_typed_in_a_long_chapter_is_seen_beside_it() {
    let product = Product::start(Database::Sqlite).await;
    draft_of(&product, COURSE).await;
    let browser = open(&product, "Marie").await;
    let paragraph = "Un paragraphe de **trente mots** sur l’accueil, où l’on écoute, où l’on reformule, et où l’on vérifie que la personne a compris ce qui va se passer ensuite pour elle.\n\n";
    let long = format!("## Un long chapitre {{#long}}\n\n{}Fin", paragraph.repeat(100));
    assert!(long.split_whitespace().count() > 3_000);
    let set = "const area = document.getElementById('ed-text'); area.value = arguments[0];
        area.dispatchEvent(new Event('input', { bubbles: true }));";
    browser.look(set, vec![json!(long)]).await;
    browser.until_text("#ed-apercu h2", "Un long chapitre").await;
    browser.until_text("#ed-etat", "Enregistré à").await;
    browser.driver.set_script_timeout(std::time::Duration::from_secs(120)).await.expect("patience");
    let times = browser.driver.execute_async(TYPED, vec![]).await.expect("typed").json().clone();
    let mut times: Vec<f64> = times.as_array().expect("times").iter().filter_map(serde_json::Value::as_f64).collect();
    times.sort_by(f64::total_cmp);
    assert_eq!(times.len(), 40);
    // How fast depends on the machine and on the build: it is said, not asserted.
    println!(
        "typing to preview, {} words: p50 {:.0} ms, p95 {:.0} ms",
        long.split_whitespace().count(),
        times[20],
        times[37]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_the_desk_passes_axe_at_320_px_and_wide_in_light_and_dark() {
    let product = Product::start(Database::Sqlite).await;
    let trainer = product.trainer_of("Marie", COURSE).await;
    let marie = product.signed_in(trainer).await;
    let browser = Browser::open(&product, Script::On).await;
    bring_axe(&browser).await;
    browser.become_client(&marie).await;
    let mut judge = Judge::new(&browser);
    judge.go("studio, nothing open", "/studio").await;
    judge.go("course not open", "/studio/mediation-numerique").await;
    draft_of(&product, COURSE).await;
    for (name, path) in [
        ("studio", "/studio"),
        ("course to begin", "/studio/nouveau"),
        ("course to copy", "/studio/nouveau?copie=mediation-numerique"),
        ("outline", "/studio/mediation-numerique"),
        ("settings", "/studio/mediation-numerique/reglages"),
        ("glossary", "/studio/mediation-numerique/glossaire"),
        ("history of the files", "/studio/mediation-numerique/historique"),
    ] {
        judge.go(name, path).await;
        pictures::take(judge.browser, &format!("desk-{}", name.replace(' ', "-"))).await;
    }
    browser.go("/studio/nouveau").await;
    browser.look("document.querySelector('main form').noValidate = true", vec![]).await;
    browser.click("main form.form button").await;
    browser.until_text("main", "points à corriger").await;
    judge.look("course to begin, with errors").await;
    browser.go(EDITOR).await;
    browser.until("the tools", async || !browser.all(".tool").await.is_empty()).await;
    caret_after(&browser, "{#").await;
    write(&browser, "É").await;
    browser.until_text("#ed-problemes", "Ligne").await;
    browser.until_text("#ed-etat", "Enregistré à").await;
    judge.look("editor, with a problem").await;
    let history = "/studio/mediation-numerique/historique?fichier=accueil-et-posture/chapter.md";
    judge.go("history of a file", history).await;
    browser.click(".save-lines a").await;
    browser.until_text("main", "Version du").await;
    judge.look("save, opened").await;
    pictures::take(judge.browser, "desk-save-opened").await;
    marie
        .post(
            "/studio/mediation-numerique",
            &[("request", "11111111-1111-4111-8111-111111111111"), ("do", "remove"), ("chapter", "accueil-et-posture")],
        )
        .await;
    judge.go("outline, with a chapter removed", "/studio/mediation-numerique").await;
    assert_eq!(judge.wrong, "");
}
