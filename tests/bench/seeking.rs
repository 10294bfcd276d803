//! Going to a moment of a long recording over a thin line, in Chromium: the seconds until its picture is seen.

use crate::report::{Budget, Figure};
use anyhow::{Context as _, ensure};
use domain::webinar::recording::Block;
use serde_json::json;
use server::webinar::recording;
use support::browser::{Browser, Script};
use support::footage::filmed;
use support::replays::{film_of, missed};
use support::served::House;

/// The recording, in minutes.
const MINUTES: u64 = 90;
/// The line, in bits a second, and milliseconds there and back.
const LINE: u32 = 1_000_000;
const ROUND: u32 = 100;
/// Where it is gone to, in thousandths of the recording: on and back, near and far.
const PLACES: [u64; 8] = [500, 900, 100, 745, 330, 338, 990, 15];

/// Goes there; the milliseconds until a still of shortly before is shown, if one is, and until the film goes on from there.
const SEEK: &str = "
    const [to, done] = arguments;
    const video = document.querySelector('.replay-pictures video');
    const still = document.querySelector('.replay-still');
    const began = performance.now();
    const since = () => performance.now() - began;
    let seen = null;
    const look = () => requestAnimationFrame(() => { if (!still.hidden) seen = since(); });
    still.addEventListener('load', look, { once: true });
    video.requestVideoFrameCallback(() => {
        still.removeEventListener('load', look);
        done([seen, since()]);
    });
    video.currentTime = to;";

pub async fn figures(house: &House) -> anyhow::Result<Vec<Figure>> {
    let app = house.open().await?;
    let meeting = missed(&app).await;
    let id = meeting.webinar;
    let minute = tokio::task::spawn_blocking(minute).await??;
    film_of(&app, id, (&minute, 60_000), MINUTES).await?;
    let whole = recording::of(app.db.reader(), id).await?.context("a recording")?;
    ensure!(whole.length.as_secs() >= i64::try_from(60 * MINUTES)? - 2, "{whole:?}");
    let served = house.serve().await?;

    let browser = Browser::open_at(&format!("http://{}", served.address), Script::On, &[]).await;
    browser.become_client(&meeting.agents[0]).await;
    browser.cdp("Network.enable", json!({})).await;
    let line =
        json!({ "offline": false, "latency": ROUND, "downloadThroughput": LINE / 8, "uploadThroughput": LINE / 8 });
    browser.cdp("Network.emulateNetworkConditions", line).await;
    browser.go(&format!("/webinaires/{id}/revoir")).await;
    let loaded = "return document.querySelector('.replay-pictures video')?.readyState > 1;";
    browser.until("the recording to load", async || browser.look(loaded, vec![]).await == true).await;
    let awake = "return document.querySelector('.replay-still') !== null;";
    browser.until("the player to wake", async || browser.look(awake, vec![]).await == true).await;
    let (mut waited, mut each) = (Vec::new(), Vec::new());
    for place in PLACES {
        let to = u32::try_from(place * MINUTES * 60 / 1000)?;
        let took = browser.driver.execute_async(SEEK, vec![json!(to)]).await?;
        let [still, film] = [0, 1].map(|which| took.json()[which].as_f64().map(|milliseconds| milliseconds / 1000.0));
        let film = film.context("milliseconds")?;
        let first = still.unwrap_or(film);
        waited.push(first);
        each.push(format!("{first:.2} ({film:.2})"));
    }
    served.kill().await?;
    Ok(vec![Figure {
        name: "v  a picture after going to a moment of a recording",
        measured: waited.into_iter().fold(0.0, f64::max),
        unit: "s",
        budget: Budget::AtMost(2.0),
        conditions: format!(
            "the slowest of {}, a still of shortly before where the film is not there yet (and the film): {}; {MINUTES} minutes, {} MB, a keyframe every eight seconds; Chromium, {} kbit/s and {ROUND} ms",
            PLACES.len(),
            each.join(", "),
            whole.bytes / 1_000_000,
            LINE / 1000,
        ),
    }])
}

/// A minute of slides of 1280 by 720 on which something always moves, and of a voice, in the order of time.
fn minute() -> anyhow::Result<Vec<Block>> {
    let coded = ["-g", "80", "-b:v", "400k", "-maxrate", "450k", "-bufsize", "800k"];
    let blocks = filmed("testsrc2=size=1280x720:rate=10", 60, &coded);
    ensure!(blocks.len() > 3_000, "{} pictures and packets", blocks.len());
    Ok(blocks)
}
