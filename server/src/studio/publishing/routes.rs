//! The page that checks and publishes a course.

use super::act::{self, Order, Outcome};
use super::gate;
use super::work::foresee;
use super::{framed, planned, published_by, words};
use crate::access::{CourseAuthor, Viewer};
use crate::app::App;
use crate::course::offer;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::studio::authored;
use crate::studio::store::{self, Draft};
use crate::webinar::presence::{by, names};
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::ids::{CourseSlug, PersonId};
use domain::studio::gate::Severity;
use domain::text::date_long;
use frontend::studio::Tab;
use frontend::studio::publishing::{
    FindingLine, OrderTyped, Planned, PublishPage, WaivedLine, Withdrawn, publish_page,
};
use http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Characters of a reason, and of a note.
const REASON: usize = 300;
const NOTE: usize = 500;

/// What the page's forms send.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Asked {
    r#do: String,
    request: String,
    draft: String,
    note: String,
    notice: String,
    by_mail: Option<String>,
    date: String,
    time: String,
    key: String,
    reason: String,
    number: u32,
}

/// What is shown again after something went wrong.
#[derive(Debug, Default)]
struct Shown {
    status: StatusCode,
    problem: Option<String>,
    order: OrderTyped,
}

/// `GET /studio/{course}/publier`
pub async fn page(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(course): Path<CourseSlug>,
) -> Result<Response> {
    let (draft, author) = authored(&app, &viewer, &course).await?;
    show(&app, around, (&draft, &author), Shown::default()).await
}

/// `POST /studio/{course}/publier`: publishes, plans, lets stand, withdraws, or takes one of these back.
pub async fn order(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(course): Path<CourseSlug>,
    Form(asked): Form<Asked>,
) -> Result<Response> {
    let (draft, author) = published_by(&app, &viewer, &course).await?;
    let here = format!("/studio/{course}/publier");
    match asked.r#do.as_str() {
        "publish" | "plan" => return publication(&app, around, (&draft, &author), asked).await,
        "cancel" => planned::cancel(&app, &course).await?,
        "rebase" => act::go_on_from(&app, &course, asked.number).await?,
        "put-back" => offer::put_back(&app, &course).await?,
        "unwaive" => gate::take_back(&app, &course, asked.key).await?,
        "waive" | "withdraw" => {
            let reason = short(&asked.reason, REASON);
            if reason.is_empty() {
                let problem = Some("Écrivez le motif\u{a0}: il est gardé avec votre nom.".to_owned());
                let shown = Shown { status: StatusCode::UNPROCESSABLE_ENTITY, problem, ..Shown::default() };
                return show(&app, around, (&draft, &author), shown).await;
            }
            if asked.r#do == "withdraw" {
                offer::withdraw(&app, &course, author.person, reason).await?;
            } else {
                let examined = gate::examine(&app, &course).await?;
                let finding = examined.report.findings.iter().find(|it| it.key == asked.key && it.rule.may_be_waived());
                let said = "Ce point n’existe plus\u{a0}: rechargez la page.";
                let finding = finding.ok_or_else(|| Error::Conflict(said.to_owned()))?;
                gate::waive(&app, &course, author.person, finding, reason).await?;
            }
        }
        _ => return Err(Error::BadRequest("Choisissez une action sur la page.".into())),
    }
    Ok(Redirect::to(&here).into_response())
}

async fn publication(
    app: &App,
    around: Surroundings,
    (draft, author): (&Draft, &CourseAuthor),
    asked: Asked,
) -> Result<Response> {
    let course = &draft.course;
    let request = asked.request.parse::<Uuid>();
    let request =
        request.map_err(|_| Error::BadRequest("Rechargez la page de publication, puis recommencez.".into()))?;
    let order = Order {
        request,
        by: author.person,
        note: short(&asked.note, NOTE),
        notice: short(&asked.notice, NOTE),
        by_mail: asked.by_mail.is_some(),
    };
    let mut typed = OrderTyped {
        request: request.to_string(),
        draft: String::new(),
        note: order.note.clone(),
        notice: order.notice.clone(),
        by_mail: order.by_mail,
        date: asked.date.clone(),
        time: asked.time.clone(),
        problem: None,
    };
    if asked.r#do == "plan" {
        match planned::due(&asked.date, &asked.time, app.clock.now()) {
            Ok(at) => {
                planned::plan(app, course, order, at).await?;
                return Ok(Redirect::to(&format!("/studio/{course}/publier")).into_response());
            }
            Err((field, said)) => {
                typed.problem = Some((field, said.clone()));
                let shown = Shown { status: StatusCode::UNPROCESSABLE_ENTITY, problem: Some(said), order: typed };
                return show(app, around, (draft, author), shown).await;
            }
        }
    }
    let (status, problem) = match act::publish(app, course, order, Some(&asked.draft)).await? {
        Outcome::Published(_) => return Ok(Redirect::to(&format!("/studio/{course}/versions")).into_response()),
        Outcome::Unchanged(number) => {
            (StatusCode::CONFLICT, format!("Le brouillon est ce qui est déjà publié, en version {number}\u{a0}: rien n’a été publié."))
        }
        Outcome::Blocked(_) => {
            (StatusCode::UNPROCESSABLE_ENTITY, "Rien n’a été publié\u{a0}: des points bloquent encore.".to_owned())
        }
        Outcome::Elsewhere(number) => (
            StatusCode::CONFLICT,
            format!("Rien n’a été publié\u{a0}: la version {number} l’a été entre-temps, et ce brouillon n’en vient pas."),
        ),
        Outcome::Changed => (
            StatusCode::CONFLICT,
            "Rien n’a été publié\u{a0}: le brouillon a changé depuis cette page. Relisez-la telle qu’elle est maintenant, puis confirmez."
                .to_owned(),
        ),
    };
    show(app, around, (draft, author), Shown { status, problem: Some(problem), order: typed }).await
}

/// What was typed, in one line at most so long.
fn short(text: &str, most: usize) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(most).collect()
}

async fn show(
    app: &App,
    around: Surroundings,
    (draft, author): (&Draft, &CourseAuthor),
    Shown { status, problem, order }: Shown,
) -> Result<Response> {
    let (course, db) = (&draft.course, app.db.reader());
    let examined = gate::examine(app, course).await?;
    let current = app.library.course(course);
    let foreseen = match (&current, &examined.course) {
        (Some(current), Some(new)) => {
            let foreseen = foresee(app, &current.course, new).await?;
            Some(words::consequences(&foreseen, &current.course, new))
        }
        _ => None,
    };
    let (planned, withdrawal) = (planned::planned(db, course).await?, offer::withdrawal(db, course).await?);
    let people = examined.waivers.iter().map(|waiver| waiver.by);
    let people = people.chain(planned.iter().map(|it| it.order.by)).chain(withdrawal.iter().map(|it| it.by));
    let authors = names(db, people.collect::<Vec<_>>()).await?;
    let signed = |person: PersonId, at: Timestamp| format!("{}, le {}", by(Some(person), &authors), date_long(at));
    let blocking = examined.blocking();
    // The same words twice in one file are waived together, by the first.
    let mut asked = BTreeSet::new();
    let once = |line: FindingLine| FindingLine { key: line.key.filter(|key| asked.insert(key.clone())), ..line };
    let waived = |key: &str| examined.waivers.iter().any(|waiver| waiver.key == key);
    let advice = examined.report.findings.iter().filter(|finding| finding.severity == Severity::Advice);
    let number = current.as_ref().map(|published| published.number);
    // Read after the version: one that this draft became just now, its author's line cut, is none of elsewhere.
    let base = store::draft(db, course).await?.base;
    // As the draft names it, where it is a course already.
    let named = examined.course.as_ref().or(current.as_ref().map(|published| &published.course));
    let view = publish_page(PublishPage {
        framed: framed(author, named.map_or("", |course| &course.title), Tab::Publishing),
        blocking: blocking.iter().map(|finding| words::finding(course, finding)).map(once).collect(),
        advice: advice.filter(|finding| !waived(&finding.key)).map(|finding| words::finding(course, finding)).collect(),
        waived: examined
            .waivers
            .iter()
            .map(|waiver| WaivedLine {
                key: waiver.key.clone(),
                said: waiver.said.clone(),
                reason: waiver.reason.clone(),
                by: signed(waiver.by, waiver.at),
                holds: examined.report.findings.iter().any(|finding| finding.key == waiver.key),
            })
            .collect(),
        figures: examined.report.figures.iter().map(words::figures).collect(),
        consequences: foreseen,
        order: OrderTyped {
            request: if order.request.is_empty() { app.dice.uuid().to_string() } else { order.request },
            draft: examined.digest.clone(),
            ..order
        },
        planned: planned.map(|planned| Planned {
            due_at: planned.due_at,
            by: by(Some(planned.order.by), &authors),
            note: planned.order.note,
            failed: planned.failed,
        }),
        elsewhere: number.filter(|number| base.is_none_or(|base| base < *number)),
        withdrawn: withdrawal.map(|it| Withdrawn { by: signed(it.by, it.at), reason: it.reason }),
        published: number,
        problem,
    });
    Ok(around.studio_page(status, "Vérifier et publier", view))
}
