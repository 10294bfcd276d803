//! A thin line to an office: what goes over it waits for what went before, comes late, and some of it never. Two tunnels
//! (socat) with a relay between them, since not every kernel knows how to make a line worse (netem).

use crate::dice::Rolls;
use crate::office::{Office, run};
use anyhow::{Context as _, bail};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until};

/// Bytes of the frame that a packet would travel in.
const FRAME: usize = 14;

/// What a line carries, either way.
#[derive(Debug, Clone, Copy)]
pub struct Weak {
    pub kbit: u32,
    /// One way.
    pub delay: Duration,
    pub lost_in_100: u64,
    /// What would wait for longer is dropped.
    pub queue: Duration,
}

/// The line. Cut when dropped.
#[derive(Debug)]
pub struct ThinLine {
    /// This machine, as it is reached over it.
    pub here: Ipv4Addr,
    weak: Arc<Mutex<Option<Weak>>>,
    tunnels: [Child; 2],
    tasks: [JoinHandle<()>; 4],
}

impl Drop for ThinLine {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
        for tunnel in &mut self.tunnels {
            let _ = tunnel.kill();
            let _ = tunnel.wait();
        }
    }
}

/// One end: the socket that its tunnel speaks to, and where the tunnel was last heard from.
#[derive(Debug, Clone)]
struct End {
    socket: Arc<UdpSocket>,
    tunnel: Arc<Mutex<Option<SocketAddr>>>,
}

impl End {
    async fn at(address: Ipv4Addr) -> anyhow::Result<(Self, SocketAddr)> {
        let socket = UdpSocket::bind((address, 0)).await?;
        let bound = socket.local_addr()?;
        Ok((Self { socket: Arc::new(socket), tunnel: Arc::default() }, bound))
    }
}

impl ThinLine {
    /// A line to that office, which carries everything at first.
    ///
    /// # Errors
    /// Where tunnels cannot be made.
    pub async fn to(office: &Office) -> anyhow::Result<Self> {
        let number = office.number();
        let [_, _, high, low] = (number * 4).to_be_bytes();
        let at = |host| Ipv4Addr::new(198, 19, high, low + host);
        let ((near, near_at), (far, far_at)) = (End::at(Ipv4Addr::LOCALHOST).await?, End::at(office.here).await?);
        let tunnel = |prefix: &[&str], device: &str, address: Ipv4Addr, relay: SocketAddr| {
            let tun = format!("TUN:{address}/30,tun-name={device},iff-no-pi,iff-up");
            let relay = format!("UDP4:{relay}");
            let command = [prefix, &["socat", &tun, &relay]].concat();
            let mut started = Command::new(command[0]);
            started.args(&command[1..]).stdin(Stdio::null()).stdout(Stdio::null()).spawn().context("socat runs")
        };
        let devices = [format!("to{number}a"), format!("to{number}b")];
        let tunnels =
            [tunnel(&[], &devices[0], at(1), near_at)?, tunnel(&office.prefix(), &devices[1], at(2), far_at)?];
        let weak = Arc::new(Mutex::new(None));
        let way = |from: &End, to: &End, seed| {
            let (sender, receiver) = mpsc::unbounded_channel();
            let taking = take(from.clone(), sender, Arc::clone(&weak), Rolls(seed));
            [tokio::spawn(taking), tokio::spawn(give(to.clone(), receiver))]
        };
        let ([a, b], [c, d]) = (way(&near, &far, 3), way(&far, &near, 4));
        let line = Self { here: at(1), weak, tunnels, tasks: [a, b, c, d] };
        // A packet is as long as the link between the tunnels takes with what is around it.
        let short = ["ip", "link", "set", "mtu", "1400", "dev"];
        until_run(&[&short[..], &[&devices[0]]].concat()).await?;
        until_run(&[&office.prefix()[..], &short, &[&devices[1]]].concat()).await?;
        Ok(line)
    }

    /// It carries that little from now on, or everything again.
    pub fn weakens(&self, weak: Option<Weak>) {
        *self.weak.lock().expect("alive") = weak;
    }
}

/// A tunnel's device is there a moment after the tunnel began.
async fn until_run(command: &[&str]) -> anyhow::Result<()> {
    for _ in 0..100 {
        if run(command, "").is_ok() {
            return Ok(());
        }
        sleep(Duration::from_millis(50)).await;
    }
    bail!("{} does not work: `make setup-tests` installs socat", command.join(" "))
}

type Under = (Instant, Vec<u8>);

async fn take(end: End, way: mpsc::UnboundedSender<Under>, weak: Arc<Mutex<Option<Weak>>>, mut dice: Rolls) {
    let mut buffer = [0; 2000];
    // When all that went before has left.
    let mut free = Instant::now();
    while let Ok((length, sender)) = end.socket.recv_from(&mut buffer).await {
        *end.tunnel.lock().expect("alive") = Some(sender);
        let now = Instant::now();
        let packet = buffer[..length].to_vec();
        let Some(Weak { kbit, delay, lost_in_100, queue }) = *weak.lock().expect("alive") else {
            free = now;
            let _ = way.send((now, packet));
            continue;
        };
        free = free.max(now);
        if free > now + queue {
            continue;
        }
        #[expect(clippy::cast_precision_loss, reason = "a packet")]
        let bits = ((length + FRAME) * 8) as f64;
        free += Duration::from_secs_f64(bits / (f64::from(kbit) * 1000.0));
        if dice.below(100) >= lost_in_100 {
            let _ = way.send((free + delay, packet));
        }
    }
}

async fn give(end: End, mut way: mpsc::UnboundedReceiver<Under>) {
    while let Some((due, packet)) = way.recv().await {
        sleep_until(due).await;
        let tunnel = *end.tunnel.lock().expect("alive");
        if let Some(tunnel) = tunnel {
            let _ = end.socket.send_to(&packet, tunnel).await;
        }
    }
}
