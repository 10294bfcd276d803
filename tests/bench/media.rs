//! Media under load: the core alone in its process, a trainer and a crowd of viewers in this one.

use crate::media_load::{PACKETS_A_SECOND, Trainer, Viewer, sum, time, trainer, viewer};
use crate::media_server::Server;
use crate::report::{Budget, Durations, Figure};
use std::sync::Arc;
use std::time::Duration;
use support::peer::fresh;
use support::peer::light::Passport;
use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};
use uuid::Uuid;

/// Viewers in the two measured rooms, joins and returns in a storm.
const CROWDS: [u32; 2] = [100, 400];
const STORM: u32 = 500;
/// One viewer in so many times what comes, on a thread of its own: what the crowd's reading costs is not delay.
const TIMED: usize = 25;
/// Bytes of a megabyte.
const MEGA: f64 = 1_000_000.0;

/// A server with a trainer on the air in one room, and viewers there.
struct Hall {
    server: Arc<Server>,
    room: Uuid,
    epoch: Instant,
    passports: [Passport; 2],
    viewers: Vec<Viewer>,
    clock: Handle,
    _trainer: Trainer,
}

/// What a steady crowd cost.
struct Steady {
    viewers: u32,
    /// Microseconds of processor time a forwarded packet.
    cost: f64,
    /// Processors used.
    cores: f64,
    /// Packets that never came, in a hundred.
    lost: f64,
    /// Packets that the kernel did not take.
    unsent: u64,
    delays: Durations,
    lasting: Duration,
    load: String,
}

impl Hall {
    async fn open(clock: &Handle) -> anyhow::Result<Self> {
        let server = Arc::new(Server::start()?);
        let (room, epoch, passports) = (fresh(), Instant::now(), [Passport::new()?, Passport::new()?]);
        let trainer = trainer(&server, &passports[0], room, epoch).await?;
        Ok(Self { server, room, epoch, passports, viewers: Vec::new(), clock: clock.clone(), _trainer: trainer })
    }

    /// Lets peers join, spread evenly over that time, each under the identity given or a new one. Gives how long each
    /// waited for its first picture, and how many never saw one.
    async fn join(&mut self, ids: Vec<Uuid>, passport: usize, over: Duration) -> (Durations, u32) {
        let begin = Instant::now();
        let count = u32::try_from(ids.len()).unwrap_or(u32::MAX).max(1);
        let mut joining = JoinSet::new();
        for (place, id) in (0..).zip(ids) {
            let (server, passport) = (Arc::clone(&self.server), self.passports[passport].clone());
            let number = self.viewers.len() + usize::try_from(place).unwrap_or_default();
            let runtime = if number.is_multiple_of(TIMED) { self.clock.clone() } else { Handle::current() };
            let (room, epoch) = (self.room, self.epoch);
            joining.spawn(async move {
                sleep_until(begin + over * place / count).await;
                viewer(&server, &passport, room, id, epoch, &runtime).await.map(|joined| (number, joined))
            });
        }
        let (mut viewers, mut waits, mut failures) = (Vec::new(), Vec::new(), 0);
        for joined in joining.join_all().await {
            match joined {
                Ok((number, (viewer, wait))) => {
                    viewers.push((number, viewer));
                    waits.push(wait);
                }
                Err(error) => {
                    eprintln!("media: a join failed: {error:#}");
                    failures += 1;
                }
            }
        }
        viewers.sort_by_key(|(number, _)| *number);
        self.viewers.extend(viewers.into_iter().map(|(_, viewer)| viewer));
        (Durations::new(waits), failures)
    }

    /// Grows to that many viewers, and measures them for a while once they have settled.
    async fn steady(&mut self, viewers: u32, lasting: Duration) -> anyhow::Result<Steady> {
        let more = usize::try_from(viewers)?.saturating_sub(self.viewers.len());
        let over = Duration::from_millis(20) * u32::try_from(more)?;
        let (_, failures) = self.join((0..more).map(|_| fresh()).collect(), 0, over).await;
        anyhow::ensure!(failures == 0, "{failures} joins failed");
        sleep(Duration::from_secs(3)).await;
        time(&self.viewers, TIMED, true);
        let (before, began, counted) = (self.server.work().await?, Instant::now(), sum(&self.viewers));
        sleep(lasting).await;
        let (after, took, counts) = (self.server.work().await?, began.elapsed(), sum(&self.viewers));
        let delays = Durations::new(time(&self.viewers, TIMED, false));
        let busy = (after.busy - before.busy).as_secs_f64();
        let (received, missed) = (counts.received - counted.received, counts.missed - counted.missed);
        anyhow::ensure!(received > 0, "nothing came");
        Ok(Steady {
            viewers,
            cost: busy * MEGA / number(after.forwarded - before.forwarded),
            cores: busy / took.as_secs_f64(),
            lost: 100.0 * number(missed) / number(received + missed),
            unsent: after.unsent - before.unsent,
            delays,
            lasting,
            load: load_average(),
        })
    }
}

impl Steady {
    fn conditions(&self) -> String {
        format!(
            "{} viewers of {PACKETS_A_SECOND} packets/s each for {} s: {:.2} cores, {:.3} % lost, {} packets not taken by the kernel, delay p50 {:.1} ms, p99 {:.1} ms; load average {}",
            self.viewers,
            self.lasting.as_secs(),
            self.cores,
            self.lost,
            self.unsent,
            self.delays.rank(0.5),
            self.delays.rank(0.99),
            self.load
        )
    }
}

/// Measures everything; `clock` is a runtime for those who time what comes.
pub async fn figures(lasting: Duration, clock: &Handle) -> anyhow::Result<Vec<Figure>> {
    let mut figures = Vec::new();
    let mut hall = Hall::open(clock).await?;
    sleep(Duration::from_secs(2)).await;
    let empty = hall.server.memory()?;
    let [few, many] = [hall.steady(CROWDS[0], lasting).await?, hall.steady(CROWDS[1], lasting).await?];
    let memory = (hall.server.memory()? - empty) / f64::from(CROWDS[1]) / MEGA;
    // As many as half a core carries, if they are more than there are.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some hundred viewers")]
    let half = (0.5 * MEGA / many.cost / PACKETS_A_SECOND) as u32;
    let half = hall.steady(half.max(CROWDS[1]), lasting).await?;
    let cost = |name, steady: &Steady, most| Figure {
        name,
        measured: steady.cost,
        unit: "µs/packet",
        budget: Budget::AtMost(most),
        conditions: format!(
            "processor time of the server's process, kernel and loopback included; {}",
            steady.conditions()
        ),
    };
    figures.push(cost("m  forwarding, 100 viewers", &few, 9.0));
    figures.push(cost("m  forwarding, 400 viewers", &many, 9.0_f64.min((few.cost * 110.0).round() / 100.0)));
    figures.push(Figure {
        name: "m  viewers a core",
        measured: f64::from(half.viewers) / half.cores,
        unit: "viewers",
        budget: Budget::AtLeast(550.0),
        conditions: half.conditions(),
    });
    figures.push(Figure {
        name: "m  forwarding delay, p99",
        measured: half.delays.rank(0.99),
        unit: "ms",
        budget: Budget::AtMost(20.0),
        conditions: format!(
            "sending to reading, one viewer in {TIMED} on a thread of their own; {}",
            half.conditions()
        ),
    });
    figures.push(Figure {
        name: "m  memory a viewer",
        measured: memory,
        unit: "MB",
        budget: Budget::AtMost(0.4),
        conditions: format!("resident set with {} viewers less that with none, system allocator", CROWDS[1]),
    });
    drop(hall);
    figures.extend(storm(clock).await?);
    Ok(figures)
}

/// A crowd that comes at once, and at once comes back.
async fn storm(clock: &Handle) -> anyhow::Result<Vec<Figure>> {
    let mut hall = Hall::open(clock).await?;
    sleep(Duration::from_secs(1)).await;
    let ids: Vec<Uuid> = (0..STORM).map(|_| fresh()).collect();
    let (joins, unjoined) = hall.join(ids.clone(), 0, Duration::from_secs(10)).await;
    sleep(Duration::from_secs(1)).await;
    // Every tab is reloaded: the same peers, other keys.
    hall.viewers.clear();
    let (returns, unreturned) = hall.join(ids, 1, Duration::from_secs(5)).await;
    let load = load_average();
    let failures = |name, failed: u32, waits: &Durations, what: &str| Figure {
        name,
        measured: f64::from(failed),
        unit: "failures",
        budget: Budget::AtMost(0.0),
        conditions: format!(
            "{STORM} {what}; first whole picture p50 {:.0} ms, p95 {:.0} ms, last {:.0} ms; load average {load}",
            waits.rank(0.5),
            waits.rank(0.95),
            waits.rank(1.0)
        ),
    };
    Ok(vec![
        failures("m  500 joins in 10 s", unjoined, &joins, "viewers of one room, each a new connection"),
        Figure {
            name: "m  join to first picture, p95",
            measured: joins.rank(0.95) / 1000.0,
            unit: "s",
            budget: Budget::AtMost(1.0),
            conditions: format!(
                "from the command to the last packet of a keyframe, opened; those {STORM}; load average {load}"
            ),
        },
        failures("m  500 returns in 5 s", unreturned, &returns, "tabs reloaded: the same peers with new keys"),
    ])
}

fn load_average() -> String {
    let told = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    told.split(' ').next().unwrap_or_default().to_owned()
}

#[expect(clippy::cast_precision_loss, reason = "a count of packets")]
fn number(count: u64) -> f64 {
    count as f64
}
