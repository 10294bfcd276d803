//! What mails say of webinars. Texts are French: they are read by people.

#[cfg(test)]
mod tests;

use super::recording;
use super::store::{Person, Webinar};
use crate::app::App;
use crate::mail::{Letter, body};
use domain::ids::{PersonId, WebinarId};
use domain::text::{day_long, duration, hour, weekday_long};
use domain::webinar::calendar::{Event, Method, Party, ics};
use domain::webinar::schedule::Reminder;
use jiff::{SignedDuration, Timestamp};

/// Where mails come from.
#[derive(Debug, Clone)]
pub struct Sender {
    /// Without a trailing slash.
    pub url: String,
    pub host: String,
    /// The organiser's address in calendars.
    pub address: String,
    pub now: Timestamp,
}

impl Sender {
    /// This site, now.
    #[must_use]
    pub fn of(app: &App) -> Self {
        let from = &app.config.mail_from;
        let address = from.rsplit_once('<').map_or(from.as_str(), |(_, rest)| rest.trim_end_matches('>'));
        Self {
            url: app.config.public_url.clone(),
            host: app.config.public_host(),
            address: address.trim().to_owned(),
            now: app.clock.now(),
        }
    }
}

/// What a mail tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News<'n> {
    /// They have a place; the instant at which they asked for it tells two askings apart.
    Registered(Timestamp),
    /// They wait, at that rank from 1.
    Waits(Timestamp, usize),
    /// They waited and have a place now.
    Promoted(Timestamp),
    Withdrew(Timestamp),
    /// They lead it.
    Leads,
    /// They no longer lead it.
    LeadsNoMore,
    /// What calendars show of it changed; `in_calendar` is whether they hold it.
    Changed {
        in_calendar: bool,
    },
    Cancelled {
        in_calendar: bool,
        why: &'n str,
    },
    Reminder(Reminder),
}

/// The beginning of the keys of reminders: of one person, or of everybody.
#[must_use]
pub fn reminders_key(webinar: WebinarId, person: Option<PersonId>) -> String {
    let all = format!("webinar/{webinar}/reminder/");
    person.map_or(all.clone(), |person| format!("{all}{person}/"))
}

/// The mail.
#[must_use]
pub fn letter(webinar: &Webinar, to: &Person, news: News<'_>, from: &Sender) -> Letter {
    let Said { key, subject, lines, method } = said(webinar, to, news);
    let page = format!("{}/webinaires/{}", from.url, webinar.id);
    let text = format!("{}\n\n{}\n\nPage du webinaire\u{a0}:\n{page}", lines.join("\n\n"), facts(webinar));
    let body = body(&to.first_name, &text, &from.url);
    Letter {
        key,
        to_address: to.email.clone(),
        to_name: to.name(),
        subject,
        body,
        calendar: method.map(|method| (method, invitation(webinar, Some(to), method, from))),
        send_after: match news {
            News::Reminder(reminder) => webinar.schedule.reminds_at(reminder),
            _ => from.now,
        },
        send_before: Some(match news {
            News::Reminder(_) => webinar.schedule.starts_at,
            _ => webinar
                .schedule
                .ends_at()
                .max(from.now.saturating_add(SignedDuration::from_hours(24)).unwrap_or(from.now)),
        }),
    }
}

/// The calendar file of a webinar, for somebody or for nobody in particular.
#[must_use]
pub fn invitation(webinar: &Webinar, to: Option<&Person>, method: Method, from: &Sender) -> String {
    let url = format!("{}/webinaires/{}", from.url, webinar.id);
    let leader = webinar.trainers.first().map_or_else(|| "Socle".to_owned(), Person::name);
    let name = to.map(Person::name);
    let event = Event {
        id: webinar.id,
        host: &from.host,
        sequence: webinar.sequence,
        now: from.now,
        starts_at: webinar.schedule.starts_at,
        minutes: webinar.schedule.minutes,
        title: &webinar.title,
        description: &webinar.description,
        url: &url,
        organizer: Party { name: &leader, email: &from.address },
        attendee: to.zip(name.as_deref()).map(|(to, name)| Party { name, email: &to.email }),
    };
    ics(&event, method)
}

struct Said {
    key: String,
    subject: String,
    /// Paragraphs.
    lines: Vec<String>,
    method: Option<Method>,
}

const CALENDAR: &str = "Le fichier joint met votre agenda à jour.";
const GIVE_UP: &str =
    "Un empêchement\u{a0}? Désinscrivez-vous depuis la page du webinaire\u{a0}: votre place ira à quelqu’un d’autre.";
const CHECK: &str = "Avant d’entrer, vérifiez votre matériel depuis la page du webinaire. La salle ouvre 15\u{a0}minutes avant l’heure.";

fn said(webinar: &Webinar, to: &Person, news: News<'_>) -> Said {
    let (title, when) = (format!("«\u{a0}{}\u{a0}»", webinar.title), when(webinar));
    let (id, person) = (webinar.id, to.id);
    let key = |what: &str, at: Timestamp| format!("webinar/{id}/{what}/{person}/{}", at.as_millisecond());
    let of_sequence = |what: &str| format!("webinar/{id}/{what}/{person}/{}", webinar.sequence);
    let lines = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
    match news {
        News::Registered(at) => Said {
            key: key("registered", at),
            subject: format!("Inscription confirmée\u{a0}: {}, {when}", webinar.title),
            lines: lines(&[&format!("Votre place est réservée au webinaire {title}. {CALENDAR}"), CHECK, GIVE_UP]),
            method: Some(Method::Request),
        },
        News::Waits(at, rank) => Said {
            key: key("waits", at),
            subject: format!("Liste d’attente\u{a0}: {}, {when}", webinar.title),
            lines: vec![format!(
                "Le webinaire {title} est complet. Vous êtes sur la liste d’attente, en {} position. Dès qu’une place se libère, elle vous est attribuée et un message vous le dit. Vous n’avez rien à faire.",
                domain::text::rank(rank)
            )],
            method: None,
        },
        News::Promoted(at) => Said {
            key: key("promoted", at),
            subject: format!("Une place s’est libérée\u{a0}: {}, {when}", webinar.title),
            lines: lines(&[
                &format!(
                    "Vous étiez sur la liste d’attente du webinaire {title}\u{a0}: vous avez maintenant une place. {CALENDAR}"
                ),
                CHECK,
                GIVE_UP,
            ]),
            method: Some(Method::Request),
        },
        News::Withdrew(at) => Said {
            key: key("withdrew", at),
            subject: format!("Désinscription\u{a0}: {}, {when}", webinar.title),
            lines: vec![format!(
                "Vous n’êtes plus inscrit au webinaire {title}. Le fichier joint l’ôte de votre agenda. Vous pouvez vous réinscrire depuis sa page."
            )],
            method: Some(Method::Cancel),
        },
        News::Leads => Said {
            key: of_sequence("leads"),
            subject: format!("Vous animez\u{a0}: {}, {when}", webinar.title),
            lines: lines(&[&format!("Vous animez le webinaire {title}. {CALENDAR}"), CHECK]),
            method: Some(Method::Request),
        },
        News::LeadsNoMore => Said {
            key: of_sequence("leads-no-more"),
            subject: format!("Vous n’animez plus\u{a0}: {}, {when}", webinar.title),
            lines: vec![format!("Vous n’animez plus le webinaire {title}. Le fichier joint l’ôte de votre agenda.")],
            method: Some(Method::Cancel),
        },
        News::Changed { in_calendar } => Said {
            key: of_sequence("changed"),
            subject: format!("Changement\u{a0}: {}, {when}", webinar.title),
            lines: if in_calendar {
                lines(&[&format!("Le webinaire {title} a changé. Voici ce qui vaut désormais. {CALENDAR}"), GIVE_UP])
            } else {
                vec![format!(
                    "Le webinaire {title} a changé. Voici ce qui vaut désormais. Vous gardez votre rang sur la liste d’attente."
                )]
            },
            method: in_calendar.then_some(Method::Request),
        },
        News::Cancelled { in_calendar, why } => Said {
            key: of_sequence("cancelled"),
            subject: format!("Annulé\u{a0}: {}, {when}", webinar.title),
            lines: vec![
                format!("Le webinaire {title} n’aura pas lieu. En voici la raison\u{a0}:"),
                why.to_owned(),
                if in_calendar {
                    "Le fichier joint l’ôte de votre agenda.".to_owned()
                } else {
                    "Vous n’avez rien à faire.".to_owned()
                },
            ],
            method: in_calendar.then_some(Method::Cancel),
        },
        News::Reminder(reminder) => {
            let (part, subject) = match reminder {
                Reminder::DayBefore => {
                    ("day", format!("Demain à {}\u{a0}: {}", hour(webinar.schedule.starts_at), webinar.title))
                }
                Reminder::HourBefore => ("hour", format!("Dans une heure\u{a0}: {}", webinar.title)),
            };
            let start = webinar.schedule.starts_at.as_millisecond();
            let mut paragraphs = lines(&[&format!("Le webinaire {title} a lieu {when}."), CHECK]);
            if !webinar.is_led_by(person) {
                paragraphs.push(GIVE_UP.to_owned());
            }
            Said {
                key: format!("{}{part}/{start}", reminders_key(id, Some(person))),
                subject,
                lines: paragraphs,
                method: None,
            }
        }
    }
}

/// « jeudi 3 décembre 2026 à 10 h 00 »
fn when(webinar: &Webinar) -> String {
    format!("{} à {}", weekday_long(webinar.schedule.starts_at), hour(webinar.schedule.starts_at))
}

fn facts(webinar: &Webinar) -> String {
    let leaders = webinar.trainers.iter().map(Person::name).collect::<Vec<_>>().join(", ");
    let recorded = if webinar.recorded {
        let until = day_long(recording::kept_until(webinar, webinar.schedule.starts_at));
        format!(
            "\nEnregistrement\u{a0}: oui. La voix de qui parle, l’image de qui anime et l’écran partagé pourront être revus jusqu’au {until}."
        )
    } else {
        String::new()
    };
    format!(
        "Quand\u{a0}: {} (heure de Paris)\nDurée\u{a0}: {}\nAvec\u{a0}: {leaders}{recorded}",
        when(webinar),
        duration(webinar.schedule.minutes),
    )
}
