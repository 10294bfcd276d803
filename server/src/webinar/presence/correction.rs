//! Correcting how long somebody was present: a new fact, with its author and its reason.

use super::closing::threshold;
use super::routes::Typed;
use super::sheet::{Attendee, Attendees};
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::record;
use crate::webinar::store::Webinar;
use domain::ids::{CorrectionId, CourseSlug, PersonId, WebinarId};
use domain::record::{Fact, Figures};
use domain::webinar::presence::Attendance;

/// Characters of a reason, at least and at most.
const WHY: std::ops::RangeInclusive<usize> = 5..=500;

/// A correction that may be written.
#[derive(Debug, Clone)]
pub(super) struct Correction {
    id: CorrectionId,
    course: CourseSlug,
    webinar: WebinarId,
    fact: Fact,
    pub(super) figures: Figures,
    /// Whether it is in the record already: it was sent twice.
    pub(super) is_made: bool,
}

/// Why nothing can be corrected, if so.
pub(super) fn closed(viewer: &Viewer, attendees: &Attendees, attendee: &Attendee) -> Option<&'static str> {
    if attendees.live.is_empty() {
        Some("Le webinaire n’a pas commencé\u{a0}: il n’y a pas de présence à corriger.")
    } else if !attendees.is_closed {
        Some("La présence se corrige une fois le webinaire terminé et inscrit aux dossiers.")
    } else if viewer.person == attendee.person {
        Some("Votre propre présence se corrige par une autre personne qui anime le webinaire.")
    } else {
        None
    }
}

/// The field at fault, and what to do.
type Wrong = (&'static str, String);

/// Reads the form.
pub(super) fn read(
    typed: &Typed,
    webinar: &Webinar,
    attendees: &Attendees,
    attendee: &Attendee,
) -> Result<Correction, Wrong> {
    let live_minutes = attendees.live_minutes();
    let digits: String = typed.minutes.chars().filter(|sign| !sign.is_whitespace()).collect();
    let minutes = digits.parse::<u32>().ok().filter(|minutes| *minutes <= live_minutes);
    let minutes = minutes.ok_or_else(|| {
        ("minutes", format!("Indiquez les minutes de présence\u{a0}: un nombre entier de 0 à {live_minutes}."))
    })?;
    let why = typed.why.split_whitespace().collect::<Vec<_>>().join(" ");
    let why: String = why.chars().filter(|sign| !sign.is_control()).collect();
    let length = why.chars().count();
    if !WHY.contains(&length) {
        let said =
            format!("Dites en une phrase pourquoi vous corrigez, en {} à {} caractères.", WHY.start(), WHY.end());
        return Err(("why", said));
    }
    let id = typed.correction.parse().map(CorrectionId).map_err(|_| {
        ("minutes", "Cette page n’est plus à jour\u{a0}: rouvrez-la depuis la feuille de présence.".to_owned())
    })?;
    let is_made = attendee.record.as_ref().is_some_and(|record| record.has(id));
    if !is_made && attendee.record.is_some() && minutes == attendee.figures.minutes {
        let said =
            format!("Le dossier dit déjà {minutes}\u{a0}min\u{a0}: indiquez une autre durée, ou ne changez rien.");
        return Err(("minutes", said));
    }
    let attendance = Attendance::stated(minutes, live_minutes);
    let threshold = threshold(webinar);
    let figures = Figures { minutes, percent: attendance.percent(), met: attendance.meets(threshold) };
    let held_at = attendees.live.first().map_or(webinar.schedule.starts_at, |span| span.from);
    let fact = Fact::PresenceCorrected {
        course: webinar.course.clone(),
        webinar: webinar.id,
        title: webinar.title.clone(),
        held_at,
        correction: id,
        minutes,
        live_minutes,
        percent: figures.percent,
        threshold,
        met: figures.met,
        why,
    };
    Ok(Correction { id, course: webinar.course.clone(), webinar: webinar.id, fact, figures, is_made })
}

/// Writes it into the record, once.
pub(super) async fn write(app: &App, author: PersonId, agent: PersonId, correction: Correction) -> Result<()> {
    let (now, inside) = (app.clock.now(), app.clone());
    let Correction { id, course, webinar, fact, .. } = correction;
    app.db
        .write(move |db| {
            Box::pin(async move {
                let is_there = |record: &domain::record::Record| {
                    record.webinar(&course, webinar).is_some_and(|known| known.has(id))
                };
                record::store::append_by(&inside, db, author, agent, now, fact, is_there).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}
