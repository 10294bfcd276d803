//! The ledger: append-only, chained, checked; the record: folded, shown to those who may see it.

use reqwest::StatusCode;
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection};
use server::record::store;
use support::{Client, Product, on_both};

const CHAPTER: &str = "/cours/mediation-numerique/accueil-et-posture";

/// Some facts: two attempts handed in, empty.
async fn earn(agent: &Client) {
    for _ in 0..2 {
        let attempt = agent.get(&format!("{CHAPTER}/quiz")).await.field("attempt");
        let page = agent.post(&format!("{CHAPTER}/quiz"), &[("attempt", &attempt)]).await;
        agent.post(&page.location.expect("an attempt"), &[("action", "finish")]).await;
    }
}

/// A hand on the database that the product does not know of.
async fn intruder(product: &Product) -> DatabaseConnection {
    let url = product.app.config.database_url.clone();
    let url = url.unwrap_or_else(|| format!("sqlite://{}", product.app.config.data.join("socle.sqlite").display()));
    Database::connect(url).await.expect("the database")
}

async fn findings(product: &Product) -> Vec<String> {
    store::check(&product.app.db).await.expect("reads").1.iter().map(ToString::to_string).collect()
}

on_both!(an_untouched_ledger_holds, |product| async {
    earn(&product.agent("Lea").await).await;
    let (facts, findings) = store::check(&product.app.db).await.unwrap();
    assert_eq!((facts, findings.len()), (2, 0));
});

on_both!(whatever_is_changed_behind_the_products_back_shows, |product| async {
    earn(&product.agent("Lea").await).await;
    earn(&product.agent("Karim").await).await;
    let intruder = intruder(&product).await;
    for (harm, undo, place) in [
        (
            "UPDATE fact SET body = REPLACE(body, '\"earned\":0', '\"earned\":9') WHERE person_id = 1 AND seq = 1",
            "UPDATE fact SET body = REPLACE(body, '\"earned\":9', '\"earned\":0') WHERE person_id = 1 AND seq = 1",
            "fait n°\u{a0}1",
        ),
        (
            "UPDATE fact SET at = at + 1 WHERE person_id = 1 AND seq = 2",
            "UPDATE fact SET at = at - 1 WHERE person_id = 1 AND seq = 2",
            "fait n°\u{a0}2",
        ),
        (
            "UPDATE fact SET seq = 3 WHERE person_id = 1 AND seq = 2",
            "UPDATE fact SET seq = 2 WHERE person_id = 1 AND seq = 3",
            "fait n°\u{a0}2",
        ),
        (
            "UPDATE fact SET person_id = 2, seq = 3 WHERE person_id = 1 AND seq = 2",
            "UPDATE fact SET person_id = 1, seq = 2 WHERE person_id = 2 AND seq = 3",
            "personne 1",
        ),
        (
            "UPDATE record SET body = REPLACE(body, '\"attempts\":2', '\"attempts\":1') WHERE person_id = 2",
            "UPDATE record SET body = REPLACE(body, '\"attempts\":1', '\"attempts\":2') WHERE person_id = 2",
            "fold",
        ),
    ] {
        intruder.execute_unprepared(harm).await.unwrap();
        let found = findings(&product).await.join("\n");
        assert!(found.contains(place), "{harm}: {found}");
        intruder.execute_unprepared(undo).await.unwrap();
        assert_eq!(findings(&product).await, Vec::<String>::new(), "{undo}");
    }
    intruder.execute_unprepared("DELETE FROM fact WHERE person_id = 1 AND seq = 2").await.unwrap();
    assert!(findings(&product).await.join("\n").contains("derniers manquent"));
    intruder.execute_unprepared("DELETE FROM record WHERE person_id = 2").await.unwrap();
    assert_eq!(findings(&product).await.len(), 2, "facts without a record show too");
});

on_both!(a_trainer_sees_the_agents_of_their_course_and_nobody_else, |product| async {
    let (agent, idle) = (product.agent("Lea").await, product.agent("Karim").await);
    earn(&agent).await;
    let trainer = product.trainer().await;
    let list = trainer.get("/suivi/agents").await;
    assert!(list.text().contains("Lea Durand"));
    assert!(!list.text().contains("Karim Durand"), "who has earned nothing in the course is not followed yet");
    assert!(trainer.get("/suivi/1").await.text().contains("essai 2"));
    assert_eq!(trainer.get("/suivi/2").await.status, StatusCode::NOT_FOUND, "not an agent of the course");
    assert_eq!(trainer.get("/suivi/999").await.status, StatusCode::NOT_FOUND);
    assert_eq!(idle.get("/suivi").await.status, StatusCode::NOT_FOUND);
    assert_eq!(idle.get("/suivi/1").await.status, StatusCode::NOT_FOUND);
    assert!(trainer.get("/suivi/agents?q=durand").await.text().contains("Lea"));
    assert!(!trainer.get("/suivi/agents?q=%25%27--").await.text().contains("Lea Durand"));
});

on_both!(an_agent_disputes_a_line_a_trainer_answers_and_both_stay, |product| async {
    let agent = product.agent("Lea").await;
    earn(&agent).await;
    let trainer = product.trainer().await;
    let (own, answered) = ("/dossier/faits/1", "/suivi/1/faits/1");
    assert!(agent.get("/dossier").await.body.contains("href=\"/dossier/faits/1\""));
    let undisputed = trainer.get(answered).await;
    assert!(undisputed.text().contains("Ce qui le prouve") && !undisputed.body.contains("<textarea"));
    assert!(trainer.get("/suivi/contestations").await.text().contains("Personne ne conteste rien"));
    let long = "x".repeat(1001);
    for wrong in ["", " \n ", &long] {
        let page = agent.post(own, &[("words", wrong)]).await;
        assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.text().contains("Expliquez"), "{wrong}");
    }
    for words in ["J’ai été coupée <b>deux fois</b>.", "Une autre version"] {
        assert_eq!(agent.post(own, &[("words", words)]).await.status, StatusCode::SEE_OTHER);
    }
    let told = agent.get(own).await;
    assert!(
        told.body.contains("coupée &lt;b&gt;deux fois") && !told.body.contains("Une autre version"),
        "{}",
        told.body
    );
    assert!(trainer.get("/suivi/contestations").await.text().contains("À répondre"));
    assert!(trainer.get("/suivi/1").await.body.contains("href=\"/suivi/1/faits/1\""));
    for words in ["Vous pouvez recommencer, la meilleure note compte.", "Non"] {
        trainer.post(answered, &[("words", words)]).await;
    }
    let told = agent.get(own).await.text();
    assert!(
        told.contains("J’ai été coupée") && told.contains("la meilleure note compte") && told.contains("Marie Durand"),
        "{told}"
    );
    assert!(trainer.get("/suivi/contestations").await.text().contains("Répondue le 1er décembre 2026"));

    let (other, elsewhere) = (product.agent("Karim").await, product.trainer_of("Paul", "autre-cours").await);
    let elsewhere = product.signed_in(elsewhere).await;
    for forger in [&agent, &other, &elsewhere] {
        assert_eq!(forger.post(answered, &[("words", "Une réponse")]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(forger.get("/suivi/contestations").await.status, StatusCode::NOT_FOUND);
    }
    for stranger in [&other, &elsewhere] {
        assert_eq!(stranger.get(answered).await.status, StatusCode::NOT_FOUND);
    }
    assert!(!agent.get(answered).await.body.contains("<textarea"), "nobody answers themself");
    for nowhere in ["/dossier/faits/0", "/dossier/faits/99", "/dossier/faits/18446744073709551615"] {
        assert_eq!(agent.get(nowhere).await.status, StatusCode::NOT_FOUND, "{nowhere}");
    }
    assert_eq!(findings(&product).await, Vec::<String>::new(), "the ledger knows nothing of it");
});
