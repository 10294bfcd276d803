//! Planning webinars, registering for them, and the mails that tell of it.

use domain::identity::{Grant, Role, Scope};
use domain::ids::PersonId;
use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use server::identity::store::{self, NewPerson};
use server::mail::outbox;
use server::place::{self, NewMaison};
use support::relay::{Mood, SmtpRelay};
use support::webinars::{form, plan};
use support::{Database, Product, on_both};

const ID: &str = "22222222-2222-4222-8222-222222222222";
const PAGE: &str = "/webinaires/22222222-2222-4222-8222-222222222222";
const LEA: &str = "lea@exemple.example";
const KARIM: &str = "karim@exemple.example";
const ZOE: &str = "zoe@exemple.example";

fn ms(instant: &str) -> i64 {
    instant.parse::<Timestamp>().unwrap().as_millisecond()
}

on_both!(a_trainer_plans_a_webinar_and_sending_the_form_twice_plans_one, |product| async {
    let trainer = product.trainer().await;
    let form = trainer.get("/webinaires/nouveau").await;
    assert_eq!(form.status, StatusCode::OK);
    let id = form.field("webinar");
    for _ in 0..2 {
        let planned = plan(&trainer, &id, &[]).await;
        assert_eq!(planned.location, Some(format!("/webinaires/{id}")), "{}", planned.text());
    }
    let list = trainer.get("/webinaires").await.text();
    assert_eq!(list.matches("Les outils de la maison").count(), 1);
    let page = trainer.get(&format!("/webinaires/{id}")).await.text();
    for said in ["jeudi 10 décembre 2026 à 10 h 00", "Il reste 2 places", "Vous animez ce webinaire", "Marie Durand"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    let told = product.mails_to("marie@exemple.example", "Vous animez").await;
    assert_eq!(told.len(), 1);
});

on_both!(beyond_the_capacity_one_waits_and_a_place_given_up_is_offered, |product| async {
    let trainer = product.trainer().await;
    plan(&trainer, ID, &[]).await;
    let (lea, karim, zoe) = (product.agent("Lea").await, product.agent("Karim").await, product.agent("Zoe").await);
    for agent in [&lea, &karim, &zoe, &lea] {
        let page = agent.post(&format!("{PAGE}/inscription"), &[]).await;
        assert_eq!(page.location.as_deref(), Some(PAGE));
    }
    assert!(lea.get(PAGE).await.text().contains("Vous êtes inscrit."));
    let waits = zoe.get(PAGE).await.text();
    assert!(waits.contains("liste d’attente") && waits.contains("1re position"), "{waits}");
    assert_eq!(product.mails_to(LEA, "Inscription confirmée").await.len(), 1, "asked twice, told once");
    assert_eq!(product.mails_to(ZOE, "Liste d’attente").await.len(), 1);
    assert_eq!(product.mails_to(ZOE, "Demain").await.len(), 0, "who waits is not reminded");

    lea.post(&format!("{PAGE}/desistement"), &[]).await;
    assert!(zoe.get(PAGE).await.text().contains("Vous êtes inscrit."));
    let promoted = product.mails_to(ZOE, "Une place s’est libérée").await;
    assert!(promoted[0].calendar.as_ref().unwrap().contains("METHOD:REQUEST\r\n"));
    let gone = product.mails_to(LEA, "Désinscription").await;
    assert!(gone[0].calendar.as_ref().unwrap().contains("METHOD:CANCEL\r\n"));
    assert_eq!(product.mails_to(LEA, "Demain").await.len(), 0, "who withdrew is not reminded");
    assert_eq!(product.mails_to(LEA, "Dans une heure").await.len(), 0);
    assert_eq!(product.mails_to(ZOE, "Demain").await.len(), 1);

    let roster = trainer.get(PAGE).await.text();
    assert!(roster.contains("2 personnes inscrites.") && roster.contains("1 désinscription."), "{roster}");
    lea.post(&format!("{PAGE}/inscription"), &[]).await;
    assert_eq!(product.mails_to(LEA, "Liste d’attente").await.len(), 1, "and who comes back waits in turn");
    trainer.post(&format!("{PAGE}/modifier"), &form(&[("capacity", "3")])).await;
    assert_eq!(product.mails_to(LEA, "Une place s’est libérée").await.len(), 1, "a larger room lets her in");
    assert_eq!(product.mails_to(KARIM, "Changement").await.len(), 0, "which is nothing to tell the others");
});

on_both!(a_crowd_for_the_last_places_is_never_more_than_the_places, |product| async {
    let trainer = product.trainer().await;
    plan(&trainer, ID, &[("capacity", "5")]).await;
    let mut agents = Vec::new();
    for rank in 0..12 {
        agents.push(product.agent(&format!("Agent{rank}")).await);
    }
    let asked = agents
        .into_iter()
        .map(|agent| tokio::spawn(async move { agent.post(&format!("{PAGE}/inscription"), &[]).await.status }));
    for asked in asked.collect::<Vec<_>>() {
        assert_eq!(asked.await.unwrap(), StatusCode::SEE_OTHER);
    }
    let page = trainer.get(PAGE).await.text();
    assert!(page.contains("5 personnes inscrites. 7 personnes sur la liste d’attente."), "{page}");
});

on_both!(a_webinar_that_moves_is_told_with_the_next_sequence_and_its_reminders_follow, |product| async {
    let trainer = product.trainer().await;
    plan(&trainer, ID, &[("capacity", "1")]).await;
    let (lea, karim) = (product.agent("Lea").await, product.agent("Karim").await);
    lea.post(&format!("{PAGE}/inscription"), &[]).await;
    karim.post(&format!("{PAGE}/inscription"), &[]).await;
    let reminders = product.mails_to(LEA, "Demain").await;
    assert_eq!(reminders[0].send_after, ms("2026-12-09T09:00:00Z"));

    // Sunday 28 March 2027, 10:00 in Paris: the clocks have just gone forward.
    let moved = trainer.post(&format!("{PAGE}/modifier"), &form(&[("date", "2027-03-28"), ("capacity", "1")])).await;
    assert_eq!(moved.location.as_deref(), Some(PAGE), "{}", moved.text());
    let changed = product.mails_to(LEA, "Changement").await;
    let calendar = changed[0].calendar.as_ref().unwrap();
    assert!(calendar.contains("SEQUENCE:1\r\n") && calendar.contains("DTSTART;TZID=Europe/Paris:20270328T100000\r\n"));
    assert_eq!(product.mails_to(KARIM, "Changement").await[0].calendar, None, "who waits has nothing in a calendar");
    let (day, hour) = (product.mails_to(LEA, "Demain").await, product.mails_to(LEA, "Dans une heure").await);
    assert_eq!((day.len(), hour.len()), (1, 1), "the former reminders are taken back");
    assert_eq!(day[0].send_after, ms("2027-03-27T09:00:00Z"), "10:00 in winter time, 23 hours before");
    assert_eq!(hour[0].send_after, ms("2027-03-28T07:00:00Z"));
});

on_both!(a_cancelled_webinar_says_why_and_leaves_calendars, |product| async {
    let trainer = product.trainer().await;
    plan(&trainer, ID, &[]).await;
    let lea = product.agent("Lea").await;
    lea.post(&format!("{PAGE}/inscription"), &[]).await;
    let refused = trainer.post(&format!("{PAGE}/annuler"), &[("reason", "  ")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Dites en une phrase pourquoi"));
    for _ in 0..2 {
        let done = trainer.post(&format!("{PAGE}/annuler"), &[("reason", "Marie est <malade>.")]).await;
        assert_eq!(done.location.as_deref(), Some(PAGE));
    }
    let told = product.mails_to(LEA, "Annulé").await;
    assert_eq!(told.len(), 1);
    let calendar = told[0].calendar.as_ref().unwrap();
    assert!(calendar.contains("METHOD:CANCEL\r\n") && calendar.contains("SEQUENCE:1\r\n"));
    assert_eq!(product.mails_to(LEA, "Demain").await.len(), 0);
    let page = lea.get(PAGE).await;
    assert!(page.text().contains("Ce webinaire est annulé.") && page.body.contains("&lt;malade&gt;"));
    assert_eq!(lea.post(&format!("{PAGE}/inscription"), &[]).await.status, StatusCode::CONFLICT);
    assert_eq!(trainer.post(&format!("{PAGE}/modifier"), &form(&[])).await.status, StatusCode::CONFLICT);
    let file = lea.get(&format!("{PAGE}/invitation.ics")).await;
    assert!(file.body.contains("STATUS:CANCELLED\r\n"));
});

on_both!(the_calendar_file_is_one_that_calendars_take, |product| async {
    let trainer = product.trainer().await;
    plan(&trainer, ID, &[]).await;
    let file = trainer.get(&format!("{PAGE}/invitation.ics")).await;
    assert_eq!(file.headers["content-type"], "text/calendar; method=PUBLISH; charset=utf-8");
    assert!(file.body.starts_with("BEGIN:VCALENDAR\r\n") && file.body.ends_with("END:VCALENDAR\r\n"));
    assert!(file.body.contains(&format!("UID:{ID}@127.0.0.1\r\n")), "{}", file.body);
});

on_both!(a_form_wrongly_filled_keeps_what_was_typed_and_names_every_field, |product| async {
    let trainer = product.trainer().await;
    let page = plan(
        &trainer,
        ID,
        &[("title", "ab"), ("date", "2027-03-28"), ("time", "02:30"), ("minutes", "500"), ("capacity", "0")],
    )
    .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in
        ["4 points à corriger", "n’existe pas : les horloges passent", "de 15 à 240", "de 1 à 1000", "de 3 à 120"]
    {
        assert!(page.text().contains(said), "{said}: {}", page.text());
    }
    assert!(page.body.contains("role=\"alert\"") && page.body.contains("href=\"#minutes\""));
    assert_eq!(
        (page.field("time"), page.field("minutes"), page.field("title")),
        ("02:30".into(), "500".into(), "ab".into())
    );
    for changes in [
        [("course", "autre")],
        [("audience", "own")],
        [("audience", "departement:20")],
        [("kit", "inconnu")],
        [("trainers", "999999")],
        [("date", "2020-01-01")],
        [("date", "2027-02-30")],
        [("threshold", "NaN")],
        [("title", "\u{0}\u{0}\u{0}\u{0}")],
    ] {
        let page = plan(&trainer, ID, &changes).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{changes:?}");
    }
    let long = "é".repeat(3000);
    assert_eq!(plan(&trainer, ID, &[("description", &long)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let huge = "x".repeat(200_000);
    assert_eq!(plan(&trainer, ID, &[("description", &huge)]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(plan(&trainer, "pas-un-identifiant", &[]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(product.mails().await, [], "nothing was planned");
    let markup = "</textarea><script>alert(1)</script>";
    let kept = plan(&trainer, ID, &[("description", markup), ("minutes", "500")]).await;
    assert!(!kept.body.contains("<script>alert") && kept.body.contains("&lt;/textarea&gt;&lt;script&gt;"));
    let script = plan(&trainer, ID, &[("title", "<script>alert(1)</script>")]).await;
    let shown = trainer.get(&script.location.unwrap()).await;
    assert!(!shown.body.contains("<script>alert") && shown.body.contains("&lt;script&gt;"));
});

on_both!(what_is_not_for_somebody_does_not_exist_for_them, |product| async {
    let trainer = product.trainer().await;
    let ardennes = agent_of(&product, "Lea", "08").await;
    let (vaucluse, nowhere) = (agent_of(&product, "Karim", "84").await, product.agent("Zoe").await);
    plan(&trainer, ID, &[("audience", "departement:08")]).await;
    assert_eq!(ardennes.get(PAGE).await.status, StatusCode::OK);
    assert!(ardennes.get("/").await.text().contains("Les outils de la maison"), "the home page tells of it");
    for other in [&vaucluse, &nowhere] {
        assert_eq!(other.get(PAGE).await.status, StatusCode::NOT_FOUND);
        assert_eq!(other.post(&format!("{PAGE}/inscription"), &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(other.get(&format!("{PAGE}/invitation.ics")).await.status, StatusCode::NOT_FOUND);
        assert!(!other.get("/webinaires").await.text().contains("Les outils de la maison"));
    }
    for path in ["modifier", "annuler"] {
        let page = ardennes.post(&format!("{PAGE}/{path}"), &[("reason", "parce que")]).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(plan(&ardennes, ID, &[]).await.status, StatusCode::NOT_FOUND);
    assert!(!ardennes.get(PAGE).await.text().contains("Inscriptions"), "the roster is not theirs to read");
    let refused = trainer.post(&format!("{PAGE}/inscription"), &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "who leads it has a place already");
    for id in ["0", "22222222-2222-4222-8222-222222222229", "%00"] {
        assert_eq!(trainer.get(&format!("/webinaires/{id}")).await.status, StatusCode::NOT_FOUND, "{id}");
    }
});

async fn agent_of(product: &Product, first_name: &str, departement: &str) -> support::Client {
    let maison = NewMaison {
        name: format!("Maison {departement}"),
        commune: "Ville".into(),
        departement: departement.parse().unwrap(),
        siret: None,
        labelled_on: None,
    };
    let maison = place::create(&product.app, maison).await.unwrap();
    let new = NewPerson {
        email: format!("{}@exemple.example", first_name.to_lowercase()).parse().unwrap(),
        first_name: first_name.into(),
        last_name: "Durand".into(),
        maison: Some(maison),
        grants: vec![Grant::new(Role::Agent, Scope::Own).unwrap()],
        demonstration: false,
    };
    let person: PersonId = store::create(&product.app, new).await.unwrap();
    product.signed_in(person).await
}

on_both!(once_live_nothing_of_the_plan_changes_and_late_comers_register, |product| async {
    let trainer = product.trainer().await;
    plan(&trainer, ID, &[("date", "2026-12-01"), ("time", "10:00")]).await;
    let (lea, karim) = (product.agent("Lea").await, product.agent("Karim").await);
    lea.post(&format!("{PAGE}/inscription"), &[]).await;
    assert!(!lea.get(PAGE).await.text().contains("Entrer dans la salle"), "half an hour before");
    assert_eq!(product.mails_to(LEA, "Demain").await.len(), 0, "it is today");
    product.wait(SignedDuration::from_mins(15));
    assert!(lea.get(PAGE).await.text().contains("Entrer dans la salle"), "the waiting room is open");
    assert!(!karim.get(PAGE).await.text().contains("Entrer dans la salle"), "for those who have a place");
    product.begin(ID.parse().unwrap()).await;
    assert_eq!(lea.post(&format!("{PAGE}/desistement"), &[]).await.status, StatusCode::CONFLICT);
    assert_eq!(trainer.get(&format!("{PAGE}/modifier")).await.status, StatusCode::CONFLICT);
    let cancelled = trainer.post(&format!("{PAGE}/annuler"), &[("reason", "parce que")]).await;
    assert_eq!(cancelled.status, StatusCode::CONFLICT);
    assert_eq!(karim.post(&format!("{PAGE}/inscription"), &[]).await.status, StatusCode::SEE_OTHER);
    product.end(ID.parse().unwrap()).await;
    let late = product.agent("Zoe").await.post(&format!("{PAGE}/inscription"), &[]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
});

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

on_both!(demonstration_mode_prepares_a_webinar_whose_room_is_open, |product| async {
    for _ in 0..2 {
        server::demonstration::prepare(&product.app).await.unwrap();
    }
    let lea = store::find(&product.app, &"lea@socle.example".parse().unwrap()).await.unwrap().unwrap();
    let lea = product.signed_in(lea).await;
    let list = lea.get("/webinaires").await;
    assert_eq!(list.text().matches("Les outils numériques de la maison").count(), 1, "said twice, made once");
    assert!(list.text().contains("Salle ouverte · Vous êtes inscrit"));
    assert!(lea.get("/").await.text().contains("Rejoindre le webinaire"));
});
