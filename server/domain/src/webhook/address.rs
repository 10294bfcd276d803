//! Where messages may go: never to a machine that the internet does not reach.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Characters of an address, at most.
const LONGEST: usize = 500;

/// The address of a receiver, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub secure: bool,
    /// A name, or an IP address without brackets.
    pub host: String,
    pub port: u16,
    /// With its query; begins with `/`.
    pub path: String,
    /// Whether it may be this very machine.
    pub trying: bool,
    text: String,
}

/// Why nothing is sent there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAddress {
    #[error(
        "Indiquez une adresse qui commence par https://, de 500 signes au plus, sans identifiant ni «\u{a0}#\u{a0}»."
    )]
    Malformed,
    #[error("Cette adresse est celle d’un réseau privé ou de cette machine\u{a0}: indiquez une adresse publique.")]
    Private,
}

impl Address {
    /// Reads an address: https, or http to this very machine where `trying`.
    pub fn read(text: &str, trying: bool) -> Result<Self, NotAnAddress> {
        let malformed = NotAnAddress::Malformed;
        let text = text.trim();
        let plain = text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !plain || text.contains(['#', '\\', '"', '<', '>', '^', '`', '{', '|', '}']) {
            return Err(malformed);
        }
        let (scheme, rest) = text.split_once("://").ok_or(malformed)?;
        let secure = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" if trying => false,
            _ => return Err(malformed),
        };
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let (host, port) = authority_of(authority, if secure { 443 } else { 80 }).ok_or(malformed)?;
        let address = Self { secure, host, port, path, trying, text: text.to_owned() };
        let literal = address.host.parse::<IpAddr>().ok();
        if literal.is_some_and(|literal| !address.allows(literal)) || (address.is_local() && !trying) {
            return Err(NotAnAddress::Private);
        }
        // Without TLS, only what does not leave the machine.
        let stays = literal.map_or_else(|| address.is_local(), |literal| literal.is_loopback());
        if secure || stays { Ok(address) } else { Err(malformed) }
    }

    /// Whether a connection may be made to that machine, which the name was found to be.
    #[must_use]
    pub fn allows(&self, found: IpAddr) -> bool {
        is_public(found) || (self.trying && found.to_canonical().is_loopback())
    }

    /// The host and port, as a request names them.
    #[must_use]
    pub fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        if self.port == if self.secure { 443 } else { 80 } { host } else { format!("{host}:{}", self.port) }
    }

    fn is_local(&self) -> bool {
        self.host == "localhost" || self.host.ends_with(".localhost")
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The host and the port; nothing where the text has anything else.
fn authority_of(text: &str, usual: u16) -> Option<(String, u16)> {
    let (host, port) = if let Some(rest) = text.strip_prefix('[') {
        let (host, after) = rest.split_once(']')?;
        host.parse::<Ipv6Addr>().ok()?;
        (host, after.strip_prefix(':').or_else(|| after.is_empty().then_some(""))?)
    } else {
        let (host, port) = text.split_once(':').unwrap_or((text, ""));
        let spelled = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
        let named = spelled && !host.is_empty() && !host.starts_with(['-', '.']);
        // `127.1`, `0x7f000001` and the like are read as addresses by some resolvers.
        let digits = host.rsplit('.').next().is_some_and(|last| last.starts_with(|sign: char| sign.is_ascii_digit()));
        if !named || (digits && host.parse::<Ipv4Addr>().is_err()) {
            return None;
        }
        (host, port)
    };
    let port = if port.is_empty() { usual } else { port.parse().ok().filter(|port| *port > 0)? };
    Some((host.to_ascii_lowercase(), port))
}

/// Whether the internet routes to that address: none of the special ones of IANA's registries (RFC 6890), those of
/// clouds' metadata included.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, ..)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18..=19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

/// Of what is routed (`2000::/3`), not the protocols' own (`2001::/23`), what is for documents, and what hides an address
/// of version 4 (`2002::/16`).
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let routed = a & 0xe000 == 0x2000;
    let special = match a {
        0x2001 => b < 0x0200 || b == 0x0db8,
        0x2002 => true,
        0x3fff => b < 0x1000,
        _ => false,
    };
    routed && !special
}
