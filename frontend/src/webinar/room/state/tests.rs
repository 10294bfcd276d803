//! The room as a browser goes through it: said by the server, folded, said again after a dropped line.

use super::super::stage::{Layout, main_seat, wanted};
use super::*;
use domain::webinar::signal::Sharpness;
use domain::webinar::signal::{Bye, FromServer, Welcome};
use domain::webinar::{Change, Entry};
use domain::webinar::{Lead, Who};
use jiff::Timestamp;
use uuid::Uuid;

const NOW: f64 = 1_800_000_000_000.0;

fn present(person: i64) -> Present {
    Present { person: PersonId(person), name: format!("Personne {person}"), place: String::new(), trainer: person == 1 }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn tab(number: u64) -> TabId {
    TabId(Uuid::from_u64_pair(1, number))
}

fn act_id(number: u64) -> ActId {
    ActId(Uuid::from_u64_pair(2, number))
}

fn welcome(me: i64, room: Room, kept: bool) -> FromServer {
    FromServer::Welcome(Box::new(Welcome {
        tab: tab(7),
        you: present(me),
        room,
        people: vec![present(1), present(2), present(3)],
        seats: Vec::new(),
        now: at(0),
        kept,
    }))
}

fn entry(seq: u64, by: i64, change: Change) -> Entry {
    let who = Who { person: PersonId(by), name: format!("Personne {by}"), trainer: by == 1 };
    Entry { seq, at: at(0), by: who, act: None, change }
}

fn told(live: &mut Live, seq: u64, by: i64, change: Change) -> Heard {
    live.hear(FromServer::Told { seq, entries: vec![entry(seq, by, change)] }, NOW)
}

/// An agent, number 2, in a live room.
fn agent() -> Live {
    let mut live = Live::default();
    live.hear(welcome(2, Room::default(), false), NOW);
    told(&mut live, 1, 1, Change::WentLive);
    live
}

fn seat(number: u8, person: i64) -> Seat {
    Seat { seat: number, person: PersonId(person), tab: tab(u64::from(number)), picture: true, sound: true }
}

#[test]
fn whoever_is_welcomed_asks_for_media_at_once() {
    let mut live = Live::default();
    let heard = live.hear(welcome(2, Room::default(), false), NOW);
    assert_eq!(heard.effects, [Effect::Media { fresh: true }]);
    assert_eq!((live.line, live.count, live.me()), (Line::Here, 3, Some(PersonId(2))));
}

#[test]
fn what_was_said_and_not_acknowledged_is_said_again_on_the_next_line() {
    let mut live = agent();
    let say = |text: &str| Act::Say { text: text.into() };
    assert!(live.act(act_id(1), say("un")).is_some());
    assert!(live.act(act_id(2), say("deux")).is_some());
    live.hear(FromServer::Done { id: act_id(1) }, NOW);
    assert!(live.lost(), "lost once");
    assert!(!live.lost(), "and known to be");
    assert_eq!(live.act(act_id(3), Act::RaiseHand), None, "nothing is said into a dead line");
    let heard = live.hear(welcome(2, Room::default(), true), NOW);
    let again: Vec<ActId> = heard
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Send(FromBrowser::Act { id, .. }) => Some(*id),
            _ => None,
        })
        .collect();
    assert_eq!(again, [act_id(2), act_id(3)]);
    assert_eq!(heard.effects.first(), Some(&Effect::Media { fresh: false }));
    live.hear(FromServer::Refused { id: act_id(3), why: Refusal::Closed }, NOW);
    assert_eq!(live.unsent.len(), 1);
}

#[test]
fn a_tab_that_the_server_no_longer_has_makes_another_connection() {
    let mut live = agent();
    live.lost();
    let heard = live.hear(welcome(2, Room::default(), false), NOW);
    assert_eq!(heard.effects, [Effect::Media { fresh: true }]);
    assert!(heard.news.contains(&News::Back));
}

#[test]
fn whoever_is_told_to_connect_anew_makes_another_connection_and_says_nothing_of_it() {
    let heard = agent().hear(FromServer::ConnectAnew, NOW);
    assert_eq!((heard.effects, heard.news), (vec![Effect::Media { fresh: true }], vec![]));
}

#[test]
fn everybody_is_back_within_five_seconds_and_not_at_once() {
    let mut live = agent();
    for tries in 0..50 {
        live.lost();
        let (soon, late) = (live.delay_ms(0.0), live.delay_ms(1.0));
        assert!(soon >= 100.0 && late <= 2_000.0 && late > 2.0 * soon, "try {tries}: {soon} to {late}");
    }
    live.hear(FromServer::Beat, NOW);
    assert!(live.delay_ms(1.0) <= 500.0, "the first try after a good line comes soon");
}

#[test]
fn an_entry_told_twice_changes_nothing_and_what_is_not_told_is_passed_over() {
    let mut live = agent();
    told(&mut live, 4, 3, Change::Said { text: "bonjour".into() });
    let heard = told(&mut live, 4, 3, Change::Said { text: "bonjour".into() });
    assert!(heard.parts.is_empty() && heard.news.is_empty());
    live.hear(FromServer::Told { seq: 9, entries: Vec::new() }, NOW);
    assert_eq!((live.room.seq, live.room.messages.len()), (9, 1));
}

#[test]
fn the_floor_lets_send_camera_and_microphone_and_never_the_screen() {
    let mut live = agent();
    assert!(!live.may_send(MediaKind::Camera));
    let heard = told(&mut live, 2, 1, Change::FloorGiven { person: PersonId(2), name: "Personne 2".into() });
    assert_eq!(heard.effects, [Effect::Rights]);
    assert!(live.may_send(MediaKind::Camera) && live.may_send(MediaKind::Microphone));
    assert!(!live.may_send(MediaKind::Screen));
    told(&mut live, 3, 1, Change::Muted { person: PersonId(2), kind: MediaKind::Microphone, on: true });
    assert!(!live.may_send(MediaKind::Microphone) && live.may_send(MediaKind::Camera));
    told(&mut live, 4, 1, Change::FloorTaken { person: PersonId(2) });
    assert!(!live.may_send(MediaKind::Camera));
}

#[test]
fn whoever_is_removed_is_told_so_and_stays_out() {
    let mut live = agent();
    let heard = told(&mut live, 2, 1, Change::Removed { person: PersonId(2), name: "Personne 2".into() });
    assert_eq!((live.line, heard.effects), (Line::Ended(Ending::Removed), vec![Effect::HangUp]));
    live.hear(FromServer::Bye { why: Bye::Replaced }, NOW);
    assert_eq!(live.line, Line::Ended(Ending::Removed), "the first reason stays");
    assert!(!live.lost(), "nothing is picked up again");
}

#[test]
fn each_last_word_has_its_own_ending_and_a_stop_is_none() {
    for (why, ending) in [
        (Bye::SignedOut, Ending::SignedOut),
        (Bye::Locked, Ending::Locked),
        (Bye::Full, Ending::Full),
        (Bye::NotOpen, Ending::NotOpen),
        (Bye::Misspoken, Ending::Misspoken),
    ] {
        let mut live = agent();
        live.hear(FromServer::Bye { why }, NOW);
        assert_eq!(live.line, Line::Ended(ending));
    }
    let mut live = agent();
    live.hear(FromServer::Bye { why: Bye::Stopping }, NOW);
    assert_eq!(live.line, Line::Here);
}

#[test]
fn time_is_the_servers_whatever_this_computer_believes() {
    let mut live = Live::default();
    let wrong = NOW - 7_200_000.0;
    live.hear(welcome(2, Room::default(), false), wrong);
    told(&mut live, 1, 1, Change::WentLive);
    assert_eq!(live.minutes_live(wrong + 12.5 * 60_000.0), Some(12));
    told(&mut live, 2, 1, Change::CheckLaunched { until: at(60) });
    assert_eq!(live.check_to_answer(wrong + 15_000.0), Some((2, 45_000.0)));
    assert_eq!(live.check_to_answer(wrong + 60_000.0), None, "too late");
    live.act(act_id(1), Act::Confirm { check: 2 });
    assert_eq!(live.check_to_answer(wrong), None, "said is said");
}

#[test]
fn who_leads_is_asked_nothing() {
    let mut live = Live::default();
    live.hear(welcome(1, Room::default(), false), NOW);
    told(&mut live, 1, 1, Change::WentLive);
    told(&mut live, 2, 1, Change::CheckLaunched { until: at(60) });
    assert_eq!(live.check_to_answer(NOW), None);
    assert!(live.act(act_id(1), Act::Lead(Lead::Close)).is_some());
}

#[test]
fn the_shared_screen_is_shown_sharp_and_the_rest_small() {
    let mut live = agent();
    live.hear(FromServer::Stage { seats: vec![seat(0, 1), seat(1, 1), seat(2, 3)] }, NOW);
    assert_eq!(Layout::Auto.now(&live), Layout::Screen);
    let sharp: Vec<_> = wanted(&live, Layout::Auto, false).into_iter().map(|shown| shown.sharpness).collect();
    assert_eq!(sharp.first(), Some(&Sharpness::Full));
    assert!(sharp.iter().skip(1).all(|sharpness| *sharpness == Sharpness::Low));
    assert_eq!(main_seat(&live, Layout::Camera), Some(1), "who leads is shown before others");
    assert!(wanted(&live, Layout::Auto, true).iter().all(|shown| shown.sharpness == Sharpness::Off), "unseen");
    live.seats = vec![seat(2, 3)];
    assert_eq!((Layout::Auto.now(&live), main_seat(&live, Layout::Auto)), (Layout::Camera, Some(2)));
}

#[test]
fn what_this_tab_sends_is_not_sent_back_to_it() {
    let mut live = agent();
    live.seats = vec![seat(7, 2)];
    let own = wanted(&live, Layout::Mosaic, false).into_iter().find(|shown| shown.seat == 7).unwrap();
    assert_eq!(own.sharpness, Sharpness::Off);
}
