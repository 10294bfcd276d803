//! Codes that a generator shows: RFC 6238 with what every generator knows, SHA-1, 30 seconds, six digits.

use super::access::{Grant, Role};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha1::Sha1;

/// Seconds that a code is shown for.
const STEP: i64 = 30;

/// Steps before and after, whose codes are taken too: clocks differ, and people type slowly (RFC 6238, section 5.2).
const SLACK: i64 = 1;

/// The letters of base 32 (RFC 4648), in which keys are typed.
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The letters of recovery codes: none is mistaken for another.
const PLAIN: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// How many recovery codes somebody has.
pub const RECOVERY_CODES: usize = 10;

/// Whether a second factor is asked of them where one is required: of all who see other people's records.
#[must_use]
pub fn needs_second_factor(grants: &[Grant]) -> bool {
    grants.iter().any(|grant| grant.role.needs_second_factor())
}

impl Role {
    /// Whether a second factor is asked of who has this role, where one is required.
    #[must_use]
    pub fn needs_second_factor(self) -> bool {
        self != Self::Agent
    }
}

/// The key of a generator.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpKey([u8; 20]);

impl std::fmt::Debug for TotpKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpKey")
    }
}

impl TotpKey {
    /// A new key, from random bytes of which it takes twenty: as long as its hash (RFC 4226, section 4).
    #[must_use]
    pub fn new(random: [u8; 32]) -> Self {
        let mut key = [0; 20];
        key.iter_mut().zip(random).for_each(|(to, from)| *to = from);
        Self(key)
    }

    /// As it is typed and stored.
    #[must_use]
    pub fn base32(&self) -> String {
        letters(&self.0, LETTERS)
    }

    /// Reads what [`Self::base32`] wrote.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (mut key, mut bits, mut count) = (Vec::with_capacity(20), 0_u32, 0);
        for letter in text.bytes() {
            let value = LETTERS.iter().position(|known| *known == letter)?;
            bits = bits << 5 | u32::try_from(value).ok()?;
            count += 5;
            if count >= 8 {
                count -= 8;
                key.push(u8::try_from(bits >> count & 0xff).ok()?);
            }
        }
        Some(Self(key.try_into().ok()?))
    }

    /// What generators read from a QR code: `otpauth://totp/Socle:lea%40exemple.fr?secret=…&issuer=Socle`.
    #[must_use]
    pub fn uri(&self, issuer: &str, account: &str) -> String {
        let (issuer, account, key) = (escaped(issuer), escaped(account), self.base32());
        format!("otpauth://totp/{issuer}:{account}?secret={key}&issuer={issuer}")
    }

    /// The step whose code this is, if it is of now or nearly, and later than `last`: a code serves once.
    #[must_use]
    pub fn step_of(&self, code: &str, now: Timestamp, last: i64) -> Option<i64> {
        let typed: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let step = now.as_second().div_euclid(STEP);
        let mut found = None;
        // All are looked at, so that the time it takes tells nothing.
        for step in step - SLACK..=step + SLACK {
            let right = self.code(step).bytes().zip(typed.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0;
            if right && typed.len() == 6 && step > last {
                found = Some(step);
            }
        }
        found
    }

    /// The code of a step (RFC 4226, section 5.3).
    #[must_use]
    pub fn code(&self, step: i64) -> String {
        // Keys of any length are taken: there is no error to meet.
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(&self.0) else { return String::new() };
        mac.update(&step.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let at = usize::from(hash.last().copied().unwrap_or(0) & 0xf);
        let bytes = hash.iter().skip(at).take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        format!("{:06}", (bytes & 0x7fff_ffff) % 1_000_000)
    }
}

/// A recovery code, from random bytes: 60 bits, `abcd-efgh-jkmn`.
#[must_use]
pub fn recovery_code(random: [u8; 32]) -> String {
    let code: String = letters(&random, PLAIN).chars().take(12).collect();
    [code.get(..4), code.get(4..8), code.get(8..)].map(Option::unwrap_or_default).join("-")
}

/// A recovery code as it was typed, as it was given: without spaces and in lower case; none where it can be none.
#[must_use]
pub fn typed_recovery_code(text: &str) -> Option<String> {
    let code: String = text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let is_one = code.len() == 12 && code.bytes().all(|letter| PLAIN.contains(&letter));
    is_one.then(|| [code.get(..4), code.get(4..8), code.get(8..)].map(Option::unwrap_or_default).join("-"))
}

/// Five bits a letter, the first bits first; what is left over is filled with zeros.
fn letters(bytes: &[u8], alphabet: &[u8; 32]) -> String {
    let (mut text, mut bits, mut count) = (String::new(), 0_usize, 0);
    let mut push = |value: usize| text.extend(alphabet.get(value & 31).map(|letter| char::from(*letter)));
    for byte in bytes {
        bits = (bits << 8 | usize::from(*byte)) & 0xffff;
        count += 8;
        while count >= 5 {
            count -= 5;
            push(bits >> count);
        }
    }
    if count > 0 {
        push(bits << (5 - count));
    }
    text
}

fn escaped(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|b| if is_plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Scope;
    use proptest::prelude::*;

    /// The key of the RFC's own examples.
    fn key() -> TotpKey {
        TotpKey(*b"12345678901234567890")
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("an instant")
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B gives eight digits; six are their last.
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(key().code(second / 30), code, "{second}");
        }
    }

    #[test]
    fn a_code_serves_once_and_for_a_minute_and_a_half() {
        let step = 1_111_111_109 / 30;
        let now = |steps: i64| at(1_111_111_109 + steps * 30);
        assert_eq!(key().step_of("081804", now(0), 0), Some(step));
        assert_eq!(key().step_of(" 081 804 ", now(0), 0), Some(step), "typed as generators show it");
        for steps in [-1, 1] {
            assert_eq!(key().step_of("081804", now(steps), 0), Some(step), "{steps}");
        }
        for steps in [-2, 2] {
            assert_eq!(key().step_of("081804", now(steps), 0), None, "{steps}");
        }
        assert_eq!(key().step_of("081804", now(0), step), None, "it was used");
        for wrong in ["", "081805", "0818040", "08180", "o81804", "０８１８０４"] {
            assert_eq!(key().step_of(wrong, now(0), 0), None, "{wrong}");
        }
    }

    #[test]
    fn generators_read_the_key_from_its_address() {
        assert_eq!(key().base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(
            key().uri("Socle", "lea@exemple.fr"),
            "otpauth://totp/Socle:lea%40exemple.fr?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Socle"
        );
        for wrong in ["", "GEZDGNBV", "gezdgnbvgy3tqojqgezdgnbvgy3tqojq", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1"] {
            assert_eq!(TotpKey::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn it_is_asked_of_those_who_see_others() {
        let grant = |role, scope| Grant::new(role, scope).expect("fits");
        assert!(!needs_second_factor(&[grant(Role::Agent, Scope::Own)]));
        assert!(needs_second_factor(&[grant(Role::Agent, Scope::Own), grant(Role::NationalPilot, Scope::Nation)]));
    }

    proptest! {
        #[test]
        fn a_key_is_read_as_it_was_written(random in any::<[u8; 32]>()) {
            let key = TotpKey::new(random);
            prop_assert_eq!(TotpKey::read(&key.base32()), Some(key));
        }

        #[test]
        fn a_recovery_code_is_known_however_it_is_typed(random in any::<[u8; 32]>()) {
            let code = recovery_code(random);
            prop_assert_eq!(code.len(), 14);
            for typed in [code.clone(), code.to_uppercase(), code.replace('-', ""), code.replace('-', " ")] {
                prop_assert_eq!(typed_recovery_code(&typed), Some(code.clone()));
            }
        }
    }
}
