use super::*;
use crate::ids::PersonId;
use crate::webinar::{Ballot, Change, Entry, Who};
use proptest::prelude::*;
use uuid::Uuid;

const SECOND: u64 = 1000;
const MIN: u64 = 60 * SECOND;

/// The webinar went live at 0, for an hour and a half; its recording began ten seconds before.
fn live_from() -> Timestamp {
    Timestamp::from_millisecond(1_796_113_800_000).unwrap()
}

fn zero() -> Timestamp {
    live_from() - SignedDuration::from_secs(10)
}

fn live() -> Vec<Span> {
    vec![live_at(0, 90 * MIN)]
}

/// A span of the live time, in milliseconds.
fn live_at(from: u64, to: u64) -> Span {
    Span { from: instant(live_from(), from), to: instant(live_from(), to) }
}

/// The next day: when it is watched.
fn later(ms: u64) -> Timestamp {
    live_from() + SignedDuration::from_hours(24) + SignedDuration::from_millis(i64::try_from(ms).unwrap())
}

/// Played at that moment of the next day, from there to there of the live time, at that speed, as long as it takes.
fn played(at: u64, from: u64, to: u64, speed: u32) -> Piece {
    let ends = at + (to - from) * 100 / u64::from(speed);
    let took = Span { from: later(at), to: later(ends) };
    Piece { from: from + 10 * SECOND, to: to + 10 * SECOND, took, speed, followed: true }
}

fn minutes(played: &[Piece]) -> u32 {
    Followed::of(&[], played, zero(), &live()).whole.minutes()
}

fn milliseconds(played: &[Piece]) -> u64 {
    Followed::of(&[], played, zero(), &live()).whole.present_ms()
}

#[test]
fn what_is_played_at_any_speed_counts_for_what_it_shows() {
    assert_eq!(minutes(&[played(0, 0, 30 * MIN, 100)]), 30);
    assert_eq!(minutes(&[played(0, 0, 30 * MIN, 75)]), 30);
    assert_eq!(minutes(&[played(0, 0, 30 * MIN, 200)]), 30);
}

#[test]
fn what_is_skipped_or_seen_twice_counts_for_nothing_more() {
    let twice = [played(0, 0, 10 * MIN, 100), played(10 * MIN, 5 * MIN, 12 * MIN, 100)];
    assert_eq!(minutes(&twice), 12);
    let skipped = [played(0, 0, 10 * MIN, 100), played(10 * MIN, 60 * MIN, 70 * MIN, 100)];
    assert_eq!(minutes(&skipped), 20);
}

#[test]
fn two_tabs_on_the_same_part_count_once_and_on_two_parts_no_faster_than_twice() {
    let same = [played(0, 0, 30 * MIN, 100), played(0, 0, 30 * MIN, 100)];
    assert_eq!(minutes(&same), 30);
    let two = [played(0, 0, 30 * MIN, 100), played(0, 30 * MIN, 60 * MIN, 100)];
    assert_eq!(minutes(&two), 60);
    let three = [two[0], two[1], played(0, 60 * MIN, 90 * MIN, 100)];
    assert_eq!(minutes(&three), 60, "half an hour gives an hour at most");
    let fast = [played(0, 0, 40 * MIN, 200), played(0, 40 * MIN, 80 * MIN, 200)];
    assert_eq!(minutes(&fast), 40, "twenty minutes give forty at most");
}

#[test]
fn a_hidden_tab_without_sound_counts_for_nothing() {
    let away = Piece { followed: false, ..played(0, 0, 30 * MIN, 100) };
    assert_eq!(minutes(&[away]), 0);
    assert_eq!(minutes(&[away, played(0, 0, 10 * MIN, 100)]), 10);
}

#[test]
fn no_piece_counts_for_more_than_its_time_allows() {
    let minute = Span { from: later(0), to: later(MIN) };
    let whole = Piece { from: 0, to: 90 * MIN, took: minute, speed: 200, followed: true };
    assert_eq!(whole.credit(), 2 * MIN);
    assert_eq!(Piece { speed: 100, ..whole }.credit(), MIN);
    assert_eq!(Piece { speed: 10_000, ..whole }.credit(), 2 * MIN, "nothing is followed at a hundred times");
    assert_eq!(Piece { speed: 0, ..whole }.credit(), 0);
    assert_eq!(Piece { took: Span { from: later(MIN), to: later(0) }, ..whole }.credit(), 0);
    assert_eq!(Piece { from: 5, to: 2, ..whole }.credit(), 0);
    let many: Vec<Piece> = (0..90).map(|at| Piece { from: at * MIN, to: (at + 1) * MIN, ..whole }).collect();
    assert_eq!(milliseconds(&many), 2 * MIN, "all told in the same minute");
}

#[test]
fn what_was_seen_live_and_what_is_played_later_are_one_union() {
    let seen = [Evidence { span: live_at(0, 50 * MIN), beside: None }];
    let followed = |played: &[Piece]| Followed::of(&seen, played, zero(), &live());
    let again = followed(&[played(0, 40 * MIN, 60 * MIN, 100)]);
    assert_eq!((again.whole.minutes(), again.live.minutes()), (60, 50));
    assert!(!again.whole.meets(80));
    let rest = followed(&[played(0, 50 * MIN, 72 * MIN, 100)]);
    assert_eq!((rest.whole.minutes(), rest.whole.percent(), rest.live.minutes()), (72, 80, 50));
    assert!(rest.whole.meets(80) && !rest.live.meets(80));
    let nothing_new = followed(&[played(0, 0, 50 * MIN, 100)]);
    assert_eq!(nothing_new.whole, nothing_new.live);
}

#[test]
fn what_was_recorded_before_or_after_the_live_time_is_nobodys() {
    let took = Span { from: later(0), to: later(120 * MIN) };
    let all = Piece { from: 0, to: 100 * MIN, took, speed: 100, followed: true };
    assert_eq!(milliseconds(&[all]), 90 * MIN);
    assert_eq!(milliseconds(&[Piece { to: 10 * SECOND, ..all }]), 0);
    let pause = [live_at(0, 10 * MIN), live_at(20 * MIN, 30 * MIN)];
    let followed = Followed::of(&[], &[all], zero(), &pause);
    assert_eq!((followed.whole.minutes(), followed.whole.live_minutes()), (20, 20));
}

#[test]
fn a_recording_that_stopped_early_covers_a_part() {
    assert_eq!(covered(zero(), 45 * MIN + 10 * SECOND, &live()), 50);
    assert_eq!(covered(zero(), 300 * MIN, &live()), 100);
    assert_eq!(covered(zero(), 0, &live()), 0);
    assert_eq!(covered(zero(), MIN, &[]), 0);
}

fn claim(at: i64, took: u64, from: u64, to: u64) -> Claim {
    Claim { id: Uuid::nil(), from, to, at, took, speed: 100, hidden: false, silent: false }
}

/// Opened a minute before it came; the browser's clock is an hour wrong.
fn received() -> Received {
    Received { opened: later(0), at: later(MIN), sent: 3_600_000, length: 90 * MIN }
}

#[test]
fn a_browsers_clock_is_only_compared_with_itself() {
    let piece = received().piece(&claim(3_600_000 - 30_000, 20_000, 5_000, 25_000)).unwrap();
    assert_eq!(piece.took, Span { from: later(30 * SECOND), to: later(50 * SECOND) });
    assert_eq!((piece.from, piece.to, piece.credit()), (5_000, 25_000, 20_000));
}

#[test]
fn a_forged_hour_told_after_a_minute_is_worth_that_minute_at_its_speed() {
    let hour = Claim { speed: 200, ..claim(0, 3_600_000, 0, 60 * MIN) };
    assert_eq!(received().piece(&hour).unwrap().credit(), 2 * MIN);
    let to_come = claim(3_600_000, 3_600_000, 0, 60 * MIN);
    assert_eq!(received().piece(&to_come), None, "what is to come was not played");
    let odd = Claim { took: u64::MAX, to: u64::MAX, speed: u32::MAX, ..hour };
    assert_eq!(received().piece(&Claim { at: i64::MIN, ..odd.clone() }), None, "it ended before the player was opened");
    let piece = received().piece(&odd).unwrap();
    assert_eq!((piece.to, piece.credit()), (90 * MIN, 2 * MIN));
    assert_eq!(Received { sent: i64::MIN, ..received() }.piece(&Claim { at: i64::MAX, ..odd }), None);
}

#[test]
fn nothing_is_left_of_a_piece_without_length_backwards_or_past_the_end() {
    let at = 3_600_000 - 30_000;
    assert_eq!(received().piece(&claim(at, 20_000, 7, 7)), None);
    assert_eq!(received().piece(&claim(at, 20_000, 9, 7)), None);
    assert_eq!(received().piece(&claim(at, 20_000, 90 * MIN, 91 * MIN)), None);
    assert_eq!(received().piece(&claim(at, 0, 0, 7)), None);
    let away = Claim { hidden: true, silent: true, ..claim(at, 20_000, 0, 20_000) };
    assert!(!received().piece(&away).unwrap().followed);
    for heard in [Claim { silent: false, ..away.clone() }, Claim { hidden: false, ..away }] {
        assert!(received().piece(&heard).unwrap().followed);
    }
}

fn entry(seq: u64, after: u64, change: Change) -> Entry {
    let by = Who { person: PersonId(3), name: "Marie Le Goff".into(), trainer: true };
    Entry { seq, at: instant(zero(), after), by, act: None, change }
}

#[test]
fn captions_stay_until_the_next_and_what_was_typed_stays_beside_what_is_read() {
    let typed = |text: &str| Change::Captioned { text: text.to_owned() };
    let log = [
        entry(1, 1_000, typed("Bonjour à tousse")),
        entry(2, 3_000, typed("On <commence> & on\nenregistre")),
        entry(3, 60_000, typed("Après la fin")),
    ];
    let mended = |text: &str, at| Correction { line: 1, text: text.into(), by: PersonId(3), at: later(at) };
    let told = captions(&log, &[mended("Bonjour", 1), mended("Bonjour à tous", 2)], zero(), 20_000);
    assert_eq!(told.len(), 2, "what was said after the end is not in it");
    assert_eq!((told[0].from, told[0].to, &*told[0].text), (1_000, 3_000, "Bonjour à tous"));
    assert_eq!((&*told[0].original, told[0].mended), ("Bonjour à tousse", Some((PersonId(3), later(2)))));
    assert_eq!((told[1].from, told[1].to, told[1].mended), (3_000, 10_000, None));
    assert_eq!(
        vtt(&told),
        "WEBVTT\n\n1\n00:00:01.000 --> 00:00:03.000\nBonjour à tous\n\n2\n00:00:03.000 --> 00:00:10.000\n\
         On &lt;commence&gt; &amp; on enregistre\n"
    );
    assert_eq!(vtt(&[]), "WEBVTT\n");
}

#[test]
fn what_was_hidden_in_the_room_stays_hidden_and_votes_are_told_as_sums() {
    let ballot = Ballot { stem: "Combien ?".into(), choices: vec!["Un".into(), "Deux".into()], many: false };
    let log = [
        entry(1, 1_000, Change::Said { text: "Bonjour".into() }),
        entry(2, 2_000, Change::Said { text: "Mon mot de passe est…".into() }),
        entry(3, 3_000, Change::Hidden { message: 2 }),
        entry(4, 4_000, Change::Asked { text: "Qui garde le carnet ?".into() }),
        entry(5, 5_000, Change::PollLaunched { ballot: ballot.clone() }),
        entry(6, 6_000, Change::Voted { poll: 5, choices: vec![1] }),
        entry(7, 7_000, Change::QuizLaunched { title: "Quiz".into(), prompts: Vec::new(), questions: Vec::new() }),
        entry(8, 8_000, Change::Marked { title: "FranceConnect".into() }),
    ];
    let told = moments(&log, zero(), 90 * MIN);
    let said: Vec<_> = told.said.iter().map(|said| (said.at, &*said.text, said.is_question)).collect();
    assert_eq!(said, [(1_000, "Bonjour", false), (4_000, "Qui garde le carnet ?", true)]);
    assert_eq!((told.polls[0].number, told.polls[0].at, &told.polls[0].ballot), (5, 5_000, &ballot));
    assert_eq!(told.polls[0].tally.counts, [0, 1]);
    assert_eq!((told.quizzes[0].number, &*told.quizzes[0].title), (7, "Quiz"));
    assert_eq!(told.chapters, [Chapter { at: 8_000, title: "FranceConnect".into() }]);
}

/// Milliseconds of a short webinar, which is recorded from its beginning and watched within as short a time.
const DAY: u64 = 64;

fn any_piece() -> impl Strategy<Value = Piece> {
    ((0..DAY, 0..DAY), (0..DAY, 0..DAY), 0..260u32, any::<bool>()).prop_map(
        |((from, to), (at, end), speed, followed)| Piece {
            from,
            to,
            took: Span { from: later(at), to: later(end) },
            speed,
            followed,
        },
    )
}

fn any_pieces() -> impl Strategy<Value = Vec<Piece>> {
    proptest::collection::vec(any_piece(), 0..9)
}

fn any_seen() -> impl Strategy<Value = Vec<Evidence>> {
    proptest::collection::vec((0..DAY, 0..DAY), 0..4).prop_map(|spans| {
        spans.into_iter().map(|(from, to)| Evidence { span: live_at(from, to), beside: None }).collect()
    })
}

fn of(seen: &[Evidence], played: &[Piece]) -> Followed {
    Followed::of(seen, played, live_from(), &[live_at(0, DAY)])
}

proptest! {
    #[test]
    fn the_order_of_reports_and_their_repetition_change_nothing(
        (pieces, shuffled) in any_pieces().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        seen in any_seen(),
    ) {
        let once = of(&seen, &pieces);
        prop_assert_eq!(of(&seen, &shuffled), once);
        let twice: Vec<Piece> = pieces.iter().chain(&shuffled).copied().collect();
        prop_assert_eq!(of(&seen, &twice), once);
    }

    #[test]
    fn more_that_is_played_never_takes_anything_away(pieces in any_pieces(), more in any_pieces(), seen in any_seen()) {
        let before = of(&seen, &pieces);
        let all: Vec<Piece> = pieces.into_iter().chain(more).collect();
        let after = of(&seen, &all);
        prop_assert!(after.whole.present_ms() >= before.whole.present_ms());
        prop_assert_eq!(after.live, before.live);
    }

    #[test]
    fn a_piece_that_grows_never_loses(piece in any_piece(), more in 0..DAY, longer in 0..DAY) {
        let took = Span { to: piece.took.to + SignedDuration::from_millis(i64::try_from(longer).unwrap()), ..piece.took };
        let grown = Piece { to: piece.to + more, took, ..piece };
        prop_assert!(grown.credit() >= piece.credit());
    }

    #[test]
    fn no_more_than_the_union_and_than_twice_the_time_that_was_spent(pieces in any_pieces(), seen in any_seen()) {
        let followed = of(&seen, &pieces);
        let shown = |ms: &u64| {
            let at = instant(live_from(), *ms);
            let live = seen.iter().any(|seen| seen.span.from <= at && at < seen.span.to);
            live || pieces.iter().any(|piece| piece.followed && (piece.from..piece.to).contains(ms))
        };
        let spent = |ms: &u64| pieces.iter().any(|piece| piece.took.from <= later(*ms) && later(*ms) < piece.took.to);
        let count = |so: &dyn Fn(&u64) -> bool| (0..DAY).filter(so).count() as u64;
        prop_assert!(followed.whole.present_ms() <= count(&shown));
        prop_assert!(followed.whole.present_ms() <= followed.live.present_ms() + 2 * count(&spent));
        prop_assert!(followed.whole.present_ms() >= followed.live.present_ms());
    }

    #[test]
    fn one_tab_at_a_speed_that_counts_is_credited_what_it_shows(starts in proptest::collection::vec((0..DAY, 1..9u64), 1..6), fast in any::<bool>()) {
        let speed: u32 = if fast { 200 } else { 100 };
        let mut at = 0;
        let pieces: Vec<Piece> = starts.iter().map(|(from, length)| {
            let took = Span { from: later(at), to: later(at + length) };
            at += length;
            let shown = length * u64::from(speed) / 100;
            Piece { from: *from, to: from + shown, took, speed, followed: true }
        }).collect();
        let shown = (0..DAY).filter(|ms| pieces.iter().any(|piece| (piece.from..piece.to).contains(ms))).count() as u64;
        prop_assert_eq!(of(&[], &pieces).whole.present_ms(), shown);
    }

    #[test]
    fn whatever_is_claimed_lies_between_the_opening_and_the_report(
        at in any::<i64>(), took in any::<u64>(), from in any::<u64>(), to in any::<u64>(), speed in any::<u32>(), sent in any::<i64>(),
    ) {
        let received = Received { sent, ..received() };
        if let Some(piece) = received.piece(&Claim { speed, ..claim(at, took, from, to) }) {
            prop_assert!(piece.took.from >= received.opened && piece.took.to <= received.at);
            prop_assert!(piece.from < piece.to && piece.to <= received.length);
            prop_assert!(piece.credit() <= 2 * MIN);
        }
    }
}
