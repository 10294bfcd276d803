//! What is held of people: the register, one's own data, erasing an account, what nights take away, who looked at what.

mod erase;
mod journal;
mod mine;
mod nights;
mod register;
#[cfg(test)]
mod tests;

pub use erase::{Erase, EraseLine, erase_page};
pub use journal::{Asked, DeedLine, Journal, journal_page};
pub use mine::{Mine, MineLine, mine_page};
pub use nights::{DueLine, NightLine, Nights, nights_page};
pub use register::{ClassLine, Register, register_page};
