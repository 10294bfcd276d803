//! Media under load: the core alone in its process, a trainer and a crowd of viewers in this one.

use crate::media_load::{PACKETS_A_SECOND, Sends, Trainer, Viewer, crowd, sum, time, trainer, viewer};
use crate::media_server::Server;
use crate::media_storm;
use crate::report::{Budget, Durations, Figure};
use std::sync::Arc;
use std::time::Duration;
use support::peer::fresh;
use support::peer::light::Passport;
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

/// Viewers in the two measured rooms.
const CROWDS: [u32; 2] = [100, 400];
/// One viewer in so many times what comes, on a thread of its own: what the crowd's reading costs is not delay.
const TIMED: usize = 25;
/// Bytes of a megabyte.
const MEGA: f64 = 1_000_000.0;

/// A server with a trainer on the air in one room, and viewers there.
struct Hall {
    server: Arc<Server>,
    room: Uuid,
    epoch: Instant,
    passport: Passport,
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
        let (room, epoch, passport) = (fresh(), Instant::now(), Passport::new()?);
        let signal = async |sdp, sends: Sends| server.join(room, fresh(), sdp, &sends).await;
        let trainer = trainer(&passport, epoch, signal).await?;
        Ok(Self { server, room, epoch, passport, viewers: Vec::new(), clock: clock.clone(), _trainer: trainer })
    }

    /// Somebody who joins as that viewer.
    fn joining(&self, number: usize) -> impl Future<Output = anyhow::Result<(Viewer, Duration)>> + Send + 'static {
        let (server, passport) = (Arc::clone(&self.server), self.passport.clone());
        let runtime = if number.is_multiple_of(TIMED) { self.clock.clone() } else { Handle::current() };
        let (room, epoch) = (self.room, self.epoch);
        async move {
            let signal = async |sdp, sends: Sends| server.join(room, fresh(), sdp, &sends).await;
            viewer(passport, epoch, &runtime, signal).await
        }
    }

    /// Grows to that many viewers, and measures them for a while once they have settled.
    async fn steady(&mut self, viewers: u32, lasting: Duration) -> anyhow::Result<Steady> {
        let more = usize::try_from(viewers)?.saturating_sub(self.viewers.len());
        let over = Duration::from_millis(20) * u32::try_from(more)?;
        let (joined, _, failures) = crowd(more, over, |place| self.joining(self.viewers.len() + place)).await?;
        self.viewers.extend(joined);
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
    figures.extend(media_storm::figures().await?);
    Ok(figures)
}

/// Processes that ran or waited in the last minute, on average.
pub fn load_average() -> String {
    let told = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    told.split(' ').next().unwrap_or_default().to_owned()
}

#[expect(clippy::cast_precision_loss, reason = "a count of packets")]
pub fn number(count: u64) -> f64 {
    count as f64
}
