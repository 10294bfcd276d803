//! Those who use the product while faults befall it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::answerer::{Answerer, Trouble};
use support::http::Connection;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Whoever does nothing for so long has been left alone by the product.
const PATIENCE: Duration = Duration::from_secs(30);
/// Before another try.
const PAUSE: Duration = Duration::from_millis(40);

/// What somebody does over and over, on one connection after the other.
pub trait Worker: Send + 'static {
    /// The secret of their session.
    fn session(&self) -> &str;

    /// The next thing; what is dropped before it is done is done again.
    fn act(&mut self, line: &mut Connection) -> impl Future<Output = Result<(), Trouble>> + Send;
}

impl Worker for Answerer {
    fn session(&self) -> &str {
        &self.session
    }

    async fn act(&mut self, line: &mut Connection) -> Result<(), Trouble> {
        Self::act(self, line).await
    }
}

/// Somebody who reads the same chapter again and again.
#[derive(Debug)]
pub struct Reader {
    session: String,
    pub pages: u64,
}

impl Reader {
    pub fn new(session: String) -> Self {
        Self { session, pages: 0 }
    }
}

impl Worker for Reader {
    fn session(&self) -> &str {
        &self.session
    }

    async fn act(&mut self, line: &mut Connection) -> Result<(), Trouble> {
        let reply = line.get("/cours/mediation-numerique/accueil-et-posture").await?;
        let said = String::from_utf8_lossy(&reply.body).into_owned();
        if reply.status != 200 {
            return Err(Trouble::Refused(reply.status, said));
        }
        assert!(said.ends_with("</html>"), "half a page: {said}");
        self.pages += 1;
        Ok(())
    }
}

/// Tells each success of somebody.
#[derive(Debug, Clone)]
pub struct Pulse {
    who: &'static str,
    hear: watch::Receiver<u64>,
}

impl Pulse {
    /// Waits for the next success.
    pub async fn beats(&mut self, after: &str) {
        self.hear.mark_unchanged();
        let beat = timeout(PATIENCE, self.hear.changed()).await;
        beat.unwrap_or_else(|_| panic!("{after}: {} does nothing more", self.who)).expect("goes on");
    }
}

/// What everybody knows.
#[derive(Debug, Clone)]
pub struct Around {
    pub address: SocketAddr,
    cuts: Arc<AtomicBool>,
    over: Arc<AtomicBool>,
    refusals: Arc<Mutex<BTreeMap<u16, u64>>>,
}

impl Around {
    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    pub fn cuts(&self) -> bool {
        self.cuts.load(Ordering::Relaxed)
    }

    /// A refusal is the product's own fault, says so, and says what to do.
    pub fn refused(&self, who: &str, status: u16, said: &str) {
        assert!(status >= 500 && said.contains("éessayez"), "{who} was told: {status} {said}");
        *self.refusals.lock().expect("unpoisoned").entry(status).or_default() += 1;
    }

    pub async fn pause(&self) {
        tokio::time::sleep(PAUSE).await;
    }
}

/// Everybody.
#[derive(Debug)]
pub struct Crowd {
    around: Around,
}

impl Crowd {
    /// They find the product there.
    pub fn new(address: SocketAddr) -> Self {
        let around = Around { address, cuts: Arc::default(), over: Arc::default(), refusals: Arc::default() };
        Self { around }
    }

    /// Their lines are cut in mid-request from now on, or no more.
    pub fn cut(&self, cuts: bool) {
        self.around.cuts.store(cuts, Ordering::Relaxed);
    }

    /// Everybody ends what they do. Gives how often something was refused, by status.
    pub fn over(&self) -> BTreeMap<u16, u64> {
        self.around.over.store(true, Ordering::Relaxed);
        self.around.refusals.lock().expect("unpoisoned").clone()
    }

    /// Sets somebody to work.
    pub fn set_to<W: Worker>(&self, who: &'static str, worker: W) -> (Pulse, JoinHandle<W>) {
        let (tell, hear) = watch::channel(0);
        (Pulse { who, hear }, tokio::spawn(works(who, worker, self.around.clone(), tell)))
    }

    /// Sends somebody to a webinar.
    pub fn send(&self, attending: super::Attending) -> (Pulse, JoinHandle<super::Attending>) {
        let (tell, hear) = watch::channel(0);
        (Pulse { who: "an attendee", hear }, tokio::spawn(attending.attend(self.around.clone(), tell)))
    }
}

async fn works<W: Worker>(who: &'static str, mut worker: W, around: Around, tell: watch::Sender<u64>) -> W {
    let mut cut = 0;
    while !around.is_over() {
        let Ok(mut line) = Connection::open(around.address, worker.session(), "identity").await else {
            around.pause().await;
            continue;
        };
        while !around.is_over() {
            // After another while each time, in the middle of whatever is under way.
            cut = (cut + 1) % 17;
            let patience = if around.cuts() { Duration::from_micros(300 * cut) } else { PATIENCE };
            match timeout(patience, worker.act(&mut line)).await {
                Ok(Ok(())) => tell.send_modify(|count| *count += 1),
                Ok(Err(Trouble::Refused(status, said))) => {
                    around.refused(who, status, &said);
                    around.pause().await;
                }
                Ok(Err(Trouble::Line(_))) | Err(_) => {
                    around.pause().await;
                    break;
                }
            }
        }
    }
    worker
}
