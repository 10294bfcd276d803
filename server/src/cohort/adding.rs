//! Members added by their addresses, or all those of a territory: shown first, then added.

use super::members::{self, Found, Source};
use super::page;
use super::store::{self, Cohort};
use crate::access::{CohortManager, Viewer};
use crate::app::App;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::place::maison;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::ids::{CohortId, MaisonId};
use domain::place::DepartementCode;
use domain::text::{counted, paris};
use frontend::cohort::{AddPage, add_page};
use http::StatusCode;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::Deserialize;

/// Addresses that are read of one form.
const MOST: usize = 500;

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    #[serde(default)]
    addresses: String,
    #[serde(default)]
    departement: String,
    #[serde(default)]
    maison: String,
    /// `yes` where those of another cohort are to be moved.
    #[serde(default)]
    moves: String,
    /// `look` or `add`.
    #[serde(default, rename = "do")]
    act: String,
}

/// `POST /cohortes/{cohort}/membres`: who would join, and whether they do.
pub async fn add(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<CohortId>,
    Form(asked): Form<Asked>,
) -> Result<Response> {
    let opened = page::open(&app, &viewer, id).await?;
    let manager: CohortManager = opened.manager.ok_or(Error::NotFound)?;
    let (moves, adds) = (asked.moves == "yes", asked.act == "add");
    let source = match asked.source() {
        Ok(source) => source,
        Err(said) => return Ok(refused(around, &opened.cohort, said)),
    };
    if adds {
        match members::add(&app, manager, source.clone(), moves).await {
            Ok(()) => return Ok(Redirect::to(&format!("/cohortes/{id}")).into_response()),
            Err(Error::Conflict(said)) => return look(&app, around, &opened.cohort, asked, source, Some(said)).await,
            Err(error) => return Err(error),
        }
    }
    look(&app, around, &opened.cohort, asked, source, None).await
}

/// The page that shows who would join.
async fn look(
    app: &App,
    around: Surroundings,
    cohort: &Cohort,
    asked: Asked,
    source: Source,
    problem: Option<String>,
) -> Result<Response> {
    let db = app.db.reader();
    let moves = asked.moves == "yes";
    let found = members::find(db, cohort, &source, moves).await?;
    let closed = cohort.stage(paris(app.clock.now()).date()).still_open().err().map(str::to_owned);
    let over = found.admission.over;
    let problem = problem.or(closed).or_else(|| (over > 0).then(|| members::too_many(over, cohort.capacity)));
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let size = store::size(db, cohort.id).await?;
    let code = asked.departement.parse::<DepartementCode>().ok();
    let view = add_page(AddPage {
        href: format!("/cohortes/{}", cohort.id),
        cohort: cohort.name.clone(),
        whence: code.map(|code| format!("du département {} – {}", code, code.name())).unwrap_or_default(),
        maisons: match code {
            Some(code) => maisons(db, code).await?,
            None => Vec::new(),
        },
        new: names(&found, &found.admission.new),
        elsewhere: found
            .admission
            .elsewhere
            .iter()
            .filter_map(|id| Some((found.people.get(id)?.name(), found.cohorts.get(id).cloned()?)))
            .collect(),
        moves,
        already: found.admission.already.len() as u64,
        unknown: found.unknown,
        done: found.done,
        maison: asked.maison.clone(),
        places: cohort.capacity.saturating_sub(size).into(),
        hidden: asked.hidden(),
        problem,
    });
    Ok(around.page_as(status, "Ajouter des agents", view))
}

/// The page again, where the form says nobody.
fn refused(around: Surroundings, cohort: &Cohort, said: String) -> Response {
    let view = add_page(AddPage {
        href: format!("/cohortes/{}", cohort.id),
        cohort: cohort.name.clone(),
        problem: Some(said),
        ..AddPage::default()
    });
    around.page_as(StatusCode::UNPROCESSABLE_ENTITY, "Ajouter des agents", view)
}

fn names(found: &Found, people: &[domain::ids::PersonId]) -> Vec<String> {
    people.iter().filter_map(|id| Some(found.people.get(id)?.name())).collect()
}

/// The maisons of a département, to keep to one.
async fn maisons(db: &impl ConnectionTrait, code: DepartementCode) -> Result<Vec<(String, String)>> {
    let rows = maison::Entity::find().filter(maison::Column::Departement.eq(code.as_str()));
    let rows = rows.order_by_asc(maison::Column::Name).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id.to_string(), format!("{}, {}", row.name, row.commune))).collect())
}

impl Asked {
    fn source(&self) -> std::result::Result<Source, String> {
        if !self.departement.is_empty() {
            let code = self.departement.parse().map_err(|_| "Choisissez un département de la liste.".to_owned())?;
            return match self.maison.as_str() {
                "" => Ok(Source::Departement(code)),
                id => id
                    .parse()
                    .map(MaisonId)
                    .map(Source::Maison)
                    .map_err(|_| "Choisissez une maison de la liste.".into()),
            };
        }
        let addresses = self.addresses.split([' ', '\n', '\r', '\t', ',', ';']).filter(|typed| !typed.is_empty());
        let addresses: Vec<String> = addresses.map(str::to_owned).collect();
        match addresses.len() {
            0 => Err("Écrivez au moins une adresse, ou choisissez un département.".into()),
            n if n > MOST => {
                let n = counted(n as u64, "adresse", "adresses");
                Err(format!("{n}, c’est trop\u{a0}: {MOST} au plus. Envoyez plutôt un fichier."))
            }
            _ => Ok(Source::Addresses(addresses)),
        }
    }

    /// What a form repeats to be about the same people.
    fn hidden(&self) -> Vec<(&'static str, String)> {
        let own = [("addresses", &self.addresses), ("departement", &self.departement), ("maison", &self.maison)];
        own.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, value.clone())).collect()
    }
}
