//! Pages and doors of the quizzes.

use super::store::{self, Sitting};
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::record;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::{Form, Json};
use domain::ids::{AnswerId, AttemptId, ChapterSlug, CourseSlug, QuestionSlug};
use domain::quiz::{AttemptState, Counts, Quiz, Saying, may_start, prompt, read_form, review};
use domain::text::{counted, date_time, duration, percent, points};
use frontend::identity::{Resend, resend_page};
use frontend::quiz::{
    AttemptLine, AttemptPage, QuizAction, QuizIntro, ResultPage, attempt_page, intro_page, result_page,
};
use http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The most answers one message carries: no quiz draws as many.
const MOST_SAYINGS: usize = 200;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    attempt: AttemptId,
}

/// What a browser sends: answers that it does not know to be kept yet.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    sayings: Vec<Saying>,
}

/// What the server keeps, for each question said.
#[derive(Debug, Serialize)]
pub struct Kept {
    kept: Vec<Saying>,
}

/// `GET /cours/{course}/{chapter}/quiz`
pub async fn intro(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path((course, chapter)): Path<(CourseSlug, ChapterSlug)>,
) -> Result<Response> {
    let published = app.library.course(&course).ok_or(Error::NotFound)?;
    let chapter = published.chapter(&chapter).ok_or(Error::NotFound)?;
    let quiz = chapter.quiz.as_ref().ok_or(Error::NotFound)?;
    let mut attempts = store::attempts(app.db.reader(), viewer.person, &course, &chapter.slug).await?;
    for attempt in &mut attempts {
        // An attempt whose time ran out is closed on sight.
        *attempt = store::sitting(&app, viewer.person, attempt.id).await?.attempt;
    }
    let now = app.clock.now();
    let action = match may_start(&quiz.rules, &attempts, now) {
        Ok(1) => QuizAction::Start { attempt_id: app.dice.uuid().to_string(), label: "Commencer le quiz".into() },
        Ok(_) => QuizAction::Start { attempt_id: app.dice.uuid().to_string(), label: "Faire un nouvel essai".into() },
        Err(domain::quiz::Refusal::OneIsOpen { id }) => QuizAction::Resume { href: format!("/essais/{id}") },
        Err(refusal) => QuizAction::Refused { said: refusal.to_string() },
    };
    let lines = attempts.iter().map(|attempt| AttemptLine {
        number: attempt.number,
        href: format!("/essais/{}", attempt.id),
        at: attempt.started_at,
        said: match attempt.state {
            AttemptState::Open => "en cours".into(),
            AttemptState::HandedIn { score, .. } => format!(
                "{} sur {}, {}",
                points(score.earned),
                points(score.max),
                if score.passes(quiz.rules.pass) { "réussi" } else { "à refaire" }
            ),
        },
    });
    let view = intro_page(QuizIntro {
        back_href: format!("/cours/{course}/{}", chapter.slug),
        course,
        course_title: published.course.title.clone(),
        chapter: chapter.slug.clone(),
        chapter_title: chapter.title.clone(),
        title: quiz.title.clone(),
        rules: rules(quiz, viewer.extra_time),
        attempts: lines.collect(),
        action,
    });
    Ok(around.page(&quiz.title, view))
}

/// The rules of a quiz, each in a sentence.
fn rules(quiz: &Quiz, extra_time: u32) -> Vec<String> {
    let rules = &quiz.rules;
    let asked = rules.draw.map_or(quiz.questions.len() as u64, u64::from);
    let mut said = vec![match rules.draw {
        Some(_) => format!("{} tirées au sort à chaque essai.", counted(asked, "question", "questions")),
        None => format!("{}.", counted(asked, "question", "questions")),
    }];
    said.push(format!("Il est réussi à partir de {} des points.", percent(rules.pass)));
    said.push(match rules.attempts {
        Some(1) => "Un seul essai est possible.".into(),
        Some(allowed) => format!("{} sont possibles.", counted(allowed.into(), "essai", "essais")),
        None => "Vous pouvez recommencer autant de fois que vous voulez.".into(),
    });
    if rules.attempts != Some(1) {
        said.push(match rules.counts {
            Counts::Best => "Le meilleur essai compte.".into(),
            Counts::Last => "Le dernier essai compte.".into(),
        });
    }
    if let Some(minutes) = rules.time_limit {
        let minutes = minutes + minutes * extra_time / 100;
        let more = if extra_time > 0 { ", votre temps supplémentaire compris" } else { "" };
        said.push(format!(
            "Vous avez {}{more}. S’il vous en faut plus, demandez-le à votre formateur avant de commencer.",
            duration(minutes)
        ));
    }
    if let Some(closes) = rules.closes {
        said.push(format!("À terminer avant le {}.", date_time(closes)));
    }
    said.push("Chaque réponse est enregistrée dès que vous la donnez ; les corrections viennent à la fin.".into());
    said
}

/// `POST /cours/{course}/{chapter}/quiz`: starts an attempt, or goes on with the open one.
pub async fn start(
    State(app): State<App>,
    viewer: Viewer,
    Path((course, chapter)): Path<(CourseSlug, ChapterSlug)>,
    Form(Start { attempt }): Form<Start>,
) -> Result<Redirect> {
    let published = app.library.course(&course).ok_or(Error::NotFound)?;
    let chapter = published.chapter(&chapter).ok_or(Error::NotFound)?;
    let attempt = store::start(&app, &viewer, &published, chapter, attempt).await?;
    Ok(Redirect::to(&format!("/essais/{attempt}")))
}

/// `GET /essais/{attempt}`: the questions while it is open, the result afterwards.
pub async fn attempt(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<AttemptId>,
) -> Result<Response> {
    let sitting = store::sitting(&app, viewer.person, id).await?;
    show(&app, &viewer, around, &sitting, None).await
}

async fn show(
    app: &App,
    viewer: &Viewer,
    around: Surroundings,
    sitting: &Sitting,
    problem: Option<String>,
) -> Result<Response> {
    let quiz = sitting.quiz()?;
    let title = format!("{}, essai {}", quiz.title, sitting.attempt.number);
    match sitting.attempt.state {
        AttemptState::Open => {
            let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            let view = attempt_page(questions(app, sitting, problem).await?);
            Ok(around.page_as(status, &title, view))
        }
        AttemptState::HandedIn { at, score } => {
            let view = result_page(result(app, viewer, sitting, at, score).await?);
            Ok(around.page(&format!("Résultat : {title}"), view))
        }
    }
}

async fn questions(app: &App, sitting: &Sitting, problem: Option<String>) -> Result<AttemptPage> {
    let chapter = sitting.chapter()?;
    Ok(AttemptPage {
        attempt: sitting.attempt.id.to_string(),
        title: sitting.quiz()?.title.clone(),
        chapter_href: format!("/cours/{}/{}", sitting.course, sitting.chapter),
        chapter_title: chapter.title.clone(),
        number: sitting.attempt.number,
        prompts: sitting.questions()?.into_iter().map(|question| prompt(question, sitting.attempt.seed)).collect(),
        saved: store::answers(app.db.reader(), sitting.attempt.id).await?,
        deadline: sitting.attempt.deadline,
        server_now: app.clock.now(),
        problem,
    })
}

async fn result(
    app: &App,
    viewer: &Viewer,
    sitting: &Sitting,
    at: Timestamp,
    score: domain::quiz::Score,
) -> Result<ResultPage> {
    let quiz = sitting.quiz()?;
    let answers = store::answers(app.db.reader(), sitting.attempt.id).await?;
    let answer =
        |slug: &QuestionSlug| answers.iter().find(|saying| saying.question == *slug).map(|saying| &saying.answer);
    let reviews = sitting.questions()?.into_iter().map(|question| review(question, answer(&question.slug))).collect();
    let folded = record::store::load(app.db.reader(), viewer.person).await?;
    let chapter = folded.record.chapter(&sitting.course, &sitting.chapter);
    let acquired = chapter.is_some_and(|chapter| chapter.acquired.is_some());
    let read = chapter.is_some_and(|chapter| chapter.read.is_some());
    let passed = score.passes(quiz.rules.pass);
    let said = match (acquired, passed, read) {
        (true, ..) => vec!["Le chapitre est acquis : il est inscrit à votre dossier.".into()],
        (false, true, false) => {
            vec!["Le quiz est réussi. Il reste à lire le chapitre en entier pour qu’il soit acquis.".into()]
        }
        _ => vec!["Ce résultat est inscrit à votre dossier.".into()],
    };
    let attempts = store::attempts(app.db.reader(), viewer.person, &sitting.course, &sitting.chapter).await?;
    let chapter_href = format!("/cours/{}/{}", sitting.course, sitting.chapter);
    let retry = may_start(&quiz.rules, &attempts, app.clock.now()).is_ok().then(|| format!("{chapter_href}/quiz"));
    let next = app.library.course(&sitting.course).and_then(|published| {
        let chapters = &published.course.chapters;
        let here = chapters.iter().position(|chapter| chapter.slug == sitting.chapter)?;
        let next = chapters.get(here + 1)?;
        Some((format!("Chapitre suivant : {}", next.title), format!("/cours/{}/{}", sitting.course, next.slug)))
    });
    Ok(ResultPage {
        title: quiz.title.clone(),
        chapter_title: sitting.chapter()?.title.clone(),
        chapter_href,
        number: sitting.attempt.number,
        score,
        pass: quiz.rules.pass,
        passed,
        reviews,
        retry,
        next,
        handed_in_at: at,
        said,
    })
}

/// `POST /essais/{attempt}/reponses`: what the page's script sends as answers are given.
pub async fn save_answers(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AttemptId>,
    Json(Said { sayings }): Json<Said>,
) -> Result<Json<Kept>> {
    if sayings.len() > MOST_SAYINGS {
        return Err(Error::BadRequest(format!("Un envoi porte au plus {MOST_SAYINGS} réponses.")));
    }
    let sitting = store::sitting_to_answer(&app, viewer.person, id).await?;
    let kept = store::save(&app, &sitting.1, sayings).await?;
    metrics::counter!("socle_answers_total").increment(kept.len() as u64);
    Ok(Json(Kept { kept }))
}

/// `POST /essais/{attempt}`: the form, with or without script; saves what is filled, then hands in
/// if that is what was asked.
pub async fn submit_form(
    State(app): State<App>,
    viewer: Option<Viewer>,
    around: Surroundings,
    Path(id): Path<AttemptId>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let Some(viewer) = viewer else {
        // The session ended while the agent was writing: what they wrote waits on the sign-in page.
        return Ok(around.page_as(
            StatusCode::UNAUTHORIZED,
            "Reconnectez-vous",
            resend_page(Resend { action: format!("/essais/{id}"), fields }),
        ));
    };
    let sitting = store::sitting(&app, viewer.person, id).await?;
    if !matches!(sitting.attempt.state, AttemptState::Open) {
        return Ok(Redirect::to(&format!("/essais/{id}")).into_response());
    }
    let saved = store::answers(app.db.reader(), id).await?;
    let mut sayings = Vec::new();
    let mut problems = Vec::new();
    for (place, question) in sitting.questions()?.into_iter().enumerate() {
        let before = saved.iter().find(|saying| saying.question == question.slug);
        match read_form(question, &fields) {
            Ok(Some(answer)) if before.is_none_or(|before| before.answer != answer) => sayings.push(Saying {
                question: question.slug.clone(),
                id: AnswerId(app.dice.uuid()),
                revision: before.map_or(1, |before| before.revision.saturating_add(1)),
                answer,
            }),
            Ok(_) => {}
            Err(problem) => problems.push(format!("Question {} : {problem}", place + 1)),
        }
    }
    if !sayings.is_empty() {
        store::save(&app, &sitting, sayings).await?;
    }
    if !problems.is_empty() {
        return show(&app, &viewer, around, &sitting, Some(problems.join(" "))).await;
    }
    if fields.iter().any(|(name, value)| name == "action" && value == "finish") {
        store::hand_in(&app, viewer.person, &sitting).await?;
    }
    Ok(Redirect::to(&format!("/essais/{id}")).into_response())
}
