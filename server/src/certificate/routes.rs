//! Certificates over HTTP: for their holder, as a file, for whoever verifies one; the keys; proof files.

use super::store::{self, Kept};
use super::{paper, proof};
use crate::access::{RecordReader, Viewer};
use crate::app::App;
use crate::error::{Error, Result};
use crate::follow_up;
use crate::identity::throttle;
use crate::merging;
use crate::page::Surroundings;
use crate::qr::{Code, code};
use axum::Json;
use axum::extract::{ConnectInfo, Path, State};
use axum::response::{IntoResponse as _, Response};
use domain::certificate::{Basis, Certificate, Number};
use domain::ids::PersonId;
use domain::text::days_long;
use frontend::certificate::{Held, Links, Paper, Row, certificate_page, verification_page};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};
use std::net::SocketAddr;

/// Certificates as lists tell them.
pub(crate) fn held(all: &[Kept]) -> Vec<Held> {
    let one = |kept: &Kept| Held {
        title: kept.certificate.title.clone(),
        number: kept.certificate.number.to_string(),
        href: format!("/dossier/certificats/{}", kept.certificate.number),
        issued_at: kept.certificate.issued_at,
        withdrawn_at: kept.withdrawn_at,
        is_replaced: store::replacement(all, kept.certificate.number).is_some(),
    };
    all.iter().map(one).collect()
}

/// Whether all that it rests on is theirs to read.
pub(crate) fn reads(reader: &RecordReader, certificate: &Certificate) -> bool {
    certificate.lines.iter().all(|line| match &line.basis {
        Basis::Course { course } | Basis::Webinar { course, .. } | Basis::Attendance { course, .. } => {
            reader.reads(course)
        }
    })
}

/// The certificate of that number, for those who may read what it says in the record.
pub(super) async fn readable(app: &App, viewer: &Viewer, number: &str) -> Result<Kept> {
    let number: Number = number.parse().map_err(|_| Error::NotFound)?;
    let kept = store::find(app.db.reader(), number).await?.ok_or(Error::NotFound)?;
    let agent = merging::store::standing_for(app.db.reader(), kept.certificate.agent).await?;
    let reader = viewer.reader_of(&follow_up::routes::subject(app, agent).await?)?;
    if reads(&reader, &kept.certificate) { Ok(kept) } else { Err(Error::NotFound) }
}

/// `GET /dossier/certificats/{number}`
pub async fn own(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(number): Path<String>,
) -> Result<Response> {
    let kept = readable(&app, &viewer, &number).await?;
    let number = kept.certificate.number;
    let agent = merging::store::standing_for(app.db.reader(), kept.certificate.agent).await?;
    let all = store::of(app.db.reader(), agent).await?;
    let next = store::replacement(&all, number).map(|next| format!("/dossier/certificats/{}", next.certificate.number));
    let is_own = agent == viewer.person;
    let record = if is_own { "/dossier".to_owned() } else { format!("/suivi/{agent}") };
    let (paper, _) = told(&app, &kept)?;
    let links = Links { record, own: format!("/dossier/certificats/{number}"), next, is_own };
    Ok(around.page(&format!("Certificat n° {number}"), certificate_page(paper, links)))
}

/// `GET /dossier/certificats/{number}/pdf`
pub async fn file(State(app): State<App>, viewer: Viewer, Path(number): Path<String>) -> Result<Response> {
    let kept = readable(&app, &viewer, &number).await?;
    let (paper, code) = told(&app, &kept)?;
    let drawn = tokio::task::spawn_blocking(move || paper::pdf(&paper, &code)).await;
    let bytes = drawn.map_err(|error| Error::Internal(error.to_string()))??;
    Ok(download("application/pdf", &format!("certificat-{}.pdf", kept.certificate.number), bytes))
}

/// `GET /certificats/{number}`: for whoever holds the paper. It tells what the paper says, and whether it stands.
pub async fn verify(
    State(app): State<App>,
    around: Surroundings,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Path(number): Path<String>,
) -> Result<Response> {
    app.throttle.try_certificate(throttle::client_address(&app.config, peer.ip(), &headers))?;
    let number: Number = number.parse().map_err(|_| Error::NotFound)?;
    let kept = store::find(app.db.reader(), number).await?.ok_or(Error::NotFound)?;
    let mut is_signed = kept.is_signed(&app.keys.published()?);
    if !is_signed {
        // Another process may have made the next key just now.
        app.keys.refresh(&app.db).await?;
        is_signed = kept.is_signed(&app.keys.published()?);
    }
    let (paper, _) = told(&app, &kept)?;
    let mut page = around.page("Vérification d’un certificat", verification_page(paper, is_signed));
    // It names somebody: it is for who holds the paper, not for search engines.
    page.headers_mut().insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    Ok(page)
}

/// `GET /certificats/cles.json`: the keys that verify certificates and proof files, without us.
pub async fn keys(State(app): State<App>) -> Result<Response> {
    let body = serde_json::json!({ "algorithm": "Ed25519", "keys": app.keys.published()? });
    Ok(([(CACHE_CONTROL, "public, max-age=300")], Json(body)).into_response())
}

/// `GET /dossier/preuve.zip`
pub async fn own_proof(State(app): State<App>, viewer: Viewer) -> Result<Response> {
    let agent = viewer.person;
    proof_file(&app, &viewer, agent).await
}

/// `GET /suivi/{person}/preuve.zip`: for those who may read the whole record.
pub async fn proof_of(State(app): State<App>, viewer: Viewer, Path(agent): Path<PersonId>) -> Result<Response> {
    proof_file(&app, &viewer, agent).await
}

async fn proof_file(app: &App, viewer: &Viewer, agent: PersonId) -> Result<Response> {
    let reader = viewer.reader_of(&follow_up::routes::subject(app, agent).await?)?;
    if !reader.reads_all() {
        return Err(Error::NotFound);
    }
    let bytes = proof::write(app, agent).await?;
    Ok(download("application/zip", &format!("preuve-{agent}.zip"), bytes))
}

pub(super) fn download(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}

/// What the paper says.
fn told(app: &App, kept: &Kept) -> Result<(Paper, Code)> {
    let it = &kept.certificate;
    let url = format!("{}/certificats/{}", app.config.public_url, it.number);
    let code = code(&url)?;
    let row = |line: &domain::certificate::Attested| Row {
        title: line.title.clone(),
        modality: line.modality.name(),
        minutes: line.earned.map(|earned| earned.minutes),
    };
    let paper = Paper {
        number: it.number.to_string(),
        name: it.name.clone(),
        employer: it.employer.clone(),
        title: it.title.clone(),
        nature: it.nature.clone(),
        days: it.days().map(|(from, to)| days_long(from, to)).unwrap_or_default(),
        rows: it.lines.iter().map(row).collect(),
        hours: it.minutes_by_modality().into_iter().map(|(modality, minutes)| (modality.name(), minutes)).collect(),
        minutes: it.minutes(),
        provider: it.provider.name.clone(),
        place: it.provider.place.clone(),
        signatory: it.provider.signatory.clone(),
        issued_at: it.issued_at,
        withdrawn_at: kept.withdrawn_at,
        erased_at: it.erased_at,
        code: code.svg("l’adresse écrite à côté, qui vérifie ce certificat"),
        url,
        key: it.key.clone(),
    };
    Ok((paper, code))
}
