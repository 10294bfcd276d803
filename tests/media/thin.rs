//! Lines too thin for pictures: what their viewers are sent, and how they come back.

use super::{media, trainer, until, viewer};
use server::webinar::media::{Kind, Pictures};
use std::time::Duration;
use tokio::time::sleep;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_shown_no_picture_hears_everything_and_a_line_that_carries_more_is_found_out() {
    let (media, _events) = media();
    let trainer = trainer(&media).await;
    let (thin, alone) = (viewer(&media, trainer.room).await, viewer(&media, trainer.room).await);
    media.choose(trainer.room, alone.id, Pictures::None);
    let (room, ids) = (trainer.room, (thin.id, alone.id));
    let performing = tokio::spawn(async move {
        for number in 0.. {
            trainer.show(Kind::Screen, number, number % 50 == 0).await;
            trainer.say(Kind::Microphone, number).await;
            sleep(Duration::from_millis(10)).await;
        }
    });
    until("pictures", || thin.pictures().len() > 20).await;
    assert!(alone.pictures().is_empty(), "sound alone was asked for before the first picture");
    // The browser says that its line carries next to nothing.
    thin.estimate(2_000_000.0).await;
    thin.estimate(40_000.0).await;
    let is_thin = || media.evidence(room).iter().any(|(peer, evidence)| *peer == ids.0 && evidence.thin);
    until("no picture any more", is_thin).await;
    let (pictures, sounds) = (thin.pictures().len(), thin.sounds().len());
    until("sound goes on", || thin.sounds().len() > sounds + 100).await;
    assert!(thin.pictures().len() <= pictures + 2, "{} after {pictures}", thin.pictures().len());
    let line = media.beside(room, ids.0).expect("it is there");
    assert!(line.rate() <= 24_000.0, "nothing is known of the line: {}", line.rate());
    // Its checks are answered at once: there is room for pictures again.
    until("pictures again", || thin.pictures().len() > pictures + 50).await;
    assert!(!is_thin());
    assert!(alone.pictures().is_empty() && alone.sounds().len() > 100);
    performing.abort();
}
