//! Chromium itself, on both ends of a line that loses packets.

use super::line::Line;
use super::{media, room, within};
use axum::extract::{Path, State};
use axum::response::Html;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::Value;
use server::webinar::media::{Kind, Media, PeerId, Role, RoomId};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::peer::fresh;
use tokio::process::Command;
use tokio::time::sleep;

/// What the page and the test share.
struct Scene {
    media: Media,
    room: RoomId,
    line: Mutex<Option<Line>>,
    stats: Mutex<Vec<Stats>>,
}

/// What the viewer's browser counted by then.
#[derive(Debug, Clone, Copy)]
struct Stats {
    /// Bits a second that the trainer's browser believes it can send.
    up: f64,
    /// Pictures that the trainer's browser sent (it sends fewer on a busy machine), and that the viewer's decoded.
    shown: f64,
    frames: f64,
    /// Packets of sound that did not come by themselves, and those that did.
    lost: f64,
    came: f64,
    /// Samples of sound that were made up, and all of them.
    concealed: f64,
    samples: f64,
    /// Retransmissions that came, of pictures.
    repaired: f64,
    /// Seconds of standing pictures.
    frozen: f64,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chromium_sees_and_hears_chromium_over_a_line_that_loses_one_packet_in_twenty() {
    let (media, _events) = media();
    let scene = Arc::new(Scene { media, room: room(), line: Mutex::default(), stats: Mutex::default() });
    let routes = Router::new()
        .route("/", get(async || Html(include_str!("chromium.html"))))
        .route("/join/{role}", post(join))
        .route("/stats", post(count))
        .with_state(Arc::clone(&scene));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("bound"));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    let profile = tempfile::tempdir().expect("a folder");
    let _chromium = Command::new("chromium")
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-crash-reporter"])
        .arg("--autoplay-policy=no-user-gesture-required")
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("Chromium; `make setup-tests` installs it");

    let latest = || scene.stats.lock().expect("alive").last().copied();
    within(Duration::from_secs(60), "the first picture, and sound", || {
        latest().is_some_and(|now| now.frames > 0.0 && now.came > 0.0)
    })
    .await;
    // The line is found out to lose packets; then it is measured.
    sleep(Duration::from_secs(5)).await;
    let before = latest().expect("was there");
    sleep(Duration::from_secs(15)).await;
    let after = latest().expect("was there");
    let of = |count: fn(&Stats) -> f64| count(&after) - count(&before);
    let raw = of(|now| now.lost) / of(|now| now.lost + now.came);
    let unheard = of(|now| now.concealed) / of(|now| now.samples);
    let line = scene.line.lock().expect("alive").as_ref().map_or(0, Line::lost);
    println!("{line} datagrams lost; from {before:?} to {after:?}: {raw:.3} of sound lost, {unheard:.4} of it made up");
    assert!(line > 50 && raw > 0.02, "{raw} of the sound was lost on the line");
    assert!(unheard < 0.03, "{unheard} of the sound was made up");
    assert!(after.up > 300_000.0, "{} bits a second: reports of what came do not reach the trainer", after.up);
    assert!(of(|now| now.repaired) > 5.0, "repairs come");
    let (shown, seen) = (of(|now| now.shown), of(|now| now.frames));
    assert!(seen > 0.8 * shown && shown > 50.0, "{seen} pictures of {shown} were seen");
    assert!(of(|now| now.frozen) < 7.5, "frozen for {} s of 15", of(|now| now.frozen));
}

async fn join(State(scene): State<Arc<Scene>>, Path(role): Path<String>, body: String) -> String {
    let said: Value = serde_json::from_str(&body).expect("what the page said");
    let kinds = said["kinds"].as_object().expect("kinds").iter();
    let sends = kinds.map(|(mid, kind)| (mid.clone(), if kind == "video" { Kind::Screen } else { Kind::Microphone }));
    let offer = said["offer"].as_str().expect("an offer");
    let is_trainer = role == "trainer";
    let role = if is_trainer { Role::Trainer } else { Role::Viewer };
    let answer = scene.media.join(scene.room, PeerId(fresh()), role, offer, sends.collect()).await.expect("admitted");
    if is_trainer {
        return answer;
    }
    let candidate = answer.lines().find(|line| line.starts_with("a=candidate:")).expect("a candidate");
    let words: Vec<&str> = candidate.split(' ').collect();
    let server = format!("{}:{}", words[4], words[5]).parse().expect("an address");
    let line = Line::to(server, Duration::from_millis(75), 5, 5).await;
    let near = format!("{} {}", line.near.ip(), line.near.port());
    *scene.line.lock().expect("alive") = Some(line);
    answer.replace(&format!("{} {}", words[4], words[5]), &near)
}

async fn count(State(scene): State<Arc<Scene>>, body: String) -> Json<()> {
    let said: Value = serde_json::from_str(&body).expect("what the page said");
    let number = |kind: &str, name: &str| said[kind][name].as_f64().unwrap_or_default();
    scene.stats.lock().expect("alive").push(Stats {
        up: number("up", "availableOutgoingBitrate"),
        shown: number("shown", "framesSent"),
        frames: number("video", "framesDecoded"),
        lost: number("audio", "packetsLost"),
        came: number("audio", "packetsReceived"),
        concealed: number("audio", "concealedSamples"),
        samples: number("audio", "totalSamplesReceived"),
        repaired: number("video", "retransmittedPacketsReceived"),
        frozen: number("video", "totalFreezesDuration"),
    });
    Json(())
}
