//! A recording watched in Chromium: skips, double speed and two players at once, and another device that goes on.

use super::axe::{Judge, bring_axe};
use super::browser::{Browser, Script};
use super::pictures;
use domain::ids::PersonId;
use serde_json::{Value, json};
use server::app::App;
use std::time::Duration;
use support::footage::filmed;
use support::meeting::Meeting;
use support::replays::{FILM, film, film_of, missed};
use support::served::{House, Served};
use support::{Client, Database, Product};

/// Scripts may press play.
const SWITCHES: &[&str] = &["--autoplay-policy=no-user-gesture-required"];

/// Plays from there until there, at that speed, in seconds; the stretch that was really shown.
const PLAY: &str = "
    const [from, to, speed, done] = arguments;
    const video = document.querySelector('.replay-pictures video');
    const begin = () => {
        const start = video.currentTime;
        const look = () => {
            if (video.currentTime < to && !video.ended) return;
            video.removeEventListener('timeupdate', look);
            video.pause();
            done([start, video.currentTime]);
        };
        video.playbackRate = speed;
        video.addEventListener('timeupdate', look);
        video.play();
    };
    video.addEventListener('seeked', begin, { once: true });
    video.currentTime = from;";

async fn play(browser: &Browser, from: f64, to: f64, speed: f64) -> (f64, f64) {
    let played = browser.driver.execute_async(PLAY, vec![json!(from), json!(to), json!(speed)]).await;
    let played = played.expect("plays").json().clone();
    (played[0].as_f64().expect("a start"), played[1].as_f64().expect("an end"))
}

/// The percentage that the page tells.
async fn counted(browser: &Browser) -> Option<f64> {
    let said = browser.text("[data-counted]").await;
    let (before, _) = said.split_once(" %")?;
    before.rsplit(char::is_whitespace).next()?.parse().ok()
}

/// The length of these stretches, each moment once, in percent of the film.
fn union(stretches: &[(f64, f64)]) -> f64 {
    let mut stretches = stretches.to_vec();
    stretches.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut length, mut end) = (0.0, 0.0_f64);
    for (from, to) in stretches {
        length += (to - from.max(end)).max(0.0);
        end = end.max(to);
    }
    100.0 * length / FILM.as_secs_f64()
}

async fn until_counted(browser: &Browser, stretches: &[(f64, f64)]) {
    let by_hand = union(stretches);
    // Players tell their time four times a second, and figures are rounded down: of each stretch up to half a second may be
    // missing, and never is there more than was played.
    #[expect(clippy::cast_precision_loss, reason = "a few stretches")]
    let missing = 100.0 * 0.5 * stretches.len() as f64 / FILM.as_secs_f64();
    let near = async || {
        counted(browser).await.is_some_and(|counted| counted <= by_hand + 1.0 && counted >= by_hand - missing - 1.0)
    };
    browser.until(&format!("about {by_hand:.1} % to be counted, of {stretches:?}"), near).await;
}

/// A recorded webinar, in a house that serves it.
struct Watched {
    _house: House,
    _served: Served,
    app: App,
    meeting: Meeting,
    url: String,
    /// Where it is watched.
    page: String,
}

async fn watched() -> Watched {
    let house = House::new(Database::Sqlite, "production").expect("a house");
    let app = house.open().await.expect("opens");
    let meeting = missed(&app).await;
    film(house.folder(), meeting.webinar);
    let served = house.serve().await.expect("serves");
    let (url, page) = (format!("http://{}", served.address), format!("/webinaires/{}/revoir", meeting.webinar));
    Watched { _house: house, _served: served, app, meeting, url, page }
}

async fn open(url: &str, who: &Client, page: &str) -> Browser {
    let browser = Browser::open_at(url, Script::On, SWITCHES).await;
    browser.become_client(who).await;
    browser.go(page).await;
    browser.until_text("main", "Vitesse").await;
    let loaded = "return document.querySelector('.replay-pictures video').readyState > 1;";
    browser.until("the recording to load", async || browser.look(loaded, vec![]).await == true).await;
    browser
}

/// Where the player stands, in milliseconds.
async fn stands(browser: &Browser) -> f64 {
    let at = browser.look("return document.querySelector('.replay-pictures video').currentTime * 1000;", vec![]).await;
    at.as_f64().expect("a moment")
}

async fn stopped_at(app: &App, person: PersonId) -> f64 {
    use sea_orm::{ConnectionTrait as _, Statement};
    let sql = format!("SELECT at_ms FROM replay_position WHERE person_id = {person}");
    let row = app.db.reader().query_one_raw(Statement::from_string(app.db.backend(), sql)).await.expect("reads");
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a short film")]
    let at = row.expect("a position").try_get_by_index::<i64>(0).expect("a number") as f64;
    at
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recording_watched_with_skips_twice_as_fast_and_in_two_players_counts_for_its_union() {
    let watched = watched().await;
    let Watched { app, meeting, url, page, .. } = &watched;
    let (agent, person) = (&meeting.agents[0], meeting.agent_ids[0]);
    let office = open(url, agent, page).await;
    let mut shown = vec![play(&office, 0.0, 6.0, 1.0).await];
    until_counted(&office, &shown).await;
    // A skip, then twice as fast; then a part that was seen.
    shown.push(play(&office, 20.0, 32.0, 2.0).await);
    until_counted(&office, &shown).await;
    shown.push(play(&office, 2.0, 5.0, 1.0).await);
    // Two players at once, on parts that overlap.
    let home = open(url, agent, page).await;
    let (first, second) = tokio::join!(play(&office, 30.0, 37.0, 1.0), play(&home, 34.0, 41.0, 1.0));
    shown.extend([first, second]);
    until_counted(&home, &shown).await;
    // Hidden, without sound: it plays, and counts for nothing.
    let hide = "Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => arguments[0] });
        document.querySelector('.replay-pictures video').muted = arguments[0] === 'hidden';
        document.dispatchEvent(new Event('visibilitychange'));";
    office.look(hide, vec![json!("hidden")]).await;
    let (from, to) = play(&office, 8.0, 16.0, 2.0).await;
    assert!(to - from > 7.0, "it really played");
    office.look(hide, vec![json!("visible")]).await;
    // Not so near the end that one begins again.
    shown.push(play(&office, 41.0, 42.0, 1.0).await);
    until_counted(&office, &shown).await;
    let record = async || server::record::store::load(app.db.reader(), person).await.expect("reads").record;
    let course = "mediation-numerique".parse().expect("a slug");
    assert!(!record().await.webinar(&course, meeting.webinar).expect("an absence").figures.met);

    // The other device goes on where this one stopped, once this one has said so.
    let said = async || (stands(&office).await - stopped_at(app, person).await).abs() < 2.0;
    office.until("where it stopped to be kept", said).await;
    home.go(page).await;
    let there = async || (stands(&home).await - stopped_at(app, person).await).abs() < 2.0;
    home.until("the player to stand where the other stopped", there).await;
    assert!((stands(&home).await - shown.last().expect("played").1 * 1000.0).abs() < 400.0);
    pictures::take(&home, "replay").await;
    play(&home, 42.0, 48.0, 1.0).await;
    home.until_text("[data-counted]", "Seuil atteint").await;
    let known = record().await.webinar(&course, meeting.webinar).cloned().expect("a presence");
    let later = known.later().expect("at a distance, asynchronous");
    let expected = union(&[&shown[..], &[(42.0, 48.0)]].concat());
    assert!((f64::from(later.figures.percent) - expected).abs() <= 8.0, "{later:?}, {expected} by hand");
    assert_eq!(later.seen_live, 0);
    home.go("/dossier").await;
    home.until_text("main", "à distance, asynchrone").await;
    office.assert_quiet(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_is_cut_loses_nothing_of_what_was_watched() {
    let watched = watched().await;
    let Watched { meeting, url, page, .. } = &watched;
    let browser = open(url, &meeting.agents[0], page).await;
    let mut shown = vec![play(&browser, 0.0, 3.0, 1.0).await];
    until_counted(&browser, &shown).await;
    // What the browser has of the film goes on playing; then the page is left, and opened again.
    browser.cut_line(true).await;
    shown.push(play(&browser, 3.0, 9.0, 1.0).await);
    browser.until_text("[data-counted]", "gardé ici").await;
    browser.cut_line(false).await;
    browser.go("/dossier").await;
    browser.go(page).await;
    until_counted(&browser, &shown).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_moment_gone_to_over_a_thin_line_is_seen_as_a_still_until_the_film_is_there() {
    let Watched { app, meeting, url, page, .. } = &watched().await;
    let seconds = filmed("testsrc2=size=320x180:rate=10", 10, &["-g", "80", "-b:v", "200k"]);
    film_of(app, meeting.webinar, (&seconds, 10_000), 30).await.expect("a film of five minutes");
    let browser = open(url, &meeting.agents[0], page).await;
    browser.until("the player to wake", async || !browser.all(".replay-still").await.is_empty()).await;
    browser.cdp("Network.enable", json!({})).await;
    let line = json!({ "offline": false, "latency": 100, "downloadThroughput": 20_000, "uploadThroughput": 20_000 });
    browser.cdp("Network.emulateNetworkConditions", line).await;
    browser.look("document.querySelector('.replay-pictures video').currentTime = 247;", vec![]).await;
    let shown = "return document.querySelector('.replay-still:not([hidden])')?.naturalWidth;";
    browser.until("a still", async || browser.look(shown, vec![]).await == json!(320)).await;
    let comes = "return document.querySelector('.replay-pictures video').seeking;";
    assert_eq!(browser.look(comes, vec![]).await, json!(true), "the film is still on its way");
    pictures::take(&browser, "replay-still").await;
    browser.until("the film", async || browser.look(comes, vec![]).await == json!(false)).await;
    assert_eq!(browser.look(shown, vec![]).await, Value::Null, "the film is seen");
    assert!((stands(&browser).await - 247_000.0).abs() < 1.0);
    browser.assert_quiet(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_player_is_led_with_the_keyboard_and_by_the_transcript() {
    let product = Product::start(Database::Sqlite).await;
    let (webinar, agent) = told(&product).await;
    let browser = open(&product.url, &agent, &format!("/webinaires/{webinar}/revoir")).await;
    // Arrows as WebDriver names them (W3C WebDriver, 17.4.2): left and right.
    let press = async |key: &str| {
        browser.driver.action_chain().send_keys(key).perform().await.expect("a key");
    };
    browser.look("document.querySelector('[data-keys]').focus();", vec![]).await;
    let at = async |seconds: f64| {
        let there = async || (stands(&browser).await - seconds * 1000.0).abs() < 600.0;
        browser.until(&format!("the player to stand at {seconds} s"), there).await;
    };
    press("5").await;
    at(24.0).await;
    press("l").await;
    at(34.0).await;
    press("j").await;
    press("\u{e012}").await;
    at(19.0).await;
    press("\u{e014}").await;
    at(24.0).await;
    press(">").await;
    browser.until_text("[data-told]", "Vitesse 1,25").await;
    assert_eq!(browser.look("return document.querySelector('[data-speed]').value;", vec![]).await, "1.25");
    press("<").await;
    browser.until_text("[data-told]", "Vitesse 1").await;
    press(" ").await;
    let is_playing = "return !document.querySelector('.replay-pictures video').paused;";
    browser.until("it to play", async || browser.look(is_playing, vec![]).await == true).await;
    press("k").await;
    browser.until("it to pause", async || browser.look(is_playing, vec![]).await == false).await;

    // A line opens its moment, and is told to be the current one.
    browser.look("document.querySelector('#ligne-2 [data-start]').click();", vec![]).await;
    at(10.0).await;
    browser
        .until("the line to be current", async || !browser.all("#ligne-2[aria-current=true]").await.is_empty())
        .await;
    press("k").await;
    // What is looked for is found without its accents.
    browser.type_in("#chercher", "REUNION").await;
    browser.until_text("#trouve", "1 ligne").await;
    assert_eq!(browser.look("return document.querySelectorAll('.cues .cue-text').length;", vec![]).await, 2);
    let hidden = browser.look("return document.querySelector('#ligne-1').hidden;", vec![]).await;
    assert_eq!(hidden, Value::Bool(true));
    // A choice made, the room's votes are shown.
    browser.click("[data-poll] input").await;
    browser.until("the votes", async || !browser.all("[data-poll] details[open]").await.is_empty()).await;
    browser.assert_quiet(None).await;
}

/// A recording of which something of everything is told, and an agent who missed it.
async fn told(product: &Product) -> (domain::ids::WebinarId, Client) {
    let marie = product.trainer_of("Marie", "mediation-numerique").await;
    let lea = product.person("Lea", domain::identity::Role::Agent, domain::identity::Scope::Own).await;
    let webinar = product.webinar(marie, &[lea]).await;
    let live_at = product.begin(webinar).await;
    product.wait(FILM);
    product.close(webinar, live_at).await;
    product.recorded(webinar, live_at, FILM).await;
    film(&product.app.config.data, webinar);
    let by = json!({ "person": marie, "name": "Marie Durand", "trainer": true });
    let ballot = json!({ "stem": "Combien ?", "choices": ["Un", "Deux"], "many": false });
    for (seq, (after, change)) in (1..).zip([
        (2, json!({ "captioned": { "text": "Bonjour à tous" } })),
        (10, json!({ "captioned": { "text": "La réunion commence" } })),
        (12, json!({ "said": { "text": "Bienvenue" } })),
        (20, json!({ "poll-launched": { "ballot": ballot } })),
        (30, json!({ "marked": { "title": "La seconde partie" } })),
    ]) {
        let body = json!({ "by": by, "change": change });
        let at = live_at.as_millisecond() + after * 1000;
        product
            .sql(format!(
                "INSERT INTO webinar_change (webinar_id, seq, at, body) VALUES ('{webinar}', {seq}, {at}, '{body}')"
            ))
            .await;
    }
    (webinar, product.signed_in(lea).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pages_of_recordings_pass_axe() {
    let product = Product::start(Database::Sqlite).await;
    let (webinar, agent) = told(&product).await;
    let trainer = product.signed_in(product.trainer_of("Rose", "mediation-numerique").await).await;
    let page = format!("/webinaires/{webinar}/revoir");
    let browser = Browser::open(&product, Script::On).await;
    bring_axe(&browser).await;
    let mut judge = Judge::new(&browser);
    browser.become_client(&agent).await;
    judge.go("home with a recording to watch", "/").await;
    judge.go("webinar with its recording", &format!("/webinaires/{webinar}")).await;
    browser.go(&page).await;
    browser.until_text("main", "Vitesse").await;
    judge.look("recording").await;
    browser.become_client(&trainer).await;
    judge.go("recording, with a caption to mend", &format!("{page}?corriger=2")).await;
    product.sql(format!("UPDATE recording SET state = 'running' WHERE webinar = '{webinar}'")).await;
    judge.go("recording that is being prepared", &page).await;
    judge.go("plan of a webinar", "/webinaires/nouveau").await;
    assert_eq!(judge.wrong, "");
    tokio::time::timeout(Duration::from_secs(60), browser.assert_quiet(None)).await.expect("in time");
}
