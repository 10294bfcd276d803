//! What a whole room's presence costs the writer, every ten seconds.

use crate::report::{Budget, Durations, Figure};
use domain::ids::{PersonId, WebinarId};
use domain::webinar::presence::Span;
use jiff::SignedDuration;
use sea_orm::{ConnectionTrait as _, DbErr};
use server::app::App;
use server::webinar::presence::{Interval, checkpoint};
use support::served::House;
use tokio::time::Instant;

/// People in the room.
const ROOM: i64 = 1000;

/// First everybody's interval is new, then each grows at every checkpoint.
pub async fn checkpoints(house: &House, rounds: u32) -> anyhow::Result<Vec<Figure>> {
    let app = house.open().await?;
    let webinar = WebinarId(app.dice.uuid());
    let now = app.clock.now();
    let first = seed(&app, webinar).await?;
    let mut room: Vec<Interval> = (0..ROOM)
        .map(|place| Interval {
            id: app.dice.uuid(),
            webinar,
            person: PersonId(first + place),
            tab: app.dice.uuid(),
            span: Span { from: now, to: now },
            beside: None,
        })
        .collect();
    let mut spent = Vec::new();
    for round in 1..=rounds {
        for interval in &mut room {
            interval.span.to = now.saturating_add(SignedDuration::from_secs(i64::from(round) * 10))?;
        }
        let said = room.clone();
        let start = Instant::now();
        checkpoint(&app, said).await?;
        spent.push(start.elapsed());
    }
    let opening = spent.remove(0).as_secs_f64() * 1000.0;
    let spent = Durations::new(spent);
    let figure = |name, measured, budget, conditions: String| Figure { name, measured, unit: "ms", budget, conditions };
    let grown = format!("{ROOM} people, {rounds} times, one commit each, the disk's flush included");
    Ok(vec![
        figure("h  presence: first checkpoint", opening, Budget::None, format!("{ROOM} new intervals, one commit")),
        figure("h  presence: checkpoint, median", spent.rank(0.5), Budget::AtMost(20.0), grown.clone()),
        figure("h  presence: checkpoint, p95", spent.rank(0.95), Budget::None, grown),
    ])
}

/// The people and the webinar; returns the first of the identifiers, which follow each other.
async fn seed(app: &App, webinar: WebinarId) -> anyhow::Result<i64> {
    let run = app.db.write(move |db| {
        Box::pin(async move {
            let row = db.query_one_raw(sea_orm::Statement::from_string(db.get_database_backend(), "SELECT COALESCE(MAX(id), 0) AS last FROM person")).await?;
            let first = row.map_or(Ok(0), |row| row.try_get::<i64>("", "last"))? + 1;
            let people = (first..first + ROOM)
                .map(|id| format!("({id}, 'salle{id}@exemple.example', 'P', 'Durand', 0)"))
                .collect::<Vec<_>>();
            let people = people.join(", ");
            db.execute_unprepared(&format!("INSERT INTO person (id, email, first_name, last_name, created_at) VALUES {people}")).await?;
            db.execute_unprepared(&format!(
                "INSERT INTO webinar (id, course, title, description, starts_at, minutes, capacity, threshold, audience, \
                 created_by, created_at) VALUES ('{webinar}', 'c', 'W', '', 0, 90, 1000, 80, 'nation', {first}, 0)"
            ))
            .await?;
            Ok::<_, DbErr>(first)
        })
    });
    Ok(run.await?)
}
