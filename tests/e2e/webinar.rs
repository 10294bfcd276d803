//! A webinar from beginning to end in Chromium: one trainer, three agents, and what their records say after.

use super::browser::{Browser, Script};
use super::pictures;
use domain::webinar::presence::Reason;
use jiff::Timestamp;
use serde_json::{Value, json};
use server::app::App;
use std::time::Duration;
use support::meeting::Meeting;
use support::served::House;
use support::{Client, Database};

/// Camera and microphone that Chromium plays itself: a moving picture, a beep a second. Nobody is asked.
pub const DEVICES: &[&str] = &[
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
];

/// Keeps the page's media connections where the test can ask them what they received.
pub const KEEP_CONNECTIONS: &str = "
    window.connections = [];
    window.RTCPeerConnection = class extends RTCPeerConnection {
        constructor(...all) { super(...all); window.connections.push(this); }
    };";

/// Frames decoded, in which codecs, and audio energy of all that the page has received.
const RECEIVED: &str = "
    const done = arguments[0];
    Promise.all(window.connections.map((connection) => connection.getStats())).then((all) => {
        const seen = { frames: 0, energy: 0, width: 0, codecs: [] };
        for (const stats of all) for (const one of stats.values()) {
            if (one.type !== 'inbound-rtp') continue;
            if (one.kind === 'video') {
                seen.frames += one.framesDecoded ?? 0;
                if (one.framesDecoded) seen.codecs.push(stats.get(one.codecId)?.mimeType);
                seen.width = Math.max(seen.width, one.frameWidth ?? 0);
            } else seen.energy += one.totalAudioEnergy ?? 0;
        }
        done(seen);
    });";

/// Somebody's browser, in the room.
pub async fn enter(url: &str, who: &Client, room: &str, switches: &[&str]) -> Browser {
    enter_with(url, who, room, switches, "").await
}

/// The same with a script that runs before any page's own.
pub async fn enter_with(url: &str, who: &Client, room: &str, switches: &[&str], script: &str) -> Browser {
    let browser = Browser::open_at(url, Script::On, switches).await;
    let source = format!("{KEEP_CONNECTIONS}\n{script}");
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await;
    browser.become_client(who).await;
    browser.go(room).await;
    browser.until_text("main", "Discussion").await;
    browser
}

/// What the page has received so far.
pub async fn received(browser: &Browser) -> Value {
    browser.driver.execute_async(RECEIVED, vec![]).await.map(|found| found.json().clone()).unwrap_or_default()
}

/// Waits until more of these is received: `frames` of pictures, `energy` of sound.
async fn until_received(browser: &Browser, what: &[&str]) {
    let before = received(browser).await;
    let more = async || {
        let now = received(browser).await;
        what.iter().all(|what| now[what].as_f64() > before[what].as_f64().or(Some(0.0)))
    };
    browser.until(&format!("more {what:?}"), more).await;
}

/// Shows that panel of the room.
pub async fn tab(browser: &Browser, name: &str) {
    let script =
        "[...document.querySelectorAll('[role=tab]')].find((tab) => tab.innerText.startsWith(arguments[0])).click()";
    browser.look(script, vec![json!(name)]).await;
}

async fn write(browser: &Browser, words: &str, button: &str) {
    browser.type_in("[role=tabpanel]:not([hidden]) textarea", words).await;
    browser.press(button).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webinar_is_followed_by_three_agents_and_lands_in_their_records() {
    let house = House::new(Database::Sqlite, "production").expect("a house");
    let app = house.open().await.expect("opens");
    let meeting = Meeting::in_house(&app, 3).await;
    meeting.prepare(&app, "webinaire-outils-numeriques").await;
    let served = house.serve().await.expect("serves");
    let url = format!("http://{}", served.address);
    let room = format!("/webinaires/{}/salle", meeting.webinar);
    let trainer = enter(&url, &meeting.trainer, &room, DEVICES).await;
    let [first, second, third] = &meeting.agents[..] else { panic!("three agents") };
    let cut = enter(&url, first, &room, DEVICES).await;
    let twice = enter(&url, second, &room, DEVICES).await;
    let leaves = enter(&url, third, &room, DEVICES).await;

    trainer.press("Commencer le webinaire").await;
    let live = app.clock.now();
    trainer.press("Allumer le micro").await;
    trainer.press("Partager l’écran").await;
    for agent in [&cut, &twice, &leaves] {
        until_received(agent, &["frames", "energy"]).await;
    }

    // The line of the first agent is cut for twenty seconds, while the others go on.
    cut.cut_line(true).await;
    let lost = app.clock.now();

    write(&twice, "Bonjour à tous", "Envoyer").await;
    trainer.until_text("[role=tabpanel]", "Bonjour à tous").await;
    tab(&twice, "Questions").await;
    write(&twice, "Qui garde le carnet ?", "Poser la question").await;
    tab(&trainer, "Questions").await;
    trainer.until_text("main", "Qui garde le carnet ?").await;

    twice.press("Lever la main").await;
    tab(&trainer, "Participants").await;
    trainer.press("Donner la parole à Agent2").await;
    twice.press("Allumer le micro").await;
    until_received(&trainer, &["energy"]).await;
    trainer.press("Reprendre la parole à Agent2").await;
    twice.until_text("main", "Lever la main").await;

    tab(&trainer, "Sondages").await;
    trainer.click("[role=tabpanel]:not([hidden]) details.folded summary").await;
    trainer.press("Lancer Qu’est-ce qui vous prend").await;
    tab(&twice, "Sondages").await;
    twice.until_text("[role=tabpanel]:not([hidden])", "Qu’est-ce qui vous prend").await;
    twice.click("[role=tabpanel]:not([hidden]) form.vote input").await;
    twice.press("Voter").await;
    twice.until_text("main", "Votre vote est enregistré").await;
    trainer.press("Montrer les résultats").await;
    trainer.press("Lancer Quiz").await;
    twice.until_text("main", "Question 1 sur 10").await;
    twice.click("form.live-question:not([hidden]) input").await;
    twice.press("Répondre").await;
    let left = async || twice.all("form.live-question:not([hidden])").await.len();
    twice.until("the answer to be reviewed", async || left().await == 9).await;

    twice.driver.new_tab().await.expect("a tab");
    let pages = twice.driver.windows().await.expect("tabs");
    twice.driver.switch_to_window(pages[1].clone()).await.expect("the new tab");
    twice.go(&room).await;
    twice.until_text("main", "Bonjour à tous").await;

    until_passed(&app, lost, 20).await;
    cut.cut_line(false).await;
    cut.until_text("main", "Bonjour à tous").await;
    let back = app.clock.now();
    until_received(&cut, &["frames", "energy"]).await;
    for (browser, name) in [(&trainer, "room-trainer"), (&leaves, "room-agent")] {
        pictures::take(browser, name).await;
    }

    until_passed(&app, live, 54).await;
    leaves.press("Quitter la salle").await;
    let left = app.clock.now();
    until_passed(&app, live, 90).await;
    trainer.press("Terminer").await;
    trainer.press("Oui, terminer").await;
    trainer.until_text("main", "terminé").await;
    let closed = app.clock.now();

    let sheet = format!("/webinaires/{}/presences", meeting.webinar);
    trainer.go(&sheet).await;
    trainer.until_text("main", "Agent1").await;
    pictures::take(&trainer, "room-sheet").await;
    let measured = async |agent: usize| {
        let record = server::record::store::load(app.db.reader(), meeting.agent_ids[agent]).await.unwrap().record;
        let course = "mediation-numerique".parse().unwrap();
        record.webinar(&course, meeting.webinar).and_then(|known| known.measured)
    };
    let share = |away: i64| 100 - away * 100 / closed.duration_since(live).as_secs();
    let expected = [share(back.duration_since(lost).as_secs()), 100, share(closed.duration_since(left).as_secs())];
    for (agent, expected) in expected.into_iter().enumerate() {
        trainer.until("the fact", async || measured(agent).await.is_some()).await;
        let (figures, reason) = measured(agent).await.expect("just seen");
        let difference = i64::from(figures.percent) - expected;
        // Evidence comes every few seconds: at each end of an absence it may be as old as that, on a busy machine twice.
        assert!(difference.abs() <= 14, "agent {agent}: {figures:?} where about {expected} % is expected");
        assert_eq!(reason == Reason::Present, expected >= 66, "agent {agent}: {figures:?}, {reason:?}");
    }
    let record = server::record::store::load(app.db.reader(), meeting.agent_ids[1]).await.unwrap().record;
    let quizzes = &record.courses[&"mediation-numerique".parse().unwrap()].live_quizzes[&meeting.webinar];
    assert!(quizzes.len() == 1 && quizzes.values().all(|score| score.max == 1200), "twelve points: {quizzes:?}");
    cut.go("/dossier").await;
    cut.until_text("main", "Les outils").await;
}

async fn until_passed(app: &App, since: Timestamp, seconds: i64) {
    let left = seconds - app.clock.now().duration_since(since).as_secs();
    tokio::time::sleep(Duration::from_secs(u64::try_from(left).unwrap_or(0))).await;
}
