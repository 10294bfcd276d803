//! A course from nothing to an agent's record: begun, written, asked, shown, published and followed in Chromium.

use super::answering::{answer, assert_every_type, until_said};
use super::browser::{Browser, Script};
use super::pictures;
use super::studio_bench::{fields, press, tab_to, write};
use domain::identity::{Role, Scope};
use domain::quiz::{Question, Type};
use serde_json::json;
use support::answers::questions_of;
use support::{Database, Product, workspace};
use thirtyfour::{By, Key};

const STUDIO: &str = "/studio/les-aides";

/// A film of the real course, without sound, and its captions.
const FILM: &str = "content/mediation-numerique/03-mediation-numerique/media/faire-avec";
const DRAWING: &str = "content/mediation-numerique/02-accueil-et-posture/media/quatre-temps.svg";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_course_goes_from_nothing_to_the_record_of_an_agent() {
    let product = Product::start(Database::Sqlite).await;
    let marie = product.trainer_of("Marie", "mediation-numerique").await;
    let lea = product.person("Lea", Role::Agent, Scope::Own).await;
    product.give_password(lea).await;
    let browser = Browser::open(&product, Script::On).await;
    browser.go("/connexion").await;
    browser.become_client(&product.signed_in(marie).await).await;

    begin(&browser).await;
    bring_media(&browser).await;
    write_chapter(&browser, "premier", "Ce qui existe").await;
    insert(&browser, "media/quatre-temps.svg", "Les quatre temps d’un accueil, en quatre cases qui se suivent").await;
    insert(&browser, "media/faire-avec.webm", "Guider sans prendre la souris").await;
    pictures::take(&browser, "journey-editor").await;
    write_chapter(&browser, "second", "Où demander").await;
    for kind in Type::ALL {
        ask(&browser, "premier", kind).await;
    }
    ask(&browser, "second", Type::TrueFalse).await;

    // By the keyboard to the button that publishes.
    browser.go(&format!("{STUDIO}/publier")).await;
    browser.until_text("main", "Rien ne bloque la publication").await;
    pictures::take(&browser, "journey-gate").await;
    tab_to(&browser, "[name=do][value=publish]").await;
    press(&browser, Key::Enter).await;
    browser.until_at(&format!("{STUDIO}/versions")).await;
    browser.assert_quiet(None).await;

    // An agent follows what was just published, with its picture, its film and its captions.
    let agent = Browser::open(&product, Script::On).await;
    agent.sign_in("lea@exemple.example").await;
    let questions = questions_of(&product, "les-aides", "premier");
    assert_every_type(&questions);
    follow(&agent, "premier", &questions, Seen::Media).await;
    follow(&agent, "second", &questions_of(&product, "les-aides", "second"), Seen::Words).await;

    agent.click("nav.places a[href='/dossier']").await;
    agent.until_text("h1", "Mon dossier").await;
    pictures::take(&agent, "journey-dossier").await;
    let dossier = agent.text("main").await;
    assert!(dossier.contains("Les aides") && dossier.matches("100 %").count() >= 2, "{dossier}");
    let facts = agent.text(".facts").await;
    for title in ["Premier", "Second"] {
        assert!(facts.contains(&format!("« {title} »")), "{facts}");
    }
    agent.assert_quiet(None).await;
}

/// The course and its two chapters, by the keyboard.
async fn begin(browser: &Browser) {
    browser.go("/studio/nouveau").await;
    for (field, words) in
        [("[name=title]", "Les aides"), ("[name=summary]", "Sans jargon."), ("[name=objectives]", "Les connaître")]
    {
        write(browser, field, words).await;
    }
    tab_to(browser, "form.form button").await;
    press(browser, Key::Enter).await;
    browser.until_at(STUDIO).await;
    for title in ["Premier", "Second"] {
        write(browser, "#nouveau-chapitre [name=title]", title).await;
        press(browser, Key::Enter).await;
        browser.until_text(".outline > li:last-child h3", title).await;
    }
}

/// A drawing and a film, whose captions are written and made a transcript beside the player.
async fn bring_media(browser: &Browser) {
    for file in [DRAWING.to_owned(), format!("{FILM}.webm")] {
        browser.go(&format!("{STUDIO}/medias")).await;
        browser.until("the island to be awake", async || !browser.all("[data-awake]").await.is_empty()).await;
        let field = browser.driver.find(By::Css("#file")).await.expect("the field");
        field.send_keys(workspace().join(file).to_str().expect("text")).await.expect("chosen");
        browser.press("Envoyer").await;
        browser.until_text("main", "Fichier rangé").await;
    }
    browser.click(".media-list a[href*=sous-titres]").await;
    browser.until_text("h2", "Sous-titres de").await;
    let captions = std::fs::read_to_string(workspace().join(format!("{FILM}.vtt"))).expect("the captions");
    let set = "document.getElementById('text').value = arguments[0]";
    browser.look(set, vec![json!(captions)]).await;
    browser.press("Enregistrer et en faire une transcription").await;
    browser.until_text(".notice[role=status]", "Transcription écrite").await;
    pictures::take(browser, "journey-captions").await;
}

/// What a chapter says of itself, and two sections of text.
async fn write_chapter(browser: &Browser, chapter: &str, section: &str) {
    browser.go(&format!("{STUDIO}/chapitres/{chapter}")).await;
    browser.until("the tools", async || !browser.all(".tool").await.is_empty()).await;
    write(browser, "#ed-summary", "De quoi il s’agit.").await;
    write(browser, "#ed-objectives", "Savoir").await;
    tab_to(browser, "#ed-text").await;
    let all = browser.driver.action_chain().key_down(Key::Control).send_keys("a").key_up(Key::Control);
    all.perform().await.expect("keys");
    let text = format!(
        "## {section} {{#debut}}\n\nOn écoute, puis on note.\n\n## Et après {{#fin}}\n\nOn relit ensemble.\n\n"
    );
    browser.driver.action_chain().send_keys(text).perform().await.expect("keys");
    browser.until_text("#ed-apercu", "On relit ensemble.").await;
    browser.until_text("#ed-etat", "Enregistré à").await;
}

/// A medium by the tool of the editor, at the end of the text, and the words that are selected once it is there.
async fn insert(browser: &Browser, path: &str, words: &str) {
    let end =
        "const area = document.getElementById('ed-text'); area.setSelectionRange(area.value.length, area.value.length)";
    browser.look(end, vec![]).await;
    let choose = "const list = document.getElementById('ed-piece');
        list.value = [...list.options].find((option) => option.text === arguments[0]).value;
        list.dispatchEvent(new Event('change', { bubbles: true }));";
    browser.look(choose, vec![json!(path)]).await;
    browser.press("Insérer").await;
    browser
        .until("the piece", async || {
            let text = "return document.getElementById('ed-text').value";
            browser.look(text, vec![]).await.as_str().is_some_and(|text| text.contains(path))
        })
        .await;
    browser.driver.action_chain().send_keys(words).perform().await.expect("keys");
    browser.until_text("#ed-etat", "Enregistré à").await;
}

/// A question, by the keyboard.
async fn ask(browser: &Browser, chapter: &str, kind: Type) {
    browser.go(&format!("{STUDIO}/questions/{chapter}/quiz/nouvelle:{}", kind.key())).await;
    for (field, text) in fields(kind) {
        write(browser, field, text).await;
    }
    tab_to(browser, ".question-form .actions:last-child [value=save]").await;
    press(browser, Key::Enter).await;
    browser.until_text("main", "Question enregistrée").await;
}

/// What a chapter shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Media,
    Words,
}

/// Reads a chapter to its end and answers its quiz right.
async fn follow(agent: &Browser, chapter: &str, questions: &[Question], seen: Seen) {
    agent.go(&format!("/cours/les-aides/{chapter}")).await;
    if seen == Seen::Media {
        let shown = "return [...document.querySelectorAll('main img')].some((image) => image.complete && image.naturalWidth > 0)";
        agent.until("the drawing", async || agent.look(shown, vec![]).await == true).await;
        let captioned = "const film = document.querySelector('main video');
            film.preload = 'auto';
            for (const track of film.textTracks) track.mode = 'showing';
            return film.readyState >= 2 && film.textTracks[0].cues?.length > 0";
        agent.until("the film and its captions", async || agent.look(captioned, vec![]).await == true).await;
        pictures::take(agent, "journey-chapter").await;
    }
    let unread = "form.section-done:not([data-status=done])";
    while !agent.all(unread).await.is_empty() {
        let left = agent.all(unread).await.len() - 1;
        agent.click(&format!("{unread} button")).await;
        agent.until(&format!("{left} sections left"), async || agent.all(unread).await.len() == left).await;
    }
    agent.click(".quiz-call a").await;
    agent.until_text("h2", "Règles").await;
    agent.click("main form button").await;
    agent.until_at("/essais/").await;
    for question in questions {
        answer(agent, question).await;
    }
    until_said(agent, questions, "Enregistré").await;
    agent.click("button[name=action][value=finish]").await;
    agent.until_text("#score", "Réussi").await;
}
