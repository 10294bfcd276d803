use super::*;
use crate::webinar::presence::union;
use proptest::prelude::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millisecond(1_796_113_800_000 + seconds * 1000).unwrap()
}

fn span(from: i64, to: i64) -> Span {
    Span { from: at(from), to: at(to) }
}

/// A tab watched through a scene: (now, socket, media) in seconds.
fn watched(scene: &[(i64, i64, i64)]) -> Watch {
    let mut watch = Watch::default();
    for (now, socket, media) in scene {
        feed(&mut watch, *now, Some(*socket), Some(*media));
    }
    watch
}

fn feed(watch: &mut Watch, now: i64, socket: Option<i64>, media: Option<i64>) {
    let id = Uuid::from_u128(u128::try_from(now).unwrap());
    watch.feed(at(now), socket.map(at), media.map(at), || id);
}

fn spans(watch: &Watch) -> Vec<Span> {
    watch.unsaved().map(|piece| piece.span).collect()
}

#[test]
fn an_interval_opens_when_both_are_proved_and_follows_the_slower_of_the_two() {
    let mut watch = Watch::default();
    feed(&mut watch, 0, Some(0), None);
    assert!(!watch.is_present(), "a socket alone is nobody watching");
    feed(&mut watch, 3, Some(1), Some(3));
    assert!(watch.is_present());
    assert_eq!(spans(&watch), []);
    feed(&mut watch, 8, Some(6), Some(8));
    assert_eq!(spans(&watch), [span(3, 6)]);
}

#[test]
fn a_short_lapse_is_bridged() {
    let watch = watched(&[(0, 0, 0), (6, 6, 6), (18, 18, 18), (20, 20, 20)]);
    assert_eq!(spans(&watch), [span(0, 20)]);
}

#[test]
fn a_long_lapse_ends_at_the_last_evidence_and_the_return_is_new() {
    let watch = watched(&[(0, 0, 0), (6, 6, 6), (10, 6, 6), (19, 6, 6), (26, 26, 26), (30, 30, 30)]);
    assert_eq!(spans(&watch), [span(0, 6), span(26, 30)]);
}

#[test]
fn a_lapse_noticed_only_at_the_return_is_a_lapse_all_the_same() {
    let watch = watched(&[(0, 0, 0), (6, 6, 6), (26, 26, 26), (30, 30, 30)]);
    assert_eq!(spans(&watch), [span(0, 6), span(26, 30)]);
}

#[test]
fn media_that_stops_ends_presence_though_the_socket_answers() {
    let watch = watched(&[(0, 0, 0), (5, 5, 5), (10, 10, 5), (15, 15, 5), (20, 20, 5), (90, 90, 5)]);
    assert!(!watch.is_present());
    assert_eq!(spans(&watch), [span(0, 5)]);
}

#[test]
fn old_evidence_told_again_neither_extends_nor_reopens() {
    let watch = watched(&[(0, 0, 0), (5, 5, 5), (6, 5, 5), (7, 5, 5), (30, 5, 5), (31, 5, 5)]);
    assert_eq!(spans(&watch), [span(0, 5)]);
    let stale = watched(&[(60, 5, 5)]);
    assert!(!stale.is_present(), "evidence that is old already opens nothing");
}

#[test]
fn evidence_that_goes_back_in_time_takes_nothing_away_and_none_comes_from_the_future() {
    let watch = watched(&[(0, 0, 0), (8, 8, 8), (9, 3, 3)]);
    assert_eq!(spans(&watch), [span(0, 8)]);
    let watch = watched(&[(0, 0, 0), (8, 500, 500)]);
    assert_eq!(spans(&watch), [span(0, 8)]);
}

#[test]
fn a_tab_that_leaves_and_returns_at_once_has_two_intervals() {
    let mut watch = watched(&[(0, 0, 0), (5, 5, 5)]);
    watch.leave();
    feed(&mut watch, 6, Some(5), Some(5));
    assert!(!watch.is_present(), "nothing new was proved");
    feed(&mut watch, 7, Some(7), Some(7));
    feed(&mut watch, 9, Some(9), Some(9));
    assert_eq!(spans(&watch), [span(0, 5), span(7, 9)]);
}

#[test]
fn what_is_saved_is_told_again_only_when_it_grew() {
    let mut watch = watched(&[(0, 0, 0), (5, 5, 5)]);
    let pieces: Vec<Piece> = watch.unsaved().collect();
    feed(&mut watch, 8, Some(8), Some(8));
    watch.saved(&pieces);
    assert_eq!(spans(&watch), [span(0, 8)], "it grew while it was being written");
    let grown: Vec<Piece> = watch.unsaved().collect();
    assert_eq!(grown[0].id, pieces[0].id, "the same interval, extended");
    watch.saved(&grown);
    assert_eq!(spans(&watch), []);
    feed(&mut watch, 40, Some(40), Some(40));
    feed(&mut watch, 42, Some(42), Some(42));
    assert_eq!(spans(&watch), [span(40, 42)]);
    let last: Vec<Piece> = watch.unsaved().collect();
    watch.saved(&last);
    assert_eq!(watch.pieces.len(), 1, "what is over and on disk is forgotten");
}

#[test]
fn a_checkpoint_is_due_every_ten_seconds() {
    assert!(is_due(None, at(0)));
    assert!(!is_due(Some(at(0)), at(9)));
    assert!(is_due(Some(at(0)), at(10)));
}

proptest! {
    /// Proofs every so many seconds, a second at a time, with the wire cut here and there: what is found is never
    /// outside of what was proved, and misses no stretch without a lapse by more than a proof's cadence.
    #[test]
    fn intervals_are_as_true_as_their_proofs(up in proptest::collection::vec(any::<bool>(), 1..40), socket_every in 1..6i64, media_every in 1..6i64) {
        let mut watch = Watch::default();
        let is_up = |second: i64| up.get(usize::try_from(second / 5).unwrap()).copied().unwrap_or(false);
        let (mut socket, mut media) = (None, None);
        let end = i64::try_from(up.len()).unwrap() * 5 + 30;
        for now in 0..end {
            if is_up(now) && now % socket_every == 0 { socket = Some(now); }
            if is_up(now) && now % media_every == 0 { media = Some(now); }
            feed(&mut watch, now, socket, media);
        }
        let found = spans(&watch);
        prop_assert_eq!(union(found.clone()), found.clone(), "apart and in order");
        prop_assert!(!watch.is_present());
        // Both ends of each are instants at which the wire was up.
        for span in &found {
            for end in [span.from, span.to] {
                prop_assert!(is_up(end.duration_since(at(0)).as_secs()), "{span:?}");
            }
        }
        // A stretch up that lasts is found, but for a cadence at each of its ends.
        let cadence = socket_every.max(media_every);
        let mut from = None;
        for now in 0..=end {
            match (from, is_up(now)) {
                (None, true) => from = Some(now),
                (Some(start), false) => {
                    if now - start > 3 * cadence {
                        let (first, last) = (at(start + 2 * cadence), at(now - 1 - 2 * cadence).max(at(start + 2 * cadence)));
                        prop_assert!(found.iter().any(|span| span.from <= first && last <= span.to), "{start}..{now}: {found:?}");
                    }
                    from = None;
                }
                _ => {}
            }
        }
    }
}
