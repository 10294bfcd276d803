//! A webinar recorded from Chromium, and played in Chromium: it says how long it is, and goes wherever it is sought.

use super::browser::{Browser, Script};
use super::webinar::{DEVICES, enter};
use serde_json::json;
use server::webinar::recording::{self, State};
use std::time::Duration;
use support::Database;
use support::footage::decoded;
use support::meeting::Meeting;
use support::served::House;

/// Plays a file from that second on; tells how long it is, where it is after a while, and how large its picture.
const PLAY: &str = "
    const [url, from, done] = arguments;
    const video = document.createElement('video');
    video.muted = true;
    video.src = url;
    document.body.append(video);
    const told = () => done({
        duration: video.duration, at: video.currentTime, width: video.videoWidth,
        frames: video.getVideoPlaybackQuality().totalVideoFrames, error: video.error?.message ?? '',
    });
    video.addEventListener('error', told);
    video.addEventListener('loadedmetadata', () => { video.currentTime = from; });
    video.addEventListener('seeked', () => {
        const begun = Date.now();
        video.play();
        const look = () => video.currentTime > from + 0.5 || Date.now() - begun > 8000 ? told() : setTimeout(look, 50);
        look();
    }, { once: true });";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_chromium_sent_is_played_and_sought_in_chromium() {
    let house = House::new(Database::Sqlite, "production").expect("a house");
    let app = house.open().await.expect("opens");
    let meeting = Meeting::in_house(&app, 1).await;
    meeting.is_recorded(&app).await;
    let served = house.serve().await.expect("serves");
    let url = format!("http://{}", served.address);
    let room = format!("/webinaires/{}/salle", meeting.webinar);
    let trainer = enter(&url, &meeting.trainer, &room, DEVICES).await;
    trainer.press("Commencer le webinaire").await;
    trainer.until_text(".room-strip", "Enregistré").await;
    trainer.press("Allumer le micro").await;
    trainer.press("Allumer la caméra").await;
    let agent = enter(&url, &meeting.agents[0], &room, DEVICES).await;
    agent.until_text(".room-strip", "Enregistré").await;
    // What is recorded is a while of the camera, then of the screen with the camera beside.
    tokio::time::sleep(Duration::from_secs(6)).await;
    trainer.press("Partager l’écran").await;
    tokio::time::sleep(Duration::from_secs(8)).await;
    trainer.press("Terminer").await;
    trainer.press("Oui, terminer").await;
    let whole = async {
        loop {
            match recording::of(app.db.reader(), meeting.webinar).await.unwrap() {
                Some(known) if known.state != State::Running => return known,
                _ => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    };
    let known = tokio::time::timeout(Duration::from_secs(30), whole).await.expect("is completed");
    assert_eq!((known.state, known.has_camera), (State::Whole, true), "{known:?}");
    let folder = house.folder().join(format!("recordings/{}", meeting.webinar));
    for file in ["stage.webm", "camera.webm"] {
        assert_eq!(decoded(&folder.join(file)), "", "{file}");
    }
    let length = known.length.as_secs_f64();
    let watcher = Browser::open_at(&url, Script::On, DEVICES).await;
    watcher.become_client(&meeting.agents[0]).await;
    watcher.go(&format!("/webinaires/{}", meeting.webinar)).await;
    let file = format!("/webinaires/{}/enregistrement.webm", meeting.webinar);
    for from in [length * 0.7, length * 0.2] {
        let told = watcher.driver.execute_async(PLAY, vec![json!(file), json!(from)]).await.expect("plays");
        let told = told.json().clone();
        println!("from {from:.1} s of {length:.1} s: {told}");
        assert_eq!(told["error"], "", "{told}");
        assert!((told["duration"].as_f64().unwrap() - length).abs() < 0.1, "{told}");
        assert!(told["at"].as_f64().unwrap() > from + 0.5, "{told}");
        assert!(told["width"].as_u64().unwrap() > 0 && told["frames"].as_u64().unwrap() > 0, "{told}");
    }
}
