//! Following up: sums that are those of the facts, each role its scope, nobody few enough to be found.

mod lists;
mod masks;
mod reminders;

use domain::follow_up::{Standing, Syllabus, Tally};
use domain::identity::{Role, Scope};
use domain::ids::PersonId;
use domain::record::{Fact, Record};
use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use server::follow_up::store::{self, Question};
use server::{follow_up, record};
use std::collections::BTreeMap;
use support::dice::Rolls;
use support::nation::{assessed, attended, corrected, course, graded, read};
use support::{Client, Product, on_both};

fn question(product: &Product) -> Question {
    Question { course: course(), now: product.app.clock.now(), days: 90 }
}

/// Whatever may befall an agent.
fn any_fact(product: &Product, dice: &mut Rolls, correction: u128) -> Fact {
    let chapters = product.chapters();
    let mut pick = |n: u64| usize::try_from(dice.below(n)).unwrap();
    let chapter = &chapters[pick(chapters.len() as u64)];
    let held_at: Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
    match pick(6) {
        0 | 1 => read(chapter, pick(2) == 0),
        2 => graded(chapter, 1 + u32::try_from(pick(4)).unwrap(), u32::try_from(pick(101)).unwrap()),
        3 => assessed(1 + u32::try_from(pick(3)).unwrap(), u32::try_from(pick(101)).unwrap()),
        4 => attended(pick(2) as u128, held_at, [0, 20, 80][pick(3)]),
        _ => corrected(pick(2) as u128, held_at, correction, [0, 20, 80][pick(3)]),
    }
}

/// The agent's facts, folded anew.
async fn standing(product: &Product, agent: PersonId) -> Standing {
    let mut entries = record::store::facts(product.app.db.reader(), agent, None, 10_000).await.unwrap();
    entries.reverse();
    let record = Record::of(&entries);
    let published = product.app.library.course(&course()).unwrap();
    record
        .courses
        .get(&course())
        .map_or_else(Standing::default, |earned| Standing::of(earned, &Syllabus::of(&published.course), None))
}

on_both!(the_sums_are_those_of_every_fact_folded_anew, |product| async {
    let mut dice = Rolls(7);
    let places = [("Vouziers", "08", 5), ("Rethel", "08", 3), ("Bayeux", "14", 4)];
    let mut expected: BTreeMap<&str, Tally> = BTreeMap::new();
    let (mut tried, mut finished) = (0, 0);
    let asked = question(&product);
    for (name, code, count) in places {
        let maison = product.maison(name, code).await;
        for (rank, agent) in product.agents_of(maison, name, count).await.into_iter().enumerate() {
            if rank == 0 {
                product.earns(agent, product.mooc()).await;
                product.earns(agent, [attended(9, product.app.clock.now(), 80)]).await;
            }
            for turn in 0..dice.below(12) {
                let fact = any_fact(&product, &mut dice, u128::from(turn));
                product.earns(agent, [fact]).await;
            }
            let standing = standing(&product, agent).await;
            finished += u64::from(standing.done_at().is_some());
            *expected.entry(code).or_default() +=
                Tally::of(&standing, asked.now + SignedDuration::from_hours(24 * 90), asked.now);
            let folded = record::store::load(product.app.db.reader(), agent).await.unwrap().record;
            let chapters = folded.courses.get(&course()).map(|course| &course.chapters);
            tried += chapters.map_or(0, |chapters| chapters.values().filter(|chapter| chapter.quiz.is_some()).count());
        }
    }
    assert!(finished > 0, "the dice leave nobody done: the test proves too little");
    let db = product.app.db.reader();
    let found = store::departements(db, &asked).await.unwrap();
    let found: BTreeMap<&str, Tally> = found.iter().map(|part| (part.code.unwrap().as_str(), part.tally)).collect();
    assert_eq!(found, expected);
    let maisons = store::maisons_of(db, &asked, "08".parse().unwrap()).await.unwrap();
    assert_eq!(maisons.iter().map(|maison| maison.tally).sum::<Tally>(), expected["08"]);
    let chapters = store::chapters(db, &course(), domain::place::Territory::Nation).await.unwrap();
    assert_eq!(chapters.iter().map(|chapter| chapter.tried).sum::<i64>(), i64::try_from(tried).unwrap());
    let done = store::done_on(db, &course(), domain::place::Territory::Nation).await.unwrap();
    assert_eq!(done.iter().map(|(_, n)| n).sum::<u64>(), finished);

    // Whatever was lost is made again from the records.
    product
        .sql("UPDATE enrolment SET stale = true, begun = 0, minutes = 1, done_at = NULL, mooc_at = NULL".into())
        .await;
    product.sql("DELETE FROM chapter_standing".into()).await;
    assert_ne!(store::departements(db, &asked).await.unwrap()[0].tally, expected["08"]);
    follow_up::catch_up(&product.app).await.unwrap();
    let again = store::departements(db, &asked).await.unwrap();
    assert_eq!(
        again.iter().map(|part| (part.code.unwrap().as_str(), part.tally)).collect::<BTreeMap<_, _>>(),
        expected
    );
    assert_eq!(store::chapters(db, &course(), domain::place::Territory::Nation).await.unwrap().len(), chapters.len());
});

on_both!(who_was_enrolled_before_there_were_enrolments_is_counted, |product| async {
    let maison = product.maison("Vouziers", "08").await;
    let agents = product.agents_of(maison, "Vouziers", 2).await;
    product.earns(agents[0], product.mooc()).await;
    for table in ["chapter_standing", "enrolment", "syllabus"] {
        product.sql(format!("DELETE FROM {table}")).await;
    }
    product.restarted().await;
    let asked = question(&product);
    let tally = store::departements(product.app.db.reader(), &asked).await.unwrap()[0].tally;
    assert_eq!((tally.agents, tally.under_way, tally.not_begun()), (2, 1, 1));
});

/// A maison in the Ardennes, another in the Calvados, and who follows what.
struct Network {
    ardennes: domain::ids::MaisonId,
    calvados: domain::ids::MaisonId,
    agents: Vec<PersonId>,
    national: Client,
    pilot: Client,
    manager: Client,
    trainer: Client,
    administrator: Client,
}

async fn network(product: &Product) -> Network {
    let (ardennes, calvados) = (product.maison("Vouziers", "08").await, product.maison("Bayeux", "14").await);
    let mut agents = product.agents_of(ardennes, "Vouziers", 2).await;
    agents.extend(product.agents_of(calvados, "Bayeux", 2).await);
    product.earns(agents[0], product.mooc()).await;
    Network {
        ardennes,
        calvados,
        agents,
        national: product.follows(Role::NationalPilot, Scope::Nation).await,
        pilot: product.follows(Role::DepartmentPilot, Scope::Departement("08".parse().unwrap())).await,
        manager: product.follows(Role::MaisonManager, Scope::Maison(ardennes)).await,
        trainer: product.trainer().await,
        administrator: product.administrator().await,
    }
}

on_both!(each_role_opens_what_its_scope_allows, |product| async {
    let it = network(&product).await;
    let agent = product.signed_in(it.agents[0]).await;
    let other = product.signed_in(product.trainer_of("Rose", "autre-cours").await).await;
    let paths = [
        "/suivi/france".to_owned(),
        "/suivi/departements/08".to_owned(),
        "/suivi/departements/14".to_owned(),
        format!("/suivi/maisons/{}", it.ardennes),
        format!("/suivi/maisons/{}", it.calvados),
        "/suivi/agents".to_owned(),
        "/suivi/agents/fichier/csv".to_owned(),
        "/suivi/territoires/fichier/csv".to_owned(),
        "/suivi/territoires/fichier/xlsx?departement=08".to_owned(),
        "/suivi/territoires/fichier/csv?departement=14".to_owned(),
        format!("/suivi/{}", it.agents[0]),
        format!("/suivi/{}", it.agents[1]),
        format!("/suivi/{}", it.agents[2]),
    ];
    for (who, client, opens) in [
        ("national pilot", &it.national, "1111111111111"),
        ("administrator", &it.administrator, "1111111111111"),
        ("departmental pilot", &it.pilot, "1101011110110"),
        ("manager", &it.manager, "1001011100110"),
        ("trainer", &it.trainer, "1111111111100"),
        ("agent", &agent, "0000000000100"),
        ("trainer of another course", &other, "0000000000000"),
    ] {
        for (path, opens) in paths.iter().zip(opens.chars()) {
            let status = client.get(path).await.status;
            let expected = if opens == '1' { StatusCode::OK } else { StatusCode::NOT_FOUND };
            assert_eq!(status, expected, "{who}: {path}");
        }
        for nowhere in ["/suivi/departements/20", "/suivi/maisons/999", "/suivi/agents/fichier/exe", "/suivi/999"] {
            assert_eq!(client.get(nowhere).await.status, StatusCode::NOT_FOUND, "{who}: {nowhere}");
        }
    }
    for (client, home) in [
        (&it.national, "/suivi/france".to_owned()),
        (&it.trainer, "/suivi/france".to_owned()),
        (&it.pilot, "/suivi/departements/08".to_owned()),
        (&it.manager, format!("/suivi/maisons/{}", it.ardennes)),
    ] {
        assert_eq!(client.get("/suivi").await.location, Some(home));
    }
    assert_eq!(agent.get("/suivi").await.status, StatusCode::NOT_FOUND);
});

on_both!(lists_hold_the_names_of_ones_scope_only, |product| async {
    let it = network(&product).await;
    let names = async |client: &Client, path: &str| {
        let text = client.get(path).await.text();
        ["Agent1 Vouziers", "Agent2 Vouziers", "Agent1 Bayeux", "Agent2 Bayeux"].map(|name| text.contains(name))
    };
    assert_eq!(names(&it.national, "/suivi/agents").await, [true; 4]);
    assert_eq!(names(&it.pilot, "/suivi/agents").await, [true, true, false, false]);
    assert_eq!(names(&it.manager, "/suivi/agents").await, [true, true, false, false]);
    assert_eq!(names(&it.trainer, "/suivi/agents").await, [true, false, false, false], "who has begun the course");
    // Nothing asked for widens it.
    for path in
        ["/suivi/agents?departement=14", &format!("/suivi/agents?maison={}", it.calvados), "/suivi/agents?q=bayeux"]
    {
        assert_eq!(names(&it.pilot, path).await, [false; 4], "{path}");
        assert_eq!(names(&it.manager, path).await, [false; 4], "{path}");
    }
    let pilots = it.pilot.get(&format!("/suivi/agents?maison={}", it.calvados)).await;
    assert!(!pilots.text().contains("Maison de Bayeux"), "not even the maison's name");
    let file = it.manager.get("/suivi/agents/fichier/csv?departement=14").await.body;
    assert_eq!(file.lines().count(), 1, "{file}");
});

on_both!(who_is_late_is_told_once_the_time_is_over, |product| async {
    let it = network(&product).await;
    product.earns(it.agents[0], [attended(1, product.app.clock.now(), 80)]).await;
    let text = it.pilot.get("/suivi/departements/08").await.text();
    assert!(text.contains("50 % des 2 agents inscrits ont terminé"), "{text}");
    assert!(text.contains("1 sur 1 place prise au seuil de présence, soit 100 %"), "{text}");
    let late = async |client: &Client| client.get("/suivi/agents?etat=en-retard").await.text();
    assert!(late(&it.pilot).await.contains("Aucun agent ne répond"));
    product.wait(SignedDuration::from_hours(24 * 91));
    // Sessions ended meanwhile.
    let role = (Role::DepartmentPilot, Scope::Departement("08".parse().unwrap()));
    let pilot = product.signed_in(product.works(("Paul", "Lambert"), None, role.0, role.1).await).await;
    let national =
        product.signed_in(product.works(("Samira", "Haddad"), None, Role::NationalPilot, Scope::Nation).await).await;
    assert!(
        late(&pilot).await.contains("Agent2 Vouziers") && !late(&pilot).await.contains("Agent1 Vouziers"),
        "who is done is not late"
    );
    let file = pilot.get("/suivi/territoires/fichier/csv?departement=08").await.body;
    assert!(file.contains("Maison de Vouziers;2;1;0;1;50;1;"), "{file}");
    // Who can no longer sign in is not late, nor counted.
    server::identity::store::suspend(&product.app, it.agents[1], true).await.unwrap();
    assert!(late(&pilot).await.contains("Aucun agent ne répond"));
    let text = national.get("/suivi/france").await.text();
    assert!(text.contains("33 % des 3 agents inscrits"), "{text}");
    assert!(text.contains("1 maison compte au moins un agent qui a terminé, sur 2 maisons connues"), "{text}");
    assert!(text.contains("900 maisons") && text.contains("31 décembre 2020"), "{text}");
});
