//! Waiting for what comes.

use anyhow::ensure;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);
/// A program listens within this, or does not start.
const STARTED: Duration = Duration::from_secs(10);

/// Looks again and again until something is seen; gives it.
pub async fn come<Seen>(what: &str, patience: Duration, look: impl AsyncFn() -> Option<Seen>) -> Seen {
    let looking = async {
        loop {
            if let Some(seen) = look().await {
                break seen;
            }
            sleep(PAUSE).await;
        }
    };
    timeout(patience, looking).await.unwrap_or_else(|_| panic!("waited in vain: {what}"))
}

/// Looks again and again until that is so.
pub async fn until(what: &str, patience: Duration, so: impl AsyncFn() -> bool) {
    come(what, patience, async || so().await.then_some(())).await;
}

/// A door of this machine that nobody listens at.
pub fn free_door() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port")
}

/// Returns once somebody listens there.
///
/// # Errors
/// Where nobody does in time.
pub fn until_open(door: SocketAddr) -> anyhow::Result<()> {
    let began = Instant::now();
    while TcpStream::connect(door).is_err() {
        ensure!(began.elapsed() < STARTED, "nobody listens on {door}");
        std::thread::sleep(PAUSE);
    }
    Ok(())
}
