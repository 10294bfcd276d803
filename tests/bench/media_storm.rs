//! Five hundred who come into the product's own room at once, and at once come back: the whole server in its process,
//! each of them through its WebSocket.

use crate::media::load_average;
use crate::media_load::{Sends, Viewer, crowd, trainer, viewer};
use crate::report::{Budget, Durations, Figure};
use anyhow::anyhow;
use domain::ids::WebinarId;
use domain::webinar::signal::{Bye, TabId};
use domain::webinar::{Act, Lead};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::guest::Guest;
use support::meeting::Meeting;
use support::peer::light::Passport;
use support::served::House;
use support::{Client, Database};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

/// Those who come, and come back.
const CROWD: usize = 500;

/// Somebody with a place in the webinar, before their browser.
pub struct Agent {
    client: Client,
    webinar: WebinarId,
    /// The tab that they were, and what listens in it.
    tab: Mutex<Option<(TabId, JoinHandle<()>)>>,
}

impl Agent {
    /// In no tab yet.
    pub fn new(client: Client, webinar: WebinarId) -> Self {
        Self { client, webinar, tab: Mutex::default() }
    }

    /// Opens the room, or reloads it, and offers media.
    pub async fn signal(&self, sdp: String, sends: Sends) -> anyhow::Result<String> {
        let held = || self.tab.lock().map_err(|_| anyhow!("an agent panicked"));
        let was = held()?.take().map(|(tab, line)| {
            line.abort();
            tab
        });
        let mut guest = Guest::come(&self.client, self.webinar, was).await.map_err(left)?;
        let answer = guest.offer(sdp, &sends).await.map_err(|why| anyhow!("no media: {why}"))?;
        *held()? = Some((guest.tab, listen(guest)));
        Ok(answer)
    }
}

/// Why somebody was not let in.
pub fn left(why: Bye) -> anyhow::Error {
    anyhow!("not let in: {why:?}")
}

/// Answers what the server asks, as an open tab does.
pub fn listen(mut guest: Guest) -> JoinHandle<()> {
    tokio::spawn(async move { while guest.hear().await.is_some() {} })
}

/// Measures both crowds.
pub async fn figures() -> anyhow::Result<Vec<Figure>> {
    let house = House::new(Database::Sqlite, "production")?;
    let meeting = Meeting::in_house(&house.open().await?, CROWD).await;
    let served = house.serve().await?;
    let at = |client: &Client| client.at(&format!("http://{}", served.address));
    let (webinar, epoch) = (meeting.webinar, Instant::now());
    let mut leader = Guest::enter(&at(&meeting.trainer), webinar).await.map_err(left)?;
    leader.act(Act::Lead(Lead::GoLive)).await.map_err(|why| anyhow!("cannot begin: {why:?}"))?;
    let first = Passport::new()?;
    let signal = async |sdp, sends: Sends| leader.offer(sdp, &sends).await.map_err(|why| anyhow!("no media: {why}"));
    let _trainer = trainer(&first, epoch, signal).await?;
    let _leads = listen(leader);
    sleep(Duration::from_secs(1)).await;
    let agents = meeting.agents.iter().map(|client| Agent::new(at(client), webinar));
    let agents: Vec<_> = agents.map(Arc::new).collect();
    let (viewers, joins, unjoined) = come(&agents, &first, epoch, Duration::from_secs(10)).await?;
    sleep(Duration::from_secs(1)).await;
    // Every tab is reloaded: the same tabs, other keys.
    drop(viewers);
    let (_viewers, returns, unreturned) = come(&agents, &Passport::new()?, epoch, Duration::from_secs(5)).await?;
    let load = load_average();
    let failures = |name, failed: u32, waits: &Durations, what: &str| Figure {
        name,
        measured: f64::from(failed),
        unit: "failures",
        budget: Budget::AtMost(0.0),
        conditions: format!(
            "{CROWD} {what}; first whole picture p50 {:.0} ms, p95 {:.0} ms, last {:.0} ms; load average {load}",
            waits.rank(0.5),
            waits.rank(0.95),
            waits.rank(1.0)
        ),
    };
    let first_picture = Figure {
        name: "m  join to first picture, p95",
        measured: joins.rank(0.95) / 1000.0,
        unit: "s",
        budget: Budget::AtMost(1.0),
        conditions: format!(
            "from the opening of the WebSocket to the last packet of a keyframe, opened; those {CROWD}; load average {load}"
        ),
    };
    served.kill().await?;
    Ok(vec![
        failures("m  500 joins in 10 s", unjoined, &joins, "agents into one room of the product, by its WebSocket"),
        first_picture,
        failures("m  500 returns in 5 s", unreturned, &returns, "tabs reloaded: new lines, new keys"),
    ])
}

async fn come(
    agents: &[Arc<Agent>],
    passport: &Passport,
    epoch: Instant,
    over: Duration,
) -> anyhow::Result<(Vec<Viewer>, Durations, u32)> {
    let one = |place: usize| {
        let (agent, passport) = (Arc::clone(&agents[place]), passport.clone());
        async move { viewer(passport, epoch, &Handle::current(), async |sdp, sends| agent.signal(sdp, sends).await).await }
    };
    crowd(agents.len(), over, one).await
}
