//! One webinar over three nodes of the whole product, with NATS: a third of its viewers is served by the room's node, the others
//! by two relays. By hand: `bench --only y --viewers 2000`, on a machine that carries it.

use crate::media::{load_average, number};
use crate::media_load::{PACKETS_A_SECOND, Sends, Viewer, crowd, sum, time, trainer, viewer};
use crate::media_storm::{Agent, left, listen};
use crate::report::{Budget, Durations, Figure};
use anyhow::{anyhow, ensure};
use domain::webinar::{Act, Lead};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::Database;
use support::guest::Guest;
use support::meeting::Meeting;
use support::nats::Nats;
use support::peer::light::{Passport, candidates};
use support::served::House;
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep};

/// One viewer in so many times what comes.
const TIMED: usize = 10;
/// Between two who come.
const APART: Duration = Duration::from_millis(25);

/// Measures so many viewers for so long; `clock` is a runtime for those who time what comes.
pub async fn figures(viewers: usize, lasting: Duration, clock: &Handle) -> anyhow::Result<Vec<Figure>> {
    let nats = Nats::start()?;
    let house = House::new(Database::Postgres, "production")?;
    let meeting = Meeting::in_house(&house.open().await?, viewers).await;
    let house = house.with("SOCLE_NATS", nats.url()).with("SOCLE_WEBINAR_RELAY_FROM", (viewers / 3).to_string());
    let nodes = [house.serve_as("a").await?, house.serve_as("b").await?, house.serve_as("c").await?];
    let url = format!("http://{}", nodes[0].address);
    nats.hears(nodes.len()).await?;
    let (webinar, epoch, passport) = (meeting.webinar, Instant::now(), Passport::new()?);
    let mut leader = Guest::enter(&meeting.trainer.at(&url), webinar).await.map_err(left)?;
    leader.act(Act::Lead(Lead::GoLive)).await.map_err(|why| anyhow!("cannot begin: {why:?}"))?;
    let here = Mutex::new(0);
    let signal = async |sdp, sends: Sends| {
        let answer = leader.offer(sdp, &sends).await.map_err(|why| anyhow!("no media: {why}"))?;
        *here.lock().map_err(|_| anyhow!("panicked"))? = port(&answer);
        Ok(answer)
    };
    let _trainer = trainer(&passport, epoch, signal).await?;
    let origin = here.into_inner().map_err(|_| anyhow!("panicked"))?;
    let _leads = listen(leader);
    let agents: Vec<_> = meeting.agents.iter().map(|client| Arc::new(Agent::new(client.at(&url), webinar))).collect();
    let ports = Arc::new(Mutex::new(vec![0; viewers]));
    let one = |place: usize| {
        let (agent, passport, ports) = (Arc::clone(&agents[place]), passport.clone(), Arc::clone(&ports));
        let runtime = if place.is_multiple_of(TIMED) { clock.clone() } else { Handle::current() };
        async move {
            let signal = async |sdp, sends| {
                let answer = agent.signal(sdp, sends).await?;
                if let Some(known) = ports.lock().map_err(|_| anyhow!("panicked"))?.get_mut(place) {
                    *known = port(&answer);
                }
                Ok(answer)
            };
            viewer(passport, epoch, &runtime, signal).await
        }
    };
    let (came, waits, failed) = crowd(viewers, APART * u32::try_from(viewers)?, one).await?;
    ensure!(failed == 0, "{failed} of {viewers} never saw a picture");
    let ports = ports.lock().map_err(|_| anyhow!("panicked"))?.clone();
    let (mut near, mut far) = (Vec::new(), Vec::new());
    for (viewer, port) in came.into_iter().zip(&ports) {
        (if *port == origin { &mut near } else { &mut far }).push(viewer);
    }
    sleep(Duration::from_secs(3)).await;
    let pids = || nodes.iter().map(support::served::Served::pid).chain([nats.pid()]);
    let busy = || pids().map(busy).collect::<anyhow::Result<Vec<_>>>();
    let (before, began) = (busy()?, Instant::now());
    let counted = [begin(&near), begin(&far)];
    sleep(lasting).await;
    let (after, took) = (busy()?, began.elapsed());
    let cores: Vec<f64> = after
        .iter()
        .zip(&before)
        .map(|(after, before)| (*after - *before).as_secs_f64() / took.as_secs_f64())
        .collect();
    let mut figures = vec![
        seen("y  near: packets lost", &near, counted[0], &waits)?,
        seen("y  far: packets lost", &far, counted[1], &waits)?,
    ];
    let [a, b, c, nats] = cores[..] else { return Err(anyhow!("four processes")) };
    figures.push(Figure {
        name: "y  processors used by the room's node",
        measured: a,
        unit: "cores",
        budget: Budget::None,
        conditions: format!(
            "{} viewers here and {} by relays ({b:.2} and {c:.2} cores), NATS {nats:.3} cores; load average {}",
            near.len(),
            far.len(),
            load_average()
        ),
    });
    for node in nodes {
        node.kill().await?;
    }
    Ok(figures)
}

fn port(answer: &str) -> u16 {
    candidates(answer, "udp").first().map_or(0, std::net::SocketAddr::port)
}

/// What they have counted; they note delays from now on.
fn begin(viewers: &[Viewer]) -> (u64, u64) {
    time(viewers, TIMED, true);
    let sum = sum(viewers);
    (sum.received, sum.missed)
}

fn seen(
    name: &'static str,
    viewers: &[Viewer],
    (received, missed): (u64, u64),
    waits: &Durations,
) -> anyhow::Result<Figure> {
    let counts = sum(viewers);
    let delays = Durations::new(time(viewers, TIMED, false));
    let (received, missed) = (counts.received - received, counts.missed.saturating_sub(missed));
    ensure!(received > 0, "nothing came");
    Ok(Figure {
        name,
        measured: 100.0 * number(missed) / number(received + missed),
        unit: "%",
        budget: Budget::None,
        conditions: format!(
            "{} viewers of {PACKETS_A_SECOND} packets/s: delay p50 {:.1} ms, p99 {:.1} ms; first picture of all p95 {:.0} ms",
            viewers.len(),
            delays.rank(0.5),
            delays.rank(0.99),
            waits.rank(0.95)
        ),
    })
}

/// Time on a processor of all threads of a process.
fn busy(pid: u32) -> anyhow::Result<Duration> {
    let mut nanos = 0;
    for task in std::fs::read_dir(format!("/proc/{pid}/task"))? {
        let told = std::fs::read_to_string(task?.path().join("schedstat")).unwrap_or_default();
        nanos += told.split(' ').next().and_then(|time| time.parse::<u64>().ok()).unwrap_or_default();
    }
    Ok(Duration::from_nanos(nanos))
}
