use super::*;
use proptest::prelude::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn event() -> Event<'static> {
    Event {
        id: "7f3b1f7e-52f1-4d3c-9a39-0d6f1f0a1c55".parse().unwrap(),
        host: "socle.example",
        sequence: 0,
        now: at("2026-11-24T08:00:00Z"),
        starts_at: at("2026-12-03T09:00:00Z"),
        minutes: 60,
        title: "Les outils numériques de la maison : imprimante, scanner, visio; et le reste",
        description: "Apportez vos questions.\nDurée : 1 h",
        url: "https://socle.example/webinaires/7f3b1f7e-52f1-4d3c-9a39-0d6f1f0a1c55",
        organizer: Party { name: "Marie \"Marylou\" Le Goff", email: "ne-pas-repondre@socle.example" },
        attendee: Some(Party { name: "Léa Perrin", email: "lea.perrin@mairie.example" }),
    }
}

const REQUEST: &str = r#"BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Socle//Webinaires//FR
CALSCALE:GREGORIAN
METHOD:REQUEST
BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:7f3b1f7e-52f1-4d3c-9a39-0d6f1f0a1c55@socle.example
SEQUENCE:0
DTSTAMP:20261124T080000Z
DTSTART;TZID=Europe/Paris:20261203T100000
DURATION:PT60M
SUMMARY:Les outils numériques de la maison : imprimante\, scanner\, visio\
 ; et le reste
DESCRIPTION:Apportez vos questions.\nDurée : 1 h\n\nhttps://socle.example/
 webinaires/7f3b1f7e-52f1-4d3c-9a39-0d6f1f0a1c55
LOCATION:https://socle.example/webinaires/7f3b1f7e-52f1-4d3c-9a39-0d6f1f0a1
 c55
URL:https://socle.example/webinaires/7f3b1f7e-52f1-4d3c-9a39-0d6f1f0a1c55
ORGANIZER;CN="Marie ^'Marylou^' Le Goff":mailto:ne-pas-repondre@socle.examp
 le
ATTENDEE;CN="Léa Perrin";ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE
 :mailto:lea.perrin@mairie.example
STATUS:CONFIRMED
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-PT15M
DESCRIPTION:Les outils numériques de la maison : imprimante\, scanner\, vi
 sio\; et le reste
END:VALARM
END:VEVENT
END:VCALENDAR
"#;

#[test]
fn an_invitation_byte_by_byte() {
    assert_eq!(ics(&event(), Method::Request), REQUEST.replace('\n', "\r\n"));
}

#[test]
fn a_change_keeps_the_uid_and_raises_the_sequence() {
    let moved = Event { sequence: 1, starts_at: at("2027-07-01T08:30:00Z"), minutes: 90, ..event() };
    let told = ics(&moved, Method::Request);
    let expected = REQUEST
        .replace("SEQUENCE:0", "SEQUENCE:1")
        .replace("20261203T100000", "20270701T103000")
        .replace("PT60M", "PT90M");
    assert_eq!(told, expected.replace('\n', "\r\n"));
}

#[test]
fn a_cancellation_takes_the_same_event_away_and_rings_no_more() {
    let told = ics(&Event { sequence: 2, ..event() }, Method::Cancel);
    for line in
        ["METHOD:CANCEL", "UID:7f3b1f7e-52f1-4d3c-9a39-0d6f1f0a1c55@socle.example", "SEQUENCE:2", "STATUS:CANCELLED"]
    {
        assert!(told.contains(&format!("\r\n{line}\r\n")), "{line}");
    }
    assert!(told.contains("\r\nATTENDEE;"));
    assert!(!told.contains("VALARM") && !told.contains("CONFIRMED"));
}

#[test]
fn a_copy_to_download_names_no_attendee() {
    let told = ics(&event(), Method::Publish);
    assert!(told.contains("\r\nMETHOD:PUBLISH\r\n") && !told.contains("ATTENDEE"));
}

#[test]
fn an_end_in_the_hour_that_comes_twice_is_a_length() {
    // From 1:30 in summer time, for two hours: until 2:30 in winter time.
    let told = ics(&Event { starts_at: at("2027-10-30T23:30:00Z"), minutes: 120, ..event() }, Method::Request);
    assert!(told.contains("DTSTART;TZID=Europe/Paris:20271031T013000\r\nDURATION:PT120M\r\n"));
}

#[test]
fn nothing_of_a_value_is_taken_for_the_file() {
    assert_eq!(text("a\r\nBEGIN:VEVENT\nb;c,d\\\u{7}"), "a\\nBEGIN:VEVENT\\nb\\;c\\,d\\\\");
    assert_eq!(parameter("a\"b^c\r\nd;e:f"), "\"a^'b^^c^nd;e:f\"");
    assert_eq!(address("léa&co@b.fr"), "l%c3%a9a%26co@b.fr");
}

/// The text before it was folded.
fn unfolded(told: &str) -> String {
    told.replace("\r\n ", "")
}

proptest! {
    #[test]
    fn folding_keeps_lines_short_and_characters_whole(value in "(\\PC|[ éœ😀]){0,300}") {
        let mut out = String::new();
        push(&mut out, &value);
        prop_assert!(out.ends_with("\r\n"));
        for line in out.trim_end_matches("\r\n").split("\r\n") {
            // A line is valid UTF-8 by its type: no character is split.
            prop_assert!(line.len() <= 75);
        }
        prop_assert_eq!(unfolded(&out), format!("{value}\r\n"));
    }

    #[test]
    fn whatever_the_texts_the_file_has_the_same_lines(title in "\\PC{0,120}", description in "(\\PC|[\r\n;,\\\\]){0,300}", name in "(\\PC|[\"\n]){0,60}") {
        let event = Event {
            title: &title,
            description: &description,
            organizer: Party { name: &name, email: "a@b.fr" },
            ..event()
        };
        let told = unfolded(&ics(&event, Method::Request));
        let names = |text: &str| text.split("\r\n").map(|line| line.split([':', ';']).next().unwrap().to_owned()).collect::<Vec<_>>();
        let expected = unfolded(&REQUEST.replace('\n', "\r\n"));
        prop_assert_eq!(names(&told), names(&expected));
        prop_assert!(!told.replace("\r\n", "").contains(['\r', '\n']));
    }
}
