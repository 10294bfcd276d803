//! `/studio/{course}/questions/{chapter}/{quiz}`: what attempts at a quiz are held to. The quizzes of the whole course have
//! the place of a chapter that no chapter may have.

use super::change::{keep, sheet_of};
use super::list::{title_of, whole_title};
use super::reading::Reading;
use super::{file_of, path_of};
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::studio::bound;
use crate::studio::store::{self, Save};
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::course::{ASSESSMENT, POSITIONING};
use domain::ids::CourseSlug;
use domain::studio::quiz_sheet::{QuizFile, Rules, RulesTable, Sheet};
use frontend::studio::Tab;
use frontend::studio::questions::{RulesPage, in_words, rules_page};
use http::StatusCode;
use uuid::Uuid;

/// Where rules are kept.
struct Place {
    reading: Reading,
    chapter: String,
    file: QuizFile,
    table: RulesTable,
    path: String,
}

impl Place {
    async fn of(app: &App, viewer: &Viewer, (course, chapter, quiz): (CourseSlug, String, String)) -> Result<Self> {
        let file = file_of(&quiz)?;
        let reading = Reading::of(app, viewer, &course).await?;
        let (table, path) = match (chapter.as_str(), file) {
            (ASSESSMENT, QuizFile::Bank) => (RulesTable::Assessment, "course.toml".to_owned()),
            (POSITIONING, QuizFile::Positioning) => (RulesTable::Positioning, "course.toml".to_owned()),
            (_, QuizFile::Quiz) => (RulesTable::Rules, path_of(&chapter, file)),
            (_, QuizFile::Positioning) => (RulesTable::Exemption, path_of(&chapter, file)),
            // the rules of the final assessment are the course's
            (_, QuizFile::Bank) => return Err(Error::NotFound),
        };
        // A quiz begins with its first question.
        if !reading.files.contains_key(&path) {
            return Err(Error::NotFound);
        }
        Ok(Self { reading, chapter, file, table, path })
    }

    async fn sheet(&self, app: &App) -> Result<Sheet> {
        let file = self.reading.files.get(&self.path).ok_or(Error::NotFound)?;
        sheet_of(app.db.reader(), file).await
    }

    fn revision(&self) -> Option<i64> {
        self.reading.files.get(&self.path).map(|file| file.revision)
    }
}

/// `GET /studio/{course}/questions/{chapter}/{quiz}`
pub async fn page(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(address): Path<(CourseSlug, String, String)>,
) -> Result<Response> {
    let place = Place::of(&app, &viewer, address).await?;
    let rules = place.sheet(&app).await?.rules(place.table);
    Ok(show(&app, around, StatusCode::OK, &place, rules, Vec::new(), None))
}

/// `POST /studio/{course}/questions/{chapter}/{quiz}`
pub async fn save(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(address): Path<(CourseSlug, String, String)>,
    Form(sent): Form<Rules>,
) -> Result<Response> {
    let place = Place::of(&app, &viewer, address).await?;
    let text = |name: &str| sent.iter().find(|(known, _)| known == name).map_or("", |(_, text)| text.as_str());
    let request: Uuid =
        text("request").parse().map_err(|_| Error::BadRequest("Rouvrez cette page et recommencez.".to_owned()))?;
    let base: Option<i64> = text("base").parse().ok();
    let typed: Rules = place.table.fields().iter().map(|name| ((*name).to_owned(), text(name).to_owned())).collect();
    let mut sheet = place.sheet(&app).await?;
    if base != place.revision() && changed(&app, &place, base, &sheet).await? {
        let said = "Quelqu’un a changé ces règles depuis que vous avez ouvert la page. Voici ce que vous aviez écrit\u{a0}: enregistrez de nouveau pour le garder, ou rouvrez la page pour voir les leurs.";
        return Ok(show(&app, around, StatusCode::CONFLICT, &place, typed, Vec::new(), Some(said)));
    }
    sheet.set_rules(place.table, &typed);
    let text = sheet.to_string();
    let (_, problems) = place.reading.glimpse_with(&place.path, &text);
    let about = |said: &str| place.table.fields().iter().find(|field| said.contains(&format!("« {field} »"))).copied();
    let problems: Vec<(String, String)> = problems
        .into_iter()
        .filter(|problem| problem.file == place.path)
        .filter_map(|problem| {
            let field = match about(&problem.said) {
                Some(field) => field,
                None if problem.said.contains("ferme avant") => "closes",
                None => return None,
            };
            Some((field.to_owned(), in_words(&problem.said)))
        })
        .collect();
    if !problems.is_empty() {
        return Ok(show(&app, around, StatusCode::UNPROCESSABLE_ENTITY, &place, typed, problems, None));
    }
    let request = bound(request, text.as_bytes());
    let save = Save { path: place.path.clone(), base: place.revision(), bytes: Some(text.into_bytes()) };
    if !keep(&app, &place.reading.author, request, vec![save]).await? {
        let said = "Quelqu’un enregistre ce quiz au même moment\u{a0}: enregistrez de nouveau.";
        return Err(Error::Conflict(said.to_owned()));
    }
    let course = &place.reading.course;
    Ok(Redirect::to(&format!("/studio/{course}/questions#{}-{}", place.chapter, place.file.key())).into_response())
}

/// Whether the rules are no longer what they were at that revision.
async fn changed(app: &App, place: &Place, base: Option<i64>, now: &Sheet) -> Result<bool> {
    let Some(base) = base else { return Ok(false) };
    let db = app.db.reader();
    let Some(former) = store::revision(db, &place.reading.course, &place.path, base).await? else { return Ok(false) };
    Ok(sheet_of(db, &former).await?.rules(place.table) != now.rules(place.table))
}

fn show(
    app: &App,
    around: Surroundings,
    status: StatusCode,
    place: &Place,
    rules: Rules,
    problems: Vec<(String, String)>,
    conflict: Option<&'static str>,
) -> Response {
    let (course, _) = place.reading.glimpse();
    let title = match place.table {
        RulesTable::Assessment | RulesTable::Positioning => whole_title(place.file).to_owned(),
        RulesTable::Rules | RulesTable::Exemption => {
            format!("{}\u{a0}: {}", title_of(course.as_ref(), &place.chapter), place.file.title())
        }
    };
    let page = RulesPage {
        framed: place.reading.framed(course.as_ref(), Tab::Questions),
        href: format!("/studio/{}/questions/{}/{}", place.reading.course, place.chapter, place.file.key()),
        anchor: format!("{}-{}", place.chapter, place.file.key()),
        title,
        rules,
        base: place.revision().map(|revision| revision.to_string()).unwrap_or_default(),
        request: app.dice.uuid().to_string(),
        problems,
        conflict,
    };
    around.studio_page(status, "Règles du quiz", rules_page(page))
}
