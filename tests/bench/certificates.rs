//! What certificates cost: issued one after another by the facts that earn them, and drawn as PDF.

use crate::report::{Budget, Figure};
use crate::rush::seconds_of_work;
use anyhow::{Context as _, ensure};
use domain::identity::{Grant, Role, Scope};
use domain::ids::{PersonId, WebinarId};
use domain::pathway::Pathway;
use domain::record::Fact;
use domain::webinar::presence::Reason;
use sea_orm::{ConnectionTrait as _, Statement};
use server::app::App;
use server::error::Error;
use server::identity::session;
use server::identity::store::{self, NewPerson};
use server::{course, document, record};
use std::net::SocketAddr;
use support::completing::whole_course;
use support::http::Connection;
use support::served::House;
use support::workspace;
use tokio::time::Instant;

/// Who is certified: how many agents, and how many of their certificates are drawn.
#[derive(Debug, Clone, Copy)]
pub struct Promotion {
    pub agents: u32,
    pub drawn: u32,
}

pub const WHOLE: Promotion = Promotion { agents: 1_000, drawn: 200 };
pub const SMALL: Promotion = Promotion { agents: 30, drawn: 10 };

pub async fn figures(house: &House, promotion: Promotion) -> anyhow::Result<Vec<Figure>> {
    let app = house.open().await?;
    let content = workspace().join("content");
    course::publish::publish(&app, course::publish::check(&content.join("mediation-numerique"))?).await?;
    document::publish(&app, document::check::<Pathway>(&content.join("parcours-france-services"))?).await?;
    let mut agents = Vec::new();
    for number in 0..promotion.agents {
        let agent = agent(&app, number).await?;
        earn(&app, agent, whole_course(&app)).await?;
        agents.push(agent);
    }
    let webinar = WebinarId(app.dice.uuid());
    let began = Instant::now();
    for agent in &agents {
        earn(&app, *agent, vec![attended(&app, webinar)?]).await?;
    }
    let issued = began.elapsed().as_secs_f64();
    let numbers = numbers(&app).await?;
    ensure!(numbers.len() == agents.len(), "{} certificates for {} agents", numbers.len(), agents.len());
    let mut lines = Vec::new();
    for (agent, number) in numbers.into_iter().take(promotion.drawn as usize) {
        lines.push((session::open(&app, agent).await?.secret, number));
    }
    drop(app);
    let served = house.serve().await?;
    let drawn = draw(served.address, served.pid(), &lines).await?;
    served.kill().await?;
    Ok(vec![
        Figure {
            name: "p  certificates issued in a row",
            measured: issued,
            unit: "s",
            budget: Budget::AtMost(60.0 * f64::from(promotion.agents) / 1_000.0),
            conditions: format!(
                "{} agents, whose last fact meets the rule: the fact, the record, the follow-up and the certificate, \
                 one commit each, the disk's flush included",
                promotion.agents
            ),
        },
        Figure {
            name: "p  certificate as PDF",
            measured: drawn,
            unit: "ms",
            budget: Budget::AtMost(50.0),
            conditions: format!(
                "time of processor of the whole server for one of {} different ones, request and queries included",
                promotion.drawn
            ),
        },
    ])
}

/// Milliseconds of processor for each.
async fn draw(address: SocketAddr, pid: u32, lines: &[(String, String)]) -> anyhow::Result<f64> {
    let mut before = None;
    // Twice: the first time warms the sessions and the fonts.
    for _ in 0..2 {
        before = Some(seconds_of_work(pid)?);
        for (session, number) in lines {
            let mut line = Connection::open(address, session, "identity").await?;
            let reply = line.get(&format!("/dossier/certificats/{number}/pdf")).await?;
            ensure!(reply.status == 200 && reply.body.starts_with(b"%PDF-1.7"), "a certificate: {}", reply.status);
        }
    }
    let spent = seconds_of_work(pid)? - before.context("it was measured")?;
    #[expect(clippy::cast_precision_loss, reason = "a count of certificates")]
    let each = spent * 1000.0 / lines.len() as f64;
    Ok(each)
}

async fn agent(app: &App, number: u32) -> anyhow::Result<PersonId> {
    let new = NewPerson {
        email: format!("agent{number}@exemple.example").parse()?,
        first_name: "Camille".into(),
        last_name: format!("Agent {number}"),
        maison: None,
        grants: vec![Grant::new(Role::Agent, Scope::Own)?],
        demonstration: false,
    };
    Ok(store::create(app, new).await?)
}

async fn earn(app: &App, agent: PersonId, facts: Vec<Fact>) -> anyhow::Result<()> {
    let (now, inside) = (app.clock.now(), app.clone());
    app.db
        .write(move |db| {
            Box::pin(async move {
                for fact in facts {
                    record::store::append_unless(&inside, db, agent, now, fact, |_| false).await?;
                }
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(())
}

fn attended(app: &App, webinar: WebinarId) -> anyhow::Result<Fact> {
    Ok(Fact::WebinarAttended {
        course: "mediation-numerique".parse()?,
        webinar,
        title: "Les outils en direct".into(),
        held_at: app.clock.now(),
        minutes: 85,
        live_minutes: 90,
        percent: 94,
        threshold: 80,
        met: true,
        reason: Reason::Present,
    })
}

/// Every certificate, with whose it is.
async fn numbers(app: &App) -> anyhow::Result<Vec<(PersonId, String)>> {
    let statement = Statement::from_string(app.db.backend(), "SELECT person_id, number FROM certificate");
    let rows = app.db.reader().query_all_raw(statement).await?;
    rows.iter().map(|row| Ok((PersonId(row.try_get("", "person_id")?), row.try_get("", "number")?))).collect()
}
