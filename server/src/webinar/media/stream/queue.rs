//! What waits to go over one connection. A stream delivers everything in order, so what is late makes all that follows
//! late: what nobody wants any more is dropped here, before it is on its way. Sound, checks and control go before
//! pictures.

use super::super::answer::Sources;
use super::framing::frame;
use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::time::{Duration, Instant};

/// Bytes handed to the kernel in one go. What it holds nobody can overtake.
const CHUNK: usize = 4096;
/// Bytes of pictures that may wait before no more are written for this viewer: they stay in the ring, where a viewer
/// who is late goes on at a keyframe.
const FULL: usize = 24_000;
/// Bytes of each kind that are kept at all.
const MOST: usize = 256_000;
/// Older pictures and older sound are dropped rather than sent.
const STALE: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(2));

/// One datagram that waits.
#[derive(Debug)]
struct Waiting {
    since: Instant,
    datagram: Box<[u8]>,
}

/// Datagrams of one kind, the oldest first.
#[derive(Debug, Default)]
struct Line {
    waiting: VecDeque<Waiting>,
    bytes: usize,
}

/// All that waits for one connection.
#[derive(Debug, Default)]
pub struct Queue {
    /// Framed, on its way to the kernel, of which so many bytes are gone.
    chunk: Vec<u8>,
    gone: usize,
    first: Line,
    pictures: Line,
    /// Datagrams dropped, and the longest that a picture has waited, since last asked.
    dropped: usize,
    longest: Duration,
}

/// How a queue did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waited {
    pub dropped: usize,
    /// The longest that anything has waited.
    pub longest: Duration,
}

impl Queue {
    /// One more datagram is to go.
    pub fn push(&mut self, datagram: &[u8], now: Instant) {
        let nothing_waits = self.first.waiting.is_empty() && self.pictures.waiting.is_empty();
        if nothing_waits && self.chunk.len() - self.gone < CHUNK {
            frame(datagram, &mut self.chunk);
            return;
        }
        let line = if is_picture(datagram) { &mut self.pictures } else { &mut self.first };
        line.bytes += datagram.len();
        line.waiting.push_back(Waiting { since: now, datagram: datagram.into() });
        while line.bytes > MOST && line.next().is_some() {
            self.dropped += 1;
        }
    }

    /// Hands over what there is, until `send` takes no more.
    ///
    /// # Errors
    /// Where the connection is broken.
    pub fn flush(&mut self, now: Instant, mut send: impl FnMut(&[u8]) -> io::Result<usize>) -> io::Result<()> {
        loop {
            while let Some(rest) = self.chunk.get(self.gone..).filter(|rest| !rest.is_empty()) {
                match send(rest.get(..CHUNK).unwrap_or(rest)) {
                    Ok(0) => return Err(ErrorKind::WriteZero.into()),
                    Ok(taken) => self.gone += taken,
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                    Err(error) => return Err(error),
                }
            }
            self.chunk.clear();
            self.gone = 0;
            self.refill(now);
            if self.chunk.is_empty() {
                return Ok(());
            }
        }
    }

    fn refill(&mut self, now: Instant) {
        let (old_picture, old_sound) = STALE;
        for (line, stale) in [(&mut self.first, old_sound), (&mut self.pictures, old_picture)] {
            while self.chunk.len() < CHUNK
                && let Some(waiting) = line.next()
            {
                let waited = now.saturating_duration_since(waiting.since);
                self.longest = self.longest.max(waited);
                if waited > stale {
                    self.dropped += 1;
                } else {
                    frame(&waiting.datagram, &mut self.chunk);
                }
            }
        }
    }

    /// Whether no more pictures are to be written for now.
    pub fn is_full(&self) -> bool {
        self.pictures.bytes + self.first.bytes > FULL
    }

    /// How it did since last asked.
    pub fn waited(&mut self, now: Instant) -> Waited {
        let oldest = [&self.first, &self.pictures].into_iter().filter_map(|line| line.waiting.front());
        let still = oldest.map(|waiting| now.saturating_duration_since(waiting.since)).max().unwrap_or_default();
        Waited { dropped: std::mem::take(&mut self.dropped), longest: std::mem::take(&mut self.longest).max(still) }
    }
}

impl Line {
    fn next(&mut self) -> Option<Waiting> {
        let next = self.waiting.pop_front()?;
        self.bytes = self.bytes.saturating_sub(next.datagram.len());
        Some(next)
    }
}

/// Whether a sealed datagram holds a picture, or one that is sent again: media (RFC 7983) of no source of sound.
fn is_picture(datagram: &[u8]) -> bool {
    let [128..=191, second, _, _, _, _, _, _, source @ ..] = datagram else { return false };
    let Some(source) = source.first_chunk::<4>().filter(|_| !(192..=223).contains(second)) else { return false };
    !matches!(Sources::seat(u32::from_be_bytes(*source)), Some((_, false)))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "any instant will do")]
mod tests {
    use super::super::framing::Inbox;
    use super::*;

    const LATER: Duration = Duration::from_millis(500);

    /// A media packet of a seat, which says its number.
    fn media(is_picture: bool, number: u8) -> Vec<u8> {
        let sources = Sources::of(1);
        let source = if is_picture { sources.picture } else { sources.sound };
        [&[0x80, 96, 0, 0, 0, 0, 0, 0], source.to_be_bytes().as_slice(), &[number; 1000]].concat()
    }

    /// A line that takes so many bytes, then no more.
    fn line(most: usize, took: &mut Vec<u8>) -> impl FnMut(&[u8]) -> io::Result<usize> {
        move |bytes| {
            let sent = bytes.len().min(most.saturating_sub(took.len()));
            took.extend_from_slice(&bytes[..sent]);
            if sent == 0 { Err(ErrorKind::WouldBlock.into()) } else { Ok(sent) }
        }
    }

    /// The numbers of what came, pictures as they are and sounds with 100 added.
    fn numbers(took: &[u8]) -> Vec<u8> {
        let mut inbox = Inbox::default();
        inbox.receive(took);
        let mut numbers = Vec::new();
        while let Some(datagram) = inbox.datagram().expect("well-formed") {
            numbers.push(datagram[12] + if is_picture(datagram) { 0 } else { 100 });
        }
        numbers
    }

    #[test]
    fn checks_handshakes_control_and_sound_are_no_pictures_and_what_is_sent_again_is_one() {
        assert!(is_picture(&media(true, 0)) && !is_picture(&media(false, 0)));
        let mut repair = media(true, 0);
        repair[8..12].copy_from_slice(&Sources::of(1).repair.to_be_bytes());
        assert!(is_picture(&repair));
        for first in [[0, 1], [22, 254], [0x80, 200], [0x81, 206]] {
            assert!(!is_picture(&[first.as_slice(), &[0; 20]].concat()), "{first:?}");
        }
        assert!(!is_picture(&[0x80, 96, 0]));
    }

    #[test]
    fn sound_overtakes_pictures_that_wait() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        (0..10).for_each(|number| queue.push(&media(true, number), now));
        let mut took = Vec::new();
        queue.flush(now, line(1500, &mut took)).expect("well");
        queue.push(&media(false, 1), now);
        queue.flush(now + LATER, line(usize::MAX, &mut took)).expect("well");
        let came = numbers(&took);
        assert_eq!(came.len(), 11);
        let sound = came.iter().position(|number| *number == 101).expect("the sound");
        assert!(sound <= 5, "only what was under way goes first: {came:?}");
        assert_eq!(queue.waited(now), Waited { dropped: 0, longest: LATER });
    }

    #[test]
    fn pictures_that_are_late_are_dropped_and_what_follows_goes() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        (0..10).for_each(|number| queue.push(&media(true, number), now));
        queue.push(&media(false, 1), now);
        let later = now + Duration::from_millis(1_500);
        queue.push(&media(true, 42), later);
        let mut took = Vec::new();
        queue.flush(later, line(usize::MAX, &mut took)).expect("well");
        let came = numbers(&took);
        assert_eq!(came.last(), Some(&42), "{came:?}");
        assert!(came.contains(&101), "sound is still of use: {came:?}");
        assert_eq!(queue.waited(later).dropped, 11 - (came.len() - 1), "{came:?}");
        assert_eq!(queue.waited(later), Waited::default(), "asked twice");
    }

    #[test]
    fn a_line_that_takes_nothing_is_full_soon_and_keeps_no_more_than_a_bound() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        let mut took = Vec::new();
        for number in 0..2000_u32 {
            queue.push(&media(true, u8::try_from(number % 100).expect("small")), now);
            queue.push(&media(false, 0), now);
            queue.flush(now, line(0, &mut took)).expect("well");
        }
        assert!(queue.is_full() && queue.first.bytes <= MOST && queue.pictures.bytes <= MOST);
        assert!(queue.waited(now).dropped > 3_000);
    }

    #[test]
    fn a_broken_connection_is_told() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        queue.push(&media(false, 0), now);
        assert!(queue.flush(now, |_| Err(ErrorKind::BrokenPipe.into())).is_err());
        assert!(queue.flush(now, |_| Ok(0)).is_err());
    }
}
