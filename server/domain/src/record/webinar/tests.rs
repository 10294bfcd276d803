use super::*;
use crate::ids::{CourseSlug, WebinarId};
use crate::record::support::{attended, corrected, entries, ledger, read, replayed, start};
use crate::record::{Record, StoredEntry, verify};
use uuid::Uuid;

fn course() -> CourseSlug {
    "mediation-numerique".parse().unwrap()
}

fn webinar() -> WebinarId {
    WebinarId(Uuid::from_u128(1))
}

fn standing(facts: impl IntoIterator<Item = Fact>) -> (Record, WebinarRecord) {
    let record = Record::of(&entries(facts));
    let webinar = record.webinar(&course(), webinar()).unwrap().clone();
    (record, webinar)
}

#[test]
fn minutes_of_a_webinar_are_counted_apart_from_those_of_chapters() {
    let (record, webinar) = standing([read("accueil", true), attended(87)]);
    assert_eq!((record.minutes_at_distance(), record.minutes_live()), (20, 87));
    assert_eq!((webinar.figures.percent, webinar.live_minutes, webinar.reason()), (96, 90, Reason::Present));
    assert_eq!(record.courses[&course()].chapters_done(), 1);
}

#[test]
fn below_the_threshold_no_minute_counts_and_all_are_told() {
    let (record, webinar) = standing([attended(40)]);
    assert_eq!((record.minutes_live(), webinar.figures.minutes), (0, 40));
    assert_eq!(webinar.reason(), Reason::BelowThreshold);
    assert_eq!(standing([attended(0)]).1.reason(), Reason::Absent);
}

#[test]
fn a_correction_counts_and_what_was_measured_stays() {
    let (record, webinar) = standing([attended(40), corrected(1, 85)]);
    assert_eq!((record.minutes_live(), webinar.measured.unwrap().0.minutes), (85, 40));
    let correction = webinar.corrected().unwrap();
    assert_eq!((correction.before.unwrap().minutes, correction.after.minutes), (40, 85));
    assert_eq!((correction.by, webinar.reason()), (Some(PersonId(3)), Reason::Present));
}

#[test]
fn each_correction_starts_from_the_one_before_and_can_take_away() {
    let (record, webinar) = standing([attended(40), corrected(1, 85), corrected(2, 0)]);
    assert_eq!((record.minutes_live(), webinar.corrections.len()), (0, 2));
    assert_eq!(webinar.corrections[1].before.unwrap().minutes, 85);
    assert_eq!(webinar.reason(), Reason::Absent);
}

#[test]
fn told_twice_a_closing_or_a_correction_changes_nothing() {
    let once = standing([attended(40), corrected(1, 85)]).1;
    assert_eq!(standing([attended(40), corrected(1, 85), attended(12), corrected(1, 85)]).1, once);
}

#[test]
fn somebody_who_was_not_registered_can_be_added() {
    let webinar = standing([corrected(1, 85)]).1;
    assert_eq!((webinar.measured, webinar.corrected().unwrap().before), (None, None));
    assert_eq!(webinar.figures.minutes, 85);
}

#[test]
fn a_recording_that_is_watched_counts_at_a_distance_and_not_as_live() {
    let (record, webinar) = standing([read("accueil", true), attended(0), replayed(75)]);
    assert_eq!((record.minutes_at_distance(), record.minutes_live()), (95, 0));
    assert_eq!((webinar.reason(), webinar.figures.minutes, webinar.minutes_counted()), (Reason::Replayed, 75, 75));
    assert_eq!(webinar.measured.unwrap().0.minutes, 0, "what was measured live stays");
    let later = webinar.later().unwrap();
    assert_eq!((later.seen_live, webinar.followed_at()), (30, later.at));
}

#[test]
fn what_was_met_live_is_never_lowered_by_a_recording_whichever_comes_first() {
    for facts in [[attended(87), replayed(75)], [replayed(75), attended(87)]] {
        let (record, webinar) = standing(facts);
        assert_eq!((record.minutes_live(), record.minutes_at_distance()), (87, 0));
        assert_eq!((webinar.reason(), webinar.later()), (Reason::Present, None));
        assert_eq!(webinar.replayed.unwrap().figures.minutes, 75, "and it stays told");
    }
    let (record, webinar) = standing([replayed(75), attended(40)]);
    assert_eq!((record.minutes_at_distance(), webinar.reason()), (75, Reason::Replayed));
}

#[test]
fn a_correction_goes_before_what_was_played_until_it_and_not_before_what_is_played_after() {
    let (record, webinar) = standing([attended(40), replayed(75), corrected(1, 10)]);
    assert_eq!((record.minutes_at_distance(), record.minutes_live()), (0, 0));
    assert_eq!((webinar.reason(), webinar.corrected().unwrap().before.unwrap().minutes), (Reason::BelowThreshold, 75));
    let (record, webinar) = standing([attended(40), corrected(1, 10), replayed(75)]);
    assert_eq!((record.minutes_at_distance(), webinar.reason()), (75, Reason::Replayed));
    assert_eq!((webinar.corrected(), webinar.corrections.len()), (None, 1));
}

#[test]
fn told_twice_a_recording_that_was_watched_changes_nothing() {
    let once = standing([attended(40), replayed(75)]).1;
    assert_eq!(standing([attended(40), replayed(75), replayed(90)]).1, once);
    let unregistered = standing([replayed(75)]).1;
    assert_eq!((unregistered.measured, unregistered.reason()), (None, Reason::Replayed));
}

#[test]
fn the_json_of_these_facts_is_what_hashes_cover() {
    let bodies: Vec<String> =
        ledger([attended(87), corrected(1, 85), replayed(75)]).into_iter().map(|(_, row)| row.body).collect();
    assert_eq!(
        bodies[0],
        "{\"kind\":\"webinar-attended\",\"course\":\"mediation-numerique\",\
         \"webinar\":\"00000000-0000-0000-0000-000000000001\",\"title\":\"En direct\",\"held_at\":\"2026-11-24T09:00:00Z\",\
         \"minutes\":87,\"live_minutes\":90,\"percent\":96,\"threshold\":80,\"met\":true,\"reason\":\"present\"}"
    );
    assert_eq!(
        bodies[1],
        "{\"kind\":\"presence-corrected\",\"course\":\"mediation-numerique\",\
         \"webinar\":\"00000000-0000-0000-0000-000000000001\",\"title\":\"En direct\",\"held_at\":\"2026-11-24T09:00:00Z\",\
         \"correction\":\"00000000-0000-0000-0000-000000000001\",\"minutes\":85,\"live_minutes\":90,\"percent\":94,\
         \"threshold\":80,\"met\":true,\"why\":\"Ligne coupée\"}"
    );
    assert_eq!(
        bodies[2],
        "{\"kind\":\"replay-followed\",\"course\":\"mediation-numerique\",\
         \"webinar\":\"00000000-0000-0000-0000-000000000001\",\"title\":\"En direct\",\"held_at\":\"2026-11-24T09:00:00Z\",\
         \"from\":\"2026-11-25T09:00:00Z\",\"minutes\":75,\"seen_live\":30,\"live_minutes\":90,\"percent\":83,\
         \"threshold\":80}"
    );
}

/// A ledger as it was written before there were webinars: the text that was hashed, and its hash.
#[test]
fn facts_written_before_keep_their_hash() {
    let body = "{\"kind\":\"chapter-read\",\"course\":\"mediation-numerique\",\"version\":1,\"chapter\":\"accueil\",\
                \"minutes\":20,\"suffices\":true}";
    let (entry, row) = ledger([read("accueil", true)]).remove(0);
    assert_eq!(row.body, body);
    let hash = "aaa0efd121f5fcd1a3a3682bc5e50768cb76f3c66ae2365af705ba02a1334db3".parse().unwrap();
    assert_eq!(entry.hash, hash);
    let row = StoredEntry { seq: 1, at: start(), author: None, body: body.to_owned(), hash };
    assert!(verify(crate::record::support::LEA, [row], Some((1, hash))).is_ok());
}

/// A record stored before there were webinars reads back as the fold of its facts.
#[test]
fn records_stored_before_read_back() {
    let record = Record::of(&entries([read("accueil", true)]));
    let stored = serde_json::to_string(&record).unwrap();
    assert!(!stored.contains("webinars"));
    assert_eq!(serde_json::from_str::<Record>(&stored).unwrap(), record);
    let with_webinar = standing([attended(40), corrected(1, 10), replayed(75)]).0;
    assert_eq!(serde_json::from_str::<Record>(&serde_json::to_string(&with_webinar).unwrap()).unwrap(), with_webinar);
}
