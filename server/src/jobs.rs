//! What happens without being asked. Every job may be run twice, or at any moment. Where several nodes serve one database,
//! what is of no node in particular is done by the one on duty ([`crate::node`]).

use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

use crate::app::App;
use crate::webinar::{presence, recording, rooms};
use crate::{backup, certificate, follow_up, identity, mail, posting, protection, quiz, studio, webhook, xapi};

/// Starts the jobs; they end with the runtime.
pub fn start(app: &App) {
    let fast = app.clone();
    tokio::spawn(async move {
        let mut ticks = every(Duration::from_secs(5));
        loop {
            ticks.tick().await;
            // What was measured is kept one by one until it is summed up.
            if let Some(metrics) = &fast.metrics {
                metrics.run_upkeep();
            }
            // Another process may have published: `socle content publish`.
            note("refresh the library", fast.library.refresh(&fast.db).await);
            note("refresh the pathways", fast.pathways.refresh(&fast.db).await);
            note("refresh the signing keys", fast.keys.refresh(&fast.db).await);
            if !fast.node.is_on_duty().await {
                continue;
            }
            note("publish what is planned", studio::publishing::planned::tick(&fast).await);
            note("apply new rules to everybody", certificate::catch_up(&fast).await);
        }
    });
    // Apart from the others: a relay may take its time.
    let post = app.clone();
    tokio::spawn(async move {
        let mut ticks = every(Duration::from_secs(5));
        loop {
            ticks.tick().await;
            if !post.node.is_on_duty().await {
                continue;
            }
            note("deliver mails", mail::outbox::deliver(&post).await);
        }
    });
    let hooks = app.clone();
    tokio::spawn(async move {
        let mut ticks = every(Duration::from_secs(2));
        loop {
            ticks.tick().await;
            if !hooks.node.is_on_duty().await {
                continue;
            }
            // Not waited for: a receiver that takes its time is left behind, and the next round serves the others.
            let hooks = hooks.clone();
            tokio::spawn(async move { note("deliver to webhooks", webhook::deliver(&hooks).await) });
        }
    });
    // Apart, too: a large database takes its time.
    let copies = app.clone();
    tokio::spawn(async move {
        let mut ticks = every(Duration::from_mins(1));
        loop {
            ticks.tick().await;
            note("make the night's copy", backup::tick(&copies).await);
        }
    });
    let slow = app.clone();
    tokio::spawn(async move {
        let mut ticks = every(Duration::from_mins(1));
        loop {
            ticks.tick().await;
            slow.throttle.forget();
            note("close overdue webinars", rooms::close_overdue(&slow).await);
            if !slow.node.is_on_duty().await {
                continue;
            }
            note("close overdue attempts", quiz::store::close_overdue(&slow).await);
            note("complete closings of webinars", presence::finish(&slow).await);
            note("complete recordings", recording::catch_up(&slow).await);
            note("fold stale enrolments", follow_up::catch_up(&slow).await);
            note("state facts from before", xapi::catch_up(&slow).await);
            note("settle postings whose day came", posting::store::settle_due(&slow).await);
            note("sweep ended sessions", identity::session::sweep(&slow).await);
            note("sweep files that never arrived", studio::media::sweep(&slow).await);
            note("take away what is past its term", protection::nights::tick(&slow).await);
        }
    });
}

fn every(period: Duration) -> tokio::time::Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

fn note<E: std::fmt::Display>(job: &str, outcome: Result<(), E>) {
    if let Err(error) = outcome {
        tracing::error!(job, %error, "A job failed; it will be tried again");
    }
}
