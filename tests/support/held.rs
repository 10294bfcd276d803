//! Webinars that are held and closed without a room, for what comes after.

use crate::Product;
use domain::identity::{Role, Scope};
use domain::ids::{PersonId, WebinarId};
use domain::webinar::presence::Span;
use jiff::{SignedDuration, Timestamp};
use sea_orm::{ConnectionTrait as _, DbErr};
use server::webinar::presence::{self, Interval};
use server::webinar::store;
use uuid::Uuid;

impl Product {
    /// Runs SQL that the product has no words for.
    pub async fn sql(&self, statement: String) {
        let run = self.app.db.write(move |db| {
            Box::pin(async move { db.execute_unprepared(&statement).await.map(drop).map_err(|error: DbErr| error) })
        });
        run.await.expect("runs");
    }

    /// An account of somebody who trains that course.
    pub async fn trainer_of(&self, first_name: &str, course: &str) -> PersonId {
        self.person(first_name, Role::Trainer, Scope::Course(course.parse().expect("a slug"))).await
    }

    /// A webinar of the course that could begin now: 90 minutes, a threshold of 80 %, these agents registered.
    pub async fn webinar(&self, trainer: PersonId, agents: &[PersonId]) -> WebinarId {
        let id = WebinarId(self.app.dice.uuid());
        self.webinar_known_as(id, trainer, agents).await;
        id
    }

    /// The same, under an identifier that is known beforehand.
    pub async fn webinar_known_as(&self, id: WebinarId, trainer: PersonId, agents: &[PersonId]) {
        let now = self.app.clock.now().as_millisecond();
        self.sql(format!(
            "INSERT INTO webinar (id, course, title, description, starts_at, minutes, capacity, threshold, audience, \
             created_by, created_at) VALUES ('{id}', 'mediation-numerique', 'Les outils en direct', '', {now}, 90, 500, 80, \
             'nation', {trainer}, {now})"
        ))
        .await;
        self.sql(format!("INSERT INTO webinar_trainer (webinar_id, person_id) VALUES ('{id}', {trainer})")).await;
        for agent in agents {
            self.register(id, *agent, "registered").await;
        }
    }

    /// Puts somebody on a webinar's roster.
    pub async fn register(&self, webinar: WebinarId, agent: PersonId, status: &str) {
        let now = self.app.clock.now().as_millisecond() + agent.0;
        self.sql(format!(
            "INSERT INTO webinar_registration (webinar_id, person_id, at, status) \
             VALUES ('{webinar}', {agent}, {now}, '{status}')"
        ))
        .await;
    }

    /// The webinar begins; returns the instant from which presence counts.
    pub async fn begin(&self, webinar: WebinarId) -> Timestamp {
        let now = self.app.clock.now();
        let begun = self.app.db.write(move |db| Box::pin(async move { store::begin(db, webinar, now).await }));
        begun.await.expect("begins");
        now
    }

    /// The webinar ends; returns the instant to which presence counts.
    pub async fn end(&self, webinar: WebinarId) -> Timestamp {
        let now = self.app.clock.now();
        let ended = self.app.db.write(move |db| Box::pin(async move { store::close(db, webinar, now).await }));
        ended.await.expect("ends");
        now
    }

    /// The room closes the webinar, and presence goes to the records.
    pub async fn close(&self, webinar: WebinarId, from: Timestamp) {
        let to = self.end(webinar).await;
        presence::close(&self.app, webinar, vec![Span { from, to }], to).await.expect("closes");
    }
}

/// What the room saw of somebody through one tab, in minutes from the beginning.
pub fn seen(webinar: WebinarId, person: PersonId, tab: u128, live_at: Timestamp, minutes: (i64, i64)) -> Interval {
    let at = |minute| live_at.saturating_add(SignedDuration::from_mins(minute)).expect("an instant");
    let id = Uuid::from_u128(
        (u128::try_from(person.0).expect("positive") << 64)
            | (tab << 32)
            | u128::try_from(minutes.0 + 100).expect("positive"),
    );
    let span = Span { from: at(minutes.0), to: at(minutes.1) };
    Interval { id, webinar, person, tab: Uuid::from_u128(tab), span, beside: None }
}
