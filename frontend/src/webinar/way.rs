//! By which way sound and pictures reach a browser: a protocol, and a port of the server. Plain values, no browser.

use serde::{Deserialize, Serialize};

/// A way to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    pub over: Over,
    pub port: u16,
}

/// What carries them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Over {
    Udp,
    /// For networks that let no UDP out.
    Tcp,
    /// The WebSocket of the pages, for those that let nothing else out: later, and one way alone.
    Https,
}

impl Way {
    /// « UDP, port 10000 ».
    pub fn name(self) -> String {
        let over = match self.over {
            Over::Udp => "UDP",
            Over::Tcp => "TCP",
            Over::Https => "HTTPS (WebSocket)",
        };
        format!("{over}, port\u{a0}{}", self.port)
    }

    /// The way that a line of a session description names (RFC 8839, section 5.1), if it names one.
    fn of(line: &str) -> Option<Self> {
        let mut words = line.trim_end().strip_prefix("a=candidate:")?.split(' ').skip(2);
        let over = match words.next()? {
            "udp" => Over::Udp,
            "tcp" => Over::Tcp,
            _ => return None,
        };
        Some(Self { over, port: words.nth(2)?.parse().ok()? })
    }

    /// A session description that offers these ways and no other.
    pub fn only(sdp: &str, which: impl Fn(Self) -> bool) -> String {
        let kept = sdp.lines().filter(|line| !line.starts_with("a=candidate:") || Self::of(line).is_some_and(&which));
        kept.flat_map(|line| [line, "\r\n"]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n\
        a=candidate:1 1 udp 2130706431 192.0.2.1 10000 typ host\r\n\
        a=candidate:2 1 tcp 1518280447 192.0.2.1 10000 typ host tcptype passive\r\n\
        a=candidate:3 1 tcp 1518280191 192.0.2.1 443 typ host tcptype passive\r\n\
        a=candidate:4 1 sctp 1 192.0.2.1 443 typ host\r\na=end-of-candidates\r\n";

    #[test]
    fn an_answer_is_told_with_some_ways_alone() {
        for (way, number) in [
            (Way { over: Over::Udp, port: 10_000 }, 1),
            (Way { over: Over::Tcp, port: 10_000 }, 2),
            (Way { over: Over::Tcp, port: 443 }, 3),
        ] {
            let alone = Way::only(ANSWER, |offered| offered == way);
            let candidates: Vec<_> = alone.lines().filter(|line| line.starts_with("a=candidate")).collect();
            assert!(candidates.len() == 1 && candidates[0].starts_with(&format!("a=candidate:{number} ")), "{alone}");
            assert_eq!(alone.lines().count(), 4);
            assert!(alone.ends_with("a=end-of-candidates\r\n"));
        }
        assert_eq!(Way::only(ANSWER, |way| way.over == Over::Tcp).matches("a=candidate").count(), 2);
        assert!(!Way::only(ANSWER, |_| false).contains("a=candidate"));
        assert_eq!(Way { over: Over::Tcp, port: 443 }.name(), "TCP, port\u{a0}443");
    }
}
