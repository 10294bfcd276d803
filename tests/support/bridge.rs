//! A network that lets no UDP out: what is sent to its near end as datagrams reaches the server framed over TCP (RFC 4571),
//! as a browser does by itself.

use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpSocket, UdpSocket};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Bytes that this end takes before it has read them: what a stalled line swallows all the same.
const SWALLOWED: u32 = 8_192;

/// One connection. Cut when dropped.
pub struct Bridge {
    /// Where the browser sends to.
    pub near: SocketAddr,
    reading: watch::Sender<bool>,
    tasks: [JoinHandle<()>; 2],
}

impl Drop for Bridge {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl Bridge {
    /// A connection to that server.
    pub async fn to(server: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(SWALLOWED).expect("a size");
        let line = socket.connect(server).await.expect("a server");
        line.set_nodelay(true).expect("set");
        let near = Arc::new(UdpSocket::bind("127.0.0.1:0").await.expect("a port"));
        let address = near.local_addr().expect("bound");
        let (reading, may_read) = watch::channel(true);
        let (read, write) = line.into_split();
        let tasks = [tokio::spawn(up(Arc::clone(&near), write)), tokio::spawn(down(read, near, may_read))];
        Self { near: address, reading, tasks }
    }

    /// Whether what the server sends is read: a line that stalls reads nothing.
    pub fn flows(&self, flows: bool) {
        self.reading.send_replace(flows);
    }

    /// An answer, with this bridge as the only way to the server.
    pub fn instead(&self, answer: &str) -> String {
        let lines = answer.lines().filter(|line| !line.starts_with("a=candidate:"));
        let ways = format!("a=candidate:1 1 udp 2130706431 {} {} typ host", self.near.ip(), self.near.port());
        let line = |line: &str| match line {
            "a=end-of-candidates" => format!("{ways}\r\n{line}\r\n"),
            line => format!("{line}\r\n"),
        };
        lines.map(line).collect()
    }
}

async fn up(near: Arc<UdpSocket>, mut line: OwnedWriteHalf) {
    let mut buffer = [0; 2000];
    while let Ok((length, sender)) = near.recv_from(&mut buffer).await {
        // Whoever spoke last is answered.
        let _ = near.connect(sender).await;
        let size = u16::try_from(length).expect("short").to_be_bytes();
        if line.write_all(&[&size, &buffer[..length]].concat()).await.is_err() {
            return;
        }
    }
}

async fn down(mut line: OwnedReadHalf, near: Arc<UdpSocket>, mut may_read: watch::Receiver<bool>) {
    loop {
        if may_read.wait_for(|may| *may).await.is_err() {
            return;
        }
        let Ok(length) = line.read_u16().await else { return };
        let mut datagram = vec![0; usize::from(length)];
        if line.read_exact(&mut datagram).await.is_err() {
            return;
        }
        // A browser that is gone hears nothing.
        let _ = near.send(&datagram).await;
    }
}
