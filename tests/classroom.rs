//! Sessions face to face: signed on a phone with the code of the room, completed and closed by the trainer, put into
//! the records, all or nothing.

use domain::identity::{Role, Scope};
use domain::ids::{ComponentSlug, CourseSlug, PersonId};
use domain::record::AttendanceRecord;
use jiff::SignedDuration;
use jiff::civil::date;
use reqwest::StatusCode;
use server::record;
use std::sync::Arc;
use support::classroom::{self, ROOM};
use support::{Client, Product, on_both};

/// The tests' clock begins on that day, at half past nine in Paris.
const MORNING: &str = "2026-12-01-matin";
const RETIREMENT: &str = "parcours-france-services/retraite";

/// Plans a session of that morning and of the next, with those on its roster who have these addresses.
async fn plan(trainer: &Client, addresses: &str) {
    classroom::plan(trainer, date(2026, 12, 1), addresses).await;
}

/// The address that the code shown in the room stands for, as the trainer's page draws it.
async fn code(product: &Product, trainer: &Client) -> String {
    let page = trainer.get(&format!("/presentiel/{ROOM}/{MORNING}/code")).await;
    assert_eq!((page.status, page.headers["refresh"].as_bytes()), (StatusCode::OK, &b"20"[..]));
    assert!(page.body.contains("<svg"), "{}", page.body);
    classroom::shown(product, MORNING).await
}

/// Points a phone at the code, and follows it.
async fn scan(agent: &Client, path: &str) -> StatusCode {
    let page = agent.get(path).await;
    if let Some(cookie) = page.headers.get("set-cookie") {
        let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
        agent.take_cookie(name, value);
    }
    page.status
}

async fn sign(agent: &Client) {
    let page = agent.post(&format!("/emargement/{ROOM}/{MORNING}"), &[]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
}

async fn signing(agent: &Client) -> String {
    agent.get(&format!("/emargement/{ROOM}/{MORNING}")).await.text()
}

async fn record(product: &Product, agent: PersonId) -> Option<AttendanceRecord> {
    let record = record::store::load(product.app.db.reader(), agent).await.unwrap().record;
    let (course, component): (CourseSlug, ComponentSlug) =
        ("mediation-numerique".parse().unwrap(), "retraite".parse().unwrap());
    record.attendance(&course, &component).cloned()
}

/// Marie leads; Lea, Karim and Noe are agents.
struct People {
    trainer: Client,
    agents: Vec<(PersonId, Client)>,
}

async fn people(product: &Product) -> People {
    let marie = product.trainer_of("Marie", "mediation-numerique").await;
    let mut agents = Vec::new();
    for name in ["Lea", "Karim", "Noe"] {
        let agent = product.person(name, Role::Agent, Scope::Own).await;
        agents.push((agent, product.signed_in(agent).await));
    }
    People { trainer: product.signed_in(marie).await, agents }
}

const ADDRESSES: &str = "lea@exemple.example\nkarim@exemple.example";

on_both!(who_signs_on_their_phone_has_the_half_day_once_the_sheet_is_closed, |product| async {
    let People { trainer, agents } = people(&product).await;
    plan(&trainer, ADDRESSES).await;
    let [(lea, phone), (karim, other), _] = &agents[..] else { panic!("three") };
    let told = phone.get("/dossier").await.text();
    assert!(told.contains("Session à Préfecture, salle 2 : 1er décembre 2026, matin"), "{told}");
    assert!(signing(phone).await.contains("visez avec votre téléphone"), "no code was shown yet");
    let code = code(&product, &trainer).await;
    assert_eq!(scan(phone, &code).await, StatusCode::SEE_OTHER);
    assert!(signing(phone).await.contains("Signer ma présence"));
    sign(phone).await;
    sign(phone).await;
    assert!(signing(phone).await.contains("Vous avez signé à 9 h 30"), "{}", signing(phone).await);
    assert_eq!(record(&product, *lea).await, None, "nothing is written before the sheet is closed");

    // Karim has no phone: the trainer notes it. Closing twice changes nothing.
    let sheet = format!("/presentiel/{ROOM}/{MORNING}");
    assert!(trainer.get(&sheet).await.text().contains("Signé à 9 h 30"));
    let present = [("present", lea.to_string()), ("present", karim.to_string()), ("do", "close".to_owned())];
    let present: Vec<(&str, &str)> = present.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(trainer.post(&sheet, &present).await.status, StatusCode::SEE_OTHER);
    assert_eq!(trainer.post(&sheet, &present).await.status, StatusCode::CONFLICT);
    for (agent, why) in [(lea, "feuille signée sur téléphone à 9 h 30"), (karim, "présence notée sur la feuille")]
    {
        let known = record(&product, *agent).await.expect("an entry");
        assert_eq!((known.half_days.len(), known.minutes, known.entries.len()), (1, 180, 1));
        assert!(known.entries[0].why.replace('\u{a0}', " ").contains(why), "{}", known.entries[0].why);
    }
    let told = other.get("/dossier").await.text();
    assert!(
        told.contains("Préparer sa retraite")
            && told.contains("Session à Préfecture, salle 2, 1er décembre 2026, matin"),
        "{told}"
    );
    assert!(signing(other).await.contains("close"), "a closed sheet takes no signature");
    let (_, findings) = record::store::check(&product.app.db).await.unwrap();
    assert!(findings.is_empty(), "{findings:?}");
});

on_both!(a_code_is_of_the_moment_and_a_ticket_of_the_browser_that_showed_it, |product| async {
    let People { trainer, agents } = people(&product).await;
    plan(&trainer, ADDRESSES).await;
    let [(_, phone), (_, other), (_, uninvited)] = &agents[..] else { panic!("three") };
    let code = code(&product, &trainer).await;
    let wrong = format!("/emargement/{ROOM}/{MORNING}/0123456789");
    assert_eq!(scan(phone, &wrong).await, StatusCode::GONE);
    // The address without the code is passed on: it is of no use to somebody else.
    assert_eq!(scan(phone, &code).await, StatusCode::SEE_OTHER);
    sign(other).await;
    assert!(!signing(other).await.contains("Vous avez signé"), "no ticket, no signature");
    // Somebody who is on no roster is told so with a good code, and nothing without.
    assert_eq!(uninvited.get(&format!("/emargement/{ROOM}/{MORNING}")).await.status, StatusCode::NOT_FOUND);
    scan(uninvited, &code).await;
    let page = uninvited.get(&format!("/emargement/{ROOM}/{MORNING}")).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.text().contains("Vous n’êtes pas sur la liste"), "{}", page.text());
    // Whoever has to sign in first has the time.
    let stranger = product.stranger();
    assert_eq!(scan(&stranger, &code).await, StatusCode::SEE_OTHER);
    let to = stranger.get(&format!("/emargement/{ROOM}/{MORNING}")).await.location.expect("leads to signing in");
    assert!(to.starts_with("/connexion"), "{to}");
    product.wait(SignedDuration::from_secs(60));
    assert_eq!(scan(other, &code).await, StatusCode::GONE, "a minute later");
    assert!(signing(phone).await.contains("Signer ma présence"), "who showed it in time may sign");
    product.wait(SignedDuration::from_mins(15));
    sign(phone).await;
    assert!(signing(phone).await.contains("visez avec votre téléphone"), "a quarter of an hour later no more");
});

on_both!(the_trainer_has_the_last_word_and_the_signature_is_kept, |product| async {
    let People { trainer, agents } = people(&product).await;
    plan(&trainer, ADDRESSES).await;
    let (lea, phone) = &agents[0];
    let code = code(&product, &trainer).await;
    scan(phone, &code).await;
    sign(phone).await;
    let sheet = format!("/presentiel/{ROOM}/{MORNING}");
    assert_eq!(trainer.post(&sheet, &[("do", "keep")]).await.status, StatusCode::SEE_OTHER);
    let told = trainer.get(&sheet).await;
    assert!(told.text().contains("Signé à 9 h 30") && !told.body.contains("checked"), "{}", told.body);
    assert_eq!(trainer.post(&sheet, &[("do", "close")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(record(&product, *lea).await, None);
    assert!(trainer.get(&sheet).await.text().contains("Absence"));
    // Tomorrow's sheet is not closed today.
    let tomorrow = format!("/presentiel/{ROOM}/2026-12-02-matin");
    assert_eq!(trainer.post(&tomorrow, &[("do", "close")]).await.status, StatusCode::CONFLICT);
    assert_eq!(trainer.get(&format!("{tomorrow}/code")).await.status, StatusCode::CONFLICT);
});

on_both!(of_trainers_who_close_together_one_does_and_each_agent_has_one_entry, |product| async {
    let People { trainer, agents } = people(&product).await;
    plan(&trainer, ADDRESSES).await;
    let trainer = Arc::new(trainer);
    let lea = agents[0].0;
    let together: Vec<_> = (0..6)
        .map(|_| {
            let trainer = Arc::clone(&trainer);
            tokio::spawn(async move {
                let present = lea.to_string();
                let sent = [("present", present.as_str()), ("do", "close")];
                trainer.post(&format!("/presentiel/{ROOM}/{MORNING}"), &sent).await.status
            })
        })
        .collect();
    let mut closed = 0;
    for one in together {
        closed += usize::from(one.await.unwrap() == StatusCode::SEE_OTHER);
    }
    assert_eq!(closed, 1);
    assert_eq!(record(&product, lea).await.expect("an entry").entries.len(), 1);
});

on_both!(a_session_in_a_room_completes_the_path_and_brings_the_certificate, |product| async {
    let People { trainer, agents } = people(&product).await;
    let (lea, agent) = &agents[0];
    let marie = product.trainer_of("Rose", "mediation-numerique").await;
    product.complete_course(*lea).await;
    let webinar = product.webinar(marie, &[*lea]).await;
    let live_at = product.begin(webinar).await;
    let seen = support::held::seen(webinar, *lea, 1, live_at, (0, 90));
    server::webinar::presence::checkpoint(&product.app, vec![seen]).await.unwrap();
    product.wait(SignedDuration::from_mins(90));
    product.close(webinar, live_at).await;
    let held = |body: String| body.matches("En vigueur").count();
    assert_eq!(held(agent.get("/dossier").await.text()), 1, "the remote day");
    let components = [
        ("accompagner-l-usager", 5),
        ("retraite", 1),
        ("famille", 1),
        ("sante", 1),
        ("emploi", 1),
        ("papiers-et-droits", 1),
        ("impots-et-courrier", 1),
    ];
    for (number, (component, half_days)) in components.into_iter().enumerate() {
        let room = format!("88888888-8888-4888-8888-88888888880{number}");
        let component = format!("parcours-france-services/{component}");
        let day = |place: usize| format!("2026-11-{:02}", 10 + number * 2 + place / 2);
        let mut sent = vec![
            ("classroom".to_owned(), room.clone()),
            ("component".to_owned(), component),
            ("place".to_owned(), "Charleville".to_owned()),
        ];
        for place in 0..half_days {
            sent.push((format!("date-{}", place + 1), day(place)));
            let part = if place % 2 == 0 { "morning" } else { "afternoon" };
            sent.push((format!("part-{}", place + 1), part.to_owned()));
        }
        let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(trainer.post("/presentiel/nouvelle", &sent).await.status, StatusCode::SEE_OTHER);
        trainer.post(&format!("/presentiel/{room}/inscrits"), &[("addresses", "lea@exemple.example")]).await;
        for place in 0..half_days {
            let part = if place % 2 == 0 { "matin" } else { "apres-midi" };
            let sheet = format!("/presentiel/{room}/{}-{part}", day(place));
            let person = lea.to_string();
            let closed = trainer.post(&sheet, &[("present", person.as_str()), ("do", "close")]).await;
            assert_eq!(closed.status, StatusCode::SEE_OTHER, "{sheet}: {}", closed.text());
        }
    }
    let told = agent.get("/dossier").await.text();
    assert!(told.contains("9 sur 9 composantes acquises"), "{told}");
    assert_eq!(held(told), 2, "the whole path");
});

on_both!(what_cannot_be_planned_or_added_is_told_with_what_to_do, |product| async {
    let People { trainer, agents } = people(&product).await;
    let fields = |component, date| {
        [("classroom", ROOM), ("component", component), ("place", "Salle 2"), ("date-1", date), ("part-1", "morning")]
    };
    for (sent, said) in [
        (fields("parcours-france-services/mooc", "2026-12-01"), "Choisissez la composante"),
        (fields("ailleurs/retraite", "2026-12-01"), "Choisissez la composante"),
        (fields(RETIREMENT, "2026-02-30"), "Indiquez un jour qui existe"),
        (fields(RETIREMENT, "2036-01-01"), "soixante derniers"),
        (fields(RETIREMENT, ""), "au moins une demi-journée"),
    ] {
        let page = trainer.post("/presentiel/nouvelle", &sent).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text().contains(said), "{said}: {}", page.text());
    }
    plan(&trainer, ADDRESSES).await;
    plan(&trainer, ADDRESSES).await;
    let typed = "noe@exemple.example, nobody@exemple.example; <script>";
    let page = trainer.post(&format!("/presentiel/{ROOM}/inscrits"), &[("addresses", typed)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.text().contains("1 personne ajoutée") && page.text().contains("3 personnes inscrites"),
        "{}",
        page.text()
    );
    assert!(page.body.contains("nobody@exemple.example") && !page.body.contains("<script>"), "{}", page.body);
    let noe = agents[2].0.to_string();
    let gone = trainer.post(&format!("/presentiel/{ROOM}/retirer"), &[("person", noe.as_str())]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    for odd in ["2026-12-01-soir", "2026-12-09-matin", "0"] {
        assert_eq!(trainer.get(&format!("/presentiel/{ROOM}/{odd}")).await.status, StatusCode::NOT_FOUND, "{odd}");
    }
    let sheet = format!("/presentiel/{ROOM}/{MORNING}");
    for sent in [vec![("do", "burn")], vec![("present", "x"), ("do", "keep")], vec![]] {
        assert_eq!(trainer.post(&sheet, &sent).await.status, StatusCode::BAD_REQUEST);
    }
    // A person who is on no roster cannot be made present by a forged form.
    let forged = [("present", noe.as_str()), ("do", "close")];
    assert_eq!(trainer.post(&sheet, &forged).await.status, StatusCode::SEE_OTHER);
    assert_eq!(record(&product, agents[2].0).await, None);
});
