//! ICE-lite (RFC 8445, section 2.5): the server has one known address, so all it does is answer checks.

use rtc::crypto::RTCCryptoProvider;
use rtc::shared::error::Error;
use rtc::stun::attributes::{ATTR_USE_CANDIDATE, ATTR_USERNAME, AttrType};
use rtc::stun::fingerprint::FINGERPRINT;
use rtc::stun::integrity::MessageIntegrity;
use rtc::stun::message::{BINDING_REQUEST, BINDING_SUCCESS, Message, Setter as _, TransactionId};
use rtc::stun::xoraddr::XorMappedAddress;
use std::net::SocketAddr;

/// Of no meaning, and to be passed over by whoever does not know it (RFC 8489, section 14): makes a check as long as it is
/// to be.
const FILLING: AttrType = AttrType(0xc0de);
/// What ends a check: its integrity and its fingerprint.
const ENDING: usize = 24 + 8;
/// Begins the name of each of our own checks; its number follows.
const OURS: [u8; 4] = *b"thin";

/// What one side of a connection is known by to the other's checks.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The user fragment: names the connection.
    pub name: String,
    pub password: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credentials({})", self.name)
    }
}

impl Credentials {
    /// From 32 unguessable bytes: 16 characters of name, 48 of password.
    pub fn new(secret: [u8; 32]) -> Self {
        let letters = hex::encode(secret);
        let (name, password) = letters.split_at(16);
        Self { name: name.to_owned(), password: password.to_owned() }
    }
}

/// A check of our own, so many bytes long: it asks nothing but to be answered.
///
/// # Errors
/// Where it cannot be sealed.
pub fn ask(
    number: u64,
    size: usize,
    ours: &Credentials,
    theirs: &Credentials,
    provider: &dyn RTCCryptoProvider,
) -> Result<Vec<u8>, Error> {
    let mut check = Message::new();
    let mut name = TransactionId::default();
    name.0[..4].copy_from_slice(&OURS);
    name.0[4..].copy_from_slice(&number.to_be_bytes());
    check.transaction_id = name;
    check.set_type(BINDING_REQUEST);
    check.write_header();
    check.add(ATTR_USERNAME, format!("{}:{}", theirs.name, ours.name).as_bytes());
    // Bytes that no line makes fewer.
    let filling: Vec<u8> =
        (number..).map(|place| place.wrapping_mul(0x9e37_79b9).to_le_bytes()[2]).take(size).collect();
    let room = size.saturating_sub(check.raw.len() + 4 + ENDING) / 4 * 4;
    check.add(FILLING, &filling[..room]);
    MessageIntegrity::new_short_term_integrity_with_provider(theirs.password.clone(), provider.crypto())
        .add_to(&mut check)?;
    FINGERPRINT.add_to(&mut check)?;
    Ok(check.raw)
}

/// The number of our own check that this answers, proved by who knows their password.
///
/// # Errors
/// Where it answers none, or its integrity is not proved.
pub fn answered(datagram: &[u8], theirs: &Credentials, provider: &dyn RTCCryptoProvider) -> Result<u64, Error> {
    let mut message = Message::new();
    message.unmarshal_binary(datagram)?;
    let number = match message.transaction_id.0.split_first_chunk::<4>() {
        Some((&OURS, number)) if message.typ == BINDING_SUCCESS => number.try_into().map(u64::from_be_bytes),
        _ => return Err(Error::Other("answers no check of ours".to_owned())),
    };
    MessageIntegrity::check(&mut message, theirs.password.as_bytes(), provider.crypto())?;
    number.map_err(|_| Error::Other("answers no check of ours".to_owned()))
}

/// A connectivity check, read but not yet believed.
#[derive(Debug)]
pub struct Check {
    message: Message,
    /// The user fragment of ours that it names.
    pub name: String,
}

impl Check {
    /// Reads a check.
    ///
    /// # Errors
    /// Where the datagram is not a well-formed binding request with a user name.
    pub fn read(datagram: &[u8]) -> Result<Self, Error> {
        let mut message = Message::new();
        message.unmarshal_binary(datagram)?;
        if message.typ != BINDING_REQUEST {
            return Err(Error::Other("not a binding request".to_owned()));
        }
        let user = message.get(ATTR_USERNAME)?;
        let user = std::str::from_utf8(&user).map_err(|error| Error::Other(error.to_string()))?;
        let name = user.split(':').next().unwrap_or_default().to_owned();
        Ok(Self { message, name })
    }

    /// Whether the browser chose the pair of addresses that this check tries.
    pub fn nominates(&self) -> bool {
        self.message.contains(ATTR_USE_CANDIDATE)
    }

    /// Believes the check, if it was made by one who knows the password, and answers it.
    ///
    /// # Errors
    /// Where its integrity is not proved.
    pub fn answer(
        &mut self,
        from: SocketAddr,
        ours: &Credentials,
        provider: &dyn RTCCryptoProvider,
    ) -> Result<Vec<u8>, Error> {
        MessageIntegrity::check(&mut self.message, ours.password.as_bytes(), provider.crypto())?;
        let mut answer = Message::new();
        answer.transaction_id = self.message.transaction_id;
        answer.set_type(BINDING_SUCCESS);
        answer.write_header();
        XorMappedAddress { ip: from.ip(), port: from.port() }.add_to(&mut answer)?;
        MessageIntegrity::new_short_term_integrity_with_provider(ours.password.clone(), provider.crypto())
            .add_to(&mut answer)?;
        FINGERPRINT.add_to(&mut answer)?;
        Ok(answer.raw)
    }
}

#[cfg(test)]
mod tests {
    use super::super::dtls::Identity;
    use super::*;

    #[test]
    fn a_check_of_ours_is_as_long_as_asked_for_and_its_answer_names_it() {
        let identity = Identity::new().expect("randomness");
        let provider = identity.provider.as_ref();
        let (ours, theirs) = (Credentials::new([7; 32]), Credentials::new([8; 32]));
        let check = ask(513, 600, &ours, &theirs, provider).expect("sealed");
        assert!((597..=600).contains(&check.len()), "{}", check.len());
        let mut read = Check::read(&check).expect("a check");
        assert_eq!(read.name, theirs.name);
        let answer = read.answer("192.0.2.1:9".parse().expect("an address"), &theirs, provider).expect("believed");
        assert_eq!(answered(&answer, &theirs, provider).ok(), Some(513));
        assert!(answered(&answer, &ours, provider).is_err(), "whoever does not know the password");
        assert!(answered(&check, &theirs, provider).is_err(), "no answer");
    }
}
