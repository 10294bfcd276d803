//! What is earned without having been done: no door gives it.

use domain::identity::{Role, Scope};
use domain::ids::ChapterSlug;
use domain::quiz::{Answer, Kind};
use domain::text::folded;
use reqwest::header::AUTHORIZATION;
use reqwest::{Method, StatusCode};
use serde_json::json;
use std::sync::Arc;
use support::answers::{questions, right};
use support::{Client, on_both};
use uuid::Uuid;

const COURSE: &str = "/cours/mediation-numerique";

on_both!(nobody_completes_a_course_by_saying_so, |product| async {
    let lea = product.person("Lea", Role::Agent, Scope::Own).await;
    let agent = product.signed_in(lea).await;
    // Another system says it of them, in every way that it can.
    let token = product.token(&["statements:read", "statements:write"]).await;
    for (number, verb) in ["completed", "passed", "attended", "mastered"].into_iter().enumerate() {
        for object in [format!("{}{COURSE}", product.app.config.public_url), "https://exemple.fr/cours".to_owned()] {
            let statement = json!({
                "actor": { "mbox": "mailto:lea@exemple.example" },
                "verb": { "id": format!("http://adlnet.gov/expapi/verbs/{verb}") },
                "object": { "id": object },
                "result": { "completion": true, "success": true, "score": { "scaled": 1 } },
            });
            let request = agent.bare_request(Method::POST, "/xapi/statements").header(AUTHORIZATION, token.bearer());
            let page = agent.send(request.header("x-experience-api-version", "1.0.3").json(&statement)).await;
            assert_eq!(page.status, StatusCode::OK, "{number}: {}", page.body);
        }
    }
    let record = async || server::record::store::load(product.app.db.reader(), lea).await.unwrap().record;
    assert!(record().await.courses.is_empty(), "what others state is kept, and earns nothing");

    // They say of every section that they read it, without its quiz.
    let published = product.app.library.course(&"mediation-numerique".parse().unwrap()).unwrap();
    for chapter in &published.course.chapters {
        for section in &chapter.sections {
            let path = format!("{COURSE}/{}/lu", chapter.slug);
            let page = agent.post(&path, &[("section", section.slug.as_str())]).await;
            assert_eq!(page.status, StatusCode::SEE_OTHER);
        }
    }
    // And hand in an assessment with nothing in it.
    let page = agent.post(&format!("{COURSE}/evaluation/quiz"), &[("attempt", &Uuid::from_u128(7).to_string())]).await;
    let attempt = page.location.expect("an attempt");
    agent.post(&attempt, &[("action", "finish")]).await;
    let course = record().await.courses.remove(&published.course.slug).expect("the course");
    assert_eq!(course.minutes(), 0, "no chapter is done without its quiz");
    assert!(!agent.get("/dossier").await.text().contains("En vigueur"), "no certificate");
    // Of things that do not exist there is nothing to say.
    for (path, section) in [("accueil-et-posture", "nulle-part"), ("autre-chapitre", "a"), ("evaluation", "a")] {
        let page = agent.post(&format!("{COURSE}/{path}/lu"), &[("section", section)]).await;
        assert!(page.status.is_client_error(), "{path}: {}", page.status);
    }
});

/// Posts all at once; where each leads.
async fn together(agent: &Arc<Client>, path: String, forms: Vec<Vec<(&'static str, String)>>) -> Vec<Option<String>> {
    let sent: Vec<_> = forms
        .into_iter()
        .map(|form| {
            let (agent, path) = (Arc::clone(agent), path.clone());
            tokio::spawn(async move { agent.send(agent.request(Method::POST, &path).form(&form)).await.location })
        })
        .collect();
    let mut led = Vec::new();
    for one in sent {
        led.push(one.await.unwrap());
    }
    led
}

on_both!(of_many_attempts_begun_and_handed_in_at_once_one_counts, |product| async {
    let lea = product.person("Lea", Role::Agent, Scope::Own).await;
    let agent = Arc::new(product.signed_in(lea).await);
    let chapter = format!("{COURSE}/identite-et-acces");
    let forms = (1..=12).map(|number| vec![("attempt", Uuid::from_u128(number).to_string())]).collect();
    let mut begun = together(&agent, format!("{chapter}/quiz"), forms).await;
    begun.dedup();
    let [Some(attempt)] = &*begun else { panic!("one attempt goes on, whichever tab began it: {begun:?}") };
    let question = questions(&product, "identite-et-acces").remove(0);
    let saying =
        json!({ "question": question.slug, "id": Uuid::from_u128(1), "revision": 1, "answer": right(&question, 0) });
    let said = agent.post_json(&format!("{attempt}/reponses"), &json!({ "sayings": [saying] })).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.body);
    together(&agent, attempt.clone(), vec![vec![("action", "finish".to_owned())]; 12]).await;
    let facts = server::record::store::facts(product.app.db.reader(), lea, None, 100).await.unwrap();
    assert_eq!(facts.len(), 1, "{facts:?}");
    let dossier = agent.get("/dossier").await.text();
    assert!(dossier.contains("essai 1") && !dossier.contains("essai 2"), "{dossier}");
});

/// Words that only who has answered may read: feedback, and what is accepted, of this quiz.
fn secrets(product: &support::Product, exercise: &str) -> Vec<String> {
    let plain = |html: &str| html.trim_start_matches("<p>").split('<').next().unwrap_or_default().to_owned();
    let mut secrets = Vec::new();
    for question in questions(product, exercise) {
        if let Kind::Single { choices } | Kind::Multiple { choices } = &question.kind {
            secrets.extend(choices.iter().map(|choice| plain(&choice.feedback)));
        }
        secrets.push(plain(&question.feedback));
    }
    secrets.retain(|secret| secret.chars().count() > 25);
    secrets
}

on_both!(no_door_tells_what_is_right_before_it_is_answered, |product| async {
    let agent = product.agent("Lea").await;
    let published = product.app.library.course(&"mediation-numerique".parse().unwrap()).unwrap();
    let chapters: Vec<ChapterSlug> = published.course.chapters.iter().map(|chapter| chapter.slug.clone()).collect();
    let whole = ["positionnement", "evaluation"].map(|slug| slug.parse().unwrap());
    let mut told = vec![agent.get("/").await.body, agent.get("/dossier").await.body];
    let mut secret = Vec::new();
    for (number, exercise) in (1..).zip(chapters.iter().chain(&whole)) {
        let path = format!("{COURSE}/{exercise}");
        let id = Uuid::from_u128(number).to_string();
        let attempt = agent.post(&format!("{path}/quiz"), &[("attempt", &id)]).await.location.expect("an attempt");
        for page in [path.clone(), format!("{path}/quiz"), format!("{path}/fiche"), attempt.clone()] {
            told.push(agent.get(&page).await.body);
        }
        // A wrong answer is kept, and nothing is said of it; nor of one to a question that is not asked.
        let known = questions(&product, exercise.as_str());
        for question in known.iter().filter(|question| matches!(question.kind, Kind::ShortText { .. })).take(1) {
            let answer = Answer::Text("rien du tout".to_owned());
            let saying =
                json!({ "question": question.slug, "id": Uuid::from_u128(1), "revision": 1, "answer": answer });
            told.push(agent.post_json(&format!("{attempt}/reponses"), &json!({ "sayings": [saying] })).await.body);
        }
        let words = secrets(&product, exercise.as_str());
        assert!(words.len() > 4, "{exercise}: {words:?}");
        for words in words.iter().take(2) {
            let first = words.split(' ').take(3).collect::<Vec<_>>().join("+");
            told.push(agent.get(&format!("/recherche?q={first}")).await.body);
        }
        secret.extend(words);
    }
    let told = folded(&told.join("\n"));
    // Nor what every browser loads.
    let assets = support::workspace().join("target/site/assets");
    let assets = std::fs::read_dir(assets).expect("the bundle is made").map(|asset| asset.unwrap().path());
    let loaded: Vec<_> =
        assets.map(|path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned()).collect();
    for secret in &secret {
        assert!(!told.contains(&folded(secret)), "told: {secret}");
        assert!(loaded.iter().all(|asset| !asset.contains(secret.as_str())), "loaded: {secret}");
    }
});
