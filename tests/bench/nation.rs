//! Following up the whole country: pages and files about every agent, and what a fact costs among millions.

mod importing;
mod seed;

use crate::report::{Budget, Durations, Figure};
use crate::rush::resident_mb;
use anyhow::ensure;
use seed::Nation;
use server::backup;
use server::identity::session;
use std::net::SocketAddr;
use support::http::{Connection, LIKE_A_BROWSER};
use support::served::House;
use tokio::time::Instant;

/// How large a country.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    pub maisons: u32,
    pub agents: u32,
    /// Facts of each agent.
    pub facts: u32,
}

/// The network at the end of the plan, after years.
pub const WHOLE: Scale = Scale { maisons: 2_000, agents: 6_800, facts: 590 };
pub const SMALL: Scale = Scale { maisons: 60, agents: 200, facts: 20 };

/// Agents of a cohort.
const COHORT: usize = 15;

/// Agents who read their own record.
const AGENTS: usize = 50;

pub use importing::figure as imported;

/// With `stay`, the server goes on until a line is read, for the pages to be looked at.
pub async fn figures(house: &House, scale: Scale, rounds: u32, stay: bool) -> anyhow::Result<Vec<Figure>> {
    let began = Instant::now();
    let app = house.open().await?;
    let nation = seed::people(&app, scale).await?;
    let few = seed::append(&app, &nation, rounds).await?;
    let facts = seed::millions(&app, scale.facts).await?;
    let many = seed::append(&app, &nation, rounds).await?;
    seed::cohorts(&app, &nation, COHORT).await?;
    let token = support::machine::token(&app, &["people:read", "maisons:read", "records:read"]).await.whole;
    eprintln!("nation: {facts} facts seeded in {:.0} s", began.elapsed().as_secs_f64());
    let mut agents = Vec::new();
    for agent in nation.agents.iter().step_by(1 + nation.agents.len() / AGENTS) {
        agents.push(session::open(&app, *agent).await?.secret);
    }
    drop(app);
    let among = format!("{} maisons, {} agents, {facts} facts", scale.maisons, scale.agents);
    let mut figures = vec![Figure {
        name: "n  a fact appended, among many : few",
        measured: many / few,
        unit: "ratio",
        budget: Budget::AtMost(1.3),
        conditions: format!(
            "medians of {rounds}, one commit each: {many:.2} ms among {facts} facts, {few:.2} ms before"
        ),
    }];
    let served = house.serve().await?;
    for (name, budget, paths) in [
        ("n  national dashboard, p95", 100.0, vec!["/suivi/france".to_owned()]),
        (
            "n  département and maison, p95",
            80.0,
            vec![
                "/suivi/departements/08".to_owned(),
                "/suivi/departements/75".to_owned(),
                "/suivi/maisons/7".to_owned(),
            ],
        ),
        (
            "n  list of agents, p95",
            80.0,
            [
                "",
                "?q=maison+1",
                "?q=camille&etat=en-retard",
                "?tri=avancement",
                "?tri=recent&departement=35",
                "?tri=ancien&etat=pas-commence",
                "?apres=agent+6~1",
                "?avant=agent+9~1",
            ]
            .map(|query| format!("/suivi/agents{query}"))
            .to_vec(),
        ),
        (
            "n  cohorts, and the agents of one, p95",
            80.0,
            vec![
                "/cohortes".to_owned(),
                "/cohortes?tri=retard&q=cohorte+1&page=2".to_owned(),
                format!("/cohortes/{}", seed::cohort(3)),
                format!("/suivi/agents?cohorte={}&etat=en-retard", seed::cohort(7)),
            ],
        ),
    ] {
        let measured = pages(served.address, &nation.pilot, &paths, rounds).await?;
        let conditions = format!(
            "{} pages of {} kinds, one at a time, median {:.1} ms; {among}",
            measured.count(),
            paths.len(),
            measured.rank(0.5)
        );
        figures.push(Figure {
            name,
            measured: measured.rank(0.95),
            unit: "ms",
            budget: Budget::AtMost(budget),
            conditions,
        });
    }
    figures.push(dossiers(served.address, &agents, rounds, &among).await?);
    figures.push(lists(served.address, &token, rounds, &among).await?);
    figures.extend(files(served.address, served.pid(), &nation, scale).await?);
    if stay {
        eprintln!("nation: http://{}, session of the national pilot {}; Enter ends", served.address, nation.pilot);
        std::io::stdin().read_line(&mut String::new())?;
    }
    served.kill().await?;
    if house.url().starts_with("sqlite") {
        figures.extend(copied(house).await?);
    }
    Ok(figures)
}

/// A copy of everything, and the same put back into an empty place: every byte and every chain checked.
async fn copied(house: &House) -> anyhow::Result<Vec<Figure>> {
    let app = house.open().await?;
    let (mut config, now) = (app.config.clone(), app.clock.now());
    drop(app);
    let folder = tempfile::tempdir()?;
    let copy = folder.path().join("copy");
    let began = Instant::now();
    let manifest = backup::take(&config, &copy, now).await?;
    let taken = began.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a few gigabytes")]
    let gigabytes = manifest.files.iter().map(|file| file.size).sum::<u64>() as f64 / 1e9;
    config.data = folder.path().join("data");
    let began = Instant::now();
    let restored = backup::restore(&config, &copy).await?;
    let put_back = began.elapsed().as_secs_f64();
    let conditions = format!(
        "{gigabytes:.2} GB, {} facts of the chains checked, put back in {put_back:.0} s, held against 2 GB",
        restored.facts
    );
    let each = 2.0 / gigabytes;
    Ok(vec![
        Figure {
            name: "n  a copy of 2 GB, taken",
            measured: taken * each,
            unit: "s",
            budget: Budget::None,
            conditions: format!("{gigabytes:.2} GB in {taken:.0} s, held against 2 GB"),
        },
        Figure {
            name: "n  a copy of 2 GB, put back",
            measured: put_back * each,
            unit: "s",
            budget: Budget::AtMost(120.0),
            conditions,
        },
    ])
}

/// The records of agents, each read by its owner.
async fn dossiers(address: SocketAddr, agents: &[String], rounds: u32, among: &str) -> anyhow::Result<Figure> {
    let path = ["/dossier".to_owned()];
    let mut all = Vec::new();
    for session in agents {
        all.extend(pages(address, session, &path, rounds.div_ceil(5)).await?.into_inner());
    }
    let measured = Durations::new(all);
    Ok(Figure {
        name: "n  an agent's dossier, p95",
        measured: measured.rank(0.95),
        unit: "ms",
        budget: Budget::AtMost(50.0),
        conditions: format!(
            "{} pages of {} agents, one at a time, median {:.1} ms; {among}",
            measured.count(),
            agents.len(),
            measured.rank(0.5)
        ),
    })
}

/// Lists as other systems read them.
async fn lists(address: SocketAddr, token: &str, rounds: u32, among: &str) -> anyhow::Result<Figure> {
    let line = Connection::open(address, "", "identity").await?.with_token(token);
    let paths = [
        "people",
        "people?limit=200&cursor=3000",
        "people?departement=35&state=done",
        "people?email=agent7%40exemple.example",
        "maisons?departement=08",
        "records?limit=200",
        "records?departement=75&updated_since=2020-01-01T00:00:00Z",
        "records/7",
        "records/7/facts?limit=200&cursor=200",
    ];
    let paths = paths.map(|path| format!("/api/v1/{path}"));
    let measured = timed(line, &paths, rounds).await?;
    let conditions = format!(
        "{} answers of {} kinds, one at a time, median {:.1} ms; {among}",
        measured.count(),
        paths.len(),
        measured.rank(0.5)
    );
    let (name, unit) = ("n  list or record by the API, p95", "ms");
    Ok(Figure { name, measured: measured.rank(0.95), unit, budget: Budget::AtMost(80.0), conditions })
}

async fn pages(address: SocketAddr, session: &str, paths: &[String], rounds: u32) -> anyhow::Result<Durations> {
    let line = Connection::open(address, session, LIKE_A_BROWSER).await?;
    timed(line, paths, rounds).await
}

async fn timed(mut line: Connection, paths: &[String], rounds: u32) -> anyhow::Result<Durations> {
    let mut durations = Vec::new();
    for round in 0..=rounds {
        for path in paths {
            let asked = Instant::now();
            let reply = line.get(path).await?;
            ensure!(reply.status == 200, "{path}: {}", reply.status);
            // The first warms what somebody signed in has warm.
            if round > 0 {
                durations.push(asked.elapsed());
            }
        }
    }
    Ok(Durations::new(durations))
}

/// Everybody, as a file.
async fn files(address: SocketAddr, pid: u32, nation: &Nation, scale: Scale) -> anyhow::Result<Vec<Figure>> {
    let mut line = Connection::open(address, &nation.pilot, "identity").await?;
    let mut figures = Vec::new();
    for (name, grown, path, budget) in [
        ("n  every agent as CSV", "n  memory that the CSV takes", "/suivi/agents/fichier/csv", Budget::AtMost(3.0)),
        ("n  every agent as XLSX", "n  memory that the XLSX takes", "/suivi/agents/fichier/xlsx", Budget::None),
    ] {
        // Once before, so that what any first file takes for good is not counted.
        line.get(path).await?;
        let before = resident_mb(pid)?;
        let asked = Instant::now();
        let reply = line.get(path).await?;
        let seconds = asked.elapsed().as_secs_f64();
        let lines = reply.body.iter().filter(|byte| **byte == b'\n').count();
        ensure!(reply.status == 200 && (path.ends_with("xlsx") || lines > scale.agents as usize), "{lines} lines");
        let conditions = format!("{} agents, {} kB", scale.agents, reply.body.len() / 1000);
        figures.push(Figure { name, measured: seconds, unit: "s", budget, conditions });
        let memory = if path.ends_with("csv") { Budget::AtMost(8.0) } else { Budget::None };
        let measured = resident_mb(pid)? - before;
        let conditions = "resident set of the server after the second file, less before it".to_owned();
        figures.push(Figure { name: grown, measured, unit: "MB", budget: memory, conditions });
    }
    Ok(figures)
}
