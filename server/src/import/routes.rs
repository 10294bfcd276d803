//! Pages of the administration that bring a file in.

use super::apply::{self, Planned};
use super::file;
use super::store::{self, Import};
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use axum::Form;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::ids::{CohortId, PersonId};
use domain::import::{Kind, Matching, Table};
use frontend::administration::{
    ColumnChoice, Desk as ShownDesk, ImportPage, ImportState, Imported, ProblemLine, SendFile, import_page,
    send_file_page,
};
use http::StatusCode;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The largest file that is read.
const FILE_LIMIT: usize = 4 * 1024 * 1024;

/// How much of a larger one is waited for, to be told why it is refused rather than cut off.
pub const BODY_LIMIT: usize = 32 * 1024 * 1024;

const TOO_LARGE: &str = "Ce fichier dépasse 4\u{a0}Mo\u{a0}: partagez-le en plusieurs.";

/// Problems shown on the page.
const SHOWN: usize = 200;

/// Fields of a form, by name.
pub(crate) type Fields = BTreeMap<String, String>;

/// A form with a file, as it comes.
pub(crate) type Sent = Result<Multipart, MultipartRejection>;

/// Where files are brought in, and by whom.
pub(crate) struct Desk {
    pub(crate) author: PersonId,
    /// The cohort whose members they bring; none for the administration's.
    pub(crate) cohort: Option<CohortId>,
    pub(crate) shown: ShownDesk,
}

impl Desk {
    /// The administration's.
    fn of(viewer: &Viewer) -> Result<Self> {
        viewer.administrator()?;
        Ok(Self { author: viewer.person, cohort: None, shown: ShownDesk::Administration })
    }

    /// The file of that identifier, if it came to this desk.
    async fn load(&self, app: &App, id: Uuid) -> Result<Import> {
        let import = store::load(app.db.reader(), id).await?;
        if import.cohort == self.cohort { Ok(import) } else { Err(Error::NotFound) }
    }

    fn takes(&self, kind: Kind) -> bool {
        (kind == Kind::Members) == self.cohort.is_some()
    }
}

/// `GET /administration/importations`
pub async fn new_page(State(app): State<App>, viewer: Viewer, around: Surroundings) -> Result<Response> {
    Ok(begin(&app, around, Desk::of(&viewer)?))
}

/// The page that sends a file there.
pub(crate) fn begin(app: &App, around: Surroundings, desk: Desk) -> Response {
    let import = app.dice.uuid().to_string();
    around.page("Importer", send_file_page(SendFile { import, desk: desk.shown, ..SendFile::default() }))
}

/// `POST /administration/importations`: reads the file and keeps it, to be checked.
pub async fn send(State(app): State<App>, viewer: Viewer, around: Surroundings, form: Sent) -> Result<Response> {
    keep(&app, around, Desk::of(&viewer)?, form).await
}

/// Reads what was sent there and keeps it, to be checked.
pub(crate) async fn keep(app: &App, around: Surroundings, desk: Desk, form: Sent) -> Result<Response> {
    let form = form.map_err(|_| Error::BadRequest("Envoyez le fichier depuis la page d’importation.".into()))?;
    let (fields, name, bytes) = parts(form).await?;
    let text = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let id = text("import").parse::<Uuid>().unwrap_or_else(|_| app.dice.uuid());
    let sheet: String = text("sheet").chars().filter(|sign| !sign.is_control()).take(60).collect();
    let read = match text("kind").parse::<Kind>() {
        Ok(kind) if desk.takes(kind) => unfold(bytes, sheet.clone()).await?.map(|table| (kind, table)),
        _ => Err("Dites ce que le fichier apporte\u{a0}: des maisons, des agents ou leur présence.".to_owned()),
    };
    match read {
        Ok((kind, table)) => {
            store::keep(app, (desk.author, desk.cohort), id, kind, name, &table).await?;
            Ok(Redirect::to(&format!("{}/{id}", desk.shown.href())).into_response())
        }
        Err(problem) => {
            let kind = text("kind").to_owned();
            let view = send_file_page(SendFile {
                import: id.to_string(),
                desk: desk.shown,
                kind,
                sheet,
                problem: Some(problem),
            });
            Ok(around.page_as(StatusCode::UNPROCESSABLE_ENTITY, "Importer", view))
        }
    }
}

/// Reads the cells away from the requests of others: a workbook takes its time.
async fn unfold(bytes: Vec<u8>, sheet: String) -> Result<Result<Table, String>> {
    let read = tokio::task::spawn_blocking(move || file::read(&bytes, &sheet)).await;
    read.map_err(|error| Error::Internal(error.to_string()))
}

async fn parts(mut form: Multipart) -> Result<(Fields, String, Vec<u8>)> {
    let unread = |error: axum::extract::multipart::MultipartError| {
        let large = error.status() == StatusCode::PAYLOAD_TOO_LARGE;
        Error::BadRequest(
            if large { TOO_LARGE } else { "Le fichier n’est pas arrivé entier\u{a0}: envoyez-le de nouveau." }.into(),
        )
    };
    let (mut fields, mut name, mut bytes) = (Fields::new(), String::new(), Vec::new());
    while let Some(mut part) = form.next_field().await.map_err(unread)? {
        match part.name() {
            Some("file") => {
                name =
                    part.file_name().unwrap_or_default().chars().filter(|sign| !sign.is_control()).take(120).collect();
                let mut length = 0;
                while let Some(chunk) = part.chunk().await.map_err(unread)? {
                    length += chunk.len();
                    if length <= FILE_LIMIT {
                        bytes.extend_from_slice(&chunk);
                    }
                }
                if length > FILE_LIMIT {
                    return Err(Error::BadRequest(TOO_LARGE.into()));
                }
            }
            Some(field @ ("import" | "kind" | "sheet")) => {
                let field = field.to_owned();
                fields.insert(field, part.text().await.map_err(unread)?);
            }
            _ => {}
        }
    }
    Ok((fields, name, bytes))
}

/// `GET /administration/importations/{import}`: what its columns hold, and what would change.
pub async fn check(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<Uuid>,
    Query(chosen): Query<Fields>,
) -> Result<Response> {
    look(&app, around, Desk::of(&viewer)?, id, &chosen).await
}

/// The page of a file that came there.
pub(crate) async fn look(app: &App, around: Surroundings, desk: Desk, id: Uuid, chosen: &Fields) -> Result<Response> {
    let import = desk.load(app, id).await?;
    let matching = matching(&import, chosen);
    show(app, desk, around, (StatusCode::OK, false), import, matching).await
}

/// `POST /administration/importations/{import}`: carries it out. Sent twice, it is done once.
pub async fn carry_out(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<Uuid>,
    Form(chosen): Form<Fields>,
) -> Result<Response> {
    apply(&app, around, Desk::of(&viewer)?, id, &chosen).await
}

/// Carries out a file that came there.
pub(crate) async fn apply(app: &App, around: Surroundings, desk: Desk, id: Uuid, chosen: &Fields) -> Result<Response> {
    let import = desk.load(app, id).await?;
    let matching = matching(&import, chosen);
    let only_whole = chosen.get("choix").is_none_or(|choice| choice != "valides");
    let is_complete = import.outcome.is_some() || matching.missing(import.kind).is_empty();
    if is_complete && apply::apply(app, desk.author, id, matching.clone(), only_whole).await? {
        return Ok(Redirect::to(&format!("{}/{id}", desk.shown.href())).into_response());
    }
    show(app, desk, around, (StatusCode::UNPROCESSABLE_ENTITY, is_complete), import, matching).await
}

/// What was chosen, else what the headings tell.
fn matching(import: &Import, chosen: &Fields) -> Matching {
    if !chosen.keys().any(|name| name.starts_with("c-")) {
        return Matching::guess(import.kind, &import.table.header);
    }
    let choice = |field: &str| chosen.get(&format!("c-{field}"))?.parse().ok();
    Matching::chosen(import.kind, import.table.header.len(), choice)
}

async fn show(
    app: &App,
    desk: Desk,
    around: Surroundings,
    (status, refused): (StatusCode, bool),
    import: Import,
    matching: Matching,
) -> Result<Response> {
    let counts = |outcome: store::Outcome| Imported {
        created: outcome.created,
        updated: outcome.updated,
        unchanged: outcome.unchanged,
        wrong: outcome.wrong,
    };
    let missing = matching.missing(import.kind);
    let state = if let Some(outcome) = import.outcome {
        ImportState::Done(counts(outcome))
    } else if !missing.is_empty() {
        ImportState::Incomplete(missing.iter().map(|field| field.label).collect())
    } else {
        let planned: Planned = apply::plan(app, app.db.reader(), desk.author, &import, &matching).await?;
        let problems = planned.problems();
        ImportState::Planned {
            counts: counts(planned.outcome()),
            problems: problems
                .iter()
                .take(SHOWN)
                .map(|problem| ProblemLine {
                    line: problem.line,
                    column: problem.column,
                    what: problem.what.clone(),
                    remedy: problem.remedy.clone(),
                })
                .collect(),
            more: problems.len().saturating_sub(SHOWN) as u64,
            refused,
        }
    };
    let fields = import.kind.fields().iter().map(|field| ColumnChoice {
        name: field.name,
        label: field.label,
        required: field.required,
        chosen: matching.column(field.name),
    });
    let view = import_page(ImportPage {
        href: format!("{}/{}", desk.shown.href(), import.id),
        desk: desk.shown,
        file_name: import.file_name,
        brings: import.kind,
        header: import.table.header,
        fields: fields.collect(),
        state,
    });
    Ok(around.page_as(status, "Importer", view))
}
