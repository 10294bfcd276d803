//! An office behind a firewall: a network namespace of its own (Linux), tied to this machine by one line, which lets out
//! what nftables is told.

use anyhow::{Context as _, bail, ensure};
use std::io::Write as _;
use std::net::Ipv4Addr;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// The port of the driver of the browser in there: the only one that is reached from outside.
pub const DRIVER: u16 = 9515;

/// The port of the office's proxy.
pub const PROXY: u16 = 3128;

/// What the firewall lets out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wall {
    Open,
    /// Everything but UDP.
    NoUdp,
    /// HTTPS, and nothing else.
    HttpsAlone,
    /// A proxy, and nothing else.
    ProxyAlone,
}

impl Wall {
    fn rules(self) -> String {
        let (policy, rules) = match self {
            Self::Open => ("accept", String::new()),
            Self::NoUdp => ("accept", "meta l4proto udp drop".to_owned()),
            Self::ProxyAlone => ("drop", format!("tcp dport {PROXY} accept; tcp sport {DRIVER} accept")),
            Self::HttpsAlone => ("drop", format!("tcp dport 443 accept; tcp sport {DRIVER} accept")),
        };
        format!(
            "flush ruleset\ntable inet wall {{ chain out {{ type filter hook output priority 0; policy {policy}; \
             oifname \"lo\" accept; {rules}; }}; }}\n"
        )
    }
}

/// The office. Torn down when dropped.
#[derive(Debug)]
pub struct Office {
    name: String,
    number: u32,
    /// This machine, as it is reached from there; and an address in there.
    pub here: Ipv4Addr,
    pub there: Ipv4Addr,
}

impl Drop for Office {
    fn drop(&mut self) {
        // The line goes with it.
        let _ = run(&["ip", "netns", "del", &self.name], "");
    }
}

impl Office {
    /// A new one behind that wall; none where this machine lets nobody make networks, which is said.
    ///
    /// # Errors
    /// Where somebody who may make networks (root) cannot.
    pub fn new(wall: Wall) -> anyhow::Result<Option<Self>> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        // Another run of these tests on the same machine has other numbers.
        let number = (std::process::id() * 8 + NEXT.fetch_add(1, Ordering::Relaxed)) % 16_384;
        let name = format!("socle{number}");
        if let Err(error) = run(&["ip", "netns", "add", &name], "") {
            let root = run(&["sh", "-c", "test $(id -u) = 0"], "").is_ok();
            ensure!(!root, "root cannot make a network namespace (CAP_NET_ADMIN, CAP_SYS_ADMIN): {error:#}");
            println!("NOT TRIED: only root makes network namespaces: {error:#}");
            return Ok(None);
        }
        let [_, _, high, low] = (number * 4).to_be_bytes();
        // Of nobody (RFC 2544), and not private: browsers take no media from port 443 of a private address.
        let at = |host| Ipv4Addr::new(198, 18, high, low + host);
        let office = Self { name, number, here: at(1), there: at(2) };
        office.tie()?;
        office.becomes(wall)?;
        Ok(Some(office))
    }

    fn tie(&self) -> anyhow::Result<()> {
        let Self { name, number, here, there } = self;
        let (near, far) = (format!("so{number}a"), format!("so{number}b"));
        for line in [
            format!("ip link add {near} type veth peer name {far} netns {name}"),
            // No address of IPv6 that comes a second later: browsers give up what they were loading when one does.
            format!("ip link set {near} addrgenmode none"),
            format!("ip -n {name} link set {far} addrgenmode none"),
            format!("ip addr add {here}/30 dev {near}"),
            format!("ip link set {near} up"),
            format!("ip -n {name} addr add {there}/30 dev {far}"),
            format!("ip -n {name} link set lo up"),
            format!("ip -n {name} link set {far} up"),
            format!("ip -n {name} route add default via {here}"),
        ] {
            run(&line.split(' ').collect::<Vec<_>>(), "")?;
        }
        Ok(())
    }

    /// The firewall lets out something else from now on.
    pub fn becomes(&self, wall: Wall) -> anyhow::Result<()> {
        run(&["ip", "netns", "exec", &self.name, "nft", "-f", "-"], &wall.rules())
    }

    /// Tells it from other offices on this machine.
    pub(crate) fn number(&self) -> u32 {
        self.number
    }

    /// What runs a program in there.
    pub fn prefix(&self) -> [&str; 4] {
        ["ip", "netns", "exec", &self.name]
    }
}

/// Runs a command that reads that.
pub(crate) fn run(command: &[&str], reads: &str) -> anyhow::Result<()> {
    let [program, arguments @ ..] = command else { bail!("no command") };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{program} does not run: `make setup-tests` installs it"))?;
    child.stdin.take().context("piped")?.write_all(reads.as_bytes())?;
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "{}: {}", command.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    Ok(())
}
