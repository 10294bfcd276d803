//! The statement of every fact: there as soon as the fact is, naming nobody, the same for ever.

use super::*;
use domain::identity::{Role, Scope};
use domain::ids::PersonId;
use sea_orm::ConnectionTrait as _;
use std::collections::BTreeSet;

const PASSED: &str = "http://adlnet.gov/expapi/verbs/passed";

fn account(product: &Product, name: &str) -> String {
    json!({ "account": { "homePage": product.app.config.public_url, "name": name } }).to_string()
}

async fn lea(product: &Product) -> PersonId {
    product.person("Camille", Role::Agent, Scope::Own).await
}

on_both!(every_fact_has_its_statement, |product| async move {
    let (system, lea) = (System::new(&product).await, lea(&product).await);
    product.complete_course(lea).await;
    let site = product.app.config.public_url.clone();
    let agent = account(&product, &lea.to_string());
    let facts = server::record::store::facts(product.app.db.reader(), lea, None, 100).await.expect("reads");
    let told = system.find(&[("agent", &agent)]).await;
    let expected: Vec<String> = facts.iter().map(|entry| domain::xapi::id_of_fact(&entry.hash).to_string()).collect();
    assert_eq!(ids(&told), expected, "each once, the newest first");
    let quiz = format!("{site}/cours/mediation-numerique/accueil-et-posture/quiz");
    let told = system.find(&[("agent", &agent), ("activity", &quiz), ("verb", PASSED)]).await.json();
    let statement = &told["statements"][0];
    assert_eq!(statement["result"]["score"], json!({ "scaled": 1.0, "raw": 10.0, "min": 0, "max": 10.0 }));
    assert_eq!((&statement["result"]["success"], &statement["context"]["revision"]), (&json!(true), &json!("1")));
    assert_eq!(statement["authority"]["account"]["name"], "socle");
    let name = statement["object"]["definition"]["name"]["fr-FR"].as_str().expect("a name");
    assert!(name.starts_with("Quiz\u{a0}: ") && name.len() > 10, "{name}");
    assert!(!told.to_string().contains("Camille") && !told.to_string().contains('@'), "nobody is named");
    // By the course, by the platform, by its identifier.
    let course = format!("{site}/cours/mediation-numerique");
    let related = system.find(&[("activity", &course), ("related_activities", "true")]).await;
    assert_eq!(ids(&related), expected);
    let platform = account(&product, "socle");
    assert_eq!(ids(&system.find(&[("agent", &platform)]).await), [""; 0]);
    assert_eq!(ids(&system.find(&[("agent", &platform), ("related_agents", "true")]).await), expected);
    let one = system.find(&[("statementId", &expected[0])]).await.json();
    assert_eq!(one["verb"]["id"], "http://adlnet.gov/expapi/verbs/completed");
    let activity = system.get(&format!("/xapi/activities?activityId={course}")).await.json();
    assert_eq!(activity["definition"]["type"], "http://adlnet.gov/expapi/activities/course");
});

on_both!(facts_from_before_are_stated_by_a_job_once, |product| async move {
    let (system, lea) = (System::new(&product).await, lea(&product).await);
    product.complete_course(lea).await;
    let all = |page: Page| ids(&page).into_iter().collect::<BTreeSet<_>>();
    let before = all(system.find(&[]).await);
    // As if the product had just learnt to state facts; one was stated since.
    let sql = format!(
        "DELETE FROM statement WHERE fact_seq > 1; DELETE FROM statement_trait; \
         INSERT INTO statement_backlog (person_id, done, last) SELECT person_id, 0, seq FROM record WHERE person_id = {lea}"
    );
    product
        .app
        .db
        .write(move |db| Box::pin(async move { db.execute_unprepared(&sql).await.map(|_| ()) }))
        .await
        .expect("undone");
    assert_eq!(ids(&system.find(&[]).await).len(), 1);
    for _ in 0..2 {
        server::xapi::catch_up(&product.app).await.expect("catches up");
        assert_eq!(all(system.find(&[]).await), before);
    }
});

on_both!(a_fact_that_is_taken_back_here_stays_in_the_record, |product| async move {
    let (system, lea) = (System::new(&product).await, lea(&product).await);
    product.complete_course(lea).await;
    let fact = ids(&system.find(&[("limit", "1")]).await).remove(0);
    let mut voiding = did("rose", "voided", "");
    voiding["object"] = json!({ "objectType": "StatementRef", "id": fact });
    system.keeps(&voiding).await;
    assert_eq!(system.find(&[("statementId", &fact)]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(system.find(&[("voidedStatementId", &fact)]).await.status, StatusCode::OK);
    let (facts, findings) = server::record::store::check(&product.app.db).await.expect("checks");
    assert!(facts > 0 && findings.is_empty());
    // Nor may anybody say it otherwise.
    let mut other = did("lea", "passed", "caf");
    other["id"] = json!(fact);
    refuses(&system.post(&other).await, StatusCode::CONFLICT, &fact);
});
