//! What a recording that is watched comes to for somebody, and the fact that is due once it reaches the threshold.

use super::store;
use crate::error::Result;
use crate::webinar::presence::{self, intervals_of};
use crate::webinar::recording::Recording;
use crate::webinar::store::Webinar;
use domain::ids::PersonId;
use domain::record::{Fact, Record, WebinarRecord};
use domain::webinar::presence::{Evidence, Span};
use domain::webinar::replay::{Followed, Piece, covered};
use frontend::webinar::replay::Counted;
use jiff::Timestamp;
use sea_orm::ConnectionTrait;

/// Where somebody stands.
pub(super) struct Judged {
    pub(super) counted: Counted,
    /// What is to be written into their record.
    pub(super) due: Option<Fact>,
}

/// Judges what that person, whose record this is, followed of the webinar, live and later.
///
/// What was seen live counts together with what is played where the record goes by it: not for somebody without a place,
/// to whom nothing live is counted, nor once a trainer has corrected it by hand, since what a trainer states has no place
/// in time. Then the recording has to be followed by itself.
///
/// # Errors
/// When the database fails.
pub(super) async fn judge(
    db: &impl ConnectionTrait,
    webinar: &Webinar,
    recording: &Recording,
    (person, record): (PersonId, &Record),
    now: Timestamp,
) -> Result<Judged> {
    let nothing = |counted| Ok(Judged { counted, due: None });
    if webinar.is_led_by(person) {
        return nothing(Counted::Leads);
    }
    if !webinar.replay_counts {
        return nothing(Counted::Not);
    }
    let known = record.webinar(&webinar.course, webinar.id);
    if let Some(later) = known.and_then(WebinarRecord::later) {
        return nothing(Counted::Later { at: later.at, minutes: later.figures.minutes });
    }
    if let Some(known) = known.filter(|known| known.figures.met) {
        return nothing(Counted::Live { minutes: known.figures.minutes });
    }
    let goes_by_evidence = known.is_some_and(|known| known.measured.is_some() && known.corrections.is_empty());
    let seen = if goes_by_evidence { intervals_of(db, webinar.id, person).await? } else { Vec::new() };
    let seen: Vec<Evidence> = seen.iter().map(|seen| Evidence { span: seen.span, beside: seen.beside }).collect();
    let played = store::pieces(db, webinar.id, person).await?;
    let (live, is_closed) = presence::live(db, webinar, now).await?;
    let zero = recording.started_at;
    let followed = Followed::of(&seen, &played, zero, &live);
    let threshold = presence::threshold(webinar);
    // One that was corrected by a trainer, or played before and corrected since, is told once.
    let is_told = known.is_some_and(|known| known.replayed.is_some());
    let due = (is_closed && !is_told && followed.whole.meets(threshold))
        .then(|| fact(webinar, followed, threshold, &played, &live))
        .flatten();
    let length = recording.milliseconds();
    let counted = Counted::Partly {
        minutes: followed.whole.minutes(),
        seen_live: followed.live.minutes(),
        live_minutes: followed.whole.live_minutes(),
        percent: followed.whole.percent(),
        threshold,
        covered: covered(zero, length, &live),
    };
    Ok(Judged { counted, due })
}

/// None where nothing was played, or where the webinar was never live.
fn fact(webinar: &Webinar, followed: Followed, threshold: u8, played: &[Piece], live: &[Span]) -> Option<Fact> {
    let from = played.iter().filter(|piece| piece.credit() > 0).map(|piece| piece.took.from).min()?;
    Some(Fact::ReplayFollowed {
        course: webinar.course.clone(),
        webinar: webinar.id,
        title: webinar.title.clone(),
        held_at: live.first()?.from,
        from,
        minutes: followed.whole.minutes(),
        seen_live: followed.live.minutes(),
        live_minutes: followed.whole.live_minutes(),
        percent: followed.whole.percent(),
        threshold,
    })
}
