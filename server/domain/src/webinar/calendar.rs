//! A webinar as calendars take it: iCalendar (RFC 5545), and the messages that put it there, move it and
//! take it away (iTIP, RFC 5546).
//!
//! One event has one UID for ever. A change raises SEQUENCE; a calendar obeys the highest.

mod line;
#[cfg(test)]
mod tests;

use crate::ids::WebinarId;
use crate::text::paris;
use jiff::{Timestamp, tz::TimeZone};
use line::{address, parameter, push, text};

/// What a calendar is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Keep a copy: a file to download.
    Publish,
    /// Hold it, in the place of what it knew of that UID.
    Request,
    /// Take it away.
    Cancel,
}

impl Method {
    /// As in the file and in the mail's `Content-Type`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Publish => "PUBLISH",
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }
}

/// A name and an e-mail address.
#[derive(Debug, Clone, Copy)]
pub struct Party<'e> {
    pub name: &'e str,
    pub email: &'e str,
}

/// A webinar as its calendar shows it.
#[derive(Debug, Clone, Copy)]
pub struct Event<'e> {
    pub id: WebinarId,
    /// The site's host: together with the identifier, unique in the world.
    pub host: &'e str,
    pub sequence: u32,
    /// When this was said.
    pub now: Timestamp,
    pub starts_at: Timestamp,
    pub minutes: u32,
    pub title: &'e str,
    /// Lines of plain text.
    pub description: &'e str,
    /// The webinar's page.
    pub url: &'e str,
    pub organizer: Party<'e>,
    /// Whom the message is for; a copy to download is for nobody in particular.
    pub attendee: Option<Party<'e>>,
}

/// The rule of Paris since 1996 (directive 2000/84/CE), said from 1970 as every calendar does.
const PARIS: &str = "BEGIN:VTIMEZONE\r\n\
    TZID:Europe/Paris\r\n\
    BEGIN:DAYLIGHT\r\n\
    TZOFFSETFROM:+0100\r\n\
    TZOFFSETTO:+0200\r\n\
    TZNAME:CEST\r\n\
    DTSTART:19700329T020000\r\n\
    RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n\
    END:DAYLIGHT\r\n\
    BEGIN:STANDARD\r\n\
    TZOFFSETFROM:+0200\r\n\
    TZOFFSETTO:+0100\r\n\
    TZNAME:CET\r\n\
    DTSTART:19701025T030000\r\n\
    RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n\
    END:STANDARD\r\n\
    END:VTIMEZONE\r\n";

/// The calendar file: lines of at most 75 octets, ended by CR LF.
#[must_use]
pub fn ics(event: &Event<'_>, method: Method) -> String {
    let mut out = String::with_capacity(2048);
    push(&mut out, "BEGIN:VCALENDAR");
    push(&mut out, "VERSION:2.0");
    push(&mut out, "PRODID:-//Socle//Webinaires//FR");
    push(&mut out, "CALSCALE:GREGORIAN");
    push(&mut out, &format!("METHOD:{}", method.as_str()));
    out.push_str(PARIS);
    push(&mut out, "BEGIN:VEVENT");
    push(&mut out, &format!("UID:{}@{}", event.id, event.host));
    push(&mut out, &format!("SEQUENCE:{}", event.sequence));
    push(&mut out, &format!("DTSTAMP:{}", TimeZone::UTC.to_datetime(event.now).strftime("%Y%m%dT%H%M%SZ")));
    push(&mut out, &format!("DTSTART;TZID=Europe/Paris:{}", shown(event.starts_at)));
    // Rather than the end: in the hour that comes twice, a calendar would take the first.
    push(&mut out, &format!("DURATION:PT{}M", event.minutes));
    push(&mut out, &format!("SUMMARY:{}", text(event.title)));
    let description = match event.description {
        "" => event.url.to_owned(),
        said => format!("{said}\n\n{}", event.url),
    };
    push(&mut out, &format!("DESCRIPTION:{}", text(&description)));
    push(&mut out, &format!("LOCATION:{}", text(event.url)));
    push(&mut out, &format!("URL:{}", event.url));
    let Party { name, email } = event.organizer;
    push(&mut out, &format!("ORGANIZER;CN={}:mailto:{}", parameter(name), address(email)));
    if let Some(Party { name, email }) = event.attendee.filter(|_| method != Method::Publish) {
        let role = "ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE";
        push(&mut out, &format!("ATTENDEE;CN={};{role}:mailto:{}", parameter(name), address(email)));
    }
    if method == Method::Cancel {
        push(&mut out, "STATUS:CANCELLED");
    } else {
        push(&mut out, "STATUS:CONFIRMED");
        push(&mut out, "BEGIN:VALARM");
        push(&mut out, "ACTION:DISPLAY");
        // When the waiting room opens.
        push(&mut out, "TRIGGER:-PT15M");
        push(&mut out, &format!("DESCRIPTION:{}", text(event.title)));
        push(&mut out, "END:VALARM");
    }
    push(&mut out, "END:VEVENT");
    push(&mut out, "END:VCALENDAR");
    out
}

/// What the clocks of Paris show.
fn shown(at: Timestamp) -> String {
    paris(at).strftime("%Y%m%dT%H%M%S").to_string()
}
