//! Webinars from behind proxies, which let out HTTPS and nothing else: picture and sound come over a WebSocket.

use super::browser::Browser;
use super::firewalls::{Scene, silent, until_more, way};
use super::pictures;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::time::Duration;
use support::office::Wall;
use support::proxy::Proxy;
use tokio::time::Instant;

/// The server's own port takes no media: as where it stands behind a proxy of HTTP, or where the office's opens TLS.
const PAGES_ALONE: &[(&str, &str)] = &[("SOCLE_MEDIA_SHARED_PORT", "off")];
/// A proxy that cuts what is idle for so many seconds; one that hardly ever does.
const HASTY: u32 = 60;
const PATIENT: u32 = 600;

/// Keeps the page's WebSockets where the test can count them.
const KEEP_SOCKETS: &str = "
    window.sockets = [];
    window.WebSocket = class extends WebSocket {
        constructor(...all) { super(...all); this.at = Math.round(performance.now()); window.sockets.push(this); }
    };";

/// What the film over HTTPS has shown and let hear so far, and how far from its end it is.
const SHOWN: &str = "
    const film = document.querySelector('video[data-direct]');
    if (!film?.hasAttribute('src')) return null;
    // Another film is to be listened to anew.
    if (window.ear?.film !== film.src && film.readyState > 2 && !film.paused) {
        const context = new AudioContext();
        const ear = context.createAnalyser();
        context.createMediaStreamSource(film.captureStream()).connect(ear);
        const mine = window.ear = { film: film.src, loudest: 0 };
        const samples = new Float32Array(ear.fftSize);
        setInterval(() => {
            ear.getFloatTimeDomainData(samples);
            for (const sample of samples) mine.loudest = Math.max(mine.loudest, Math.abs(sample));
        }, 20);
    }
    const held = film.buffered;
    return {
        frames: film.getVideoPlaybackQuality().totalVideoFrames, time: film.currentTime, width: film.videoWidth,
        loudest: window.ear?.loudest ?? 0, sound: film.webkitAudioDecodedByteCount,
        behind: held.length ? held.end(held.length - 1) - film.currentTime : 0,
    };";

async fn shown(agent: &Browser) -> Value {
    agent.look(SHOWN, vec![]).await
}

fn number(shown: &Value, what: &str) -> f64 {
    shown[what].as_f64().unwrap_or_default()
}

/// Goes on until more is shown and let hear than before.
async fn until_more_shown(agent: &Browser) {
    let before = shown(agent).await;
    let more = async || {
        let now = shown(agent).await;
        ["frames", "time", "sound"].iter().all(|what| number(&now, what) > number(&before, what))
    };
    agent.until("more of the film", more).await;
}

/// Enters the room; gives how long it took from the click until picture and sound were there.
async fn first_frame(scene: &Scene, agent: &Browser) -> Duration {
    let began = Instant::now();
    agent.go(&scene.room).await;
    let comes = async || {
        let now = shown(agent).await;
        number(&now, "frames") > 0.0 && number(&now, "sound") > 0.0 && number(&now, "width") > 0.0
    };
    agent.until("picture and sound", comes).await;
    let took = began.elapsed();
    let lines = agent
        .look("return window.sockets?.map((one) => [new URL(one.url).pathname.split('/').pop(), one.at])", vec![])
        .await;
    let known = agent.look("return localStorage.getItem('socle-premiere-image')", vec![]).await;
    println!("lines were opened at (ms of the page): {lines}; as the page counts: {known}");
    took
}

/// Seen, heard, said so, voted in, and counted.
async fn is_followed(scene: &Scene, agent: &Browser, late: SignedDuration) {
    agent.until("something to be heard", async || number(&shown(agent).await, "loudest") > 0.01).await;
    agent.until_text("main", "arrivent par HTTPS, avec 2 à 3 secondes de retard").await;
    scene.vote(agent).await;
    let mut farthest = 0.0_f64;
    for _ in 0..20 {
        farthest = farthest.max(number(&shown(agent).await, "behind"));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    println!("at most {farthest:.1} s behind what came");
    // Before that it takes the server a second and a bit.
    assert!(farthest < 2.0, "{farthest}");
    scene.is_counted(late, agent, async || until_more_shown(agent).await).await;
}

#[ignore = "alone: browsers elsewhere on this machine give up what they load when a network comes"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_a_proxy_a_webinar_is_followed_over_https() {
    let Some(scene) = silent(Wall::ProxyAlone, PAGES_ALONE).await else { return };
    let proxy = Proxy::start(&scene.office, PATIENT).expect("a proxy");
    scene.speak().await;
    let live = scene.app.clock.now();
    let agent = scene.agent_with(&[&proxy.switch()], KEEP_SOCKETS).await;
    let took = first_frame(&scene, &agent).await;
    println!("behind a proxy: first picture and sound after {took:?}");
    assert!(took < Duration::from_secs(20), "{took:?} on a machine that does other things too");
    is_followed(&scene, &agent, scene.app.clock.now().duration_since(live)).await;
}

#[ignore = "alone: browsers elsewhere on this machine give up what they load when a network comes"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_a_proxy_that_cuts_what_is_idle_a_quiet_room_stays_open() {
    let Some(scene) = silent(Wall::ProxyAlone, PAGES_ALONE).await else { return };
    let proxy = Proxy::start(&scene.office, HASTY).expect("a proxy");
    let live = scene.app.clock.now();
    let agent = scene.agent_with(&[&proxy.switch()], KEEP_SOCKETS).await;
    agent.go(&scene.room).await;
    agent.until("silence over HTTPS", async || number(&shown(&agent).await, "time") > 0.0).await;
    let late = scene.app.clock.now().duration_since(live);
    // Nobody says or shows anything for longer than the proxy waits.
    tokio::time::sleep(Duration::from_secs(u64::from(HASTY) + 15)).await;
    let sockets = agent
        .look(
            "return window.sockets.map((one) => [new URL(one.url).pathname.split('/').pop(), one.readyState])",
            vec![],
        )
        .await;
    println!("after {} s of silence: {sockets}", HASTY + 15);
    let lines: Vec<_> = sockets.as_array().expect("a list").iter().filter(|one| one[0] != "essai").cloned().collect();
    assert_eq!(lines, [json!(["signal", 1]), json!(["direct", 1])], "neither was cut");
    scene.speak().await;
    let began = Instant::now();
    agent.until("a picture", async || number(&shown(&agent).await, "width") > 0.0).await;
    println!("behind a proxy that cuts: a picture {:?} after it was shown", began.elapsed());
    is_followed(&scene, &agent, late).await;
}

#[ignore = "alone: browsers elsewhere on this machine give up what they load when a network comes"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_leaves_https_for_a_better_way_and_falls_back_without_a_reload() {
    let Some(scene) = silent(Wall::ProxyAlone, PAGES_ALONE).await else { return };
    let proxy = Proxy::start(&scene.office, PATIENT).expect("a proxy");
    scene.speak().await;
    let agent = scene.agent_with(&[&proxy.switch()], "").await;
    first_frame(&scene, &agent).await;
    agent.look("window.stayed = true", vec![]).await;
    scene.office.becomes(Wall::Open).expect("the wall is opened");
    let opened = Instant::now();
    agent.until("a way over UDP", async || way(&agent).await.starts_with("udp")).await;
    until_more(&agent).await;
    agent.until("the film to be left", async || shown(&agent).await.is_null()).await;
    println!("open: over UDP after {:?}", opened.elapsed());
    scene.office.becomes(Wall::ProxyAlone).expect("the wall is closed");
    let closed = Instant::now();
    agent.until("the film again", async || number(&shown(&agent).await, "frames") > 0.0).await;
    until_more_shown(&agent).await;
    println!("closed again: over HTTPS after {:?}", closed.elapsed());
    assert_eq!(agent.look("return window.stayed", vec![]).await, json!(true), "nothing was reloaded");
}

#[ignore = "alone: browsers elsewhere on this machine give up what they load when a network comes"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_a_proxy_the_diagnosis_says_how_the_webinar_comes_and_what_would_do_better() {
    let Some(scene) = silent(Wall::ProxyAlone, PAGES_ALONE).await else { return };
    let proxy = Proxy::start(&scene.office, PATIENT).expect("a proxy");
    let agent = scene.agent_with(&[&proxy.switch()], "").await;
    agent.go(&format!("/webinaires/{}/diagnostic", scene.meeting.webinar)).await;
    agent.press("Lancer le diagnostic").await;
    agent.until_text(".diagnosis-text", "À ouvrir, en sortie").await;
    let sheet = agent.text(".diagnosis-text").await;
    println!("{sheet}");
    for words in [
        "Son et image par UDP, port 10000 : BLOQUÉ",
        "Son et image par TCP, port 10000 : BLOQUÉ",
        "Son et image par HTTPS (WebSocket), port 443 : passe",
        "Vous suivrez le webinaire par HTTPS (WebSocket), avec 2 à 3 secondes de retard",
        &format!("1. UDP, port 10000 vers socle.example ({})", scene.office.here),
    ] {
        assert!(sheet.contains(words), "{words}\n\n{sheet}");
    }
    pictures::take(&agent, "diagnosis-proxy").await;
}
