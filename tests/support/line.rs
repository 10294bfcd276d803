//! A weak line: what goes over it comes late, and some of it never.

use crate::dice::Rolls;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

/// A line between one browser and a server. Cut when dropped.
pub struct Line {
    /// Where the browser sends to.
    pub near: SocketAddr,
    lost: Arc<AtomicU32>,
    tasks: [JoinHandle<()>; 4],
}

impl Drop for Line {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl Line {
    /// A line to that server that delays every datagram, either way, and loses that many in a hundred; dice decide
    /// which, and the seed decides the dice.
    pub async fn to(server: SocketAddr, delay: Duration, lost_in_100: u64, seed: u64) -> Self {
        let near = Arc::new(UdpSocket::bind("127.0.0.1:0").await.expect("a port"));
        let far = Arc::new(UdpSocket::bind("127.0.0.1:0").await.expect("a port"));
        far.connect(server).await.expect("a server");
        let address = near.local_addr().expect("bound");
        let lost = Arc::new(AtomicU32::new(0));
        let way = |from: &Arc<UdpSocket>, to: &Arc<UdpSocket>, seed| {
            let (sender, receiver) = mpsc::unbounded_channel();
            let taking = take(Arc::clone(from), sender, delay, lost_in_100, Rolls(seed), Arc::clone(&lost));
            [tokio::spawn(taking), tokio::spawn(give(Arc::clone(to), receiver))]
        };
        let ([a, b], [c, d]) = (way(&near, &far, seed), way(&far, &near, seed + 1));
        Self { near: address, lost, tasks: [a, b, c, d] }
    }

    /// Datagrams that got lost.
    pub fn lost(&self) -> u32 {
        self.lost.load(Ordering::Relaxed)
    }
}

type Under = (Instant, Vec<u8>);

async fn take(
    from: Arc<UdpSocket>,
    way: mpsc::UnboundedSender<Under>,
    delay: Duration,
    lost_in_100: u64,
    mut dice: Rolls,
    lost: Arc<AtomicU32>,
) {
    let mut buffer = [0; 2000];
    while let Ok((length, sender)) = from.recv_from(&mut buffer).await {
        // The near end answers whoever spoke to it; the far end is connected already, and stays so.
        let _ = from.connect(sender).await;
        if dice.below(100) < lost_in_100 {
            lost.fetch_add(1, Ordering::Relaxed);
        } else {
            let _ = way.send((Instant::now() + delay, buffer[..length].to_vec()));
        }
    }
}

async fn give(to: Arc<UdpSocket>, mut way: mpsc::UnboundedReceiver<Under>) {
    while let Some((due, datagram)) = way.recv().await {
        sleep_until(due).await;
        let _ = to.send(&datagram).await;
    }
}
