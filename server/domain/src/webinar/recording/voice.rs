//! Who is heard: one voice at a time, since nothing is mixed.

/// Milliseconds of silence after which another voice is let in.
const HOLD: u64 = 300;
/// What is as loud as this, in dB below the loudest there is (RFC 6464), speaks; what is softer is a room's noise.
const SPEAKS: u8 = 55;
/// Another voice is let in over one that speaks where it is so many dB louder.
const OVER: f32 = 15.0;
/// A packet of silence (RFC 7587, section 3.1.3) has a few bytes.
const SILENCE: usize = 10;

/// What is known of one voice.
#[derive(Debug, Clone, Copy, Default)]
struct Heard {
    /// When it last spoke.
    spoke: Option<u64>,
    /// How loud it is, in dB above the softest, over some packets.
    loud: f32,
}

/// The voices of a room.
#[derive(Debug, Clone)]
pub struct Voices<const SEATS: usize> {
    heard: [Heard; SEATS],
    current: Option<usize>,
}

impl<const SEATS: usize> Default for Voices<SEATS> {
    fn default() -> Self {
        Self { heard: [Heard::default(); SEATS], current: None }
    }
}

impl<const SEATS: usize> Voices<SEATS> {
    /// Whether a packet of that seat is to be heard. `level` is how many dB it is below the loudest there is, where its
    /// browser says so.
    pub fn hears(&mut self, seat: usize, now: u64, level: Option<u8>, bytes: usize) -> bool {
        let Some(heard) = self.heard.get_mut(seat) else { return false };
        let speaks = level.map_or(bytes > SILENCE, |level| level <= SPEAKS);
        let loud = if speaks { 127.0 - f32::from(level.unwrap_or(SPEAKS / 2)) } else { 0.0 };
        heard.loud += (loud - heard.loud) * 0.1;
        if speaks {
            heard.spoke = Some(now);
        }
        let heard = *heard;
        let Some(current) = self.current.filter(|current| *current != seat) else {
            self.current = Some(seat);
            return true;
        };
        let before = self.heard[current];
        let silent = before.spoke.is_none_or(|spoke| now > spoke + HOLD);
        let takes = speaks && (silent || heard.loud > before.loud + OVER);
        if takes {
            self.current = Some(seat);
        }
        takes
    }

    /// Nobody sits there any more.
    pub fn leave(&mut self, seat: usize) {
        if let Some(heard) = self.heard.get_mut(seat) {
            *heard = Heard::default();
        }
        self.current = self.current.filter(|current| *current != seat);
    }
}
