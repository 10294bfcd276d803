//! What browsers report of their players: kept before it is acknowledged, then judged, in one commit.

use super::crediting::{Judged, judge};
use super::store;
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::record;
use crate::webinar::recording::{self, Recording, State as Stands};
use crate::webinar::routes::known;
use crate::webinar::store::Webinar;
use axum::Json;
use axum::extract::{Path, State};
use domain::ids::PersonId;
use domain::record::{Fact, Record};
use domain::webinar::replay::{MOST_PIECES, Piece, Received, Report};
use frontend::webinar::replay::Acknowledged;
use jiff::Timestamp;
use sea_orm::ConnectionTrait;
use std::collections::BTreeMap;
use uuid::Uuid;

/// `POST /webinaires/{webinar}/revoir/lecture`
pub async fn report(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    Json(report): Json<Report>,
) -> Result<Json<Acknowledged>> {
    let (webinar, guest) = known(&app, &viewer, &id).await?;
    if report.pieces.len() > MOST_PIECES {
        return Err(Error::BadRequest(format!("Un envoi porte au plus {MOST_PIECES} passages lus.")));
    }
    let recording = recording::of(app.db.reader(), webinar.id).await?.ok_or(Error::NotFound)?;
    // What was played of one that was removed since still counts.
    if !matches!(recording.state, Stands::Whole | Stands::Removed) {
        return Err(Error::Conflict("L’enregistrement n’est pas encore disponible.".to_owned()));
    }
    let inside = app.clone();
    let kept = app.db.write(move |db| {
        Box::pin(async move {
            let now = inside.clock.now();
            keep(db, (&webinar, &recording), guest.person, &report, now).await?;
            let judged = async || {
                let record = record::store::load(db, guest.person).await?.record;
                judge(db, &webinar, &recording, (guest.person, &record), now).await
            };
            let Judged { counted, due } = judged().await?;
            let counted = match due {
                Some(fact) => {
                    tell(&inside, db, &webinar, guest.person, now, fact).await?;
                    judged().await?.counted
                }
                None => counted,
            };
            let kept = report.pieces.iter().map(|claim| claim.id).collect();
            Ok::<_, Error>(Acknowledged { kept, said: counted.said(), is_met: counted.is_met() })
        })
    });
    Ok(Json(kept.await?))
}

/// Puts on disk what can be believed of a report.
async fn keep(
    db: &impl ConnectionTrait,
    (webinar, recording): (&Webinar, &Recording),
    person: PersonId,
    report: &Report,
    now: Timestamp,
) -> Result<()> {
    let about = (webinar.id, person);
    let received = Received {
        opened: store::opened(db, report.watch, about, now).await?,
        at: now,
        sent: report.now,
        length: recording.milliseconds(),
    };
    if let Some(position) = report.position {
        store::stop_at(db, about, position, &received).await?;
    }
    // What counts for nothing is not kept of anybody.
    if !webinar.replay_counts || webinar.is_led_by(person) {
        return Ok(());
    }
    let mut pieces = BTreeMap::<Uuid, Piece>::new();
    for claim in &report.pieces {
        if let Some(piece) = received.piece(claim) {
            // Told twice in one report, the longer is the later.
            let longest = pieces.entry(claim.id).or_insert(piece);
            if piece.to > longest.to {
                *longest = piece;
            }
        }
    }
    store::keep(db, report.watch, about, pieces).await
}

/// Writes into the record that the threshold is reached, once.
async fn tell(
    app: &App,
    db: &impl ConnectionTrait,
    webinar: &Webinar,
    person: PersonId,
    now: Timestamp,
    fact: Fact,
) -> Result<()> {
    let is_there = |record: &Record| {
        let known = record.webinar(&webinar.course, webinar.id);
        known.is_some_and(|known| known.figures.met || known.replayed.is_some())
    };
    record::store::append_unless(app, db, person, now, fact, is_there).await?;
    Ok(())
}
