//! Webinars for tests: planned, and people with a place in them.

use crate::{Client, Product};
use domain::identity::{Role, Scope};
use domain::ids::{PersonId, WebinarId};
use jiff::SignedDuration;
use sea_orm::ConnectionTrait as _;
use server::error::Error;
use uuid::Uuid;

/// A webinar whose waiting room is open, its trainer, and some agents with a place.
pub struct Meeting {
    pub webinar: WebinarId,
    pub trainer: Client,
    pub agents: Vec<Client>,
    pub trainer_id: PersonId,
    pub agent_ids: Vec<PersonId>,
}

impl Product {
    /// A webinar that starts in five minutes, with so many agents.
    pub async fn meeting(&self, agents: usize) -> Meeting {
        let course = Scope::Course("mediation-numerique".parse().expect("a slug"));
        let trainer_id = self.person("Marie", Role::Trainer, course).await;
        let mut agent_ids = Vec::new();
        for number in 1..=agents {
            agent_ids.push(self.person(&format!("Agent{number}"), Role::Agent, Scope::Own).await);
        }
        let webinar = WebinarId(Uuid::new_v4());
        let now = self.app.clock.now();
        let (at, starts) = (now.as_millisecond(), (now + SignedDuration::from_mins(5)).as_millisecond());
        self.run(format!(
            "INSERT INTO webinar (id, course, title, description, starts_at, minutes, capacity, threshold, audience, \
             created_by, created_at, sequence) VALUES ('{webinar}', 'mediation-numerique', 'Les outils', '', {starts}, \
             90, 100, 80, 'nation', {trainer_id}, {at}, 0)"
        ))
        .await;
        self.run(format!("INSERT INTO webinar_trainer (webinar_id, person_id) VALUES ('{webinar}', {trainer_id})"))
            .await;
        let mut clients = Vec::new();
        for agent in &agent_ids {
            self.run(format!(
                "INSERT INTO webinar_registration (webinar_id, person_id, at, status) \
                 VALUES ('{webinar}', {agent}, {at}, 'registered')"
            ))
            .await;
            clients.push(self.signed_in(*agent).await);
        }
        Meeting { webinar, trainer: self.signed_in(trainer_id).await, agents: clients, trainer_id, agent_ids }
    }

    async fn run(&self, sql: String) {
        let done = self
            .app
            .db
            .write(move |db| Box::pin(async move { db.execute_unprepared(&sql).await.map(drop).map_err(Error::from) }));
        done.await.expect("a statement");
    }
}
