//! The code that is shown in the room, another one every half minute, and the ticket of whoever showed a good one.

use super::store::HalfDaySheet;
use domain::classroom::{TICKET, step};
use domain::ids::ClassroomId;
use hmac::digest::Key;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;

/// Bytes of a code: whoever guesses one in half a minute has tried two million million.
const CODE: usize = 5;

/// The code of that instant.
pub(super) fn code(classroom: ClassroomId, sheet: &HalfDaySheet, at: Timestamp) -> String {
    let whole = keyed(classroom, sheet, "code", step(at)).finalize().into_bytes();
    hex::encode(&whole[..CODE])
}

/// Whether that is the code of now, or was a moment ago.
pub(super) fn is_good(classroom: ClassroomId, sheet: &HalfDaySheet, said: &str, now: Timestamp) -> bool {
    let Ok(said) = hex::decode(said) else { return false };
    let is_of = |step| keyed(classroom, sheet, "code", step).verify_truncated_left(&said).is_ok();
    said.len() == CODE && [step(now), step(now) - 1].into_iter().any(is_of)
}

/// What a browser keeps from a good code until its owner has signed in.
pub(super) fn ticket(classroom: ClassroomId, sheet: &HalfDaySheet, now: Timestamp) -> String {
    let until = (now + TICKET).as_second();
    format!("{until}.{}", hex::encode(keyed(classroom, sheet, "ticket", until).finalize().into_bytes()))
}

/// Whether the ticket is of that half day, and not too old.
pub(super) fn admits(classroom: ClassroomId, sheet: &HalfDaySheet, ticket: &str, now: Timestamp) -> bool {
    let read = ticket.split_once('.').and_then(|(until, seal)| Some((until.parse().ok()?, hex::decode(seal).ok()?)));
    let Some((until, seal)) = read else { return false };
    now.as_second() < until && keyed(classroom, sheet, "ticket", until).verify_slice(&seal).is_ok()
}

fn keyed(classroom: ClassroomId, sheet: &HalfDaySheet, purpose: &str, number: i64) -> Hmac<Sha256> {
    let said = format!("{purpose} {classroom} {} {number}", sheet.half_day);
    // The secret's 64 letters are a key of the very length that HMAC takes (RFC 2104, section 2).
    let mut key = Key::<Hmac<Sha256>>::default();
    key.iter_mut().zip(sheet.secret.bytes()).for_each(|(place, letter)| *place = letter);
    Hmac::new(&key).chain_update(said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn sheet(secret: &str) -> HalfDaySheet {
        HalfDaySheet { half_day: "2026-12-03-matin".parse().unwrap(), secret: secret.to_owned(), closed: None }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_code_is_good_for_its_half_minute_and_the_next() {
        let (room, sheet) = (ClassroomId(Uuid::from_u128(1)), sheet("aa"));
        let shown = code(room, &sheet, at(600));
        assert_eq!(shown.len(), 10);
        for (second, good) in [(599, false), (600, true), (629, true), (659, true), (660, false)] {
            assert_eq!(is_good(room, &sheet, &shown, at(second)), good, "second {second}");
        }
        assert!(!is_good(room, &self::sheet("ab"), &shown, at(600)), "another secret");
        assert!(!is_good(ClassroomId(Uuid::from_u128(2)), &sheet, &shown, at(600)), "another session");
        assert!(!is_good(room, &sheet, "", at(600)) && !is_good(room, &sheet, &shown[..9], at(600)));
    }

    #[test]
    fn a_ticket_is_good_for_a_quarter_of_an_hour_and_cannot_be_made_up() {
        let (room, sheet) = (ClassroomId(Uuid::from_u128(1)), sheet("aa"));
        let ticket = ticket(room, &sheet, at(600));
        assert!(admits(room, &sheet, &ticket, at(600)) && admits(room, &sheet, &ticket, at(600 + 899)));
        assert!(!admits(room, &sheet, &ticket, at(600 + 900)));
        let later = ticket.replacen("1500.", "9500.", 1);
        for odd in [later.as_str(), "", ".", "1500.", "x.y", &ticket[1..]] {
            assert!(!admits(room, &sheet, odd, at(600)), "{odd}");
        }
    }
}
