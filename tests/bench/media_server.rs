//! The media core in a process of its own, so that what it costs can be told from what the load costs.
//!
//! `bench media-server` runs it alone: offers come in as lines of JSON, answers go out.

use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use server::clock::Dice;
use server::webinar::media::{Kind, Media, PeerId, Role, RoomId, Settings};
use std::collections::HashMap;
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::oneshot;
use uuid::Uuid;

/// The word on the command line.
pub const WORD: &str = "media-server";
/// What can be sent, by the names used on the pipe.
const KINDS: [(&str, Kind); 2] = [("screen", Kind::Screen), ("microphone", Kind::Microphone)];

/// Serves until its input ends.
pub fn run() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let (media, mut events) = Media::start(Settings::at("127.0.0.1:0".parse()?), Dice::system()?)?;
    runtime.spawn(async move { while events.recv().await.is_some() {} });
    for line in std::io::stdin().lines() {
        let (media, line) = (media.clone(), line?);
        runtime.spawn(async move {
            match answer(&media, &line).await {
                Ok(said) => println!("{said}"),
                Err(error) => println!("{}", json!({ "failed": format!("{error:#}") })),
            }
        });
    }
    Ok(())
}

async fn answer(media: &Media, line: &str) -> anyhow::Result<Value> {
    let asked: Value = serde_json::from_str(line)?;
    let word = |name: &str| asked[name].as_str().with_context(|| format!("no {name}"));
    let number = &asked["number"];
    if asked["offer"].is_null() {
        let totals = media.totals();
        return Ok(json!({ "number": number, "forwarded": totals.forwarded, "unsent": totals.unsent }));
    }
    let (room, peer) = (RoomId(word("room")?.parse()?), PeerId(word("peer")?.parse()?));
    let sends = asked["sends"].as_object().context("no sends")?.iter().filter_map(|(mid, kind)| {
        let (_, kind) = KINDS.iter().find(|(name, _)| Some(*name) == kind.as_str())?;
        Some((mid.clone(), *kind))
    });
    let sends: Vec<_> = sends.collect();
    let role = if sends.is_empty() { Role::Viewer } else { Role::Trainer };
    Ok(match media.join(room, peer, role, word("offer")?, sends).await {
        Ok(answer) => json!({ "number": number, "answer": answer }),
        Err(refused) => json!({ "number": number, "refused": refused.to_string() }),
    })
}

type Waiting = Arc<Mutex<HashMap<u64, oneshot::Sender<Value>>>>;

/// The process.
pub struct Server {
    child: Child,
    input: tokio::sync::Mutex<ChildStdin>,
    waiting: Waiting,
    next: AtomicU64,
}

/// What it has done so far.
#[derive(Debug, Clone, Copy)]
pub struct Work {
    /// Time on a processor, in the kernel and out of it, of all its threads.
    pub busy: Duration,
    pub forwarded: u64,
    /// Packets that the kernel did not take.
    pub unsent: u64,
}

impl Server {
    /// Starts it.
    pub fn start() -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(WORD).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn()?;
        let input = tokio::sync::Mutex::new(child.stdin.take().context("piped")?);
        let mut lines = BufReader::new(child.stdout.take().context("piped")?).lines();
        let waiting = Waiting::default();
        let told = Arc::clone(&waiting);
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                let said: Value = serde_json::from_str(&line).unwrap_or_default();
                let waits = said["number"].as_u64().and_then(|number| told.lock().ok()?.remove(&number));
                match waits {
                    Some(waits) => drop(waits.send(said)),
                    None => eprintln!("media-server: {line}"),
                }
            }
        });
        Ok(Self { child, input, waiting, next: AtomicU64::new(1) })
    }

    /// Brings the offer of a peer to the server, and its answer back.
    pub async fn join(
        &self,
        room: Uuid,
        peer: Uuid,
        offer: String,
        sends: &[(String, Kind)],
    ) -> anyhow::Result<String> {
        let sends = sends.iter().filter_map(|(mid, kind)| {
            let (name, _) = KINDS.iter().find(|(_, known)| known == kind)?;
            Some((mid.clone(), json!(name)))
        });
        let sends: serde_json::Map<String, Value> = sends.collect();
        let said = self.ask(json!({ "room": room, "peer": peer, "offer": offer, "sends": sends })).await?;
        match said["answer"].as_str() {
            Some(answer) => Ok(answer.to_owned()),
            None => bail!("refused: {said}"),
        }
    }

    /// What it has done so far.
    pub async fn work(&self) -> anyhow::Result<Work> {
        let said = self.ask(json!({})).await?;
        let total = |name: &str| said[name].as_u64().context("a total");
        Ok(Work { busy: self.busy()?, forwarded: total("forwarded")?, unsent: total("unsent")? })
    }

    /// Its memory, in bytes (resident set).
    pub fn memory(&self) -> anyhow::Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid()?))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("a resident set")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? * 1024.0)
    }

    fn pid(&self) -> anyhow::Result<u32> {
        self.child.id().context("it runs")
    }

    fn busy(&self) -> anyhow::Result<Duration> {
        let mut nanos = 0;
        for task in std::fs::read_dir(format!("/proc/{}/task", self.pid()?))? {
            let told = std::fs::read_to_string(task?.path().join("schedstat"))?;
            nanos += told.split(' ').next().context("a time")?.parse::<u64>()?;
        }
        Ok(Duration::from_nanos(nanos))
    }

    async fn ask(&self, mut asked: Value) -> anyhow::Result<Value> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        asked["number"] = json!(number);
        let (waits, said) = oneshot::channel();
        self.waiting.lock().map_err(|_| anyhow::anyhow!("a reader panicked"))?.insert(number, waits);
        self.input.lock().await.write_all(format!("{asked}\n").as_bytes()).await?;
        Ok(tokio::time::timeout(Duration::from_secs(20), said).await.context("the server does not answer")??)
    }
}
