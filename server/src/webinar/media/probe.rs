//! How much a line carries on which no picture flows, since nothing that goes over it tells: from time to time a few long
//! checks (RFC 8445) go at once. The browser answers each, and how far apart the answers come says how fast the line let
//! the checks through (a packet train). They weigh so little that sound is not kept waiting. Over a stream the checks are
//! messages ([`Probe::of_messages`]).

use std::time::{Duration, Instant};

/// Checks of a train, and bytes of each with their headers of UDP, IP and the frame around them.
const TRAIN: u64 = 3;
pub const SIZE: usize = 600;
const WIRE: f64 = 642.0;
/// Bytes of a check that is a message, and with what JSON, WebSocket, TLS, TCP, IP and the frame put around them.
pub const FILLING: usize = 1_000;
const AROUND: f64 = 1_132.0;
/// Between two trains; and where the last one found much more than was known, soon: one alone may be chance.
const PAUSE: Duration = Duration::from_secs(4);
const SOON: Duration = Duration::from_millis(1500);
/// Answers that come later are not waited for.
const PATIENCE: Duration = Duration::from_secs(3);
/// What comes closer together than a look at the socket can tell, in seconds.
const SHORTEST: f64 = 0.001;
/// How much more is much more.
const MORE: f64 = 1.5;

/// A train that is under way.
#[derive(Debug, Clone)]
struct Train {
    first: u64,
    sent: Instant,
    /// Which checks were answered, and when.
    came: Vec<(u64, Instant)>,
}

/// One line's probing.
#[derive(Debug, Clone)]
pub struct Probe {
    /// Bytes that a check takes on the line, and how soon one more train goes where the last one found much more.
    wire: f64,
    soon: Duration,
    /// What is lost comes again, and holds up what comes after it, so that answers come together however slow the line is:
    /// the shortest that one took, by which what took longer is judged too.
    shortest: Option<Duration>,
    is_stream: bool,
    numbers: u64,
    train: Option<Train>,
    next: Option<Instant>,
    /// Bits a second that the last train found.
    last: Option<f64>,
    /// Another one before it found something too.
    sure: bool,
}

impl Default for Probe {
    /// Of checks in datagrams.
    fn default() -> Self {
        Self {
            wire: WIRE,
            soon: SOON,
            shortest: None,
            is_stream: false,
            numbers: 0,
            train: None,
            next: None,
            last: None,
            sure: false,
        }
    }
}

impl Probe {
    /// Of checks that are messages over a stream: nothing is shown before something is known of it, so that a second train
    /// goes as soon as the first is back.
    pub fn of_messages() -> Self {
        Self { wire: AROUND, soon: Duration::ZERO, is_stream: true, ..Self::default() }
    }

    /// Whether a check of that number was sent.
    pub fn knows(&self, number: u64) -> bool {
        number < self.numbers
    }

    /// The numbers of the checks to send now, if it is time to.
    pub fn due(&mut self, now: Instant) -> Option<std::ops::Range<u64>> {
        if self.next.is_some_and(|next| now < next) {
            return None;
        }
        let first = self.numbers;
        self.numbers += TRAIN;
        self.train = Some(Train { first, sent: now, came: Vec::new() });
        self.next = Some(now + PAUSE);
        Some(first..self.numbers)
    }

    /// A check was answered. Gives the least and the most that the last two trains found, in bits a second, once a train
    /// is whole.
    pub fn answered(&mut self, number: u64, now: Instant) -> Option<(f64, f64)> {
        let train = self.train.as_mut()?;
        let known = train.came.iter().any(|(known, _)| *known == number);
        if known || !(train.first..train.first + TRAIN).contains(&number) {
            return None;
        }
        train.came.push((number, now));
        // The last one closes the train, whatever got lost before it.
        let is_last = number + 1 == train.first + TRAIN;
        let train = if is_last { self.train.take()? } else { return None };
        if now > train.sent + PATIENCE {
            return None;
        }
        let (_, mut began) = *train.came.first()?;
        if self.is_stream {
            let took = began.saturating_duration_since(train.sent);
            let shortest = self.shortest.map_or(took, |shortest| shortest.min(took));
            self.shortest = Some(shortest);
            began = train.sent + shortest;
        }
        let found = train.found(began, self.wire)?;
        let before = self.last.replace(found);
        if before.is_none_or(|before| found > MORE * before) {
            self.next = Some(now + self.soon);
        }
        self.sure |= before.is_some();
        before.map(|before| (before.min(found), before.max(found)))
    }

    /// Whether two trains in a row have found something.
    pub fn is_sure(&self) -> bool {
        self.sure
    }

    /// What was found is forgotten: pictures flow again.
    pub fn rest(&mut self) {
        (self.train, self.next, self.last, self.sure) = (None, None, None, false);
    }
}

impl Train {
    /// Bits a second, from the first answer, which came or might have come then, to the last.
    fn found(&self, began: Instant, wire: f64) -> Option<f64> {
        let ((first, _), (last, ended)) = (*self.came.first()?, *self.came.last()?);
        #[expect(clippy::cast_precision_loss, reason = "a few checks")]
        let between = last.checked_sub(first).filter(|between| *between > 0)? as f64;
        Some(between * wire * 8.0 / ended.saturating_duration_since(began).as_secs_f64().max(SHORTEST))
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "any instant will do")]
mod tests {
    use super::*;

    /// A train over a line of so many bits a second, 300 ms each way, that loses those checks.
    fn train(probe: &mut Probe, at: Instant, rate: f64, lost: &[u64]) -> Option<(f64, f64)> {
        let numbers = probe.due(at).expect("it is time");
        let first = numbers.start;
        let mut found = None;
        for number in numbers.filter(|number| !lost.contains(&(number - first))) {
            #[expect(clippy::cast_precision_loss, reason = "a few")]
            let way = 0.6 + (number - first + 1) as f64 * WIRE * 8.0 / rate;
            found = probe.answered(number, at + Duration::from_secs_f64(way));
        }
        found
    }

    #[test]
    fn two_trains_find_what_a_line_carries_though_it_loses_one_of_their_checks() {
        let (mut probe, start) = (Probe::default(), Instant::now());
        assert_eq!(train(&mut probe, start, 64_000.0, &[]), None, "one alone may be chance");
        let (least, most) = train(&mut probe, start + 2 * SOON, 64_000.0, &[1]).expect("found");
        assert!((least - 64_000.0).abs() < 100.0 && (most - 64_000.0).abs() < 100.0, "{least} {most}");
        assert!(probe.due(start + 2 * SOON + PAUSE / 2).is_none(), "nothing new: not at once again");
        assert_eq!(train(&mut probe, start + 3 * PAUSE, 64_000.0, &[2]), None, "its end got lost");
    }

    #[test]
    fn over_a_stream_answers_that_were_held_up_together_are_no_fast_line() {
        let (mut probe, start) = (Probe::of_messages(), Instant::now());
        train(&mut probe, start, 2_000_000.0, &[]);
        let (least, _) = train(&mut probe, start + PAUSE, 2_000_000.0, &[]).expect("found");
        assert!(least > 1_000_000.0, "{least}");
        for turn in [2, 3] {
            let at = start + turn * PAUSE;
            let numbers = probe.due(at).expect("it is time");
            // The first one got lost: all come once it was sent again.
            let came = at + Duration::from_millis(1_500);
            let found = numbers.filter_map(|number| probe.answered(number, came)).last();
            assert!(found.is_some_and(|(least, _)| least < 40_000.0), "{found:?}");
        }
    }

    #[test]
    fn a_line_that_came_back_is_looked_at_again_soon() {
        let (mut probe, start) = (Probe::default(), Instant::now());
        train(&mut probe, start, 64_000.0, &[]);
        train(&mut probe, start + PAUSE, 64_000.0, &[]);
        let (least, most) = train(&mut probe, start + 2 * PAUSE, 2_000_000.0, &[]).expect("found");
        assert!(least < 65_000.0 && most > 1_900_000.0, "{least} {most}");
        let soon = start + 2 * PAUSE + SOON + Duration::from_secs(1);
        let (least, _) = train(&mut probe, soon, 2_000_000.0, &[]).expect("found");
        assert!(least > 1_900_000.0, "{least}");
    }

    #[test]
    fn answers_to_nothing_and_answers_twice_and_answers_too_late_find_nothing() {
        let (mut probe, start) = (Probe::default(), Instant::now());
        assert_eq!(probe.answered(7, start), None);
        train(&mut probe, start, 64_000.0, &[]);
        assert_eq!(probe.answered(2, start), None, "that train is over");
        let numbers = probe.due(start + PAUSE).expect("it is time");
        assert_eq!(probe.answered(numbers.start, start + PAUSE), None);
        assert_eq!(probe.answered(numbers.start, start + PAUSE), None);
        assert_eq!(probe.answered(numbers.end - 1, start + PAUSE + 2 * PATIENCE), None);
    }
}
