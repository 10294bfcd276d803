//! One clock for all that is recorded.
//!
//! A browser numbers its frames by clocks of its own, one a stream, and says from time to time what its own hour was at one
//! of these numbers (RTCP sender reports, RFC 3550, section 6.4.1): by these, its picture and its sound are at the same time
//! again. What its hour is in ours is known from when packets come: the one that was least on its way tells best.

/// What a publisher said of its clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    /// Its hour, in 1/2^32 s (NTP).
    pub ntp: u64,
    /// The number of the stream at that hour.
    pub timestamp: u32,
}

/// Frames further from when they came than this are not believed: milliseconds.
const FARTHEST: i64 = 2000;

/// What is known of one publisher.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    /// Its hour less ours, in milliseconds: the greatest that was seen.
    ahead: Option<i64>,
}

/// What is known of one stream.
#[derive(Debug, Clone, Default)]
pub struct Stream {
    /// The last number, extended over its 2^32.
    last: Option<i64>,
    /// Number, in milliseconds, less ours, where nothing was reported: the greatest that was seen.
    ahead: Option<i64>,
}

impl Clock {
    /// When a frame was taken, in our milliseconds, from when it came.
    pub fn time(&mut self, stream: &mut Stream, rate: u32, timestamp: u32, report: Option<Report>, came: i64) -> i64 {
        let number = stream.extend(timestamp);
        let rate = i64::from(rate.max(1));
        let (theirs, ahead) = match report {
            Some(report) => {
                let since = i64::from(timestamp.wrapping_sub(report.timestamp).cast_signed());
                (millis(report.ntp) + since * 1000 / rate, &mut self.ahead)
            }
            None => (number * 1000 / rate, &mut stream.ahead),
        };
        let known = ahead.get_or_insert(theirs - came);
        // The least on its way; a clock that jumped is a new one.
        if theirs - came > *known || (theirs - *known - came).abs() > FARTHEST {
            *known = theirs - came;
        }
        theirs - *known
    }
}

impl Stream {
    fn extend(&mut self, timestamp: u32) -> i64 {
        let number = match self.last {
            None => i64::from(timestamp),
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the low 32 bits are what is told"
            )]
            Some(last) => last + i64::from(timestamp.wrapping_sub(last as u32).cast_signed()),
        };
        self.last = Some(number);
        number
    }
}

fn millis(ntp: u64) -> i64 {
    let (seconds, fraction) = (ntp >> 32, ntp & 0xffff_ffff);
    i64::try_from(seconds * 1000 + ((fraction * 1000) >> 32)).unwrap_or(i64::MAX)
}
