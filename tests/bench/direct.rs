//! What viewers over HTTPS cost: the real product, a trainer who shares and speaks, and viewers one way and the other in the
//! same room.

use crate::media::load_average;
use crate::media_load::{PACKETS_A_SECOND, Sends, sum, trainer};
use crate::recording::{busy, seated};
use crate::report::{Budget, Figure};
use anyhow::anyhow;
use domain::webinar::{Act, Lead};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use support::direct::{Came, DirectViewer};
use support::guest::Guest;
use support::meeting::Meeting;
use support::peer::light::Passport;
use support::served::{House, Served};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

/// Viewers over HTTPS, and over WebRTC.
const DIRECT: usize = 200;
const VIEWERS: usize = 100;
/// Bytes of picture and sound in a packet of the trainer's, on average: 125 of 1,000 and 50 of 80 a second.
const BYTES_A_PACKET: f64 = (125.0 * 1_000.0 + 50.0 * 80.0) / PACKETS_A_SECOND;

/// The cost of a byte against that of WebRTC, and of so many viewers.
pub async fn figures(house: &House, lasting: Duration) -> anyhow::Result<Vec<Figure>> {
    let app = house.open().await?;
    let meeting = Meeting::in_house(&app, DIRECT + VIEWERS).await;
    let served = house.serve().await?;
    let url = format!("http://{}", served.address);
    let enter = async |client: &support::Client| {
        Guest::enter(&client.at(&url), meeting.webinar).await.map_err(|why| anyhow!("{why:?}"))
    };
    let mut leader = enter(&meeting.trainer).await?;
    leader.act(Act::Lead(Lead::GoLive)).await?;
    let (passport, epoch) = (Passport::new()?, Instant::now());
    let signal = async |sdp, sends: Sends| leader.offer(sdp, &sends).await.map_err(|why| anyhow!(why));
    let performing = trainer(&passport, epoch, signal).await?;
    let mut listening = JoinSet::new();
    listening.spawn(async move { while leader.hear().await.is_some() {} });
    let mut tabs = Vec::new();
    for agent in &meeting.agents[..DIRECT] {
        let mut guest = enter(agent).await?;
        tabs.push(guest.tab);
        listening.spawn(async move { while guest.hear().await.is_some() {} });
    }
    let (empty, _) = cores(&served, lasting, || 0).await?;

    let bytes = Arc::new(AtomicU64::new(0));
    let mut watching = JoinSet::new();
    for (agent, tab) in meeting.agents.iter().zip(tabs) {
        let viewer = DirectViewer::open(&agent.at(&url), meeting.webinar, tab).await;
        let viewer = viewer.map_err(|status| anyhow!("refused: {status}"))?;
        watching.spawn(watch(viewer, Arc::clone(&bytes)));
    }
    sleep(Duration::from_secs(5)).await;
    let (direct, came) = cores(&served, lasting, || bytes.load(Ordering::Relaxed)).await?;
    let load = load_average();
    anyhow::ensure!(watching.try_join_next().is_none(), "a line was closed");
    anyhow::ensure!(came > 0.0, "nothing came over HTTPS");
    watching.shutdown().await;

    let clients = meeting.agents[DIRECT..].iter().map(|agent| agent.at(&url)).collect();
    let viewers = seated(clients, meeting.webinar, (&passport, epoch), &mut listening).await?;
    let (forwarded, packets) = cores(&served, lasting, || sum(&viewers).received).await?;
    let (ours, theirs) = ((direct - empty) / came, (forwarded - empty) / (packets * BYTES_A_PACKET));
    drop((viewers, performing));
    served.kill().await?;
    let nanos = |cores: f64| cores * 1e9;
    let seconds = lasting.as_secs();
    Ok(vec![
        Figure {
            name: "w  a byte over HTTPS, against WebRTC",
            measured: ours / theirs,
            unit: "times the processor time",
            budget: Budget::AtMost(2.0),
            conditions: format!(
                "the product's process, one room, {seconds} s each: {:.2} ns a byte to {DIRECT} viewers over HTTPS ({:.2} Mbit/s each; without TLS), {:.2} ns to {VIEWERS} over WebRTC; the room without either takes {empty:.3} cores; load average {load}",
                nanos(ours),
                came * 8.0 / 1e6 / f64::from(u32::try_from(DIRECT)?),
                nanos(theirs),
            ),
        },
        Figure {
            name: "w  200 viewers over HTTPS",
            measured: direct,
            unit: "cores",
            budget: Budget::AtMost(1.0),
            conditions: format!("the whole process, room and recorder included, for {seconds} s; load average {load}"),
        },
    ])
}

/// Takes all that comes, as a browser does; ends only where the line does.
async fn watch(mut viewer: DirectViewer, bytes: Arc<AtomicU64>) {
    while let Some(came) = viewer.next().await {
        if let Came::Piece(piece) = came {
            bytes.fetch_add(piece.len() as u64, Ordering::Relaxed);
            viewer.took(&piece).await;
        }
    }
}

/// Processors that the product uses for a while, and how much of something comes a second meanwhile.
async fn cores(served: &Served, lasting: Duration, count: impl Fn() -> u64) -> anyhow::Result<(f64, f64)> {
    let (before, began, counted) = (busy(served)?, Instant::now(), count());
    sleep(lasting).await;
    let took = began.elapsed().as_secs_f64();
    let more = u32::try_from(count() - counted).map_or(f64::INFINITY, f64::from);
    Ok(((busy(served)? - before).as_secs_f64() / took, more / took))
}
