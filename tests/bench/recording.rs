//! What recording adds to a room: the real product, a trainer who shares and speaks, a hundred viewers, with and without.

use crate::media::load_average;
use crate::media_load::{PACKETS_A_SECOND, Sends, Viewer, crowd, trainer, viewer};
use crate::report::{Budget, Figure};
use anyhow::{Context as _, anyhow};
use domain::ids::WebinarId;
use domain::webinar::{Act, Lead, RecordingState};
use std::sync::Arc;
use std::time::Duration;
use support::guest::Guest;
use support::meeting::Meeting;
use support::peer::light::Passport;
use support::served::{House, Served};
use support::{Client, Database};
use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

const VIEWERS: usize = 100;
/// Rooms without and with, in turns: what else the machine does falls on both.
const TURNS: usize = 3;

/// The share of a room's processor time that recording adds.
pub async fn figures(lasting: Duration) -> anyhow::Result<Vec<Figure>> {
    let mut cores = [0.0; 2];
    for _ in 0..TURNS {
        for (sum, recorded) in cores.iter_mut().zip([false, true]) {
            *sum += room(recorded, lasting).await? / f64::from(u32::try_from(TURNS)?);
        }
    }
    let [without, with] = cores;
    Ok(vec![Figure {
        name: "r  recording, 100 viewers",
        measured: 100.0 * (with / without - 1.0),
        unit: "% more processor time",
        budget: Budget::AtMost(5.0),
        conditions: format!(
            "the product's process, {PACKETS_A_SECOND} packets/s to each of {VIEWERS} viewers, {TURNS} rooms of {} s each way in turns: {without:.3} cores without, {with:.3} with; load average {}",
            lasting.as_secs(),
            load_average()
        ),
    }])
}

/// Processors that one room used.
async fn room(recorded: bool, lasting: Duration) -> anyhow::Result<f64> {
    let house = House::new(Database::Sqlite, "production")?;
    let app = house.open().await?;
    let meeting = Meeting::in_house(&app, VIEWERS).await;
    if recorded {
        meeting.is_recorded(&app).await;
    }
    let served = house.serve().await?;
    let url = format!("http://{}", served.address);
    let mut leader =
        Guest::enter(&meeting.trainer.at(&url), meeting.webinar).await.map_err(|why| anyhow!("{why:?}"))?;
    leader.act(Act::Lead(Lead::GoLive)).await?;
    if recorded {
        leader.until("the recording", |guest| guest.room.recording == Some(RecordingState::On)).await;
    }
    let (passport, epoch) = (Passport::new()?, Instant::now());
    let signal = async |sdp, sends: Sends| leader.offer(sdp, &sends).await.map_err(|why| anyhow!(why));
    let performing = trainer(&passport, epoch, signal).await?;
    let mut listening = JoinSet::new();
    listening.spawn(async move { while leader.hear().await.is_some() {} });
    let clients = meeting.agents.iter().map(|agent| agent.at(&url)).collect();
    let viewers = seated(clients, meeting.webinar, (&passport, epoch), &mut listening).await?;
    let (before, began) = (busy(&served)?, Instant::now());
    sleep(lasting).await;
    let used = (busy(&served)? - before).as_secs_f64() / began.elapsed().as_secs_f64();
    if recorded {
        let part = house.folder().join(format!("recordings/parts/{}.stage.webm", meeting.webinar));
        anyhow::ensure!(std::fs::metadata(&part)?.len() > 500_000, "nothing was recorded");
    }
    drop((viewers, performing));
    served.kill().await?;
    Ok(used)
}

/// Lets these come to the webinar and see its trainer, over WebRTC; each goes on listening. Returns once all see.
pub async fn seated(
    clients: Vec<Client>,
    webinar: WebinarId,
    (passport, epoch): (&Passport, Instant),
    listening: &mut JoinSet<()>,
) -> anyhow::Result<Vec<Viewer>> {
    let (count, clients) = (clients.len(), Arc::new(clients));
    let (guests, mut seated) = tokio::sync::mpsc::unbounded_channel();
    let (viewers, _, failures) = crowd(count, Duration::from_secs(5), |place| {
        let (clients, passport, guests) = (Arc::clone(&clients), passport.clone(), guests.clone());
        async move {
            let client = clients.get(place).context("a client")?;
            let mut guest = Guest::enter(client, webinar).await.map_err(|why| anyhow!("{why:?}"))?;
            let signal = async |sdp, sends: Sends| guest.offer(sdp, &sends).await.map_err(|why| anyhow!(why));
            let came = viewer(passport, epoch, &Handle::current(), signal).await?;
            guests.send(guest).map_err(|_| anyhow!("nobody waits"))?;
            Ok(came)
        }
    })
    .await?;
    anyhow::ensure!(failures == 0, "{failures} joins failed");
    while let Ok(mut guest) = seated.try_recv() {
        listening.spawn(async move { while guest.hear().await.is_some() {} });
    }
    sleep(Duration::from_secs(3)).await;
    Ok(viewers)
}

/// Processor time of all its threads so far.
pub fn busy(served: &Served) -> anyhow::Result<Duration> {
    let mut nanos = 0;
    for task in std::fs::read_dir(format!("/proc/{}/task", served.pid()))? {
        let told = std::fs::read_to_string(task?.path().join("schedstat"))?;
        nanos += told.split(' ').next().context("a time")?.parse::<u64>()?;
    }
    Ok(Duration::from_nanos(nanos))
}
