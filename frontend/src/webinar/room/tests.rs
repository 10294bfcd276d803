//! The room drawn as values: what each sees of it.

use super::super::way::{Over, Way};
use super::desk::Desk;
use super::page::{Entrance, Prepared, PreparedLink, RoomPage, room_page};
use super::state::{ALL, Ending, Live};
use super::views;
use crate::ui::support::{assert_sound, attributes, html};
use domain::ids::{PersonId, WebinarId};
use domain::webinar::signal::{FromServer, Present, Seat, TabId, Welcome};
use domain::webinar::{Ballot, Change, Entry, Room, Who};
use jiff::Timestamp;
use leptos::prelude::*;

fn webinar() -> WebinarId {
    "aaaaaaaa-0000-4000-8000-000000000001".parse().unwrap()
}

fn ballot() -> Ballot {
    Ballot {
        stem: "D’où partez-vous\u{a0}?".into(), choices: vec!["Du poste".into(), "Du réseau".into()], many: false
    }
}

fn page(trainer: bool) -> RoomPage {
    let link = PreparedLink { title: "Le guide".into(), url: "https://socle.example/guide".into() };
    let prepared = Prepared { polls: vec![ballot()], quiz: Some("Le poste propre".into()), links: vec![link] };
    let prepared = if trainer { prepared } else { Prepared::default() };
    let recorded = "Sont gardés la voix et l’écran.".into();
    let help = "aide@socle.example".into();
    RoomPage { webinar: webinar(), title: "Les outils".into(), trainer, recorded, prepared, help, light: false }
}

/// The room as that person sees it after these changes by person 1, who leads.
fn drawn(me: i64, changes: Vec<Change>, seats: Vec<Seat>, end: Option<Ending>) -> String {
    drawn_by(me, changes, seats, end, None)
}

/// The same, where media comes that way.
fn drawn_by(me: i64, changes: Vec<Change>, seats: Vec<Seat>, end: Option<Ending>, way: Option<Way>) -> String {
    let RoomPage { webinar, title, trainer, recorded, prepared, help, light } = page(me == 1);
    let owner = Owner::new();
    owner.with(|| {
        let desk = Desk::new(Entrance { webinar, title, trainer, recorded, prepared, help, light });
        let present = |person: i64| Present {
            person: PersonId(person),
            name: format!("Personne {person}"),
            place: String::new(),
            trainer: person == 1,
        };
        let who = |by: i64| Who { person: PersonId(by), name: format!("Personne {by}"), trainer: by == 1 };
        let room = Room::of(
            &(1..)
                .zip(changes)
                .map(|(seq, change)| {
                    let by = if matches!(change, Change::HandRaised | Change::Asked { .. }) { 3 } else { 1 };
                    Entry { seq, at: Timestamp::UNIX_EPOCH, by: who(by), act: None, change }
                })
                .collect::<Vec<_>>(),
        );
        let welcome = Welcome {
            tab: TabId(uuid::Uuid::nil()),
            you: present(me),
            room,
            people: vec![present(1), present(2), present(3)],
            seats,
            now: Timestamp::UNIX_EPOCH,
            kept: false,
        };
        desk.way.set(way);
        desk.late.set(way.is_some_and(|way| way.over == Over::Https));
        desk.change(|live: &mut Live| {
            live.hear(FromServer::Welcome(Box::new(welcome)), 0.0);
            if let Some(end) = end {
                live.leave(end);
            }
            ((), ALL.to_vec())
        });
        let view = views::room(desk);
        html(view! { <h1>"Les outils"</h1>{view} })
    })
}

/// The labels of buttons that can be pressed.
fn buttons(html: &str) -> Vec<String> {
    html.split("<button")
        .skip(1)
        .filter(|button| !button.split('>').next().unwrap().contains(" hidden"))
        .map(|button| {
            let text = button.split_once('>').unwrap().1.split("</button>").next().unwrap();
            text.split('<').next().unwrap().trim().to_owned()
        })
        .collect()
}

fn seat(number: u8, person: i64) -> Seat {
    let tab = TabId(uuid::Uuid::max());
    Seat { seat: number, person: PersonId(person), tab, picture: true, sound: true }
}

#[test]
fn without_script_one_reads_what_the_room_needs_and_where_to_ask() {
    let html = html(room_page(page(false)));
    assert_sound(&html);
    assert!(html.contains("JavaScript") && html.contains("/essai\"") && html.contains("mailto:aide@socle.example"));
    assert!(!html.contains("<button"), "nothing that would do nothing");
    assert!(!html.contains("Du poste"), "what is prepared is not an agent's");
}

#[test]
fn what_comes_over_https_alone_is_shown_large_said_to_be_late_and_nothing_can_be_sent() {
    let changes = || vec![Change::WentLive, Change::FloorGiven { person: PersonId(2), name: "Personne 2".into() }];
    let way = Way { over: Over::Https, port: 443 };
    let late = drawn_by(2, changes(), vec![seat(0, 1), seat(1, 1)], None, Some(way));
    assert_sound(&late);
    assert!(late.contains("arrivent par HTTPS, avec 2 à 3\u{a0}secondes de retard"));
    let part = |html: &str, from: &str, to: &str| {
        let (_, rest) = html.split_once(from).expect("is there");
        rest.split(to).next().unwrap_or_default().to_owned()
    };
    for (html, is_late) in [(late, true), (drawn(2, changes(), vec![seat(0, 1), seat(1, 1)], None), false)] {
        let microphone = part(&html, "data-key=\"m\"", ">");
        assert_eq!(microphone.contains("disabled"), is_late, "{microphone}");
        let why = html.split("<span").find(|span| span.contains("ne vont que vers vous")).expect("is there");
        assert_ne!(why.split('>').next().is_some_and(|open| open.contains("hidden")), is_late);
    }
}

#[test]
fn an_agent_is_shown_no_camera_before_they_have_the_floor() {
    let html = drawn(2, vec![Change::WentLive], Vec::new(), None);
    assert_sound(&html);
    let shown = buttons(&html);
    assert!(shown.contains(&"Lever la main".to_owned()), "{shown:?}");
    for absent in ["Allumer la caméra", "Allumer le micro", "Partager l’écran", "Terminer", "Exclure", "Retirer"] {
        assert!(!shown.contains(&absent.to_owned()), "{absent}: {shown:?}");
    }
    let floor = Change::FloorGiven { person: PersonId(2), name: "Personne 2".into() };
    let shown = buttons(&drawn(2, vec![Change::WentLive, floor], Vec::new(), None));
    for there in ["Allumer la caméra", "Allumer le micro", "Rendre la parole"] {
        assert!(shown.contains(&there.to_owned()), "{there}: {shown:?}");
    }
}

#[test]
fn who_leads_has_the_course_the_hands_and_what_is_prepared() {
    let html = drawn(
        1,
        vec![Change::WentLive, Change::HandRaised, Change::Asked { text: "Et la nuit\u{a0}?".into() }],
        Vec::new(),
        None,
    );
    assert_sound(&html);
    let shown = buttons(&html);
    for there in [
        "Terminer",
        "Verrouiller la salle",
        "Partager l’écran",
        "Donner la parole",
        "Baisser",
        "Répondue",
        "Lancer",
        "Distribuer",
    ] {
        assert!(shown.contains(&there.to_owned()), "{there}: {shown:?}");
    }
    assert!(buttons(&drawn(1, Vec::new(), Vec::new(), None)).contains(&"Commencer le webinaire".to_owned()));
}

#[test]
fn tabs_are_reached_by_one_stop_of_the_keyboard() {
    let html = drawn(2, vec![Change::WentLive], Vec::new(), None);
    assert_eq!(html.matches("role=\"tab\"").count(), 5);
    assert_eq!(html.matches("role=\"tabpanel\"").count(), 5);
    assert_eq!(html.matches("aria-selected=\"true\"").count(), 1);
    for panel in attributes(&html, "button", "aria-controls") {
        assert!(html.contains(&format!("id=\"{panel}\"")), "{panel}");
    }
}

#[test]
fn pictures_are_named_and_a_poll_is_a_group_of_choices() {
    let poll = Change::PollLaunched { ballot: ballot() };
    let html = drawn(2, vec![Change::WentLive, poll], vec![seat(0, 1), seat(1, 1)], None);
    assert_sound(&html);
    assert!(html.contains("aria-label=\"Écran partagé par Personne 1\""));
    assert!(html.contains("aria-label=\"Caméra de Personne 1\""));
    assert!(html.contains("<legend") && html.contains("Du réseau") && buttons(&html).contains(&"Voter".to_owned()));
}

#[test]
fn links_of_others_are_plain_links_that_lead_out() {
    let said = Change::Said { text: "<b>voir</b> https://a.fr/x?y=1&z et javascript:alert(1)".into() };
    let html = drawn(2, vec![Change::WentLive, said], Vec::new(), None);
    assert!(
        html.contains("href=\"https://a.fr/x?y=1&amp;z\"") && html.contains("rel=\"noopener noreferrer nofollow\"")
    );
    assert!(html.contains("&lt;b&gt;") && !html.contains("href=\"javascript"));
}

#[test]
fn each_ending_says_what_to_do_next() {
    for ending in [Ending::SignedOut, Ending::Removed, Ending::Locked, Ending::Full, Ending::NotOpen, Ending::Closed] {
        let html = drawn(2, vec![Change::WentLive], Vec::new(), Some(ending));
        assert_sound(&html);
        assert!(html.contains(ending.said().0), "{ending:?}");
        let back = html.contains("href=\"/connexion?back=/webinaires/aaaaaaaa-0000-4000-8000-000000000001/salle\"");
        assert_eq!(back, ending == Ending::SignedOut);
    }
}

#[test]
fn everybody_sees_that_the_room_is_recorded_and_trainers_suspend_and_mark() {
    let on = || Change::Recording { on: true };
    let shown = |me: i64, changes: Vec<Change>| drawn(me, [vec![Change::WentLive], changes].concat(), vec![], None);
    let word = |html: &str| {
        let class = html.find("class=\"recorded\"").expect("a word");
        let from = html[..class].rfind('<').expect("a tag");
        html[from..].split("</span>").next().expect("an end").to_owned()
    };
    assert!(word(&shown(2, vec![])).contains("hidden"));
    let agent = shown(2, vec![on()]);
    assert!(word(&agent).ends_with(">Enregistré") && !word(&agent).contains("hidden"));
    assert!(!agent.contains("Suspendre l’enregistrement"));
    assert!(shown(1, vec![on()]).contains("Suspendre l’enregistrement"));
    let paused = shown(1, vec![on(), Change::Recording { on: false }]);
    assert!(word(&paused).ends_with(">Enregistrement suspendu") && paused.contains("Reprendre l’enregistrement"));
    let why = || Change::RecordingFailed { why: "Le disque est plein.".into() };
    assert!(shown(1, vec![on(), why()]).contains("Le disque est plein."));
    assert!(word(&shown(2, vec![on(), why()])).contains("hidden"));
}
