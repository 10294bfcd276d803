//! The whole way with the keyboard alone: focus is followed, and seen, at each step.

use super::answering::{Gesture, Move, moves, until_said};
use super::browser::{Browser, Script};
use super::journey::{CHAPTER, lea};
use domain::quiz::Question;
use serde_json::{Value, json};
use support::accounts::PASSWORD;
use support::answers::questions;
use thirtyfour::Key;

/// More stops than any page has.
const MOST_STOPS: usize = 400;

/// What has the focus: whether it is the one that is looked for, whether it shows that it has the
/// focus, whether it is on the screen and nothing covers it, and what it is, for messages.
const FOCUSED: &str = r#"
    const it = document.activeElement;
    const outlined = (shown) => {
        const style = getComputedStyle(shown);
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
    };
    const box = it.getBoundingClientRect();
    const seen = (x, y) => { const top = document.elementFromPoint(x, y); return top && (it.contains(top) || top.contains(it)); };
    const [left, right] = [Math.max(box.left, 0) + 2, Math.min(box.right, innerWidth) - 2];
    const [top, bottom] = [Math.max(box.top, 0) + 2, Math.min(box.bottom, innerHeight) - 2];
    return {
        wanted: it.matches(arguments[0]),
        // The browser's own media controls draw the focus inside of themselves.
        outlined: it instanceof HTMLMediaElement || it.matches(":focus-visible") && [it, ...(it.labels ?? [])].some(outlined),
        onScreen: left <= right && top <= bottom && (seen(left, top) || seen((left + right) / 2, (top + bottom) / 2)),
        isNowhere: it === document.body,
        it: it.outerHTML.slice(0, 160),
    };
"#;

async fn focused(browser: &Browser, wanted: &str) -> Value {
    browser.look(FOCUSED, vec![json!(wanted)]).await
}

pub(super) async fn press(browser: &Browser, key: Key) {
    browser.driver.action_chain().send_keys(key).perform().await.expect("a key");
}

async fn write(browser: &Browser, text: &str) {
    browser.driver.action_chain().send_keys(text).perform().await.expect("keys");
}

async fn step_back(browser: &Browser) {
    let keys = browser.driver.action_chain().key_down(Key::Shift).send_keys(Key::Tab).key_up(Key::Shift);
    keys.perform().await.expect("keys");
}

/// Goes from stop to stop until that one; each shows that it has the focus.
pub(super) async fn tab_to(browser: &Browser, wanted: &str) {
    for _ in 0..MOST_STOPS {
        press(browser, Key::Tab).await;
        let stop = focused(browser, wanted).await;
        if stop["isNowhere"] == true {
            continue;
        }
        assert_eq!((&stop["outlined"], &stop["onScreen"]), (&json!(true), &json!(true)), "focus is not seen: {stop}");
        if stop["wanted"] == true {
            return;
        }
    }
    panic!("the keyboard does not reach {wanted} at {}", browser.path().await);
}

/// A new page: the first stop leads over the header to the content.
async fn skip_to_content(browser: &Browser) {
    press(browser, Key::Tab).await;
    let stop = focused(browser, ".skip").await;
    assert_eq!(
        (&stop["wanted"], &stop["outlined"], &stop["onScreen"]),
        (&json!(true), &json!(true), &json!(true)),
        "{stop}"
    );
    press(browser, Key::Enter).await;
    browser.until("the content to have the focus", async || focused(browser, "#contenu").await["wanted"] == true).await;
}

/// The moves of an answer in the order of their fields on the page.
async fn in_order(browser: &Browser, question: &Question) -> Vec<Move> {
    let mut steps = moves(question);
    let fields = "return [...document.querySelectorAll(arguments[0])].map((field) => [field.name, field.value]);";
    let css = format!("#question-{} :is(input, select)", question.slug);
    let fields = browser.look(fields, vec![json!(css)]).await;
    let fields = fields.as_array().expect("fields");
    let is_at = |step: &Move, field: &Value| {
        field[0] == *step.name && (step.gesture != Gesture::Tick || field[1] == *step.value)
    };
    steps.sort_by_key(|step| fields.iter().position(|field| is_at(step, field)));
    steps
}

async fn answer(browser: &Browser, question: &Question) {
    for step in in_order(browser, question).await {
        let field = json!(step.css());
        match step.gesture {
            Gesture::Type => {
                tab_to(browser, &step.css()).await;
                write(browser, &step.value).await;
            }
            Gesture::Pick => {
                tab_to(browser, &step.css()).await;
                let place = "const field = document.querySelector(arguments[0]); \
                             return [...field.options].findIndex((option) => option.value === arguments[1]);";
                let place = browser.look(place, vec![field.clone(), json!(step.value)]).await;
                for _ in 0..place.as_u64().expect("an option") {
                    press(browser, Key::Down).await;
                }
            }
            Gesture::Tick => {
                let is_radio =
                    browser.look("return document.querySelector(arguments[0]).type;", vec![field.clone()]).await
                        == "radio";
                if is_radio {
                    // Radio buttons are one stop; arrows go around.
                    tab_to(browser, &format!("[name=\"{}\"]", step.name)).await;
                    press(browser, Key::Space).await;
                    while focused(browser, &step.css()).await["wanted"] != true {
                        press(browser, Key::Down).await;
                    }
                } else {
                    tab_to(browser, &step.css()).await;
                    press(browser, Key::Space).await;
                }
            }
        }
        let is_so = "const field = document.querySelector(arguments[0]); return field.checked || field.value === arguments[1] && field.type !== 'radio';";
        assert_eq!(browser.look(is_so, vec![field, json!(step.value)]).await, true, "{step:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_whole_journey_by_keyboard_alone() {
    let product = lea().await;
    let questions = questions(&product, CHAPTER);
    let browser = Browser::open(&product, Script::On).await;
    let browser = &browser;
    browser.go("/").await;
    skip_to_content(browser).await;
    tab_to(browser, "a[href='/connexion']").await;
    press(browser, Key::Enter).await;
    browser.until_at("/connexion").await;

    tab_to(browser, "[name=email]").await;
    write(browser, "lea@exemple.example").await;
    tab_to(browser, "[name=password]").await;
    step_back(browser).await;
    assert_eq!(focused(browser, "[name=email]").await["wanted"], true, "the way back is the way there");
    tab_to(browser, "[name=password]").await;
    write(browser, PASSWORD).await;
    press(browser, Key::Enter).await;
    browser.until_text("h1", "Bonjour").await;

    skip_to_content(browser).await;
    tab_to(browser, &format!(".step a[href$='/{CHAPTER}']")).await;
    press(browser, Key::Enter).await;
    browser.until_at(&format!("/cours/mediation-numerique/{CHAPTER}")).await;
    browser
        .until("the player to be awake", async || !browser.all(".player-place[tabindex='0']").await.is_empty())
        .await;

    skip_to_content(browser).await;
    let unread = "form.section-done:not([data-status=done])";
    for left in (0..browser.all(unread).await.len()).rev() {
        tab_to(browser, &format!("{unread} button")).await;
        press(browser, if left % 2 == 0 { Key::Enter } else { Key::Space }).await;
        browser.until(&format!("{left} sections left"), async || browser.all(unread).await.len() == left).await;
    }
    tab_to(browser, ".quiz-call a").await;
    press(browser, Key::Enter).await;
    browser.until_text("h2", "Règles").await;

    skip_to_content(browser).await;
    tab_to(browser, "main form button").await;
    press(browser, Key::Space).await;
    browser.until_at("/essais/").await;

    skip_to_content(browser).await;
    for question in &questions {
        answer(browser, question).await;
    }
    until_said(browser, &questions, "Enregistré").await;
    tab_to(browser, "button[name=action][value=finish]").await;
    press(browser, Key::Enter).await;
    browser.until_text("#score", "Réussi").await;
    assert!(browser.text("main").await.contains("Soit 100 %"));

    tab_to(browser, "nav.places a[href='/dossier']").await;
    press(browser, Key::Enter).await;
    browser.until_text("h1", "Mon dossier").await;
    assert!(browser.text(".facts").await.contains("essai 1"));
    browser.assert_quiet(None).await;
}
