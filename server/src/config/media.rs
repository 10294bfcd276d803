//! The TCP ports of media.

use super::parsed;
use anyhow::bail;

/// Under which port of the pages browsers reach media too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shared {
    /// The one that Socle serves pages on, where browsers reach it without a proxy: with a certificate of its own, or in a
    /// demonstration.
    Own,
    /// That one: a proxy of TCP, not of HTTP, leads from there.
    Port(u16),
    Off,
}

/// The TCP port of media, where there is one: as the setting says, else the number of the UDP port.
pub(super) fn tcp_port(text: &str, udp: u16) -> anyhow::Result<Option<u16>> {
    Ok(match text {
        "" => Some(udp),
        "off" => None,
        _ => Some(parsed("SOCLE_MEDIA_TCP_PORT", text, "a port, from 0 to 65535, or `off`")?),
    })
}

/// What the setting says of the port of the pages.
pub(super) fn shared(text: &str) -> anyhow::Result<Shared> {
    Ok(match text {
        "" => Shared::Own,
        "off" => Shared::Off,
        "0" => bail!("SOCLE_MEDIA_SHARED_PORT: `0` is not a port that browsers reach: name it, or say `off`"),
        _ => Shared::Port(parsed("SOCLE_MEDIA_SHARED_PORT", text, "a port, from 1 to 65535, or `off`")?),
    })
}
