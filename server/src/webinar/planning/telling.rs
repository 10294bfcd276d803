//! Writing to those whom a change is about, and setting or taking back their reminders.

use super::super::letters::{News, Sender, letter, reminders_key};
use super::super::store::{Person, Webinar};
use crate::app::App;
use crate::error::Result;
use crate::mail::outbox;
use domain::ids::PersonId;
use domain::webinar::registration::{Change, Roster};
use domain::webinar::schedule::Reminder;
use sea_orm::ConnectionTrait;
use std::collections::BTreeMap;

/// Writes what happened to people, and sets or takes back their reminders.
pub(super) async fn tell(
    db: &impl ConnectionTrait,
    app: &App,
    webinar: &Webinar,
    roster: &Roster,
    changes: &[Change],
    people: &BTreeMap<PersonId, Person>,
    from: &Sender,
) -> Result<()> {
    let mut letters = Vec::new();
    let mut coming = Vec::new();
    for change in changes {
        let person = change.person();
        let (Some(to), Some(entry)) = (people.get(&person), roster.entry(person)) else { continue };
        let news = match change {
            Change::Registered(_) => News::Registered(entry.at),
            Change::Waits(_) => News::Waits(entry.at, roster.rank(person).unwrap_or(1)),
            Change::Promoted(_) => News::Promoted(entry.at),
            Change::Withdrew(_) => News::Withdrew(entry.at),
        };
        match change {
            Change::Registered(_) | Change::Promoted(_) => coming.push(to),
            Change::Withdrew(_) => outbox::take_back(db, &reminders_key(webinar.id, Some(person))).await?,
            Change::Waits(_) => {}
        }
        if !to.suspended {
            letters.push(letter(webinar, to, news, from));
        }
    }
    outbox::post(db, app, letters).await?;
    remind(db, app, webinar, from, coming.into_iter()).await
}

/// Tells those who now lead the webinar, those who no longer do, and the others what changed.
pub(super) async fn tell_trainers(
    db: &impl ConnectionTrait,
    app: &App,
    (before, after): (&Webinar, &Webinar),
    moved: bool,
    from: &Sender,
) -> Result<()> {
    let mut letters = Vec::new();
    let mut new = Vec::new();
    for trainer in &after.trainers {
        if !before.is_led_by(trainer.id) {
            letters.push(letter(after, trainer, News::Leads, from));
            new.push(trainer);
        } else if moved {
            letters.push(letter(after, trainer, News::Changed { in_calendar: true }, from));
        }
    }
    for trainer in before.trainers.iter().filter(|trainer| !after.is_led_by(trainer.id)) {
        letters.push(letter(after, trainer, News::LeadsNoMore, from));
        outbox::take_back(db, &reminders_key(after.id, Some(trainer.id))).await?;
    }
    outbox::post(db, app, letters).await?;
    remind(db, app, after, from, new.into_iter()).await
}

/// Writes the reminders still to come of these people.
pub(super) async fn remind<'p>(
    db: &impl ConnectionTrait,
    app: &App,
    webinar: &Webinar,
    from: &Sender,
    people: impl Iterator<Item = &'p Person>,
) -> Result<()> {
    let to_come = Reminder::ALL.map(|reminder| (reminder, webinar.schedule.reminds_at(reminder) > from.now));
    let letters = people.filter(|to| !to.suspended).flat_map(|to| {
        let to_come = to_come.into_iter().filter(|(_, to_come)| *to_come);
        to_come.map(move |(reminder, _)| letter(webinar, to, News::Reminder(reminder), from))
    });
    outbox::post(db, app, letters.collect()).await
}
