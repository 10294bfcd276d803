//! What happens without being asked. Every job may be run twice, or at any moment. Each run is noted in the register
//! ([`crate::operation::Register`]): administrators read there what fails, and what does not run any more. Where several
//! nodes serve one database, what is of no node in particular is done by the one on duty ([`crate::node`]).

use domain::operation::{Failure, Job, Round};
use futures_util::FutureExt as _;
use std::fmt::Display;
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

use crate::app::App;
use crate::webinar::{presence, recording, rooms};
use crate::{
    acme, backup, certificate, follow_up, identity, mail, posting, protection, quiz, studio, telemetry, webhook, xapi,
};

/// Starts the jobs; they end with the runtime. Each round is apart from the others: a relay, a large database or an authority
/// may take its time.
pub fn start(app: &App) {
    again(app, Round::TakingUp, |app| async move {
        // What was measured is kept one by one until it is summed up.
        if let Some(metrics) = &app.metrics {
            metrics.run_upkeep();
        }
        take_up(&app).await;
    });
    again(app, Round::Mails, |app| async move { send_mails(&app).await });
    again(app, Round::Webhooks, |app| async move {
        // Not waited for: a receiver that takes its time is left behind, and the next round serves the others.
        tokio::spawn(async move { tell_webhooks(&app).await });
    });
    again(app, Round::Copies, |app| async move { copy(&app).await });
    again(app, Round::Https, |app| async move { certify(&app).await });
    again(app, Round::KeepingUp, |app| async move { keep_up(&app).await });
}

/// Goes through a round again and again.
fn again<Going: Future<Output = ()> + Send>(app: &App, round: Round, go: impl Fn(App) -> Going + Send + 'static) {
    let app = app.clone();
    tokio::spawn(async move {
        let mut ticks = interval(Duration::try_from(round.period()).unwrap_or(Duration::from_mins(1)));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            go(app.clone()).await;
        }
    });
}

/// Takes up what was done elsewhere, or is due now: once each.
pub async fn take_up(app: &App) {
    // Another process may have published: `socle content publish`.
    run(app, Job::Library, app.library.refresh(&app.db)).await;
    run(app, Job::Pathways, app.pathways.refresh(&app.db)).await;
    run(app, Job::SigningKeys, app.keys.refresh(&app.db)).await;
    run(app, Job::Publications, studio::publishing::planned::tick(app)).await;
    run(app, Job::Certificates, certificate::catch_up(app)).await;
}

/// Sends the mails that are due, once.
pub async fn send_mails(app: &App) {
    run(app, Job::Mails, mail::outbox::deliver(app)).await;
}

/// Delivers to webhooks what is due, once.
pub async fn tell_webhooks(app: &App) {
    run(app, Job::Webhooks, webhook::deliver(app)).await;
}

/// Makes the night's copy where it is due, once.
pub async fn copy(app: &App) {
    run(app, Job::Copies, backup::tick(app)).await;
}

/// Asks for the certificate of HTTPS where it is time and for Socle to do, once.
pub async fn certify(app: &App) {
    run(app, Job::Https, acme::tick(app)).await;
}

/// Closes, completes, folds and sweeps what is to be: once each.
pub async fn keep_up(app: &App) {
    run(app, Job::Attempts, quiz::store::close_overdue(app)).await;
    run(app, Job::Closings, presence::finish(app)).await;
    run(app, Job::Webinars, rooms::close_overdue(app)).await;
    run(app, Job::Recordings, recording::catch_up(app)).await;
    run(app, Job::Enrolments, follow_up::catch_up(app)).await;
    run(app, Job::Statements, xapi::catch_up(app)).await;
    run(app, Job::Postings, posting::store::settle_due(app)).await;
    run(app, Job::Sessions, identity::session::sweep(app)).await;
    run(app, Job::Uploads, studio::media::sweep(app)).await;
    run(app, Job::Retention, protection::nights::tick(app)).await;
    app.throttle.forget();
}

/// Runs a job once, where it is this node's, and notes how it went. One that panics fails: those that come after it have
/// their turn.
async fn run<E: Display>(app: &App, job: Job, work: impl Future<Output = Result<(), E>>) {
    if !job.is_of_each_node() && !app.node.is_on_duty().await {
        return app.jobs.leave(job, app.clock.now());
    }
    let key = job.key();
    let began = telemetry::instant();
    app.jobs.begin(job, app.clock.now());
    let failure = match AssertUnwindSafe(work).catch_unwind().await {
        Ok(Ok(())) => None,
        Ok(Err(error)) => {
            let error = format!("{error:#}");
            tracing::error!(job = key, error, "A job failed; it will be tried again");
            Some(Failure::read(&error))
        }
        Err(_) => {
            tracing::error!(job = key, "A job panicked; it will be tried again");
            Some(Failure::Defect)
        }
    };
    let took = began.elapsed();
    metrics::histogram!("socle_job_seconds", "job" => key).record(took.as_secs_f64());
    // One that never failed is counted too: the first failure is then a step from nought.
    metrics::counter!("socle_job_failures_total", "job" => key).increment(u64::from(failure.is_some()));
    app.jobs.end(job, app.clock.now(), took, failure);
}
