//! What is to be done once is, whichever node does it; and chains have one end, whichever node adds to them.

use super::two;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use domain::identity::{Role, Scope};
use domain::record::Fact;
use reqwest::{Method, StatusCode};
use server::app::App;
use server::{audit, jobs, record};
use std::collections::BTreeSet;
use std::time::Duration;
use support::Client;
use support::receiver::Receiver;
use support::studio::draft_by;
use support::waiting::until;
use tokio::io::AsyncWriteExt as _;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_leaves_once_whichever_node_delivers_it() {
    let (product, other, _) = two().await;
    let receiver = Receiver::start().await;
    let administrator = product.administrator().await;
    let webhook = "11111111-1111-4111-8111-111111111111";
    let form = [("webhook", webhook), ("url", receiver.url.as_str()), ("kinds", "fact.recorded")];
    assert_eq!(administrator.post("/administration/webhooks", &form).await.status, StatusCode::OK);
    for _ in 0..20 {
        administrator.post(&format!("/administration/webhooks/{webhook}/essai"), &[]).await;
    }
    jobs::start(&product.app);
    jobs::start(&other);
    timeout(PATIENCE, receiver.until_taken(20)).await.expect("all arrive");
    // One more goes behind them: it arrives once the others were delivered by whoever delivers.
    administrator.post(&format!("/administration/webhooks/{webhook}/essai"), &[]).await;
    timeout(PATIENCE, receiver.until_taken(21)).await.expect("the last arrives");
    let ids: Vec<String> = receiver.taken().iter().map(|message| message.header("webhook-id").to_owned()).collect();
    assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{ids:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_node_is_on_duty_and_another_once_it_is_gone() {
    let (product, other, _) = two().await;
    assert!(product.app.node.is_on_duty().await, "who asks first");
    for _ in 0..3 {
        assert!(product.app.node.is_on_duty().await && !other.node.is_on_duty().await);
    }
    // Its connection breaks, as when its machine goes.
    let broken = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted \
                  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    support::meeting::run(&product.app, broken.to_owned()).await;
    until("the other takes over", PATIENCE, async || other.node.is_on_duty().await).await;
    assert!(!product.app.node.is_on_duty().await, "and it is not given back");
}

/// Appends what nothing but its number tells apart.
async fn append(app: &App, agent: domain::ids::PersonId, number: u64) {
    let fact = Fact::ChapterRead {
        course: "mediation-numerique".parse().unwrap(),
        version: 1,
        chapter: format!("chapitre-{number}").parse().unwrap(),
        minutes: 1,
        suffices: false,
    };
    let (inside, now) = (app.clone(), app.clock.now());
    let appended = app.db.write(move |db| {
        Box::pin(async move { record::store::append_unless(&inside, db, agent, now, fact, |_| false).await })
    });
    assert!(appended.await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_and_the_log_that_two_nodes_add_to_have_one_end() {
    let (product, other, url) = two().await;
    let agent = product.person("Lea", Role::Agent, Scope::Own).await;
    let administrator = product.administrator().await;
    let looking = administrator.at(&url);
    let adding = (0..40).map(|number| {
        let app = if number % 2 == 0 { product.app.clone() } else { other.clone() };
        tokio::spawn(async move { append(&app, agent, number).await })
    });
    let adding: Vec<_> = adding.collect();
    for number in 0..10 {
        let client = if number % 2 == 0 { &administrator } else { &looking };
        assert_eq!(client.get(&format!("/administration/comptes/{agent}")).await.status, StatusCode::OK);
    }
    for added in adding {
        added.await.expect("appends");
    }
    let (facts, findings) = record::store::check(&product.app.db).await.unwrap();
    assert!(facts == 40 && findings.is_empty(), "{facts} facts, {findings:#?}");
    let (lines, chain) = audit::check(&product.app.db).await.unwrap();
    assert!(lines > 0 && chain.is_ok(), "{lines} lines, {chain:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_and_the_one_that_voids_it_meet_though_each_arrives_on_a_node_of_its_own() {
    let (product, _, url) = two().await;
    let token = product.token(&["statements:read", "statements:write"]).await.whole;
    let say = async |site: &str, statement: serde_json::Value| {
        let request = reqwest::Client::new().post(format!("{site}/xapi/statements")).bearer_auth(&token);
        let request = request.header("x-experience-api-version", "1.0.3").json(&statement);
        let status = request.send().await.expect("an answer").status();
        assert_eq!(status, StatusCode::OK);
    };
    let who = serde_json::json!({ "mbox": "mailto:rose@exemple.example" });
    for round in 0..30_u128 {
        let id = |number: u128| format!("00000000-0000-4000-8000-{number:012x}");
        let (id, other) = (id(round * 2 + 1), id(round * 2 + 2));
        let said = serde_json::json!({
            "id": id, "actor": who, "verb": { "id": "http://adlnet.gov/expapi/verbs/experienced" },
            "object": { "id": "http://exemple.example/une-page" }
        });
        let voiding = serde_json::json!({
            "id": other, "actor": who, "verb": { "id": "http://adlnet.gov/expapi/verbs/voided" },
            "object": { "objectType": "StatementRef", "id": id }
        });
        tokio::join!(say(&product.url, said), say(&url, voiding));
        let asked = format!("{url}/xapi/statements?statementId={id}");
        let asked = reqwest::Client::new().get(asked).bearer_auth(&token).header("x-experience-api-version", "1.0.3");
        assert_eq!(
            asked.send().await.expect("an answer").status(),
            StatusCode::NOT_FOUND,
            "round {round}: it is voided"
        );
    }
}

const COURSE: &str = "mediation-numerique";

fn piece(client: &Client, upload: &str, from: usize, bytes: &str) -> reqwest::RequestBuilder {
    let request = client.request(Method::PATCH, upload).header("tus-resumable", "1.0.0").header("upload-offset", from);
    let request = request.header("content-type", "application/offset+octet-stream");
    request.header("accept", "application/json").body(bytes.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_comes_by_two_nodes_is_written_by_one_at_a_time() {
    let (product, _, url) = two().await;
    let marie = product.trainer_of("Marie", COURSE).await;
    draft_by(&product, COURSE, marie).await;
    let author = product.signed_in(marie).await;
    let coded = |text: &str| BASE64_STANDARD.encode(text);
    let about = format!("filename {},course {}", coded("son.mp3"), coded(COURSE));
    let request = author.request(Method::POST, "/studio/envois").header("tus-resumable", "1.0.0");
    let upload = author.send(request.header("upload-length", 6).header("upload-metadata", about)).await.location;
    let upload = upload.expect("an upload");
    let written = product.app.config.data.join("envois").join(upload.rsplit('/').next().unwrap());
    // A piece whose line has weakened: its first half is there.
    let mut slow = author.connect().await.unwrap();
    let head = format!(
        "PATCH {upload} HTTP/1.1\r\nHost: x\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\nTus-Resumable: 1.0.0\r\n\
         Upload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: 6\r\n\r\nabc",
        author.cookies()
    );
    slow.write_all(head.as_bytes()).await.unwrap();
    until("the first half is written", PATIENCE, async || {
        std::fs::metadata(&written).is_ok_and(|file| file.len() == 3)
    })
    .await;
    let there = author.at(&url);
    let second = there.send(piece(&there, &upload, 0, "abcdef")).await;
    assert_eq!(second.status, StatusCode::LOCKED, "the first piece still arrives on the other node");
    drop(slow);
    let noted = async || {
        let request = there.request(Method::HEAD, &upload).header("tus-resumable", "1.0.0");
        there.send(request).await.headers.get("upload-offset").is_some_and(|offset| offset == "3")
    };
    until("the first half is noted", PATIENCE, noted).await;
    assert_eq!(there.send(piece(&there, &upload, 3, "def")).await.status, StatusCode::NO_CONTENT, "it goes on here");
    assert_eq!(std::fs::read(&written).unwrap(), b"abcdef");
}
