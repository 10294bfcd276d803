//! Certificates: issued once and at once, verified by anybody, withdrawn by a correction; attendance that trainers
//! enter; badges and proof files.

mod badges;
mod proofs;

use domain::certificate::Certificate;
use domain::identity::{Role, Scope};
use domain::ids::{PersonId, WebinarId};
use domain::record::Fact;
use jiff::SignedDuration;
use reqwest::{Method, StatusCode};
use sea_orm::{ConnectionTrait as _, Statement};
use server::certificate;
use server::record;
use server::webinar::presence::checkpoint;
use std::sync::Arc;
use support::completing::whole_course;
use support::held::seen;
use support::{Client, Product, on_both};

const PATHWAY: &str = "parcours-france-services";

/// A certificate as the database has it: its number, its award, its text, whether it stands.
struct Stored {
    number: String,
    award: String,
    body: String,
    stands: bool,
}

impl Stored {
    fn read(&self) -> Certificate {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// All those of a person, in the order in which they were issued.
async fn certificates(product: &Product, person: PersonId) -> Vec<Stored> {
    let sql = format!(
        "SELECT number, award, body, withdrawn_at FROM certificate WHERE person_id = {person} ORDER BY issued_at, number"
    );
    let rows = product.app.db.reader();
    let rows = rows.query_all_raw(Statement::from_string(product.app.db.backend(), sql)).await.unwrap();
    let stored = |row: &sea_orm::QueryResult| Stored {
        number: row.try_get("", "number").unwrap(),
        award: row.try_get("", "award").unwrap(),
        body: row.try_get("", "body").unwrap(),
        stands: row.try_get::<Option<i64>>("", "withdrawn_at").unwrap().is_none(),
    };
    rows.iter().map(stored).collect()
}

/// A webinar closes, at which that agent was for so many of the ninety minutes.
async fn webinar(product: &Product, leader: PersonId, agent: PersonId, minutes: i64) -> WebinarId {
    let webinar = product.webinar(leader, &[agent]).await;
    let live_at = product.begin(webinar).await;
    checkpoint(&product.app, vec![seen(webinar, agent, 1, live_at, (0, minutes))]).await.unwrap();
    product.wait(SignedDuration::from_mins(90));
    product.close(webinar, live_at).await;
    webinar
}

/// Marie leads, Léa has done the remote day.
struct Day {
    marie: PersonId,
    lea: PersonId,
    webinar: WebinarId,
}

async fn remote_day(product: &Product) -> Day {
    let marie = product.trainer_of("Marie", "mediation-numerique").await;
    let lea = product.person("Lea", Role::Agent, Scope::Own).await;
    product.complete_course(lea).await;
    let webinar = webinar(product, marie, lea, 80).await;
    Day { marie, lea, webinar }
}

/// A trainer corrects a presence.
async fn correct(product: &Product, trainer: &Client, day: &Day, minutes: &str) {
    let path = format!("/webinaires/{}/presences/{}", day.webinar, day.lea);
    let id = product.app.dice.uuid().to_string();
    let sent = [("correction", &*id), ("minutes", minutes), ("why", "Ligne coupée"), ("sure", "yes")];
    assert_eq!(trainer.post(&path, &sent).await.status, StatusCode::SEE_OTHER);
}

async fn holds(product: &Product) {
    let (_, findings) = record::store::check(&product.app.db).await.unwrap();
    assert_eq!(findings.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
}

on_both!(the_fact_that_meets_the_rule_issues_the_certificate_at_once, |product| async {
    let marie = product.trainer_of("Marie", "mediation-numerique").await;
    let lea = product.person("Lea", Role::Agent, Scope::Own).await;
    let agent = product.signed_in(lea).await;
    webinar(&product, marie, lea, 80).await;
    assert_eq!(certificates(&product, lea).await.len(), 0);
    product.complete_course(lea).await;
    let issued = certificates(&product, lea).await;
    assert_eq!(issued.len(), 1);
    let said = issued[0].read();
    assert_eq!((issued[0].award.as_str(), said.name.as_str()), ("journee-a-distance", "Lea Durand"));
    let minutes: Vec<u32> = said.lines.iter().map(|line| line.earned.unwrap().minutes).collect();
    assert_eq!(minutes, [306, 80]);
    let last = record::store::load(product.app.db.reader(), lea).await.unwrap().head.unwrap();
    assert_eq!((said.ledger.seq, said.ledger.hash), last, "it rests on the fact that met the rule");
    let facts = record::store::facts(product.app.db.reader(), lea, None, 1).await.unwrap();
    assert!(matches!(facts[0].fact, Fact::CourseCompleted { minutes: 306, .. }));

    let home = agent.get("/").await.text();
    assert!(home.contains("Certificat de réalisation délivré le 1er décembre 2026"), "{home}");
    let dossier = agent.get("/dossier").await.text();
    assert!(dossier.contains(&issued[0].number) && dossier.contains("En vigueur"), "{dossier}");
    assert!(dossier.contains("2 sur 9 composantes acquises") && dossier.contains("Prochaine étape : Accompagner"));
    assert!(dossier.contains("À distance, synchrone 1 h 20 min 1 h 30 min"), "{dossier}");
    let page = agent.get(&format!("/dossier/certificats/{}", issued[0].number)).await;
    for mention in ["Lea Durand", "Action de formation", "6 h 26 min", "Fait à Paris", "le 1er décembre 2026"] {
        assert!(page.text().contains(mention), "{mention}: {}", page.text());
    }
    holds(&product).await;
});

on_both!(of_facts_that_come_together_one_issues_it, |product| async {
    let marie = product.trainer_of("Marie", "mediation-numerique").await;
    let lea = product.person("Lea", Role::Agent, Scope::Own).await;
    webinar(&product, marie, lea, 80).await;
    let facts = whole_course(&product.app);
    let product = Arc::new(product);
    let together: Vec<_> = (0..8)
        .map(|_| {
            let (product, facts) = (Arc::clone(&product), facts.clone());
            tokio::spawn(async move { product.earns(lea, facts).await })
        })
        .collect();
    for one in together {
        one.await.unwrap();
    }
    assert_eq!(certificates(&product, lea).await.len(), 1);
    holds(&product).await;
});

on_both!(a_correction_withdraws_it_another_brings_one_back_and_none_is_deleted, |product| async {
    let day = remote_day(&product).await;
    let (agent, trainer) = (product.signed_in(day.lea).await, product.signed_in(day.marie).await);
    let first = certificates(&product, day.lea).await.remove(0).number;
    let public = format!("/certificats/{first}");
    let stranger = product.stranger();
    let told = stranger.get(&public).await.text();
    assert!(told.contains("authentique et en vigueur") && told.contains("Lea Durand"), "{told}");

    product.wait(SignedDuration::from_hours(1));
    correct(&product, &trainer, &day, "10").await;
    assert!(certificates(&product, day.lea).await.iter().all(|one| !one.stands));
    let told = stranger.get(&public).await.text();
    assert!(
        told.contains("Certificat retiré le 1er décembre 2026 à 12 h 00") && !told.contains("authentique"),
        "{told}"
    );
    assert!(!agent.get("/").await.text().contains("Certificat de réalisation délivré"));
    assert!(agent.get("/dossier").await.text().contains("Retiré le 1er décembre 2026, après une correction"));

    correct(&product, &trainer, &day, "85").await;
    correct(&product, &trainer, &day, "75").await;
    let all = certificates(&product, day.lea).await;
    assert_eq!((all.len(), all.iter().filter(|one| one.stands).count()), (3, 1));
    let now = all.iter().find(|one| one.stands).unwrap().read();
    assert_eq!(now.lines[1].earned.unwrap().minutes, 75);
    let before = all.iter().find(|one| Some(one.number.clone()) == now.replaces.map(|number| number.to_string()));
    let before = before.expect("the one with 85 minutes");
    let page = agent.get(&format!("/dossier/certificats/{}", before.number)).await;
    assert!(
        page.body.contains(&format!("href=\"/dossier/certificats/{}\"", now.number)) && page.text().contains("Retiré")
    );
    holds(&product).await;
});

on_both!(a_certificate_is_read_by_who_may_and_verified_by_all, |product| async {
    let day = remote_day(&product).await;
    let number = certificates(&product, day.lea).await.remove(0).number;
    let (own, pdf) = (format!("/dossier/certificats/{number}"), format!("/dossier/certificats/{number}/pdf"));
    let other = product.agent("Karim").await;
    let elsewhere = product.signed_in(product.trainer_of("Paul", "autre-cours").await).await;
    for path in [&own, &pdf] {
        for forger in [&other, &elsewhere] {
            assert_eq!(forger.get(path).await.status, StatusCode::NOT_FOUND);
        }
        assert_eq!(product.stranger().get(path).await.status, StatusCode::SEE_OTHER, "to sign in");
        assert_eq!(product.signed_in(day.marie).await.get(path).await.status, StatusCode::OK);
    }
    let file = product.signed_in(day.lea).await;
    let file = file.request(Method::GET, &pdf).send().await.unwrap();
    assert_eq!(file.headers()["content-type"], "application/pdf");
    assert!(file.bytes().await.unwrap().starts_with(b"%PDF-1.7"));

    let stranger = product.stranger();
    let typed = number.to_lowercase().replace('-', "");
    let page = stranger.get(&format!("/certificats/{typed}")).await;
    assert_eq!(page.status, StatusCode::OK, "as a person types it");
    assert_eq!(page.headers["x-robots-tag"], "noindex, nofollow");
    for odd in ["SF-2026-0000-0000-0000", "SF-2026", "%01", "..%2f", &"9".repeat(2000)] {
        assert_eq!(stranger.get(&format!("/certificats/{odd}")).await.status, StatusCode::NOT_FOUND, "{odd}");
    }
    // Whoever tries numbers is slowed, and nobody else.
    let guesser = product.stranger().from_address("203.0.113.9");
    let mut slowed = false;
    for _ in 0..70 {
        slowed |= guesser.get("/certificats/SF-2026-0000-0000-0000").await.status == StatusCode::TOO_MANY_REQUESTS;
    }
    assert!(slowed);
    assert_eq!(stranger.get(&format!("/certificats/{number}")).await.status, StatusCode::OK);

    product.sql("UPDATE certificate SET body = REPLACE(body, 'Lea Durand', 'Eve Durand')".to_owned()).await;
    assert!(stranger.get(&format!("/certificats/{number}")).await.text().contains("Signature non valable"));
});

on_both!(keys_turn_and_what_they_signed_stays_good, |product| async {
    let day = remote_day(&product).await;
    let number = certificates(&product, day.lea).await.remove(0).number;
    let before = product.stranger().get("/certificats/cles.json").await.json()["keys"].clone();
    assert_eq!(before.as_array().unwrap().len(), 1);
    assert!(before[0].get("secret").is_none());
    let name = certificate::keys::rotate(&product.app).await.unwrap();
    let after = product.stranger().get("/certificats/cles.json").await.json()["keys"].clone();
    assert_eq!((after[0]["name"].clone(), after[1]["name"].clone()), (before[0]["name"].clone(), name.clone().into()));
    assert!(after[0].get("until").is_some() && after[1].get("until").is_none());
    assert!(product.stranger().get(&format!("/certificats/{number}")).await.text().contains("en vigueur"));
    correct(&product, &product.signed_in(day.marie).await, &day, "75").await;
    let newest = certificates(&product, day.lea).await.into_iter().find(|one| one.stands).unwrap();
    assert_eq!(newest.read().key, name);
    // A restart finds the same keys.
    let restarted = product.stranger().at(&product.restarted().await);
    assert_eq!(restarted.get("/certificats/cles.json").await.json()["keys"], after);
});

on_both!(who_met_the_rule_before_it_was_published_is_certified_once, |product| async {
    product.sql("DELETE FROM pathway".to_owned()).await;
    product.app.pathways.refresh(&product.app.db).await.unwrap();
    let day = remote_day(&product).await;
    assert_eq!(certificates(&product, day.lea).await.len(), 0);
    product.publish_pathway(PATHWAY).await;
    for _ in 0..2 {
        certificate::catch_up(&product.app).await.unwrap();
    }
    assert_eq!(certificates(&product, day.lea).await.len(), 1);
    holds(&product).await;
});

/// Where attendance at a component is entered.
fn entry_of(agent: PersonId, component: &str) -> String {
    format!("/suivi/{agent}/parcours/{PATHWAY}/{component}")
}

async fn enter(trainer: &Client, path: &str, fields: &[(&str, &str)]) {
    let entry = trainer.get(path).await.field("entry");
    let page = trainer.post(path, &[&[("entry", entry.as_str())], fields].concat()).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
}

const PARTNERS: &[&str] = &["retraite", "famille", "sante", "emploi", "papiers-et-droits", "impots-et-courrier"];
const ONE: &[(&str, &str)] =
    &[("state", "attended"), ("date-1", "2026-11-30"), ("part-1", "morning"), ("why", "Feuille signée")];
const FIVE: &[(&str, &str)] = &[
    ("state", "attended"),
    ("date-1", "2026-11-24"),
    ("part-1", "morning"),
    ("date-2", "2026-11-24"),
    ("part-2", "afternoon"),
    ("date-3", "2026-11-25"),
    ("part-3", "morning"),
    ("date-4", "2026-11-25"),
    ("part-4", "afternoon"),
    ("date-5", "2026-11-26"),
    ("part-5", "morning"),
    ("why", "Feuille de présence du 26 novembre"),
];

on_both!(a_trainer_enters_what_is_followed_in_the_room_and_the_whole_path_is_certified, |product| async {
    let day = remote_day(&product).await;
    let (agent, trainer) = (product.signed_in(day.lea).await, product.signed_in(day.marie).await);
    assert!(!agent.get("/dossier").await.body.contains("/parcours/"), "nobody enters for themself");
    let record = format!("/suivi/{}", day.lea);
    assert!(trainer.get(&record).await.body.contains(&entry_of(day.lea, "retraite")));
    enter(&trainer, &entry_of(day.lea, "accompagner-l-usager"), FIVE).await;
    for component in &PARTNERS[1..] {
        enter(&trainer, &entry_of(day.lea, component), ONE).await;
    }
    let told = agent.get("/dossier").await.text();
    assert!(
        told.contains("8 sur 9 composantes acquises") && told.contains("Prochaine étape : Préparer sa retraite"),
        "{told}"
    );
    assert!(
        told.contains("Acquis, du 24 au 26 novembre 2026.") && told.contains("Inscrit par Marie Durand, le"),
        "{told}"
    );
    assert!(told.contains("En présentiel 30 h 33 h"), "{told}");
    assert_eq!(certificates(&product, day.lea).await.len(), 1);
    let exempted = [("state", "exempted"), ("why", "Dix ans à la caisse de retraite")];
    enter(&trainer, &entry_of(day.lea, "retraite"), &exempted).await;
    let all = certificates(&product, day.lea).await;
    let whole = all.iter().find(|one| one.award == "parcours-complet").expect("the whole path");
    assert_eq!(whole.read().minutes(), 306 + 80 + 30 * 60);
    let page = agent.get(&format!("/dossier/certificats/{}", whole.number)).await.text();
    assert!(page.contains("dispense") && page.contains("30 h en présentiel"), "{page}");

    // A half day entered by mistake is taken away: the whole path's certificate falls, the remote day's stands.
    let four: Vec<_> = FIVE.iter().filter(|(name, _)| !name.ends_with("-5")).copied().collect();
    enter(&trainer, &entry_of(day.lea, "accompagner-l-usager"), &four).await;
    let all = certificates(&product, day.lea).await;
    let standing: Vec<&str> = all.iter().filter(|one| one.stands).map(|one| one.award.as_str()).collect();
    assert_eq!((all.len(), standing), (2, vec!["journee-a-distance"]));
    let page = trainer.get(&entry_of(day.lea, "accompagner-l-usager")).await;
    assert!(
        page.text().contains("4 demi-journées sur 5") && page.text().contains("26 novembre 2026, matin"),
        "{}",
        page.text()
    );
    assert!(page.body.contains("value=\"2026-11-24\""), "what counts stands in the form");
    holds(&product).await;
});

on_both!(a_forged_attendance_is_not_found_and_a_wrong_one_is_explained, |product| async {
    let day = remote_day(&product).await;
    let trainer = product.signed_in(day.marie).await;
    let path = entry_of(day.lea, "retraite");
    let id = product.app.dice.uuid().to_string();
    let good = [&[("entry", id.as_str())], ONE].concat();
    let stranger = product.signed_in(product.trainer_of("Paul", "autre-cours").await).await;
    let (own, other) = (product.signed_in(day.lea).await, product.agent("Karim").await);
    for forger in [&own, &other, &stranger] {
        assert_eq!(forger.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(forger.post(&path, &good).await.status, StatusCode::NOT_FOUND);
    }
    let nowhere = ["mooc", "webinaire", "rien"].map(|component| entry_of(day.lea, component));
    for path in nowhere.iter().chain(&[entry_of(PersonId(999), "retraite"), path.replace(PATHWAY, "autre")]) {
        assert_eq!(trainer.post(path, &good).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let long = "x".repeat(501);
    for (name, value, said) in [
        ("date-1", "2026-12-02", "Indiquez un jour passé"),
        ("date-1", "1999-01-01", "Indiquez un jour passé"),
        ("date-1", "2026-02-30", "Indiquez un jour qui existe"),
        ("date-1", "", "Indiquez au moins une demi-journée"),
        ("part-1", "night", "Choisissez le matin"),
        ("state", "", "Choisissez ce que vous inscrivez"),
        ("state", "nothing", "Le dossier dit déjà cela"),
        ("why", " \n ", "Dites d’où vient"),
        ("why", &long, "Dites d’où vient"),
        ("entry", "../1", "plus à jour"),
    ] {
        let sent: Vec<_> =
            good.iter().map(|(known, sent)| (*known, if *known == name { value } else { sent })).collect();
        let page = trainer.post(&path, &sent).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}={value}");
        assert!(page.text().contains(said), "{name}={value}: {}", page.text());
    }
    let before = record::store::load(product.app.db.reader(), day.lea).await.unwrap().head;
    for _ in 0..2 {
        assert_eq!(trainer.post(&path, &good).await.status, StatusCode::SEE_OTHER, "sent twice, it is one");
    }
    let after = record::store::load(product.app.db.reader(), day.lea).await.unwrap().head;
    assert_eq!(after.unwrap().0, before.unwrap().0 + 1);
});
