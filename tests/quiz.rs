//! Attempts: started once, answered under bad lines, handed in, graded, kept from others.

use domain::quiz::{Answer, Kind, Question};
use jiff::SignedDuration;
use reqwest::StatusCode;
use serde_json::{Value, json};
use support::answers::{fields, questions, right};
use support::{Client, on_both};
use uuid::Uuid;

const CHAPTER: &str = "/cours/mediation-numerique/accueil-et-posture";

/// Starts an attempt at the first chapter's quiz; returns its path.
async fn start(agent: &Client) -> String {
    start_at(agent, CHAPTER).await
}

async fn start_at(agent: &Client, chapter: &str) -> String {
    let id = Uuid::from_u128(agent.cookies().bytes().fold(7, |sum, byte| sum * 31 % 1_000_000_007 + u128::from(byte)));
    let page = agent.post(&format!("{chapter}/quiz"), &[("attempt", &id.to_string())]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
    page.location.expect("the attempt")
}

fn saying(question: &Question, revision: u32, answer: &Answer) -> Value {
    json!({ "question": question.slug, "id": Uuid::from_u128(u128::from(revision) << 64 | question.slug.as_str().bytes().map(u128::from).sum::<u128>()), "revision": revision, "answer": answer })
}

async fn say(agent: &Client, attempt: &str, sayings: &[Value]) -> support::Page {
    agent.post_json(&format!("{attempt}/reponses"), &json!({ "sayings": sayings })).await
}

async fn finish(agent: &Client, attempt: &str) -> support::Page {
    let page = agent.post(attempt, &[("action", "finish")]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
    agent.get(attempt).await
}

on_both!(every_right_answer_earns_every_point_and_lands_in_the_record, |product| async {
    let agent = product.agent("Lea").await;
    let attempt = start(&agent).await;
    for question in questions(&product, "accueil-et-posture") {
        let kept = say(&agent, &attempt, &[saying(&question, 1, &right(&question, 0))]).await;
        assert_eq!(kept.status, StatusCode::OK, "{}: {}", question.slug, kept.body);
        assert_eq!(kept.json()["kept"][0]["revision"], 1);
    }
    let result = finish(&agent, &attempt).await;
    assert!(result.text().contains("100"), "{}", result.text());
    let dossier = agent.get("/dossier").await.text();
    assert!(dossier.contains("essai 1") && dossier.contains("réussi"), "{dossier}");
});

on_both!(starting_twice_starts_one_attempt, |product| async {
    let agent = product.agent("Lea").await;
    let first = start(&agent).await;
    assert_eq!(start(&agent).await, first);
    let other = agent.post(&format!("{CHAPTER}/quiz"), &[("attempt", &Uuid::from_u128(99).to_string())]).await;
    assert_eq!(other.location, Some(first), "an open attempt goes on");
});

on_both!(an_answer_doubled_reordered_or_late_counts_once_and_the_last_word_wins, |product| async {
    let agent = product.agent("Lea").await;
    let attempt = start(&agent).await;
    let question = questions(&product, "accueil-et-posture")
        .into_iter()
        .find(|question| matches!(question.kind, Kind::Single { .. }))
        .unwrap();
    let says = |revision, key: &str| saying(&question, revision, &Answer::Choice(key.into()));
    for (said, kept_revision, kept_key) in [
        (says(2, "b"), 2, "b"),
        (says(1, "a"), 2, "b"), // late: written before, arrives after
        (says(2, "b"), 2, "b"), // resent
        (says(3, "c"), 3, "c"),
        (says(2, "b"), 3, "c"),
    ] {
        let kept = say(&agent, &attempt, &[said]).await.json();
        assert_eq!(
            (&kept["kept"][0]["revision"], &kept["kept"][0]["answer"]["value"]),
            (&json!(kept_revision), &json!(kept_key))
        );
    }
});

on_both!(what_was_acknowledged_is_there_after_a_restart, |product| async {
    let agent = product.agent("Lea").await;
    let attempt = start(&agent).await;
    let question = &questions(&product, "accueil-et-posture")[0];
    say(&agent, &attempt, &[saying(question, 1, &right(question, 0))]).await;
    let after = agent.at(&product.restarted().await).get(&attempt).await;
    assert!(
        after.body.contains(&format!("\"question\":\"{}\"", question.slug))
            || after.body.contains(&format!("&quot;question&quot;:&quot;{}&quot;", question.slug)),
        "{}",
        after.body
    );
});

on_both!(right_answers_and_feedback_come_after_the_answer_only, |product| async {
    let agent = product.agent("Lea").await;
    for chapter in ["accueil-et-posture", "mediation-numerique", "identite-et-acces"] {
        let path = format!("/cours/mediation-numerique/{chapter}");
        let attempt = start_at(&agent, &path).await;
        let before = [agent.get(&attempt).await.body, agent.get(&format!("{path}/quiz")).await.body].join("");
        let plain = |html: &str| html.split('<').next().unwrap_or_default().chars().take(40).collect::<String>();
        let mut secrets = 0;
        for question in questions(&product, chapter) {
            let choices = match &question.kind {
                Kind::Single { choices } | Kind::Multiple { choices } => choices.clone(),
                _ => Vec::new(),
            };
            for feedback in choices.iter().map(|choice| &choice.feedback).chain([&question.feedback]) {
                let feedback = plain(feedback.trim_start_matches("<p>"));
                if feedback.len() > 15 {
                    secrets += 1;
                    assert!(!before.contains(&feedback), "told before the answer: {feedback}");
                }
            }
        }
        assert!(secrets > 10, "the test looks for something");
        assert!(!before.contains("\"right\"") && !before.contains("&quot;right&quot;") && !before.contains("accepted"));
        finish(&agent, &attempt).await;
    }
});

on_both!(an_attempt_handed_in_takes_no_more_answers, |product| async {
    let agent = product.agent("Lea").await;
    let attempt = start(&agent).await;
    finish(&agent, &attempt).await;
    let question = &questions(&product, "accueil-et-posture")[0];
    let late = say(&agent, &attempt, &[saying(question, 1, &right(question, 0))]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert_eq!(finish(&agent, &attempt).await.status, StatusCode::OK, "handing in twice changes nothing");
    let dossier = agent.get("/dossier").await.text();
    assert_eq!(dossier.matches("essai 1").count(), 1, "{dossier}");
});

on_both!(an_attempt_is_nobody_elses, |product| async {
    let agent = product.agent("Lea").await;
    let other = product.agent("Karim").await;
    let attempt = start(&agent).await;
    let question = &questions(&product, "accueil-et-posture")[0];
    assert_eq!(other.get(&attempt).await.status, StatusCode::NOT_FOUND);
    assert_eq!(other.post(&attempt, &[("action", "finish")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(say(&other, &attempt, &[saying(question, 1, &right(question, 0))]).await.status, StatusCode::NOT_FOUND);
    let stolen = attempt.trim_start_matches("/essais/");
    let page = other.post(&format!("{CHAPTER}/quiz"), &[("attempt", stolen)]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "an id in use by somebody else tells nothing");
});

on_both!(malformed_answers_are_refused_whole_and_store_nothing, |product| async {
    let agent = product.agent("Lea").await;
    let attempt = start(&agent).await;
    let bank = questions(&product, "accueil-et-posture");
    let single = bank.iter().find(|question| matches!(question.kind, Kind::Single { .. })).unwrap();
    let good = saying(single, 1, &right(single, 0));
    let with = |key: &str, value: Value| {
        let mut said = good.clone();
        said[key] = value;
        said
    };
    for bad in [
        with("answer", json!({ "type": "choice", "value": "z" })),
        with("answer", json!({ "type": "truth", "value": true })),
        with("answer", json!({ "type": "choices", "value": ["a"] })),
        with("answer", json!("a")),
        with("question", json!("inconnue")),
        with("question", json!("Pas Un Identifiant")),
        with("id", json!("1")),
        with("revision", json!(-1)),
        with("score", json!(100)),
    ] {
        let page = say(&agent, &attempt, &[good.clone(), bad.clone()]).await;
        assert!(page.status.is_client_error(), "{bad}: {}", page.status);
        assert!(page.json()["said"].as_str().is_some_and(|said| !said.is_empty()));
    }
    for body in [json!({}), json!([]), json!({ "sayings": [], "score": 1 })] {
        assert!(agent.post_json(&format!("{attempt}/reponses"), &body).await.status.is_client_error(), "{body}");
    }
    let huge = saying(single, 1, &Answer::Text("x".repeat(200_000)));
    assert_eq!(say(&agent, &attempt, &[huge]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let page = agent.get(&attempt).await.body;
    assert!(!page.contains("&quot;revision&quot;:1") && !page.contains("\"revision\":1"), "nothing is stored");
});

on_both!(without_script_the_same_quiz_is_a_form, |product| async {
    let agent = product.agent("Lea").await;
    let attempt = start(&agent).await;
    let questions = questions(&product, "accueil-et-posture");
    let fields: Vec<_> = questions.iter().flat_map(|question| fields(question, right(question, 0))).collect();
    let pairs = |fields: &[(String, String)], action| {
        let mut all: Vec<(String, String)> = fields.to_vec();
        all.push(("action".into(), String::from(action)));
        all
    };
    let post = |fields: Vec<(String, String)>| agent.request(reqwest::Method::POST, &attempt).form(&fields);
    let saved = agent.send(post(pairs(&fields, "save"))).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    assert!(agent.get(&attempt).await.body.contains("checked"), "what was saved shows");
    let finished = agent.send(post(pairs(&fields, "finish"))).await;
    assert_eq!(finished.status, StatusCode::SEE_OTHER, "{}", finished.body);
    assert!(agent.get(&attempt).await.text().contains("100"));
});

on_both!(a_session_that_ends_while_writing_loses_nothing, |product| async {
    let agent = product.agent("Lea").await;
    let attempt = start(&agent).await;
    let question = questions(&product, "accueil-et-posture")
        .into_iter()
        .find(|question| matches!(question.kind, Kind::Single { .. }))
        .unwrap();
    product.wait(SignedDuration::from_hours(9));
    let name = format!("q.{}", question.slug);
    let page = agent.post(&attempt, &[(&name, "b"), ("action", "save")]).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert!(
        page.body.contains(&format!("name=\"{name}\"")) && page.body.contains(&attempt),
        "the answers wait on the page: {}",
        page.body
    );
    assert_eq!(
        say(&agent, &attempt, &[saying(&question, 1, &Answer::Choice("b".into()))]).await.status,
        StatusCode::UNAUTHORIZED
    );
});

on_both!(time_runs_out_with_what_was_answered_and_can_be_lengthened_for_a_person, |product| async {
    let chapter = "/cours/mediation-numerique/identite-et-acces";
    let (agent, slower) = (product.agent("Lea").await, product.agent("Karim").await);
    let karim =
        server::identity::store::find(&product.app, &"karim@exemple.example".parse().unwrap()).await.unwrap().unwrap();
    server::identity::store::set_extra_time(&product.app, karim, 50).await.unwrap();
    let (mine, theirs) = (start_at(&agent, chapter).await, start_at(&slower, chapter).await);
    let question = &questions(&product, "identite-et-acces")[0];
    let said = [saying(question, 1, &right(question, 0))];
    assert_eq!(say(&agent, &mine, &said).await.status, StatusCode::OK);
    product.wait(SignedDuration::from_mins(33));
    let late = saying(question, 2, &right(question, 0));
    assert_eq!(say(&agent, &mine, &[late]).await.status, StatusCode::CONFLICT);
    assert_eq!(say(&slower, &theirs, &said).await.status, StatusCode::OK, "30 minutes and a half more");
    assert!(agent.get("/dossier").await.text().contains("essai 1"), "what was answered in time is graded");
    product.wait(SignedDuration::from_mins(15));
    server::quiz::store::close_overdue(&product.app).await.unwrap();
    assert!(slower.get("/dossier").await.text().contains("essai 1"), "an abandoned attempt is closed by itself");
});

on_both!(attempts_run_out, |product| async {
    let agent = product.agent("Lea").await;
    for number in 1..=3 {
        let page = agent
            .post(
                "/cours/mediation-numerique/identite-et-acces/quiz",
                &[("attempt", &Uuid::from_u128(number).to_string())],
            )
            .await;
        finish(&agent, &page.location.expect("an attempt")).await;
    }
    let page = agent
        .post("/cours/mediation-numerique/identite-et-acces/quiz", &[("attempt", &Uuid::from_u128(4).to_string())])
        .await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(!agent.get("/cours/mediation-numerique/identite-et-acces/quiz").await.body.contains("name=\"attempt\""));
});
