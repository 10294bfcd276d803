//! `/studio/{course}/reglages`: what a course says of itself, and who writes it.

use super::{DESCRIPTION, authors, opened, store, text_of};
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::studio::store::{Save, Saved};
use crate::webinar::presence::names;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::ids::{CourseSlug, PersonId};
use domain::studio::description::{self, Description};
use domain::studio::written::one_line;
use frontend::studio::desk::{AuthorLine, SettingsPage, SettingsTyped, settings_page};
use http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;

/// A list typed a line each.
pub(super) fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(one_line);
    lines.filter(|line| !line.is_empty()).collect()
}

/// What is wrong with a description, and in which field.
pub(super) fn problems(said: &Description) -> Vec<(&'static str, String)> {
    let mut problems = Vec::new();
    let mut say = |field, said: &str| problems.push((field, said.to_owned()));
    if said.title.is_empty() {
        say("title", "Donnez un titre au cours.");
    } else if said.title.chars().count() > 200 {
        say("title", "Raccourcissez le titre à 200 signes au plus.");
    }
    if said.summary.is_empty() {
        say("summary", "Dites en une ou deux phrases de quoi parle le cours.");
    } else if said.summary.chars().count() > 1000 {
        say("summary", "Raccourcissez le résumé à 1 000 signes au plus.");
    }
    if said.objectives.is_empty() {
        say("objectives", "Dites au moins une chose que l’agent saura faire.");
    } else if said.objectives.iter().any(|line| line.chars().count() > 300) {
        say("objectives", "Raccourcissez chaque objectif à 300 signes au plus.");
    }
    if said.licence.is_empty() || said.licence.chars().count() > 100 {
        say(
            "licence",
            "Dites sous quelle licence le cours est publié, en 100 signes au plus. Par exemple\u{a0}: CC BY 4.0.",
        );
    }
    problems
}

/// `GET /studio/{course}/reglages`
pub async fn page(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(course): Path<CourseSlug>,
) -> Result<Response> {
    super::super::authored(&app, &viewer, &course).await?;
    let (base, text) = text_of(app.db.reader(), &course, DESCRIPTION).await?.unwrap_or_default();
    let said = description::read(&text);
    let typed = SettingsTyped {
        request: app.dice.uuid().to_string(),
        base,
        title: said.title,
        summary: said.summary,
        objectives: said.objectives.join("\n"),
        licence: said.licence,
    };
    show(&app, &viewer, around, (StatusCode::OK, course), typed, Vec::new(), (String::new(), None)).await
}

async fn show(
    app: &App,
    viewer: &Viewer,
    around: Surroundings,
    (status, course): (StatusCode, CourseSlug),
    typed: SettingsTyped,
    problems: Vec<(&'static str, String)>,
    (address, unknown): (String, Option<String>),
) -> Result<Response> {
    let (_, _, framed) = opened(app, viewer, &course).await?;
    let authors = store::authors(app.db.reader(), &course).await?;
    let names = names(app.db.reader(), authors.iter().copied()).await?;
    let line = |(person, name): (PersonId, String)| AuthorLine { person: person.0, name };
    let title = format!("Réglages\u{a0}: {}", framed.title);
    let view = settings_page(SettingsPage {
        framed,
        typed,
        problems,
        authors: names.into_iter().map(line).collect(),
        address,
        unknown,
    });
    Ok(around.studio_page(status, &title, view))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    request: Uuid,
    base: i64,
    title: String,
    summary: String,
    objectives: String,
    licence: String,
}

/// `POST /studio/{course}/reglages`
pub async fn save(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(course): Path<CourseSlug>,
    Form(sent): Form<Sent>,
) -> Result<Response> {
    let (_, author) = super::super::authored(&app, &viewer, &course).await?;
    let Sent { request, base, title, summary, objectives, licence } = sent;
    let said = Description {
        title: title.trim().to_owned(),
        summary: one_line(&summary),
        objectives: lines(&objectives),
        licence: licence.trim().to_owned(),
    };
    let typed = SettingsTyped { request: request.to_string(), base, title, summary, objectives, licence };
    let problems = problems(&said);
    if !problems.is_empty() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return show(&app, &viewer, around, (status, course), typed, problems, (String::new(), None)).await;
    }
    let now = app.clock.now();
    let saved = app
        .db
        .write(move |db| {
            Box::pin(async move {
                let file = text_of(db, &author.course, DESCRIPTION).await?.unwrap_or_default().1;
                let bytes = Some(description::write(&file, &said).into_bytes());
                let save = Save { path: DESCRIPTION.to_owned(), base: (base > 0).then_some(base), bytes };
                store::save(db, &author, (now, request), save).await
            })
        })
        .await?;
    match saved {
        Saved::Kept(_) => Ok(Redirect::to(&format!("/studio/{course}")).into_response()),
        Saved::Behind(known) => {
            let base = known.map(|file| file.revision).unwrap_or_default();
            let typed = SettingsTyped { request: app.dice.uuid().to_string(), base, ..typed };
            let said = "Quelqu’un a changé ces réglages entre-temps. Vérifiez les vôtres ci-dessous\u{a0}: en enregistrant de nouveau, ils remplaceront les siens, que l’historique garde.";
            let problems = vec![("title", said.to_owned())];
            let place = (StatusCode::CONFLICT, course);
            show(&app, &viewer, around, place, typed, problems, (String::new(), None)).await
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authors {
    #[serde(default)]
    address: String,
    /// Who is taken off.
    remove: Option<PersonId>,
}

/// `POST /studio/{course}/auteurs`: adds or takes off a co-author.
pub async fn authors(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(course): Path<CourseSlug>,
    Form(Authors { address, remove }): Form<Authors>,
) -> Result<Response> {
    let (_, _, framed) = opened(&app, &viewer, &course).await?;
    let publisher = viewer.course_publisher(&course)?;
    let to = format!("/studio/{course}/reglages#auteurs");
    if let Some(person) = remove {
        authors::remove(&app, &publisher, person).await?;
        return Ok(Redirect::to(&to).into_response());
    }
    match authors::add(&app, &publisher, &framed.title, address.trim()).await {
        Ok(()) => Ok(Redirect::to(&to).into_response()),
        Err(Error::BadRequest(said)) => {
            let (base, text) = text_of(app.db.reader(), &course, DESCRIPTION).await?.unwrap_or_default();
            let known = description::read(&text);
            let typed = SettingsTyped {
                request: app.dice.uuid().to_string(),
                base,
                title: known.title,
                summary: known.summary,
                objectives: known.objectives.join("\n"),
                licence: known.licence,
            };
            let place = (StatusCode::UNPROCESSABLE_ENTITY, course);
            show(&app, &viewer, around, place, typed, Vec::new(), (address, Some(said))).await
        }
        Err(error) => Err(error),
    }
}
