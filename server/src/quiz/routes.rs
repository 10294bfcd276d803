//! Pages and doors of the quizzes.

use super::result;
use super::store::{self, Sitting};
use crate::access::Viewer;
use crate::app::App;
use crate::course::offer::offered;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::{Form, Json};
use domain::course::{Course, Exercise, Positioning};
use domain::ids::{AnswerId, AttemptId, ChapterSlug, CourseSlug};
use domain::quiz::{AttemptState, Counts, Saying, may_start, prompt, read_form};
use domain::text::{counted, date_time, duration, hundredths, percent, points};
use frontend::identity::{Resend, resend_page};
use frontend::quiz::{AttemptLine, AttemptPage, Back, QuizAction, QuizIntro, attempt_page, intro_page, result_page};
use http::StatusCode;
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
    Path((course, exercise)): Path<(CourseSlug, ChapterSlug)>,
) -> Result<Response> {
    let published = offered(&app, &viewer, &course).await?;
    let around_quiz = published.course.exercise(&exercise).ok_or(Error::NotFound)?;
    let quiz = around_quiz.quiz();
    let mut attempts = store::attempts(app.db.reader(), viewer.person, &course, &exercise).await?;
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
            AttemptState::HandedIn { score, .. } => {
                let verdict = match quiz.rules.pass {
                    0 => "",
                    pass if score.passes(pass) => ", réussi",
                    _ => ", à refaire",
                };
                format!("{} sur {}{verdict}", hundredths(score.earned), points(score.max))
            }
        },
    });
    let back = back(&published.course, &exercise);
    let view = intro_page(QuizIntro {
        action_href: format!("/cours/{course}/{exercise}/quiz"),
        course_title: published.course.title.clone(),
        back,
        title: quiz.title.clone(),
        summary: match around_quiz {
            Exercise::Chapter(..) => None,
            Exercise::Positioning(positioning) => Some(positioning.summary.clone()),
            Exercise::Assessment(assessment) => Some(assessment.summary.clone()),
        },
        rules: rules(&around_quiz, viewer.extra_time),
        attempts: lines.collect(),
        action,
    });
    Ok(around.page(&quiz.title, view))
}

/// Where a quiz is left for: its chapter, or the course.
pub(super) fn back(course: &Course, exercise: &ChapterSlug) -> Back {
    match course.chapter(exercise) {
        Some(chapter) => Back {
            href: format!("/cours/{}/{exercise}", course.slug),
            title: chapter.title.clone(),
            label: "Revenir au chapitre",
        },
        None => {
            Back { href: format!("/cours/{}", course.slug), title: course.title.clone(), label: "Revenir au cours" }
        }
    }
}

/// The rules of a quiz, each in a sentence.
fn rules(exercise: &Exercise<'_>, extra_time: u32) -> Vec<String> {
    let quiz = exercise.quiz();
    let rules = &quiz.rules;
    let asked = rules.draw.map_or(quiz.questions.len() as u64, u64::from);
    let mut said = vec![match rules.draw {
        Some(_) => format!("{} tirées au sort à chaque essai.", counted(asked, "question", "questions")),
        None => format!("{}.", counted(asked, "question", "questions")),
    }];
    let minutes = match exercise {
        Exercise::Chapter(..) => None,
        Exercise::Positioning(positioning) => Some(positioning.minutes),
        Exercise::Assessment(assessment) => Some(assessment.minutes),
    };
    if let Some(minutes) = minutes {
        said.push(format!("Comptez {}.", duration(minutes)));
    }
    match rules.pass {
        0 => said.push("Ce n’est pas un examen : rien à réussir, rien à perdre.".into()),
        pass => said.push(format!("Il est réussi à partir de {} des points.", percent(pass))),
    }
    if let Exercise::Positioning(positioning) = exercise {
        said.extend(exemption_rule(positioning));
    }
    said.push(match (rules.attempts, rules.attempts_per_day) {
        (Some(1), _) => "Un seul essai est possible.".into(),
        (Some(allowed), _) => format!("{} sont possibles.", counted(allowed.into(), "essai", "essais")),
        (None, Some(1)) => "Un essai par jour est possible.".into(),
        (None, Some(allowed)) => format!("{} par jour sont possibles.", counted(allowed.into(), "essai", "essais")),
        (None, None) => "Vous pouvez recommencer autant de fois que vous voulez.".into(),
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

/// Which chapters may be spared, and from what on.
fn exemption_rule(positioning: &Positioning) -> Option<String> {
    let least = positioning.exemptions.iter().map(|exemption| exemption.percent).min()?;
    let chapters = counted(positioning.exemptions.len() as u64, "chapitre", "chapitres");
    Some(format!(
        "Il peut vous dispenser de {chapters} : de ceux dont vous obtenez {} des points. La dispense s’inscrit à votre dossier.",
        percent(least)
    ))
}

/// `POST /cours/{course}/{chapter}/quiz`: starts an attempt, or goes on with the open one.
pub async fn start(
    State(app): State<App>,
    viewer: Viewer,
    Path((course, exercise)): Path<(CourseSlug, ChapterSlug)>,
    Form(Start { attempt }): Form<Start>,
) -> Result<Redirect> {
    let published = offered(&app, &viewer, &course).await?;
    let attempt = store::start(&app, &viewer, &published, exercise, attempt).await?;
    Ok(Redirect::to(&format!("/essais/{attempt}")))
}

/// `GET /essais/{attempt}`: the questions while it is open, the result afterwards.
pub async fn attempt(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<AttemptId>,
) -> Result<Response> {
    let sitting = store::sitting_to_show(&app, viewer.person, id).await?;
    show(&app, &viewer, around, &sitting.1, None).await
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
            let view = result_page(result::result(app, viewer, sitting, at, score).await?);
            Ok(around.page(&format!("Résultat : {title}"), view))
        }
    }
}

async fn questions(app: &App, sitting: &Sitting, problem: Option<String>) -> Result<AttemptPage> {
    Ok(AttemptPage {
        attempt: sitting.attempt.id.to_string(),
        title: sitting.quiz()?.title.clone(),
        back: back(&sitting.published.course, &sitting.exercise),
        number: sitting.attempt.number,
        prompts: sitting.questions()?.into_iter().map(|question| prompt(question, sitting.attempt.seed)).collect(),
        saved: app.desk.read(&app.db, sitting.attempt.id).await?,
        deadline: sitting.attempt.deadline,
        server_now: app.clock.now(),
        problem,
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
