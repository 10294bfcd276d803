//! Courses and questions brought in from elsewhere: sent and kept beside the database, shown item by item, then carried
//! out into a draft.

use super::entity::course_import;
use super::words;
use crate::access::Viewer;
use crate::app::App;
use crate::course::archive::Refused;
use crate::course::interchange::{Brought, CannotBring, Labels, bring_course, bring_questions};
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::studio::authored;
use crate::studio::store::{self, Save, Saved};
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::course::interchange::Sort;
use domain::ids::{CourseSlug, PersonId};
use domain::studio::folder::path_in_draft;
use frontend::studio::publishing::{BringPage, BroughtPage, BroughtState, bring_page, brought_page};
use http::StatusCode;
use jiff::SignedDuration;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use std::collections::BTreeMap;
use std::path::PathBuf;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// The largest file that is brought in by a page: it is unpacked in memory, beside all that the server does.
const FILE_LIMIT: u64 = 64 * 1024 * 1024;

/// How much of a larger one is waited for, to be told why it is refused rather than cut off.
pub const BODY_LIMIT: usize = 80 * 1024 * 1024;

/// What was sent and not carried out is thrown away after that.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

const TOO_LARGE: &str = "Ce fichier dépasse 64\u{a0}Mo\u{a0}: allégez ses vidéos, ou envoyez-les à part.";

/// Items shown on the page.
const SHOWN: usize = 500;

/// Files are unpacked one at a time: each may take hundreds of megabytes.
static UNPACKING: Semaphore = Semaphore::const_new(1);

/// `GET /studio/importer`
pub async fn new_page(State(app): State<App>, viewer: Viewer, around: Surroundings) -> Result<Response> {
    viewer.course_founder()?;
    let page = BringPage { import: app.dice.uuid().to_string(), kind: "course".into(), ..BringPage::default() };
    form(&app, &viewer, around, StatusCode::OK, page).await
}

/// `POST /studio/importer`: keeps the file, to be looked at.
pub async fn send(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    sent: Result<Multipart, MultipartRejection>,
) -> Result<Response> {
    viewer.course_founder()?;
    sweep(&app).await?;
    let sent = sent.map_err(|_| Error::BadRequest("Envoyez le fichier depuis la page d’importation.".into()))?;
    let id = app.dice.uuid();
    let (fields, name) = receive(&app, id, sent).await?;
    let text = |name: &str| fields.get(name).map(|text| text.trim().to_owned()).unwrap_or_default();
    let page = BringPage {
        import: text("import"),
        kind: text("kind"),
        course: text("course"),
        target: text("target"),
        section: text("section"),
        skill: text("skill"),
        ..BringPage::default()
    };
    match keep(&app, &viewer, id, name, &page).await? {
        Ok(id) => Ok(Redirect::to(&format!("/studio/importer/{id}")).into_response()),
        Err(problem) => {
            forget(&app, id).await;
            let page = BringPage { problem: Some(problem), ..page };
            form(&app, &viewer, around, StatusCode::UNPROCESSABLE_ENTITY, page).await
        }
    }
}

async fn form(
    app: &App,
    viewer: &Viewer,
    around: Surroundings,
    status: StatusCode,
    page: BringPage,
) -> Result<Response> {
    let mut targets = Vec::new();
    for draft in store::drafts(app.db.reader()).await? {
        if authored(app, viewer, &draft.course).await.is_err() {
            continue;
        }
        for file in store::files(app.db.reader(), &draft.course).await? {
            let Some(chapter) = file.path.strip_suffix("/chapter.md") else { continue };
            for (name, what) in [("quiz.toml", "le quiz"), ("bank.toml", "la banque")] {
                let value = format!("{}/{chapter}/{name}", draft.course);
                targets.push((value, format!("{}, {chapter}\u{a0}: {what}", draft.course)));
            }
        }
    }
    Ok(around.studio_page(status, "Importer", bring_page(BringPage { targets, ..page })))
}

/// Writes the row of a file that arrived; or says what is wrong with where it is to go. The same form sent twice leads to
/// the same import.
async fn keep(app: &App, viewer: &Viewer, id: Uuid, name: String, page: &BringPage) -> Result<Result<Uuid, String>> {
    let form = page.import.parse::<Uuid>().unwrap_or(id);
    let (course, path) = if page.kind == "course" {
        match page.course.parse::<CourseSlug>() {
            Ok(course) => (course, None),
            Err(error) => return Ok(Err(format!("L’identifiant du cours\u{a0}: {error}."))),
        }
    } else {
        let parts = page.target.split_once('/').and_then(|(course, path)| Some((course.parse().ok()?, path)));
        let Some((course, path)) = parts else {
            return Ok(Err("Choisissez le quiz ou la banque qui reçoit les questions.".to_owned()));
        };
        (course, Some(path.to_owned()))
    };
    if path.is_none() && (store::draft(app.db.reader(), &course).await.is_ok() || app.library.course(&course).is_some())
    {
        return Ok(Err(format!("Le cours «\u{a0}{course}\u{a0}» existe déjà\u{a0}: choisissez un autre identifiant.")));
    }
    if path.is_some() {
        authored(app, viewer, &course).await?;
    }
    if id != form {
        tokio::fs::rename(file(app, id), file(app, form)).await.map_err(|error| Error::Internal(error.to_string()))?;
    }
    let row = course_import::ActiveModel {
        id: Set(form.to_string()),
        file_name: Set(name),
        course: Set(course.to_string()),
        path: Set(path),
        section: Set(page.section.clone()),
        skill: Set(page.skill.clone()),
        author_id: Set(viewer.person.0),
        created_at: Set(app.clock.now().as_millisecond()),
        applied_at: Set(None),
    };
    app.db
        .write(move |db| {
            Box::pin(async move {
                let once =
                    OnConflict::column(course_import::Column::Id).do_nothing_on([course_import::Column::Id]).to_owned();
                course_import::Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(db).await?;
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(Ok(form))
}

/// Takes the form: its fields, and the file, straight to disk.
async fn receive(app: &App, id: Uuid, mut form: Multipart) -> Result<(BTreeMap<String, String>, String)> {
    let unread = |error: axum::extract::multipart::MultipartError| {
        let large = error.status() == StatusCode::PAYLOAD_TOO_LARGE;
        let said =
            if large { TOO_LARGE } else { "Le fichier n’est pas arrivé entier\u{a0}: envoyez-le de nouveau." };
        Error::BadRequest(said.into())
    };
    let disk = |error: std::io::Error| Error::Internal(format!("an import cannot be kept: {error}"));
    tokio::fs::create_dir_all(folder(app)).await.map_err(disk)?;
    let (mut fields, mut name) = (BTreeMap::new(), String::new());
    while let Some(mut part) = form.next_field().await.map_err(unread)? {
        match part.name().map(str::to_owned).as_deref() {
            Some("file") => {
                name =
                    part.file_name().unwrap_or_default().chars().filter(|sign| !sign.is_control()).take(120).collect();
                let mut kept = tokio::fs::File::create(file(app, id)).await.map_err(disk)?;
                let mut length = 0;
                while let Some(chunk) = part.chunk().await.map_err(unread)? {
                    length += chunk.len() as u64;
                    if length > FILE_LIMIT {
                        forget(app, id).await;
                        return Err(Error::BadRequest(TOO_LARGE.into()));
                    }
                    kept.write_all(&chunk).await.map_err(disk)?;
                }
                kept.flush().await.map_err(disk)?;
            }
            Some(field @ ("import" | "kind" | "course" | "target" | "section" | "skill")) => {
                fields.insert(field.to_owned(), part.text().await.map_err(unread)?);
            }
            _ => {}
        }
    }
    Ok((fields, name))
}

fn folder(app: &App) -> PathBuf {
    app.config.data.join("imports")
}

fn file(app: &App, id: Uuid) -> PathBuf {
    folder(app).join(id.to_string())
}

async fn forget(app: &App, id: Uuid) {
    // What is not there is forgotten already.
    let _ = tokio::fs::remove_file(file(app, id)).await;
}

/// Throws away what was sent and not carried out in time.
async fn sweep(app: &App) -> Result<()> {
    let before = (app.clock.now() - KEPT).as_millisecond();
    let rows = course_import::Entity::find()
        .filter(course_import::Column::AppliedAt.is_null())
        .filter(course_import::Column::CreatedAt.lt(before))
        .all(app.db.reader())
        .await?;
    for row in &rows {
        if let Ok(id) = row.id.parse() {
            forget(app, id).await;
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    app.db
        .write(move |db| {
            Box::pin(async move {
                course_import::Entity::delete_many()
                    .filter(course_import::Column::Id.is_in(rows.into_iter().map(|row| row.id)))
                    .exec(db)
                    .await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

/// The import, for who sent it.
async fn load(app: &App, viewer: &Viewer, id: Uuid) -> Result<(course_import::Model, CourseSlug)> {
    let row = course_import::Entity::find_by_id(id.to_string()).one(app.db.reader()).await?.ok_or(Error::NotFound)?;
    let course = row.course.parse().map_err(|_| Error::NotFound)?;
    if row.author_id != viewer.person.0 {
        return Err(Error::NotFound);
    }
    Ok((row, course))
}

/// `GET /studio/importer/{import}`: what it would make.
pub async fn check(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    viewer.course_founder()?;
    let (row, course) = load(&app, &viewer, id).await?;
    show(&app, around, id, (&row, &course), (StatusCode::OK, None)).await
}

/// `POST /studio/importer/{import}`: carries it out, once.
pub async fn carry_out(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    viewer.course_founder()?;
    let (row, course) = load(&app, &viewer, id).await?;
    let here = Redirect::to(&format!("/studio/importer/{id}"));
    if row.applied_at.is_some() {
        return Ok(here.into_response());
    }
    let brought = match brought(&app, id, &row, &course).await? {
        Ok(brought) => brought,
        Err(said) => {
            let told = (StatusCode::UNPROCESSABLE_ENTITY, Some(said));
            return show(&app, around, id, (&row, &course), told).await;
        }
    };
    let done = if row.path.is_none() {
        begin(&app, viewer.person, id, &course, brought).await?
    } else {
        add(&app, &viewer, id, &course, brought).await?
    };
    if done {
        forget(&app, id).await;
        return Ok(here.into_response());
    }
    let said = "Rien n’a été importé\u{a0}: le brouillon a changé entre-temps. Relisez ce qui serait importé, puis recommencez.";
    show(&app, around, id, (&row, &course), (StatusCode::CONFLICT, Some(said.to_owned()))).await
}

/// A new draft.
async fn begin(app: &App, person: PersonId, id: Uuid, course: &CourseSlug, brought: Brought) -> Result<bool> {
    let (course, now) = (course.clone(), app.clock.now());
    app.db
        .write(move |db| {
            Box::pin(async move {
                let made = store::create(db, (&course, None), (person, now), id, brought.files).await?;
                if made {
                    applied(db, id, now.as_millisecond()).await?;
                }
                Ok::<_, Error>(made)
            })
        })
        .await
}

/// Files changed in a draft, all or none: somebody who saved one of them meanwhile is not written over.
async fn add(app: &App, viewer: &Viewer, id: Uuid, course: &CourseSlug, brought: Brought) -> Result<bool> {
    let (_, author) = authored(app, viewer, course).await?;
    let now = app.clock.now();
    let mut saves = Vec::new();
    for file in brought.files {
        let path = path_in_draft(&file.path);
        let base = store::file(app.db.reader(), course, &path).await?.map(|file| file.revision);
        saves.push(Save { path, base, bytes: Some(file.bytes) });
    }
    let kept = app
        .db
        .write(move |db| {
            Box::pin(async move {
                for save in saves {
                    if matches!(store::save(db, &author, (now, id), save).await?, Saved::Behind(_)) {
                        return Err(Error::Conflict(String::new()));
                    }
                }
                applied(db, id, now.as_millisecond()).await
            })
        })
        .await;
    match kept {
        Ok(()) => Ok(true),
        Err(Error::Conflict(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

async fn applied(db: &impl sea_orm::ConnectionTrait, id: Uuid, at: i64) -> Result<()> {
    let row = course_import::ActiveModel { id: Set(id.to_string()), applied_at: Set(Some(at)), ..Default::default() };
    course_import::Entity::update(row).exec(db).await?;
    Ok(())
}

/// What the file would make, read away from the requests of others; or why it is refused, in words for who sent it.
async fn brought(
    app: &App,
    id: Uuid,
    row: &course_import::Model,
    course: &CourseSlug,
) -> Result<Result<Brought, String>> {
    let turn = UNPACKING.acquire().await.map_err(|error| Error::Internal(error.to_string()))?;
    let bytes = tokio::fs::read(file(app, id)).await.map_err(|_| {
        Error::Conflict("Ce fichier n’est plus là\u{a0}: envoyez-le de nouveau depuis la page d’importation.".into())
    })?;
    let (slug, name) = (course.to_string(), row.file_name.clone());
    let (section, skill) = (row.section.clone(), row.skill.clone());
    let into = match &row.path {
        None => None,
        Some(path) => Some((path.clone(), store::sources(app.db.reader(), course).await?)),
    };
    let read = tokio::task::spawn_blocking(move || match into {
        None => bring_course(&slug, &bytes),
        Some((path, all)) => {
            let labels = Labels {
                section: Some(section.as_str()).filter(|it| !it.is_empty()),
                skill: Some(skill.as_str()).filter(|it| !it.is_empty()),
            };
            let sort = if path.ends_with("/bank.toml") { Sort::Bank } else { Sort::Quiz };
            let chapter = path.split('/').next().unwrap_or_default();
            let wanted = format!("{chapter}/chapter.md");
            let inside = all.iter().find(|file| path_in_draft(&file.path) == wanted);
            let inside = inside.and_then(|file| file.path.split('/').next()).unwrap_or(chapter).to_owned();
            bring_questions((&name, &bytes), (&slug, all), (&inside, sort), labels)
        }
    });
    let read = read.await.map_err(|error| Error::Internal(error.to_string()))?;
    drop(turn);
    Ok(read.map_err(|why| refusal(&why)))
}

/// Why it is refused, for who sent it.
fn refusal(why: &CannotBring) -> String {
    match why {
        CannotBring::Unread(said) => said.to_string(),
        CannotBring::NoSection => "Une banque de questions demande une section à relire\u{a0}: indiquez-la.".into(),
        CannotBring::NoSkill => {
            "Une banque de questions demande une compétence\u{a0}: définissez-en dans le cours, et indiquez-en une."
                .into()
        }
        CannotBring::Differs(path) => format!(
            "Le fichier {} existe déjà et n’est pas le même\u{a0}: renommez-le dans le cours, puis recommencez.",
            path_in_draft(path)
        ),
        CannotBring::Archive(refused) => match refused {
            Refused::Unknown => {
                "Ce n’est ni un zip ni un .tar.gz\u{a0}: exportez le cours sous une de ces formes.".into()
            }
            Refused::Broken(_) => "L’archive ne se lit pas\u{a0}: téléchargez-la ou exportez-la de nouveau.".into(),
            Refused::Path(path) => {
                format!(
                    "L’archive contient «\u{a0}{path}\u{a0}», qui sort d’elle ou n’est pas un nom simple\u{a0}: renommez-le."
                )
            }
            Refused::Special(path) => {
                format!("«\u{a0}{path}\u{a0}» est un lien ou un périphérique\u{a0}: mettez le fichier lui-même.")
            }
            Refused::Twice(path) => {
                format!(
                    "«\u{a0}{path}\u{a0}» et un autre fichier ne diffèrent que par les majuscules ou les accents\u{a0}: renommez-en un."
                )
            }
            Refused::Encrypted(path) => {
                format!("«\u{a0}{path}\u{a0}» est chiffré\u{a0}: refaites l’archive sans mot de passe.")
            }
            Refused::Lying(path) => {
                format!("«\u{a0}{path}\u{a0}» n’a pas la taille annoncée\u{a0}: refaites l’archive.")
            }
            Refused::Bomb => {
                "L’archive se déplie en bien plus qu’elle ne pèse\u{a0}: refaites-la, ou en plusieurs.".into()
            }
            Refused::TooMuch => {
                "L’archive contient trop de fichiers, ou pèse trop une fois dépliée\u{a0}: faites-en plusieurs.".into()
            }
        },
    }
}

async fn show(
    app: &App,
    around: Surroundings,
    id: Uuid,
    (row, course): (&course_import::Model, &CourseSlug),
    (status, problem): (StatusCode, Option<String>),
) -> Result<Response> {
    let into = match &row.path {
        None => format!("Un nouveau brouillon, «\u{a0}{course}\u{a0}»\u{a0}:"),
        Some(path) => format!("Dans {path} du brouillon «\u{a0}{course}\u{a0}»\u{a0}:"),
    };
    let mut page = BroughtPage {
        href: format!("/studio/importer/{id}"),
        file_name: row.file_name.clone(),
        into,
        counts: String::new(),
        items: Vec::new(),
        problems: Vec::new(),
        state: BroughtState::Planned,
        problem,
    };
    let mut status = status;
    if row.applied_at.is_some() {
        page.state = BroughtState::Done { href: format!("/studio/{course}") };
        "l’import est fait".clone_into(&mut page.counts);
    } else {
        match brought(app, id, row, course).await? {
            Ok(brought) => {
                page.counts = words::counts(&brought.items);
                page.items = brought.items.iter().take(SHOWN).map(words::item).collect();
                let problems = brought.problems.iter();
                page.problems = problems
                    .map(|it| format!("{}, ligne {}\u{a0}: {}", path_in_draft(&it.file), it.line, it.said))
                    .collect();
            }
            Err(said) => {
                status = StatusCode::UNPROCESSABLE_ENTITY;
                page.problem = Some(said);
                page.state = BroughtState::Refused;
                "rien ne peut en être importé".clone_into(&mut page.counts);
            }
        }
    }
    Ok(around.studio_page(status, "Importer", brought_page(page)))
}
