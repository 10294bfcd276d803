//! What mails say of cohorts. Texts are French: they are read by people.

use super::store::Cohort;
use crate::app::App;
use crate::mail::{Letter, body};
use crate::webinar::store::Person;
use domain::ids::PersonId;
use domain::text::day_long;
use jiff::SignedDuration;
use std::collections::BTreeMap;

/// How long a mail is worth sending.
const WORTH: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What a mail tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News<'n> {
    /// They are in it.
    Joined,
    /// Its days are others.
    Days,
    /// It does not take place, and why.
    CalledOff(&'n str),
}

/// A mail to each of these people, but those whose account is suspended.
pub(super) fn all(app: &App, cohort: &Cohort, people: &BTreeMap<PersonId, Person>, news: News<'_>) -> Vec<Letter> {
    people.values().filter(|to| !to.suspended).map(|to| letter(app, cohort, to, news)).collect()
}

fn letter(app: &App, cohort: &Cohort, to: &Person, news: News<'_>) -> Letter {
    let published = app.library.course(&cohort.course);
    let course = published.map_or_else(|| cohort.course.to_string(), |published| published.course.title.clone());
    let (name, days, url, now) = (&cohort.name, cohort.days(), &app.config.public_url, app.clock.now());
    let by = format!("La formation est à terminer au plus tard le {}.", day_long(cohort.to));
    let (kind, subject, said) = match news {
        News::Joined => (
            "joined",
            format!("Votre cohorte\u{a0}: {name}"),
            format!(
                "Vous suivez la formation «\u{a0}{course}\u{a0}» avec la cohorte «\u{a0}{name}\u{a0}», {days}. {by}{}\n\n\
                 Les chapitres se suivent à votre rythme\u{a0}; ce qui vient est sur votre page d’accueil.",
                with(cohort)
            ),
        ),
        News::Days => (
            "days",
            format!("Votre cohorte change de dates\u{a0}: {name}"),
            format!(
                "La cohorte «\u{a0}{name}\u{a0}», avec laquelle vous suivez «\u{a0}{course}\u{a0}», a lieu {days}. {by}"
            ),
        ),
        News::CalledOff(why) => (
            "called-off",
            format!("Votre cohorte est annulée\u{a0}: {name}"),
            format!(
                "La cohorte «\u{a0}{name}\u{a0}», avec laquelle vous suiviez «\u{a0}{course}\u{a0}», n’a plus lieu\u{a0}: \
                 {why}\n\nCe que vous avez acquis reste dans votre dossier, et les chapitres restent ouverts."
            ),
        ),
    };
    Letter {
        key: format!("cohort/{}/{kind}/{}/{}", cohort.id, to.id, now.as_millisecond()),
        to_address: to.email.clone(),
        to_name: to.name(),
        subject,
        body: body(&to.first_name, &format!("{said}\n\n{url}/"), url),
        calendar: None,
        send_after: now,
        send_before: now.checked_add(WORTH).ok(),
    }
}

/// Who trains it, in a sentence.
fn with(cohort: &Cohort) -> String {
    match cohort.trainers.iter().map(Person::name).collect::<Vec<_>>().as_slice() {
        [] => String::new(),
        [one] => format!(" Elle est suivie par {one}."),
        [first @ .., last] => format!(" Elle est suivie par {} et {last}.", first.join(", ")),
    }
}
