//! Statements that other systems send, durable when they are answered, and what it takes to find them again.

use crate::report::{Budget, Durations, Figure};
use anyhow::{Context as _, ensure};
use domain::identity::{TokenForm, read_token};
use domain::ids::TokenId;
use serde_json::{Value, json};
use server::app::App;
use server::token::store;
use std::net::SocketAddr;
use std::time::Duration;
use support::http::Connection;
use support::served::House;
use tokio::time::Instant;

/// Statements sent together.
const BATCH: u32 = 50;

/// Systems that send at the same time.
const SYSTEMS: u32 = 4;

pub async fn figures(house: &House, time: Duration) -> anyhow::Result<Vec<Figure>> {
    let app = house.open().await?;
    let token = token(&app).await?;
    drop(app);
    let served = house.serve().await?;
    let began = Instant::now();
    let mut sending = tokio::task::JoinSet::new();
    for system in 0..SYSTEMS {
        sending.spawn(send(served.address, token.clone(), system, began + time));
    }
    let (mut statements, mut batches) = (0, Vec::new());
    while let Some(sent) = sending.join_next().await {
        let spent = sent??;
        statements += BATCH * u32::try_from(spent.len())?;
        batches.extend(spent);
    }
    let rate = f64::from(statements) / began.elapsed().as_secs_f64();
    let spent = Durations::new(batches);
    let conditions = format!(
        "batches of {BATCH} from {SYSTEMS} systems for {} s, one commit a batch; a batch p50 {:.1} ms, p95 {:.1} ms",
        time.as_secs(),
        spent.rank(0.5),
        spent.rank(0.95)
    );
    let stored = Figure {
        name: "x  xAPI statements stored",
        measured: rate,
        unit: "/s",
        budget: Budget::AtLeast(3_000.0),
        conditions,
    };
    let found = find(served.address, &token, statements).await?;
    served.kill().await?;
    Ok(vec![stored, found])
}

async fn token(app: &App) -> anyhow::Result<String> {
    let scopes = ["statements:read", "statements:write"].map(str::to_owned).to_vec();
    let form = TokenForm { name: "Un système".into(), scopes, days: "1".into() };
    let new = read_token(&form, app.clock.now()).ok().context("a token")?;
    let id = TokenId(app.dice.uuid());
    let secret = store::create(app, None, id, new).await?.context("a new token")?;
    Ok(store::whole(id, &secret))
}

async fn connect(address: SocketAddr, token: &str) -> anyhow::Result<Connection> {
    let line = Connection::open(address, "", "identity").await?;
    Ok(line.with_token(token).with_header("X-Experience-API-Version", "1.0.3"))
}

/// One batch after the other until then; how long each took.
async fn send(address: SocketAddr, token: String, system: u32, until: Instant) -> anyhow::Result<Vec<Duration>> {
    let mut line = connect(address, &token).await?;
    let mut spent = Vec::new();
    while Instant::now() < until {
        let first = u32::try_from(spent.len())? * BATCH;
        let batch: Value = (first..first + BATCH).map(|rank| statement(system, rank)).collect();
        let batch = batch.to_string();
        let asked = Instant::now();
        let reply = line.post_json("/xapi/statements", &batch).await?;
        ensure!(reply.status == 200, "{}: {}", reply.status, String::from_utf8_lossy(&reply.body));
        spent.push(asked.elapsed());
    }
    Ok(spent)
}

/// What a course's player says of an answer.
fn statement(system: u32, rank: u32) -> Value {
    json!({
        "actor": { "account": { "homePage": "https://lms.exemple.fr", "name": format!("{system}-{}", rank % 500) } },
        "verb": { "id": "http://adlnet.gov/expapi/verbs/answered", "display": { "fr-FR": "a répondu" } },
        "object": {
            "id": format!("https://lms.exemple.fr/questions/{}", rank % 40),
            "definition": { "type": "http://adlnet.gov/expapi/activities/cmi.interaction", "interactionType": "choice" },
        },
        "result": { "response": "a[,]c", "success": rank.is_multiple_of(3), "score": { "scaled": 0.5 } },
        "context": {
            "platform": "Autre plateforme", "language": "fr-FR",
            "contextActivities": { "grouping": [{ "id": format!("https://lms.exemple.fr/cours/{}", rank % 3) }] },
        },
        "timestamp": "2026-11-28T09:30:00.000Z",
    })
}

/// The last statements of one person in one course, among all that were stored.
async fn find(address: SocketAddr, token: &str, among: u32) -> anyhow::Result<Figure> {
    let mut line = connect(address, token).await?;
    let mut spent = Vec::new();
    for person in 0..100 {
        let agent = json!({ "account": { "homePage": "https://lms.exemple.fr", "name": format!("0-{person}") } });
        let mut query = form_urlencoded::Serializer::new("/xapi/statements?".to_owned());
        query.append_pair("agent", &agent.to_string()).append_pair("activity", "https://lms.exemple.fr/cours/1");
        query.append_pair("related_activities", "true").append_pair("limit", "20");
        let asked = Instant::now();
        let reply = line.get(&query.finish()).await?;
        ensure!(reply.status == 200, "{}", reply.status);
        spent.push(asked.elapsed());
    }
    let spent = Durations::new(spent);
    let conditions = format!("20 of one agent in one course, among {among}; median {:.1} ms", spent.rank(0.5));
    Ok(Figure {
        name: "x  xAPI statements found, p95",
        measured: spent.rank(0.95),
        unit: "ms",
        budget: Budget::None,
        conditions,
    })
}
