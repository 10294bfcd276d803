//! Two accounts of one person made one: nothing is lost, nothing counts twice, and what was written stays as it is.

use domain::identity::{Role, Scope};
use domain::ids::{EntryId, PersonId};
use domain::record::{Fact, HalfDay, Part};
use jiff::SignedDuration;
use jiff::civil::date;
use reqwest::{Method, StatusCode};
use sea_orm::{ConnectionTrait as _, QueryResult, Statement};
use server::certificate::proof;
use server::record::store::{self as records, Finding};
use support::accounts::PASSWORD;
use support::completing::whole_course;
use support::nation::{attended, course};
use support::{Client, Page, Product, on_both};
use uuid::Uuid;

const KEY: &str = "11111111-1111-4111-8111-111111111111";

fn account(person: PersonId) -> String {
    format!("/administration/comptes/{person}")
}

async fn merge(client: &Client, kept: PersonId, folded: PersonId, key: &str) -> Page {
    let fields = [("compte", &*folded.to_string()), ("cle", key)];
    client.post(&format!("{}/reunion", account(kept)), &fields).await
}

async fn rows(product: &Product, sql: String) -> Vec<QueryResult> {
    let statement = Statement::from_string(product.app.db.backend(), sql);
    product.app.db.reader().query_all_raw(statement).await.unwrap()
}

/// The ledger of somebody, as it is stored.
async fn ledger(product: &Product, person: PersonId) -> Vec<(String, String)> {
    let rows = rows(product, format!("SELECT body, hash FROM fact WHERE person_id = {person} ORDER BY seq")).await;
    rows.iter().map(|row| (row.try_get("", "body").unwrap(), row.try_get("", "hash").unwrap())).collect()
}

/// Number, and whether it stands.
async fn certificates(product: &Product, person: PersonId) -> Vec<(String, bool)> {
    let sql = format!("SELECT number, withdrawn_at FROM certificate WHERE person_id = {person} ORDER BY issued_at");
    let stands = |row: &QueryResult| row.try_get::<Option<i64>>("", "withdrawn_at").unwrap().is_none();
    rows(product, sql).await.iter().map(|row| (row.try_get("", "number").unwrap(), stands(row))).collect()
}

async fn holds(product: &Product) {
    let (_, findings) = records::check(&product.app.db).await.unwrap();
    assert_eq!(findings.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
}

/// Half days of « Préparer sa retraite » and the like, as a trainer enters them.
fn in_room(component: &str, days: &[i8]) -> Fact {
    let half_days = days.iter().map(|day| HalfDay { date: date(2026, 11, *day), part: Part::Morning }).collect();
    Fact::AttendanceEntered {
        course: course(),
        component: component.parse().unwrap(),
        title: "Accompagner l’usager".into(),
        entry: EntryId(Uuid::from_u128(days.iter().map(|day| u128::from(day.unsigned_abs())).sum())),
        half_days,
        minutes: 180 * u32::try_from(days.len()).unwrap(),
        exempted: false,
        why: "Feuille de présence".into(),
    }
}

on_both!(two_accounts_become_one_and_nothing_is_counted_twice, |product| async {
    let alex = product.person("Alex", Role::Administrator, Scope::Nation).await;
    let maison = product.maison("Vouziers", "08").await;
    let kept = product.agents_of(maison, "Perrin", 1).await[0];
    let other = product.person("Lea", Role::Agent, Scope::Own).await;
    let held_at = product.app.clock.now() - SignedDuration::from_hours(48);
    // One began with one account and went on with the other, and was in one webinar with both.
    let whole = whole_course(&product.app);
    product.earns(kept, whole[..6].to_vec()).await;
    product.earns(kept, [attended(1, held_at, 0), in_room("accompagner-l-usager", &[24, 25])]).await;
    product.wait(SignedDuration::from_hours(1));
    product.earns(other, whole.clone()).await;
    product.earns(other, [attended(1, held_at, 85), in_room("accompagner-l-usager", &[25, 26])]).await;
    let (before, gone) = (ledger(&product, kept).await, ledger(&product, other).await);
    let certified = certificates(&product, other).await;
    let [(old, true)] = &certified[..] else { panic!("the other account is certified") };
    assert_eq!(certificates(&product, kept).await, []);
    let minutes = |record: &domain::record::Record| (record.minutes_at_distance(), record.minutes_live());
    let alone = minutes(&records::load(product.app.db.reader(), other).await.unwrap().record);
    product.wait(SignedDuration::from_hours(24));
    let administrator = product.signed_in(alex).await;

    let page = administrator.get(&format!("{}/reunion?compte=LEA@exemple.example", account(kept))).await;
    let text = page.text();
    assert!(text.contains("En webinaire 0 min 1 h 25 min 1 h 25 min"), "{text}");
    assert!(text.contains("2 demi-journées, 6 h 2 demi-journées, 6 h 3 demi-journées, 9 h"), "{text}");
    assert_eq!(ledger(&product, kept).await, before, "nothing is written before it is confirmed");
    for _ in 0..2 {
        let done = merge(&administrator, kept, other, KEY).await;
        assert_eq!((done.status, done.location), (StatusCode::SEE_OTHER, Some(account(kept))));
    }

    let record = records::load(product.app.db.reader(), kept).await.unwrap().record;
    assert_eq!(minutes(&record), alone, "the same chapters and the same webinar count once");
    let known = record.attendance(&course(), &"accompagner-l-usager".parse().unwrap()).unwrap();
    assert_eq!((known.half_days.len(), known.minutes), (3, 540));
    let after = ledger(&product, kept).await;
    assert_eq!(after[..before.len()], before, "what was there stays");
    assert_eq!(ledger(&product, other).await, gone, "the other ledger stays as it is");
    assert_eq!(after.iter().filter(|(body, _)| body.contains("\"origin\"")).count(), gone.len());
    holds(&product).await;

    // One certificate stands, and says which it replaces.
    let certified = certificates(&product, kept).await;
    let [(new, true)] = &certified[..] else { panic!("one stands") };
    assert_eq!(certificates(&product, other).await, [(old.clone(), false)]);
    let said = rows(&product, format!("SELECT body FROM certificate WHERE number = '{new}'")).await;
    assert!(said[0].try_get::<String>("", "body").unwrap().contains(&format!("\"replaces\":\"{old}\"")));
    let agent = product.signed_in(kept).await;
    let dossier = agent.get("/dossier").await.text();
    assert!(dossier.contains("inscrit avec un autre compte, réuni à celui-ci le 2 décembre 2026"), "{dossier}");
    assert!(agent.get(&format!("/dossier/certificats/{old}")).await.body.contains(new), "the old one leads to it");
    let proven = agent.send(agent.request(Method::GET, "/dossier/preuve.zip")).await;
    assert_eq!(proven.status, StatusCode::OK);

    server::certificate::catch_up(&product.app).await.unwrap();
    assert_eq!(certificates(&product, other).await, [(old.clone(), false)], "new rules certify nothing of it either");

    // They are counted once, where they work, since they were first enrolled.
    let pilot = product.follows(Role::DepartmentPilot, Scope::Departement("08".parse().unwrap())).await;
    let list = pilot.get("/suivi/agents").await.text();
    assert!(list.contains("Agent1 Perrin") && list.contains("Terminé") && !list.contains("Lea"), "{list}");
    let enrolled = rows(&product, "SELECT person_id FROM enrolment".to_owned()).await;
    assert_eq!(enrolled.len(), 1);

    let page = administrator.get(&account(kept)).await.text();
    assert!(page.contains("lea@exemple.example, le 2 décembre 2026 par Alex Durand"), "{page}");
    let page = administrator.get(&account(other)).await;
    assert!(page.text().contains("Réuni à un autre compte") && !page.body.contains("/retablir"), "{}", page.text());
    for order in ["retablir", "invitation", "suspendre"] {
        assert_eq!(administrator.post(&format!("{}/{order}", account(other)), &[]).await.status, StatusCode::CONFLICT);
    }
});

on_both!(both_addresses_lead_to_the_account_that_is_kept, |product| async {
    let administrator = product.administrator().await;
    let (kept, other) =
        (product.person("Lea", Role::Agent, Scope::Own).await, product.person("Bis", Role::Agent, Scope::Own).await);
    product.give_password(kept).await;
    let gone = product.signed_in(other).await;
    let invitation = server::identity::store::invite(&product.app, other).await.unwrap();
    assert_eq!(merge(&administrator, kept, other, KEY).await.status, StatusCode::SEE_OTHER);
    assert_eq!(gone.get("/dossier").await.status, StatusCode::SEE_OTHER, "signed out");
    assert_eq!(product.stranger().get(&format!("/invitation/{invitation}")).await.status, StatusCode::NOT_FOUND);
    let sign_in = async |email: &str, password: &str| {
        product.stranger().post("/connexion", &[("email", email), ("password", password)]).await
    };
    assert_eq!(sign_in("bis@exemple.example", PASSWORD).await.status, StatusCode::SEE_OTHER);
    let words = |page: Page| page.text().replace("bis@exemple.example", "").replace("personne@exemple.example", "");
    let wrong = words(sign_in("bis@exemple.example", "ce n’est pas le bon").await);
    assert_eq!(wrong, words(sign_in("personne@exemple.example", PASSWORD).await), "it tells nothing more than before");
    // A file that names the old address names the account that is kept.
    let file = "Nom;Prénom;E-mail\nDurand;Léa-Marie;bis@exemple.example\n";
    let sent = support::importing::send(&administrator, KEY, "agents", file.as_bytes()).await;
    administrator.post(&sent.location.unwrap(), &[("choix", "tout")]).await;
    assert!(administrator.get(&account(kept)).await.text().contains("Léa-Marie Durand"));
});

on_both!(what_is_under_way_goes_on_with_the_account_that_is_kept, |product| async {
    const OPEN: &str = "33333333-3333-4333-8333-333333333333";
    let administrator = product.administrator().await;
    let (kept, other) =
        (product.person("Lea", Role::Agent, Scope::Own).await, product.person("Bis", Role::Agent, Scope::Own).await);
    let quiz = "/cours/mediation-numerique/accueil-et-posture/quiz";
    product.signed_in(other).await.post(quiz, &[("attempt", OPEN)]).await;
    let marie = product.trainer_of("Marie", "mediation-numerique").await;
    let (webinar, both) = (product.webinar(marie, &[other]).await, product.webinar(marie, &[kept, other]).await);
    assert_eq!(merge(&administrator, kept, other, KEY).await.status, StatusCode::SEE_OTHER);
    for id in [webinar, both] {
        let registered =
            rows(&product, format!("SELECT person_id FROM webinar_registration WHERE webinar_id = '{id}'")).await;
        let people: Vec<i64> = registered.iter().map(|row| row.try_get("", "person_id").unwrap()).collect();
        assert_eq!(people, [kept.0], "one place a person");
    }
    let agent = product.signed_in(kept).await;
    assert_eq!(agent.get(&format!("/essais/{OPEN}")).await.status, StatusCode::OK);
    let stranger = product.agent("Karim").await;
    assert_eq!(stranger.get(&format!("/essais/{OPEN}")).await.status, StatusCode::NOT_FOUND);
    agent.post(&format!("/essais/{OPEN}"), &[("action", "finish")]).await;
    assert_eq!((ledger(&product, kept).await.len(), ledger(&product, other).await.len()), (1, 0));
    // What comes late for the other account is a fact of this one.
    product.earns(other, [attended(3, product.app.clock.now(), 80)]).await;
    assert_eq!((ledger(&product, kept).await.len(), ledger(&product, other).await.len()), (2, 0));
    holds(&product).await;
});

on_both!(what_stands_in_the_way_of_a_merge_is_told_and_nothing_is_done, |product| async {
    let alex = product.person("Alex", Role::Administrator, Scope::Nation).await;
    let administrator = product.signed_in(alex).await;
    let (kept, other) =
        (product.person("Lea", Role::Agent, Scope::Own).await, product.person("Bis", Role::Agent, Scope::Own).await);
    let third = product.person("Ter", Role::Agent, Scope::Own).await;
    let marie = product.trainer_of("Marie", "mediation-numerique").await;
    let webinar = product.webinar(marie, &[kept, other]).await;
    product.begin(webinar).await;
    for (one, two, why) in [
        (kept, kept, "un seul et même compte"),
        (alex, other, "est le vôtre"),
        (kept, alex, "est le vôtre"),
        (kept, marie, "d’autres rôles"),
        (kept, other, "a lieu maintenant"),
    ] {
        let refused = merge(&administrator, one, two, KEY).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{why}");
        assert!(refused.text().contains(why), "{}", refused.text());
    }
    let unknown = administrator.get(&format!("{}/reunion?compte=personne@exemple.example", account(kept))).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    let live = administrator.get(&format!("{}/reunion?compte=bis@exemple.example", account(kept))).await;
    assert!(live.text().contains("a lieu maintenant") && !live.body.contains("name=\"cle\""), "{}", live.text());
    for fields in [
        &[("compte", "2")][..],
        &[("compte", "x"), ("cle", KEY)],
        &[("compte", "3"), ("cle", "x")],
        &[("compte", "3"), ("cle", KEY), ("role", "administrator")],
    ] {
        let page = administrator.post(&format!("{}/reunion", account(kept)), fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
    }
    assert_eq!(merge(&administrator, PersonId(9_999), other, KEY).await.status, StatusCode::NOT_FOUND);
    for stranger in [product.follows(Role::NationalPilot, Scope::Nation).await, product.signed_in(kept).await] {
        assert_eq!(merge(&stranger, third, other, KEY).await.status, StatusCode::NOT_FOUND);
        let page = stranger.get(&format!("{}/reunion?compte=bis@exemple.example", account(third))).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    }
    let body = format!("compte={third}&cle={KEY}");
    let request = administrator.bare_request(Method::POST, &format!("{}/reunion", account(kept)));
    let request = request.header("Sec-Fetch-Site", "cross-site");
    let crossing = request.header("Content-Type", "application/x-www-form-urlencoded").body(body);
    assert_eq!(administrator.send(crossing).await.status, StatusCode::FORBIDDEN);
    assert!(rows(&product, "SELECT person_id FROM merge".to_owned()).await.is_empty());

    // Once it is done, neither account is taken again, nor the form's key for others.
    assert_eq!(merge(&administrator, kept, third, KEY).await.status, StatusCode::SEE_OTHER);
    assert_eq!(merge(&administrator, kept, other, KEY).await.status, StatusCode::NOT_FOUND);
    let again = merge(&administrator, other, third, "11111111-1111-4111-8111-111111111112").await;
    assert!(again.text().contains("déjà été réuni"), "{}", again.text());
});

on_both!(a_fact_said_to_come_from_elsewhere_is_looked_up_there, |product| async {
    let administrator = product.administrator().await;
    let (kept, other) =
        (product.person("Lea", Role::Agent, Scope::Own).await, product.person("Bis", Role::Agent, Scope::Own).await);
    let held_at = product.app.clock.now();
    product.earns(other, [attended(1, held_at, 85)]).await;
    merge(&administrator, kept, other, KEY).await;
    let agent = product.signed_in(kept).await;
    let file = reqwest::Client::new().get(format!("{}/dossier/preuve.zip", agent.url()));
    let bytes = file.header("Cookie", agent.cookies()).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(proof::check(&bytes, None).unwrap().problems, Vec::<String>::new());
    product.sql(format!("DELETE FROM fact WHERE person_id = {other}")).await;
    product.sql(format!("UPDATE record SET seq = 0, hash = '' WHERE person_id = {other}")).await;
    let (_, findings) = records::check(&product.app.db).await.unwrap();
    let strayed = |finding: &Finding| matches!(finding, Finding::Strayed { agent, seq: 1 } if *agent == kept);
    assert!(findings.iter().any(strayed), "{findings:?}");
});

on_both!(what_is_erased_is_erased_with_the_account_that_was_folded_into_it, |product| async {
    let alex = product.person("Alex", Role::Administrator, Scope::Nation).await;
    let kept = product.person("Lea", Role::Agent, Scope::Own).await;
    let other = product.person("Leonie", Role::Agent, Scope::Own).await;
    product.earns(other, whole_course(&product.app)).await;
    let administrator = product.signed_in(alex).await;
    assert_eq!(merge(&administrator, kept, other, KEY).await.status, StatusCode::SEE_OTHER);

    let erase = async |person| administrator.post(&format!("{}/effacer", account(person)), &[("sure", "yes")]).await;
    let refused = erase(other).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("effacez l’autre"), "{}", refused.text());
    assert_eq!(erase(kept).await.status, StatusCode::SEE_OTHER);
    let named = rows(&product, "SELECT email FROM person WHERE email LIKE 'le%@exemple.example'".to_owned()).await;
    assert_eq!(named.len(), 0, "neither address is left");
    let unnamed =
        rows(&product, format!("SELECT id FROM person WHERE last_name LIKE 'effacé %' AND id IN ({kept}, {other})"));
    assert_eq!(unnamed.await.len(), 2);
    holds(&product).await;
});
