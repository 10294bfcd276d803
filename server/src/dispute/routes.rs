//! The pages of a line that is disputed, and the list of them.

use super::store::{self, Dispute};
use crate::access::{RecordReader, Viewer};
use crate::app::App;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::record::routes::{FactLine, line_of};
use crate::record::{self, evidence};
use crate::webinar::presence::{by, names};
use crate::{follow_up, identity};
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::ids::{CourseSlug, PersonId};
use frontend::dispute::{Asks, DisputePage, Row, Words, dispute_page, disputes_page};
use frontend::record::Evidence;
use http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;

/// Characters of what is said, at least and at most.
const WORDS: std::ops::RangeInclusive<usize> = 5..=1000;

/// Disputes shown of each kind.
const MOST: u64 = 200;

/// What is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    words: String,
}

/// A line of somebody's record.
struct Place {
    agent: PersonId,
    seq: u64,
    course: CourseSlug,
    line: FactLine,
    evidence: Vec<Evidence>,
    dispute: Option<Dispute>,
}

async fn place(app: &App, reader: &RecordReader, seq: u64, owner_view: bool) -> Result<Place> {
    let agent = reader.subject;
    let before = seq.checked_add(1).ok_or(Error::NotFound)?;
    let entry = record::store::facts(app.db.reader(), agent, Some(before), 1).await?.into_iter().next();
    let entry = entry.filter(|entry| entry.seq == seq && reader.reads(entry.fact.course())).ok_or(Error::NotFound)?;
    let course = entry.fact.course().clone();
    let told = owner_view || reader.keeper(&course).is_ok();
    let dispute = store::of(app.db.reader(), agent).await?.remove(&seq).filter(|_| told);
    let authors = names(app.db.reader(), entry.author).await?;
    let evidence = evidence::of(app, agent, &entry, &authors, owner_view).await?;
    Ok(Place { agent, seq, course, line: line_of(app, &entry, &authors), evidence, dispute })
}

/// `GET /dossier/faits/{seq}`
pub async fn own(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(seq): Path<u64>,
) -> Result<Response> {
    let reader = viewer.reader_of(&follow_up::routes::subject(&app, viewer.person).await?)?;
    let place = place(&app, &reader, seq, true).await?;
    let asks = place.dispute.is_none().then(|| Asks { raises: true, words: String::new(), problem: None });
    show(&app, around, StatusCode::OK, place, true, asks).await
}

/// `POST /dossier/faits/{seq}`: « je conteste ».
pub async fn raise(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(seq): Path<u64>,
    Form(Typed { words }): Form<Typed>,
) -> Result<Response> {
    let reader = viewer.reader_of(&follow_up::routes::subject(&app, viewer.person).await?)?;
    let place = place(&app, &reader, seq, true).await?;
    match read(&words) {
        Err(problem) => {
            let asks = Some(Asks { raises: true, words, problem: Some(problem) });
            show(&app, around, StatusCode::UNPROCESSABLE_ENTITY, place, true, asks).await
        }
        Ok(said) => {
            store::raise(&app, place.agent, seq, &place.course, said).await?;
            Ok(Redirect::to(&format!("/dossier/faits/{seq}")).into_response())
        }
    }
}

/// `GET /suivi/{person}/faits/{seq}`: for those who may read it; what is disputed, for those who may answer.
pub async fn of_agent(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path((person, seq)): Path<(PersonId, u64)>,
) -> Result<Response> {
    let reader = viewer.reader_of(&follow_up::routes::subject(&app, person).await?)?;
    let place = place(&app, &reader, seq, false).await?;
    let waits = place.dispute.as_ref().is_some_and(|dispute| dispute.answered_at.is_none());
    let asks = waits.then(|| Asks { raises: false, words: String::new(), problem: None });
    show(&app, around, StatusCode::OK, place, false, asks).await
}

/// `POST /suivi/{person}/faits/{seq}`: the answer.
pub async fn answer(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path((person, seq)): Path<(PersonId, u64)>,
    Form(Typed { words }): Form<Typed>,
) -> Result<Response> {
    let (place, author) = answerable(&app, &viewer, person, seq).await?;
    match read(&words) {
        Err(problem) => {
            let asks = Some(Asks { raises: false, words, problem: Some(problem) });
            show(&app, around, StatusCode::UNPROCESSABLE_ENTITY, place, false, asks).await
        }
        Ok(said) => {
            store::answer(&app, author, place.agent, seq, said).await?;
            Ok(Redirect::to(&format!("/suivi/{person}/faits/{seq}")).into_response())
        }
    }
}

/// A line that is disputed, for those who keep the record of its course; and who they are.
async fn answerable(app: &App, viewer: &Viewer, person: PersonId, seq: u64) -> Result<(Place, PersonId)> {
    let reader = viewer.reader_of(&follow_up::routes::subject(app, person).await?)?;
    let place = place(app, &reader, seq, false).await?;
    let author = reader.keeper(&place.course)?.author;
    if place.dispute.is_none() { Err(Error::NotFound) } else { Ok((place, author)) }
}

/// `GET /suivi/contestations`: those of the courses whose records this person keeps.
pub async fn list(State(app): State<App>, viewer: Viewer, around: Surroundings) -> Result<Response> {
    let planner = viewer.planner(&follow_up::routes::published(&app))?;
    viewer.looks_at_many();
    let disputes = store::about(app.db.reader(), &planner.courses, MOST).await?;
    let people = names(app.db.reader(), disputes.iter().map(|dispute| PersonId(dispute.person_id))).await?;
    let rows = disputes.into_iter().map(|dispute| Row {
        href: format!("/suivi/{}/faits/{}", dispute.person_id, dispute.seq),
        name: by(Some(PersonId(dispute.person_id)), &people),
        at: at(dispute.at),
        said: dispute.said,
        answered_at: dispute.answered_at.map(at),
    });
    Ok(around.page("Contestations", disputes_page(rows.collect())))
}

async fn show(
    app: &App,
    around: Surroundings,
    status: StatusCode,
    place: Place,
    owner_view: bool,
    asks: Option<Asks>,
) -> Result<Response> {
    let Place { agent, seq, line, evidence, dispute, .. } = place;
    let account = identity::store::account(app, agent).await?.ok_or(Error::NotFound)?;
    let name = format!("{} {}", account.first_name, account.last_name);
    let authors = dispute.as_ref().and_then(|dispute| dispute.answered_by).map(PersonId);
    let authors = names(app.db.reader(), authors).await?;
    let raised =
        dispute.as_ref().map(|dispute| Words { at: at(dispute.at), by: name.clone(), said: dispute.said.clone() });
    let answered = dispute.as_ref().and_then(|dispute| {
        Some(Words {
            at: at(dispute.answered_at?),
            by: by(dispute.answered_by.map(PersonId), &authors),
            said: dispute.answer.clone()?,
        })
    });
    let base = if owner_view { "/dossier".to_owned() } else { format!("/suivi/{agent}") };
    let view = dispute_page(DisputePage {
        href: format!("{base}/faits/{seq}"),
        record: base,
        name,
        line,
        evidence,
        raised,
        answered,
        asks,
        owner_view,
    });
    Ok(around.page_as(status, "Une ligne du dossier", view))
}

fn at(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or_default()
}

fn read(words: &str) -> Result<String, String> {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let words: String = words.chars().filter(|sign| !sign.is_control()).collect();
    if WORDS.contains(&words.chars().count()) {
        Ok(words)
    } else {
        Err(format!("Expliquez en quelques phrases, de {} à {} caractères.", WORDS.start(), WORDS.end()))
    }
}
