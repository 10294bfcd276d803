//! The cohorts of a course: filtered, sorted, a page at a time.

use super::store::{self, Cohort};
use crate::access::Viewer;
use crate::app::App;
use crate::error::Result;
use crate::follow_up::cohorts::{Standing, standings};
use crate::follow_up::question;
use crate::follow_up::routes::{courses, published};
use crate::page::Surroundings;
use crate::webinar::store::Person;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::cohort::Stage;
use domain::text::{folded, paris};
use frontend::cohort::{List, Listed, list_page};
use serde::Deserialize;

/// Cohorts on a page.
const PAGE: usize = 50;

/// What is asked of the list.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    cours: Option<String>,
    #[serde(default)]
    q: String,
    #[serde(default)]
    etat: String,
    #[serde(default)]
    tri: String,
    page: Option<usize>,
}

/// `GET /cohortes`
pub async fn list(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (course, followed) = viewer.followed_course(&published(&app), asked.cours.as_deref())?;
    let lister = viewer.lister_of(&course)?;
    let may_plan = viewer.planner(std::slice::from_ref(&course)).is_ok();
    let sees_all = may_plan || lister.reach.everybody;
    let db = app.db.reader();
    let standings = standings(db, &question(&app, &course), &lister, None).await?;
    let today = paris(app.clock.now()).date();
    let query = folded(&asked.q);
    let stage = Stage::ALL.into_iter().find(|stage| stage.as_str() == asked.etat);
    let mut rows: Vec<(Cohort, Stage, Standing)> = store::of_course(db, &course)
        .await?
        .into_iter()
        .filter(|cohort| sees_all || standings.contains_key(&cohort.id))
        .map(|cohort| {
            let (at, standing) = (cohort.stage(today), standings.get(&cohort.id).copied().unwrap_or_default());
            (cohort, at, standing)
        })
        .filter(|(cohort, at, _)| stage.is_none_or(|stage| stage == *at) && folded(&cohort.name).contains(&query))
        .collect();
    match asked.tri.as_str() {
        "debut" => rows.sort_by_key(|(cohort, ..)| cohort.from),
        "nom" => rows.sort_by_cached_key(|(cohort, ..)| folded(&cohort.name)),
        "retard" => rows.sort_by_key(|(_, _, standing)| std::cmp::Reverse(standing.late)),
        // As they were read: those that end last first.
        _ => {}
    }
    let total = rows.len();
    let page = asked.page.unwrap_or(1).clamp(1, total.div_ceil(PAGE).max(1));
    let href = |to: usize| Some(asked.path(to)).filter(|_| to >= 1 && to <= total.div_ceil(PAGE));
    let view = list_page(List {
        courses: courses(&app, &course, &followed),
        before: href(page - 1),
        after: href(page + 1),
        asked: frontend::cohort::Asked {
            query: asked.q.trim().to_owned(),
            stage: asked.etat.clone(),
            order: asked.tri.clone(),
        },
        rows: rows.into_iter().skip((page - 1) * PAGE).take(PAGE).map(listed).collect(),
        total: total as u64,
        may_plan,
        is_partial: !sees_all,
    });
    Ok(around.page("Cohortes", view))
}

fn listed((cohort, stage, Standing { members, done, late }): (Cohort, Stage, Standing)) -> Listed {
    let trainers: Vec<String> = cohort.trainers.iter().map(Person::name).collect();
    Listed {
        href: format!("/cohortes/{}", cohort.id),
        days: cohort.days(),
        trainers: trainers.join(", "),
        stage,
        members,
        done,
        late,
        name: cohort.name,
    }
}

impl Asked {
    /// The address of that page of the same list.
    fn path(&self, page: usize) -> String {
        let page = page.to_string();
        let own = [
            ("cours", self.cours.as_deref().unwrap_or_default()),
            ("q", self.q.trim()),
            ("etat", &self.etat),
            ("tri", &self.tri),
            ("page", &page),
        ];
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(own.into_iter().filter(|(_, value)| !value.is_empty()));
        format!("/cohortes?{}", query.finish())
    }
}
