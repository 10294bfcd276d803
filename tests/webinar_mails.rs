//! The mails that tell of webinars: over SMTP, once each, or shown where none leaves.

use jiff::SignedDuration;
use reqwest::StatusCode;
use server::mail::outbox;
use support::relay::{Mood, SmtpRelay};
use support::webinars::plan;
use support::{Database, Product, on_both};

const ID: &str = "22222222-2222-4222-8222-222222222222";
const PAGE: &str = "/webinaires/22222222-2222-4222-8222-222222222222";
const LEA: &str = "lea@exemple.example";

async fn with_relay(database: Database, relay: &SmtpRelay) -> Product {
    let settings = [("SOCLE_SMTP_URL", relay.url()), ("SOCLE_MAIL_FROM", "Socle <envoi@socle.example>".to_owned())];
    Product::start_with(database, &settings).await
}

const BOTH: [Database; 2] = [Database::Sqlite, Database::Postgres];

#[tokio::test(flavor = "multi_thread")]
async fn mails_leave_over_smtp_once_each_with_their_calendar() {
    for database in BOTH {
        let relay = SmtpRelay::start().await;
        let product = with_relay(database, &relay).await;
        plan(&product.trainer().await, ID, &[]).await;
        product.agent("Lea").await.post(&format!("{PAGE}/inscription"), &[]).await;
        // Two at once, and once more: each mail leaves once.
        let (one, two) = tokio::join!(outbox::deliver(&product.app), outbox::deliver(&product.app));
        one.unwrap();
        two.unwrap();
        outbox::deliver(&product.app).await.unwrap();
        let taken = relay.taken();
        assert_eq!(taken.len(), 2, "to the trainer and to the agent; reminders wait");
        let mail = taken.iter().find(|mail| mail.to == LEA).unwrap();
        assert_eq!(mail.from, "envoi@socle.example");
        assert_eq!(mail.header("From"), "Socle <envoi@socle.example>");
        assert_eq!(
            mail.header("Subject"),
            "Inscription confirmée\u{a0}: Les outils de la maison, jeudi\u{a0}10 décembre 2026 à 10\u{a0}h\u{a0}00"
        );
        assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
        assert!(mail.part("text/plain").contains("Votre place est réservée"));
        let calendar = mail.part("text/calendar; method=REQUEST; charset=utf-8").replace('\r', "");
        assert!(calendar.contains(&format!("UID:{ID}@127.0.0.1\n")), "{calendar}");
        assert!(mail.part("application/ics").replace('\r', "").contains("mailto:lea@exemple.example"));

        // The day before, at 10:00 in Paris; then an hour before.
        product.wait(SignedDuration::from_mins(8 * 24 * 60 + 29));
        outbox::deliver(&product.app).await.unwrap();
        assert_eq!(relay.taken().len(), 2, "a minute too early");
        product.wait(SignedDuration::from_mins(1));
        outbox::deliver(&product.app).await.unwrap();
        assert!(relay.taken()[2..].iter().all(|mail| mail.header("Subject").starts_with("Demain à 10\u{a0}h\u{a0}00")));
        product.wait(SignedDuration::from_hours(23));
        outbox::deliver(&product.app).await.unwrap();
        assert_eq!(relay.taken().len(), 6);
        assert!(relay.taken()[4..].iter().all(|mail| mail.header("Subject").starts_with("Dans une heure")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_fails_is_tried_again_later_and_later_and_the_failure_shows() {
    let relay = SmtpRelay::start().await;
    let product = with_relay(Database::Sqlite, &relay).await;
    relay.becomes(Mood::Busy);
    plan(&product.trainer().await, ID, &[]).await;
    let mail = async || product.mails_to("marie@exemple.example", "Vous animez").await.remove(0);
    let mut delays = Vec::new();
    for _ in 0..3 {
        let before = product.app.clock.now().as_millisecond();
        outbox::deliver(&product.app).await.unwrap();
        let failed = mail().await;
        assert!(failed.failure.as_ref().unwrap().contains("451"), "{failed:?}");
        delays.push((failed.send_after - before) / 60_000);
        product.wait(SignedDuration::from_millis(failed.send_after - before));
    }
    assert_eq!(delays, [1, 5, 15]);
    let admin = product.administrator().await;
    assert!(admin.get("/administration/courriels").await.text().contains("mailbox busy"));
    relay.becomes(Mood::Takes);
    outbox::deliver(&product.app).await.unwrap();
    let sent = mail().await;
    assert!(sent.sent && sent.failure.is_none());
    assert_eq!(relay.taken().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_refused_or_of_unknown_fate_is_given_up_and_never_sent_twice() {
    for (mood, said, came) in [(Mood::Refuses, "no such user", 0), (Mood::HangsUp, "peut-être parti", 1)] {
        let relay = SmtpRelay::start().await;
        let product = with_relay(Database::Sqlite, &relay).await;
        relay.becomes(mood);
        plan(&product.trainer().await, ID, &[]).await;
        outbox::deliver(&product.app).await.unwrap();
        relay.becomes(Mood::Takes);
        for _ in 0..3 {
            product.wait(SignedDuration::from_hours(1));
            outbox::deliver(&product.app).await.unwrap();
        }
        let mail = product.mails_to("marie@exemple.example", "Vous animez").await.remove(0);
        assert!(mail.given_up && mail.failure.as_ref().unwrap().contains(said), "{mail:?}");
        assert_eq!(relay.taken().len(), came, "{mood:?}");
        let shown = product.administrator().await.get("/administration/courriels").await.text();
        assert!(shown.contains("Abandonné le") && shown.contains(said), "{shown}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_relay_answering_nothing_is_lost_and_what_comes_too_late_is_not_sent() {
    let relay = SmtpRelay::start().await;
    // A port that nobody listens on.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let settings = [("SOCLE_SMTP_URL", format!("smtp://127.0.0.1:{silent}"))];
    let product = Product::start_with(Database::Sqlite, &settings).await;
    plan(&product.trainer().await, ID, &[]).await;
    outbox::deliver(&product.app).await.unwrap();
    let mail = product.mails_to("marie@exemple.example", "Vous animez").await.remove(0);
    assert!(!mail.given_up && mail.failure.unwrap().contains("ne répond pas"));
    product.wait(SignedDuration::from_hours(30 * 24));
    outbox::deliver(&product.app).await.unwrap();
    let mails = product.mails().await;
    assert!(mails.iter().all(|mail| mail.given_up && mail.failure.as_ref().unwrap().contains("à temps")), "{mails:?}");
    assert_eq!(relay.taken().len(), 0);
}

on_both!(in_demonstration_the_outbox_shows_what_would_leave, |product| async {
    plan(&product.trainer().await, ID, &[]).await;
    outbox::deliver(&product.app).await.unwrap();
    let page = product.administrator().await.get("/administration/courriels").await.text();
    for said in ["Aucun message n’est envoyé.", "Vous animez", "À envoyer à partir du", "BEGIN:VCALENDAR"] {
        assert!(page.contains(said), "{said}");
    }
    assert_eq!(product.agent("Lea").await.get("/administration/courriels").await.status, StatusCode::NOT_FOUND);
});
