//! The list of agents: what is asked of it, and its page.

use super::agents::{self, Among, Cursor, Filter, Order, Wanted, Window};
use super::cohorts::standings;
use super::routes::{chapters_of, courses, published, question};
use super::store::{self, Question};
use crate::access::{AgentLister, Viewer};
use crate::app::App;
use crate::cohort;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::ids::MaisonId;
use domain::place::{DEPARTEMENTS, Territory};
use frontend::follow_up::{AgentRow, Agents, agents_page};
use jiff::Timestamp;
use serde::Deserialize;

/// Agents on a page.
const PAGE: usize = 50;

/// Asks for those who are in no cohort.
const NO_COHORT: &str = "aucune";

/// What is asked of the list of agents.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    cours: Option<String>,
    #[serde(default)]
    q: String,
    #[serde(default)]
    departement: String,
    #[serde(default)]
    maison: String,
    /// A cohort's identifier, or `aucune`.
    #[serde(default)]
    cohorte: String,
    #[serde(default)]
    etat: String,
    #[serde(default)]
    tri: String,
    apres: Option<String>,
    avant: Option<String>,
}

/// `GET /suivi/agents`
pub async fn list(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (question, lister, filter) = asked.read(&app, &viewer)?;
    let db = app.db.reader();
    let who = (&lister, &filter);
    let place = (asked.order(), asked.window()?);
    let (page, total, maison) = tokio::try_join!(
        agents::list(db, &question, who, (place.0, &place.1), PAGE),
        agents::count(db, &question, &lister, &filter),
        async {
            match filter.maison {
                // One that is not theirs lists nobody; it has no name either.
                Some(id) => Ok(store::departement_of(db, id)
                    .await
                    .ok()
                    .filter(|code| viewer.reader_of_territory(&lister.course, Territory::Maison(id, *code)).is_ok())),
                None => Ok(None),
            }
        },
    )?;
    let maison = match (maison, filter.maison) {
        (Some(_), Some(id)) => Some(store::maison(db, &question, id).await?.0.name),
        _ => None,
    };
    let chapters = chapters_of(&app, &lister.course);
    let rows = page.rows.iter().map(|row| {
        let positive = |n: i32| u32::try_from(n).unwrap_or(0);
        AgentRow {
            href: format!("/suivi/{}", row.person_id),
            name: format!("{} {}", row.first_name, row.last_name),
            maison: row.maison.clone(),
            departement: Some(row.departement.clone()).filter(|code| !code.is_empty()),
            state: row.state(),
            is_late: row.is_late(&question),
            done: positive(row.chapters),
            of: chapters,
            minutes: positive(row.minutes),
            minutes_live: positive(row.minutes_live),
            last: Timestamp::from_millisecond(row.last_at).ok().filter(|_| row.last_at > 0),
        }
    });
    let departements = if lister.reach.everybody || lister.reach.takers {
        DEPARTEMENTS.iter().map(|known| (known.code.to_owned(), known.name.to_owned())).collect()
    } else {
        lister.reach.departements.iter().map(|code| (code.to_string(), code.name().to_owned())).collect()
    };
    let (_, followed) = viewer.followed_course(&published(&app), asked.cours.as_deref())?;
    let around_here = |key: &str, cursor: Option<Cursor>| {
        cursor.map(|cursor| asked.path("/suivi/agents", &[(key, &cursor.to_string())]))
    };
    let view = agents_page(Agents {
        asked: asked.shown(),
        courses: courses(&app, &lister.course, &followed),
        departements,
        cohorts: cohorts(&app, &viewer, &question, &lister).await?,
        maison,
        rows: rows.collect(),
        total,
        before: around_here("avant", page.before),
        after: around_here("apres", page.after),
        csv: asked.path("/suivi/agents/fichier/csv", &[]),
        xlsx: asked.path("/suivi/agents/fichier/xlsx", &[]),
        reminders: Some(asked.path("/suivi/relances", &[])),
        takers_only: lister.reach.takers && !lister.reach.everybody,
    });
    Ok(around.page("Agents", view))
}

/// The cohorts that this person may keep the list to: all of the course, or those of the agents whom they list.
async fn cohorts(
    app: &App,
    viewer: &Viewer,
    question: &Question,
    lister: &AgentLister,
) -> Result<Vec<(String, String)>> {
    let db = app.db.reader();
    let mut known = cohort::known_in(db, &lister.course).await?;
    let sees_all = lister.reach.everybody || viewer.planner(std::slice::from_ref(&lister.course)).is_ok();
    if !sees_all && !known.is_empty() {
        let own = standings(db, question, lister, None).await?;
        known.retain(|(id, _)| id.parse().is_ok_and(|id| own.contains_key(&id)));
    }
    Ok(known)
}

impl Asked {
    /// What is asked, of whom this person may list.
    pub(super) fn read(&self, app: &App, viewer: &Viewer) -> Result<(Question, AgentLister, Filter)> {
        let (course, _) = viewer.followed_course(&published(app), self.cours.as_deref())?;
        let lister = viewer.lister_of(&course)?;
        let nowhere = |_| Error::NotFound;
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let filter = Filter {
            query: self.q.trim().chars().take(100).collect(),
            departement: some(&self.departement).map(|code| code.parse()).transpose().map_err(|_| Error::NotFound)?,
            maison: some(&self.maison).map(|id| id.parse().map(MaisonId)).transpose().map_err(nowhere)?,
            cohort: some(&self.cohorte)
                .map(|cohort| if cohort == NO_COHORT { Ok(Among::None) } else { cohort.parse().map(Among::Cohort) })
                .transpose()
                .map_err(|_| Error::NotFound)?,
            state: Wanted::ALL.into_iter().find(|(name, _)| *name == self.etat).map(|(_, wanted)| wanted),
        };
        Ok((question(app, &course), lister, filter))
    }

    fn order(&self) -> Order {
        Order::ALL.into_iter().find(|(name, _)| *name == self.tri).map(|(_, order)| order).unwrap_or_default()
    }

    fn window(&self) -> Result<Window> {
        Ok(match (&self.apres, &self.avant) {
            (Some(after), _) => Window::After(after.parse()?),
            (None, Some(before)) => Window::Before(before.parse()?),
            (None, None) => Window::First,
        })
    }

    fn shown(&self) -> frontend::follow_up::Asked {
        frontend::follow_up::Asked {
            query: self.q.trim().to_owned(),
            departement: self.departement.clone(),
            maison: self.maison.clone(),
            cohort: self.cohorte.clone(),
            state: self.etat.clone(),
            order: self.tri.clone(),
        }
    }

    pub(super) fn course(&self) -> Option<&str> {
        self.cours.as_deref()
    }

    fn own(&self) -> [(&'static str, &str); 7] {
        [
            ("cours", self.cours.as_deref().unwrap_or_default()),
            ("q", self.q.trim()),
            ("departement", &self.departement),
            ("maison", &self.maison),
            ("cohorte", &self.cohorte),
            ("etat", &self.etat),
            ("tri", &self.tri),
        ]
    }

    /// What a form repeats to be about the same agents.
    pub(super) fn fields(&self) -> Vec<(String, String)> {
        let own = self.own().into_iter().filter(|(_, value)| !value.is_empty());
        own.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// The address of another page about the same agents.
    pub(super) fn path(&self, path: &str, more: &[(&str, &str)]) -> String {
        let own = self.own();
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(own.iter().chain(more).filter(|(_, value)| !value.is_empty()));
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}
