//! ICE-lite (RFC 8445, section 2.5): the server has one known address, so all it does is answer checks.

use rtc::crypto::RTCCryptoProvider;
use rtc::shared::error::Error;
use rtc::stun::attributes::{ATTR_USE_CANDIDATE, ATTR_USERNAME};
use rtc::stun::fingerprint::FINGERPRINT;
use rtc::stun::integrity::MessageIntegrity;
use rtc::stun::message::{BINDING_REQUEST, BINDING_SUCCESS, Message, Setter as _};
use rtc::stun::xoraddr::XorMappedAddress;
use std::net::SocketAddr;

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
