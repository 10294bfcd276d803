//! Pages under load: the chapter for many readers, the record for a long life.

use crate::report::{Budget, Durations, Figure};
use crate::seed::{CHAPTER, LONG_LIFE, PAGE};
use anyhow::ensure;
use std::net::SocketAddr;
use std::time::Duration;
use support::http::{Connection, LIKE_A_BROWSER};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

const READERS: usize = 200;
const THINKING: Duration = Duration::from_secs(1);
/// Connections that never wait, enough to keep the server busy.
const HASTY: usize = 16;

/// Readers who each open a chapter, read it for a second, and open it again.
pub async fn chapter(address: SocketAddr, sessions: &[String], lasting: Duration) -> anyhow::Result<Vec<Figure>> {
    let (lines, first) = opened(address, &sessions[100..100 + READERS]).await?;
    let calm = readers(lines, THINKING, lasting).await?;
    let conditions = format!(
        "{READERS} readers on keep-alive connections, each opens {CHAPTER} then thinks {} s; {} pages in {} s, brotli as for a browser",
        THINKING.as_secs(),
        calm.count(),
        lasting.as_secs()
    );
    let hasty = lasting / 3;
    let (lines, _) = opened(address, &sessions[100..100 + HASTY]).await?;
    let busy = readers(lines, Duration::ZERO, hasty).await?;
    #[expect(clippy::cast_precision_loss, reason = "a count of pages")]
    let throughput = busy.count() as f64 / hasty.as_secs_f64();
    Ok(vec![
        Figure {
            name: "a  chapter page, first of all, p99",
            measured: first.rank(0.99),
            unit: "ms",
            budget: Budget::None,
            conditions: format!(
                "{READERS} readers, each on a new connection with a session not seen yet, at the same instant"
            ),
        },
        Figure {
            name: "a  chapter page, p50",
            measured: calm.rank(0.5),
            unit: "ms",
            budget: Budget::None,
            conditions: conditions.clone(),
        },
        Figure {
            name: "a  chapter page, p99",
            measured: calm.rank(0.99),
            unit: "ms",
            budget: Budget::AtMost(20.0),
            conditions,
        },
        Figure {
            name: "a  chapter page, saturation",
            measured: throughput,
            unit: "pages/s",
            budget: Budget::None,
            conditions: format!("{HASTY} connections that never wait; p99 {:.1} ms", busy.rank(0.99)),
        },
    ])
}

/// Lines whose first page was opened, all at once; and how long those took. It warms what a signed-in agent has warm: their session.
async fn opened(address: SocketAddr, sessions: &[String]) -> anyhow::Result<(Vec<Connection>, Durations)> {
    let mut tasks = JoinSet::new();
    for session in sessions {
        let session = session.clone();
        tasks.spawn(async move {
            let mut line = Connection::open(address, &session, LIKE_A_BROWSER).await?;
            let asked = Instant::now();
            line.get(CHAPTER).await?;
            anyhow::Ok((line, asked.elapsed()))
        });
    }
    let all = tasks.join_all().await.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    let (lines, durations) = all.into_iter().unzip();
    Ok((lines, Durations::new(durations)))
}

async fn readers(lines: Vec<Connection>, thinking: Duration, lasting: Duration) -> anyhow::Result<Durations> {
    let mut tasks = JoinSet::new();
    let (start, many) = (Instant::now(), u32::try_from(lines.len())?);
    for (place, mut line) in (0..).zip(lines) {
        // Readers do not open their pages in step.
        let offset = thinking * place / many;
        tasks.spawn(async move {
            sleep_until(start + offset).await;
            let mut durations = Vec::new();
            while start.elapsed() < lasting {
                let asked = Instant::now();
                let reply = line.get(CHAPTER).await?;
                durations.push(asked.elapsed());
                ensure!(reply.status == 200 && reply.body.len() > 1000, "a chapter: {}", reply.status);
                if !thinking.is_zero() {
                    sleep(thinking).await;
                }
            }
            Ok(durations)
        });
    }
    let all = tasks.join_all().await.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    Ok(Durations::new(all.into_iter().flatten().collect()))
}

/// The record of an agent with a long life against that of one who has not begun.
pub async fn record(address: SocketAddr, sessions: &[String], rounds: usize) -> anyhow::Result<Vec<Figure>> {
    let mut lines = Vec::new();
    for session in &sessions[..3] {
        lines.push(Connection::open(address, session, LIKE_A_BROWSER).await?);
    }
    let mut durations = [const { Vec::new() }; 3];
    for _ in 0..rounds {
        // In turns, so that whatever else the machine does weighs on all of them alike.
        for (line, durations) in lines.iter_mut().zip(&mut durations) {
            let asked = Instant::now();
            let reply = line.get("/dossier").await?;
            durations.push(asked.elapsed());
            ensure!(reply.status == 200, "a record: {}", reply.status);
        }
    }
    let [long, none, short] = durations.map(|durations| Durations::new(durations).rank(0.5));
    let conditions = format!(
        "medians of {rounds}, one at a time: {long:.2} ms with {LONG_LIFE} facts, {none:.2} ms with none, {short:.2} ms with {PAGE} (one page of them); ledger of {} agents",
        sessions.len()
    );
    Ok(vec![
        Figure {
            name: "e  record page, 10,000 facts : none",
            measured: long / none,
            unit: "ratio",
            budget: Budget::AtMost(1.5),
            conditions,
        },
        Figure {
            name: "e  record page, 10,000 facts : 10",
            measured: long / short,
            unit: "ratio",
            budget: Budget::None,
            conditions: "the same number of facts on the page".into(),
        },
    ])
}
