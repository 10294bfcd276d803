//! Answers as fast as they are kept: one a request, each acknowledged when it is on disk.

use crate::report::{Budget, Durations, Figure};
use crate::seed::CHAPTER;
use anyhow::{Context as _, ensure};
use domain::ids::AttemptId;
use sea_orm::DatabaseConnection;
use server::quiz;
use std::net::SocketAddr;
use std::time::Duration;
use support::Database;
use support::dice::Rolls;
use support::http::{Connection, LIKE_A_BROWSER};
use tokio::task::JoinSet;
use tokio::time::Instant;
use uuid::Uuid;

/// Single-choice questions of the chapter's quiz.
pub const QUESTIONS: [&str; 3] = ["seul-au-telephone", "pourquoi-pas-repondu", "mot-de-passe-dicte"];
const CONNECTIONS: usize = 256;

/// What an agent's browser sends for one answer.
pub fn saying(rolls: &mut Rolls, revision: u32) -> String {
    let question = QUESTIONS[revision as usize % QUESTIONS.len()];
    format!(
        r#"{{"sayings":[{{"question":"{question}","id":"{}","revision":{revision},"answer":{{"type":"choice","value":"{}"}}}}]}}"#,
        rolls.uuid(),
        ["a", "b", "c"][usize::from(rolls.roll().is_multiple_of(3))]
    )
}

/// What one agent saw.
struct Told {
    attempt: Uuid,
    acknowledged: u32,
    durations: Vec<Duration>,
}

/// Many agents who answer without a pause.
pub async fn answers(
    address: SocketAddr,
    database: Database,
    reader: &DatabaseConnection,
    sessions: &[String],
    lasting: Duration,
) -> anyhow::Result<Vec<Figure>> {
    let mut tasks = JoinSet::new();
    let start = Instant::now() + Duration::from_secs(1);
    for (place, session) in sessions[400..400 + CONNECTIONS].iter().cloned().enumerate() {
        tasks.spawn(async move {
            let mut rolls = Rolls(0xb000 + place as u64);
            let mut line = Connection::open(address, &session, LIKE_A_BROWSER).await?;
            let attempt = rolls.uuid();
            let started = line.post_form(&format!("{CHAPTER}/quiz"), &format!("attempt={attempt}")).await?;
            let path = started.location.context("an attempt")?;
            let attempt = path.trim_start_matches("/essais/").parse()?;
            let door = format!("{path}/reponses");
            tokio::time::sleep_until(start).await;
            let mut told = Told { attempt, acknowledged: 0, durations: Vec::new() };
            while start.elapsed() < lasting {
                let asked = Instant::now();
                let reply = line.post_json(&door, &saying(&mut rolls, told.acknowledged + 1)).await?;
                ensure!(reply.status == 200, "an answer: {} {}", reply.status, String::from_utf8_lossy(&reply.body));
                told.durations.push(asked.elapsed());
                told.acknowledged += 1;
            }
            let took = start.elapsed();
            line.post_form(&path, "action=finish").await?;
            Ok((told, took))
        });
    }
    let told = tasks.join_all().await.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    let took = told.iter().map(|(_, took)| *took).max().unwrap_or_default();
    let (mut acknowledged, mut lost, mut durations) = (0, 0, Vec::new());
    for (told, _) in told {
        acknowledged += told.acknowledged;
        let stored = quiz::store::answers(reader, AttemptId(told.attempt)).await?;
        let last = stored.iter().map(|saying| saying.revision).max().unwrap_or(0);
        lost += u32::from(last != told.acknowledged);
        durations.extend(told.durations);
    }
    ensure!(lost == 0, "{lost} attempts do not hold their last acknowledged answer");
    let durations = Durations::new(durations);
    let budget = if database == Database::Sqlite { Budget::AtLeast(5_000.0) } else { Budget::None };
    let conditions = format!(
        "{CONNECTIONS} keep-alive connections, one answer a request, acknowledged after its commit, for {} s; p50 {:.0} ms, p99 {:.0} ms; the last of each attempt found stored",
        lasting.as_secs(),
        durations.rank(0.5),
        durations.rank(0.99)
    );
    Ok(vec![Figure {
        name: "b  durable quiz answers",
        measured: f64::from(acknowledged) / took.as_secs_f64(),
        unit: "answers/s",
        budget,
        conditions,
    }])
}
