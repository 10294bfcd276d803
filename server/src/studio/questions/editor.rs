//! `/studio/{course}/questions/{chapter}/{quiz}/{question}`: one question, beside what agents will see of it.

use super::change::{self, carry, keep, sheet_of};
use super::list::{skills, title_of};
use super::reading::Reading;
use super::{file_of, path_of};
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::studio::bound;
use crate::studio::store::{self, File, Save};
use crate::webinar::presence::{by, names};
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::course::{Course, with_media_base};
use domain::ids::CourseSlug;
use domain::quiz::{Answer, Kind, Question, prompt, read_form, review};
use domain::studio::question::{Act, Type, Typed};
use domain::studio::quiz_sheet::{QuizFile, Sheet, field_at, line_of_question};
use domain::text::date_time;
use frontend::studio::Tab;
use frontend::studio::questions::{EditorPage, Tried, editor_page, in_words};
use http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;

/// The address of a question that is not written yet: `nouvelle:single`. No identifier has such a sign.
const NEW: &str = "nouvelle:";

#[derive(Debug, Deserialize)]
pub struct Address {
    course: CourseSlug,
    chapter: String,
    quiz: String,
    question: String,
}

#[derive(Debug, Deserialize)]
pub struct Told {
    #[serde(default)]
    fait: String,
}

/// Where a question stands.
struct Place {
    reading: Reading,
    chapter: String,
    file: QuizFile,
    /// None for a new one.
    id: Option<String>,
    sheet: Sheet,
    /// Of the file, as it is.
    revision: Option<i64>,
}

impl Place {
    async fn of(app: &App, viewer: &Viewer, address: &Address) -> Result<Self> {
        let file = file_of(&address.quiz)?;
        let reading = Reading::of(app, viewer, &address.course).await?;
        if !reading.chapters().contains(&address.chapter) {
            return Err(Error::NotFound);
        }
        let known = change::read(app, &reading.author, &path_of(&address.chapter, file)).await?;
        let (sheet, revision) = known.unwrap_or_else(|| (Sheet::new(file), None));
        let id = (!address.question.starts_with(NEW)).then(|| address.question.clone());
        Ok(Self { reading, chapter: address.chapter.clone(), file, id, sheet, revision })
    }

    fn path(&self) -> String {
        path_of(&self.chapter, self.file)
    }

    fn href(&self, question: &str) -> String {
        format!("/studio/{}/questions/{}/{}/{question}", self.reading.course, self.chapter, self.file.key())
    }
}

/// What the reader of courses makes of what was typed.
struct Checked {
    text: String,
    id: String,
    course: Option<Course>,
    question: Option<Question>,
    /// The field, or nothing; what is wrong.
    problems: Vec<(String, String)>,
}

/// Writes the question into its file, in memory, and reads the course with it.
fn check(place: &Place, typed: &Typed) -> Checked {
    let mut sheet = place.sheet.clone();
    let id = sheet.put(place.id.as_deref(), typed, place.file);
    let text = sheet.to_string();
    let path = place.path();
    let (course, problems) = place.reading.glimpse_with(&path, &text);
    let lines = line_of_question(&text, &id).unwrap_or(0..0);
    let own = problems.into_iter().filter(|problem| problem.file == path && lines.contains(&problem.line));
    let problems = own.map(|problem| {
        let field = field_at(&text, &id, problem.line, &problem.said).unwrap_or_default();
        (field, in_words(&problem.said))
    });
    let problems = problems.collect();
    let question = course.as_ref().and_then(|course| found(course, place, &id));
    Checked { text, id, course, question, problems }
}

/// The question as agents are served it, its images taken from the draft.
fn found(course: &Course, place: &Place, id: &str) -> Option<Question> {
    let chapter = place.chapter.parse().ok()?;
    let quiz = match place.file {
        QuizFile::Quiz => course.chapter(&chapter)?.quiz.as_ref()?,
        QuizFile::Positioning => &course.positioning.as_ref()?.quiz,
        QuizFile::Bank => &course.assessment.as_ref()?.quiz,
    };
    let own = |question: &&Question| {
        question.slug.as_str() == id && question.chapter.as_ref().is_none_or(|of| *of == chapter)
    };
    let mut question = quiz.questions.iter().find(own)?.clone();
    let base = format!("/studio/{}/fichiers", place.reading.course);
    let mut texts: Vec<&mut String> = vec![&mut question.stem, &mut question.feedback];
    match &mut question.kind {
        Kind::Single { choices } | Kind::Multiple { choices } => {
            texts.extend(choices.iter_mut().flat_map(|choice| [&mut choice.text, &mut choice.feedback]));
        }
        Kind::TrueFalse { feedback_true, feedback_false, .. } => texts.extend([feedback_true, feedback_false]),
        _ => {}
    }
    for text in texts {
        *text = with_media_base(text, &base);
    }
    Some(question)
}

/// `GET /studio/{course}/questions/{chapter}/{quiz}/{question}`
pub async fn page(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(address): Path<Address>,
    Query(Told { fait }): Query<Told>,
) -> Result<Response> {
    let place = Place::of(&app, &viewer, &address).await?;
    let typed = if let Some(id) = &place.id {
        place.sheet.typed(id).ok_or(Error::NotFound)?
    } else {
        let kind = address.question.strip_prefix(NEW).and_then(Type::of);
        Typed::new(kind.ok_or(Error::NotFound)?)
    };
    let said = match fait.as_str() {
        "enregistree" => Some("Question enregistrée dans le brouillon.".to_owned()),
        "deplacee" => Some("Question déplacée ici.".to_owned()),
        _ => None,
    };
    let checked = place.id.is_some().then(|| check(&place, &typed));
    let shown = Shown { said, ..Shown::default() };
    Ok(show(&app, around, StatusCode::OK, &place, typed, checked, shown))
}

/// What a page tells beside the question.
#[derive(Default)]
struct Shown {
    base: Option<String>,
    said: Option<String>,
    focus: Option<String>,
    tried: Option<Tried>,
    theirs: Option<(String, Typed)>,
    /// Whether what is wrong is told: not of a question that nobody asked to save yet.
    tells: bool,
}

/// `POST /studio/{course}/questions/{chapter}/{quiz}/{question}`
pub async fn act(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(address): Path<Address>,
    Form(mut sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let place = Place::of(&app, &viewer, &address).await?;
    // The try-out carries what was typed along with its answer.
    if let Some(at) = sent.iter().position(|(name, _)| name == "typed") {
        let (_, typed) = sent.swap_remove(at);
        sent.extend(form_urlencoded::parse(typed.as_bytes()).into_owned());
    }
    let text = |name: &str| sent.iter().rev().find(|(known, _)| known == name).map_or("", |(_, text)| text.as_str());
    let kind = Type::of(text("kind")).ok_or_else(outdated)?;
    let mut typed = Typed::read(kind, &sent);
    let base = Some(text("base").to_owned());
    match text("do") {
        "save" => {
            let request = request_of(text("request"))?;
            save(&app, around, place, typed, (text("base").parse().ok(), request)).await
        }
        "look" => {
            let checked = check(&place, &typed);
            let shown = Shown { base, focus: Some("apercu".to_owned()), tells: true, ..Shown::default() };
            Ok(show(&app, around, StatusCode::OK, &place, typed, Some(checked), shown))
        }
        "try" => {
            let checked = check(&place, &typed);
            let tried = checked.question.as_ref().map(|question| tried(question, &sent));
            let shown = Shown { base, focus: Some("apercu".to_owned()), tried, tells: true, ..Shown::default() };
            Ok(show(&app, around, StatusCode::OK, &place, typed, Some(checked), shown))
        }
        "move" => {
            let request = request_of(text("request"))?;
            let id = place.id.as_deref().ok_or(Error::NotFound)?;
            let (chapter, file) = text("to").split_once('/').ok_or(Error::NotFound)?;
            let file = file_of(file)?;
            if !place.reading.chapters().iter().any(|known| known == chapter) {
                return Err(Error::NotFound);
            }
            let (from, to) = (place.path(), path_of(chapter, file));
            if from == to {
                return Ok(Redirect::to(&place.href(id)).into_response());
            }
            let name = carry(&app, &place.reading.author, request, (&from, id), (&to, file)).await?;
            let course = &place.reading.course;
            let to = format!("/studio/{course}/questions/{chapter}/{}/{name}?fait=deplacee", file.key());
            Ok(Redirect::to(&to).into_response())
        }
        act => {
            let act: Act = act.parse().map_err(|()| Error::BadRequest("Cette action n’existe pas.".to_owned()))?;
            let focus = typed.act(act);
            let shown = Shown { base, focus, ..Shown::default() };
            let checked = check(&place, &typed);
            Ok(show(&app, around, StatusCode::OK, &place, typed, Some(checked), shown))
        }
    }
}

fn request_of(text: &str) -> Result<Uuid> {
    text.parse().map_err(|_| outdated())
}

fn outdated() -> Error {
    Error::BadRequest("Cette page n’est plus à jour\u{a0}: rouvrez-la.".to_owned())
}

/// Grades an answer as in earnest.
fn tried(question: &Question, sent: &[(String, String)]) -> Tried {
    match read_form(question, sent) {
        Ok(answer) => Tried { review: Some(review(question, answer.as_ref())), answer, problem: None },
        Err(wrong) => Tried { review: None, answer: None::<Answer>, problem: Some(wrong.to_string()) },
    }
}

/// Saves what is sound. Where somebody changed this very question meanwhile, both are shown and nothing is written.
async fn save(
    app: &App,
    around: Surroundings,
    place: Place,
    typed: Typed,
    (base, request): (Option<i64>, Uuid),
) -> Result<Response> {
    if let (None, Some(known)) = (&place.id, same(&place.sheet, &typed)) {
        // Sent twice: it is there.
        return Ok(Redirect::to(&format!("{}?fait=enregistree", place.href(&known))).into_response());
    }
    if let Some(theirs) = theirs(app, &place, base).await? {
        let checked = check(&place, &typed);
        let base = place.revision.map(|revision| revision.to_string());
        let shown = Shown { base, theirs: Some(theirs), ..Shown::default() };
        return Ok(show(app, around, StatusCode::CONFLICT, &place, typed, Some(checked), shown));
    }
    let checked = check(&place, &typed);
    if !checked.problems.is_empty() {
        let base = base.map(|base| base.to_string());
        let shown = Shown { base, tells: true, ..Shown::default() };
        return Ok(show(app, around, StatusCode::UNPROCESSABLE_ENTITY, &place, typed, Some(checked), shown));
    }
    let save = Save { path: place.path(), base: place.revision, bytes: Some(checked.text.into_bytes()) };
    let request = bound(request, written(&typed).as_bytes());
    if !keep(app, &place.reading.author, request, vec![save]).await? {
        let said = "Quelqu’un enregistre ce quiz au même moment\u{a0}: enregistrez de nouveau.";
        return Err(Error::Conflict(said.to_owned()));
    }
    Ok(Redirect::to(&format!("{}?fait=enregistree", place.href(&checked.id))).into_response())
}

/// The question that says just that, if there is one.
fn same(sheet: &Sheet, typed: &Typed) -> Option<String> {
    let ids = sheet.entries().into_iter().map(|entry| entry.id);
    ids.into_iter().find(|id| sheet.typed(id).is_some_and(|known| written(&known) == written(typed)))
}

/// All that was typed, in one text.
fn written(typed: &Typed) -> String {
    let mut entries = typed.entries();
    entries.sort();
    form_urlencoded::Serializer::new(typed.kind.key().to_owned()).extend_pairs(entries).finish()
}

/// What somebody else made of this question since `base`, with who and when; none where it is as it was.
async fn theirs(app: &App, place: &Place, base: Option<i64>) -> Result<Option<(String, Typed)>> {
    let (Some(id), true) = (&place.id, place.revision != base) else { return Ok(None) };
    let db = app.db.reader();
    let (course, path) = (&place.reading.course, place.path());
    let former = match base {
        Some(base) => store::revision(db, course, &path, base).await?,
        None => None,
    };
    let Some(former) = former else { return Ok(None) };
    let former = sheet_of(db, &former).await?.typed(id);
    let now = place.sheet.typed(id);
    let Some(now) = now.filter(|now| former.as_ref().map(written) != Some(written(now))) else { return Ok(None) };
    let newest: Option<&File> = place.reading.files.get(&path);
    let said = match newest {
        Some(file) => {
            let known = names(db, [file.saved_by]).await?;
            format!("{}, le {}", by(Some(file.saved_by), &known), date_time(file.saved_at))
        }
        None => String::new(),
    };
    Ok(Some((said, now)))
}

fn show(
    app: &App,
    around: Surroundings,
    status: StatusCode,
    place: &Place,
    typed: Typed,
    checked: Option<Checked>,
    shown: Shown,
) -> Response {
    let (course, question, problems) = match checked {
        Some(checked) => (checked.course, checked.question, checked.problems),
        None => (place.reading.glimpse().0, None, Vec::new()),
    };
    let course = course.as_ref();
    let chapter = course.and_then(|course| course.chapter(&place.chapter.parse().ok()?));
    let sections = chapter.into_iter().flat_map(|chapter| &chapter.sections);
    let sections = sections.map(|section| (section.slug.to_string(), section.title.clone())).collect();
    let typed_again = form_urlencoded::Serializer::new(String::new()).extend_pairs(typed.entries()).finish();
    let others = place.reading.chapters().into_iter().flat_map(|slug| {
        let title = title_of(course, &slug);
        QuizFile::ALL.map(|file| (format!("{slug}/{}", file.key()), format!("{title}\u{a0}: {}", file.title())))
    });
    let own = format!("{}/{}", place.chapter, place.file.key());
    let address = place.id.clone().unwrap_or_else(|| format!("{NEW}{}", typed.kind.key()));
    let tells = shown.tells || place.id.is_some();
    // What no course can hold is shown to nobody: its fields would have no names.
    let shown_to_agents = question.as_ref().filter(|_| problems.is_empty()).map(|question| prompt(question, 1));
    let page = EditorPage {
        framed: place.reading.framed(course, Tab::Questions),
        href: place.href(&address),
        quiz: format!("{}\u{a0}: {}", title_of(course, &place.chapter), place.file.title()),
        anchor: format!("{}-{}", place.chapter, place.file.key()),
        is_new: place.id.is_none(),
        is_pooled: place.file.is_pooled(),
        base: shown.base.unwrap_or_else(|| place.revision.map(|base| base.to_string()).unwrap_or_default()),
        request: app.dice.uuid().to_string(),
        sections,
        skills: skills(course),
        problems: if tells { problems } else { Vec::new() },
        focus: shown.focus,
        said: shown.said,
        theirs: shown.theirs,
        prompt: shown_to_agents,
        tried: shown.tried,
        typed_again,
        typed,
        others: others.filter(|(key, _)| *key != own).collect(),
    };
    let title = if page.is_new { "Nouvelle question" } else { "Question" };
    around.studio_page(status, title, editor_page(page))
}
