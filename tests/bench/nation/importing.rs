//! The agents of the whole country, brought in from a file as an administrator's browser sends it.

use super::Scale;
use crate::report::{Budget, Figure};
use anyhow::{Context as _, ensure};
use domain::identity::{Grant, Role, Scope};
use server::course;
use server::identity::session;
use server::identity::store::{self, NewPerson};
use support::http::{Connection, LIKE_A_BROWSER};
use support::importing::{agents, maisons};
use support::served::House;
use support::workspace;
use tokio::time::Instant;

/// Sixty of the lines are broken.
const BROKEN: usize = 60;

/// From the file sent to everybody enrolled: read, checked, shown, carried out.
pub async fn figure(house: &House, scale: Scale) -> anyhow::Result<Figure> {
    let app = house.open().await?;
    let checked = course::publish::check(&workspace().join("content/mediation-numerique"))?;
    course::publish::publish(&app, checked).await?;
    let alex = NewPerson {
        email: "alex@exemple.example".parse()?,
        first_name: "Alex".into(),
        last_name: "Durand".into(),
        maison: None,
        grants: vec![Grant::new(Role::Administrator, Scope::Nation)?],
        demonstration: false,
    };
    let alex = session::open(&app, store::create(&app, alex).await?).await?.secret;
    drop(app);
    let served = house.serve().await?;
    let mut line = Connection::open(served.address, &alex, LIKE_A_BROWSER).await?;
    let (maison_count, agent_count) = (scale.maisons as usize, scale.agents as usize);
    bring_in(&mut line, 1, "maisons", &maisons(maison_count)).await?;
    let file = agents(agent_count, maison_count, BROKEN);
    let asked = Instant::now();
    bring_in(&mut line, 2, "agents", &file).await?;
    let measured = asked.elapsed().as_secs_f64();
    served.kill().await?;
    Ok(Figure {
        name: "n  6,800 agents imported",
        measured,
        unit: "s",
        budget: Budget::AtMost(10.0),
        conditions: format!(
            "{agent_count} lines of CSV, {BROKEN} of them broken, {maison_count} maisons: sent, checked, shown, carried out"
        ),
    })
}

async fn bring_in(line: &mut Connection, number: u128, kind: &str, file: &str) -> anyhow::Result<()> {
    let id = uuid::Uuid::from_u128(number).to_string();
    let sent = line.post_import(&id, kind, file).await?;
    let path = sent.location.with_context(|| format!("{kind}: {}", sent.status))?;
    let shown = line.get(&path).await?;
    let done = line.post_form(&path, "choix=valides").await?;
    ensure!((shown.status, done.status) == (200, 303), "{kind}: {} then {}", shown.status, done.status);
    Ok(())
}
