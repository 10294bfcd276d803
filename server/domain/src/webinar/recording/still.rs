//! A picture that stays: a frame of VP8 (RFC 6386) that shows the one before it once more.
//!
//! Players of what is told live wait, sound and all, where pictures are missing; and a screen on which nothing moves is
//! sent seldom, or not at all. Such a frame fills the hole with some dozens of bytes. It says of each block that it is where it
//! was and as it was, and changes nothing of what a decoder remembers: what comes after it decodes as if it had not been.

/// How likely it is, in 256, that nothing is said anew of each of the 1,056 probabilities of coefficients (section 13.4): so
/// many that are 255, then one that is not.
#[rustfmt::skip]
const COEFFICIENTS: [(u16, u8); 158] = [
    (33, 176), (0, 246), (9, 223), (0, 241), (0, 252), (8, 249), (0, 253), (0, 253), (9, 244), (0, 252), (8, 234),
    (0, 254), (0, 254), (8, 253), (11, 246), (0, 254), (8, 239), (0, 253), (0, 254), (8, 254), (1, 254), (9, 248),
    (0, 254), (8, 251), (1, 254), (20, 253), (0, 254), (8, 251), (0, 254), (0, 254), (8, 254), (1, 254), (9, 254),
    (0, 253), (1, 254), (6, 250), (1, 254), (1, 254), (6, 254), (43, 217), (10, 225), (0, 252), (0, 241), (0, 253),
    (2, 254), (4, 234), (0, 250), (0, 241), (0, 250), (0, 253), (1, 253), (0, 254), (4, 254), (9, 223), (0, 254),
    (0, 254), (8, 238), (0, 253), (0, 254), (0, 254), (8, 248), (0, 254), (8, 249), (0, 254), (21, 253), (9, 247),
    (0, 254), (21, 253), (0, 254), (8, 252), (22, 254), (0, 254), (8, 253), (22, 254), (0, 253), (8, 250), (10, 254),
    (43, 186), (0, 251), (0, 250), (8, 234), (0, 251), (0, 244), (0, 254), (7, 251), (0, 251), (0, 243), (0, 253),
    (0, 254), (1, 254), (5, 253), (0, 254), (8, 236), (0, 253), (0, 254), (8, 251), (0, 253), (0, 253), (0, 254),
    (0, 254), (7, 254), (0, 254), (8, 254), (0, 254), (0, 254), (20, 254), (9, 254), (0, 254), (9, 254), (21, 254),
    (120, 248), (10, 250), (0, 254), (0, 252), (0, 254), (7, 248), (0, 254), (0, 249), (0, 253), (8, 253), (0, 253),
    (8, 246), (0, 253), (0, 253), (8, 252), (0, 254), (0, 251), (0, 254), (0, 254), (7, 254), (0, 252), (8, 248),
    (0, 254), (0, 253), (8, 253), (1, 254), (0, 254), (8, 251), (0, 254), (8, 245), (0, 251), (0, 254), (8, 253),
    (0, 253), (0, 254), (9, 251), (0, 253), (8, 252), (0, 253), (0, 254), (9, 254), (10, 252), (9, 249), (1, 254),
    (10, 254), (10, 253), (8, 250), (32, 254),
];
/// How many they are.
const COEFFICIENTS_IN_ALL: u16 = 1056;
/// The same of the probabilities of motion (section 17.2).
const MOTION: [u8; 38] = [
    237, 246, 253, 253, 254, 254, 254, 254, 254, 254, 254, 254, 254, 254, 250, 250, 252, 254, 254, 231, 243, 245, 253,
    254, 254, 254, 254, 254, 254, 254, 254, 254, 254, 251, 251, 254, 254, 254,
];
/// How likely motion is, by how many of a block's neighbours stand still (section 16.3): none, those above, to the left and
/// above to the left count two, two and one.
const MOVES: [u8; 6] = [7, 14, 135, 60, 159, 234];
/// The likeliest there is, and the unlikeliest.
const LIKELY: u8 = 255;
const UNLIKELY: u8 = 1;

/// The frame, for pictures of that size.
#[must_use]
pub fn again((width, height): (u16, u16)) -> Vec<u8> {
    let mut bits = Encoder::default();
    // No segments; a plain filter that does nothing: its kind, its level in six bits, its sharpness in three, no
    // adjustments. One partition of coefficients. Quantisers do not matter where there are no coefficients: seven bits
    // and five flags.
    bits.zeros(1 + 1 + 6 + 3 + 1 + 2 + 7 + 5);
    // The golden frame and the other stay as they are: not refreshed, not copied to, their signs as they are by default.
    bits.zeros(1 + 1 + 2 + 2 + 1 + 1);
    // Nothing of the probabilities is kept, and the last frame stays.
    bits.zeros(1 + 1);
    for (before, unlikely) in COEFFICIENTS {
        (0..before).for_each(|_| bits.put(LIKELY, false));
        bits.put(unlikely, false);
    }
    let told: u16 = COEFFICIENTS.iter().map(|(before, _)| before + 1).sum();
    (told..COEFFICIENTS_IN_ALL).for_each(|_| bits.put(LIKELY, false));
    // Blocks may have no coefficients, and have none; they come from the last frame.
    bits.put(128, true);
    bits.literal(UNLIKELY);
    bits.literal(UNLIKELY);
    bits.literal(LIKELY);
    bits.literal(128);
    // The ways to predict within a picture stay as they are.
    bits.zeros(2);
    for unlikely in MOTION {
        bits.put(unlikely, false);
    }
    for row in 0..height.div_ceil(16) {
        for column in 0..width.div_ceil(16) {
            bits.put(UNLIKELY, true);
            bits.put(UNLIKELY, true);
            bits.put(LIKELY, false);
            let (above, left) = (row > 0, column > 0);
            let still = 2 * usize::from(above) + 2 * usize::from(left) + usize::from(above && left);
            bits.put(MOVES[still], false);
        }
    }
    let partition = bits.finish();
    // A frame that is shown and no keyframe, and how long its first partition is.
    let tag = (u32::try_from(partition.len()).unwrap_or_default() << 5 | 0b1_0001).to_le_bytes();
    // Decoders read a few bytes of the second, empty as it is.
    [&tag[..3], &partition, &[0; 4]].concat()
}

/// Bits by their probability (section 7.3).
#[derive(Debug)]
struct Encoder {
    out: Vec<u8>,
    range: u32,
    bottom: u32,
    /// Shifts until a byte is whole.
    left: u32,
}

impl Default for Encoder {
    fn default() -> Self {
        Self { out: Vec::new(), range: 255, bottom: 0, left: 24 }
    }
}

impl Encoder {
    /// Adds a bit; `unset` is how likely it is, in 256, that it is not set.
    fn put(&mut self, unset: u8, set: bool) {
        let split = 1 + (((self.range - 1) * u32::from(unset)) >> 8);
        if set {
            self.bottom += split;
            self.range -= split;
        } else {
            self.range = split;
        }
        while self.range < 128 {
            self.range <<= 1;
            if self.bottom & (1 << 31) != 0 {
                self.carry();
            }
            self.bottom <<= 1;
            self.left -= 1;
            if self.left == 0 {
                self.push();
                self.left = 8;
            }
        }
    }

    fn zeros(&mut self, count: u32) {
        (0..count).for_each(|_| self.put(128, false));
    }

    fn literal(&mut self, byte: u8) {
        (0..8).rev().for_each(|bit| self.put(128, byte >> bit & 1 == 1));
    }

    fn push(&mut self) {
        self.out.push(self.bottom.to_be_bytes()[0]);
        self.bottom &= 0x00ff_ffff;
    }

    fn carry(&mut self) {
        for byte in self.out.iter_mut().rev() {
            *byte = byte.wrapping_add(1);
            if *byte != 0 {
                return;
            }
        }
    }

    /// Enough bits more, of no meaning, to bring out all that were put.
    fn finish(mut self) -> Vec<u8> {
        self.zeros(32);
        self.out
    }
}
