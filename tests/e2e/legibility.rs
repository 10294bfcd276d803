//! Whether what a trainer shows can be read: the page as they see it against the picture that an agent's browser decoded.

use super::webinar::{enter, received};
use serde_json::json;
use support::Database;
use support::likeness::similarity;
use support::meeting::Meeting;
use support::served::House;

/// Nobody is asked which tab to show: it is the one with this title. A tab is taken no larger than the screen.
const TITLE: &str = "Notice";
const SWITCHES: &[&str] =
    &["--auto-select-tab-capture-source-by-title=Notice", "--screen-info={1920x1400}", "--window-size=1920,1400"];
const WIDTH: u32 = 1920;
const HEIGHT: u32 = 1080;
/// From which structural similarity on two pictures are taken as one.
const ALIKE: f64 = 0.95;

/// The largest picture that plays: its upper left is what was shown.
const PLAYED: &str = "
    const video = [...document.querySelectorAll('video')].sort((a, b) => b.videoWidth - a.videoWidth)[0];
    return video && video.videoWidth >= width && video.videoHeight >= height ? video : null;";

/// Four columns of twelve-pixel text, as an official form has.
fn notice() -> String {
    let line = "La personne saisit son numéro fiscal, puis confirme l’adresse que le service lui a écrite.";
    let lines: String = (1..=150).map(|number| format!("<p>{number}. {line}</p>")).collect();
    format!(
        "<!doctype html><meta charset=utf-8><title>{TITLE}</title>\
         <style>body{{margin:20px;font:12px/1.5 sans-serif;columns:4}}p{{margin:0 0 4px}}</style>{lines}"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twelve_pixel_text_that_a_trainer_shows_is_as_sharp_at_the_agents_side() {
    let house = House::new(Database::Sqlite, "production").expect("a house");
    let app = house.open().await.expect("opens");
    let meeting = Meeting::in_house(&app, 1).await;
    let served = house.serve().await.expect("serves");
    let url = format!("http://{}", served.address);
    let room = format!("/webinaires/{}/salle", meeting.webinar);

    let trainer = enter(&url, &meeting.trainer, &room, SWITCHES).await;
    trainer.press("Commencer le webinaire").await;
    let room_tab = trainer.driver.window().await.expect("a tab");
    trainer.driver.new_tab().await.expect("a tab");
    let tabs = trainer.driver.windows().await.expect("tabs");
    let notice_tab = tabs.into_iter().find(|tab| *tab != room_tab).expect("the new one");
    trainer.driver.switch_to_window(notice_tab).await.expect("the new tab");
    let draw = "document.open(); document.write(arguments[0]); document.close();";
    trainer.look(draw, vec![json!(notice())]).await;
    trainer.screen(WIDTH, HEIGHT.into()).await;
    let shown = trainer.cdp("Page.captureScreenshot", json!({ "format": "png" })).await["data"].clone();
    trainer.driver.switch_to_window(room_tab).await.expect("the room");
    trainer.press("Partager l’écran").await;

    let agent = enter(&url, &meeting.agents[0], &room, &[]).await;
    let alike = async || similarity(&agent, &shown, PLAYED).await;
    agent.until("the text to be as sharp as it was shown", async || alike().await >= ALIKE).await;
    println!("structural similarity {:.3}", alike().await);
    assert_eq!(received(&agent).await["codecs"], json!(["video/VP9"]), "both browsers know it");
}
