//! Randomness that a seed repeats (splitmix64).

use uuid::Uuid;

/// An identifier that nobody has made before.
pub fn new_uuid() -> Uuid {
    server::clock::Dice::system().expect("dice").uuid()
}

/// Dice thrown from a seed.
#[derive(Debug, Clone)]
pub struct Rolls(pub u64);

impl Rolls {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.roll() % limit
    }

    pub fn uuid(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes((u128::from(self.roll()) << 64 | u128::from(self.roll())).to_be_bytes())
            .into_uuid()
    }
}
