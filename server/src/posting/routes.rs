//! What administrators enter on an account's page: a move, a leave, a return.

use super::store;
use crate::access::Viewer;
use crate::administration;
use crate::app::App;
use crate::error::Result;
use crate::merging;
use crate::page::Surroundings;
use crate::place;
use crate::webinar::presence::names;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::ids::{MaisonId, PersonId};
use domain::posting::{Posting, REASON, periods};
use domain::record::FIRST_DAY;
use domain::text::{day_long, paris};
use frontend::administration::{Period, Posted, Typed};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use uuid::Uuid;

/// How far ahead a posting may be entered, in days.
const AHEAD: i64 = 366;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    /// Made with the form.
    affectation: Uuid,
    depuis: String,
    situation: String,
    #[serde(default)]
    maison: String,
    #[serde(default)]
    motif: String,
}

/// `POST /administration/comptes/{person}/affectation`. Sent twice, it is entered once.
pub async fn enter(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(person): Path<PersonId>,
    Form(sent): Form<Sent>,
) -> Result<Response> {
    viewer.administrator()?;
    merging::store::still_stands(app.db.reader(), person).await?;
    let maisons = place::list(&app).await?;
    match read(&sent, &maisons, paris(app.clock.now()).date()) {
        Ok(posting) => {
            let (inside, id) = (app.clone(), sent.affectation);
            app.db
                .write(move |db| {
                    Box::pin(async move { store::enter(&inside, db, viewer.person, (person, id), posting).await })
                })
                .await?;
            Ok(Redirect::to(&format!("/administration/comptes/{person}")).into_response())
        }
        Err((field, problem)) => {
            let Sent { affectation, depuis, situation, maison, motif } = sent;
            let problem = Some((field, problem));
            let typed =
                Typed { id: affectation.to_string(), from: depuis, state: situation, maison, reason: motif, problem };
            administration::refused(&app, around, person, typed).await
        }
    }
}

fn read(sent: &Sent, known: &[place::maison::Model], today: Date) -> Result<Posting, (&'static str, String)> {
    let from: Date = sent.depuis.trim().parse().map_err(|_| ("depuis", "Indiquez un jour qui existe.".to_owned()))?;
    let latest = today.saturating_add(jiff::Span::new().days(AHEAD));
    if from < FIRST_DAY || from > latest {
        return Err(("depuis", format!("Indiquez un jour du {} au {}.", day_long(FIRST_DAY), day_long(latest))));
    }
    let state =
        sent.situation.parse().map_err(|_| ("situation", "Choisissez la situation dans la liste.".to_owned()))?;
    let maison = match sent.maison.as_str() {
        "" => None,
        id => {
            let maison = id.parse().ok().filter(|id| known.iter().any(|maison| maison.id == *id));
            Some(MaisonId(maison.ok_or_else(|| ("maison", "Choisissez la maison dans la liste.".to_owned()))?))
        }
    };
    let reason = sent.motif.split_whitespace().collect::<Vec<_>>().join(" ");
    if reason.chars().count() > REASON || reason.chars().any(char::is_control) {
        return Err(("motif", format!("Raccourcissez le motif à {REASON} caractères au plus.")));
    }
    Ok(Posting { from, state, maison, reason })
}

/// What an account's page shows of it: the history, and the form.
pub(crate) async fn shown(app: &App, person: PersonId, maison: Option<i64>, typed: Option<Typed>) -> Result<Posted> {
    let kept = store::of(app.db.reader(), person).await?;
    let authors = names(app.db.reader(), kept.iter().map(|kept| kept.by).collect::<Vec<_>>()).await?;
    let maisons: Vec<(i64, String)> = place::list(app)
        .await?
        .into_iter()
        .map(|maison| (maison.id, format!("{} – {} ({})", maison.name, maison.commune, maison.departement)))
        .collect();
    let named: BTreeMap<i64, &String> = maisons.iter().map(|(id, name)| (*id, name)).collect();
    let called = |id: Option<i64>| id.and_then(|id| named.get(&id)).map_or("aucune maison", |name| name.as_str());
    let entered: Vec<Posting> = kept.iter().map(|kept| kept.posting.clone()).collect();
    let author = |posting: &Posting| kept.iter().rfind(|kept| kept.posting == *posting).map(|kept| kept.by);
    let lines = periods(&entered).into_iter().map(|(posting, until)| Period {
        from: posting.from,
        until,
        said: format!("{}, {}", posting.state.name(), called(posting.maison.map(|maison| maison.0))),
        reason: posting.reason.clone(),
        by: author(posting).and_then(|by| authors.get(&by)).cloned().unwrap_or_default(),
    });
    let typed = typed.unwrap_or_else(|| Typed {
        id: app.dice.uuid().to_string(),
        from: paris(app.clock.now()).date().to_string(),
        state: domain::posting::State::Present.to_string(),
        maison: maison.map(|id| id.to_string()).unwrap_or_default(),
        ..Typed::default()
    });
    Ok(Posted { now: called(maison).to_owned(), periods: lines.collect(), typed, maisons: maisons.clone() })
}
