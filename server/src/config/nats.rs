//! What is said of NATS, over which nodes send each other what is live.

use super::parsed;
use anyhow::bail;
use async_nats::ServerAddr;
use std::fmt;

/// Where NATS is, and what this node is known by there.
#[derive(Clone, PartialEq, Eq)]
pub struct Nats {
    pub servers: Vec<ServerAddr>,
    pub login: Login,
}

/// How a node says who it is.
#[derive(Clone, PartialEq, Eq)]
pub enum Login {
    /// NATS asks nobody.
    None,
    Token(String),
    Password(String, String),
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Token(_) => "Token",
            Self::Password(..) => "Password",
        })
    }
}

impl fmt::Debug for Nats {
    /// Without what opens it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nats").field("hosts", &self.hosts()).finish_non_exhaustive()
    }
}

impl Nats {
    /// `nats.example:4222`, for people to read.
    #[must_use]
    pub fn hosts(&self) -> Vec<String> {
        self.servers.iter().map(|server| format!("{}:{}", server.host(), server.port())).collect()
    }
}

/// Reads the addresses; nothing where there is none.
pub(super) fn read(text: &str) -> anyhow::Result<Option<Nats>> {
    let (mut servers, mut login) = (Vec::new(), Login::None);
    for address in text.split(',').map(str::trim).filter(|address| !address.is_empty()) {
        if !address.starts_with("nats://") && !address.starts_with("tls://") {
            bail!("SOCLE_NATS: an address begins with nats:// or tls://, as nats://user:password@nats.example:4222");
        }
        // What is said of an address that is none must not hold its password.
        let server: ServerAddr = parsed("SOCLE_NATS", address, "").map_err(|_| {
            anyhow::anyhow!("SOCLE_NATS: one of the addresses is not as nats://user:password@nats.example:4222")
        })?;
        let said = match (server.username(), server.password()) {
            (Some(user), Some(password)) => Login::Password(user.to_owned(), password.to_owned()),
            (Some(token), None) => Login::Token(token.to_owned()),
            _ => Login::None,
        };
        if !servers.is_empty() && said != login {
            bail!("SOCLE_NATS: the addresses name one user and password, or one token, all the same");
        }
        login = said;
        servers.push(server);
    }
    Ok(Some(Nats { servers, login }).filter(|nats| !nats.servers.is_empty()))
}
