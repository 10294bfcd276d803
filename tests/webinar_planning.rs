//! Planning webinars, registering for them, and the mails that tell of it.

use domain::identity::{Grant, Role, Scope};
use domain::ids::PersonId;
use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use server::identity::store::{self, NewPerson};
use server::place::{self, NewMaison};
use support::webinars::{change, form, plan};
use support::{Product, on_both};

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
    change(&trainer, PAGE, &[("capacity", "3")]).await;
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
    let moved = change(&trainer, PAGE, &[("date", "2027-03-28"), ("capacity", "1")]).await;
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
    for id in ["0", "22222222-2222-4222-8222-222222222229", "%01"] {
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
