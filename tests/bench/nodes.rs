//! What a second node adds to the pages that are read: each is held to the same share of a core, behind the proxy.

use crate::report::{Budget, Figure};
use crate::seed::CHAPTER;
use anyhow::{Context as _, ensure};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use support::balancer::Balancer;
use support::http::{Connection, LIKE_A_BROWSER};
use support::served::{House, Served};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Hundredths of a core that a node is given: what is left carries the load, the proxy and the database.
const SHARE: u32 = 20;
/// Connections that never wait, enough to keep both nodes busy.
const HASTY: usize = 32;
/// Each of them reads these in turn.
const READ: [&str; 3] = ["/", CHAPTER, "/dossier"];
/// Where Linux holds processes to a share of the processors (control groups, version 1).
const GROUPS: &str = "/sys/fs/cgroup/cpu";
/// Microseconds in which the share is given.
const PERIOD: u32 = 10_000;

/// Pages a second of one node, and of two. Nothing where shares cannot be given.
pub async fn figures(house: &House, sessions: &[String], lasting: Duration) -> anyhow::Result<Vec<Figure>> {
    let nodes = [house.serve_as("a").await?, house.serve_as("b").await?];
    let [a, b] = [nodes[0].address, nodes[1].address];
    let _held = match nodes.iter().map(Held::to_its_share).collect::<anyhow::Result<Vec<_>>>() {
        Ok(held) => held,
        Err(why) => {
            eprintln!("bench: t is left out, since a node cannot be held to a share of a core: {why:#}");
            return Ok(Vec::new());
        }
    };
    let (one, two) = (Balancer::start([a, a])?, Balancer::start([a, b])?);
    let mut rates = [0.0; 2];
    // In turns, so that whatever else the machine does weighs on both alike; the first turn warms.
    for turn in 0..4 {
        for (proxy, rate) in [&one, &two].into_iter().zip(&mut rates) {
            let read = pages(proxy, &sessions[100..100 + HASTY], lasting / 3).await?;
            *rate += if turn == 0 { 0.0 } else { read / 3.0 };
        }
    }
    let [alone, both] = rates;
    Ok(vec![Figure {
        name: "t  pages of two nodes : one",
        measured: both / alone,
        unit: "ratio",
        budget: Budget::AtLeast(1.8),
        conditions: format!(
            "each node held to {SHARE} % of a core, behind HAProxy, on one PostgreSQL; {HASTY} connections from as many addresses, which never wait, read the home, a chapter and the record in turns: {alone:.0} pages/s of one, {both:.0} of two"
        ),
    }])
}

/// Pages a second that these get.
async fn pages(proxy: &Balancer, sessions: &[String], lasting: Duration) -> anyhow::Result<f64> {
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for (session, place) in sessions.iter().zip(2..) {
        // The proxy leads whoever comes from one address to one node.
        let source = Ipv4Addr::new(127, 0, 0, place);
        let mut line = Connection::open_from(source, proxy.address, session, LIKE_A_BROWSER).await?;
        tasks.spawn(async move {
            let mut read = 0_u32;
            for page in READ.iter().cycle() {
                if start.elapsed() >= lasting {
                    break;
                }
                let reply = line.get(page).await?;
                ensure!(reply.status == 200, "{page}: {}", reply.status);
                read += 1;
            }
            Ok(read)
        });
    }
    let read = tasks.join_all().await.into_iter().sum::<anyhow::Result<u32>>()?;
    Ok(f64::from(read) / start.elapsed().as_secs_f64())
}

/// The control group of a node. Taken away when dropped.
#[derive(Debug)]
struct Held(PathBuf);

impl Held {
    fn to_its_share(node: &Served) -> anyhow::Result<Self> {
        let folder = Path::new(GROUPS).join(format!("socle-bench-{}", node.pid()));
        std::fs::create_dir(&folder).with_context(|| format!("{} (as root)", folder.display()))?;
        let held = Self(folder);
        for (file, said) in
            [("cpu.cfs_period_us", PERIOD), ("cpu.cfs_quota_us", PERIOD * SHARE / 100), ("cgroup.procs", node.pid())]
        {
            std::fs::write(held.0.join(file), said.to_string()).context(file)?;
        }
        Ok(held)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // A group goes once nobody is in it.
        if let Ok(inside) = std::fs::read_to_string(self.0.join("cgroup.procs")) {
            for process in inside.lines() {
                let _ = std::fs::write(Path::new(GROUPS).join("cgroup.procs"), process);
            }
        }
        let _ = std::fs::remove_dir(&self.0);
    }
}
