//! The trainer's sheet: on screen, as a file, and a person at a time.

use super::closing::threshold;
use super::correction;
use super::sheet::{self, Attendee, Attendees, names};
use super::store::intervals_of;
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::webinar::store::{self as webinars, Webinar};
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::csv;
use domain::ids::{PersonId, WebinarId};
use domain::text::{date_long, paris};
use domain::webinar::presence::Reason;
use domain::webinar::schedule::Stage;
use frontend::webinar::presence::{
    Correct, CorrectionForm, HistoryLine, Line, SeenLine, Sent, Sheet, State as Held, correction_page, sheet_page,
};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `GET /webinaires/{webinar}/presences`
pub async fn sheet(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<WebinarId>,
) -> Result<Response> {
    let webinar = managed(&app, &viewer, id).await?;
    let now = app.clock.now();
    let attendees = sheet::load(&app, &webinar, now).await?;
    let authors = authors(&app, &attendees.people).await?;
    let href = format!("/webinaires/{id}");
    let line = |attendee: &Attendee| Line {
        href: format!("{href}/presences/{}", attendee.person),
        name: attendee.name.clone(),
        maison: attendee.maison.clone(),
        departement: attendee.departement.clone(),
        is_here: attendee.is_here,
        minutes: attendee.figures.minutes,
        percent: attendee.figures.percent,
        reason: attendee.reason,
        corrected: corrected(attendee, &authors).map(|(by, why)| format!("{by}\u{a0}: {why}")),
    };
    let (registered, others): (Vec<_>, Vec<_>) = attendees.people.iter().partition(|attendee| attendee.is_registered);
    let view = sheet_page(Sheet {
        title: webinar.title.clone(),
        trainers: webinar.trainers.iter().map(webinars::Person::name).collect(),
        starts_at: webinar.schedule.starts_at,
        state: state(&webinar, &attendees, now),
        live_minutes: attendees.live_minutes(),
        threshold: threshold(&webinar),
        now,
        registered: registered.into_iter().map(line).collect(),
        others: others.into_iter().map(line).collect(),
        href: href.clone(),
    });
    Ok(around.page(&format!("Feuille de présence, {}", webinar.title), view))
}

/// `GET /webinaires/{webinar}/presences.csv`
pub async fn file(State(app): State<App>, viewer: Viewer, Path(id): Path<WebinarId>) -> Result<Response> {
    let webinar = managed(&app, &viewer, id).await?;
    let now = app.clock.now();
    let attendees = sheet::load(&app, &webinar, now).await?;
    let authors = authors(&app, &attendees.people).await?;
    let day = paris(attendees.live.first().map_or(webinar.schedule.starts_at, |span| span.from)).date();
    let live_minutes = attendees.live_minutes().to_string();
    let yes = |flag: bool| if flag { "oui" } else { "non" }.to_owned();
    let header = [
        "Webinaire",
        "Date",
        "Nom",
        "Maison",
        "Département",
        "Inscription",
        "Minutes",
        "Minutes en direct",
        "Pourcentage",
        "Seuil (%)",
        "Seuil atteint",
        "État",
        "Corrigé par",
        "Raison",
    ];
    let rows = attendees.people.iter().map(|attendee| {
        let (by, why) = corrected(attendee, &authors).unwrap_or_default();
        vec![
            webinar.title.clone(),
            day.to_string(),
            attendee.name.clone(),
            attendee.maison.clone().unwrap_or_default(),
            attendee.departement.clone().unwrap_or_default(),
            yes(attendee.is_registered),
            attendee.figures.minutes.to_string(),
            live_minutes.clone(),
            attendee.figures.percent.to_string(),
            webinar.threshold.to_string(),
            yes(attendee.figures.met),
            if attendees.live.is_empty() { String::new() } else { attendee.reason.name().to_owned() },
            by,
            why,
        ]
    });
    let file = csv::written(std::iter::once(header.map(str::to_owned).to_vec()).chain(rows));
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"presences-{day}.csv\"")),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, file).into_response())
}

/// `GET /webinaires/{webinar}/presences/{person}`
pub async fn person(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path((id, person)): Path<(WebinarId, PersonId)>,
) -> Result<Response> {
    let webinar = managed(&app, &viewer, id).await?;
    let attendees = sheet::load(&app, &webinar, app.clock.now()).await?;
    let attendee = attendees.of(person).ok_or(Error::NotFound)?;
    let form = match correction::closed(&viewer, &attendees, attendee) {
        Some(why) => CorrectionForm::Closed(why),
        None => CorrectionForm::Open(Sent {
            correction: app.dice.uuid().to_string(),
            minutes: attendee.figures.minutes.to_string(),
            ..Sent::default()
        }),
    };
    show(&app, around, StatusCode::OK, (&webinar, &attendees, attendee), form).await
}

/// A correction as it is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    pub(super) correction: String,
    pub(super) minutes: String,
    pub(super) why: String,
    /// `yes` once the trainer has seen what it changes.
    pub(super) sure: Option<String>,
}

/// `POST /webinaires/{webinar}/presences/{person}`: shows what would change, then writes it.
pub async fn correct(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path((id, person)): Path<(WebinarId, PersonId)>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let webinar = managed(&app, &viewer, id).await?;
    let attendees = sheet::load(&app, &webinar, app.clock.now()).await?;
    let attendee = attendees.of(person).ok_or(Error::NotFound)?;
    if let Some(why) = correction::closed(&viewer, &attendees, attendee) {
        return Err(Error::Conflict(why.to_owned()));
    }
    let to = format!("/webinaires/{id}/presences/{person}#historique");
    let about = (&webinar, &attendees, attendee);
    let sent = Sent {
        correction: typed.correction.clone(),
        minutes: typed.minutes.clone(),
        why: typed.why.clone(),
        problem: None,
    };
    match correction::read(&typed, &webinar, &attendees, attendee) {
        Err(problem) => {
            let form = CorrectionForm::Open(Sent { problem: Some(problem), ..sent });
            show(&app, around, StatusCode::UNPROCESSABLE_ENTITY, about, form).await
        }
        Ok(correction) if correction.is_made => Ok(Redirect::to(&to).into_response()),
        Ok(correction) if typed.sure.as_deref() != Some("yes") => {
            let figures = correction.figures;
            let form =
                CorrectionForm::Confirm { sent, after: figures.minutes, percent: figures.percent, met: figures.met };
            show(&app, around, StatusCode::OK, about, form).await
        }
        Ok(correction) => {
            correction::write(&app, viewer.person, person, correction).await?;
            Ok(Redirect::to(&to).into_response())
        }
    }
}

/// The webinar, for those who may read its roster.
async fn managed(app: &App, viewer: &Viewer, id: WebinarId) -> Result<Webinar> {
    let webinar = webinars::webinar(app.db.reader(), id).await?.ok_or(Error::NotFound)?;
    viewer.manager_of(&webinar)?;
    Ok(webinar)
}

fn state(webinar: &Webinar, attendees: &Attendees, now: Timestamp) -> Held {
    let span = attendees.live.first().zip(attendees.live.last());
    match (webinar.stage(now), span) {
        (Stage::Scheduled | Stage::Open, _) => Held::Before,
        (Stage::Live, Some((first, _))) => Held::Live { since: first.from },
        (Stage::Closed, Some((first, last))) => Held::Over { from: first.from, to: last.to },
        (Stage::Live | Stage::Closed | Stage::Cancelled, _) => Held::NeverHeld,
    }
}

async fn authors(app: &App, people: &[Attendee]) -> Result<BTreeMap<PersonId, String>> {
    let corrections = people.iter().filter_map(|attendee| attendee.record.as_ref());
    let authors: Vec<_> =
        corrections.flat_map(|record| &record.corrections).filter_map(|correction| correction.by).collect();
    names(app.db.reader(), authors).await
}

/// Who wrote it, by name.
pub(crate) fn by(author: Option<PersonId>, authors: &BTreeMap<PersonId, String>) -> String {
    let known = author.and_then(|author| authors.get(&author));
    known.cloned().unwrap_or_else(|| "un compte qui n’existe plus".to_owned())
}

/// Who made the correction that counts, and why.
fn corrected(attendee: &Attendee, authors: &BTreeMap<PersonId, String>) -> Option<(String, String)> {
    let correction = attendee.record.as_ref()?.corrected()?;
    Some((by(correction.by, authors), correction.why.clone()))
}

async fn show(
    app: &App,
    around: Surroundings,
    status: StatusCode,
    (webinar, attendees, attendee): (&Webinar, &Attendees, &Attendee),
    form: CorrectionForm,
) -> Result<Response> {
    let intervals = intervals_of(app.db.reader(), webinar.id, attendee.person).await?;
    let beside = names(app.db.reader(), intervals.iter().filter_map(|interval| interval.beside)).await?;
    let seen = intervals.iter().filter(|interval| interval.span.millis() > 0).map(|interval| SeenLine {
        from: interval.span.from,
        to: interval.span.to,
        beside: interval.beside.map(|person| by(Some(person), &beside)),
    });
    let authors = authors(app, std::slice::from_ref(attendee)).await?;
    let corrections = attendee.record.iter().flat_map(|record| &record.corrections);
    let history = corrections.map(|correction| HistoryLine {
        at: correction.at,
        by: by(correction.by, &authors),
        why: correction.why.clone(),
        before: correction.before.map(|figures| figures.minutes),
        after: correction.after.minutes,
    });
    let view = correction_page(Correct {
        sheet: format!("/webinaires/{}/presences", webinar.id),
        href: format!("/webinaires/{}/presences/{}", webinar.id, attendee.person),
        title: webinar.title.clone(),
        name: attendee.name.clone(),
        held_at: attendees.live.first().map(|span| span.from),
        live_minutes: attendees.live_minutes(),
        threshold: threshold(webinar),
        minutes: attendee.figures.minutes,
        percent: attendee.figures.percent,
        stands: stands(attendees, attendee.reason).to_owned(),
        seen: seen.collect(),
        history: history.collect(),
        form,
    });
    Ok(around.page_as(status, &format!("Présence de {}", attendee.name), view))
}

fn stands(attendees: &Attendees, reason: Reason) -> &'static str {
    if attendees.is_closed { reason.name() } else { "Rien n’est encore inscrit" }
}

/// « Marie Le Goff, le 3 décembre 2026 : ligne coupée », as records tell a correction.
pub(crate) fn told(correction: &domain::record::Correction, authors: &BTreeMap<PersonId, String>) -> String {
    let before = correction.before.map_or_else(|| "rien".to_owned(), |figures| format!("{}\u{a0}min", figures.minutes));
    format!(
        "Corrigé par {}, le {}\u{a0}: {before} → {}\u{a0}min. Raison\u{a0}: {}",
        by(correction.by, authors),
        date_long(correction.at),
        correction.after.minutes,
        correction.why
    )
}
