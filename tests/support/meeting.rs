//! Webinars about to begin, and people with a place in them.

use crate::accounts::person;
use crate::{Client, Product, workspace};
use domain::identity::{Role, Scope};
use domain::ids::{PersonId, WebinarId};
use domain::webinar::kit::Kit;
use jiff::SignedDuration;
use sea_orm::ConnectionTrait as _;
use server::app::App;
use server::document;
use server::error::Error;
use server::identity::session;

/// A webinar whose waiting room is open, its trainer, and some agents with a place.
pub struct Meeting {
    pub webinar: WebinarId,
    pub trainer: Client,
    pub agents: Vec<Client>,
    pub trainer_id: PersonId,
    pub agent_ids: Vec<PersonId>,
}

impl Meeting {
    /// The same on a product that is opened here and served by another process.
    pub async fn in_house(app: &App, agents: usize) -> Self {
        Self::on(app, "http://127.0.0.1", agents).await
    }

    async fn on(app: &App, url: &str, agents: usize) -> Self {
        let signed_in = async |person| {
            let client = Client::new(url);
            client.take_cookie("__Host-socle", &session::open(app, person).await.expect("a session").secret);
            client
        };
        let course = Scope::Course("mediation-numerique".parse().expect("a slug"));
        let trainer_id = person(app, "Marie", Role::Trainer, course).await;
        let webinar = WebinarId(app.dice.uuid());
        let now = app.clock.now();
        let (at, starts) = (now.as_millisecond(), (now + SignedDuration::from_mins(5)).as_millisecond());
        run(
            app,
            format!(
                "INSERT INTO webinar (id, course, title, description, starts_at, minutes, capacity, threshold, \
                 audience, created_by, created_at, sequence) VALUES ('{webinar}', 'mediation-numerique', \
                 'Les outils', '', {starts}, 90, 1000, 66, 'nation', {trainer_id}, {at}, 0)"
            ),
        )
        .await;
        run(app, format!("INSERT INTO webinar_trainer (webinar_id, person_id) VALUES ('{webinar}', {trainer_id})"))
            .await;
        let (mut agent_ids, mut clients) = (Vec::new(), Vec::new());
        for number in 1..=agents {
            let agent = person(app, &format!("Agent{number}"), Role::Agent, Scope::Own).await;
            run(
                app,
                format!(
                    "INSERT INTO webinar_registration (webinar_id, person_id, at, status) \
                     VALUES ('{webinar}', {agent}, {at}, 'registered')"
                ),
            )
            .await;
            agent_ids.push(agent);
            clients.push(signed_in(agent).await);
        }
        Self { webinar, trainer: signed_in(trainer_id).await, agents: clients, trainer_id, agent_ids }
    }
}

impl Meeting {
    /// It is to be recorded.
    pub async fn is_recorded(&self, app: &App) {
        run(app, format!("UPDATE webinar SET recorded = true WHERE id = '{}'", self.webinar)).await;
    }

    /// Leads it with what is prepared in that folder of the content: polls, a live quiz.
    pub async fn prepare(&self, app: &App, kit: &str) {
        let checked = document::check::<Kit>(&workspace().join("content").join(kit)).expect("a folder");
        document::publish(app, checked).await.expect("publishes");
        run(app, format!("UPDATE webinar SET kit = '{kit}' WHERE id = '{}'", self.webinar)).await;
    }
}

impl Product {
    /// A webinar that starts in five minutes, with so many agents.
    pub async fn meeting(&self, agents: usize) -> Meeting {
        Meeting::on(&self.app, &self.url, agents).await
    }
}

/// Writes that into the database.
///
/// # Panics
/// Where it cannot be.
pub async fn run(app: &App, sql: String) {
    let done = app
        .db
        .write(move |db| Box::pin(async move { db.execute_unprepared(&sql).await.map(drop).map_err(Error::from) }));
    done.await.expect("a statement");
}
