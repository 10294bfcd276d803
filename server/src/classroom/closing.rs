//! Closing a half day's sheet: whoever was there has it in their record, all of them or none.

use super::store::{self, Attendee, Classroom};
use crate::access::ClassroomManager;
use crate::app::App;
use crate::error::{Error, Result};
use crate::record::store as records;
use crate::webhook::outbox;
use domain::classroom::added;
use domain::ids::{EntryId, PersonId};
use domain::pathway::Component;
use domain::record::{Fact, HalfDay};
use domain::text::{hour, paris};
use domain::webhook::Event;
use std::collections::BTreeSet;

/// Says who was there; closes the sheet where `closes`, and writes the records. One transaction: nothing is
/// half-written, and a sheet that is closed is in every record that it names.
pub(super) async fn keep(
    app: &App,
    manager: ClassroomManager,
    classroom: Classroom,
    half_day: HalfDay,
    present: BTreeSet<PersonId>,
    closes: bool,
) -> Result<()> {
    let now = app.clock.now();
    if closes && half_day.date > paris(now).date() {
        let said = "Cette demi-journée n’a pas encore eu lieu\u{a0}: sa feuille se clôt le jour même, ou après.";
        return Err(Error::Conflict(said.to_owned()));
    }
    let component = component(app, &classroom)?;
    let inside = app.clone();
    app.db
        .write(move |db| {
            Box::pin(async move {
                store::lock_open(db, classroom.id, half_day).await?;
                store::say(db, manager, half_day, &present).await?;
                if !closes {
                    return Ok(());
                }
                store::set_closed(db, manager, half_day, now).await?;
                for attendee in store::roster(db, classroom.id).await? {
                    if !attendee.mark(half_day).is_present() || attendee.person == manager.person {
                        continue;
                    }
                    let known = records::lock(db, attendee.person).await?.record;
                    let known = known.attendance(&classroom.course, &component.slug);
                    let Some(half_days) = added(known, half_day) else { continue };
                    let fact = Fact::AttendanceEntered {
                        course: classroom.course.clone(),
                        component: component.slug.clone(),
                        title: component.title.clone(),
                        entry: EntryId(inside.dice.uuid()),
                        minutes: component.minutes_of(half_days.len()),
                        half_days,
                        exempted: false,
                        why: source(&classroom, &attendee, half_day),
                    };
                    records::append_by(&inside, db, manager.person, attendee.person, now, fact, |_| false).await?;
                }
                outbox::tell(&inside, db, &Event::ClassroomClosed { classroom: classroom.id, half_day }).await
            })
        })
        .await
}

/// What the session makes its agents follow, in today's pathway.
fn component(app: &App, classroom: &Classroom) -> Result<Component> {
    let pathways = app.pathways.current();
    let published = pathways.iter().find(|published| published.slug == classroom.pathway);
    let component = published.and_then(|published| published.pathway.component(&classroom.component));
    component
        .cloned()
        .ok_or_else(|| Error::Conflict("La composante de cette session n’est plus au parcours.".to_owned()))
}

/// How the session is named, whatever has become of what it makes its agents follow.
pub(crate) fn title(app: &App, classroom: &Classroom) -> String {
    component(app, classroom).map_or_else(|_| "Composante retirée du parcours".to_owned(), |component| component.title)
}

/// Where the entry comes from, for the agent and whoever checks.
fn source(classroom: &Classroom, attendee: &Attendee, half_day: HalfDay) -> String {
    let place = &classroom.place;
    match attendee.mark(half_day).signed_at {
        Some(at) => {
            format!("Session à {place}, {}\u{a0}: feuille signée sur téléphone à {}.", half_day.said(), hour(at))
        }
        None => format!("Session à {place}, {}\u{a0}: présence notée sur la feuille.", half_day.said()),
    }
}
